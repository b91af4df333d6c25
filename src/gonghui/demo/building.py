"""Union building in the demo: everything that an officer finds at work on its pages, in two streets of one district."""

from collections.abc import Mapping
from random import Random

from gonghui.areas.unionbuilding import actions
from gonghui.core.accounts.models import User
from gonghui.core.reference.models import Region
from gonghui.demo.editions import Editions
from gonghui.demo.fieldwork import LAPSED, OFFICERS, Fieldwork, Street
from gonghui.demo.founding import Foundings
from gonghui.demo.hours import Hours
from gonghui.demo.register import Register
from gonghui.kit.dates import today

SEED = 5


def write_building(home: Register, neighbour: Register, places: Mapping[str, Region], users: Mapping[str, User]) -> None:
    """Field work and foundings, what the last night has ended, then the lists, which have what is on the register by then."""
    streets = {"home": Street(home, OFFICERS["home"]), "next": Street(neighbour, OFFICERS["next"])}
    hours = Hours(users, Random(SEED))
    field = Fieldwork(streets, places, hours)
    field.write()
    Foundings(field).write()
    with hours.by_night(LAPSED, today()) as system:
        actions.advance_claims(system, today())
    Editions(streets["home"], streets["next"], hours).write()
