"""How a membership begins, rests, goes on and ends."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from gonghui.areas.members.actions.threshold import watch
from gonghui.areas.members.models import Employment, Membership, Spell
from gonghui.areas.members.queries import current_employments, living
from gonghui.areas.members.rules import AT_WORK, MEMBERSHIP_FLOW, Door, Retained, WorkerKind
from gonghui.areas.register.models import Employer, Placement
from gonghui.core.actions.action import NotAllowed, Refused, action, change, next_state
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.copying import insert_many
from gonghui.core.actions.dated import same, supersede
from gonghui.core.actions.door import beyond_scope
from gonghui.core.history.look_ups import Telling, refuse_used_up
from gonghui.core.organisations.models import BASE, DEPENDENT, Organisation
from gonghui.core.people.actions import PersonRow, enter_people
from gonghui.core.people.models import IdentityDocument, Person
from gonghui.core.people.queries import known
from gonghui.kit.dates import from_day, today, until
from gonghui.kit.names import normal

WHY = "somebody who was known elsewhere becomes a member here"
OTHER_NAME = _("姓名与这个证件号码登记的不符，请当面核对证件；改过名的请联系原单位工会更正")


@dataclass(frozen=True)
class MemberRow:
    """One member as he is admitted: who he is, where he works, since when."""

    person: PersonRow
    joined_on: dt.date
    employer: Employer | None = None
    host: Employer | None = None
    workplace: str = ""
    worker_kind: str = WorkerKind.CONTRACT
    trade: str = ""
    work_state: str = AT_WORK
    union: Organisation | None = None  # where one action admits members of several


def holds_individually(union: Organisation) -> bool:
    """Whether members of this union have joined individually (单体入会): it is not the union of a place of work."""
    return union.kind not in (*BASE, *DEPENDENT)


def spell_values(unions: Iterable[Organisation], *, is_retained: bool = False) -> dict[int, dict[str, Any]]:
    """What a spell at each of these unions says of it: under whom it counts, in which street, whether individually."""
    found = {union.pk: union for union in unions}
    with beyond_scope("under which managing union a union of one's own counts"):
        rows = Placement.objects.unscoped("under which managing union a union of one's own counts")
        placed = {row.union_id: row for row in rows.filter(union__in=found, valid__upper_inf=True)}
    return {
        key: {
            "organisation_id": key,
            "managing_id": placed[key].managing_id,
            "street_id": placed[key].street_id,
            "is_retained": is_retained,
            "is_individual": holds_individually(union),
        }
        for key, union in found.items()
    }


@action("members.admit_member", label=_("登记会员"))
def admit_members(
    union: Organisation, *, actor: Actor, rows: Sequence[MemberRow], door: str = Door.ROSTER, since: dt.date | None = None
) -> list[Membership]:
    """Makes members of persons who have no membership now, in the order given, each counted from his day of joining.

    Each becomes a member of the union that his row names, which must stand below this one, else of this one. Who has a membership
    is refused by the database: it is transferred. `since` counts all from another day than that of joining.
    """
    unions = {one.pk: one for one in (row.union or union for row in rows)}
    for one in unions.values():
        if not one.path.startswith(union.path):
            raise NotAllowed("members.admit_member")
        if one.state != "active":
            raise Refused(_("“%(name)s”现在不是正常状态") % {"name": one.name})
    if any(row.joined_on > today() for row in rows):
        raise Refused(_("入会日期不能晚于今天"), field="joined_on")
    values = spell_values(unions.values())
    people = _people(union, actor, rows)
    memberships = [
        Membership(
            person=person,
            organisation=row.union or union,
            is_individual=values[(row.union or union).pk]["is_individual"],
            door=door,
            joined_on=row.joined_on,
            is_synthetic=person.is_synthetic,
        )
        for person, row in zip(people, rows, strict=True)
    ]
    insert_many(memberships)
    insert_many(
        [
            Spell(
                membership=one,
                person=one.person,
                valid=from_day(since or one.joined_on),
                **values[one.organisation_id],
            )
            for one in memberships
        ]
    )
    employ(people, rows, since)
    watch(row.employer for one, row in zip(memberships, rows, strict=True) if one.is_individual and row.employer)
    return memberships


def _people(union: Organisation, actor: Actor, rows: Sequence[MemberRow]) -> list[Person]:
    """The persons of the rows: those known already move here, the others are entered."""
    indexes = [IdentityDocument.index_of(row.person.document) for row in rows]
    found = known(indexes)
    refuse_others(union, actor, rows, [found.get(index) for index in indexes])
    fresh = [row for row, index in zip(rows, indexes, strict=True) if index not in found]
    entered = iter(enter_people([(row.union or union, row.person) for row in fresh]))
    for row, index in zip(rows, indexes, strict=True):
        if index in found:
            take_over(found[index], row.union or union, row.person)
    return [found[index] if index in found else next(entered) for index in indexes]


def refuse_others(union: Organisation, actor: Actor, rows: Sequence[MemberRow], people: Sequence[Person | None]) -> None:
    """A number that is registered under another name is nobody's here, and whose it is is not said; who has a membership is
    transferred."""
    for row, person in zip(rows, people, strict=True):
        if person and person.name != normal(row.person.name):
            raise Telling(OTHER_NAME, actor=actor, organisation_id=union.pk, field="number")
    for membership in living([person for person in people if person]).values():
        said = Membership.sentences["members_membership_one_living"]
        if actor.can_at("members.view", membership.organisation_path):
            raise Refused(said)
        raise Telling(said, actor=actor, organisation_id=union.pk, field="number")


def take_over(person: Person, union: Organisation, row: PersonRow | None = None) -> None:
    """A person is kept by another union from now on; what was unknown of him is filled in."""
    values: dict[str, Any] = {"organisation": union}
    if row:
        values |= {name: value for name, value in row.values.items() if not getattr(person, name)}
    if row and row.phone and not person.phone_masked:
        person.set_phone(row.phone)
        values |= person.phone_columns
    with beyond_scope(WHY):
        change(person, **values)


def employ(people: Sequence[Person], rows: Sequence[MemberRow], since: dt.date | None = None) -> None:
    """Each person works where his row says, unless that is known already."""
    present = current_employments(people)
    fresh = []
    for person, row in zip(people, rows, strict=True):
        if any(is_same_work(one, row) for one in present.get(person.pk, [])):
            continue
        fresh.append(
            Employment(
                person=person,
                employer=row.employer,
                host=row.host,
                workplace=row.workplace,
                worker_kind=row.worker_kind,
                trade=row.trade,
                work_state=row.work_state,
                valid=from_day(since or row.joined_on),
            )
        )
    insert_many(fresh)


def is_same_work(employment: Employment, row: MemberRow) -> bool:
    """Whether both name the same employer and the same host."""
    if row.employer is None:
        return employment.employer_id is None and employment.workplace == row.workplace
    return employment.employer_id == row.employer.pk and employment.host_id == (row.host.pk if row.host else None)


def admit_member(union: Organisation, *, actor: Actor, row: MemberRow, door: str = Door.ROSTER) -> Membership:
    """Admits one, whose number somebody has typed."""
    refuse_used_up(actor, union.pk)
    return admit_members(union, actor=actor, rows=[row], door=door)[0]


def take_step(membership: Membership, step: str, on: dt.date) -> str:
    """The state a step leads to; refused where it is not allowed now, or on a day to come."""
    target = next_state(MEMBERSHIP_FLOW, step, membership.state)
    if on > today():
        raise Refused(_("日期不能晚于今天"), field="on")
    return target


def new_spell(membership: Membership, union: Organisation, on: dt.date, *, is_retained: bool = False) -> None:
    """From a day on the membership is held at a union, counted or resting."""
    values = spell_values([union], is_retained=is_retained)[union.pk] | {"person_id": membership.person_id}
    supersede(Spell, "membership", [membership.pk], on, same([membership.pk], **values))


@action("members.retain_member", label=_("保留会籍"))
def retain_member(membership: Membership, *, actor: Actor, on: dt.date, why: str) -> None:
    """The membership rests from a day on: no dues, no vote (工会会员会籍管理办法 (2016) art. 17–19)."""
    target = take_step(membership, "retain", on)
    new_spell(membership, membership.organisation, on, is_retained=True)
    change(membership, state=target, retained=Retained(why))
    watch_person(membership)


@action("members.resume_member", label=_("恢复会籍"))
def resume_member(membership: Membership, *, actor: Actor, on: dt.date) -> None:
    """A resting membership counts again from a day on."""
    target = take_step(membership, "resume", on)
    new_spell(membership, membership.organisation, on)
    change(membership, state=target, retained="")
    watch_person(membership)


def _end(membership: Membership, step: str, on: dt.date, reason: str) -> None:
    if not reason.strip():
        raise Refused(_("请写明原因"), field="reason")
    target = take_step(membership, step, on)
    rows = Spell.objects.unscoped("the spell of a membership that an action has locked")
    for spell in rows.filter(membership=membership, valid__upper_inf=True):
        if on <= spell.valid.lower:
            raise Refused(_("日期须晚于会籍开始的 %(day)s") % {"day": spell.valid.lower}, field="on")
        change(spell, valid=until(spell.valid, on))
    change(membership, state=target, ended_on=on, reason=reason.strip(), retained="")
    watch_person(membership)


@action("members.leave", label=_("退会"))
def leave(membership: Membership, *, actor: Actor, on: dt.date, reason: str) -> None:
    """The member leaves, as he is free to (中国工会章程 (2023) art. 6)."""
    _end(membership, "leave", on, reason)


@action("members.deem_left", label=_("视为自动退会"))
def deem_left(membership: Membership, *, actor: Actor, on: dt.date, reason: str) -> None:
    """Six months without dues and without union life, without a reason and after being talked to (中国工会章程 (2023) art. 6)."""
    _end(membership, "deem_left", on, reason)


@action("members.expel", label=_("开除会籍"))
def expel(membership: Membership, *, actor: Actor, on: dt.date, reason: str) -> None:
    """After a serious crime: the group discusses, the committee decides, the next higher union is told (中国工会章程 (2023) art. 7)."""
    _end(membership, "expel", on, reason)


@action("members.record_death", label=_("登记去世"))
def record_death(membership: Membership, *, actor: Actor, on: dt.date, reason: str = "") -> None:
    """The member has died."""
    _end(membership, "die", on, reason or str(_("去世")))


def watch_person(membership: Membership) -> None:
    """Counts anew at the employers of an individual member."""
    if membership.is_individual:
        employments = current_employments([membership.person]).get(membership.person_id, [])
        watch(one.employer for one in employments if one.employer)
