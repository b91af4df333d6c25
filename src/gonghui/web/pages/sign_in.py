"""Sign-in by django-allauth; in the demo the pages show what to type, nothing is bypassed."""

from typing import Any

from allauth.account.views import LoginView
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import redirect

from gonghui.core.accounts.adapters import MFAAdapter
from gonghui.core.accounts.models import User


class Login(LoginView):  # type: ignore[misc]
    """Name and password."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        if settings.DEMO:
            users = User.objects.filter(is_demo=True).order_by("pk")
            context["demo_sign_ins"] = [
                {"role": user.title, "username": user.username, "password": settings.DEMO_PASSWORD} for user in users
            ]
        return context


class Activate(ActivateTOTPView):  # type: ignore[misc]
    """Setting TOTP up; a user who has it sees his second factors instead."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated and is_mfa_enabled(request.user, [Authenticator.Type.TOTP]):
            return redirect("mfa_index")
        return super().dispatch(request, *args, **kwargs)


class Authenticate(AuthenticateView):  # type: ignore[misc]
    """The second factor."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        if settings.DEMO:
            context["demo_code"] = current_code(self.stage.login.user)
        return context


def current_code(user: Any) -> str:
    """The code that a demo account's authenticator would show now; nothing for a real account."""
    found = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    if found is None or not user.is_demo:
        return ""
    secret = MFAAdapter().decrypt(found.data["secret"])
    return str(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))
