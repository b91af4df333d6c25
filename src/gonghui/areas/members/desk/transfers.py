"""Transfers in and out: list, record with both clocks, steps of either side."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from gonghui.areas.members import queries
from gonghui.areas.members.desk.steps import TRANSFER_STEPS, transfer_side
from gonghui.areas.members.models import Membership, Transfer
from gonghui.areas.members.rules import OPEN_TRANSFER, TRANSFER_FLOW
from gonghui.areas.members.sheets import TRANSFERS
from gonghui.areas.register.queries import seen
from gonghui.core.actions.actor import Actor
from gonghui.web import desk
from gonghui.web.components import Bar, Fact, Link, Next
from gonghui.web.desk import DeskRequest, found
from gonghui.web.listing import Listing
from gonghui.web.records import record_context
from gonghui.web.steps import step_page


def page_of(transfer: Transfer) -> str:
    return reverse("members:transfer", args=[transfer.public_id])


def step_url(transfer: Transfer, code: str) -> str:
    return reverse("members:transfer_step", args=[transfer.public_id, code])


def crumb() -> Link:
    """The list."""
    return Link(_("会籍接转"), reverse("members:transfers"))


@desk.page("members.view")
def index(request: DeskRequest) -> HttpResponse:
    """The transfers to and from the user's unions."""
    rows = queries.transfers(request.actor)
    listing = Listing(request, TRANSFERS, rows, detail_url=page_of)
    return render(request, listing.template("members/desk/members.html"), {"listing": listing})


@desk.page("members.view")
def record(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """One transfer; the member himself only for who sees him, else his name."""
    actor, transfer = request.actor, found(queries.transfers(request.actor), public_id)
    steps = steps_of(transfer, actor)
    primary = steps[0] if steps and TRANSFER_FLOW.step(primary_code(steps[0], transfer)).is_primary else None
    context: dict[str, Any] = {
        "title": transfer.name,
        "sub": _("%(origin)s → %(target)s") % {"origin": transfer.origin_name, "target": transfer.target_name},
        "state": TRANSFER_FLOW.state(transfer.state),
        "state_note": _("日期为暂定，等节假日安排公布") if transfer.is_tentative and transfer.state in OPEN_TRANSFER else "",
        "bars": bars(transfer),
        "facts": facts(transfer, actor),
        "next": Next(primary.label, primary.url) if primary else None,
    }
    if request.GET.get("drawer"):
        return render(request, "register/desk/drawer.html", context | {"url": page_of(transfer)})
    context |= {
        "crumbs": [crumb(), Link(transfer.name)],
        "steps": [link for link in steps if link is not primary],
        **record_context(transfer, actor, []),
    }
    return render(request, "web/record.html", context)


def primary_code(link: Link, transfer: Transfer) -> str:
    """The step a button leads to."""
    return next(code for code in TRANSFER_STEPS if step_url(transfer, code) == link.url)


def steps_of(transfer: Transfer, actor: Actor) -> list[Link]:
    """What may be done now at the side the actor stands on; the other side's buttons are not his."""
    paths = {key: union.path for key, union in seen([transfer.origin_id, transfer.target_id], actor).items()}
    return [
        Link(page.label, step_url(transfer, code), detail=page.icon)
        for code, page in TRANSFER_STEPS.items()
        if page.is_offered(transfer) and transfer_side(transfer, actor, code, paths)
    ]


@desk.page("members.view")
def step(request: DeskRequest, public_id: UUID, step: str) -> HttpResponse:
    """One side's answer."""
    transfer = found(queries.transfers(request.actor), public_id)
    return step_page(request, TRANSFER_STEPS, step, transfer, back=page_of(transfer), crumbs=[crumb()])


def facts(transfer: Any, actor: Actor) -> list[Fact]:
    """Who, from where, to where, and both clocks."""
    member = Membership.objects.visible_to(actor).filter(pk=transfer.membership_id).first()
    note = _("（暂定）") if transfer.is_tentative else ""
    return [
        Fact(_("会员"), transfer.name, reverse("members:member", args=[member.public_id]) if member else ""),
        Fact(_("转出工会"), transfer.origin_name),
        Fact(_("转入工会"), transfer.target_name),
        Fact(_("申请日期"), transfer.requested_on.isoformat()),
        Fact(_("转出工会答复期限"), f"{transfer.answer_by}{note}" if transfer.answer_by else ""),
        Fact(_("上级办理期限"), f"{transfer.superior_by}{note}" if transfer.superior_by else ""),
        Fact(_("办结日期"), str(transfer.ended_on or "")),
        Fact(_("原因"), transfer.reason),
    ]


def bars(transfer: Any) -> list[Bar]:
    """Both clocks as a way that is gone."""
    order = ["proposed", "requested", "escalated", "completed"]
    if transfer.state not in order:
        return []
    if transfer.ended_on and transfer.answer_by and transfer.ended_on <= transfer.answer_by:
        order.remove("escalated")  # answered in time, so that it never went up
    now = order.index(transfer.state)
    days = dict(
        zip(
            ("proposed", "requested", "escalated", "completed"),
            (transfer.requested_on, transfer.answer_by, transfer.superior_by, transfer.ended_on),
            strict=True,
        )
    )
    steps = [
        Bar(TRANSFER_FLOW.state(code).label, str(days[code] or ""), "done" if place < now else "now" if place == now else "")
        for place, code in enumerate(order)
    ]
    return steps if transfer.state == "proposed" else steps[1:]
