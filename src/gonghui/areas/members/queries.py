"""Reads of members, applications and transfers; and the look-ups beyond one's own scope that the rules need."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.db.models import Case, CharField, F, Func, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from gonghui.areas.members.counter_sessions import CounterSession
from gonghui.areas.members.models import (
    Alert,
    Application,
    Correction,
    Employment,
    Entitlement,
    IntakePoint,
    Membership,
    Move,
    Spell,
    Transfer,
)
from gonghui.areas.members.rules import COUNTED, LIVING, OPEN_TRANSFER
from gonghui.areas.register.models import Coverage, Employer
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import beyond_scope
from gonghui.core.actions.walls import below
from gonghui.core.organisations.models import Organisation
from gonghui.core.organisations.queries import name_of, street_union
from gonghui.core.people.models import Person
from gonghui.core.reference.models import Region

HELD = "whether somebody has a membership already, whoever holds it"
COVERED = "which union covers the employer that somebody names"
NARROWED = "narrows rows that are scoped themselves; the database shows the unions one sees"
ENTERED = "what staff entered in a session of theirs is listed there, whichever union decides"
MOVING = "who moves to the new union of an employer, whoever holds them"
THRESHOLD = "how many individual members work for one employer, whoever holds them"


def employer_name(field: str) -> Func:
    """The name of the employer in a foreign key. Whoever sees where somebody works may know what the place is called, though the
    employer's own row may be hidden from him and a join would drop it."""
    return Func(F(f"{field}_id"), function="employer_name", output_field=CharField())


def members(actor: Actor) -> Any:
    """The memberships the actor sees, with their persons, the name of the union, and where each works by his newest contract.

    One that ended is not listed once its person is another union's: the database hides him, and a count must not tell of him either.
    """
    works: Any = Employment.objects.visible_to(actor).filter(person=OuterRef("person"), valid__upper_inf=True)
    works = works.annotate(known_as=Coalesce(employer_name("employer"), employer_name("host"), "workplace")).order_by("-valid")
    rows = Membership.objects.visible_to(actor).select_related("person").filter(person__name__isnull=False)
    return rows.annotate(
        holder_name=name_of("organisation"),
        name=F("person__name"),
        name_pinyin=F("person__name_pinyin"),
        place=Subquery(works.values("known_as")[:1]),
        worker_kind=Subquery(works.values("worker_kind")[:1]),
    )


def applications(actor: Actor) -> Any:
    """The applications the actor sees, with the name of the union that answers."""
    return Application.objects.visible_to(actor).annotate(holder_name=name_of("organisation"))


def to_review(actor: Actor) -> Any:
    """The applications that wait for the actor's own decision, the nearest limit first."""
    decidable = Application.objects.changeable_by(actor, "members.approve_application").filter(state="pending")
    return applications(actor).filter(pk__in=decidable.values("pk")).order_by("due_on", "pk")


def unions_below(unions: Iterable[UUID]) -> Any:
    """The unions at or below any of these; to narrow rows that are scoped themselves."""
    roots = list(Organisation.objects.unscoped(NARROWED).filter(public_id__in=list(unions)).values_list("path", flat=True))
    return Organisation.objects.unscoped(NARROWED).filter(below(roots))


def across(rows: Any, way: str) -> Any:
    """The transfers that leave ("out") or reach ("in") the unions one sees; those from one of them to another do neither."""
    seen = Organisation.objects.unscoped(NARROWED)
    here, there = ("origin", "target") if way == "out" else ("target", "origin")
    return rows.filter(**{f"{here}__in": seen}).exclude(**{f"{there}__in": seen})


def transfers(actor: Actor) -> Any:
    """The transfers the actor sees from either side, with the names of both. The membership itself is seen by one side only, so that
    nothing of it may be joined; who holds it is not said to who asks for it, before it is his."""
    rows = Transfer.objects.visible_to(actor)
    is_said = Q(state="completed") | Q(membership__in=Membership.objects.visible_to(actor))
    origin = Case(When(is_said, then=name_of("origin")), default=Value(_("其他单位")), output_field=CharField())
    return rows.annotate(origin_name=origin, target_name=name_of("target"))


def to_answer(actor: Actor) -> Any:
    """The transfers that wait for the actor: to be released by the holder or its parent, to be accepted by the new union."""
    releasing = Organisation.objects.changeable_by(actor, "members.release_transfer")
    accepting = Organisation.objects.changeable_by(actor, "members.accept_transfer")
    leaving = Q(state__in=("requested", "escalated"), origin__in=releasing)
    return transfers(actor).filter(leaving | Q(state="proposed", target__in=accepting))


def corrections(actor: Actor) -> Any:
    """What workers want corrected, as far as the actor sees it."""
    rows = Correction.objects.visible_to(actor).select_related("person")
    return rows.annotate(holder_name=name_of("organisation"))


def to_correct(actor: Actor) -> Any:
    """What waits for the actor's own answer."""
    decidable = Correction.objects.changeable_by(actor, "members.make_correction").filter(state="asked")
    return corrections(actor).filter(pk__in=decidable.values("pk"))


def points(actor: Actor) -> Any:
    """Intake points: everybody's while they are open, one's own afterwards too."""
    return IntakePoint.objects.visible_to(actor).annotate(holder_name=name_of("organisation"))


def entitlements(actor: Actor) -> Any:
    """What unions give their members."""
    return Entitlement.objects.visible_to(actor).annotate(holder_name=name_of("organisation"))


def alerts(actor: Actor) -> Any:
    """The reminders to found a union that the actor sees; an employer that has one by now is left out."""
    rows = Alert.objects.visible_to(actor).filter(state="open", employer__coverage="none")
    return rows.select_related("employer").annotate(holder_name=name_of("organisation"))


def counter_sessions(actor: Actor) -> Any:
    """What was taken at counters."""
    rows = CounterSession.objects.visible_to(actor).select_related("user")
    return rows.annotate(holder_name=name_of("organisation"))


def entered_in(session: CounterSession) -> list[Application]:
    """Everything that was entered in a session that the caller sees, whichever union decides about it; nothing of it sealed is opened."""
    with beyond_scope(ENTERED):
        rows = Application.objects.unscoped(ENTERED).filter(session=session).defer("document_sealed", "phone_sealed")
        return list(rows.annotate(holder_name=name_of("organisation")).order_by("pk"))


def works_of(person: Person, actor: Actor) -> list[Any]:
    """Where somebody works and worked, newest first, with the names of the places."""
    rows = Employment.objects.visible_to(actor).filter(person=person)
    rows = rows.annotate(employer_name=employer_name("employer"), host_name=employer_name("host"))
    return list(rows.order_by("-valid"))


def spells_of(membership: Membership, actor: Actor) -> list[Any]:
    """Where a membership was held, newest first."""
    rows = Spell.objects.visible_to(actor).filter(membership=membership).annotate(union_name=name_of("organisation"))
    return list(rows.order_by("-valid"))


def names_at(alert: Alert, actor: Actor) -> list[Membership]:
    """The members whose work at an employer makes the reminder, as far as the actor sees them."""
    return list(members(actor).filter(individual_members([alert.employer_id])).distinct().order_by("name_pinyin", "pk"))


def living(people: Collection[Person]) -> dict[int, Membership]:
    """Person → the membership he has, whoever holds it."""
    with beyond_scope(HELD):
        rows = Membership.objects.unscoped(HELD).filter(person__pk__among=[one.pk for one in people], state__in=LIVING)
        return {row.person_id: row for row in rows.prefetch_related("organisation", "person")}


def open_transfer(membership: Membership) -> Transfer | None:
    """The transfer under way of a membership."""
    with beyond_scope(HELD):
        rows = Transfer.objects.unscoped(HELD).filter(membership=membership, state__in=OPEN_TRANSFER)
        return rows.select_related("origin", "target").first()


def person_of(transfer: Transfer) -> Person:
    """Whose membership a transfer is about, for either side of it."""
    with beyond_scope(HELD):
        return transfer.membership.person  # type: ignore[no-any-return]


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
        for row in rows.prefetch_related("employer", "host").order_by("valid"):
            found.setdefault(row.person_id, []).append(row)
    return found


def individual_members(employers: Iterable[int]) -> Q:
    """The memberships that count towards founding: active, individual, with a current contract at one of these employers.

    For use inside `beyond_scope`, or narrowed by `visible_to`.
    """
    return Q(
        state__in=COUNTED,
        is_individual=True,
        person__employments__employer__in=list(employers),
        person__employments__valid__upper_inf=True,
    )


def counts_at(employers: Iterable[int]) -> Counter[int]:
    """Employer → how many individual members count towards founding there."""
    with beyond_scope(THRESHOLD):
        rows = Membership.objects.unscoped(THRESHOLD).filter(individual_members(employers))
        pairs = rows.values_list(F("person__employments__employer"), "person").distinct()
        return Counter(employer for employer, _person in pairs)


def movers(employer: Employer, union: Organisation | None, on: dt.date) -> list[int]:
    """The memberships that move to an employer's own union founded on a day: active ones of those who work there and joined individually,
    or are held by the joint union that covered the employer until then. `union` is the new one, where there is one already."""
    with beyond_scope(MOVING):
        covered = Coverage.objects.unscoped(MOVING).filter(employer=employer, form="joint", extent="whole")
        former = covered.filter(Q(valid__endswith=on) | Q(valid__upper_inf=True)).values("organisation")
        rows = Membership.objects.unscoped(MOVING).filter(Q(is_individual=True) | Q(organisation__in=former), state="active")
        rows = rows.filter(person__employments__employer=employer, person__employments__valid__upper_inf=True)
        rows = rows.exclude(organisation=union) if union else rows
        return list(rows.order_by("pk").values_list("pk", flat=True).distinct())


def named(keys: Iterable[int], actor: Actor) -> Any:
    """Of these memberships the ones that the actor sees, by name."""
    return members(actor).filter(pk__in=list(keys)).order_by("name_pinyin", "pk")


def moves(actor: Actor) -> Any:
    """The moves of members to new unions that the actor sees."""
    return Move.objects.visible_to(actor).select_related("employer").annotate(holder_name=name_of("organisation"))
