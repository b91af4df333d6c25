"""What a session has shown. Staff pages ask at every request; the answer stands in the session.

One that began by telephone carries when, for as long as it lives: it opens the desk on that day only, to who may sign in so, and what
gives data out asks it for the password or the authenticator once (security.md 8).
"""

import datetime as dt
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from allauth.mfa.totp.internal.auth import TOTP
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from gonghui.core.accounts.limits import give_back, take
from gonghui.core.accounts.models import User
from gonghui.core.accounts.sign_in import fact_limits, nobody
from gonghui.core.actions.action import Refused
from gonghui.kit.dates import now
from gonghui.kit.identity import compact

KEY = "second_factor_shown"
BY_PHONE = "by_phone"  # Unix time of the code; 0 where WeChat answered for the telephone
DESK_LASTS = dt.timedelta(hours=12)


def has_second_factor(request: HttpRequest) -> bool:
    """True after a sign-in with TOTP, in the session that set TOTP up, and in one by telephone that has shown what it was asked for."""
    if request.session.get(KEY):
        return True
    shown = any(record["method"] == "mfa" for record in get_authentication_records(request, request.user))
    if shown:
        request.session[KEY] = True
    return shown


def authenticators(user: User) -> list[TOTP]:
    """What shows the user's codes: one, or none."""
    return [TOTP(one) for one in Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP)]


def can_show(user: User) -> bool:
    """Whether the account has anything that a session could show."""
    return user.has_usable_password() or bool(authenticators(user))


def prove_second_factor(request: HttpRequest, user: User, typed: str) -> None:
    """Takes the account's password, or a code of its authenticator, in a session that began by telephone; from now on the session has
    shown it, under another key. Limited like a fact (`sign_in.fact_limits`). Raises Refused."""
    with nobody():
        limits = fact_limits(user)
        take(limits)
        is_right = any(one.validate_code(compact(typed)) for one in authenticators(user)) or user.check_password(typed)
        if is_right:
            give_back(limits)
    if not is_right:
        raise Refused(_("不对，请核对后再试"))
    request.session.cycle_key()
    note_second_factor(request)


def note_second_factor(request: HttpRequest) -> None:
    """The session has shown it."""
    request.session[KEY] = True


def note_phone(request: HttpRequest, *, by_code: bool) -> None:
    """The session has begun by telephone: by a code, or by WeChat in its place."""
    request.session[BY_PHONE] = int(now().timestamp()) if by_code else 0


def began_by_phone(request: HttpRequest) -> bool:
    """Whether no password was typed when this session began."""
    return BY_PHONE in request.session


def is_code_fresh(request: HttpRequest) -> bool:
    """Whether the code by which the session began was typed within a working day."""
    begun: int = request.session.get(BY_PHONE, 0)
    return now().timestamp() - begun < DESK_LASTS.total_seconds()


def is_light(request: HttpRequest) -> bool:
    """Whether the session has shown a telephone and nothing else."""
    return began_by_phone(request) and not has_second_factor(request)


@receiver(authenticator_added)
def shown_by_setting_up(request: HttpRequest, authenticator: Authenticator, **kwargs: Any) -> None:
    """Setting TOTP up proves that the user holds it."""
    if authenticator.type == Authenticator.Type.TOTP:
        request.session[KEY] = True
