"""Accounts and grants: who may do what where, in plain words."""

from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gonghui.core.access.actions import choose_departments, end_grant, grant_role, reset_phone, reset_second_factor, switch_area
from gonghui.core.access.models import Department, Grant
from gonghui.core.access.queries import departments_of
from gonghui.core.access.roles import ROLES
from gonghui.core.accounts.actions import open_account
from gonghui.core.accounts.models import User
from gonghui.core.actions.action import Refused
from gonghui.core.actions.actor import Actor
from gonghui.core.exchange.exports import exportable
from gonghui.core.organisations.models import Kind, Organisation
from gonghui.core.reference.queries import choices, names
from gonghui.kit.areas import areas
from gonghui.kit.columns import Choice, Column, Contains, Sheet
from gonghui.kit.dates import today
from gonghui.web import desk
from gonghui.web.components import Fact, Link
from gonghui.web.desk import DeskRequest, found
from gonghui.web.forms import DayField, DeskForm
from gonghui.web.listing import Listing
from gonghui.web.pages.home import SHEETS
from gonghui.web.pages.invitations import INVITE
from gonghui.web.pages.succession import counted
from gonghui.web.records import days
from gonghui.web.sheets import ROLE_CHOICES
from gonghui.web.steps import StepPage, offered, step_page

GRANTS = Sheet(
    "access.grants",
    _("授权"),
    columns=(
        Column(
            "user",
            _("姓名"),
            accessor="user.name",
            sort="user__name",
            link=True,
            filter=Contains("name", _("姓名"), path="user__name"),
        ),
        Column("username", _("登录名"), accessor="user.username", sort="user__username"),
        Column(
            "role", _("角色"), accessor="get_role_display", sort="role", filter=Choice("role", _("角色"), choices=ROLE_CHOICES)
        ),
        Column("organisation", _("工会组织"), accessor="organisation.name", sort="organisation__path"),
        Column("department", _("部室"), accessor=lambda row: names("department").get(row.department, ""), p3=True),
        Column("since", _("起"), kind="date", accessor="valid.lower", sort="valid"),
        Column("until", _("止"), kind="date", accessor="valid.upper"),
    ),
    default_sort="organisation",
    unit=_("项"),
)
SHEETS[GRANTS.code] = "/grants/"


class GrantForm(DeskForm):
    """A role for an account."""

    username = forms.CharField(label=_("登录名"), max_length=60, help_text=_("先开通账号，再授角色"))
    role = forms.ChoiceField(label=_("角色"), choices=ROLE_CHOICES, widget=forms.RadioSelect)
    department = forms.ChoiceField(label=_("部室"), required=False)
    since = DayField(label=_("起"))
    before = DayField(label=_("止（当天不再有效）"), required=False, is_today=False)

    def prepare(self) -> None:
        self.choose("department", [("", _("不分部室")), *departments_of(self.subject, today())])


class AccountForm(DeskForm):
    """A new account."""

    username = forms.CharField(label=_("登录名"), max_length=60)
    name = forms.CharField(label=_("姓名"), max_length=60)
    title = forms.CharField(label=_("职务"), max_length=60, required=False)
    password = forms.CharField(
        label=_("初始密码"), min_length=10, widget=forms.PasswordInput, help_text=_("至少 10 位；本人首次登录时绑定动态验证码")
    )


class DepartmentsForm(DeskForm):
    """Which departments of the code list this federation has."""

    codes = forms.MultipleChoiceField(label=_("部室"), widget=forms.CheckboxSelectMultiple)
    since = DayField(label=_("起"))

    def prepare(self) -> None:
        self.choose("codes", choices("department", today()))
        rows = Department.objects.visible_to(self.actor).filter(organisation=self.subject, valid__contains=today())
        self.fill(codes=list(rows.values_list("code", flat=True)))


class SwitchForm(DeskForm):
    """An area on or off."""

    area = forms.ChoiceField(label=_("领域"))
    is_on = forms.BooleanField(label=_("启用"), required=False)
    since = DayField(label=_("起"))

    def prepare(self) -> None:
        self.choose("area", [(area.label, area.title) for area in areas() if area.name.startswith("gonghui.areas.")])


class EndForm(DeskForm):
    """The first day without it."""

    on = DayField(label=_("从这天起不再有效"))


class ResetForm(DeskForm):
    """How the owner of the account was recognised."""

    reason = forms.CharField(label=_("何时何地当面核实了本人"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))


class PhoneForm(ResetForm):
    """The telephone by which somebody signs in from now on."""

    number = forms.CharField(
        label=_("新的登录手机号"),
        max_length=40,
        required=False,
        help_text=_("留空就是不再用手机号登录；原来登录着的设备都会退出"),
    )
    field_order = ("number", "reason")


def _grant(organisation: Any, actor: Any, data: dict[str, Any]) -> Grant:
    user = User.objects.filter(username=data.pop("username"), is_active=True).first()
    if user is None:
        raise Refused(_("没有这个登录名，请先开通账号"), field="username")
    return grant_role(organisation, actor=actor, user=user, **data)


ORGANISATION_STEPS = {
    step.code: step
    for step in (
        StepPage("grant", _("授予角色"), "access.grant_role", GrantForm, _grant, ("active",), "user-plus"),
        StepPage(
            "account",
            _("开通账号"),
            "accounts.open_account",
            AccountForm,
            lambda one, actor, data: open_account(one, actor=actor, **data),
            ("active",),
            "user",
        ),
        INVITE,
        StepPage(
            "departments",
            _("选定部室"),
            "access.choose_departments",
            DepartmentsForm,
            lambda one, actor, data: choose_departments(one, actor=actor, **data),
            ("active",),
            "sitemap",
            applies=lambda one: one.kind in (Kind.CITY, Kind.DISTRICT),
        ),
        StepPage(
            "switch",
            _("开关试点"),
            "access.switch_area",
            SwitchForm,
            lambda one, actor, data: switch_area(one, actor=actor, **data),
            ("active",),
            "adjustments-horizontal",
        ),
    )
}
GRANT_STEPS = {
    "end": StepPage(
        "end", _("收回角色"), "access.end_grant", EndForm, lambda one, actor, data: end_grant(one, actor=actor, **data)
    ),
    "reset": StepPage(
        "reset",
        _("重置动态验证码"),
        "access.reset_second_factor",
        ResetForm,
        lambda one, actor, data: reset_second_factor(one, actor=actor, **data),
    ),
    "phone": StepPage(
        "phone",
        _("更换登录手机"),
        "access.reset_phone",
        PhoneForm,
        lambda one, actor, data: reset_phone(one, actor=actor, **data),
        icon="device-mobile",
        said=_("已更换"),
    ),
}


def grants(actor: Actor) -> QuerySet[Grant]:
    """The grants below the actor's unions."""
    return Grant.objects.visible_to(actor).select_related("user", "organisation")  # type: ignore[no-any-return]


exportable(GRANTS, permission="access.view", rows=grants)


@desk.page("access.view")
def index(request: DeskRequest) -> HttpResponse:
    """Every grant below the user's unions."""
    listing = Listing(
        request,
        GRANTS,
        grants(request.actor),
        detail_url=lambda row: reverse("web:grant", args=[row.public_id]),
    )
    place = Organisation.objects.visible_to(request.actor).order_by("path").first()
    links = (
        offered(
            ORGANISATION_STEPS,
            place,
            request.actor,
            lambda code: reverse("web:organisation_step", args=[place.public_id, code]),
        )
        if place
        else []
    )
    if place and request.actor.can_at("access.reorganise_department", place.path):
        links.append(Link(_("部室调整"), reverse("web:reorganise", args=[place.public_id])))
    return render(request, listing.template("web/grants.html"), {"listing": listing, "links": links, "roles": ROLES.values()})


@desk.page("access.view")
def organisation_step(request: DeskRequest, public_id: UUID, step: str) -> HttpResponse:
    """Grants a role, opens an account or switches an area at an organisation."""
    organisation = found(Organisation.objects.visible_to(request.actor), public_id)
    crumbs = [Link(str(_("授权")), reverse("web:grants"))]
    return step_page(request, ORGANISATION_STEPS, step, organisation, back=reverse("web:grants"), crumbs=crumbs)


@desk.page("access.view")
def record(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """One grant, with what may be done about it and what was done."""
    grant = found(Grant.objects.visible_to(request.actor).select_related("user", "organisation", "successor"), public_id)
    facts = [
        Fact(_("登录名"), grant.user.username),
        Fact(_("角色"), grant.get_role_display()),
        Fact(_("工会组织"), grant.organisation.name),
        Fact(_("部室"), names("department").get(grant.department, "")),
        Fact(_("起"), str(grant.valid.lower or "")),
        Fact(_("止"), str(grant.valid.upper or "")),
    ]
    if grant.successor:
        facts += [Fact(_("接手人"), grant.successor.name), Fact(_("已移交"), counted(grant.passed))]
    steps = offered(GRANT_STEPS, grant, request.actor, lambda code: reverse("web:grant_step", args=[public_id, code]))
    if request.actor.can_at("access.pass_on", grant.organisation_path):
        steps.insert(0, Link(_("离任交接"), reverse("web:pass_on", args=[public_id]), detail="door-exit"))
    context = {
        "title": grant.user.name,
        "sub": grant.get_role_display(),
        "facts": facts,
        "crumbs": [Link(str(_("授权")), reverse("web:grants")), Link(grant.user.name)],
        "steps": steps,
        "days": days(grant, request.actor, []),
    }
    return render(request, "web/record.html", context)


@desk.page("access.view")
def step(request: DeskRequest, public_id: UUID, step: str) -> HttpResponse:
    """Takes a role back, or the second factor off."""
    grant = found(Grant.objects.visible_to(request.actor), public_id)
    return step_page(request, GRANT_STEPS, step, grant, back=reverse("web:grant", args=[public_id]))
