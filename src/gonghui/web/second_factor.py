"""The page that asks a light session for its second factor, at the address of what it was about to do.

It carries along what was sent, so that nothing is typed twice: shown, a page that was opened is opened, a form that was sent is taken.
Everything of the desk passes it in the door (`web/desk.py`); which permissions ask is said where the actions are declared.
"""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _

from gonghui.core.accounts.second_factor import authenticators, can_show, is_light, prove_second_factor
from gonghui.core.actions.action import Refused, verbs

PREFIX = "second-factor"
LEFT_OUT = ("csrfmiddlewaretoken",)


class SecondFactorForm(forms.Form):
    """The password, or the authenticator's code; and how the request that was stopped came."""

    shown = forms.CharField(
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("请填写这一项")},
    )
    method = forms.ChoiceField(choices=[("GET", "GET"), ("POST", "POST")], widget=forms.HiddenInput)

    prefix = PREFIX

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        has_codes = bool(authenticators(user))
        self.fields["shown"].label = _("登录密码，或手机验证器上的 6 位数字") if has_codes else _("登录密码")


def asked(request: Any, permission: str) -> HttpResponse:
    """Asks, and says what for."""
    form = SecondFactorForm(user=request.user, initial={"method": "POST" if request.method == "POST" else "GET"})
    return page(request, form, request.POST, verbs[permission].label)


def page(request: Any, form: forms.Form, sent: QueryDict, what: Any = "") -> HttpResponse:
    """The page, with what was sent hidden in it."""
    kept = [(name, value) for name, values in sent.lists() for value in values if not is_ours(name)]
    context = {"form": form, "what": what, "kept": kept, "can_show": can_show(request.user)}
    return render(request, "web/second_factor.html", context)


def is_ours(name: str) -> bool:
    """Whether a field belongs to this page and not to what it carries along."""
    return name.startswith(f"{PREFIX}-") or name in LEFT_OUT


def is_sent(request: HttpRequest) -> bool:
    """Whether this page was sent."""
    return f"{PREFIX}-shown" in request.POST


def answered(request: Any) -> HttpResponse | None:
    """Takes what the page has sent; None where the request goes on, as it was before it was stopped."""
    form = SecondFactorForm(request.POST, user=request.user)
    if is_light(request) and not is_shown(request, form):
        return page(request, form, request.POST)
    if request.POST.get(f"{PREFIX}-method") != "POST":
        return redirect(request.get_full_path())
    sent = request.POST.copy()
    for name in [name for name in sent if is_ours(name)]:
        del sent[name]
    request.POST = sent
    return None


def is_shown(request: HttpRequest, form: forms.Form) -> bool:
    """Whether what was typed is right; why not stands on the form."""
    if not form.is_valid():
        return False
    try:
        prove_second_factor(request, request.user, form.cleaned_data["shown"])  # type: ignore[arg-type]
    except Refused as refusal:
        form.add_error("shown", str(refusal))
        return False
    return True
