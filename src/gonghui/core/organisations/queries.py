"""Reads of the union tree."""

from collections.abc import Iterable
from uuid import UUID

from django.db import models

from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import beyond_scope
from gonghui.core.organisations.models import Kind, Organisation, OrganisationQuerySet
from gonghui.core.reference.models import Region


def name_of(field: str) -> models.Func:
    """The name of the organisation in a foreign key. Whoever sees a record may know who holds it, though the holder's own row is
    hidden from him and a join would drop the record."""
    return models.Func(models.F(f"{field}_id"), function="organisation_name", output_field=models.CharField())


def ancestors(organisation: Organisation) -> list[Organisation]:
    """From the root down to itself. Names of what stands above are no secret to what stands below."""
    with beyond_scope("names of the unions above one's own"):
        above = Organisation.objects.unscoped("names of the unions above one's own")
        return list(above.filter(pk__in=organisation.ancestor_ids()).order_by("path"))


def districts_of(paths: Iterable[str]) -> list[str]:
    """The paths of the districts at or above these paths; none of what stands above all districts."""
    keys = {int(key) for path in paths for key in path.split(".") if key.isdigit()}
    with beyond_scope("in which district a union stands"):
        rows = Organisation.objects.unscoped("in which district a union stands").filter(pk__in=keys, kind=Kind.DISTRICT)
        return list(rows.order_by("path").values_list("path", flat=True))


def managing_union(organisation: Organisation) -> Organisation:
    """The nearest federation, street or system union at or above it; LookupError for a tree without one."""
    for union in reversed(ancestors(organisation)):
        if union.is_managing:
            return union
    raise LookupError(f"{organisation.pk} has no managing union")


def street_union(region: Region | None) -> Organisation | None:
    """The union of the street or town a place lies in; None outside every territory."""
    if region is None:
        return None
    with beyond_scope("which street union a place belongs to"):
        streets = Organisation.objects.unscoped("which street union a place belongs to")
        return streets.filter(kind=Kind.STREET, state="active", region__in=[region.pk, region.parent_id]).first()


def public_ids(keys: Iterable[int]) -> dict[int, UUID]:
    """The public ids of unions whose names are answered anyway, such as those in the cells of a figure."""
    with beyond_scope("public ids of unions that an answer names"):
        unions = Organisation.objects.unscoped("public ids of unions that an answer names")
        return dict(unions.filter(pk__in=list(keys)).values_list("pk", "public_id"))


def key_of(public_id: UUID) -> int | None:
    """The same way back; None for what is no union."""
    with beyond_scope("public ids of unions that an answer names"):
        unions = Organisation.objects.unscoped("public ids of unions that an answer names")
        return unions.filter(public_id=public_id).values_list("pk", flat=True).first()


def territories(actor: Actor) -> OrganisationQuerySet:
    """The managing unions the actor sees, in tree order: the rows of grids and the choices of scope pickers."""
    return Organisation.objects.visible_to(actor).managing().active().order_by("path")


def by_code(text: str, actor: Actor) -> Organisation | None:
    """The organisation with this code, union credit code or public id, if the actor sees it."""
    visible = Organisation.objects.visible_to(actor)
    found = visible.filter(code=text).first() or visible.filter(uscc=text).first()
    return found or (visible.filter(public_id=text).first() if len(text) == 36 else None)
