"""Eighteen months of ordinary work that end today, so that lists, trends and timelines are alive. All of it is made up.

Everything is done by the people of the demo through the actions, each on its own day; `load.settle` then gives the history those days.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random

from django.utils import timezone

from gonghui.areas.register.actions import (
    approve_strike_off,
    close_employer,
    cover_employer,
    cover_employers,
    enter_employers,
    found_unions,
    propose_strike_off,
    record_headcount,
)
from gonghui.areas.register.models import Employer
from gonghui.core.access.queries import actor_for
from gonghui.core.accounts.models import User
from gonghui.core.actions.actor import Actor
from gonghui.core.organisations.models import Organisation
from gonghui.core.reference.models import Region
from gonghui.demo.facts import District
from gonghui.demo.hours import opened
from gonghui.demo.names import weighted
from gonghui.demo.plan import Firm, make_firm
from gonghui.demo.register import Register, communities, entry_of, own_union
from gonghui.kit.dates import today

DAYS = 548
SHARE = 0.3  # of the working days of a district on which something happens
OFFICERS = {"110101": "bushi", "110102": "xicheng_bushi", "110115": "daxing_bushi"}
STREET_OFFICER = "donghuamen"
EVIDENCE = "走访登记地址，大门上锁，物业称已搬走半年以上，电话无人接听。"


@dataclass
class Case:
    """An employer in the demo's hands."""

    register: Register
    firm: Firm
    employer: Employer
    is_joint: bool = False


@dataclass
class Life:
    """One district's months."""

    district: District
    registers: list[Register]
    places: dict[str, Region]
    users: Mapping[str, User]
    rng: Random = field(init=False)
    uncovered: list[Case] = field(default_factory=list)
    joint: list[Case] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Sorts the employers by whether a union covers them; large ones without one stay as they are, for the founding ledger."""
        self.rng = Random(int(self.district.code))
        for register in self.registers:
            for firm, employer in zip(register.plan.firms, register.employers, strict=True):
                case = Case(register, firm, employer, is_joint=firm.joint is not None)
                if firm.own_since is None and not (firm.joint is None and firm.workers >= 100):
                    (self.joint if firm.joint else self.uncovered).append(case)

    def write(self) -> None:
        """Day by day."""
        events: dict[Callable[[Actor, dt.date], None], int] = {
            self.joins: 8, self.enters: 7, self.founds: 5, self.recounts: 5, self.closes: 2, self.converts: 2, self.strikes: 2,
        }  # fmt: skip
        for ago in range(DAYS, 0, -1):
            day = today() - dt.timedelta(days=ago)
            if day.weekday() < 5 and self.rng.random() < SHARE:
                with self.by(OFFICERS[self.district.code], day) as actor:
                    weighted(self.rng, events)(actor, day)

    @contextmanager
    def by(self, username: str, day: dt.date) -> Iterator[Actor]:
        """The door, opened for one of them on that day, at some hour of work."""
        morning = timezone.make_aware(dt.datetime.combine(day, dt.time(8, 30)))
        with opened(actor_for(self.users[username]), morning + dt.timedelta(minutes=self.rng.randrange(540))) as actor:
            yield actor

    def taken(self, cases: list[Case]) -> Case:
        """One of these, which is then no longer among them."""
        return cases.pop(self.rng.randrange(len(cases)))

    def joins(self, actor: Actor, day: dt.date) -> None:
        """A joint union takes in an employer that none covered; the district keeps a few of them."""
        if len(self.uncovered) < 20:
            return self.enters(actor, day)
        case = self.taken(self.uncovered)
        union = self.joint_of(case)
        cover_employers(union, actor=actor, employers=[case.employer], since=day)
        self.joint.append(case)
        return None

    def joint_of(self, case: Case) -> Organisation:
        """The joint union of the employer's community, else any of its street."""
        planned = {one.region: one.name for one in case.register.plan.joints}
        name = planned.get(case.firm.region) or next(iter(case.register.joints))
        return case.register.joints[name]

    def enters(self, actor: Actor, day: dt.date) -> None:
        """A new employer is entered on the register."""
        register = self.rng.choice(self.registers)
        street, workers = register.plan.street, 1 + int(60 * self.rng.betavariate(1, 4))
        nearby = communities(street)[: street.joints or None]
        firm = make_firm(self.rng, register.inventor, street, nearby, workers)
        firm.entered_on = day
        (employer,) = enter_employers(register.street, actor=actor, rows=[entry_of(firm, self.places, register.inventor)])
        self.uncovered.append(Case(register, firm, employer))

    def founds(self, actor: Actor, day: dt.date) -> None:
        """An employer that none covered founds its own union."""
        self.uncovered.sort(key=lambda case: case.firm.workers)
        self.found(self.uncovered.pop(), actor, day)

    def converts(self, actor: Actor, day: dt.date) -> None:
        """An employer of a joint union founds its own."""
        case = max(self.rng.sample(self.joint, min(30, len(self.joint))), key=lambda one: one.firm.workers)
        self.joint.remove(case)
        self.found(case, actor, day)

    def found(self, case: Case, actor: Actor, day: dt.date) -> None:
        """The union, and its coverage from the same day."""
        row = own_union(case.register, case.firm, day, self.places)
        (union,) = found_unions(case.register.street, actor=actor, rows=[row])
        cover_employer(case.employer, actor=actor, union=union, since=day)

    def recounts(self, actor: Actor, day: dt.date) -> None:
        """The workers of an employer are counted again."""
        case = self.rng.choice(self.joint)
        count = max(1, round(case.firm.workers * self.rng.uniform(0.7, 1.4)))
        record_headcount(case.employer, actor=actor, count=count, on=day, source="union")

    def closes(self, actor: Actor, day: dt.date) -> None:
        """An employer goes out of business."""
        close_employer(self.taken(self.joint).employer, actor=actor, on=day, reason="市场监管部门公示已注销")

    def strikes(self, actor: Actor, day: dt.date) -> None:
        """In the street whose officer may sign in: proposed by him, approved by the department three days later."""
        cases = [case for case in self.uncovered if case.register is self.registers[0]]
        if STREET_OFFICER not in self.users or self.district.code != "110101" or not cases:
            return self.recounts(actor, day)
        case = self.rng.choice(cases)
        self.uncovered.remove(case)
        with self.by(STREET_OFFICER, day) as officer:
            proposal = propose_strike_off(case.employer, actor=officer, reason="unreachable", evidence=EVIDENCE)
        decided = min(today(), day + dt.timedelta(days=3))
        with self.by(OFFICERS[self.district.code], decided) as department:
            approve_strike_off(proposal, actor=department, on=decided, decision="情况属实，同意剔除。")
        return None
