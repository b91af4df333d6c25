"""What stands in the tree beside the streets' own and joint unions."""

import datetime as dt

from gonghui.areas.register.actions import (
    EmployerRow,
    cover_employer,
    enter_employers,
    found_union,
    move_union,
)
from gonghui.core.organisations.models import Kind, Organisation
from gonghui.core.reference.models import Region
from gonghui.demo.facts import read
from gonghui.demo.names import Inventor
from gonghui.demo.register import ACTOR, Register

FEDERATED_ON = dt.date(2016, 12, 12)
BRANCHED_ON = dt.date(2016, 12, 15)
BRANCHES = ("第一分会", "第二分会", "第三分会")
PER_UNION = 3
SCHOOL_UNIONS_ON = dt.date(2009, 4, 8)


def found_education_union(district: Organisation, inventor: Inventor, places: dict[str, Region]) -> Organisation:
    """A system union; its schools stand in a street and are managed by the system."""
    facts, place = read("facts.toml")["system"], str(district.code)
    system = found_union(
        district,
        actor=ACTOR,
        name=facts["name"],
        kind=Kind.SYSTEM,
        on=facts["founded_on"],
        document=f"东总工发〔{facts['founded_on'].year}〕21号",
        code=facts["code"],
    )
    for number, row in enumerate(facts["schools"], 1):
        entry = EmployerRow(
            row["name"],
            row["entered_on"],
            uscc=inventor.employer_code("400", place),
            region=places[row["region"]],
            headcount=row["workers"],
            values={
                "employer_class": "400",
                "industry": "P",
                "has_party_organisation": True,
                "address": f"东城区{places[row['region']].name.removesuffix('居委会')}{number}号",
                "is_synthetic": True,
            },
        )
        (school,) = enter_employers(system, actor=ACTOR, rows=[entry])
        union = found_union(
            system,
            actor=ACTOR,
            name=f"{row['name']}工会",
            kind=Kind.OWN,
            on=SCHOOL_UNIONS_ON,
            document=f"东教工发〔{SCHOOL_UNIONS_ON.year}〕{number}号",
            uscc=inventor.code("81", place),
            region=places[row["region"]],
            keeps_own_funds=True,
            is_synthetic=True,
        )
        cover_employer(school, actor=ACTOR, union=union, since=SCHOOL_UNIONS_ON)
    return system


def hang_below(register: Register) -> None:
    """Federations of unions above some joint unions; branches and groups below the unions with most workers."""
    for federation in register.plan.street.federations:
        above = found_union(
            register.street,
            actor=ACTOR,
            name=f"{register.plan.street.name}{federation.name}",
            kind=Kind.FEDERATION,
            on=FEDERATED_ON,
            document=register.document(FEDERATED_ON),
            region=register.street.region,
            is_synthetic=True,
        )
        for name in federation.unions:
            union = register.joints[f"{register.plan.street.name}{name}联合工会"]
            move_union(union, actor=ACTOR, parent=above, since=FEDERATED_ON)
    for number in range(register.plan.street.branches):
        _employer, union = register.largest_own()[number // PER_UNION]
        branch = _part(union, Kind.BRANCH, f"{union.name}{BRANCHES[number % PER_UNION]}")
        if number % PER_UNION == 0:
            _part(branch, Kind.GROUP, f"{branch.name}第一小组")


def _part(above: Organisation, kind: Kind, name: str) -> Organisation:
    """A branch or group."""
    return found_union(
        above, actor=ACTOR, name=name, kind=kind, on=BRANCHED_ON, document="", region=above.region, is_synthetic=True
    )
