"""Reads of the register."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from gonghui.areas.register.models import Contact, Coverage, Employer, Headcount, Standing, StrikeOff
from gonghui.core.actions.actor import Actor
from gonghui.core.organisations.models import BASE, Kind, Organisation
from gonghui.core.organisations.queries import name_of
from gonghui.kit.dates import today


def employers(actor: Actor) -> QuerySet[Employer]:
    """The employers the actor sees, with the names of holder and street."""
    rows = Employer.objects.visible_to(actor)
    return rows.annotate(holder_name=name_of("organisation"), street_name=name_of("street"))  # type: ignore[no-redef]


def unions(actor: Actor) -> QuerySet[Organisation]:
    """The unions the actor sees, each with the names of its chair and parent."""
    chair = Contact.objects.filter(union=OuterRef("pk"), post="chair", valid__contains=today()).order_by("-pk").values("name")
    return Organisation.objects.visible_to(actor).annotate(chair=Subquery(chair[:1]), parent_name=name_of("parent"))


def contacts(actor: Actor, on: dt.date) -> QuerySet[Contact]:
    """Everybody one may talk to today."""
    return Contact.objects.visible_to(actor).filter(valid__contains=on).select_related("union", "employer")


def strike_offs(actor: Actor) -> QuerySet[StrikeOff]:
    """The strike-off proposals the actor sees."""
    rows = StrikeOff.objects.visible_to(actor).select_related("employer", "proposed_by", "decided_by")
    return rows.annotate(proposer_name=name_of("organisation"))  # type: ignore[no-redef]


def seen(organisations: Iterable[int | None], actor: Actor) -> dict[int, Organisation]:
    """Of these organisations the ones the actor sees, by key."""
    return Organisation.objects.visible_to(actor).in_bulk([one for one in organisations if one])


def covering_unions(actor: Actor) -> QuerySet[Organisation]:
    """The unions that could cover an employer."""
    return Organisation.objects.changeable_by(actor, "register.cover_employer").filter(kind__in=BASE, state="active")


def parent_unions(actor: Actor, permission: str) -> QuerySet[Organisation]:
    """The unions under which the actor may found or propose one."""
    rows = Organisation.objects.changeable_by(actor, permission).filter(state="active")
    return rows.exclude(kind__in=[Kind.GROUP])


def facts_of(employer: Employer, actor: Actor) -> dict[str, list[Any]]:
    """The dated facts of an employer for its page, newest first."""
    return {
        "standings": list(Standing.objects.visible_to(actor).filter(employer=employer).order_by("-valid")),
        "headcounts": list(Headcount.objects.visible_to(actor).filter(employer=employer).order_by("-valid")[:12]),
        "coverages": list(
            Coverage.objects.visible_to(actor)
            .filter(employer=employer, valid__isempty=False)
            .annotate(union_name=name_of("organisation"))
            .order_by("-valid")
        ),
        "contacts": list(Contact.objects.visible_to(actor).filter(employer=employer).order_by("-valid")),
    }


def coverages(actor: Actor, on: dt.date) -> QuerySet[Coverage]:
    """Which union covers which employer on a day, as far as the actor sees both."""
    rows = Coverage.objects.visible_to(actor).filter(valid__contains=on, employer__in=Employer.objects.visible_to(actor))
    return rows.select_related("employer").annotate(union_name=name_of("organisation"))  # type: ignore[no-any-return]


def covered_by(union: Organisation, actor: Actor, on: dt.date) -> QuerySet[Coverage]:
    """The employers a union covers on a day, as far as the actor sees them."""
    rows = Coverage.objects.visible_to(actor).filter(organisation=union, valid__contains=on)
    rows = rows.filter(employer__in=Employer.objects.visible_to(actor))
    return rows.select_related("employer").order_by("employer__name_pinyin")


def current(rows: Iterable[Contact], on: dt.date) -> list[Contact]:
    """The contacts whose term includes the day."""
    return [row for row in rows if on in row.valid]
