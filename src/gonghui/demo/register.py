"""Writes the planned register through the actions that users use."""

import datetime as dt
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from gonghui.areas.register.actions import (
    EmployerRow,
    UnionRow,
    cover_employer,
    cover_employers,
    enter_employers,
    found_root,
    found_union,
    found_unions,
    record_headcount,
)
from gonghui.areas.register.models import Employer
from gonghui.core.actions.actor import Actor
from gonghui.core.organisations.models import Kind, Organisation
from gonghui.core.reference.models import Region
from gonghui.demo.facts import District, Street, read
from gonghui.demo.names import Inventor
from gonghui.demo.plan import STATE_HELD, Firm, Plan

ACTOR = Actor.system("demo.load")
FUNDS_FROM = 25  # workers from which on the demo's unions keep their own funds and have a code
PARTY_SHARE = ((100, 0.7), (25, 0.35), (0, 0.05))
STATE_CONTROLLED_SHARE = 0.2  # of the companies whose class leaves it open


@dataclass
class Register:
    """What was written for one street."""

    street: Organisation
    plan: Plan
    inventor: Inventor
    employers: list[Employer] = field(default_factory=list)  # in the plan's order
    joints: dict[str, Organisation] = field(default_factory=dict)  # by name
    owns: dict[int, Organisation] = field(default_factory=dict)  # by the place of its employer in the plan
    documents: Counter[int] = field(default_factory=Counter)

    def document(self, on: dt.date) -> str:
        """The next number of the street's letters of approval of that year."""
        self.documents[on.year] += 1
        return f"{self.plan.street.short}工发〔{on.year}〕{self.documents[on.year]}号"

    def largest_own(self) -> list[tuple[Employer, Organisation]]:
        """The employers with an own union, those with most workers first."""
        places = sorted(self.owns, key=lambda place: -self.plan.firms[place].workers)
        return [(self.employers[place], self.owns[place]) for place in places]

    def uncovered(self) -> list[Employer]:
        """The employers of the plan that no union covers today, those with fewest workers first."""
        rows = Employer.objects.visible_to(ACTOR).filter(street=self.street, state="active", coverage="none")
        still = set(rows.values_list("pk", flat=True))
        pairs = sorted(zip(self.plan.firms, self.employers, strict=True), key=lambda pair: pair[0].workers)
        return [employer for _firm, employer in pairs if employer.pk in still]


def regions() -> dict[str, Region]:
    """Every division of the districts by its code."""
    return {one.code: one for one in Region.objects.all()}


def street_names(district: District) -> dict[str, str]:
    """The streets and towns of a district that have a union: code → name."""
    rows = Region.objects.filter(parent__code=district.code, level=Region.Level.STREET, has_union_territory=True)
    return dict(rows.values_list("code", "name"))


def communities(street: Street) -> list[tuple[str, str]]:
    """Codes and short names of a street's communities."""
    rows = Region.objects.filter(parent__code=street.code, level=Region.Level.COMMUNITY).order_by("code")
    return [(one.code, one.name.removesuffix("居委会").removesuffix("村委会")) for one in rows]


def found_city() -> Organisation:
    """The top of the tree."""
    facts = read("districts.toml")["city"]
    return found_root(actor=ACTOR, name=facts["name"], kind=Kind.CITY, on=facts["founded_on"])


def found_district(city: Organisation, district: District, places: dict[str, Region]) -> Organisation:
    """A district's federation."""
    return found_union(
        city,
        actor=ACTOR,
        name=district.name,
        kind=Kind.DISTRICT,
        on=district.founded_on,
        document=f"示总工发〔{district.founded_on.year}〕{int(district.code[-2:])}号",
        code=district.code,
        region=places[district.code],
    )


def found_street(above: Organisation, district: District, street: Street, places: dict[str, Region]) -> Organisation:
    """The union of a street's territory."""
    return found_union(
        above,
        actor=ACTOR,
        name=f"{street.name}总工会",
        kind=Kind.STREET,
        on=street.founded_on,
        document=f"{district.short}总工发〔{street.founded_on.year}〕{int(street.code[-3:])}号",
        code=street.code,
        region=places[street.code],
    )


def entry_of(firm: Firm, places: dict[str, Region], inventor: Inventor) -> EmployerRow:
    """The employer as it is entered."""
    rng, identity = inventor.rng, firm.identity
    party = next(share for floor, share in PARTY_SHARE if firm.workers >= floor)
    is_open = identity.employer_class in {"159", "169"}
    return EmployerRow(
        name=identity.name,
        on=firm.entered_on,
        uscc=firm.code,
        region=places[firm.region],
        headcount=firm.first_count or firm.workers,
        headcount_source=firm.source,
        values={
            "employer_class": identity.employer_class,
            "is_state_controlled": identity.employer_class in STATE_HELD or (is_open and rng.random() < STATE_CONTROLLED_SHARE),
            "industry": identity.section,
            "address": firm.address,
            "has_party_organisation": rng.random() < party,
            "is_dispatch_firm": identity.is_dispatch,
            "is_synthetic": True,
        },
    )


def write_register(street: Organisation, plan: Plan, inventor: Inventor, places: dict[str, Region]) -> Register:
    """Employers, unions, coverage and counts of a street, in the order in which they came about."""
    register = Register(street, plan, inventor)
    rows = [entry_of(firm, places, inventor) for firm in plan.firms]
    register.employers = enter_employers(street, actor=ACTOR, rows=rows)
    found_joint_unions(register, places)
    cover_jointly(register)
    found_own_unions(register, places)
    recount(register)
    return register


def found_joint_unions(register: Register, places: dict[str, Region]) -> None:
    """The planned joint unions."""
    for joint in sorted(register.plan.joints, key=lambda one: one.days[0]):
        register.joints[joint.name] = found_union(
            register.street,
            actor=ACTOR,
            name=joint.name,
            kind=Kind.JOINT,
            on=joint.days[0],
            document=register.document(joint.days[0]),
            joint_basis=joint.basis,
            region=places[joint.region],
            is_synthetic=True,
        )


def cover_jointly(register: Register) -> None:
    """Each round of each joint union at once, in order of time."""
    rounds: dict[tuple[dt.date, str], list[Employer]] = defaultdict(list)
    for employer, firm in zip(register.employers, register.plan.firms, strict=True):
        if firm.joint and firm.joint_since:
            rounds[firm.joint_since, firm.joint.name].append(employer)
    for (day, name), employers in sorted(rounds.items(), key=lambda one: one[0]):
        cover_employers(register.joints[name], actor=ACTOR, employers=employers, since=day)


def found_own_unions(register: Register, places: dict[str, Region]) -> None:
    """Each with its approval, and its employer covered from the same day."""
    planned = sorted((firm.own_since, place) for place, firm in enumerate(register.plan.firms) if firm.own_since)
    rows = [own_union(register, register.plan.firms[place], day, places) for day, place in planned]
    unions = found_unions(register.street, actor=ACTOR, rows=rows)
    for union, (day, place) in zip(unions, planned, strict=True):
        cover_employer(register.employers[place], actor=ACTOR, union=union, since=day)
        register.owns[place] = union


def own_union(register: Register, firm: Firm, day: dt.date, places: dict[str, Region]) -> UnionRow:
    """The union of a firm as it is founded on a day; a large one has funds of its own."""
    has_funds = firm.workers >= FUNDS_FROM
    values = {
        "uscc": register.inventor.code("81", register.plan.street.district) if has_funds else None,
        "region": places[firm.region],
        "keeps_own_funds": has_funds,
        "is_synthetic": True,
    }
    return UnionRow(f"{firm.identity.name}工会", Kind.OWN, day, register.document(day), values)


def recount(register: Register) -> None:
    """The later counts."""
    for employer, firm in zip(register.employers, register.plan.firms, strict=True):
        if firm.recounted_on:
            record_headcount(employer, actor=ACTOR, count=firm.workers, on=firm.recounted_on, source=firm.source)
