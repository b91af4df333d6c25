"""Loads the demo once, through the actions that users use, as the application role."""

import datetime as dt
from dataclasses import asdict
from decimal import Decimal
from random import Random

from django.apps import apps
from django.db import connection

from gonghui.core.accounts.models import User
from gonghui.core.actions.door import acting
from gonghui.core.actions.policies import is_event
from gonghui.core.actions.walls import table
from gonghui.core.exchange.checking import uncollected
from gonghui.core.figures.actions import report, set_target
from gonghui.core.figures.kept import work_in
from gonghui.core.organisations.models import Organisation
from gonghui.core.reference.models import Region
from gonghui.demo import facts
from gonghui.demo.building import write_building
from gonghui.demo.cast import DISTRICT, NAMES, NEXT_STREET, OWN_UNION, STREET, open_accounts
from gonghui.demo.contacts import write_contacts
from gonghui.demo.doubles import write_doubles
from gonghui.demo.facts import District
from gonghui.demo.hours import MARK, Hours
from gonghui.demo.joining import Joining, give_entitlements, open_points
from gonghui.demo.life import Life
from gonghui.demo.members import write_members
from gonghui.demo.names import Inventor
from gonghui.demo.plan import grow, make_plan, send_out
from gonghui.demo.register import (
    ACTOR,
    Register,
    communities,
    found_city,
    found_district,
    found_street,
    regions,
    street_names,
    write_register,
)
from gonghui.demo.tree import found_education_union, hang_below
from gonghui.demo.waiting import Waiting
from gonghui.kit.dates import from_day, today

POINTS = facts.read("joining.toml")["points"]["street"]
PRIVATE = "170"  # the class of the employer whose chair may sign in


@uncollected()
def load() -> None:
    """Everything in one transaction; nothing if the demo is there already."""
    with acting(ACTOR):
        if User.objects.filter(is_demo=True).exists():
            return
        if Organisation.objects.visible_to(ACTOR).exists():
            raise SystemExit("This database is in use; the demo needs an empty one.")
        fill()


def settle() -> None:
    """As the owner, once loaded: the history of the demo's months gets the days on which its people acted, figures what is kept for
    them, PostgreSQL its statistics."""
    work_in(today())
    with connection.cursor() as cursor:
        cursor.execute("analyze")
        for model in filter(is_event, apps.get_models()):
            cursor.execute(
                f"update {table(model)} e set pgh_created_at = substr(c.metadata->>'request', {len(MARK) + 1})::timestamptz"
                f" from pghistory_context c where c.id = e.pgh_context_id and c.metadata->>'request' like '{MARK}%%'"
            )


def fill() -> None:
    """The districts with their registers, the accounts, the months since, and what waits today."""
    inventor = Inventor(Random(facts.read("facts.toml")["seed"]))
    places, city = regions(), found_city()
    posts, registers = {}, []
    for district in facts.districts():
        union = found_district(city, district, places)
        posts[district.code] = union
        registers.append(write_district(union, district, inventor, places))
    home, neighbour = registers[0][:2]
    own = next(union for employer, union in home.largest_own() if employer.employer_class == PRIVATE)
    district_union = posts[home.plan.street.district]
    found_education_union(district_union, inventor, places)
    posts |= {DISTRICT: district_union, STREET: home.street, NEXT_STREET: neighbour.street, OWN_UNION: own}
    users = open_accounts(posts, actor=ACTOR)
    for register in registers[0]:
        hang_below(register)
        write_contacts(register, {own.pk: NAMES[OWN_UNION]})
    for district, streets in zip(facts.districts(), registers, strict=True):
        Life(district, streets, places, users).write()
    for district, streets in zip(facts.districts(), registers, strict=True):
        write_members(district, streets, inventor)
        aim(district, posts[district.code])
        for printed in district.reported:
            report(posts[district.code], actor=ACTOR, when=district.as_of, **asdict(printed))
    Waiting(home, own, users).write()
    Joining(home, own, users).write()
    write_building(home, neighbour, places, users)
    write_doubles(home, places, Hours(users, inventor.rng))
    place = next(register for streets in registers for register in streets if register.plan.street.code == POINTS)
    open_points(place.street, [name for _code, name in communities(place.plan.street)])
    give_entitlements(place.street)


def aim(district: District, union: Organisation) -> None:
    """What the district shall reach this year."""
    year = today().year
    period = from_day(dt.date(year, 1, 1), dt.date(year + 1, 1, 1))
    for figure, number in district.targets.items():
        set_target(
            union, actor=ACTOR, figure=figure, period=period, number=Decimal(number), basis=f"{year}年度工作要点（合成）"
        )


def write_district(union: Organisation, district: District, inventor: Inventor, places: dict[str, Region]) -> list[Register]:
    """The streets of a district: those that facts.toml describes, then the others."""
    described = [street for street in facts.streets() if street.district == district.code]
    names = {code: name for code, name in street_names(district).items() if code not in {one.code for one in described}}
    plans = [
        make_plan(inventor.rng, inventor, street, communities(street))
        for street in [*described, *facts.plain_streets(district, names)]
    ]
    if district.growth:
        grow(inventor.rng, plans, district.growth)
    if district.dispatch:
        send_out(inventor.rng, inventor, plans, district.dispatch)
    return [write_register(found_street(union, district, plan.street, places), plan, inventor, places) for plan in plans]
