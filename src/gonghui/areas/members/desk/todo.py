"""What of members waits for somebody, and what the search finds of them."""

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from gonghui.areas.members import queries
from gonghui.areas.members.desk import alerts as alert_pages
from gonghui.areas.members.desk import applications as application_pages
from gonghui.areas.members.desk import corrections as correction_pages
from gonghui.areas.members.desk import members as member_pages
from gonghui.areas.members.desk import transfers as transfer_pages
from gonghui.areas.members.rules import APPLICATION_FLOW, CORRECTION_FLOW, OPEN_TRANSFER, TRANSFER_FLOW
from gonghui.core.actions.actor import Actor
from gonghui.core.notices.todo import DONE, MINE, STARTED, TodoItem, TodoStep, record_page, todo_source
from gonghui.core.organisations.models import Organisation
from gonghui.web.components import Hit
from gonghui.web.pages import home, search

MOST = 200


def waiting_applications(actor: Actor) -> Any:
    """Applications that wait for the actor's decision."""
    return queries.to_review(actor) if actor.can("members.approve_application") else None


def waiting_transfers(actor: Actor) -> Any:
    """Transfers that wait for the actor's answer."""
    return queries.to_answer(actor) if actor.can("members.release_transfer") else None


def waiting_corrections(actor: Actor) -> Any:
    """What workers want corrected by the actor's unions."""
    return queries.to_correct(actor) if actor.can("members.make_correction") else None


def waiting_alerts(actor: Actor) -> Any:
    """Employers at which the number for a union of their own is reached, for who may found one."""
    return queries.alerts(actor) if actor.can(alert_pages.FOUND) and actor.can("members.view") else None


def application_items(actor: Actor, tab: str, on: dt.date) -> Iterable[TodoItem]:
    """Applications that wait for the actor's decision, and those he decided."""
    rows = waiting_applications(actor)
    if tab == STARTED or rows is None:
        return
    if tab == DONE:
        rows = queries.applications(actor).filter(decided_by=actor.user_id).order_by("-decided_on", "-pk")
    for row in rows[:MOST]:
        yield TodoItem(
            area=_("入会"),
            title=_("入会申请：%(name)s") % {"name": row.name},
            detail="，".join(part for part in (row.workplace, row.holder_name, row.doubt) if part),
            url=application_pages.page_of(row),
            state=APPLICATION_FLOW.state(row.state),
            due=row.due_on if tab == MINE else None,
            steps=steps_of(row, application_pages.step_url, APPLICATION_FLOW, ("approve", "return")) if tab == MINE else (),
        )


def steps_of(row: Any, url: Any, flow: Any, codes: Sequence[str]) -> tuple[TodoStep, ...]:
    """The two answers, A and R."""
    keys = zip(codes, ("a", "r"), strict=True)
    return tuple(TodoStep(flow.step(code).label, url(row, code), key, is_primary=key == "a") for code, key in keys)


def transfer_items(actor: Actor, tab: str, on: dt.date) -> Iterable[TodoItem]:
    """Transfers that wait for the actor's answer, and those his unions asked for."""
    rows = waiting_transfers(actor)
    if tab == DONE or rows is None:
        return
    if tab == STARTED:
        own = Organisation.objects.changeable_by(actor, "members.request_transfer")
        rows = queries.transfers(actor).filter(state__in=OPEN_TRANSFER, target__in=own)
    for row in rows.order_by("answer_by", "pk")[:MOST]:
        codes = ("accept", "decline") if row.state == "proposed" else ("release", "refuse")
        yield TodoItem(
            area=_("接转"),
            title=_("会籍接转：%(name)s") % {"name": row.name},
            detail=_("%(origin)s → %(target)s") % {"origin": row.origin_name, "target": row.target_name},
            url=transfer_pages.page_of(row),
            state=TRANSFER_FLOW.state(row.state),
            due=row.due_on if tab == MINE else None,
            steps=steps_of(row, transfer_pages.step_url, TRANSFER_FLOW, codes) if tab == MINE else (),
        )


def correction_items(actor: Actor, tab: str, on: dt.date) -> Iterable[TodoItem]:
    """What workers want corrected by the actor's unions."""
    rows = waiting_corrections(actor)
    if tab != MINE or rows is None:
        return
    for row in rows.order_by("due_on", "pk")[:MOST]:
        yield TodoItem(
            area=_("更正"),
            title=f"{row.get_kind_display()}：{row.person.name}",
            detail=row.what,
            url=correction_pages.page_of(row),
            state=CORRECTION_FLOW.state(row.state),
            due=row.due_on,
            steps=steps_of(row, correction_pages.step_url, CORRECTION_FLOW, ("do", "decline")),
        )


def alert_items(actor: Actor, tab: str, on: dt.date) -> Iterable[TodoItem]:
    """Employers at which the number for a union of their own is reached."""
    rows = waiting_alerts(actor)
    if tab != MINE or rows is None:
        return
    for row in rows.order_by("raised_on", "pk")[:MOST]:
        yield TodoItem(
            area=pgettext("verb", "建会"),
            title=_("建会提醒：%(name)s") % {"name": row.employer.name},
            detail=alert_pages.count_words(row.count),
            url=alert_pages.page_of(row),
            state=alert_pages.open_state(),
        )


def member_hit(row: Any) -> Hit:
    return Hit(row.name, member_pages.page_of(row), row.holder_name, icon="user")


@cache
def connect() -> None:
    """Registers the sources, once."""
    todo_source(application_items, waiting=waiting_applications)
    todo_source(transfer_items, waiting=waiting_transfers)
    todo_source(correction_items, waiting=waiting_corrections)
    todo_source(alert_items, waiting=waiting_alerts)
    for label, page in (
        ("members.membership", "members:member"),
        ("members.application", "members:application"),
        ("members.transfer", "members:transfer"),
        ("members.correction", "members:correction"),
        ("members.alert", "members:alert"),
        ("members.countersession", "members:counter_session"),
        ("members.intakepoint", "members:point"),
        ("members.entitlement", "members:entitlement"),
    ):
        record_page(label, page)
    search.sources.append(search.Source(gettext_lazy("会员"), "members.view", queries.members, member_hit))
    home.SHEETS["members.members"] = "/members/"
    for name in ("applications", "transfers", "corrections", "points", "entitlements"):
        home.SHEETS[f"members.{name}"] = f"/members/{name}/"
