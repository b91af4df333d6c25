"""Many members at once: what a list corrects, and everything that the comparison with a list of all workers comes to."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from gonghui.areas.members.actions.membership import (
    MemberRow,
    admit_members,
    leave,
    record_death,
    resume_member,
    retain_member,
)
from gonghui.areas.members.actions.transfers import change_work, end_work, hand_over, request_transfer
from gonghui.areas.members.models import Employment, Membership, Transfer
from gonghui.areas.members.rules import Leaving, Retained
from gonghui.areas.register.models import Employer
from gonghui.core.actions.action import NotAllowed, Refused, action
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.copying import update_many
from gonghui.core.organisations.models import Organisation
from gonghui.core.people.models import PHONE_COLUMNS, Person

WHY = "the persons of memberships that an action has found changeable"


@dataclass(frozen=True)
class MemberChange:
    """What changes of one member: plain fields of the person, the telephone (empty clears it, None leaves it), the work."""

    membership: Membership
    values: Mapping[str, Any] = field(default_factory=dict)
    phone: str | None = None
    employer: Employer | None = None
    work_state: str = ""


@dataclass(frozen=True)
class Departure:
    """One member who stands no longer on the list: why, and since when."""

    membership: Membership
    why: str
    on: dt.date


@dataclass(frozen=True)
class Settlement:
    """Everything that a list of all workers comes to."""

    admitted: Sequence[MemberRow] = ()
    changes: Sequence[MemberChange] = ()
    resumed: Sequence[Membership] = ()
    wanted: Sequence[tuple[Person, Employer | None]] = ()
    departures: Sequence[Departure] = ()


@dataclass(frozen=True)
class Settled:
    """What came of it, in the order of the settlement."""

    admitted: Sequence[Membership]
    transfers: Sequence[Transfer]


@action("members.edit_member", label=_("修改会员资料"))
def edit_members(union: Organisation, *, actor: Actor, changes: Sequence[MemberChange], on: dt.date) -> None:
    """Corrects members held at this union or below, all together; another employer holds from the day given."""
    keys = [one.membership.pk for one in changes]
    rows = Membership.objects.changeable_by(actor, "members.edit_member").filter(organisation_path__startswith=union.path)
    if rows.filter(pk__in=keys).count() != len(set(keys)):
        raise NotAllowed("members.edit_member")
    _edit_people(changes)
    _edit_works(changes, on)


def _edit_people(changes: Sequence[MemberChange]) -> None:
    """The fields that any of the changes names, of all of them in one statement."""
    wanted = {one.membership.person_id: one for one in changes if one.values or one.phone is not None}
    people = list(Person.objects.unscoped(WHY).select_for_update().filter(pk__in=wanted))
    names = {name for one in wanted.values() for name in one.values}
    for person in people:
        one = wanted[person.pk]
        for name, value in one.values.items():
            setattr(person, name, value)
        if one.phone is not None:
            person.set_phone(one.phone)
        person.key_names()
    columns = [*names, *(("name_pinyin", "name_initials") if "name" in names else ())]
    columns += PHONE_COLUMNS if any(one.phone is not None for one in wanted.values()) else ()
    if columns:
        update_many(people, columns)


def _edit_works(changes: Sequence[MemberChange], on: dt.date) -> None:
    """Another employer ends the former work; another state of work is a correction of the present one."""
    for one in changes:
        if one.employer is not None:
            change_work(one.membership.person, one.employer, on)
    states = {one.membership.person_id: one.work_state for one in changes if one.work_state}
    works = list(Employment.objects.unscoped(WHY).current().filter(person__in=states))  # type: ignore[attr-defined]
    for work in works:
        work.work_state = states[work.person_id]
    update_many(works, ["work_state"])


@action("members.compare_staff", label=_("按全员名单办理"))
def compare_staff(union: Organisation, *, actor: Actor, settlement: Settlement, on: dt.date) -> Settled:
    """Does everything that a list of all workers comes to, or nothing.

    Each part is an action of its own, with its own right. What one of them refuses, the whole is refused for, with the name.
    """
    for departure in settlement.departures:
        _named(departure.membership, lambda one=departure: depart(one, actor=actor))  # type: ignore[misc]
    admitted = admit_members(union, actor=actor, rows=settlement.admitted) if settlement.admitted else []
    if settlement.changes:
        edit_members(union, actor=actor, changes=settlement.changes, on=on)
    for membership in settlement.resumed:
        _named(membership, lambda one=membership: resume_member(one, actor=actor, on=on))  # type: ignore[misc]
    wanted = settlement.wanted
    asked = [request_transfer(union, actor=actor, person=person, employer=place, on=on) for person, place in wanted]
    return Settled(admitted, asked)


def _named(membership: Membership, run: Callable[[], Any]) -> None:
    try:
        run()
    except Refused as refusal:
        sentence = _("%(name)s：%(reason)s") % {"name": membership.person.name, "reason": refusal}
        raise Refused(sentence, field=refusal.field) from refusal


def depart(departure: Departure, *, actor: Actor) -> None:
    """What becomes of the membership of somebody who has left the place of work."""
    membership, why, on = departure.membership, departure.why, departure.on
    if why == Leaving.STAYS:
        return
    if why == Leaving.MOVED:
        hand_over(membership, actor=actor, on=on)
        return
    if why != Leaving.LAID_OFF:  # who waits for work keeps his contract
        end_work(membership.person, on)
    if why in Retained.values:
        retain_member(membership, actor=actor, on=on, why=why)
    elif why == Leaving.DECEASED:
        record_death(membership, actor=actor, on=on)
    else:
        leave(membership, actor=actor, on=on, reason=str(Leaving(why).label))
