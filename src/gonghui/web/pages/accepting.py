"""Accepting an invitation: the one page that somebody without an account may write on. Works on any phone, without scripts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from django import forms
from django.contrib.auth import login
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect

from gonghui.core.access.invitations import DIGITS, accept, account_of_telephone, obstacle, recognised
from gonghui.core.access.models import Invitation
from gonghui.core.accounts.actions import open_account
from gonghui.core.accounts.models import User
from gonghui.core.accounts.second_factor import has_second_factor
from gonghui.core.accounts.sign_in import pending, prove_number
from gonghui.core.actions.action import Refused
from gonghui.core.actions.actor import Actor
from gonghui.kit import pinyin
from gonghui.kit.ciphers import masked_name
from gonghui.web.desk import is_admitted
from gonghui.web.letters import role_words
from gonghui.web.pages.phone_sign_in import CodeForm, proves_by_code, send, shown_code
from gonghui.web.worker_session import BACKEND, asker, begin_at_desk

CODE = "invitation_code"  # in the session: the secret of the code that was sent
USERNAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{2,39}")
MOST_PROPOSED = 99


class DigitsForm(forms.Form):
    """What only the person meant knows."""

    digits = forms.CharField(
        label=_("手机号的最后四位"),
        max_length=DIGITS,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": _("请输入手机号的最后四位")},
    )


class AcceptForm(forms.Form):
    """A new account: how to sign in from now on."""

    username = forms.CharField(
        label=_("登录名"),
        max_length=40,
        help_text=_("可以改；3 个以上字母或数字"),
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
        error_messages={"required": _("请定一个登录名")},
    )
    password = forms.CharField(
        label=_("密码"),
        help_text=_("至少 10 位，不要全是数字，也不要和姓名、登录名相近"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("请定一个密码")},
    )
    again = forms.CharField(
        label=_("再输一次密码"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("请把密码再输一次")},
    )

    def __init__(self, *args: Any, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name = name

    def clean_username(self) -> str:
        username: str = self.cleaned_data["username"]
        if not USERNAME.fullmatch(username):
            raise ValidationError(_("登录名请用 3 到 40 个字母或数字，以字母或数字开头"))
        if User.objects.filter(username__iexact=username).exists():
            raise ValidationError(_("这个登录名已有人使用，请换一个，例如 %(other)s") % {"other": proposed(username)})
        return username

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        password, again = data.get("password"), data.get("again")
        if password and again and password != again:
            self.add_error("again", _("两次输入的密码不一样，请重新输入"))
        elif password:
            try:
                validate_password(password, User(username=data.get("username", ""), name=self.name))
            except ValidationError as error:
                self.add_error("password", error)
        return data


def proposed(name: str) -> str:
    """A sign-in name that is free: the name in pinyin, with a number behind it where it is taken."""
    stem = re.sub(r"[^a-z0-9]", "", pinyin.full(name))[:30] or "user"
    taken = {one.lower() for one in User.objects.filter(username__istartswith=stem).values_list("username", flat=True)}
    free = (f"{stem}{number or ''}" for number in (0, *range(2, MOST_PROPOSED)))
    return next((one for one in free if one not in taken and len(one) > 2), f"{stem}{len(taken) + 1}")


class NewByDigitsForm(AcceptForm, DigitsForm):
    """Somebody new, who signs in with a password and an authenticator."""

    field_order = ("digits",)


class NewByCodeForm(AcceptForm, CodeForm):
    """Somebody new, whom his telephone will sign in."""

    field_order = ("code",)


@never_cache
@csrf_protect
def accepting(request: HttpRequest, secret: str) -> HttpResponse:
    """Shows what the secret opens and takes what it asks for. An unknown secret is a missing page."""
    found = recognised(secret)
    response = answer(request, secret, found) if found else render(request, "account/invitation_missing.html", status=404)
    response.headers["Referrer-Policy"] = (
        "strict-origin"  # never the path; with no-referrer browsers post from "null" (Fetch §3.2)
    )
    return response


def answer(request: HttpRequest, secret: str, found: Sequence[Invitation]) -> HttpResponse:
    """The page of a secret that opens something, or once did."""
    if why := obstacle(found[0]):
        return render(request, "account/invitation_closed.html", {"why": why})
    one = Accepting(found[0], signed_in_user(request, found), proves_by_code(found))
    form = form_for(request, one)
    if request.method == "POST":
        try:
            if "send" in request.POST:
                send(request, found[0].phone(), kept_as=CODE)
                return redirect("account_accept_invitation", secret)
            if form.is_valid():
                return opened(request, secret, form.cleaned_data, one)
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
    sent = pending(request.session.get(CODE, "")) if one.by_code else None
    context = {"form": form, "name": masked_name(found[0].name), "roles": [role_words(one) for one in found]}
    context |= {"user": one.user, "first": found[0], "by_code": one.by_code, "sent": sent, "demo_code": shown_code(sent)}
    return render(request, "account/invitation.html", context)


@dataclass(frozen=True)
class Accepting:
    """Who accepts what: an account that is signed in or a new one, by a code to the telephone or its last four digits."""

    invitation: Invitation
    user: User | None
    by_code: bool


def signed_in_user(request: HttpRequest, found: Sequence[Invitation]) -> User | None:
    """Who has an account already and is signed in: second factor and all, unless his telephone is enough for everything it is about."""
    user = request.user
    is_enough = is_admitted(request) and (has_second_factor(request) or proves_by_code(found))
    return user if isinstance(user, User) and is_enough else None


def form_for(request: HttpRequest, one: Accepting) -> forms.Form:
    """What is asked; the button that sends a code sends nothing else."""
    data = request.POST if request.method == "POST" and "send" not in request.POST else None
    if one.user is not None:
        return CodeForm(data) if one.by_code else DigitsForm(data)
    form = NewByCodeForm if one.by_code else NewByDigitsForm
    return form(data, name=one.invitation.name, initial={"username": proposed(one.invitation.name)})


def opened(request: HttpRequest, secret: str, data: dict[str, Any], one: Accepting) -> HttpResponse:
    """Grants the roles; somebody new is signed in: to the desk where his telephone was proven, else to his second factor.
    Raises Refused."""

    def enter(invitation: Invitation, actor: Actor) -> User:
        if one.user is not None:
            return one.user
        if one.by_code:
            return account_of_telephone(invitation, actor=actor, username=data["username"], password=data["password"])
        return open_account(
            invitation.organisation,
            actor=actor,
            username=data["username"],
            name=invitation.name,
            password=data["password"],
            title=invitation.title,
        )

    number = one.invitation.phone()
    if one.by_code:
        prove_number(request.session.get(CODE, ""), data["code"], asker=asker(request), number=number)
    owner = accept(secret, number[-DIGITS:] if one.by_code else data["digits"], enter, has_proven_phone=one.by_code)
    if one.user is not None:
        return redirect("web:home")
    request.META["PATH_INFO"] = reverse("account_login")  # the log of sign-ins keeps the address, and this one holds the secret
    if one.by_code:
        return begin_at_desk(request, owner, has_shown_password=True)
    login(request, owner, backend=BACKEND)
    reauthenticate_by_password(request)  # the password was typed twice a moment ago; the second factor asks for no third time
    return redirect("mfa_activate_totp")
