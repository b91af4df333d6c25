"""Whether a session has shown the second factor. Staff pages ask at every request; the answer stands in the session."""

from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.dispatch import receiver
from django.http import HttpRequest

KEY = "second_factor_shown"


def has_second_factor(request: HttpRequest) -> bool:
    """True after a sign-in with TOTP, and in the session that set TOTP up."""
    if request.session.get(KEY):
        return True
    shown = any(record["method"] == "mfa" for record in get_authentication_records(request, request.user))
    if shown:
        request.session[KEY] = True
    return shown


@receiver(authenticator_added)
def shown_by_setting_up(request: HttpRequest, authenticator: Authenticator, **kwargs: Any) -> None:
    """Setting TOTP up proves that the user holds it."""
    if authenticator.type == Authenticator.Type.TOTP:
        request.session[KEY] = True
