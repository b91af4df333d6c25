"""Reads of the register."""

import datetime as dt
import tomllib
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from gonghui.areas.register.models import Contact, Coverage, Employer, EmployerMerge, Headcount, Standing, StrikeOff, UnionMerge
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import beyond_scope
from gonghui.core.organisations.models import BASE, Kind, Organisation
from gonghui.core.organisations.queries import ancestors, name_of
from gonghui.core.reference.models import Region
from gonghui.kit.dates import today
from gonghui.kit.text import plain

WORDS = tomllib.loads((Path(__file__).parent / "data" / "workbooks.toml").read_text(encoding="utf-8"))
STREET_ENDINGS, UNION_ENDING = WORDS["places"]["street_endings"], WORDS["places"]["union_ending"]
TERRITORY = "which street union a street of a workbook belongs to"


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


def merge_of(record: Employer | Organisation) -> EmployerMerge | UnionMerge | None:
    """The merge by which a record became part of another; None where it stands for itself."""
    model: Any = EmployerMerge if isinstance(record, Employer) else UnionMerge
    found = model.objects.unscoped("how a record that the actor sees was merged").filter(dropped=record, undone_on=None)
    return found.first()  # type: ignore[no-any-return]


def covered_by(union: Organisation, actor: Actor, on: dt.date) -> QuerySet[Coverage]:
    """The employers a union covers on a day, as far as the actor sees them."""
    rows = Coverage.objects.visible_to(actor).filter(organisation=union, valid__contains=on)
    rows = rows.filter(employer__in=Employer.objects.visible_to(actor))
    return rows.select_related("employer").order_by("employer__name_pinyin")


def current(rows: Iterable[Contact], on: dt.date) -> list[Contact]:
    """The contacts whose term includes the day."""
    return [row for row in rows if on in row.valid]


# -- streets by their names ---------------------------------------------------------------------------------------


def district_of(organisation: Organisation) -> Region | None:
    """The district that a union works in: its own, or that of the nearest union above which has one."""
    for union in reversed(ancestors(organisation)):
        region = union.region
        while region is not None and region.level != Region.Level.DISTRICT:
            region = region.parent
        if region is not None:
            return region
    return None


class Streets:
    """The streets of one district by every name they answer to, and the unions of their territory."""

    def __init__(self, organisation: Organisation) -> None:
        district = district_of(organisation)
        rows = Region.objects.filter(level=Region.Level.STREET, has_union_territory=True).order_by("code")
        self.streets = list(rows.filter(parent=district)) if district else []
        self.names: dict[str, list[Region]] = defaultdict(list)
        for street in self.streets:
            for name in {street.name, street.code, *street.aliases, bare(street.name), *map(bare, street.aliases)}:
                self.names[name].append(street)
        with beyond_scope(TERRITORY):
            unions = Organisation.objects.unscoped(TERRITORY).filter(kind=Kind.STREET, state="active", region__in=self.streets)
            self.unions = {union.region_id: union for union in unions.order_by("-pk")}

    def called(self, text: str) -> Region | None:
        """The one street of this name or code, if there is exactly one."""
        text = plain(text).removesuffix(UNION_ENDING)
        found = self.names.get(text) or self.names.get(text[:9]) or self.names.get(bare(text)) or []
        return found[0] if len(found) == 1 else None


def bare(name: str) -> str:
    """A street's name without the words that any street's may end with; never empty."""
    for ending in STREET_ENDINGS:
        if name.endswith(ending) and len(name) > len(ending) + 1:
            return name.removesuffix(ending)
    return name
