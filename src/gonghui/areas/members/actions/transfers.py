"""Moving a membership from one union to another (接转), with a clock on each side.

Whoever takes the worker on asks; the union that holds the membership releases it or says why not; when it is silent the matter goes to
its parent, and when that is silent too the membership moves by itself. Until it has moved it counts where it was, so nothing lapses.
Source: 工会会员会籍管理办法 (2016) art. 3, 13–15 (会籍随劳动关系流动，一次入会、动态接转).
"""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from gonghui.areas.members.actions.membership import holds_individually, new_spell, take_over, watch_person
from gonghui.areas.members.actions.telling import (
    TRANSFER_ACCEPTED,
    TRANSFER_COMPLETED,
    TRANSFER_REQUESTED,
    TRANSFER_STOPPED,
    TRANSFER_WITHDRAWN,
    tell_of_transfer,
)
from gonghui.areas.members.models import Employment, Membership, Spell, Transfer
from gonghui.areas.members.queries import current_employments, living, open_transfer
from gonghui.areas.members.rules import MEMBERSHIP_FLOW, OPEN_TRANSFER, TRANSFER_FLOW
from gonghui.areas.register.models import Employer
from gonghui.core.actions.action import NotAllowed, Refused, action, change, next_state
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import beyond_scope
from gonghui.core.history.look_ups import Telling, look_up
from gonghui.core.organisations.models import Organisation
from gonghui.core.organisations.queries import managing_union
from gonghui.core.people.models import Person
from gonghui.core.people.queries import person_with
from gonghui.core.reference.calendar import working_days_after
from gonghui.core.reference.queries import parameter
from gonghui.kit.dates import from_day, today, until
from gonghui.kit.identity import Document
from gonghui.kit.names import normal

WHY = "a membership moves from one union to another"


def clocks(on: dt.date) -> dict[str, Any]:
    """Until when the holder must answer, and then its parent."""
    answer = working_days_after(on, parameter("members.transfer_answer_days", on))
    superior = working_days_after(answer.day, parameter("members.transfer_superior_days", on))
    return {"answer_by": answer.day, "superior_by": superior.day, "is_tentative": superior.is_tentative}


def neutral(transfer: Transfer) -> str:
    """What whoever asks is told of a membership held elsewhere: not by whom, but what happens and until when."""
    last = transfer.superior_by or transfer.requested_on
    day = _now("%(month)s月%(day)s日") % {"month": last.month, "day": last.day}
    return _now("该职工会籍在其他单位，已发出接转申请，最迟 %(day)s答复") % {"day": day}


@action("members.request_transfer", label=_("请求接转"))
def request_transfer(
    target: Organisation, *, actor: Actor, person: Person, employer: Employer | None = None, on: dt.date | None = None
) -> Transfer:
    """The union that takes a worker on asks for his membership, whoever holds it. Asking twice is once."""
    membership = living([person]).get(person.pk)
    if membership is None:
        raise Refused(_("这个人没有会籍，请直接登记入会"))
    if target.state != "active":
        raise Refused(_("“%(name)s”现在不是正常状态") % {"name": target.name})
    if (present := open_transfer(membership)) and present.target_id == target.pk:
        return present
    return _begin(membership, target, employer, "requested", clocks(on or today()), on or today())


def ask_for(target: Organisation, *, actor: Actor, document: Document, name: str, employer: Employer | None = None) -> Transfer:
    """The same for somebody known by name and number only. What is refused is the same whether the number, the name or the membership
    is unknown; each time counts as a look-up."""
    person = person_with(document)
    if person is None or person.name != normal(name) or not living([person]):
        said = _("没有查到姓名和证件号码都相符的会员，请核对；还不是会员的请办理入会")
        raise Telling(said, actor=actor, organisation_id=target.pk, field="number")
    look_up(actor, target.pk)
    return request_transfer(target, actor=actor, person=person, employer=employer)


@action("members.request_own_transfer", label=_("申请接转"))
def request_own_transfer(
    membership: Membership, *, actor: Actor, target: Organisation, employer: Employer | None = None
) -> Transfer:
    """A worker asks that his own membership move to another union, which must first take him on."""
    days = working_days_after(today(), parameter("members.transfer_answer_days", today()))
    return _begin(membership, target, employer, "proposed", {"answer_by": days.day, "is_tentative": days.is_tentative}, today())


@action("members.hand_over", label=_("转出至属地工会"))
def hand_over(membership: Membership, *, actor: Actor, on: dt.date, reason: str = "") -> Transfer:
    """The worker has left and no union has asked for him yet: from that day on the street's or the system's union above holds him.

    So nothing lapses until the union of his next place of work asks for him. There is no clock: who hands over lets go.
    Source: 工会会员会籍管理办法 (2016) art. 13–15.
    """
    if membership.organisation.is_managing:
        raise Refused(_("会籍已在属地或系统工会，由新单位的工会发起接转"))
    if on > today():
        raise Refused(_("日期不能晚于今天"), field="on")
    end_work(membership.person, on)
    transfer = _begin(membership, managing_union(membership.organisation), None, "requested", {"reason": reason}, on)
    complete(transfer, "completed", on)
    return transfer


def _begin(
    membership: Membership,
    target: Organisation,
    employer: Employer | None,
    state: str,
    clocks: dict[str, Any],
    on: dt.date,
) -> Transfer:
    if membership.organisation_id == target.pk:
        raise Refused(_("这个人的会籍已经在这里"))
    if not MEMBERSHIP_FLOW.allows("request_transfer", membership.state):
        raise Refused(_("这份会籍已有一份接转在办理，请等答复或先撤回"))
    with beyond_scope(WHY):
        transfer = Transfer(
            membership=membership,
            name=membership.person.name,
            origin_id=membership.organisation_id,
            target=target,
            employer=employer,
            state=state,
            before=membership.state,
            requested_on=on,
            **clocks,
        )
        transfer.save(force_insert=True)
        change(membership, state="in_transfer")
    if state == "requested":  # who proposes his own knows
        tell_of_transfer(transfer, TRANSFER_REQUESTED)
    return transfer


def _step(transfer: Transfer, step: str, actor: Actor, side: str) -> str:
    """The state a step leads to, for whoever acts at that side ("origin" or "target") of the transfer."""
    rule = TRANSFER_FLOW.step(step)
    with beyond_scope(WHY):
        path = getattr(transfer, side).path
    if not actor.can_at(rule.action, path):
        raise NotAllowed(rule.action)
    return next_state(TRANSFER_FLOW, step, transfer.state)


@action("members.accept_transfer", label=_("接收"))
def accept_transfer(transfer: Transfer, *, actor: Actor) -> None:
    """The new union takes the worker on; the holder's clock begins."""
    change(transfer, state=_step(transfer, "accept", actor, "target"), **clocks(today()))
    tell_of_transfer(transfer, TRANSFER_ACCEPTED)


@action("members.decline_transfer", label=_("不接收"))
def decline_transfer(transfer: Transfer, *, actor: Actor, reason: str) -> None:
    """The new union does not take the worker on, and says why."""
    _stop(transfer, _step(transfer, "decline", actor, "target"), reason)
    tell_of_transfer(transfer, TRANSFER_STOPPED, reason=transfer.reason)


@action("members.release_transfer", label=_("转出"))
def release_transfer(transfer: Transfer, *, actor: Actor) -> None:
    """The holder, or its parent, lets the membership go: it is the new union's from today."""
    target = _step(transfer, "release", actor, "origin")
    complete(transfer, target, today())


@action("members.refuse_transfer", label=_("不同意转出"))
def refuse_transfer(transfer: Transfer, *, actor: Actor, reason: str) -> None:
    """The holder keeps the membership and says why; the clock stops."""
    _stop(transfer, _step(transfer, "refuse", actor, "origin"), reason)
    tell_of_transfer(transfer, TRANSFER_STOPPED, reason=transfer.reason)


@action("members.withdraw_transfer", label=_("撤回接转"))
def withdraw_transfer(transfer: Transfer, *, actor: Actor) -> None:
    """Whoever asked does not ask any more: the new union, or the worker for his own."""
    rule = TRANSFER_FLOW.step("withdraw")
    with beyond_scope(WHY):
        is_own = actor.person_id == transfer.membership.person_id and rule.action in actor.own
        path = transfer.target.path
    if not is_own and not actor.can_at(rule.action, path):
        raise NotAllowed(rule.action)
    _stop(transfer, next_state(TRANSFER_FLOW, "withdraw", transfer.state), str(_("撤回")))
    if not is_own:
        tell_of_transfer(transfer, TRANSFER_WITHDRAWN)


def _stop(transfer: Transfer, state: str, reason: str) -> None:
    if not reason.strip():
        raise Refused(_("请写明原因"), field="reason")
    with beyond_scope(WHY):
        change(transfer, state=state, ended_on=today(), reason=reason.strip())
        change(transfer.membership, state=transfer.before)


def complete(transfer: Transfer, state: str, on: dt.date) -> None:
    """The membership, and the person with it, are the new union's from a day on; work that he has left ends."""
    with beyond_scope(WHY):
        membership = transfer.membership
        watch_person(membership)
        new_spell(membership, transfer.target, on)
        change(
            membership,
            state="active",
            organisation=transfer.target,
            is_individual=holds_individually(transfer.target),
            retained="",
        )
        take_over(membership.person, transfer.target)
        if transfer.employer:
            change_work(membership.person, transfer.employer, on)
        change(transfer, state=state, ended_on=on)
        watch_person(membership)
    tell_of_transfer(transfer, TRANSFER_COMPLETED)


def end_work(person: Person, on: dt.date) -> None:
    """From a day on a person works for none of those that he worked for before."""
    for one in current_employments([person]).get(person.pk, []):
        change(one, valid=until(one.valid, max(on, one.valid.lower + dt.timedelta(days=1))))


def change_work(person: Person, employer: Employer, on: dt.date) -> None:
    """From a day on a person works for this employer and for no other that he worked for before."""
    present = current_employments([person]).get(person.pk, [])
    if any(one.employer_id == employer.pk for one in present):
        return
    for one in present:
        change(one, valid=until(one.valid, max(on, one.valid.lower)))
    Employment(person=person, employer=employer, valid=from_day(on)).save(force_insert=True)


@action("members.advance_transfers", label=_("到期办理接转"))
def advance_transfer(transfer: Transfer, *, actor: Actor, on: dt.date) -> None:
    """What a day that has come does to a transfer: silence of the holder goes up, silence of its parent moves the membership."""
    if transfer.state == "requested" and transfer.answer_by and on > transfer.answer_by:
        change(transfer, state="escalated")
    if transfer.state == "escalated" and transfer.superior_by and on > transfer.superior_by:
        complete(transfer, "completed", first_free_day(transfer, transfer.superior_by))


def first_free_day(transfer: Transfer, limit: dt.date) -> dt.date:
    """The day after the superior's limit; later only where the membership has changed its place in the tree meanwhile."""
    held: Spell = Spell.objects.unscoped(WHY).get(membership=transfer.membership_id, valid__upper_inf=True)
    following: dt.date = max(limit + dt.timedelta(days=1), held.valid.lower)
    return following


def advance_transfers(actor: Actor, on: dt.date) -> int:
    """The transfers whose clock has run out by a day, one after another; how many there were."""
    rows = Transfer.objects.visible_to(actor).filter(state__in=OPEN_TRANSFER, answer_by__lt=on).exclude(state="proposed")
    due = list(rows.order_by("answer_by", "pk"))
    for transfer in due:
        advance_transfer(transfer, actor=actor, on=on)
    return len(due)
