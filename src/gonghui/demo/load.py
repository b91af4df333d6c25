"""Loads the demo once, through the actions that users use, as the application role."""

from random import Random

from gonghui.core.accounts.models import User
from gonghui.core.actions.door import acting
from gonghui.core.organisations.models import Organisation
from gonghui.demo import facts
from gonghui.demo.cast import DISTRICT, NAMES, NEXT_STREET, OWN_UNION, STREET, open_accounts
from gonghui.demo.contacts import write_contacts
from gonghui.demo.names import Inventor
from gonghui.demo.plan import make_plan
from gonghui.demo.register import (
    ACTOR,
    Register,
    communities,
    found_district,
    found_street,
    regions,
    write_register,
)
from gonghui.demo.tree import found_education_union, hang_below
from gonghui.demo.waiting import Waiting

PRIVATE = "170"  # the class of the employer whose chair may sign in


def load() -> None:
    """Everything in one transaction; nothing if the demo is there already."""
    with acting(ACTOR):
        if User.objects.filter(is_demo=True).exists():
            return
        if Organisation.objects.visible_to(ACTOR).exists():
            raise SystemExit("This database is in use; the demo needs an empty one.")
        fill()


def fill() -> None:
    """The streets with their registers, a system union beside them, the accounts, and what goes on there."""
    inventor = Inventor(Random(facts.read("facts.toml")["seed"]))
    places = regions()
    district = found_district(places)
    registers: list[Register] = []
    for street in facts.streets():
        union = found_street(district, street, places)
        plan = make_plan(inventor.rng, inventor, street, communities(street))
        registers.append(write_register(union, plan, inventor, places))
    found_education_union(district, inventor, places)
    home, neighbour = registers
    own = next(union for employer, union in home.largest_own() if employer.employer_class == PRIVATE)
    posts = {DISTRICT: district, STREET: home.street, NEXT_STREET: neighbour.street, OWN_UNION: own}
    users = open_accounts(posts, actor=ACTOR)
    for register in registers:
        hang_below(register)
        write_contacts(register, {own.pk: NAMES[OWN_UNION]})
    Waiting(home, own, users).write()
