"""Canaries of the places where workers join, and of what is done there."""

from typing import Any

from gonghui.areas.members.actions import begin_counter, close_point, give_entitlement, open_point
from gonghui.kit.dates import today
from tests.cast import LONG_AGO, SYSTEM
from tests.world import World


def points(world: World) -> None:
    """An intake point that is closed and an entitlement that is not public at each street; those that are public are everybody's."""
    cast = world.cast
    for union in (cast.street, cast.next_street):
        name = world.word("name of an intake point", union.path)
        values: dict[str, Any] = {"kind": "stand", "address": "门口", "hours": "周三", "opened_on": LONG_AGO, "name": name}
        point = open_point(union, actor=SYSTEM, **values)
        close_point(point, actor=SYSTEM, on=today())
        world.plant(point, union.path)
        name = world.word("name of an entitlement", union.path)
        values = {"name": name, "basis": "测试", "is_public": False}
        world.plant(give_entitlement(union, actor=SYSTEM, since=LONG_AGO, **values), union.path)


def counter_sessions(world: World) -> None:
    """One at each street and at the enterprise union, of whoever sits there."""
    cast = world.cast
    for name, union in (("street_officer", cast.street), ("outsider", cast.next_street), ("enterprise_chair", cast.own)):
        purpose = world.word("purpose of a counter session", union.path)
        world.plant(begin_counter(union, actor=cast.actor(name), purpose=purpose), union.path)
