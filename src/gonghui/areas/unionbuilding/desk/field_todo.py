"""What of the field work waits for somebody: claims whose days are over soon, appointments, visits, disputes to decide."""

import datetime as dt
from collections.abc import Iterable
from functools import cache
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from gonghui.areas.unionbuilding import queries
from gonghui.areas.unionbuilding.desk import claims as claim_pages
from gonghui.areas.unionbuilding.desk import field
from gonghui.areas.unionbuilding.models import Claim, Dispute
from gonghui.areas.unionbuilding.rules import CLAIM_FLOW, DISPUTE_FLOW, UNDECIDED
from gonghui.core.actions.actor import Actor
from gonghui.core.notices.todo import MINE, STARTED, TodoItem, TodoStep, record_page, todo_source
from gonghui.kit.dates import today
from gonghui.kit.text import beside
from gonghui.web.pages import home

MOST = 200


def waiting_claims(actor: Actor) -> Any:
    """The actor's claims with something to do: the last days, an appointment of today, a visit."""
    if not actor.can("unionbuilding.record_attempt") or not actor.can("unionbuilding.view"):
        return None
    ends = Q(state="held", remind_on__lte=today())
    appointed = Q(call_at__isnull=False, call_on__lte=today())
    return (
        queries.own_claims(actor).filter(prospect__state__in=UNDECIDED).filter(ends | appointed | Q(visit_due_on__isnull=False))
    )


def claim_items(actor: Actor, tab: str, on: dt.date) -> Iterable[TodoItem]:
    """One line for each of them, with what is to be done."""
    rows = waiting_claims(actor) if tab == MINE else None
    if rows is None:
        return
    for claim in rows.order_by("until", "pk")[:MOST]:
        yield item_of(claim)


def item_of(claim: Claim) -> TodoItem:
    """An appointment before a visit before the last days."""
    prospect = claim.prospect
    title, due = _("认领即将到期：%(name)s"), claim.until
    steps = (TodoStep(_("登记联系"), field.step_url(prospect, "attempt"), "a", is_primary=True),)
    detail = _("还没有联系上")
    if claim.call_at:
        title, due = _("约好今天联系：%(name)s"), claim.call_on or claim.until
        detail = f"{timezone.localtime(claim.call_at):%H:%M}"
    elif claim.visit_due_on:
        title, due, detail = _("需上门：%(name)s"), claim.visit_due_on, prospect.address
        steps = (TodoStep(_("登记核实结论"), field.verify_url(prospect), "a", is_primary=True),)
    return TodoItem(
        area=_("认领"),
        title=title % {"name": prospect.name},
        detail=detail,
        url=field.page_of(prospect),
        state=CLAIM_FLOW.state(claim.state),
        due=due,
        steps=steps,
    )


def waiting_disputes(actor: Actor) -> Any:
    """Disputes that wait for the actor's decision."""
    if not actor.can("unionbuilding.uphold_dispute") or not actor.can("unionbuilding.view"):
        return None
    decidable = Dispute.objects.changeable_by(actor, "unionbuilding.uphold_dispute").values("pk")
    return queries.disputes(actor).filter(state="raised", pk__in=decidable)


def dispute_items(actor: Actor, tab: str, on: dt.date) -> Iterable[TodoItem]:
    """Those to decide, and those that the actor has raised."""
    if tab == STARTED:
        rows = queries.disputes(actor).filter(raised_by=actor.user_id) if actor.can("unionbuilding.raise_dispute") else None
    else:
        rows = waiting_disputes(actor) if tab == MINE else None
    if rows is None:
        return
    for one in rows.order_by("due_on", "pk")[:MOST]:
        steps = (
            TodoStep(_("改由异议方认领"), claim_pages.dispute_url(one, "uphold"), "a", is_primary=True),
            TodoStep(_("维持原认领"), claim_pages.dispute_url(one, "dismiss"), "r"),
        )
        yield TodoItem(
            area=_("认领"),
            title=str(one),
            detail=beside((one.claimant_name, one.reason)),
            url=claim_pages.dispute_page(one),
            state=DISPUTE_FLOW.state(one.state),
            due=one.due_on if tab == MINE else None,
            steps=steps if tab == MINE else (),
        )


@cache
def connect() -> None:
    """Registers the sources, once."""
    todo_source(claim_items, waiting=waiting_claims)
    todo_source(dispute_items, waiting=waiting_disputes)
    record_page("unionbuilding.dispute", "unionbuilding:dispute")
    record_page("unionbuilding.charge", "unionbuilding:charge")
    for place in ("disputes", "charges", "screening"):
        home.SHEETS[f"unionbuilding.{place}"] = f"/unionbuilding/{place}/"
