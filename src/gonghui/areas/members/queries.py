"""Reads of members, applications and transfers; and the look-ups beyond one's own scope that the rules need."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import F, Q

from gonghui.areas.members.models import Alert, Application, Employment, Membership, Transfer
from gonghui.areas.members.rules import COUNTED, LIVING, OPEN_TRANSFER
from gonghui.areas.register.models import Coverage, Employer
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import beyond_scope
from gonghui.core.organisations.models import Organisation
from gonghui.core.organisations.queries import name_of, street_union
from gonghui.core.people.models import Person
from gonghui.core.reference.models import Region

HELD = "whether somebody has a membership already, whoever holds it"
COVERED = "which union covers the employer that somebody names"
THRESHOLD = "how many individual members work for one employer, whoever holds them"


def members(actor: Actor) -> Any:
    """The memberships the actor sees, with their persons and the name of the union."""
    rows = Membership.objects.visible_to(actor).select_related("person")
    return rows.annotate(holder_name=name_of("organisation"))


def applications(actor: Actor) -> Any:
    """The applications the actor sees."""
    return (
        Application.objects.visible_to(actor).select_related("employer", "host").annotate(holder_name=name_of("organisation"))
    )


def transfers(actor: Actor) -> Any:
    """The transfers the actor sees from either side, with the names of both."""
    rows = Transfer.objects.visible_to(actor).select_related("membership")
    return rows.annotate(origin_name=name_of("origin"), target_name=name_of("target"))


def alerts(actor: Actor) -> Any:
    """The reminders to found a union that the actor sees; an employer that has one by now is left out."""
    rows = Alert.objects.visible_to(actor).filter(state="open", employer__coverage="none")
    return rows.select_related("employer").annotate(holder_name=name_of("organisation"))


def living(people: Collection[Person]) -> dict[int, Membership]:
    """Person → the membership he has, whoever holds it."""
    with beyond_scope(HELD):
        rows = Membership.objects.unscoped(HELD).filter(person__pk__among=[one.pk for one in people], state__in=LIVING)
        return {row.person_id: row for row in rows.select_related("organisation", "person")}


def open_transfer(membership: Membership) -> Transfer | None:
    """The transfer under way of a membership."""
    with beyond_scope(HELD):
        rows = Transfer.objects.unscoped(HELD).filter(membership=membership, state__in=OPEN_TRANSFER)
        return rows.select_related("origin", "target").first()


def covering_union(employer: Employer | None, on: dt.date) -> Organisation | None:
    """The union that covers an employer as a whole on a day."""
    if employer is None:
        return None
    with beyond_scope(COVERED):
        rows = Coverage.objects.unscoped(COVERED).filter(employer=employer, extent="whole", valid__contains=on)
        row = rows.select_related("organisation").first()
        return row.organisation if row else None


def union_for(employer: Employer | None, host: Employer | None, region: Region | None, on: dt.date) -> Organisation | None:
    """Where an application belongs: the union of the employer by contract, else of the host, else the street where the work is.

    Source: 工会会员会籍管理办法 (2016) art. 7; 全总 (2009) on dispatch workers: first the union of the dispatching firm.
    None where neither is known.
    """
    for place in (employer, host):
        if union := covering_union(place, on):
            return union
    for place in (host, employer):
        if place and place.street_id:
            with beyond_scope(COVERED):
                return Organisation.objects.unscoped(COVERED).get(pk=place.street_id)
    return street_union(region)


def current_employments(people: Iterable[Person]) -> dict[int, list[Employment]]:
    """Person → his employments that have not ended."""
    found: dict[int, list[Employment]] = {}
    with beyond_scope(HELD):
        rows = Employment.objects.unscoped(HELD).current().filter(person__pk__among=[one.pk for one in people])  # type: ignore[attr-defined]
        for row in rows.select_related("employer", "host").order_by("valid"):
            found.setdefault(row.person_id, []).append(row)
    return found


def individual_members(employer: Employer) -> Any:
    """The memberships that count towards founding: active, individual, with a current contract at this employer.

    For use inside `beyond_scope`, or narrowed by `visible_to`.
    """
    return Q(
        state__in=COUNTED,
        is_individual=True,
        person__employments__employer=employer,
        person__employments__valid__upper_inf=True,
    )


def counts_at(employers: Iterable[int]) -> Counter[int]:
    """Employer → how many individual members count towards founding there."""
    with beyond_scope(THRESHOLD):
        rows = Membership.objects.unscoped(THRESHOLD).filter(
            state__in=COUNTED,
            is_individual=True,
            person__employments__employer__in=list(employers),
            person__employments__valid__upper_inf=True,
        )
        pairs = rows.values_list(F("person__employments__employer"), "person").distinct()
        return Counter(employer for employer, _person in pairs)
