"""What waits for somebody on the first day: proposals and reminders, written by the people who may sign in."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from gonghui.areas.register.actions import (
    propose_strike_off,
    propose_union,
    return_strike_off,
    return_union,
)
from gonghui.core.access.queries import actor_for
from gonghui.core.accounts.models import User
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import acting
from gonghui.core.notices.actions import finish_note, write_note
from gonghui.core.organisations.models import JointBasis, Kind, Organisation
from gonghui.demo.facts import read
from gonghui.demo.register import Register
from gonghui.kit.dates import today

OFFICER, DEPARTMENT, CHAIR = "donghuamen", "bushi", "qiye"


@dataclass(frozen=True)
class Waiting:
    """The street where things wait, the union whose chair may sign in, and the accounts."""

    register: Register
    own: Organisation
    users: dict[str, User]

    @contextmanager
    def by(self, username: str) -> Iterator[Actor]:
        """The door, opened for one of them."""
        actor = actor_for(self.users[username])
        with acting(actor):
            yield actor

    def write(self) -> None:
        """Everything that waits."""
        facts = read("facts.toml")
        employers = iter(self.register.uncovered())
        for row in facts["strike_offs"]:
            self.strike_off(next(employers), row)
        for row in facts["proposals"]:
            self.proposal(**row)
        subjects = {
            "large": iter(self.register.uncovered()[::-1]),
            "own": iter([union for _employer, union in self.register.largest_own()][1:]),
            "joint": iter(self.register.joints.values()),
        }
        for row in facts["notes"]:
            self.note(next(subjects[row["on"]]), row)

    def strike_off(self, employer: Any, row: dict[str, str]) -> None:
        """Proposed by the street's officer, perhaps returned by the district's."""
        with self.by(OFFICER) as actor:
            proposal = propose_strike_off(employer, actor=actor, reason=row["reason"], evidence=row["evidence"])
        if "returned" in row:
            with self.by(DEPARTMENT) as actor:
                return_strike_off(proposal, actor=actor, decision=row["returned"])

    def proposal(self, kind: str, days_ago: int, name: str = "", returned: str = "") -> None:
        """A union that asks for approval: of an employer, below the chair's own union, or joint."""
        street, on = self.register.street, today() - dt.timedelta(days=days_ago)
        if kind == Kind.BRANCH:
            with self.by(CHAIR) as actor:
                propose_union(self.own, actor=actor, name=f"{self.own.name}{name}", kind=kind, on=on, **self.of(self.own))
            return
        employer = self.register.uncovered()[-1]
        values = self.of(street) | {"joint_basis": JointBasis.BUILDING} if kind == Kind.JOINT else self.of(employer)
        with self.by(OFFICER) as actor:
            union = propose_union(street, actor=actor, name=name or f"{employer}工会", kind=kind, on=on, **values)
            if returned:
                return_union(union, actor=actor, note=returned)

    def of(self, record: Any) -> dict[str, Any]:
        """What a proposal takes from the record it is about."""
        return {"region": record.region, "is_synthetic": True}

    def note(self, subject: Any, row: dict[str, Any]) -> None:
        """A remark of the street's officer, with or without a reminder."""
        remind_on = today() + dt.timedelta(days=row["remind_in"]) if "remind_in" in row else None
        with self.by(OFFICER) as actor:
            note = write_note(self.register.street, actor=actor, subject=subject, text=row["text"], remind_on=remind_on)
            if row.get("is_finished"):
                finish_note(note, actor=actor)
