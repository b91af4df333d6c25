"""What memberships, transfers and rights must come to, in plain Python: the model that the system is compared with (row A6).

Unions, persons and users are names. A method answers whether the step is done; what is refused leaves everything as it was.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

Clocks = Callable[[dt.date], tuple[dt.date, dt.date]]  # day of asking → until when the holder answers, then its superior
EVERYWHERE = "everywhere"
READ, WRITE = "read", "write"
COUNTED = ("active", "in_transfer")


@dataclass
class Spell:
    """Days at a union, `[since, until)`; under whom they count; whether they rest."""

    since: dt.date
    union: str
    managing: str
    rests: bool = False
    until: dt.date | None = None


@dataclass
class Asked:
    """A transfer under way."""

    target: str
    before: str
    state: str
    answer_by: dt.date | None = None
    superior_by: dt.date | None = None


@dataclass
class Member:
    """One membership; it is seen where it is held, and by its person."""

    union: str
    state: str = "active"
    spells: list[Spell] = field(default_factory=list)
    asked: Asked | None = None


@dataclass
class Reference:
    """The whole of it on one day. `roles`: user → union → what he may do there."""

    parents: dict[str, str]
    managing: frozenset[str]
    day: dt.date
    clocks: Clocks
    members: dict[str, list[Member]] = field(default_factory=dict)
    roles: dict[str, dict[str, str]] = field(default_factory=dict)

    def chain(self, union: str) -> list[str]:
        """A union and those above it."""
        return [union, *self.chain(self.parents[union])] if union in self.parents else [union]

    def manager(self, union: str) -> str:
        return next(one for one in self.chain(union) if one in self.managing)

    def may(self, user: str, right: str, union: str) -> bool:
        held = self.roles.get(user, {})
        return user == EVERYWHERE or any(held.get(one) in (right, WRITE) for one in self.chain(union))

    def living(self, person: str) -> Member | None:
        return next((one for one in self.members.get(person, []) if one.state in (*COUNTED, "retained")), None)

    def seen_by(self, user: str) -> set[tuple[str, int]]:
        """Person and number of each membership that a user sees."""
        rows = [(person, number, one) for person, all_ in self.members.items() for number, one in enumerate(all_)]
        return {(person, number) for person, number, one in rows if person == user or self.may(user, READ, one.union)}

    def given(self, member: Member) -> set[str]:
        """The unions whose entitlements a membership has."""
        return set(self.chain(member.union)) if member.state in COUNTED else set()

    def hold(self, member: Member, union: str, on: dt.date, rests: bool = False) -> bool:
        """From a day on a membership is held at a union; never a day that lies before what is known."""
        last = member.spells[-1] if member.spells else None
        if on > self.day or (last and on < last.since):
            return False
        if last and last.since == on:
            member.spells.pop()
        elif last:
            last.until = on
        member.spells.append(Spell(on, union, self.manager(union), rests))
        member.union = union
        return True

    def admit(self, person: str, union: str, on: dt.date) -> bool:
        past = [spell.until for one in self.members.get(person, []) for spell in one.spells]
        if self.living(person) or on > self.day or any(end and on < end for end in past):
            return False
        self.members.setdefault(person, []).append(made := Member(union))
        return self.hold(made, union, on)

    def ask(self, person: str, target: str, state: str) -> bool:
        member = self.living(person)
        if member and member.asked and member.asked.target == target and state == "requested":
            return True  # asking twice is once
        if member is None or member.asked or member.union == target:
            return False
        answer, superior = self.clocks(self.day)
        member.asked = Asked(target, member.state, state, answer, superior if state == "requested" else None)
        member.state = "in_transfer"
        return True

    def accept(self, asked: Asked) -> bool:
        if asked.state != "proposed":
            return False
        asked.state, (asked.answer_by, asked.superior_by) = "requested", self.clocks(self.day)
        return True

    def stop(self, member: Member, *states: str) -> bool:
        if member.asked is None or member.asked.state not in states:
            return False
        member.state, member.asked = member.asked.before, None
        return True

    def complete(self, member: Member, on: dt.date) -> bool:
        """The membership counts at the new union; a resting one counts again."""
        if member.asked is None or not self.hold(member, member.asked.target, on):
            return False
        member.state, member.asked = "active", None
        return True

    def night(self) -> None:
        """Silence of the holder goes up, silence of its superior moves the membership on the day after."""
        for member in [one for all_ in self.members.values() for one in all_ if one.asked]:
            asked = member.asked
            if asked and asked.state == "requested" and asked.answer_by and self.day > asked.answer_by:
                asked.state = "escalated"
            if asked and asked.state == "escalated" and asked.superior_by and self.day > asked.superior_by:
                self.complete(member, max(asked.superior_by + dt.timedelta(days=1), member.spells[-1].since))

    def rest(self, member: Member, on: dt.date, rests: bool) -> bool:
        if member.state != ("active" if rests else "retained") or not self.hold(member, member.union, on, rests):
            return False
        member.state = "retained" if rests else "active"
        return True

    def end(self, member: Member, state: str, on: dt.date) -> bool:
        if member.state not in ("active", "retained") or not member.spells[-1].since < on <= self.day:
            return False
        member.state, member.spells[-1].until = state, on
        return True

    def hand_over(self, member: Member, on: dt.date) -> bool:
        if member.state not in ("active", "retained") or member.union in self.managing:
            return False
        if not self.hold(member, self.manager(member.union), on):
            return False
        member.state = "active"
        return True

    def move(self, union: str, parent: str) -> None:
        """A union and all it holds counts under another one from today."""
        self.parents[union] = parent
        for member in [one for all_ in self.members.values() for one in all_]:
            last = member.spells[-1]
            if last.until is None and self.manager(member.union) != last.managing:
                self.hold(member, member.union, self.day, last.rests)
