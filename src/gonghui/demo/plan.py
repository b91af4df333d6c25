"""What a street's register is to hold, worked out before anything is written: pure, and the same for the same seed."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from random import Random

from gonghui.core.organisations.models import JointBasis
from gonghui.demo.facts import Dispatch, Growth, Street, starts
from gonghui.demo.names import Identity, Inventor, weighted

SMALL = 24  # the most workers of an employer outside the bands
OWN, JOINT, NONE = "own", "joint", "none"
LAST_ROUND = dt.timedelta(days=33)  # before the article's day
LAST_ENTRY = dt.timedelta(days=184)
LARGE = 100
CONVERTED_BEFORE = dt.date(2014, 1, 1)
RECOUNTED_SINCE = (dt.date(2014, 6, 30), dt.date(2016, 9, 30))
WITHOUT_CODE = 0.12
IN_BUILDING = 0.16
IN_SECTOR = 0.8
SOURCES = {"union": 5, "tax": 3, "registry": 3, "site": 2, "employer": 2}
STATE_HELD = {"110", "151", "161"}
DISTRICTS = {"110101": "东城区", "110102": "西城区", "110115": "大兴区"}


@dataclass(frozen=True)
class Joint:
    """A joint union to be founded, and the days on which it takes employers in."""

    name: str
    basis: str
    region: str
    days: list[dt.date]

    def first_day(self, since: dt.date) -> dt.date:
        """The first round that an employer of this day can be part of."""
        return next(day for day in self.days if day >= since)


@dataclass
class Firm:
    """An employer to be entered, and everything that happens to it until the article's day."""

    identity: Identity
    code: str
    region: str
    address: str
    entered_on: dt.date
    workers: int
    source: str
    building: str = ""
    own_since: dt.date | None = None
    joint: Joint | None = None
    joint_since: dt.date | None = None
    first_count: int | None = None  # differs from `workers` where they were counted again
    recounted_on: dt.date | None = None


@dataclass
class Plan:
    """Everything of one street."""

    street: Street
    joints: list[Joint] = field(default_factory=list)
    firms: list[Firm] = field(default_factory=list)


def workday(rng: Random, first: dt.date, last: dt.date) -> dt.date:
    """A day from `first` to `last` that is no Saturday or Sunday (the day before those, never before `first`)."""
    day = first + dt.timedelta(days=rng.randint(0, (last - first).days))
    return max(first, day - dt.timedelta(days=max(0, day.weekday() - 4)))


def headcounts(rng: Random, street: Street) -> list[int]:
    """As many numbers as there are employers, most of them small, whose sum is the street's workers."""
    large = [low + int((high - low) * rng.betavariate(1, 3)) for low, high, number in street.bands for _ in range(number)]
    number, left = street.employers - len(large), street.workers - sum(large)
    mean = left / number
    if not 1 < mean < SMALL:
        raise ValueError(f"{street.name}: {number} small employers cannot have {left} workers")
    tail = (SMALL - 1) / (mean - 1) - 1
    small = [1 + round((SMALL - 1) * rng.betavariate(1, tail)) for _ in range(number)]
    while missing := left - sum(small):
        place = rng.randrange(number)
        small[place] = min(SMALL, max(1, small[place] + (1 if missing > 0 else -1)))
    counts = large + small
    rng.shuffle(counts)
    return counts


def forms(rng: Random, street: Street, counts: Sequence[int]) -> list[str]:
    """Who covers each employer: own unions where there are many workers, nobody mostly where there are few."""
    by_size = sorted(range(len(counts)), key=lambda place: counts[place] * rng.uniform(0.4, 2.5), reverse=True)
    gap = set(rng.sample([place for place in by_size if counts[place] >= 100], street.large_uncovered))
    rest = [place for place in by_size if place not in gap]
    own, others = set(rest[: street.own_unions]), rest[street.own_unions :]
    none = gap | set(rng.sample(others, street.employers - street.covered - len(gap)))
    return [OWN if place in own else NONE if place in none else JOINT for place in range(len(counts))]


def joint_unions(rng: Random, street: Street, communities: Sequence[tuple[str, str]]) -> list[Joint]:
    """One for each community and building, and one for the sector."""

    def made(name: str, basis: JointBasis, region: str, years: tuple[int, int]) -> Joint:
        founded = workday(rng, dt.date(years[0], 1, 4), dt.date(years[1], 12, 20))
        last = street.as_of - LAST_ROUND
        later = {workday(rng, founded, last) for _ in range(street.rounds - 2)}
        return Joint(f"{street.name}{name}联合工会", basis, region, sorted({founded, *later, last}))

    sector = street.sector
    return [
        *(made(name, JointBasis.COMMUNITY, code, (2008, 2010)) for code, name in communities),
        *(made(one.name, JointBasis.BUILDING, one.community, (2010, 2012)) for one in street.buildings),
        *([made(sector.name, JointBasis.SECTOR, street.code, (2011, 2012))] if sector else []),
    ]


def joint_of(rng: Random, plan: Plan, firm: Firm) -> Joint:
    """The joint union an employer belongs to: its building's, its sector's, else its community's."""
    for joint in plan.joints:
        if joint.basis == JointBasis.BUILDING and firm.building and firm.building in joint.name:
            return joint
    sector = plan.street.sector
    if sector and firm.identity.section == sector.section and rng.random() < IN_SECTOR:
        return plan.joints[-1]
    return next(one for one in plan.joints if one.basis == JointBasis.COMMUNITY and one.region == firm.region)


def make_firm(rng: Random, inventor: Inventor, street: Street, communities: Sequence[tuple[str, str]], workers: int) -> Firm:
    """An employer somewhere in the street, in a building or not."""
    identity = inventor.employer(is_small=workers <= SMALL)
    region, name = rng.choice(communities)
    building = rng.choice(street.buildings) if street.buildings and rng.random() < IN_BUILDING else None
    address = f"{building.name}{rng.randint(2, 18)}{rng.randint(1, 20):02}室" if building else f"{name}{rng.randint(1, 240)}号"
    return Firm(
        identity=identity,
        code="" if rng.random() < WITHOUT_CODE else inventor.employer_code(identity.employer_class, street.district),
        region=building.community if building else region,
        address=f"{DISTRICTS[street.district]}{street.name}{address}",
        entered_on=starts(),
        workers=workers,
        source=weighted(rng, SOURCES),
        building=building.name if building else "",
    )


def cover(rng: Random, plan: Plan, firm: Firm, form: str) -> None:
    """Sets by whom the employer is covered, and since when."""
    if form == JOINT:
        firm.joint = joint_of(rng, plan, firm)
        firm.joint_since = rng.choice([day for day in firm.joint.days if day >= firm.entered_on])
    elif form == OWN:
        firm.own_since = workday(rng, firm.entered_on + dt.timedelta(days=30), plan.street.as_of - dt.timedelta(days=10))


def convert(rng: Random, plan: Plan) -> None:
    """Some own unions follow upon joint coverage."""
    left = plan.street.converted
    for firm in plan.firms:
        if not left or firm.own_since is None:
            continue
        joint = joint_of(rng, plan, firm)
        first = joint.first_day(firm.entered_on)
        if first < CONVERTED_BEFORE:
            firm.joint, firm.joint_since = joint, first
            firm.own_since = workday(rng, first + dt.timedelta(days=200), plan.street.as_of - dt.timedelta(days=10))
            left -= 1


def recount(rng: Random, plan: Plan) -> None:
    """Some employers had another number of workers in earlier years."""
    first, last = RECOUNTED_SINCE
    early = [firm for firm in plan.firms if firm.entered_on < first and firm.workers > 2]
    for firm in rng.sample(early, plan.street.recounted):
        firm.first_count = max(1, round(firm.workers * rng.uniform(0.5, 1.4)))
        firm.recounted_on = workday(rng, first, last)


def make_plan(rng: Random, inventor: Inventor, street: Street, communities: Sequence[tuple[str, str]]) -> Plan:
    """The register of a street; `communities` are codes and names."""
    communities = communities[: street.joints or None]
    plan = Plan(street, joint_unions(rng, street, communities))
    days = [workday(rng, starts(), street.as_of - LAST_ENTRY) for _ in range(32)]
    counts = headcounts(rng, street)
    for workers, form in zip(counts, forms(rng, street, counts), strict=True):
        firm = make_firm(rng, inventor, street, communities, workers)
        firm.entered_on = rng.choice(days)
        cover(rng, plan, firm, form)
        plan.firms.append(firm)
    convert(rng, plan)
    recount(rng, plan)
    return plan


def grow(rng: Random, plans: Sequence[Plan], growth: Growth) -> None:
    """Moves first coverage into or out of the article's year, until as many employers were first covered in it as it says."""
    firms = [(plan, firm) for plan in plans for firm in plan.firms]
    year = dt.date(plans[0].street.as_of.year, 1, 1)
    own = [pair for pair in firms if pair[1].own_since]
    large = [pair for pair in own if pair[1].workers >= LARGE]
    small = [pair for pair in own if pair[1].workers < LARGE]
    joint = [pair for pair in firms if pair[1].joint and pair[1].workers < LARGE]
    new = [*rng.sample(large, growth.large), *rng.sample(small, growth.own - growth.large), *rng.sample(joint, growth.joint)]
    fresh = {id(firm) for _plan, firm in new}
    for plan, firm in firms:
        _set_first_covered(rng, plan.street, firm, year, is_new=id(firm) in fresh)


def _set_first_covered(rng: Random, street: Street, firm: Firm, year: dt.date, *, is_new: bool) -> None:
    """First covered since New Year, or before."""
    last = street.as_of - dt.timedelta(days=10)
    if firm.own_since:
        if not is_new:
            firm.entered_on = min(firm.entered_on, year - dt.timedelta(days=60))
        first = max(year, firm.entered_on) if is_new else firm.entered_on
        firm.own_since = workday(rng, first, last if is_new else year - dt.timedelta(days=1))
    elif firm.joint:
        days = [day for day in firm.joint.days if (day >= year) == is_new]
        firm.entered_on = min(firm.entered_on, days[-1])
        firm.joint_since = rng.choice([day for day in days if day >= firm.entered_on])


def send_out(rng: Random, inventor: Inventor, plans: Sequence[Plan], dispatch: Dispatch) -> None:
    """Makes as many firms labour-dispatch firms as the article says, with as many workers, and no others.

    Those with a union had it before the article's year, or what it counts as new would change.
    """
    firms = [firm for plan in plans for firm in plan.firms]
    year = dt.date(plans[0].street.as_of.year, 1, 1)
    old = [firm for firm in firms if firm.own_since and firm.own_since < year]
    none = [firm for firm in firms if firm.own_since is None and firm.joint is None and firm.workers >= LARGE]
    chosen = [
        (rng.sample(old, dispatch.covered), dispatch.concerned),
        (rng.sample(none, dispatch.uncovered), dispatch.without),
    ]
    sending = {id(firm) for some, _workers in chosen for firm in some}
    for firm in firms:
        if firm.identity.is_dispatch != (id(firm) in sending):
            firm.identity = inventor.employer(is_small=False, is_dispatch=id(firm) in sending)
    for some, workers in chosen:
        for firm, share in zip(some, allotted(workers, [rng.randint(60, 140) for _ in some]), strict=True):
            firm.workers, firm.first_count, firm.recounted_on = share, None, None


def allotted(total: int, weights: Sequence[int]) -> list[int]:
    """Whole shares of a total, by weight; they sum to it."""
    places = accumulate(weights)
    ends = [total * place // sum(weights) for place in places]
    return [end - start for start, end in zip([0, *ends], ends, strict=False)]
