"""How the flows are tried: for each a record in every state, and for each step how its action is called."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from gonghui.areas.members import actions as members
from gonghui.areas.members.models import Application, Correction, Membership, Transfer
from gonghui.areas.register import actions as register
from gonghui.areas.register.actions import EmployerRow
from gonghui.areas.register.models import Employer, EmployerMerge, StrikeOff, UnionMerge
from gonghui.core.access import actions as access
from gonghui.core.access.models import Invitation
from gonghui.core.accounts.models import User
from gonghui.core.actions.action import change
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import acting, entry
from gonghui.core.exchange import actions as exchange
from gonghui.core.exchange.models import Batch
from gonghui.core.organisations.models import Kind, Organisation
from gonghui.core.people.actions import PersonRow
from gonghui.core.people.models import Person
from gonghui.kit.dates import today
from gonghui.kit.identity import check_character, checked
from tests.cast import LONG_AGO, SYSTEM, Cast
from tests.unionbuilding import ways as building
from tests.way import NUMBERS, WHY, YESTERDAY, Way, the_joint_union, union


def employer_in(cast: Cast, state: str) -> Employer:
    """An employer whose striking off was proposed while it was active, and what became of it."""
    row = EmployerRow("被试单位", LONG_AGO, region=cast.street.region)
    employer = register.enter_employer(cast.street, actor=SYSTEM, row=row)
    proposal = proposed(cast, employer)
    if state == "struck_off":
        decided(cast, proposal)
    elif state == "merged":
        merged_employer(employer, SYSTEM)
    elif state != "active":
        action = {"closed": register.close_employer, "moved": register.move_out_employer}[state]
        action(employer, actor=SYSTEM, on=YESTERDAY, reason="测试")
    return employer


def merged_employer(employer: Employer, actor: Actor) -> None:
    """It is merged into a new one; what waited of its striking off has been returned, in the actor's name."""
    with acting(SYSTEM):
        holder = union(code="110101001")
        kept = register.enter_employer(holder, actor=SYSTEM, row=EmployerRow("另一家", LONG_AGO, region=holder.region))
        with entry("register.return_strike_off", actor):
            for one in StrikeOff.objects.unscoped(WHY).filter(employer=employer, state="proposed"):
                change(one, state="returned")
    register.merge_employers(kept, actor=actor, dropped=employer)


def parted_employer(employer: Employer, actor: Actor) -> None:
    """Its merge is taken back; of one that was never merged, that of another, which was taken back already."""
    with acting(SYSTEM):
        merge = EmployerMerge.objects.unscoped(WHY).filter(dropped=employer).last()
        if merge is None:
            holder = union(code="110101001")
            rows = [EmployerRow(name, LONG_AGO, region=holder.region) for name in ("某家", "又一家")]
            kept, dropped = register.enter_employers(holder, actor=SYSTEM, rows=rows)
            merge = register.merge_employers(kept, actor=SYSTEM, dropped=dropped)
            register.unmerge_employers(merge, actor=SYSTEM)
    register.unmerge_employers(merge, actor=actor)


def another_union(name: str) -> Organisation:
    """One more own union below the street."""
    street = union(code="110101001")
    return register.found_union(street, actor=SYSTEM, name=name, kind=Kind.OWN, on=LONG_AGO, document="京工发〔2015〕4号")


def merged_union(one: Organisation, actor: Actor) -> None:
    """It is merged into a new one."""
    with acting(SYSTEM):
        kept = another_union("另一工会")
    register.merge_unions(kept, actor=actor, dropped=one)


def parted_union(one: Organisation, actor: Actor) -> None:
    """Its merge is taken back; of one that was never merged, that of another, which was taken back already."""
    with acting(SYSTEM):
        merge = UnionMerge.objects.unscoped(WHY).filter(dropped=one).last()
        if merge is None:
            merge = register.merge_unions(another_union("某工会"), actor=SYSTEM, dropped=another_union("又一工会"))
            register.unmerge_unions(merge, actor=SYSTEM)
    register.unmerge_unions(merge, actor=actor)


def proposed(cast: Cast, employer: Employer, by: str = "street_officer") -> StrikeOff:
    """A proposal to strike it off."""
    return register.propose_strike_off(employer, actor=cast.actor(by), reason="unreachable", evidence="三次走访均无人")


def decided(cast: Cast, proposal: StrikeOff) -> None:
    """The district agrees, from yesterday on."""
    register.approve_strike_off(proposal, actor=cast.actor("district_chair"), on=YESTERDAY)


def strike_off_in(cast: Cast, state: str) -> StrikeOff:
    """A proposal in a state."""
    row = EmployerRow("被报单位", LONG_AGO, region=cast.street.region)
    proposal = proposed(cast, register.enter_employer(cast.street, actor=SYSTEM, row=row))
    if state == "returned":
        register.return_strike_off(proposal, actor=cast.actor("district_chair"), decision="请补材料")
    elif state != "proposed":
        decided(cast, proposal)
    if state == "withdrawn":
        register.withdraw_strike_off(proposal, actor=SYSTEM, reason="误剔")
    elif state == "restored":
        register.restore_employer(proposal, actor=SYSTEM, on=today(), reason="恢复营业")
    return proposal


def union_in(cast: Cast, state: str) -> Organisation:
    """A union below the street in a state."""
    union = register.propose_union(cast.street, actor=SYSTEM, name="被试工会", kind=Kind.OWN, on=today())
    if state == "returned":
        register.return_union(union, actor=SYSTEM, note="请补材料")
    elif state != "proposed":
        register.approve_union(union, actor=SYSTEM, on=YESTERDAY, document="京工发〔2026〕1号")
    if state == "merged":
        merged_union(union, SYSTEM)
    elif state == "dissolved":
        register.dissolve_union(union, actor=SYSTEM, on=today(), reason="测试")
    return union


WORKBOOK = "单位名称,职工人数\n被导入的店,3\n".encode()


def started(organisation: Organisation, actor: Actor) -> Batch:
    """An employer list that was uploaded."""
    return exchange.start_batch(organisation, actor=actor, sheet="register.employers", name="x.csv", content=WORKBOOK)


def batch_in(cast: Cast, state: str) -> Batch:
    """An import at the street in a state."""
    batch = started(cast.street, SYSTEM)
    way = {"mapped": 1, "checked": 2, "importing": 3, "done": 4, "undoing": 4, "undone": 5}
    for step in ("map", "check", "apply", "finish", "undo")[: way.get(state, 0)]:
        TAKEN[f"exchange.{step}_batch"](batch, SYSTEM)
    if state == "cancelled":
        exchange.cancel_batch(batch, actor=SYSTEM)
    elif state == "undoing":
        exchange.begin_undo(batch, actor=SYSTEM)
    batch.refresh_from_db()
    return batch


def invited(organisation: Organisation, actor: Actor) -> Invitation:
    """Somebody who may open an account here."""
    who = access.Invitee("被邀请人", f"139{next(NUMBERS):08d}", "enterprise_chair")
    return access.invite(organisation, actor=actor, invitees=[who])[0]


def invitation_in(cast: Cast, state: str) -> Invitation:
    """An invitation at the street in a state."""
    invitation = invited(cast.street, SYSTEM)
    if state == "accepted":
        access.accept_invitation(invitation, actor=SYSTEM, user=cast.users["worker"])
    elif state == "withdrawn":
        access.withdraw_invitation(invitation, actor=SYSTEM)
    invitation.refresh_from_db()
    return invitation


def number() -> str:
    """A resident ID that nobody has had so far."""
    base = f"11010119900101{next(NUMBERS):03d}"
    return base + check_character(base)


def member(cast: Cast) -> Membership:
    """Somebody new in the enterprise union."""
    person = PersonRow("被试会员", checked(number()))
    return members.admit_member(cast.own, actor=SYSTEM, row=members.MemberRow(person, LONG_AGO, employer=cast.firm))


def asked_for(member: Membership, actor: Actor) -> Transfer:
    """The joint union asks for a membership."""
    with acting(SYSTEM):
        person = member.person
    return members.request_transfer(the_joint_union(), actor=actor, person=person)


def transfer_in(cast: Cast, state: str) -> Transfer:
    """A transfer from the enterprise union to the joint one in a state."""
    one = member(cast)
    if state in ("proposed", "declined"):
        transfer = members.request_own_transfer(one, actor=SYSTEM, target=cast.joint)
    else:
        transfer = asked_for(one, SYSTEM)
    way = {"escalated": advanced, "completed": released, "refused": refused, "withdrawn": withdrawn, "declined": declined}
    if state in way:
        way[state](transfer, SYSTEM)
    transfer.refresh_from_db()
    return transfer


def advanced(transfer: Transfer, actor: Actor) -> None:
    members.advance_transfer(transfer, actor=actor, on=(transfer.answer_by or today()) + dt.timedelta(days=1))


def released(record: Any, actor: Actor) -> None:
    members.release_transfer(latest(record), actor=actor)


def refused(record: Any, actor: Actor) -> None:
    members.refuse_transfer(latest(record), actor=actor, reason="测试")


def withdrawn(transfer: Transfer, actor: Actor) -> None:
    members.withdraw_transfer(transfer, actor=actor)


def declined(transfer: Transfer, actor: Actor) -> None:
    members.decline_transfer(transfer, actor=actor, reason="测试")


def membership_in(cast: Cast, state: str) -> Membership:
    """A membership that was asked for once, and what became of it."""
    one = member(cast)
    withdrawn(asked_for(one, SYSTEM), SYSTEM)
    one.refresh_from_db()
    steps = {"left": "leave", "deemed_left": "deem_left", "expelled": "expel", "deceased": "record_death"}
    if state == "in_transfer":
        members.request_transfer(cast.street, actor=SYSTEM, person=one.person)
    elif state == "retained":
        members.retain_member(one, actor=SYSTEM, on=YESTERDAY, why="retired")
    elif state in steps:
        getattr(members, steps[state])(one, actor=SYSTEM, **DAY_AND_REASON)
    one.refresh_from_db()
    return one


def applied(user: User, actor: Actor) -> Application:
    """The worker asks to join at his street."""
    row = members.ApplicationRow("被试申请人", number(), "某某店", region=union(code="110101001").region)
    return members.apply(user, actor=actor, row=row)


def application_in(cast: Cast, state: str) -> Application:
    """An application of the worker's in a state."""
    worker = cast.actor("worker")
    with acting(worker):
        application = applied(cast.users["worker"], worker)
    if state == "returned":
        members.return_application(application, actor=SYSTEM, note="请补材料")
    elif state == "approved":
        members.approve_application(application, actor=SYSTEM)
    elif state == "withdrawn":
        members.withdraw_application(application, actor=worker)
    application.refresh_from_db()
    return application


def correction_of(person: Person, actor: Actor) -> Correction:
    """The worker asks for another education."""
    return members.request_correction(person, actor=actor, values={"education": "bachelor"})


def correction_in(cast: Cast, state: str) -> Correction:
    """The worker's wish in a state; one that was open before is withdrawn."""
    worker = cast.actor("worker")
    for one in Correction.objects.unscoped(WHY).filter(state="asked"):
        members.withdraw_correction(one, actor=worker)
    with acting(worker):
        correction = correction_of(cast.member.person, worker)
    if state == "done":
        members.make_correction(correction, actor=SYSTEM)
    elif state == "declined":
        members.decline_correction(correction, actor=SYSTEM, note="材料不符")
    elif state == "withdrawn":
        members.withdraw_correction(correction, actor=worker)
    correction.refresh_from_db()
    return correction


FLOWS: dict[str, Way] = {
    **building.FLOWS,
    "application": Way(Application, application_in, lambda cast: cast.users["worker"]),
    "correction": Way(Correction, correction_in, lambda cast: cast.member.person),
    "membership": Way(Membership, membership_in, lambda cast: cast.own),
    "transfer": Way(
        Transfer, transfer_in, member, lambda one: getattr(one, "origin" if isinstance(one, Transfer) else "organisation").path
    ),
    "batch": Way(Batch, batch_in, lambda cast: cast.street),
    "invitation": Way(Invitation, invitation_in, lambda cast: cast.street),
    "employer": Way(Employer, employer_in, lambda cast: cast.street),
    "strike_off": Way(StrikeOff, strike_off_in, lambda cast: cast.mill),
    "union": Way(Organisation, union_in, lambda cast: cast.street, lambda union: union.path),
}


def latest(record: Any) -> Any:
    """The proposal an employer's step is taken on, the transfer a membership's is."""
    with acting(SYSTEM):
        if isinstance(record, Employer):
            rows = StrikeOff.objects.unscoped(WHY)
            found = rows.filter(employer=record) or rows.filter(employer=Employer._base_manager.get(pk=record.pk).merged_into)
            return found.latest("pk")
        if isinstance(record, Membership):
            return Transfer.objects.unscoped(WHY).filter(membership=record).latest("pk")
    return record


DAY_AND_REASON: dict[str, Any] = {"on": today(), "reason": "测试"}
TAKEN: dict[str, Callable[[Any, Actor], Any]] = {
    **building.TAKEN,
    "access.invite": invited,
    "access.issue_invitation": lambda one, actor: access.issue_invitation(one, actor=actor),
    "access.accept_invitation": lambda one, actor: access.accept_invitation(one, actor=actor, user=User.objects.latest("pk")),
    "access.withdraw_invitation": lambda one, actor: access.withdraw_invitation(one, actor=actor),
    "exchange.start_batch": started,
    "exchange.map_batch": lambda one, actor: exchange.map_batch(one, actor=actor, mapping=one.mapped),
    "exchange.check_batch": lambda one, actor: exchange.check_batch(one, actor=actor),
    "exchange.mend_batch": lambda one, actor: exchange.mend_batch(one, actor=actor, cells={}),
    "exchange.answer_batch": lambda one, actor: exchange.answer_batch(one, actor=actor, answers={}),
    "exchange.apply_batch": lambda one, actor: exchange.apply_batch(one, actor=actor),
    "exchange.finish_batch": lambda one, actor: exchange.finish_batch(one, actor=actor),
    "exchange.fail_batch": lambda one, actor: exchange.fail_batch(one, actor=actor, problem="测试"),
    "exchange.cancel_batch": lambda one, actor: exchange.cancel_batch(one, actor=actor),
    "exchange.begin_undo": lambda one, actor: exchange.begin_undo(one, actor=actor),
    "exchange.keep_batch": lambda one, actor: exchange.keep_batch(one, actor=actor, problem="测试"),
    "exchange.undo_batch": lambda one, actor: exchange.undo_batch(one, actor=actor),
    "members.apply": applied,
    "members.approve_application": lambda one, actor: members.approve_application(one, actor=actor),
    "members.return_application": lambda one, actor: members.return_application(one, actor=actor, note="补"),
    "members.forward_application": lambda one, actor: members.forward_application(
        one, actor=actor, target=union(code="110101002")
    ),
    "members.withdraw_application": lambda one, actor: members.withdraw_application(one, actor=actor),
    "members.admit_member": lambda one, actor: members.admit_member(
        one, actor=actor, row=members.MemberRow(PersonRow("新会员", checked(number())), LONG_AGO)
    ),
    "members.request_own_transfer": lambda one, actor: members.request_own_transfer(one, actor=actor, target=the_joint_union()),
    "members.request_transfer": asked_for,
    "members.accept_transfer": lambda one, actor: members.accept_transfer(one, actor=actor),
    "members.decline_transfer": declined,
    "members.release_transfer": released,
    "members.refuse_transfer": refused,
    "members.advance_transfers": advanced,
    "members.withdraw_transfer": withdrawn,
    "members.retain_member": lambda one, actor: members.retain_member(one, actor=actor, on=today(), why="retired"),
    "members.resume_member": lambda one, actor: members.resume_member(one, actor=actor, on=today()),
    "members.leave": lambda one, actor: members.leave(one, actor=actor, **DAY_AND_REASON),
    "members.hand_over": lambda one, actor: members.hand_over(one, actor=actor, **DAY_AND_REASON),
    "members.deem_left": lambda one, actor: members.deem_left(one, actor=actor, **DAY_AND_REASON),
    "members.expel": lambda one, actor: members.expel(one, actor=actor, **DAY_AND_REASON),
    "members.record_death": lambda one, actor: members.record_death(one, actor=actor, **DAY_AND_REASON),
    "members.request_correction": correction_of,
    "members.make_correction": lambda one, actor: members.make_correction(one, actor=actor),
    "members.decline_correction": lambda one, actor: members.decline_correction(one, actor=actor, note="不符"),
    "members.withdraw_correction": lambda one, actor: members.withdraw_correction(one, actor=actor),
    "register.enter_employer": lambda one, actor: register.enter_employer(one, actor=actor, row=EmployerRow("新的", LONG_AGO)),
    "register.close_employer": lambda one, actor: register.close_employer(one, actor=actor, **DAY_AND_REASON),
    "register.move_out_employer": lambda one, actor: register.move_out_employer(one, actor=actor, **DAY_AND_REASON),
    "register.propose_strike_off": lambda one, actor: register.propose_strike_off(
        one, actor=actor, reason="unreachable", evidence="无人"
    ),
    "register.approve_strike_off": lambda one, actor: register.approve_strike_off(latest(one), actor=actor, on=YESTERDAY),
    "register.return_strike_off": lambda one, actor: register.return_strike_off(latest(one), actor=actor, decision="补"),
    "register.withdraw_strike_off": lambda one, actor: register.withdraw_strike_off(latest(one), actor=actor, reason="误剔"),
    "register.restore_employer": lambda one, actor: register.restore_employer(latest(one), actor=actor, **DAY_AND_REASON),
    "register.merge_employers": merged_employer,
    "register.unmerge_employers": parted_employer,
    "register.merge_unions": merged_union,
    "register.unmerge_unions": parted_union,
    "register.propose_union": lambda one, actor: register.propose_union(
        one, actor=actor, name="新工会", kind=Kind.BRANCH if one.kind == Kind.OWN else Kind.OWN, on=today()
    ),
    "register.resubmit_union": lambda one, actor: register.resubmit_union(one, actor=actor),
    "register.approve_union": lambda one, actor: register.approve_union(one, actor=actor, on=today(), document="1号"),
    "register.return_union": lambda one, actor: register.return_union(one, actor=actor, note="补"),
    "register.dissolve_union": lambda one, actor: register.dissolve_union(one, actor=actor, **DAY_AND_REASON),
}
OF_THE_LIST = [f"exchange.{step}_batch" for step in ("start", "map", "check", "mend", "answer", "apply", "cancel", "undo")] + [
    "exchange.begin_undo"
]
"""Steps of an import that take the right to write its list as well."""
AT_TARGET = [f"members.{verb}_transfer" for verb in ("request", "accept", "decline", "withdraw")]
"""Steps of a transfer that are the joint union's to take."""
AT_PARENT = (
    "register.approve_union",
    "register.return_union",
    "register.merge_unions",
    "register.unmerge_unions",
)  # decided by the union above, never by the one proposed
