"""What of the register waits for somebody, and what the search finds of it."""

import datetime as dt
from collections.abc import Iterable
from functools import cache
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from gonghui.areas.register import queries
from gonghui.areas.register.desk import strike_offs as strike_off_pages
from gonghui.areas.register.desk import unions as union_pages
from gonghui.areas.register.models import Employer, StrikeOff
from gonghui.areas.register.rules import STRIKE_OFF_FLOW
from gonghui.core.actions.actor import Actor
from gonghui.core.notices.todo import DONE, MINE, STARTED, TodoItem, TodoStep, record_page, todo_source
from gonghui.core.organisations.models import UNION_FLOW, Organisation
from gonghui.core.reference.queries import names, whole_number
from gonghui.kit.text import beside
from gonghui.web.components import Hit
from gonghui.web.pages import figures, home, search

MOST = 200


def waiting_strike_offs(actor: Actor) -> Any:
    """Proposals that wait for the actor's decision; nobody decides about his own."""
    if not actor.can("register.view") or not actor.can("register.approve_strike_off"):
        return None
    decidable = StrikeOff.objects.changeable_by(actor, "register.approve_strike_off").values("pk")
    return queries.strike_offs(actor).filter(state="proposed", pk__in=decidable).exclude(proposed_by=actor.user_id)


def strike_off_items(actor: Actor, tab: str, on: dt.date) -> Iterable[TodoItem]:
    """Proposals that wait for the actor's decision, those he made, those he decided."""
    if not actor.can("register.view"):
        return
    rows = queries.strike_offs(actor)
    if tab == MINE:
        if (waiting := waiting_strike_offs(actor)) is None:
            return
        rows = waiting.order_by("proposed_on")
    elif tab == STARTED:
        rows = rows.filter(proposed_by=actor.user_id).order_by("-proposed_on")
    else:
        rows = rows.filter(decided_by=actor.user_id).order_by("-decided_on")
    for row in rows.annotate(days=whole_number("register.strike_off_review_days", on))[:MOST]:
        steps = (
            TodoStep(_("同意"), strike_off_pages.step_url(row, "approve"), "a", is_primary=True),
            TodoStep(_("退回"), strike_off_pages.step_url(row, "return"), "r"),
        )
        yield TodoItem(
            area=_("剔除"),
            title=_("剔除申报：%(name)s") % {"name": row.employer.name},
            detail=beside((row.proposer_name, names("strike_off_reason").get(row.reason, ""), row.proposed_by.name)),
            url=strike_off_pages.page_of(row),
            state=STRIKE_OFF_FLOW.state(row.state),
            due=row.proposed_on + dt.timedelta(days=row.days) if tab == MINE else None,
            steps=steps if tab == MINE else (),
        )


def waiting_unions(actor: Actor, permission: str = "register.approve_union", state: str = "proposed") -> Any:
    """Unions that wait for the actor's approval, or for what he must mend."""
    if not actor.can("register.view") or not actor.can(permission):
        return None
    return Organisation.objects.changeable_by(actor, permission).filter(state=state)


def union_items(actor: Actor, tab: str, on: dt.date) -> Iterable[TodoItem]:
    """Unions that wait for approval, and proposals that came back."""
    if tab == DONE:
        return
    found = waiting_unions(actor) if tab == MINE else waiting_unions(actor, "register.resubmit_union", "returned")
    if found is None:
        return
    rows: Any = found.order_by("proposed_on")
    code = "approve" if tab == MINE else "resubmit"
    for row in rows.annotate(days=whole_number("register.founding_review_days", on))[:MOST]:
        step = UNION_FLOW.step(code)
        steps = [TodoStep(step.label, union_pages.step_url(row, code), "a", is_primary=True)]
        if tab == MINE:
            steps.append(TodoStep(_("退回"), union_pages.step_url(row, "return"), "r"))
        yield TodoItem(
            area=pgettext("verb", "建会"),
            title=_("建会申请：%(name)s") % {"name": row.name},
            detail=beside((row.get_kind_display(), row.note)),
            url=union_pages.page_of(row),
            state=UNION_FLOW.state(row.state),
            due=row.proposed_on + dt.timedelta(days=row.days) if row.proposed_on and tab == MINE else None,
            steps=tuple(steps),
        )


def employer_hit(row: Employer) -> Hit:
    return Hit(row.name, reverse("register:employer", args=[row.public_id]), row.street_name or "")


def union_hit(row: Organisation) -> Hit:
    return Hit(row.name, union_pages.page_of(row), str(row.get_kind_display()), icon="flag")


@cache
def connect() -> None:
    """Registers the sources, once."""
    todo_source(strike_off_items, waiting=waiting_strike_offs)
    todo_source(union_items, waiting=waiting_unions)
    record_page("register.employer", "register:employer")
    record_page("register.strikeoff", "register:strike_off")
    record_page("organisations.organisation", "register:union")
    search.sources.append(search.Source(gettext_lazy("单位"), "register.view", queries.employers, employer_hit))
    search.sources.append(search.Source(gettext_lazy("工会组织"), "register.view", queries.unions, union_hit))
    figures.detail_urls["register.figure_employers"] = "register:employer"
    figures.detail_urls["register.figure_unions"] = "register:union"
    for code, place in (
        ("employers", "employers"),
        ("unions", "unions"),
        ("contacts", "contacts"),
        ("strike_offs", "strike-offs"),
    ):
        home.SHEETS[f"register.{code}"] = f"/register/{place}/"
