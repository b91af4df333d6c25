"""Row A6 of the reliability programme: unions move, members are admitted, asked for, released, rest and leave, roles come and go, time
passes; after every step the system says what a small model says (`reference.py`). GONGHUI_TEST_STEPS asks for more steps."""

import datetime as dt
import os
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from gonghui.areas.members import actions, own
from gonghui.areas.members.actions import MemberRow
from gonghui.areas.members.actions.transfers import clocks
from gonghui.areas.members.models import Membership, Spell, Transfer
from gonghui.areas.members.rules import LIVING, OPEN_TRANSFER
from gonghui.areas.register.actions import cover_employer, found_union, move_union
from gonghui.core.access.actions import end_grant, grant_role
from gonghui.core.access.models import Grant
from gonghui.core.access.queries import actor_for
from gonghui.core.accounts.actions import create_user
from gonghui.core.actions.action import NotAllowed, Refused
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import acting
from gonghui.core.organisations.models import Kind, Organisation
from gonghui.core.people.actions import PersonRow
from gonghui.core.people.models import Person
from gonghui.kit.dates import as_if, today
from gonghui.kit.identity import checked
from tests.cast import LONG_AGO, SYSTEM, Cast
from tests.members.records import number
from tests.security.reference import EVERYWHERE, READ, WRITE, Member, Reference
from tests.test_pages import signed_in

STEPS = int(os.environ.get("GONGHUI_TEST_STEPS", "480"))
AT_ONCE = 40  # steps of one history
FIRST_DAY = dt.date(2026, 3, 2)
WHY = "compared with the model"
PEOPLE = ["worker", "甲", "乙", "丙"]
UNIONS = ["district", "street", "next_street", "education", "own", "joint", "tea"]
MOVABLE, PARENTS = ["own", "joint", "tea"], ["district", "street", "next_street", "education"]
ROLES = {"district_chair": READ, "street_officer": WRITE, "enterprise_chair": WRITE, "department_officer": WRITE}
USERS = ["district_chair", "department_officer", "street_officer", "outsider", "enterprise_chair", "roamer"]
HOLDERS = {
    "district_chair": ("district", READ),
    "department_officer": ("district", WRITE),
    "street_officer": ("street", WRITE),
    "outsider": ("next_street", WRITE),
    "enterprise_chair": ("own", WRITE),
}
BACK = st.integers(0, 20)  # days before today
BY = st.sampled_from([*[EVERYWHERE] * 6, *USERS])
ENDS: dict[str, Any] = {
    "left": actions.leave,
    "deemed_left": actions.deem_left,
    "expelled": actions.expel,
    "deceased": actions.record_death,
}
ANSWERS = ["accept", "decline", "release", "refuse", "withdraw"]


def limits(on: dt.date) -> tuple[dt.date, dt.date]:
    """The working days of both sides; the calendar has tests of its own."""
    with acting(SYSTEM):
        found = clocks(on)
    return found["answer_by"], found["superior_by"]


class Memberships(RuleBasedStateMachine):
    """One history; everything it writes is taken back at its end."""

    cast: Cast
    steps_taken = 0
    refusals = 0

    def __init__(self) -> None:
        super().__init__()
        self.story = transaction.atomic()
        self.story.__enter__()
        self.day = FIRST_DAY
        self.unions = {name: getattr(self.cast, name) for name in UNIONS if name != "tea"}
        self.users = dict(self.cast.users)
        self.numbers = {person: checked(number()) for person in PEOPLE[1:]}
        self.people: dict[str, Person] = {"worker": self.cast.member.person}
        with acting(SYSTEM):
            self.unions["tea"] = found_union(
                self.cast.next_street, actor=SYSTEM, name="景山茶庄工会", kind=Kind.OWN, on=LONG_AGO, document="号"
            )
            cover_employer(self.cast.neighbour, actor=SYSTEM, union=self.unions["tea"], since=LONG_AGO)
            self.users["roamer"] = create_user(username="roamer", name="白走", password=None)
            for name, union in self.unions.items():
                actions.give_entitlement(union, actor=SYSTEM, name=name, since=LONG_AGO, basis="测试")
        parents = dict.fromkeys(PARENTS[1:], "district") | {"own": "street", "joint": "street", "tea": "next_street"}
        self.model = Reference(parents, frozenset(PARENTS), self.day, limits)
        self.model.roles = {user: {union: right} for user, (union, right) in HOLDERS.items()}
        self.model.day = self.cast.member.joined_on
        self.model.admit("worker", "own", self.cast.member.joined_on)
        self.model.day = self.day

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.story.__exit__(None, None, None)

    # -- taking a step in both ----------------------------------------------------------------------------------

    def actor(self, by: str) -> Actor:
        return SYSTEM if by == EVERYWHERE else actor_for(self.users[by])

    def take(self, action: Callable[[Actor], Any], expected: bool, by: str = EVERYWHERE) -> Any:
        """Does it; the system must say yes or no as the model did."""
        type(self).steps_taken += 1
        with as_if(self.day):
            actor = self.actor(by)
            result, refusal = None, None
            try:
                with transaction.atomic(), acting(actor):
                    result = action(actor)
            except (Refused, NotAllowed) as error:
                type(self).refusals += 1
                refusal = error
        assert (refusal is None) == expected, f"{by}: {refusal!r}, the model says {expected}"
        return result

    def row(self, person: str) -> Any:
        """The newest membership of a person as it is now."""
        with acting(SYSTEM):
            return Membership.objects.unscoped(WHY).filter(person=self.people[person]).latest("pk")

    def union(self, name: str) -> Organisation:
        found: Organisation = self.unions[name]
        with acting(SYSTEM):
            found.refresh_from_db()
        return found

    # -- what happens -------------------------------------------------------------------------------------------

    @rule(days=st.integers(1, 9), is_late=st.booleans())
    def time_passes(self, days: int, is_late: bool) -> None:
        """The nightly job runs, or is missed until another night."""
        self.day += dt.timedelta(days=days)
        self.model.day = self.day
        if not is_late:
            self.model.night()
            self.take(lambda actor: actions.advance_transfers(actor, today()), True)

    @rule(union=st.sampled_from(MOVABLE), parent=st.sampled_from(PARENTS))
    def a_union_moves(self, union: str, parent: str) -> None:
        self.model.move(union, parent)
        moving, above = self.union(union), self.union(parent)
        self.take(lambda actor: move_union(moving, actor=actor, parent=above, since=self.day), True)

    @rule(person=st.sampled_from(PEOPLE), union=st.sampled_from(UNIONS), back=BACK, by=BY)
    def somebody_is_admitted(self, person: str, union: str, back: int, by: str) -> None:
        on = self.day - dt.timedelta(days=back)
        expected = self.model.may(by, WRITE, union) and self.model.admit(person, union, on)
        document = self.numbers.get(person) or checked("11010519491231002X")
        row = MemberRow(PersonRow("李想" if person == "worker" else person, document), on)
        place = self.union(union)
        if made := self.take(lambda actor: actions.admit_member(place, actor=actor, row=row), expected, by):
            self.people[person] = made.person

    @precondition(lambda self: self.living())
    @rule(which=st.integers(0, 9), union=st.sampled_from(UNIONS), by=BY)
    def a_union_asks(self, which: int, union: str, by: str) -> None:
        person, target = self.one(which), self.union(union)
        expected = self.model.may(by, WRITE, union) and self.model.ask(person, union, "requested")
        who = self.people[person]
        self.take(lambda actor: actions.request_transfer(target, actor=actor, person=who), expected, by)

    @precondition(lambda self: self.model.living("worker"))
    @rule(union=st.sampled_from(UNIONS))
    def the_worker_asks(self, union: str) -> None:
        target, membership = self.union(union), self.row("worker")
        expected = self.model.ask("worker", union, "proposed")
        self.take(lambda actor: actions.request_own_transfer(membership, actor=actor, target=target), expected, "worker")

    @precondition(lambda self: self.asked())
    @rule(which=st.integers(0, 9), how=st.sampled_from(ANSWERS), by=st.sampled_from([EVERYWHERE, "worker", *USERS]))
    def somebody_answers(self, which: int, how: str, by: str) -> None:
        waiting = self.asked()
        person = waiting[which % len(waiting)]
        member = self.model.living(person)
        assert member
        with acting(SYSTEM):
            transfer = Transfer.objects.unscoped(WHY).get(membership=self.row(person), state__in=OPEN_TRANSFER)
        reason = {"reason": "测试"} if how in ("decline", "refuse") else {}
        action: Any = getattr(actions, f"{how}_transfer")
        self.take(lambda actor: action(transfer, actor=actor, **reason), self.answered(member, how, by, person), by)

    def answered(self, member: Member, how: str, by: str, person: str) -> bool:
        """The same in the model."""
        assert member.asked
        side = member.union if how in ("release", "refuse") else member.asked.target
        if not self.model.may(by, WRITE, side) and not (how == "withdraw" and by == person):
            return False
        if how == "accept":
            return self.model.accept(member.asked)
        if how == "release":
            return member.asked.state != "proposed" and self.model.complete(member, self.day)
        states = {"decline": ("proposed",), "refuse": ("requested", "escalated")}
        return self.model.stop(member, *states.get(how, OPEN_TRANSFER))

    @precondition(lambda self: self.living())
    @rule(which=st.integers(0, 9), rests=st.booleans(), back=BACK, by=BY)
    def a_membership_rests_or_goes_on(self, which: int, rests: bool, back: int, by: str) -> None:
        person, on = self.one(which), self.day - dt.timedelta(days=back)
        membership, member = self.row(person), self.model.living(person)
        assert member
        expected = self.model.may(by, WRITE, member.union) and self.model.rest(member, on, rests)
        action, more = (actions.retain_member, {"why": "retired"}) if rests else (actions.resume_member, {})
        self.take(lambda actor: action(membership, actor=actor, on=on, **more), expected, by)

    @precondition(lambda self: self.living())
    @rule(which=st.integers(0, 9), state=st.sampled_from(sorted(ENDS)), back=BACK, by=BY)
    def a_membership_ends(self, which: int, state: str, back: int, by: str) -> None:
        person, on = self.one(which), self.day - dt.timedelta(days=back)
        membership, member = self.row(person), self.model.living(person)
        assert member
        expected = self.model.may(by, WRITE, member.union) and self.model.end(member, state, on)
        self.take(lambda actor: ENDS[state](membership, actor=actor, on=on, reason="测试"), expected, by)

    @precondition(lambda self: self.living())
    @rule(which=st.integers(0, 9), back=BACK, by=BY)
    def a_member_is_handed_over(self, which: int, back: int, by: str) -> None:
        person, on = self.one(which), self.day - dt.timedelta(days=back)
        membership, member = self.row(person), self.model.living(person)
        assert member
        expected = self.model.may(by, WRITE, member.union) and self.model.hand_over(member, on)
        self.take(lambda actor: actions.hand_over(membership, actor=actor, on=on, reason="测试"), expected, by)

    @rule(union=st.sampled_from(UNIONS), role=st.sampled_from(sorted(ROLES)))
    def a_role_is_granted(self, union: str, role: str) -> None:
        held = self.model.roles.setdefault("roamer", {})
        expected = union not in held
        if expected:
            held[union] = ROLES[role]
        elif role_at(self.users["roamer"], self.unions[union]) != role:
            return  # a second role there is another matter
        place, user = self.union(union), self.users["roamer"]
        self.take(lambda actor: grant_role(place, actor=actor, user=user, role=role, since=self.day), expected)

    @precondition(lambda self: self.model.roles.get("roamer"))
    @rule(which=st.integers(0, 9))
    def a_role_is_withdrawn(self, which: int) -> None:
        held = self.model.roles["roamer"]
        union = sorted(held)[which % len(held)]
        del held[union]
        with as_if(self.day):
            grant = running(self.users["roamer"], self.unions[union])
        self.take(lambda actor: end_grant(grant, actor=actor, on=self.day), True)

    @precondition(lambda self: self.people)
    @rule(user=st.sampled_from(USERS), which=st.integers(0, 9))
    def somebody_opens_a_member(self, user: str, which: int) -> None:
        """The very next request knows of everything: page, drawer and a member of nobody's."""
        person = sorted(self.model.members)[which % len(self.model.members)]
        newest = (person, len(self.model.members[person]) - 1)
        rights = any(self.model.may(user, READ, one) for one in UNIONS)
        expected = 403 if not rights else 200 if newest in self.model.seen_by(user) else 404
        membership = self.row(person)
        with as_if(self.day):
            client = signed_in(Cast(**{**vars(self.cast), "users": self.users}), user)
            for query in ("", "?drawer=1"):
                answer = client.get(reverse("members:member", args=[membership.public_id]) + query)
                assert answer.status_code == expected, (user, person, query)

    # -- who there is -------------------------------------------------------------------------------------------

    def living(self) -> list[str]:
        return [person for person in PEOPLE if self.model.living(person)]

    def asked(self) -> list[str]:
        return [person for person in self.living() if (one := self.model.living(person)) and one.asked]

    def one(self, which: int) -> str:
        return self.living()[which % len(self.living())]

    # -- what holds after every step ----------------------------------------------------------------------------

    @invariant()
    def everybody_is_held_where_the_model_says(self) -> None:
        names = {union.pk: name for name, union in self.unions.items()}
        with acting(SYSTEM):
            for person, row in self.people.items():
                found = memberships_of(row)
                expected = self.model.members[person]
                assert [(names[one.organisation_id], one.state) for one in found] == [
                    (one.union, one.state) for one in expected
                ]
                for membership, member in zip(found, expected, strict=True):
                    spells = [
                        (one.valid.lower, one.valid.upper, names[one.organisation_id], names[one.managing_id], one.is_retained)
                        for one in spells_of(membership)
                    ]
                    assert spells == [(one.since, one.until, one.union, one.managing, one.rests) for one in member.spells], (
                        person
                    )

    @invariant()
    def no_two_spells_overlap_and_one_is_open(self) -> None:
        with acting(SYSTEM):
            for row in self.people.values():
                found = memberships_of(row)
                assert sum(one.state in LIVING for one in found) <= 1
                days = sorted((one.valid.lower, one.valid.upper or dt.date.max) for m in found for one in spells_of(m))
                assert all(until <= since for (_, until), (since, _) in pairwise(days))
                for membership in found:
                    running = [one for one in spells_of(membership) if one.valid.upper is None]
                    assert len(running) == (membership.state in LIVING)
                    assert all(one.organisation_id == membership.organisation_id for one in running)
                    assert membership.organisation_path == membership.organisation.path

    @invariant()
    def everybody_sees_what_the_model_says(self) -> None:
        with acting(SYSTEM):
            keys = {one.pk: (person, n) for person, row in self.people.items() for n, one in enumerate(memberships_of(row))}
        for user in (*USERS, "worker"):
            with as_if(self.day):
                actor = self.actor(user)
                with acting(actor):
                    seen = set(Membership.objects.visible_to(actor).order_by("pk").values_list("pk", flat=True))
            assert {keys[one] for one in seen} == self.model.seen_by(user), user

    @invariant()
    def nothing_that_members_have_lapses(self) -> None:
        with as_if(self.day), acting(SYSTEM):
            for person, row in self.people.items():
                for membership, member in zip(memberships_of(row), self.model.members[person], strict=True):
                    given = {one.name for one in own.entitlements(SYSTEM, membership, self.day)}
                    assert given == self.model.given(member), person


def memberships_of(person: Person) -> list[Membership]:
    """All there ever were, the first one first."""
    return list(Membership.objects.unscoped(WHY).filter(person=person).select_related("organisation").order_by("pk"))


def spells_of(membership: Membership) -> list[Spell]:
    """The days of a membership; what was corrected away on its first day never held."""
    rows = Spell.objects.unscoped(WHY).filter(membership=membership).exclude(valid__isempty=True)
    return list(rows.order_by("valid"))


def running(user: Any, union: Organisation) -> Grant:
    """The grant that holds today."""
    with acting(SYSTEM):
        return Grant.objects.unscoped(WHY).get(user=user, organisation=union, valid__contains=today())


def role_at(user: Any, union: Organisation) -> str:
    """The role that holds without an end."""
    with acting(SYSTEM):
        return Grant.objects.unscoped(WHY).get(user=user, organisation=union, valid__upper_inf=True).role


def run(cast: Cast, steps: int = STEPS) -> type[Memberships]:
    """Histories of so many steps altogether, the same ones each time."""
    machine = type("OfThisCast", (Memberships,), {"cast": cast})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=max(steps // AT_ONCE, 1),
            stateful_step_count=AT_ONCE,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    return machine


def test_whatever_happens_it_comes_to_what_the_model_says(cast: Cast) -> None:
    machine = run(cast)
    print(f"\n{machine.steps_taken} steps, {machine.refusals} of them refused")
    assert machine.steps_taken > STEPS // 2
    assert machine.refusals < machine.steps_taken * 0.7, "most of the steps must come to something"


@pytest.mark.parametrize("broken", ["forgets who asked", "sees everything"])
def test_the_machine_notices_a_fault(cast: Cast, monkeypatch: pytest.MonkeyPatch, broken: str) -> None:
    """Else it is worthless (rule 12)."""
    if broken == "sees everything":
        monkeypatch.setattr(Actor, "roots_for", lambda actor, permission: frozenset({"*"}))
        monkeypatch.setattr(Actor, "roots", frozenset({"*"}))
    else:
        monkeypatch.setattr("gonghui.areas.members.actions.transfers.take_over", lambda *args: None)
        monkeypatch.setattr("gonghui.areas.members.actions.transfers.new_spell", lambda *args: None)
    with pytest.raises(AssertionError):
        run(cast, 400)
