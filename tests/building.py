"""What of union building is planted in the district of canaries."""

import datetime as dt
from typing import Any

from gonghui.areas.members.actions import MemberRow, admit_members
from gonghui.areas.members.models import Move
from gonghui.areas.register.actions import EmployerRow, enter_employers
from gonghui.areas.unionbuilding import actions as building
from gonghui.areas.unionbuilding.models import Aftercare, AwardLine, Candidate, Crossing, Duty, Founding, Paper, Prospect
from gonghui.areas.unionbuilding.tests import founding as way
from gonghui.core.organisations.models import Organisation
from gonghui.core.people.actions import PersonRow
from gonghui.kit.dates import today
from gonghui.kit.identity import check_character, checked
from tests.cast import LONG_AGO, SYSTEM
from tests.world import ID, World

BUILT = "what was just built"


def foundings(world: World) -> None:
    """At the street a union that was founded, with a member who moved; at the next one a firm that prepares; each with a template, an
    award and a firm that has outgrown its joint union."""
    for sequence, (place, steps) in enumerate(((world.cast.street, 7), (world.cast.next_street, 1)), 60):
        name, head, candidate, bank = (
            world.word(f"{what} of a founding", place.path) for what in ("firm", "head", "candidate", "bank")
        )
        rows = [EmployerRow(name, LONG_AGO, region=place.region, headcount=60)]
        (employer,) = enter_employers(place, actor=SYSTEM, rows=rows)
        number = f"{ID}{sequence}{check_character(f'{ID}{sequence}')}"
        person = PersonRow(world.word("name of somebody who moves", place.path), checked(number))
        admit_members(place, actor=SYSTEM, rows=[MemberRow(person, LONG_AGO, employer=employer)])
        prospect = way.agreed(world.cast, employer, place)
        way.prepared(prospect, union_name=f"{name}工会", head=head)
        building.nominate(prospect, actor=SYSTEM, name=candidate, sex="female", post="audit_member")
        for step in way.WAY[1 : min(steps, 6)]:
            step(way.fresh(prospect))
        if steps == 7:
            given: dict[str, Any] = {"bank": bank, "number": "6222000012345678", "on": today()}
            building.record_account(way.fresh(prospect), actor=SYSTEM, **given)
        world.plant(way.fresh(prospect), place.path)
        plant_parts(world, place, prospect)


def plant_parts(world: World, place: Organisation, prospect: Prospect) -> None:
    """What hangs on a founding, and what its street has beside it."""
    parts: list[Any] = [*Founding.objects.unscoped(BUILT).filter(prospect=prospect)]
    parts += Candidate.objects.unscoped(BUILT).filter(founding__prospect=prospect)
    parts += Paper.objects.unscoped(BUILT).filter(prospect=prospect)
    parts += Aftercare.objects.unscoped(BUILT).filter(employer=prospect.employer_id)
    parts += Duty.objects.unscoped(BUILT).filter(aftercare__employer=prospect.employer_id)
    parts += Move.objects.unscoped(BUILT).filter(employer=prospect.employer_id)
    content = building.shipped("notice")
    parts.append(building.set_template(place, actor=SYSTEM, kind="notice", content=content, since=LONG_AGO))
    award = building.compute_award(place, actor=SYSTEM, since=LONG_AGO, before=today() + dt.timedelta(days=1))
    parts += [award, *AwardLine.objects.unscoped(BUILT).filter(award=award)]
    crossing = Crossing(employer_id=prospect.employer_id, prospect=prospect, workers=60, members=30, crossed_on=LONG_AGO)
    crossing.save(force_insert=True)
    for part in [*parts, crossing]:
        world.plant(part, place.path)
