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
from django.shortcuts import redirect, render

from gonghui.core.access.queries import may_sign_in_by_phone
from gonghui.core.accounts.actions import phone_number_of
from gonghui.core.accounts.adapters import MFAAdapter
from gonghui.core.accounts.models import User
from gonghui.web.pages.phone_sign_in import NumberForm, is_possible


class Login(LoginView):  # type: ignore[misc]
    """Name and password; above them, for chairs of base unions, the telephone (`chair_sign_in`)."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["phone_form"] = NumberForm() if is_possible() else None
        if settings.DEMO:
            context["demo_sign_ins"] = demo_sign_ins()
        return context


def demo_sign_ins() -> list[dict[str, str]]:
    """What to type, for each of the demo's accounts; the telephone of those who may sign in to the desk by it."""
    rows = []
    for user in User.objects.filter(is_demo=True).order_by("pk"):
        phone = phone_number_of(user) if may_sign_in_by_phone(user) else ""
        rows.append({"role": user.title, "username": user.username, "password": settings.DEMO_PASSWORD, "phone": phone})
    return rows


class Activate(ActivateTOTPView):  # type: ignore[misc]
    """Setting TOTP up; a user who has it sees his second factors instead. An account without a password would prove nothing by it."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated and not request.user.has_usable_password():
            return render(request, "account/turned_away.html", status=403)
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
