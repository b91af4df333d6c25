"""Striking off in bulk what nobody has found (筛查): findings, attempts and lists are the evidence, the district decides."""

from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from gonghui.areas.register.actions import propose_strike_off
from gonghui.areas.register.models import Employer, StrikeOff
from gonghui.areas.unionbuilding.models import Attempt, Finding, Prospect
from gonghui.areas.unionbuilding.queries import gone_from
from gonghui.areas.unionbuilding.rules import Outcome
from gonghui.core.actions.action import Refused
from gonghui.core.actions.actor import Actor
from gonghui.kit.text import together

WHY = "the evidence about an employer that an action has locked"
MOST_CHARACTERS = 500


def propose_screened(prospect: Prospect, *, actor: Actor, reason: str = "", note: str = "") -> StrikeOff:
    """Proposes to strike off what was screened: the reason as found or as given, and the evidence as it was written down. Refused
    without a reason where there is nothing but a list that has it no more."""
    employer = prospect.employer
    given = reason or reason_of(employer)
    if not given:
        raise Refused(
            _("“%(name)s”只是不再出现于名单，还没有联系或核实过，请选择原因") % {"name": employer.name}, field="reason"
        )
    evidence = together([note.strip(), evidence_of(employer, actor)])[:MOST_CHARACTERS]
    return propose_strike_off(employer, actor=actor, reason=given, evidence=evidence)


def reason_of(employer: Employer) -> str:
    """Why, as the last finding says; what was tried and never found is unreachable. Empty where nobody has tried."""
    last = Finding.objects.unscoped(WHY).filter(employer=employer).order_by("-on", "-pk").first()
    if last and last.outcome == Outcome.DUPLICATE:
        return "duplicate"
    if last and last.outcome == Outcome.CLOSED and last.reason:
        return last.reason
    return "unreachable" if Attempt.objects.unscoped(WHY).filter(employer=employer).exists() else ""


def evidence_of(employer: Employer, actor: Actor) -> str:
    """What was found out and what was tried, newest first: when, how, what came of it, by whom; and the lists that have it no more."""
    findings = Finding.objects.unscoped(WHY).filter(employer=employer).select_related("by").order_by("-on", "-pk")[:5]
    attempts = Attempt.objects.unscoped(WHY).filter(employer=employer).select_related("by").order_by("-at", "-pk")[:10]
    told = [line(one.on.isoformat(), str(one), one.note, one.by) for one in findings]
    told += [line(f"{timezone.localtime(one.at):%Y-%m-%d %H:%M}", str(one), one.note, one.by) for one in attempts]
    told += [_now("%(list)s：不再出现") % {"list": one.edition} for one in gone_from(actor, employer.pk)]
    return together(told)[:MOST_CHARACTERS]


def line(when: str, what: str, note: str, by: object) -> str:
    """One piece of evidence."""
    name = getattr(by, "name", "")
    said = f"{what}，{note}" if note else what
    return _now("%(when)s %(what)s（%(name)s）") % {"when": when, "what": said, "name": name} if name else f"{when} {said}"
