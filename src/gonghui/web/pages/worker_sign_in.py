"""Workers sign in by a code to their telephone. Works on any phone, without scripts."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods

from gonghui.core.access.queries import actor_for
from gonghui.core.accounts import sign_in as steps
from gonghui.core.accounts.actions import sign_out_everywhere
from gonghui.core.accounts.models import User
from gonghui.core.accounts.sign_in import Pending
from gonghui.core.actions.action import Refused
from gonghui.core.actions.door import acting
from gonghui.core.notices.actions import send_code
from gonghui.core.notices.senders import sender_path, shows_codes
from gonghui.kit.columns import BadValue
from gonghui.kit.intake import mobile
from gonghui.web import wechat
from gonghui.web.worker_session import NEXT, SECRET, asker, begin, has_openid, home, keep_next


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

    fact = forms.CharField(max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}))

    def __init__(self, *args: Any, asks: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_document = asks == "document"
        field = self.fields["fact"]
        field.label = _("证件号码的最后四位") if is_document else _("姓名")
        field.help_text = _("最后一位是 X 的，请输入 X") if is_document else ""
        field.error_messages["required"] = _("请填写这一项")


Page = Callable[[HttpRequest], HttpResponse]


def open_page(methods: list[str]) -> Callable[[Page], Page]:
    """A page before the door: nobody acts yet."""

    def wrap(view: Page) -> Page:
        return require_http_methods(methods)(never_cache(csrf_protect(view)))

    return wrap


def worker_of(request: HttpRequest) -> User | None:
    """The worker who is signed in, if one is; staff are not."""
    user = request.user
    return user if isinstance(user, User) and user.is_worker else None


@open_page(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Asks for the telephone and sends a code to it. The answer is the same for every number."""
    keep_next(request)
    if worker_of(request):
        return redirect(request.session.pop(NEXT, "") or home())
    form = NumberForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return send(request, form.cleaned_data["number"])
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {
        "form": form,
        "is_possible": bool(sender_path("sms")),
        "has_wechat": wechat.is_on(),
        "is_bound_next": has_openid(request),
    }
    return render(request, "portal/sign_in.html", context)


def send(request: HttpRequest, number: str) -> HttpResponse:
    """Sends a code; only this session can use it. Raises Refused."""
    if not sender_path("sms"):
        raise Refused(_("本系统还没有接通短信，暂时不能用手机登录，请联系工会管理员"))
    former = request.session.get(SECRET, "")
    request.session[SECRET] = steps.ask_code(number, asker=asker(request), deliver=send_code, former=former)
    return redirect("portal:sign_in_code")


@open_page(["GET", "HEAD", "POST"])
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """Takes the code, and on a device that the account does not know one more fact."""
    found = steps.pending(request.session.get(SECRET, ""))
    if found is None:
        if request.method == "POST":
            messages.error(request, str(steps.ASK_AGAIN))
        return redirect("portal:sign_in")
    form = form_for(request, found)
    if request.method == "POST":
        try:
            if answer := answered(request, found, form):
                return answer
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    context = {"form": form, "pending": found, "demo_code": found.code if shows_codes() else ""}
    return render(request, "portal/sign_in_code.html", context)


def form_for(request: HttpRequest, found: Pending) -> forms.Form:
    """What is asked now; a button beside the form sends nothing of it."""
    data = request.POST if request.method == "POST" and not {"new"} & set(request.POST) else None
    return CodeForm(data) if found.asks == "code" else FactForm(data, asks=found.asks)


def answered(request: HttpRequest, found: Pending, form: forms.Form) -> HttpResponse | None:
    """Where what was sent leads; None where the form must be shown again. Raises Refused."""
    secret = request.session[SECRET]
    if "new" in request.POST and found.asks != "code":
        form.is_bound, form.cleaned_data = True, {}
        return begin(request, steps.start_anew(secret))
    if not form.is_valid():
        return None
    if found.asks != "code":
        return begin(request, steps.prove_fact(secret, form.cleaned_data["fact"]))
    user = steps.prove_code(secret, form.cleaned_data["code"], asker=asker(request))
    return begin(request, user) if user else redirect("portal:sign_in_code")


@open_page(["GET", "HEAD", "POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the session on this device, or every one of this account."""
    user = worker_of(request)
    if user is None:
        return redirect("portal:sign_in")
    if request.method != "POST":
        return render(request, "portal/sign_out.html", {"home": home()})
    if "everywhere" in request.POST:
        actor = actor_for(user, channel="portal", only=())
        with acting(actor):
            sign_out_everywhere(User.objects.get(pk=user.pk), actor=actor)
        said = _now("所有设备都已退出登录")
    else:
        said = _now("已退出登录")
    logout(request)
    messages.success(request, said)
    return redirect("portal:sign_in")
