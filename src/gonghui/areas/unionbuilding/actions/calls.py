"""The call desk: one firm after the other, never one for two people; every attempt says when to try again, or that somebody goes there."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from gonghui.areas.register.actions import reveal_phone
from gonghui.areas.register.models import Contact
from gonghui.areas.unionbuilding.actions.claims import keep_claim, running_claim
from gonghui.areas.unionbuilding.models import Attempt, Claim, Prospect
from gonghui.areas.unionbuilding.queries import calls_due, numbers_of
from gonghui.areas.unionbuilding.rules import (
    MOST_ON_SHEET,
    SHEET_DAYS,
    TAKEN_MINUTES,
    AttemptResult,
    ContactMethod,
    keeps,
    next_day_is_due,
)
from gonghui.core.actions.action import NotAllowed, Refused, action, change
from gonghui.core.actions.actor import Actor
from gonghui.core.organisations.models import Organisation
from gonghui.core.reference.calendar import working_days_after
from gonghui.core.reference.queries import parameter
from gonghui.kit.dates import now, today

PERMISSION = "unionbuilding.record_attempt"
ON_THE_DESK = dt.timedelta(minutes=TAKEN_MINUTES)
ON_PAPER = dt.timedelta(days=SHEET_DAYS)
REASON = "contact"  # of the code list reveal_reason


@dataclass(frozen=True)
class AttemptRow:
    """One try: how, what came of it, which contact was called, what was said, when to call again if that was agreed."""

    method: str
    result: str
    note: str = ""
    contact: Contact | None = None
    appointment_at: dt.datetime | None = None


@dataclass(frozen=True)
class Call:
    """A firm to call: its claim, whom to ask for, and the number in full."""

    claim: Claim
    contact: Contact
    number: str


@action(PERMISSION, label=_("登记联系"))
def record_attempt(prospect: Prospect, *, actor: Actor, row: AttemptRow) -> Attempt:
    """Writes down one try to reach somebody; reaching a person, or going there, keeps the claim."""
    claim = running_claim(prospect)
    if row.result == AttemptResult.APPOINTMENT and (row.appointment_at is None or row.appointment_at <= now()):
        raise Refused(_("请填约定的时间，须晚于现在"), field="appointment_at")
    attempt = Attempt(
        employer_id=prospect.employer_id,
        prospect=prospect,
        organisation_id=prospect.organisation_id,
        method=row.method,
        result=row.result,
        contact=row.contact,
        on=today(),
        at=now(),
        by_id=actor.user_id,
        note=row.note.strip(),
        appointment_at=row.appointment_at if row.result == AttemptResult.APPOINTMENT else None,
    )
    attempt.save(force_insert=True)
    change(claim, caller=None, caller_since=None, caller_until=None, **following(claim, attempt))
    if claim.state == "held" and keeps(row.method, row.result):
        keep_claim(claim, actor=actor)
    return attempt


def following(claim: Claim, attempt: Attempt) -> dict[str, Any]:
    """When the firm is called again, or by when somebody goes there; nothing once a person has spoken."""
    if attempt.result == AttemptResult.APPOINTMENT and attempt.appointment_at:
        day = attempt.appointment_at.astimezone().date()
        return {"call_on": day, "call_at": attempt.appointment_at, "visit_due_on": None}
    if attempt.result == AttemptResult.NO_ANSWER:
        tries = parameter("unionbuilding.call_days", today())
        if next_day_is_due(days_unanswered(claim), tries):
            return {"call_on": working_days_after(today(), 1).day, "call_at": None}
        return go_there()
    if attempt.result == AttemptResult.EMPTY:
        has_another = numbers_of(attempt.employer_id).exists()
        return {"call_on": today(), "call_at": None} if has_another else go_there()
    return go_there() if attempt.result == AttemptResult.NOBODY else {"call_on": None, "call_at": None, "visit_due_on": None}


def go_there() -> dict[str, Any]:
    """No more calls: somebody goes there."""
    last = working_days_after(today(), parameter("unionbuilding.visit_working_days", today()))
    return {"call_on": None, "call_at": None, "visit_due_on": last.day}


def days_unanswered(claim: Claim) -> int:
    """On how many days of this claim the telephone rang and nobody answered."""
    rows = Attempt.objects.unscoped("the calls of a claim that an action has locked").filter(
        employer=claim.employer_id, method=ContactMethod.PHONE, result=AttemptResult.NO_ANSWER, on__gte=claim.claimed_on
    )
    return int(rows.values("on").distinct().count())


@action("unionbuilding.take_call", label=_("取下一家"))
def take_call(union: Organisation, *, actor: Actor) -> Claim | None:
    """The next firm to call at this union and below it: the one on the desk already, else an appointment whose time has come, else the
    one whose days are over first. It is nobody else's until its result is written down or some minutes have passed."""
    if actor.user_id is None:
        raise NotAllowed("unionbuilding.take_call")
    due = calls_due(Claim.objects.changeable_by(actor, PERMISSION), union)
    own: Claim | None = due.filter(caller=actor.user_id, caller_until__gt=now()).first()
    return own or next(iter(reserve(due, actor, 1, ON_THE_DESK)), None)


def reserve(due: Any, actor: Actor, count: int, length: dt.timedelta) -> list[Claim]:
    """So many of the firms due that nobody has, now the actor's for a time. Those that somebody takes at this moment are passed over."""
    free = due.exclude(caller_until__gt=now())
    claims: list[Claim] = list(free.select_for_update(of=("self",), no_key=True, skip_locked=True)[:count])
    for one in claims:
        change(one, caller_id=actor.user_id, caller_since=now(), caller_until=now() + length)
    return claims


@action("unionbuilding.show_number", label=_("显示联系电话"), asks_second_factor=True)
def show_number(claim: Claim, *, actor: Actor) -> Call | None:
    """The number of the firm that the actor is calling, after the reading has been logged, once for as long as it is his; None where it
    has no number that is worth a call."""
    if claim.caller_id != actor.user_id or claim.caller_since is None:
        raise NotAllowed("unionbuilding.show_number")
    contact = numbers_of(claim.employer_id).first()
    if contact is None:
        return None
    number = reveal_phone(contact, actor=actor, reason=REASON, since=claim.caller_since)
    return Call(claim, contact, number)


@action("unionbuilding.print_calls", label=_("打印电话单"), asks_second_factor=True)
def print_calls(union: Organisation, *, actor: Actor, count: int) -> Sequence[Call]:
    """So many firms for a day on paper, each with its number, which is logged; for some days they are nobody else's."""
    if actor.user_id is None or not 0 < count <= MOST_ON_SHEET:
        raise NotAllowed("unionbuilding.print_calls")
    claims = reserve(calls_due(Claim.objects.changeable_by(actor, PERMISSION), union), actor, count, ON_PAPER)
    if not claims:
        raise Refused(_("现在没有要打电话的单位"))
    calls = (show_number(claim, actor=actor) for claim in claims)
    return [call for call in calls if call]
