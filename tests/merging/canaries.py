"""What the sweep of all addresses finds of merges: planted by tests/canaries.py."""

from typing import Any

from gonghui.areas.register.actions import (
    EmployerRow,
    edit_union,
    enter_employers,
    found_union,
    merge_employers,
    merge_unions,
    tell_employers_apart,
    tell_unions_apart,
)
from gonghui.core.organisations.models import Kind
from tests.cast import LONG_AGO, SYSTEM
from tests.world import World


def register_merges(world: World) -> None:
    """In both streets two employers and two unions that were made one, and two of each that were told apart."""
    papers: dict[str, Any] = {"kind": Kind.OWN, "on": LONG_AGO, "document": "京工发〔2015〕5号"}
    for street in (world.cast.street, world.cast.next_street):
        names = [world.word("name of an employer", street.path) for _number in range(4)]
        rows = [EmployerRow(name, LONG_AGO, region=street.region) for name in names]
        kept, dropped, one, other = enter_employers(street, actor=SYSTEM, rows=rows)
        world.plant(merge_employers(kept, actor=SYSTEM, dropped=dropped), street.path)
        for employer in (fresh(dropped), one, kept):
            world.plant(employer, street.path)
        world.plant(tell_employers_apart(one, actor=SYSTEM, other=other), street.path)
        unions = []
        for _number in range(4):
            union = found_union(street, actor=SYSTEM, name="某某工会", **papers)
            edit_union(union, actor=SYSTEM, name=world.word("name of a union", union.path, is_union_name=True))
            unions.append(union)
        world.plant(merge_unions(unions[0], actor=SYSTEM, dropped=unions[1]), *(union.path for union in unions[:2]))
        world.plant(fresh(unions[1]), *(union.path for union in unions[:2]))
        world.plant(unions[0], unions[0].path)
        world.plant(tell_unions_apart(unions[2], actor=SYSTEM, other=unions[3]), *(union.path for union in unions[2:]))


def fresh(record: Any) -> Any:
    """The record as the merge has left it."""
    record.refresh_from_db()
    return record
