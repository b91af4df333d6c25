"""The canaries of union building: prospects that were claimed, what was tried and found out, disputes, who answers for an area."""

from gonghui.areas.unionbuilding import actions as building
from gonghui.kit.dates import today
from tests.cast import LONG_AGO, SYSTEM
from tests.world import World


def fieldwork(world: World) -> None:
    """In both streets and at the education union a prospect that it has claimed, with what was tried and what was found out; the streets
    dispute each other's. What is unclaimed is everybody's."""
    cast = world.cast
    officers = {cast.street: "outsider", cast.next_street: "street_officer"}
    for employer in world.employers[1:4]:
        employer.refresh_from_db()
        union = employer.organisation
        paths = tuple(one.path for one in (union, employer.street) if one)
        (prospect,) = building.open_prospects(union, actor=SYSTEM, employers=[employer])
        claim = building.claim(union, actor=SYSTEM, prospect=prospect)
        prospect.refresh_from_db()
        tried, found = (world.word(f"note of {what}", *paths) for what in ("an attempt", "a finding"))
        row = building.AttemptRow("phone", "no_answer", tried)
        attempt = building.record_attempt(prospect, actor=SYSTEM, row=row)
        seen = building.FindingRow("records", "duplicate", today(), note=found)
        finding = building.record_finding(prospect, actor=SYSTEM, row=seen)
        area = world.word("area that somebody answers for", union.path)
        charge = building.give_charge(union, actor=SYSTEM, user=cast.users["street_officer"], since=LONG_AGO, area=area)
        for record in (prospect, claim, attempt, finding):
            world.plant(record, *paths)
        world.plant(charge, union.path)
        if union in officers:
            other = next(one for one in officers if one != union)
            reason = world.word("reason of a dispute", union.path, other.path)
            actor = cast.actor(officers[union])
            dispute = building.raise_dispute(other, actor=actor, firm=employer.name, reason=reason)
            world.canaries[employer.name].neighbours.add(other.path)
            world.plant(dispute, union.path, other.path)
