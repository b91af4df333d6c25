"""Invitations on the desk: the list with how far it has come, one of them, sending out, withdrawing."""

import base64
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from gonghui.core.access.actions import Invitee, invite, issue_invitation, withdraw_invitation
from gonghui.core.access.models import Invitation
from gonghui.core.access.queries import departments_of, invitations, opened
from gonghui.core.actions.actor import Actor
from gonghui.core.notices.actions import address_message
from gonghui.core.organisations.models import Organisation
from gonghui.core.reference.queries import choices, names
from gonghui.kit import qr
from gonghui.kit.dates import today
from gonghui.web import desk, letters
from gonghui.web.bulk import BulkStep, register
from gonghui.web.components import Empty, Fact, Link
from gonghui.web.desk import DeskRequest, found
from gonghui.web.forms import DeskForm
from gonghui.web.listing import Listing
from gonghui.web.pages.home import SHEETS
from gonghui.web.records import days
from gonghui.web.sheets import ACCOUNTS, MANAGING, ROLE_CHOICES, shown_state
from gonghui.web.steps import StepPage, offered, step_page

SOURCE = f"list:{ACCOUNTS.code}"
LIST = "/invitations/"


class InviteForm(DeskForm):
    """Somebody to be invited to a role at one union."""

    name = forms.CharField(label=_("姓名"), max_length=60)
    phone = forms.CharField(label=_("手机号"), max_length=20, help_text=_("本人开通时要核对；基层工会主席以后用它登录"))
    role = forms.ChoiceField(label=_("角色"), choices=ROLE_CHOICES, widget=forms.RadioSelect)
    department = forms.ChoiceField(label=_("部室"), required=False)
    title = forms.CharField(label=_("职务"), max_length=60, required=False)

    def prepare(self) -> None:
        self.choose("department", [("", _("不分部室")), *departments_of(self.subject, today())])


class PurposeForm(DeskForm):
    """What the full numbers leave the system for."""

    purpose = forms.ChoiceField(label=_("用途"), error_messages={"required": _("请选择导出的用途")})

    def prepare(self) -> None:
        self.choose("purpose", [("", _("请选择")), *choices("export_purpose", today())])

    def clean_purpose(self) -> str:
        return dict(choices("export_purpose", today()))[self.cleaned_data["purpose"]]


def invite_one(organisation: Any, actor: Actor, data: dict[str, Any]) -> Invitation:
    """One person at this union."""
    return invite(organisation, actor=actor, invitees=[Invitee(**data)])[0]


INVITE = StepPage("invite", _("邀请一人"), "access.invite", InviteForm, invite_one, ("active",), "mail")
STEPS = {
    step.code: step
    for step in (
        StepPage(
            "issue",
            _("发出邀请"),
            "access.issue_invitation",
            DeskForm,
            lambda one, actor, data: issue_invitation(one, actor=actor),
            ("invited",),
            "qrcode",
        ),
        StepPage(
            "withdraw",
            _("收回邀请"),
            "access.withdraw_invitation",
            DeskForm,
            lambda one, actor, data: withdraw_invitation(one, actor=actor),
            ("invited",),
            "ban",
            said=_("已收回，原来的网址和二维码不能再用"),
        ),
    )
}

FRESH = _("每次都生成新的网址和二维码，以前发出的随即失效。")
register(
    SOURCE,
    "web:invitation",
    BulkStep(
        "letters",
        _("打印邀请信"),
        "access.issue_invitation",
        DeskForm,
        lambda one, actor, given: issue_invitation(one, actor=actor),
        "printer",
        note=FRESH,
        gather=letters.letters,
    ),
    BulkStep(
        "messages",
        _("短信名单"),
        "notices.address_message",
        PurposeForm,
        lambda one, actor, given: address_message(one, actor=actor, purpose=given["purpose"]),
        "message-circle",
        note=_("名单里有完整手机号，下载会记录。本系统不发短信，请交给单位的短信平台发送。"),
        gather=letters.messages,
    ),
    BulkStep(
        "withdraw",
        _("收回邀请"),
        "access.withdraw_invitation",
        DeskForm,
        lambda one, actor, given: withdraw_invitation(one, actor=actor),
        "ban",
        note=_("收回以后原来的网址和二维码不能再用。"),
    ),
)
SHEETS[ACCOUNTS.code] = LIST


def crumb() -> Link:
    """The list."""
    return Link(ACCOUNTS.label, LIST)


def page_of(invitation: Invitation) -> str:
    return reverse("web:invitation", args=[invitation.public_id])


@desk.page("access.view")
def index(request: DeskRequest) -> HttpResponse:
    """Everybody invited below the user's unions, and how many have opened their accounts, street by street."""
    text = _now("先导入账号表（姓名、手机号、工会组织、角色），再打印邀请信或生成短信名单。")
    listing = Listing(
        request,
        ACCOUNTS,
        invitations(request.actor),
        detail_url=page_of,
        empty=Empty(_now("还没有邀请过谁"), text, "mail"),
        has_drawer=False,
        is_counted=False,
    )
    whole, places = opened(request.actor, listing.options(MANAGING))
    links = [Link(INVITE.label, reverse("web:invite"))] if request.actor.can(INVITE.permission) else []
    context = {"listing": listing, "whole": whole, "places": places, "links": links}
    return render(request, listing.template("web/invitations.html"), context)


@desk.page("access.invite")
def invite_here(request: DeskRequest) -> HttpResponse:
    """Invites one person at the user's topmost union."""
    rows = Organisation.objects.changeable_by(request.actor, INVITE.permission).active()
    place = rows.order_by("path").first()
    return redirect("web:organisation_step", place.public_id, INVITE.code) if place else desk.refused(request)


@desk.page("access.view")
def record(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """One invitation, what may be done about it and what was done."""
    one = found(invitations(request.actor).select_related("user"), public_id)
    context = {
        "title": one.name,
        "sub": one.get_role_display(),
        "state": shown_state(one),
        "facts": facts(one),
        "crumbs": [crumb(), Link(one.name)],
        "steps": offered(STEPS, one, request.actor, lambda code: reverse("web:invitation_step", args=[public_id, code])),
        "days": days(one, request.actor, []),
    }
    return render(request, "web/record.html", context)


def facts(one: Invitation) -> list[Fact]:
    """What an invitation says."""
    return [
        Fact(_("手机号"), one.phone_masked),
        Fact(_("工会组织"), one.organisation.name),
        Fact(_("角色"), one.get_role_display()),
        Fact(_("部室"), names("department").get(one.department, "")),
        Fact(_("职务"), one.title),
        Fact(_("邀请人"), one.invited_by.name if one.invited_by else _("系统")),
        Fact(_("发出日期"), str(one.issued_on or "")),
        Fact(_("有效至"), str(one.expires_on or "")),
        Fact(_("登录名"), one.user.username if one.user else ""),
        Fact(_("开通日期"), str(one.accepted_on or "")),
    ]


@desk.page("access.view")
def step(request: DeskRequest, public_id: UUID, step: str) -> HttpResponse:
    """Withdraws one, or makes it a new secret and shows it, this once."""
    one = found(invitations(request.actor), public_id)

    def told(secret: str) -> HttpResponse:
        address = letters.address_of(secret)
        drawing = base64.b64encode(qr.svg(address).encode()).decode()
        fresh = found(invitations(request.actor), public_id)
        context = {
            "invitation": fresh,
            "address": address,
            "drawing": f"data:image/svg+xml;base64,{drawing}",
            "back": page_of(one),
        }
        context["crumbs"] = [crumb(), Link(one.name, page_of(one)), Link(STEPS["issue"].label)]
        response = render(request, "web/invitation_issued.html", context)
        response.headers["Cache-Control"] = "private, no-store"
        return response

    finish = told if step == "issue" else None
    return step_page(request, STEPS, step, one, back=page_of(one), crumbs=[crumb()], finish=finish)
