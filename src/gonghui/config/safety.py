"""What an installation must not be started with. Each refusal is a sentence that says how to mend it."""

from collections.abc import Iterator

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import OperationalError, connection

from gonghui.config.settings import INSECURE_KEY

LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def refusals(*, host: str = "127.0.0.1", allow_http: bool = False) -> list[str]:
    """Why this installation is not safe to start; empty when it is."""
    found = [*of_settings(), *of_network(host, allow_http=allow_http)]
    try:
        return [*found, *of_database_role(), *of_accounts()]
    except OperationalError as error:
        return [*found, f"The database does not answer: {error}".strip().partition("\n")[0]]


def of_settings() -> Iterator[str]:
    """Settings for developers and for the demo."""
    if settings.DEBUG:
        yield "GONGHUI_DEBUG is on: an error would show personal data to whoever meets it. Unset it."
    for name in ("SECRET_KEY", "DATA_KEY"):
        if getattr(settings, name) == INSECURE_KEY:
            yield f"GONGHUI_{name} is the developers' one, which everybody knows. Unset it, or set a long random one."
    if settings.DEMO:
        yield "GONGHUI_DEMO is on: demo accounts with public passwords could sign in. Unset it, or use `gonghui demo`."
    if settings.SMS_SENDER.endswith("ConsoleSender"):
        yield "GONGHUI_SMS_SENDER prints sign-in codes to the log. Set GONGHUI_SMS_URL, or the path of a real sender."


def of_network(host: str, *, allow_http: bool) -> Iterator[str]:
    """Passwords in clear on a network."""
    if host not in LOOPBACK and not settings.HTTPS and not allow_http:
        yield (
            f"{host} can be reached by others and GONGHUI_HTTPS is off: passwords would travel in clear. "
            "Put an https proxy before gonghui and set GONGHUI_HTTPS=1, or accept the risk with --allow-http."
        )


def of_database_role() -> Iterator[str]:
    """A role that row-level security does not hold, which makes the second wall a drawing."""
    role = connection.settings_dict["USER"]
    if role == settings.OWNER_DATABASE["USER"]:
        yield "DATABASE_OWNER_URL is not set, or names the same role as DATABASE_URL. They must be two roles."
    if one_word("select rolsuper or rolbypassrls from pg_roles where rolname = current_user"):
        yield f"The database role {role} is a superuser or has BYPASSRLS. Run `gonghui provision` and use gonghui_app."
    elif one_word(
        "select exists (select from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')"
        " and pg_has_role(current_user, relowner, 'member'))"
    ):
        yield f"The database role {role} owns tables, or may act as their owner. Use gonghui_app, which owns nothing."
    if not one_word("select cardinality(show_trgm('北京市总工会')) > 0"):
        yield "Search would find no Chinese names here: the database needs a UTF-8 LC_CTYPE such as C.UTF-8."


def of_accounts() -> Iterator[str]:
    """Accounts of the demo in a database that is meant for real."""
    users = get_user_model()._base_manager
    if users.model._meta.db_table in connection.introspection.table_names() and users.filter(is_demo=True).exists():
        yield "Demo accounts exist in this database. A real installation begins with an empty one."


def one_word(query: str) -> object:
    """The only value of the only row."""
    with connection.cursor() as cursor:
        cursor.execute(query)
        row = cursor.fetchone()
    return row[0] if row else None
