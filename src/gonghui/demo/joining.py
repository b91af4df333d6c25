"""Joining without a union at work: intake points, what individual members get, and what waits for an answer today."""

import datetime as dt
from dataclasses import replace
from random import Random
from typing import Any

from gonghui.areas.members.actions import (
    ApplicationRow,
    MemberRow,
    admit_member,
    admit_members,
    give_entitlement,
    open_point,
    request_correction,
    request_transfer,
    retain_member,
    return_application,
    take_application,
)
from gonghui.areas.members.models import Membership
from gonghui.areas.register.models import Employer
from gonghui.core.access.queries import actor_for
from gonghui.core.accounts.actions import prove_phone
from gonghui.core.accounts.models import User
from gonghui.core.actions.door import acting
from gonghui.core.organisations.models import Organisation
from gonghui.core.people.actions import PersonRow
from gonghui.demo.facts import read
from gonghui.demo.members import document
from gonghui.demo.names import Inventor
from gonghui.demo.register import ACTOR, Register
from gonghui.kit.dates import today

WORKER, WORKERS_PHONE = "zhigong", "13800138000"
THRESHOLD = 25
SINGLE = 14  # individual members elsewhere in the street


def open_points(street: Organisation, names: list[str]) -> None:
    """A street's station, and points in its buildings and communities, as the article counts them."""
    facts = read("joining.toml")["points"]
    kinds = [("station", facts["stations"]), ("building", facts["buildings"]), ("community", facts["communities"])]
    for kind, number in kinds:
        for place in range(number["value"]):
            name = f"{names[place % len(names)]}{facts['words'][kind]}"
            open_point(
                street,
                actor=ACTOR,
                name=name if number["value"] > 1 else f"{street.name}服务站",
                kind=kind,
                address=f"{names[place % len(names)]}{place + 1}号",
                hours=facts["hours"][kind],
                persons=facts["persons"][kind],
                opened_on=facts["since"],
            )


def give_entitlements(street: Organisation) -> None:
    """The article's 四个一, and a subsidy for activities."""
    for row in read("joining.toml")["entitlements"]:
        give_entitlement(street, actor=ACTOR, **row)


class Joining:
    """What happens in the demo's first street, and at the union whose chair may sign in."""

    def __init__(self, register: Register, own: Organisation, users: dict[str, User]) -> None:
        self.register, self.own, self.users = register, own, users
        self.inventor: Inventor = register.inventor
        self.rng: Random = register.inventor.rng

    def write(self) -> None:
        """Everything."""
        self.around()
        self.worker()
        self.individuals()
        self.applications()
        self.transfers()

    def row(self, days_ago: int, name: str = "", **work: Any) -> MemberRow:
        """Somebody made up who joins some days before today."""
        values = {"is_synthetic": True}
        person = PersonRow(
            name or self.inventor.person(), document(self.inventor), f"100{self.rng.randrange(10**8):08}", values
        )
        return MemberRow(person, today() - dt.timedelta(days=days_ago), **work)

    def around(self) -> None:
        """What the street's workers find there: places to join at, and what members are given."""
        facts = read("joining.toml")
        for point in facts["nearby"]:
            open_point(self.register.street, actor=ACTOR, **point)
        for given in facts["given"]:
            give_entitlement(self.register.street, actor=ACTOR, **given)

    def worker(self) -> None:
        """The worker who may sign in: a member of the chair's union, who wants his schooling corrected."""
        employer = Employer.objects.visible_to(ACTOR).filter(organisation=self.own).first()
        user = self.users[WORKER]
        row = self.row(900, user.name, employer=employer)
        member = admit_member(self.own, actor=ACTOR, row=replace(row, person=replace(row.person, phone=WORKERS_PHONE)))
        prove_phone(user, WORKERS_PHONE, person=member.person)
        actor = actor_for(user, channel="portal")
        with acting(actor):
            request_correction(member.person, actor=actor, values={"education": "bachelor"})
        rest = [self.row(days, employer=employer) for days in (2000, 1800, 1500)]
        for one in admit_members(self.own, actor=ACTOR, rows=rest):
            retain_member(one, actor=ACTOR, on=today() - dt.timedelta(days=self.rng.randint(30, 400)), why="retired")

    def individuals(self) -> None:
        """So many at one uncovered employer that its street is reminded to found a union; some more at others."""
        street, large = self.register.street, self.register.uncovered()
        crowd = [self.row(self.rng.randint(20, 400), employer=large[-1]) for _one in range(THRESHOLD)]
        others = [self.row(self.rng.randint(5, 500), employer=self.rng.choice(large)) for _one in range(SINGLE)]
        admit_members(street, actor=ACTOR, rows=[*crowd, *others], door="counter")

    def applications(self) -> None:
        """From the counter: most of them at the street, some at the chair's union, one returned."""
        own = Employer.objects.visible_to(ACTOR).filter(organisation=self.own).first()
        for row in read("joining.toml")["applications"]:
            union = self.own if row["at"] == "own" else self.register.street
            asked = ApplicationRow(
                self.inventor.person(),
                document(self.inventor).number,
                row["workplace"] if union != self.own else str(own),
                phone=f"100{self.rng.randrange(10**8):08}",
                employer=own if union == self.own else None,
                worker_kind=row.get("worker_kind", "contract"),
                trade=row.get("trade", ""),
            )
            application = take_application(union, actor=ACTOR, row=asked)
            if "returned" in row:
                return_application(application, actor=ACTOR, note=row["returned"])

    def transfers(self) -> None:
        """The chair's union asks for two members of a joint one, and a joint one for one of the chair's."""
        members = Membership.objects.visible_to(ACTOR).select_related("person").order_by("pk")
        joint = next(iter(self.register.joints.values()))
        theirs = list(members.filter(organisation=joint)[:2])
        ours = members.filter(organisation=self.own, state="active").exclude(person__user__username=WORKER).first()
        for one in theirs:
            request_transfer(self.own, actor=ACTOR, person=one.person)
        if ours:
            request_transfer(joint, actor=ACTOR, person=ours.person)
