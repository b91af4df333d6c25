"""Striking employers off the eligible ones (剔除): proposed by the street, decided by the district, never by the same person."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from gonghui.areas.register.actions.employers import end_state
from gonghui.areas.register.models import Employer, Standing, StrikeOff
from gonghui.areas.register.rules import EMPLOYER_FLOW, STRIKE_OFF_FLOW, CoverageState
from gonghui.core.actions.action import NotAllowed, Refused, action, change, next_state
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.dated import same, supersede
from gonghui.kit.dates import today


def _employer(strike_off: StrikeOff) -> Employer:
    rows = Employer.objects.unscoped("the employer of a proposal that an action has locked")
    return rows.select_for_update(of=("self",)).get(pk=strike_off.employer_id)


def _another_person(strike_off: StrikeOff, actor: Actor) -> None:
    """Two persons; the database holds the same (register_strike_off_two_persons)."""
    if actor.user_id is None:
        raise NotAllowed("register.approve_strike_off")
    if strike_off.proposed_by_id == actor.user_id:
        raise Refused(StrikeOff.sentences["register_strike_off_two_persons"])


@action("register.propose_strike_off", label=_("申报剔除"))
def propose_strike_off(employer: Employer, *, actor: Actor, reason: str, evidence: str) -> StrikeOff:
    """Proposes to strike an employer off, with a typed reason and what was found out."""
    next_state(EMPLOYER_FLOW, "strike_off", employer.state)
    if employer.coverage != CoverageState.NONE:
        raise Refused(_("已有工会覆盖的单位不能剔除，请先结束覆盖"))
    if not evidence.strip():
        raise Refused(_("请写明核实情况：何时、何人、用什么方法核实"), field="evidence")
    if actor.user_id is None:
        raise NotAllowed("register.propose_strike_off")
    strike_off = StrikeOff(
        employer=employer,
        organisation_id=employer.organisation_id,
        state="proposed",
        reason=reason,
        evidence=evidence.strip(),
        proposed_by_id=actor.user_id,
        proposed_on=today(),
    )
    strike_off.save(force_insert=True)
    return strike_off


@action("register.approve_strike_off", label=_("同意剔除"))
def approve_strike_off(strike_off: StrikeOff, *, actor: Actor, on: dt.date, decision: str = "") -> None:
    """The district strikes the employer off from a day on."""
    _another_person(strike_off, actor)
    target = next_state(STRIKE_OFF_FLOW, "approve", strike_off.state)
    change(strike_off, state=target, decided_by_id=actor.user_id, decided_on=on, decision=decision)
    end_state(_employer(strike_off), "strike_off", on=on, reason=strike_off.reason)


@action("register.return_strike_off", label=_("退回"))
def return_strike_off(strike_off: StrikeOff, *, actor: Actor, decision: str) -> None:
    """The district sends the proposal back with a reason."""
    _another_person(strike_off, actor)
    if not decision.strip():
        raise Refused(_("请写明退回的原因"), field="decision")
    target = next_state(STRIKE_OFF_FLOW, "return", strike_off.state)
    change(strike_off, state=target, decided_by_id=actor.user_id, decided_on=today(), decision=decision)


@action("register.withdraw_strike_off", label=_("撤销剔除"))
def withdraw_strike_off(strike_off: StrikeOff, *, actor: Actor, reason: str) -> None:
    """The striking off was a mistake: it never held, and the figures of past days are corrected."""
    if not reason.strip():
        raise Refused(_("请写明为什么是误剔"), field="reason")
    change(strike_off, state=next_state(STRIKE_OFF_FLOW, "withdraw", strike_off.state), ended_on=today(), decision=reason)
    employer = _employer(strike_off)
    struck = Standing.objects.unscoped("the standing that was a mistake").filter(employer=employer, state="struck_off")
    for standing in struck.filter(valid__contains=strike_off.decided_on):
        change(standing, state="active", reason=reason)
    change(employer, state=next_state(EMPLOYER_FLOW, "withdraw", employer.state))


@action("register.restore_employer", label=_("恢复"))
def restore_employer(strike_off: StrikeOff, *, actor: Actor, on: dt.date, reason: str) -> None:
    """The employer is eligible again from a day on; the days in between stay as they were."""
    if on > today() or (strike_off.decided_on and on <= strike_off.decided_on):
        raise Refused(_("恢复日期须晚于剔除日期，且不晚于今天"), field="on")
    if not reason.strip():
        raise Refused(_("请写明恢复的原因"), field="reason")
    change(strike_off, state=next_state(STRIKE_OFF_FLOW, "restore", strike_off.state), ended_on=on, decision=reason)
    employer = _employer(strike_off)
    supersede(Standing, "employer", [employer.pk], on, same([employer.pk], state="active", reason=reason))
    change(employer, state=next_state(EMPLOYER_FLOW, "restore", employer.state))
