"""The verbs of `gonghui` that need Django. `cli` imports this once the environment is complete and Django is set up."""

import argparse
import getpass
import sys

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.utils.module_loading import import_string

from gonghui.areas.members import cli as members_cli
from gonghui.areas.register.actions import found_root
from gonghui.config.backups import making, sealed
from gonghui.config.safety import refusals
from gonghui.core.access.actions import grant_role
from gonghui.core.accounts.actions import create_user
from gonghui.core.accounts.models import User
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import acting
from gonghui.core.exchange import cli as imports
from gonghui.core.exchange import exports
from gonghui.core.figures import cli as figures
from gonghui.core.organisations.models import Kind, Organisation
from gonghui.core.organisations.queries import by_code
from gonghui.core.reference.models import Region
from gonghui.kit.dates import today


def check(options: argparse.Namespace) -> int:
    """Exit status 1 and a sentence each for what makes this installation unsafe."""
    found = refusals(host=options.host, allow_http=options.allow_http)
    for sentence in found:
        print(f"- {sentence}", file=sys.stderr)
    return 1 if found else 0


def migrate(options: argparse.Namespace) -> int:
    """Tables, walls, reference data and static files; `cli` makes this process connect as the owner."""
    call_command("migrate", interactive=False, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    return 0


def worker(options: argparse.Namespace) -> int:
    """Background jobs until stopped; a running job may finish for a while. Jobs that are done are removed: one begins every minute."""
    queues = [options.queue] if options.queue else None
    call_command("procrastinate", "worker", shutdown_graceful_timeout=15, queues=queues, delete_jobs="successful")
    return 0


def backup(options: argparse.Namespace) -> int:
    """One backup; says where it is and how much is in it."""
    made = making.back_up(options.data, options.to, options.keep)
    print(f"{made.directory}/{made.name}  {made.size / 1_000_000:,.1f} MB")
    if made.is_on_same_disk:
        print("WARNING: it lies on the same disk as the data; one broken disk takes both.", file=sys.stderr)
    return 0


def check_restored(options: argparse.Namespace) -> int:
    """Opens sealed values with the restored key; exit status 1 where it is not theirs."""
    try:
        found = sealed.opened()
    except sealed.CannotUnseal:
        raise SystemExit("The restored data key does not open the restored database.") from None
    print("opened " + ", ".join(f"{count} of {name}" for name, count in sorted(found.items())))
    return 0


def createadmin(options: argparse.Namespace) -> int:
    """The first administrator, and on an empty system the federation he administers. Whoever may run this on the server may make one;
    everything else needs a granted right."""
    username = options.username or input("Sign-in name (登录名): ").strip()
    if User.objects.filter(username=username).exists():
        raise SystemExit(f"{username} exists already (这个登录名已有人使用).")
    actor = Actor.system("accounts.createadmin")
    with acting(actor):
        top = Organisation.objects.visible_to(actor).filter(parent=None).order_by("path").first()
        district = None if top else district_to_found(options.district)
    if top and options.district:
        raise SystemExit(f"There is a union already ({top}); --district is for an empty system.")
    name = input("Name (姓名): ").strip() if sys.stdin.isatty() else username
    password = ask_password(User(username=username, name=name))
    with acting(actor):
        top = top or (found_federation(district, options.name, actor) if district else None)
        user = create_user(username=username, name=name, password=password)
        if top:
            grant_role(top, actor=actor, user=user, role="administrator", since=today())
    print(f"{username} administers {top}. {NEXT}" if top else f"{username} exists. {NO_UNION}")
    return 0


NEXT = "Sign in and open 数据 → 开局 (Data → Getting started)."
NO_UNION = "There is no union yet to administer: run createadmin again for another name, with --district CODE."


def district_to_found(code: str | None) -> Region | None:
    """The district of a federation to be founded: the one named, or asked for where somebody sits. SystemExit for an unknown one."""
    known = {one.code: one for one in Region.objects.filter(level=Region.Level.DISTRICT)}
    told = "  ".join(f"{one.code} {one.name}" for one in known.values())
    if code is None and sys.stdin.isatty():
        print(f"There is no union yet. Known districts (本系统已有代码的区): {told}")
        code = input("District code (区代码; empty: none yet): ").strip()
    if code and code not in known:
        raise SystemExit(f"Unknown district {code}. Known (已有代码的区): {told}")
    return known[code] if code else None


def found_federation(district: Region, name: str | None, actor: Actor) -> Organisation:
    """The first union of the tree: the federation of a district."""
    name = name or f"{district.name}总工会"
    return found_root(actor=actor, name=name, kind=Kind.DISTRICT, on=today(), region=district, code=district.code)


def ask_password(user: User) -> str:
    """A password typed twice and good enough, or one line of standard input for scripts."""
    is_typed = sys.stdin.isatty()
    while True:
        password = getpass.getpass("Password (密码): ") if is_typed else sys.stdin.readline().rstrip("\n")
        try:
            validate_password(password, user)
        except ValidationError as error:
            print(" ".join(error.messages), file=sys.stderr)
        else:
            if not is_typed or getpass.getpass("Once more (再输一次): ") == password:
                return password
            print("The two differ (两次不一致).", file=sys.stderr)
        if not is_typed:
            raise SystemExit(1)


def figure(options: argparse.Namespace) -> int:
    """One figure of an organisation as of a day."""
    return figures.run(
        name=options.name,
        organisation=options.organisation,
        as_of=options.as_of,
        since=options.since,
        by=options.by or "",
        printed_in=options.printed_in or "",
        json_output=options.json,
    )


def import_workbook(options: argparse.Namespace) -> int:
    """One workbook into one list."""
    return imports.run(
        file=options.file,
        sheet=options.sheet,
        organisation=options.organisation,
        only_check=options.only_check,
        result=options.result,
    )


def export(options: argparse.Namespace) -> int:
    """One list, as whoever stands at the organisation sees it; 2 where list or organisation is unknown."""
    system, one = Actor.system("exchange.export"), exports.lists.get(options.sheet)
    if one is None:
        print(f"unknown list {options.sheet}; known: {', '.join(sorted(exports.lists))}", file=sys.stderr)
        return 2
    with acting(system):
        union = by_code(options.organisation, system)
    if union is None:
        print(f"no organisation with code {options.organisation}", file=sys.stderr)
        return 2
    actor = exports.narrowed_to(union.path, one.permission)
    with acting(actor), options.to.open("wb") as file:
        made = exports.whole(one, actor)
        exports.write_export(file, made)
    print(f"{len(made.keys):,} rows of {one.sheet.label} in {options.to}")
    return 0


def members(options: argparse.Namespace) -> int:
    """Members of a union: listed, one of them shown, one more admitted."""
    actor = Actor.system("members.cli")
    if options.does == "list":
        return members_cli.listed(
            actor, organisation=options.organisation, state=options.state, name=options.name, json_output=options.json
        )
    if options.does == "show":
        return members_cli.shown(actor, member=options.member, json_output=options.json)
    return members_cli.admitted(
        actor,
        organisation=options.organisation,
        name=options.name,
        number=options.number,
        phone=options.phone,
        joined_on=options.joined_on,
        workplace=options.workplace,
    )


def demo_load(options: argparse.Namespace) -> int:
    """The demo's facts, through the actions users use, as the application role. Only the demo loads its code."""
    import_string("gonghui.demo.load.load")()
    return 0


def demo_settle(options: argparse.Namespace) -> int:
    """What only the owner may do for the demo."""
    import_string("gonghui.demo.load.settle")()
    return 0


def sign_ins() -> list[str]:
    """Who may sign in to the demo, one line each."""
    rows = import_string("gonghui.demo.cast.SIGN_INS")
    return [
        f"  {one.username:<16} {one.password:<24} {one.role}" + (f", or by telephone {one.phone}" if one.phone else "")
        for one in rows
    ]
