"""The steps from agreement to a union: preparation, candidates, election, approval, founding, registration, account.

What each step asks for stands in `rules/founding.py`; what a notice may change is a dated parameter.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gonghui.areas.members.actions import move_in, watch
from gonghui.areas.members.queries import movers
from gonghui.areas.register.actions import add_contact, cover_employer, edit_union, found_union
from gonghui.areas.register.models import Employer
from gonghui.areas.unionbuilding.actions.care import begin_aftercare, learn
from gonghui.areas.unionbuilding.actions.papers import draw_up
from gonghui.areas.unionbuilding.actions.prospects import advance
from gonghui.areas.unionbuilding.models import Candidate, Founding, Prospect
from gonghui.areas.unionbuilding.queries import numbers, progress
from gonghui.areas.unionbuilding.rules import PROSPECT_FLOW, Stream
from gonghui.areas.unionbuilding.rules.care import DutyKind
from gonghui.areas.unionbuilding.rules.founding import (
    Ballot,
    CountingDay,
    Invalid,
    PaperKind,
    Post,
    check_meeting,
    elected,
    needs_of,
)
from gonghui.core.actions.action import NotAllowed, Refused, action, change, next_state
from gonghui.core.actions.actor import Actor
from gonghui.core.history.actions import log_reading
from gonghui.core.organisations.models import Kind, Organisation
from gonghui.core.reference.queries import choices, parameter
from gonghui.kit.dates import today
from gonghui.kit.text import enumerated

WHY = "the founding of a prospect that an action has locked"
LONGEST_ACCOUNT, SHORTEST_ACCOUNT = 30, 8


def employer_of(prospect: Prospect, actor: Actor, permission: str) -> Employer:
    """The employer, locked; NotAllowed where the right does not reach it."""
    rows = Employer.objects.changeable_by(actor, permission).select_for_update(of=("self",))
    employer = rows.filter(pk=prospect.employer_id).first()
    if employer is None:
        raise NotAllowed(permission)
    return employer


def founding_of(prospect: Prospect) -> Founding:
    """Its founding, locked."""
    founding: Founding = Founding.objects.unscoped(WHY).select_for_update(of=("self",)).get(prospect=prospect)
    return founding


def ready(prospect: Prospect, step: str) -> None:
    """Refuses a step that the state does not allow, or that lacks something."""
    next_state(PROSPECT_FLOW, step, prospect.state)
    missing = [need.label for need in needs_of(step, progress(prospect)) if not need.is_met]
    if missing:
        raise Refused(_("还差：%(what)s") % {"what": enumerated(missing)})


def check_day(on: dt.date, earliest: dt.date | None) -> None:
    """Refuses a day to come, and one before the step that had to come first."""
    if on > today():
        raise Refused(_("日期不能晚于今天"), field="on")
    if earliest and on < earliest:
        raise Refused(_("日期不能早于上一步的 %(day)s") % {"day": earliest}, field="on")


# -- preparation ------------------------------------------------------------------------------------------------


@action("unionbuilding.approve_preparation", label=_("批复筹备"))
def approve_preparation(prospect: Prospect, /, *, actor: Actor, document: str, on: dt.date, **plan: Any) -> Founding:
    """The union above agrees that the employer prepares a union (批复一): preparatory group, members and women, seats of the committee.

    `plan` are the plain fields of Founding. The letter is drawn up with it.
    """
    ready(prospect, "prepare")
    check_day(on, None)
    if not document.strip():
        raise Refused(_("请填写批复文号"), field="document")
    employer = employer_of(prospect, actor, "unionbuilding.approve_preparation")
    check_plan(prospect, plan)
    founding = Founding(prospect=prospect, employer=employer, preparation_document=document.strip(), preparation_on=on, **plan)
    founding.save(force_insert=True)
    advance(prospect, "prepare")
    draw_up(prospect, PaperKind.PREPARATION, actor=actor, document=founding.preparation_document, on=on)
    return founding


def check_plan(prospect: Prospect, plan: Mapping[str, Any]) -> None:
    """Refuses numbers that cannot be; a dispatching firm says how many of its workers are dispatched."""
    if prospect.stream == Stream.DISPATCH and plan.get("dispatched") is None:
        raise Refused(_("劳务派遣单位请填写劳务派遣职工人数"), field="dispatched")
    if plan.get("women") is not None and prospect.headcount is not None and plan["women"] > prospect.headcount:
        raise Refused(_("女职工人数不能多于职工人数 %(count)s") % {"count": prospect.headcount}, field="women")


@action("unionbuilding.edit_plan", label=_("修改筹备方案"))
def edit_plan(prospect: Prospect, /, *, actor: Actor, **plan: Any) -> None:
    """Corrects what was planned, until the candidates are approved."""
    if prospect.state != "preparing":
        raise Refused(_("现在的状态不能修改筹备方案"))
    check_plan(prospect, plan)
    change(founding_of(prospect), **plan)


# -- candidates -------------------------------------------------------------------------------------------------


@action("unionbuilding.nominate", label=_("登记候选人"))
def nominate(prospect: Prospect, /, *, actor: Actor, **values: Any) -> Candidate:
    """Puts somebody down for a post. Whether he may stand is judged when the candidates are reviewed."""
    if prospect.state != "preparing":
        raise Refused(_("筹备期间才能登记候选人"))
    candidate = Candidate(founding=founding_of(prospect), **values)
    candidate.save(force_insert=True)
    return candidate


def check_preparing(candidate: Candidate) -> None:
    """Candidates change until they are approved."""
    if candidate.founding.prospect.state != "preparing":
        raise Refused(_("候选人已经审核，不能再改"))


@action("unionbuilding.edit_candidate", label=_("修改候选人"))
def edit_candidate(candidate: Candidate, /, *, actor: Actor, **values: Any) -> None:
    """Corrects what was put down of a candidate."""
    check_preparing(candidate)
    change(candidate, **values)


@action("unionbuilding.remove_candidate", label=_("撤下候选人"))
def remove_candidate(candidate: Candidate, *, actor: Actor) -> None:
    """The candidate does not stand any more."""
    check_preparing(candidate)
    candidate.delete()


@action("unionbuilding.approve_candidates", label=_("审核候选人"))
def approve_candidates(prospect: Prospect, *, actor: Actor, on: dt.date) -> None:
    """The union above has reviewed who stands (候选人审核): nobody barred, bodies of the right size, more candidates than seats."""
    ready(prospect, "nominate")
    founding = founding_of(prospect)
    check_day(on, founding.preparation_on)
    change(founding, reviewed_on=on)
    advance(prospect, "nominate")


@action("unionbuilding.reopen_candidates", label=_("重新提名候选人"))
def reopen_candidates(prospect: Prospect, *, actor: Actor) -> None:
    """The meeting has elected nobody, or a candidate withdraws: who stands is put down and reviewed anew."""
    next_state(PROSPECT_FLOW, "renominate", prospect.state)
    change(founding_of(prospect), reviewed_on=None)
    advance(prospect, "renominate")


# -- election ---------------------------------------------------------------------------------------------------


@action("unionbuilding.record_election", label=_("登记选举"))
def record_election(
    prospect: Prospect, *, actor: Actor, on: dt.date, meeting: str, due: int, present: int, votes: Mapping[int, int]
) -> list[Candidate]:
    """What a meeting has elected; `votes` by the key of the candidate. Those who stood and what they got is kept.

    Refused where the meeting could not elect, or nobody was elected chair (工会基层组织选举工作条例 (2016)).
    """
    ready(prospect, "elect")
    founding = founding_of(prospect)
    check_day(on, founding.reviewed_on)
    rows = list(Candidate.objects.unscoped(WHY).filter(founding=founding).order_by("pk"))
    ballot = Ballot(meeting, due, present, {one.pk: (one.post, votes.get(one.pk, 0)) for one in rows})
    try:
        check_meeting(ballot, founding.members, rules := numbers(on))
        winners = elected(ballot, founding.seats, rules)
    except Invalid as fault:
        raise Refused(fault.sentence, field=fault.field) from fault
    for one in rows:
        change(one, votes=votes.get(one.pk, 0), is_elected=one.pk in winners)
    change(founding, meeting=meeting, election_on=on, due=due, present=present)
    advance(prospect, "elect")
    return [one for one in rows if one.is_elected]


@action("unionbuilding.approve_result", label=_("批复选举结果"))
def approve_result(prospect: Prospect, *, actor: Actor, document: str, on: dt.date) -> None:
    """The union above approves the result (批复二); the letter is drawn up with it."""
    ready(prospect, "approve")
    founding = founding_of(prospect)
    check_day(on, founding.election_on)
    if not document.strip():
        raise Refused(_("请填写批复文号"), field="document")
    change(founding, result_document=document.strip(), result_on=on)
    advance(prospect, "approve")
    draw_up(prospect, PaperKind.RESULT, actor=actor, document=founding.result_document, on=on)


# -- founding ---------------------------------------------------------------------------------------------------


def counting_day(founding: Founding) -> dt.date:
    """The day from which the new union counts: the one that the parameter names on the day of the approval."""
    asked = CountingDay(str(parameter("unionbuilding.counting_day", founding.result_on or today())))
    days = {
        CountingDay.PREPARATION: founding.preparation_on,
        CountingDay.ELECTION: founding.election_on,
        CountingDay.RESULT: founding.result_on,
    }
    return days[asked] or today()


@action("unionbuilding.found", label=pgettext_lazy("verb", "建会"))
def found(prospect: Prospect, *, actor: Actor, name: str = "", uscc: str = "", moves: bool = True) -> Organisation:
    """Founds the union below the one that has worked on it, and covers the employer from the day that counts; all or nothing.

    Those who joined individually move in the same moment, unless `moves` says no; what the union still has to do becomes its street's
    to-do list.
    """
    ready(prospect, "found")
    employer = employer_of(prospect, actor, "unionbuilding.found")
    founding = founding_of(prospect)
    on = counting_day(founding)
    union = found_union(
        prospect.organisation,
        actor=actor,
        name=name.strip() or founding.union_name,
        kind=Kind.OWN,
        on=on,
        document=founding.result_document,
        region=employer.region,
        uscc=uscc,
    )
    advance(prospect, "found", ended_on=on)
    cover_employer(employer, actor=actor, union=union, since=on, basis=founding.result_document)
    add_chair(founding, union, actor, on)
    change(founding, union=union, counts_from=on)
    employer.refresh_from_db()
    if moves and movers(employer, union, on):
        move_in(union, actor=actor, employer=employer, on=on)
    watch([employer])
    begin_aftercare(founding, employer, prospect.organisation)
    return union


def add_chair(founding: Founding, union: Organisation, actor: Actor, on: dt.date) -> None:
    """Whoever was elected chair stands with the union as such."""
    chair = Candidate.objects.unscoped(WHY).filter(founding=founding, post=Post.CHAIR, is_elected=True).first()
    if chair:
        add_contact(union, actor=actor, post="chair", name=chair.name, phone="", since=on)


def union_of(founding: Founding) -> Organisation:
    """The union that was founded."""
    if founding.union is None:
        raise Refused(_("还没有建会"))
    return founding.union


@action("unionbuilding.record_registration", label=_("登记法人资格"))
def record_registration(prospect: Prospect, *, actor: Actor, certificate: str, on: dt.date, uscc: str = "") -> None:
    """The union has become a legal person: the number of its certificate, and its own credit code."""
    next_state(PROSPECT_FLOW, "register", prospect.state)
    founding = founding_of(prospect)
    check_day(on, founding.counts_from)
    if not certificate.strip():
        raise Refused(_("请填写法人资格证书号"), field="certificate")
    if uscc.strip():
        edit_union(union_of(founding), actor=actor, uscc=uscc)
    change(founding, certificate=certificate.strip(), registered_on=on)
    advance(prospect, "register")
    learn(union_of(founding), DutyKind.LEGAL_PERSON, on, _("法人资格证书 %(number)s") % {"number": founding.certificate})


@action("unionbuilding.record_account", label=_("登记开户"))
def record_account(prospect: Prospect, *, actor: Actor, bank: str, number: str, on: dt.date) -> None:
    """The union has an account of its own; its number is sealed."""
    next_state(PROSPECT_FLOW, "open_account", prospect.state)
    founding = founding_of(prospect)
    check_day(on, founding.counts_from)
    digits = number.replace(" ", "").replace("-", "")
    if not digits.isdigit() or not SHORTEST_ACCOUNT <= len(digits) <= LONGEST_ACCOUNT:
        raise Refused(
            _("账号应为 %(least)s 至 %(most)s 位数字") % {"least": SHORTEST_ACCOUNT, "most": LONGEST_ACCOUNT}, field="number"
        )
    founding.set_account(digits)
    sealed = {"account_sealed": founding.account_sealed, "account_masked": founding.account_masked}
    change(founding, bank=bank.strip(), account_on=on, **sealed)
    edit_union(union_of(founding), actor=actor, keeps_own_funds=True)
    advance(prospect, "open_account")
    learn(
        union_of(founding),
        DutyKind.ACCOUNT,
        on,
        _("%(bank)s %(account)s") % {"bank": founding.bank, "account": founding.account_masked},
    )


@action("unionbuilding.reveal_account", label=_("查看完整账号"), asks_second_factor=True)
def reveal_account(founding: Founding, *, actor: Actor, reason: str) -> str:
    """The full number of a union's account, after the reading has been logged with its reason."""
    if not founding.account_sealed:
        raise Refused(_("没有登记这个号码"))
    said = dict(choices("reveal_reason", today())).get(reason, "")
    holder = founding.prospect.organisation_id
    log_reading(founding, actor=actor, organisation_id=holder, what=str(_("账号")), reason=said)
    return founding.account()


# -- other ends -------------------------------------------------------------------------------------------------


@action("unionbuilding.cover_jointly", label=_("由联合工会覆盖"))
def cover_jointly(prospect: Prospect, *, actor: Actor, union: Organisation, since: dt.date, basis: str = "") -> None:
    """A joint union covers the employer from a day on: newly organised, without a union of its own."""
    if union.kind == Kind.OWN:
        raise Refused(_("单独建会的工会只覆盖一家单位，请选联合工会"), field="union")
    cover_by(prospect, "cover", actor, union, since, basis)


@action("unionbuilding.join_existing", label=_("加入已有工会"))
def join_existing(prospect: Prospect, *, actor: Actor, union: Organisation, since: dt.date, basis: str = "") -> None:
    """The employer turns out to belong to a union that is there already, and is put under it from a day on."""
    cover_by(prospect, "join", actor, union, since, basis)


def cover_by(prospect: Prospect, step: str, actor: Actor, union: Organisation, since: dt.date, basis: str) -> None:
    """Ends a prospect with a union that covers it."""
    rule = PROSPECT_FLOW.step(step)
    next_state(PROSPECT_FLOW, step, prospect.state)
    employer = employer_of(prospect, actor, rule.action)
    advance(prospect, step, ended_on=since)
    cover_employer(employer, actor=actor, union=union, since=since, basis=basis)
