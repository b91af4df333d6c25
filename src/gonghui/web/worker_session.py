"""A session that a telephone opens, a worker's at the portal or a chair's at the desk: how it begins, on which device, how long it
lasts, and what a sign-in that is under way keeps in it.

In the session stands a secret only; number and code are sealed in the database. Nothing of a sign-in is ever in an address.
"""

import datetime as dt

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from gonghui.core.accounts.models import User
from gonghui.core.accounts.second_factor import note_phone, note_second_factor
from gonghui.core.accounts.sign_in import DEVICE_LASTS, Asker, bind_wechat, remember
from gonghui.kit import ciphers

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
COOKIE = "device"
LASTS = dt.timedelta(days=90)
SECRET, NEXT, OPENID = "sign_in", "sign_in_next", "sign_in_openid"
OF_A_SIGN_IN = (SECRET, NEXT, OPENID)
BOUND_TO = "session.openid"
PORTAL = "/m/"


def asker(request: HttpRequest) -> Asker:
    """Where the request comes from."""
    return Asker(address_of(request), request.COOKIES.get(COOKIE, "")[:100])


def address_of(request: HttpRequest) -> str:
    """The client's address; behind a proxy the last one in X-Forwarded-For, which the proxy itself has written."""
    told = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.BEHIND_PROXY else ""
    return told.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")


def keep_next(request: HttpRequest) -> None:
    """Remembers the page of the portal that the visitor was on his way to."""
    if (target := asked_next(request)).startswith(PORTAL):
        request.session[NEXT] = target


def next_at_desk(request: HttpRequest) -> None:
    """Remembers the page of the desk that the visitor was on his way to."""
    target = asked_next(request) or request.POST.get("next", "")
    if is_ours(request, target) and not target.startswith(PORTAL):
        request.session[NEXT] = target


def asked_next(request: HttpRequest) -> str:
    """The page of ours that the address names; nothing for any other."""
    target = request.GET.get("next", "")
    return target if is_ours(request, target) else ""


def is_ours(request: HttpRequest, target: str) -> bool:
    """Whether an address leads nowhere else."""
    return url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())


def take_next(request: HttpRequest, otherwise: str) -> str:
    """Where the visitor was on his way to, once."""
    target: str = request.session.pop(NEXT, "")
    return target or reverse(otherwise)


def keep_openid(request: HttpRequest, openid: str) -> None:
    """Remembers a WeChat identity that is not bound yet, until a telephone is proven in this session."""
    request.session[OPENID] = ciphers.seal_text(openid, bound_to=BOUND_TO)


def has_openid(request: HttpRequest) -> bool:
    """Whether this sign-in began in WeChat."""
    return OPENID in request.session


def begin(request: HttpRequest, user: User, *, by_code: bool = True) -> HttpResponse:
    """Signs a worker in on this device for ninety days, under a new session key, and leads to where he was going."""
    kept = {name: request.session.pop(name, "") for name in OF_A_SIGN_IN}
    login(request, user, backend=BACKEND)
    note_phone(request, by_code=by_code)
    request.session.set_expiry(LASTS)
    if kept[OPENID]:
        bind_wechat(ciphers.unseal_text(kept[OPENID], bound_to=BOUND_TO), user)
    response = redirect(kept[NEXT] or home())
    known_by(request, response, user)
    return response


def begin_at_desk(request: HttpRequest, user: User, *, has_shown_password: bool = False) -> HttpResponse:
    """Signs the chair of a base union in on this device until the browser is closed or the day is over, and leads to where he was going."""
    request.session.pop(SECRET, "")
    target = take_next(request, "web:home")
    if request.user.is_authenticated:
        request.session.flush()  # whatever was shown in a former session was shown for that one
    login(request, user, backend=BACKEND)
    note_phone(request, by_code=True)
    if has_shown_password:
        note_second_factor(request)
    response = redirect(target)
    known_by(request, response, user)
    return response


def known_by(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """The browser keeps the secret by which the account knows this device again."""
    response.set_cookie(
        COOKIE,
        remember(request.COOKIES.get(COOKIE, "")[:100], user),
        max_age=DEVICE_LASTS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def home() -> str:
    """The portal's first page."""
    try:
        return reverse("portal:home")
    except NoReverseMatch:
        return "/m/"
