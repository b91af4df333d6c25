"""Strike-off proposals: list, record, decision."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from gonghui.areas.register import queries
from gonghui.areas.register.desk.employers import page_of as employer_page
from gonghui.areas.register.desk.steps import STRIKE_OFF_STEPS
from gonghui.areas.register.models import StrikeOff
from gonghui.areas.register.rules import STRIKE_OFF_FLOW
from gonghui.areas.register.sheets import STRIKE_OFFS
from gonghui.core.reference.queries import names
from gonghui.web import desk
from gonghui.web.components import Fact, Link, Next
from gonghui.web.desk import DeskRequest, found
from gonghui.web.listing import Listing
from gonghui.web.records import record_context
from gonghui.web.steps import offered, step_page


def page_of(strike_off: StrikeOff) -> str:
    return reverse("register:strike_off", args=[strike_off.public_id])


def step_url(strike_off: StrikeOff, code: str) -> str:
    return reverse("register:strike_off_step", args=[strike_off.public_id, code])


@desk.page("register.view")
def index(request: DeskRequest) -> HttpResponse:
    """The proposals of the user's unions."""
    listing = Listing(request, STRIKE_OFFS, queries.strike_offs(request.actor), detail_url=page_of)
    return render(request, listing.template("web/list.html"), {"listing": listing})


@desk.page("register.view")
def record(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """One proposal."""
    strike_off = found(queries.strike_offs(request.actor), public_id)
    steps = offered(STRIKE_OFF_STEPS, strike_off, request.actor, lambda code: step_url(strike_off, code))
    ready = next((link for link in steps if link.url == step_url(strike_off, "approve")), None)
    context = {
        "title": strike_off.employer.name,
        "sub": str(strike_off),
        "state": STRIKE_OFF_FLOW.state(strike_off.state),
        "facts": facts(strike_off),
        "next": Next(ready.label, ready.url) if ready and strike_off.proposed_by_id != request.actor.user_id else None,
        "crumbs": [Link(_("剔除申报"), reverse("register:strike_offs")), Link(strike_off.employer.name)],
        "steps": [link for link in steps if link is not ready],
        **record_context(strike_off, request.actor, []),
    }
    if request.GET.get("drawer"):
        return render(request, "register/desk/drawer.html", context | {"url": page_of(strike_off)})
    return render(request, "web/record.html", context)


@desk.page("register.view")
def step(request: DeskRequest, public_id: UUID, step: str) -> HttpResponse:
    """The decision."""
    strike_off = found(queries.strike_offs(request.actor), public_id)
    return step_page(request, STRIKE_OFF_STEPS, step, strike_off, back=page_of(strike_off))


def facts(strike_off: StrikeOff) -> list[Fact]:
    """Who said what, and when."""
    reasons = names("strike_off_reason")
    return [
        Fact(_("单位"), strike_off.employer.name, employer_page(strike_off.employer)),
        Fact(_("原因"), reasons.get(strike_off.reason, strike_off.reason)),
        Fact(_("核实情况"), strike_off.evidence),
        Fact(_("申报"), f"{strike_off.proposer_name}，{strike_off.proposed_by.name}，{strike_off.proposed_on}"),
        Fact(_("审核"), f"{strike_off.decided_by.name}，{strike_off.decided_on}" if strike_off.decided_by else ""),
        Fact(_("意见"), strike_off.decision),
        Fact(_("恢复或撤销日期"), str(strike_off.ended_on or "")),
    ]
