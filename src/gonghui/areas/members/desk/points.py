"""Intake points and entitlements: lists, records, opening, correcting, closing."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gonghui.areas.members import queries
from gonghui.areas.members.desk.steps import ENTITLEMENT_STEPS, PLACE_STEPS, POINT_STEPS, is_running
from gonghui.areas.members.models import Entitlement, IntakePoint
from gonghui.areas.members.sheets import ENTITLEMENTS, POINTS
from gonghui.core.organisations.models import MANAGING, Organisation
from gonghui.kit.columns import Sheet
from gonghui.kit.flow import State
from gonghui.web import desk
from gonghui.web.components import Fact, Link
from gonghui.web.desk import DeskRequest, found
from gonghui.web.listing import Listing
from gonghui.web.records import record_context
from gonghui.web.steps import Steps, offered, step_page

OPEN = State("open", gettext_lazy("开放中"), "ok", "circle-check")
CLOSED = State("closed", gettext_lazy("已停办"), "", "circle-minus")
GIVEN = State("given", gettext_lazy("现行"), "ok", "circle-check")
ENDED = State("ended", gettext_lazy("有结束日期"), "", "calendar-event")


def listed(
    request: DeskRequest, sheet: Sheet, rows: Any, page_of: Callable[[Any], str], code: str, url_name: str
) -> HttpResponse:
    """A list with the button that makes a new one."""
    listing = Listing(request, sheet, rows, detail_url=page_of)
    step = PLACE_STEPS[code]
    links = [Link(step.label, reverse(url_name), detail=step.icon)] if request.actor.can(step.permission) else []
    return render(request, listing.template("members/desk/members.html"), {"listing": listing, "links": links})


def begun(request: DeskRequest, code: str) -> HttpResponse:
    """The step, at the topmost federation, street or system union where the user holds the right."""
    rows = Organisation.objects.changeable_by(request.actor, PLACE_STEPS[code].permission).filter(kind__in=MANAGING)
    place = rows.active().order_by("path").first()
    return redirect(f"members:place_{code}", place.public_id) if place else desk.refused(request)


def shown(
    request: DeskRequest, one: Any, crumb: Link, state: State, facts: list[Fact], steps: Steps, url_name: str
) -> HttpResponse:
    """The page of a point or an entitlement."""
    context = {"title": one.name, "sub": one.holder_name, "state": state, "facts": facts}
    if request.GET.get("drawer"):
        url = reverse(url_name.removesuffix("_step"), args=[one.public_id])
        return render(request, "register/desk/drawer.html", context | {"url": url})
    context |= {
        "crumbs": [crumb, Link(one.name)],
        "steps": offered(steps, one, request.actor, lambda code: reverse(url_name, args=[one.public_id, code])),
        **record_context(one, request.actor, []),
    }
    return render(request, "web/record.html", context)


def list_of(code: str) -> Link:
    """The list of intake points, or of what unions give, by the step that adds to it."""
    if code == "point":
        return Link(_("入会服务点"), reverse("members:points"))
    return Link(_("会员服务项目"), reverse("members:entitlements"))


@desk.page("members.view")
def place_step(request: DeskRequest, public_id: UUID, step: str) -> HttpResponse:
    """Something new at a union."""
    place = found(Organisation.objects.visible_to(request.actor), public_id)
    back = list_of(step)
    return step_page(request, PLACE_STEPS, step, place, back=back.url, crumbs=[back])


# -- intake points ----------------------------------------------------------------------------------------------


def point_page(point: IntakePoint) -> str:
    return reverse("members:point", args=[point.public_id])


@desk.page("members.view")
def points(request: DeskRequest) -> HttpResponse:
    """Where people may join."""
    return listed(request, POINTS, queries.points(request.actor), point_page, "point", "members:open_point")


@desk.page("members.open_point")
def open_point(request: DeskRequest) -> HttpResponse:
    """Opens one."""
    return begun(request, "point")


@desk.page("members.view")
def point(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """One intake point."""
    one = found(queries.points(request.actor), public_id)
    facts = [
        Fact(_("类型"), one.get_kind_display()),
        Fact(_("街道工会"), one.holder_name),
        Fact(_("地址"), one.address),
        Fact(_("开放时间"), one.hours),
        Fact(_("联系人"), one.persons),
        Fact(_("公开电话"), one.phone),
        Fact(_("开放日期"), one.opened_on.isoformat()),
        Fact(_("停办日期"), str(one.closed_on or "")),
    ]
    return shown(request, one, list_of("point"), CLOSED if one.closed_on else OPEN, facts, POINT_STEPS, "members:point_step")


@desk.page("members.view")
def point_step(request: DeskRequest, public_id: UUID, step: str) -> HttpResponse:
    """Corrects or closes one."""
    one = found(queries.points(request.actor), public_id)
    return step_page(request, POINT_STEPS, step, one, back=point_page(one), crumbs=[list_of("point")])


# -- entitlements -----------------------------------------------------------------------------------------------


def entitlement_page(entitlement: Entitlement) -> str:
    return reverse("members:entitlement", args=[entitlement.public_id])


@desk.page("members.view")
def entitlements(request: DeskRequest) -> HttpResponse:
    """What unions give their members."""
    rows = queries.entitlements(request.actor)
    return listed(request, ENTITLEMENTS, rows, entitlement_page, "entitlement", "members:give_entitlement")


@desk.page("members.give_entitlement")
def give_entitlement(request: DeskRequest) -> HttpResponse:
    """Gives something new."""
    return begun(request, "entitlement")


@desk.page("members.view")
def entitlement(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """One entitlement."""
    one = found(queries.entitlements(request.actor), public_id)
    facts = [
        Fact(_("工会组织"), one.holder_name),
        Fact(_("说明"), one.detail),
        Fact(_("只限单体入会会员"), _("是") if one.for_individuals else _("否")),
        Fact(_("补贴金额（元）"), f"{one.amount:,}" if one.amount is not None else ""),
        Fact(_("从哪天起"), one.valid.lower.isoformat()),
        Fact(_("到哪天为止"), str(one.valid.upper or "")),
        Fact(_("依据"), one.basis),
        Fact(_("向职工公开"), _("是") if one.is_public else _("否")),
    ]
    state = GIVEN if is_running(one) else ENDED
    return shown(request, one, list_of("entitlement"), state, facts, ENTITLEMENT_STEPS, "members:entitlement_step")


@desk.page("members.view")
def entitlement_step(request: DeskRequest, public_id: UUID, step: str) -> HttpResponse:
    """Corrects or ends one."""
    one = found(queries.entitlements(request.actor), public_id)
    crumbs = [list_of("entitlement")]
    return step_page(request, ENTITLEMENT_STEPS, step, one, back=entitlement_page(one), crumbs=crumbs)
