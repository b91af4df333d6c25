"""Tokens of one's own: keys with which programs call the API. The secret is shown once, when the token is made."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from gonghui.core.access.actions import issue_token, revoke_token
from gonghui.core.access.models import Token
from gonghui.core.accounts.models import User
from gonghui.core.actions.action import verbs
from gonghui.kit.areas import areas
from gonghui.kit.columns import Column, Sheet
from gonghui.kit.dates import today
from gonghui.kit.flow import State
from gonghui.kit.text import Text, enumerated
from gonghui.web import desk
from gonghui.web.api.entrance import grantable
from gonghui.web.components import Empty, Link
from gonghui.web.desk import DeskRequest, found
from gonghui.web.forms import DayField, DeskForm
from gonghui.web.listing import Listing
from gonghui.web.steps import StepPage, step_page

VALID = State("valid", _("有效"), "ok", "circle-check")
EXPIRED = State("expired", _("已到期"), "warn", "hourglass")
REVOKED = State("revoked", _("已停用"), "", "circle-minus")


def state_of(token: Token) -> State:
    """Whether a token still opens the door."""
    if token.revoked_on:
        return REVOKED
    return VALID if token.expires_on > today() else EXPIRED


TOKENS = Sheet(
    "access.tokens",
    _("接口令牌"),
    columns=(
        Column("label", _("用途"), sort="label", link=True),
        Column("ending", _("尾号")),
        Column("permissions", _("权限"), accessor=lambda row: enumerated(map(name_of, row.permissions)), p3=True),
        Column("issued_at", _("建立时间"), kind="date", sort="issued_at"),
        Column("expires_on", _("到期日期"), kind="date", sort="expires_on"),
        Column("used_at", _("最近使用"), kind="date", sort="used_at"),
        Column("state", _("状态"), kind="state", accessor=state_of),
    ),
    default_sort="-issued_at",
    unit=_("个"),
)


def name_of(permission: str) -> Text:
    """A permission in words: the label of its action, or what may be looked at."""
    if permission in verbs:
        return verbs[permission].label
    titles = {area.label: area.title for area in areas()}
    return _now("查看%(what)s") % {"what": titles.get(permission.partition(".")[0], permission)}


class TokenForm(DeskForm):
    """What a token is for, what it may do, how long it holds."""

    label = forms.CharField(label=_("用途"), max_length=60, help_text=_("例如：区数据平台每日同步"))
    permissions = forms.MultipleChoiceField(
        label=_("权限"), widget=forms.CheckboxSelectMultiple, help_text=_("不会超过您自己当时的权限")
    )
    expires_on = DayField(label=_("到期日期"), is_today=False)

    def prepare(self) -> None:
        mine = [(one, name_of(one)) for one in sorted(grantable()) if self.actor.can(one)]
        self.fields["permissions"].choices = mine  # type: ignore[attr-defined]


STEPS = {
    "issue": StepPage(
        "issue",
        _("建立接口令牌"),
        "access.issue_token",
        TokenForm,
        lambda user, actor, data: issue_token(user, actor=actor, **data),
    )
}
TOKEN_STEPS = {
    "revoke": StepPage(
        "revoke",
        _("停用接口令牌"),
        "access.revoke_token",
        DeskForm,
        lambda token, actor, data: revoke_token(token, actor=actor),
        said=_("已停用"),
    )
}


@desk.page("access.issue_token")
def index(request: DeskRequest) -> HttpResponse:
    """The user's own tokens."""
    empty = Empty(_("还没有接口令牌"), _("程序用令牌调用接口，权限不超过您自己的。"), "key")
    listing = Listing(
        request,
        TOKENS,
        Token.objects.visible_to(request.actor),
        detail_url=lambda row: reverse("web:revoke_token", args=[row.public_id]),
        empty=empty,
    )
    links = [Link(_now("建立接口令牌"), reverse("web:issue_token"))]
    return render(request, listing.template("web/tokens.html"), {"listing": listing, "links": links})


@desk.page("access.issue_token")
def issue(request: DeskRequest) -> HttpResponse:
    """Makes a token and shows its secret, this once."""
    user = User.objects.filter(pk=request.actor.user_id or 0).first()
    if user is None:
        raise Http404
    crumbs = [Link(_now("接口令牌"), reverse("web:tokens"))]

    def told(made: Any) -> HttpResponse:
        token, secret = made
        response = render(request, "web/token.html", {"token": token, "secret": secret, "crumbs": [*crumbs, Link(token.label)]})
        response.headers["Cache-Control"] = "private, no-store"
        return response

    return step_page(request, STEPS, "issue", user, back=reverse("web:tokens"), crumbs=crumbs, finish=told)


@desk.page("access.revoke_token")
def revoke(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Ends a token of one's own at once."""
    token = found(Token.objects.visible_to(request.actor), public_id)
    crumbs = [Link(_now("接口令牌"), reverse("web:tokens"))]
    return step_page(request, TOKEN_STEPS, "revoke", token, back=reverse("web:tokens"), crumbs=crumbs)
