"""Signing in by a code to a telephone, at the two places where one may: the portal (`worker_sign_in`) and the desk (`chair_sign_in`).

Works on any phone, without scripts. The same steps, limits and answers at both; a `Place` says what differs.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods

from gonghui.core.access.models import Invitation
from gonghui.core.access.queries import is_phone_enough
from gonghui.core.accounts import sign_in as steps
from gonghui.core.accounts.models import User
from gonghui.core.accounts.sign_in import Entrance, Pending
from gonghui.core.actions.action import Refused
from gonghui.core.notices.actions import send_code
from gonghui.core.notices.senders import sender_path, shows_codes
from gonghui.kit.columns import BadValue
from gonghui.kit.intake import mobile
from gonghui.web.worker_session import SECRET, asker

Page = Callable[[HttpRequest], HttpResponse]
Begin = Callable[[HttpRequest, User], HttpResponse]


@dataclass(frozen=True)
class Place:
    """Where somebody signs in by telephone: whom it lets in, how his session begins, and the page that asks for a number."""

    entrance: Entrance
    begin: Begin
    number_url: str
    code_url: str
    code_template: str
    takes_new_holders: bool = False  # a number that has changed hands may open an account of its new holder's own


class NumberForm(forms.Form):
    """Which telephone."""

    number = forms.CharField(
        label=_("手机号"),
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel-national"}),
        error_messages={"required": _("请输入手机号")},
    )

    def clean_number(self) -> str:
        try:
            return mobile(self.cleaned_data["number"])
        except BadValue as error:
            raise ValidationError(str(error)) from error


class CodeForm(forms.Form):
    """What was sent there."""

    code = forms.CharField(
        label=_("验证码"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
        error_messages={"required": _("请输入短信里的 6 位数字")},
    )


class FactForm(forms.Form):
    """What only the person behind the account knows."""

    fact = forms.CharField(max_length=200, error_messages={"required": _("请填写这一项")})

    def __init__(self, *args: Any, asks: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["fact"]
        field.label = {"document": _("证件号码的最后四位"), "password": _("登录密码")}.get(asks, _("姓名"))
        field.help_text = _("最后一位是 X 的，请输入 X") if asks == "document" else ""
        if asks == "password":
            field.widget = forms.PasswordInput(attrs={"autocomplete": "current-password"})
        else:
            field.widget.attrs |= {"autocomplete": "off", "autocapitalize": "characters"}


def open_page(methods: list[str]) -> Callable[[Page], Page]:
    """A page before the door: nobody acts yet."""

    def wrap(view: Page) -> Page:
        return require_http_methods(methods)(never_cache(csrf_protect(view)))

    return wrap


def is_possible() -> bool:
    """Whether anything sends codes."""
    return bool(sender_path("sms"))


def proves_by_code(invitations: Iterable[Invitation]) -> bool:
    """Whether whoever accepts these proves his telephone by a code, because it will sign him in."""
    return is_possible() and all(is_phone_enough(one.role, one.organisation.kind, one.department) for one in invitations)


def number_asked(request: HttpRequest, place: Place) -> tuple[NumberForm, HttpResponse | None]:
    """The form for a number, and where it leads once a code was sent. The answer is the same for every number."""
    form = NumberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            send(request, form.cleaned_data["number"])
            return form, redirect(place.code_url)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    return form, None


def send(request: HttpRequest, number: str, *, kept_as: str = SECRET) -> None:
    """Sends a code that only this session can use. Raises Refused."""
    if not is_possible():
        raise Refused(_("本系统还没有接通短信，暂时不能用手机登录，请联系工会管理员"))
    former = request.session.get(kept_as, "")
    request.session[kept_as] = steps.ask_code(number, asker=asker(request), deliver=send_code, former=former)


def shown_code(found: Pending | None) -> str:
    """The code, for the page to show in development and the demo."""
    return found.code if found and shows_codes() else ""


def answer_to_show(request: HttpRequest, found: Pending) -> str:
    """What is to be typed now, for who tries the demo."""
    if found.asks == "code" or not shows_codes():
        return shown_code(found)
    return steps.fact_to_show(request.session[SECRET])


def code_page(place: Place) -> Page:
    """The page that takes the code, and on a device that the account does not know one more fact."""

    @open_page(["GET", "HEAD", "POST"])
    def view(request: HttpRequest) -> HttpResponse:
        found = steps.pending(request.session.get(SECRET, ""))
        if found is None:
            if request.method == "POST":
                messages.error(request, str(steps.ASK_AGAIN))
            return redirect(place.number_url)
        form = form_for(request, found)
        if request.method == "POST":
            try:
                if answer := answered(request, place, found, form):
                    return answer
            except Refused as refusal:
                form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return render(
            request, place.code_template, {"form": form, "pending": found, "demo_answer": answer_to_show(request, found)}
        )

    return view


def form_for(request: HttpRequest, found: Pending) -> forms.Form:
    """What is asked now; a button beside the form sends nothing of it."""
    data = request.POST if request.method == "POST" and not {"new"} & set(request.POST) else None
    return CodeForm(data) if found.asks == "code" else FactForm(data, asks=found.asks)


def answered(request: HttpRequest, place: Place, found: Pending, form: forms.Form) -> HttpResponse | None:
    """Where what was sent leads; None where the form must be shown again. Raises Refused."""
    secret = request.session[SECRET]
    if "new" in request.POST and found.asks != "code" and place.takes_new_holders:
        form.is_bound, form.cleaned_data = True, {}
        return place.begin(request, steps.start_anew(secret))
    if not form.is_valid():
        return None
    if found.asks != "code":
        return place.begin(request, steps.prove_fact(secret, form.cleaned_data["fact"], entrance=place.entrance))
    user = steps.prove_code(secret, form.cleaned_data["code"], asker=asker(request), entrance=place.entrance)
    return place.begin(request, user) if user else redirect(place.code_url)
