"""Reads of the register."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from gonghui.areas.register.models import Contact, Coverage, Employer, Headcount, Standing, StrikeOff
from gonghui.areas.register.rules import Extent
from gonghui.core.actions.actor import Actor
from gonghui.core.organisations.models import BASE, Kind, Organisation
from gonghui.kit.dates import today


def employers(actor: Actor) -> QuerySet[Employer]:
    """The employers the actor sees."""
    return Employer.objects.visible_to(actor).select_related("organisation", "street")


def unions(actor: Actor) -> QuerySet[Organisation]:
    """The unions the actor sees, each with its chair's name."""
    chair = Contact.objects.filter(union=OuterRef("pk"), post="chair", valid__contains=today()).order_by("-pk").values("name")
    return Organisation.objects.visible_to(actor).select_related("parent").annotate(chair=Subquery(chair[:1]))


def contacts(actor: Actor, on: dt.date) -> QuerySet[Contact]:
    """Everybody one may talk to today."""
    return Contact.objects.visible_to(actor).filter(valid__contains=on).select_related("union", "employer")


def strike_offs(actor: Actor) -> QuerySet[StrikeOff]:
    """The strike-off proposals the actor sees."""
    rows = StrikeOff.objects.visible_to(actor)
    return rows.select_related("employer", "organisation", "proposed_by", "decided_by")


def covering_unions(actor: Actor) -> QuerySet[Organisation]:
    """The unions that could cover an employer."""
    return Organisation.objects.changeable_by(actor, "register.cover_employer").filter(kind__in=BASE, state="active")


def parent_unions(actor: Actor, permission: str) -> QuerySet[Organisation]:
    """The unions under which the actor may found or propose one."""
    rows = Organisation.objects.changeable_by(actor, permission).filter(state="active")
    return rows.exclude(kind__in=[Kind.GROUP])


def whole_coverage(employer: Employer, actor: Actor, on: dt.date) -> Coverage | None:
    """The union that covers the whole unit on a day."""
    rows = Coverage.objects.visible_to(actor).filter(employer=employer, extent=Extent.WHOLE, valid__contains=on)
    return rows.select_related("organisation").first()


def facts_of(employer: Employer, actor: Actor) -> dict[str, list[Any]]:
    """The dated facts of an employer for its page, newest first."""
    return {
        "standings": list(Standing.objects.visible_to(actor).filter(employer=employer).order_by("-valid")),
        "headcounts": list(Headcount.objects.visible_to(actor).filter(employer=employer).order_by("-valid")[:12]),
        "coverages": list(
            Coverage.objects.visible_to(actor).filter(employer=employer).select_related("organisation").order_by("-valid")
        ),
        "contacts": list(Contact.objects.visible_to(actor).filter(employer=employer).order_by("-valid")),
    }


def covered_by(union: Organisation, actor: Actor, on: dt.date) -> QuerySet[Coverage]:
    """The employers a union covers on a day."""
    rows = Coverage.objects.visible_to(actor).filter(organisation=union, valid__contains=on)
    return rows.select_related("employer").order_by("employer__name_pinyin")


def current(rows: Iterable[Contact], on: dt.date) -> list[Contact]:
    """The contacts whose term includes the day."""
    return [row for row in rows if on in row.valid]
