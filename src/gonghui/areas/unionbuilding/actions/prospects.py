"""How an employer becomes a prospect, and how a prospect passes from one union to another."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from gonghui.areas.register.models import Employer, Holding
from gonghui.areas.register.rules import CoverageState
from gonghui.areas.unionbuilding.models import Finding, Prospect, Stage
from gonghui.areas.unionbuilding.rules import ENDED, PROSPECT_FLOW, Origin, Stream
from gonghui.core.actions.action import NotAllowed, Refused, action, change, next_state
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.copying import insert_many
from gonghui.core.actions.dated import each, same, supersede
from gonghui.core.actions.door import beyond_scope
from gonghui.core.files.models import StoredFile
from gonghui.core.organisations.models import Organisation
from gonghui.core.organisations.queries import managing_union
from gonghui.kit.dates import today

PASSES = "a prospect passes to another union, and with it the employer that nobody covers"


@action("unionbuilding.open_prospect", label=_("列为建会对象"))
def open_prospects(
    union: Organisation, *, actor: Actor, employers: Iterable[Employer], origin: str = Origin.REGISTER
) -> list[Prospect]:
    """Makes prospects of employers below this union that may be claimed from now on; those that are prospects already stay what they are.

    An employer that a joint union covers becomes one as a conversion (联合转单独). Refused for one that has an own union or is no longer
    active.
    """
    wanted = {employer.pk for employer in employers}
    rows = Employer.objects.changeable_by(actor, "unionbuilding.open_prospect").filter(pk__among=wanted)
    found = list(rows.filter(organisation_path__startswith=union.path).select_for_update(of=("self",)).order_by("pk"))
    if len(found) != len(wanted):
        raise NotAllowed("unionbuilding.open_prospect")
    for employer in found:
        if employer.state != "active" or employer.coverage == CoverageState.OWN:
            raise Refused(_("“%(name)s”已单独建会或不是正常状态，不能列为建会对象") % {"name": employer.name})
    with beyond_scope("whether an employer is a prospect already, whoever works on it"):
        running = Prospect.objects.unscoped("prospects of employers that an action has locked").running()
        known = set(running.filter(employer__in=found).values_list("employer_id", flat=True))
    prospects = [prospect_of(one, origin) for one in found if one.pk not in known]
    insert_many(prospects)
    note_stages(prospects, today())
    return prospects


def note_stages(prospects: Sequence[Prospect], on: dt.date) -> None:
    """Notes where prospects stand from a day on."""
    supersede(Stage, "prospect", [one.pk for one in prospects], on, each(prospects, stage_of))


def stage_of(prospect: Prospect) -> dict[str, Any]:
    """What a stage says of a prospect."""
    return {
        "state": prospect.state,
        "is_open": prospect.is_open,
        "managing_id": prospect.organisation_id,
        "street_id": prospect.street_id,
    }


def prospect_of(employer: Employer, origin: str) -> Prospect:
    """A new prospect, held by the union that manages the employer."""
    prospect = Prospect(
        employer=employer,
        organisation=managing_union(employer.organisation),
        street_id=employer.street_id,
        stream=stream_of(employer),
        origin=origin,
        opened_on=today(),
    )
    copy_employer(prospect, employer)
    return prospect


def stream_of(employer: Employer) -> str:
    """In which stream an employer is worked on."""
    if employer.coverage == CoverageState.JOINT:
        return Stream.CONVERSION
    return Stream.DISPATCH if employer.is_dispatch_firm else Stream.GENERAL


COPIED = ("name", "name_pinyin", "name_initials", "address", "headcount")


def copy_employer(prospect: Prospect, employer: Employer) -> dict[str, Any]:
    """What of the employer whoever may claim it sees; as it is now."""
    values = {name: getattr(employer, name) for name in COPIED}
    for name, value in values.items():
        setattr(prospect, name, value)
    return values


def advance(prospect: Prospect, step: str, **values: Any) -> None:
    """Takes a step of the flow; one that ends the matter says on which day, and nobody can claim it any more."""
    state = next_state(PROSPECT_FLOW, step, prospect.state)
    if state in ENDED:
        values |= {"is_open": False, "ended_on": values.get("ended_on") or prospect.ended_on or today()}
    change(prospect, state=state, **values)
    note_stages([prospect], today())


def pass_to(prospect: Prospect, union: Organisation, *, is_open: bool) -> None:
    """Another managing union works on it from today on; an employer that nobody covers is held there as well (归口), and so are the
    photos of it."""
    with beyond_scope(PASSES):
        employer = prospect.employer
        if employer.coverage == CoverageState.NONE and employer.organisation_id != union.pk:
            values = same([employer.pk], organisation=union, managing=union, street_id=employer.street_id)
            supersede(Holding, "employer", [employer.pk], today(), values)
            change(employer, organisation=union)
        for photo in StoredFile.objects.unscoped(PASSES).filter(pk__in=photos_of(employer)):
            change(photo, organisation=union)
        change(prospect, organisation=union, is_open=is_open)
        note_stages([prospect], today())


def photos_of(employer: Employer) -> Any:
    """The photos that findings about an employer hold."""
    rows = Finding.objects.unscoped("the photos of an employer pass with it")
    return rows.filter(employer=employer, photo__isnull=False).values("photo")
