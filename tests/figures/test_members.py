"""Figures of members: who counts, who is new, and why a number changed."""

import datetime as dt

import pytest

from gonghui.areas.members.actions import (
    MemberRow,
    admit_member,
    admit_members,
    leave,
    release_transfer,
    request_transfer,
    resume_member,
    retain_member,
)
from gonghui.core.actions.door import acting
from gonghui.core.figures.explanation import explain
from gonghui.core.figures.periods import Period
from gonghui.core.figures.registry import Figure, Scope, breakdown, figures, rows, value
from gonghui.core.organisations.models import Organisation
from gonghui.core.people.actions import PersonRow
from gonghui.kit.dates import today
from gonghui.kit.identity import check_character, checked
from tests.cast import SYSTEM, Cast, found_cast

START = dt.date(2024, 1, 1)


@pytest.fixture
def cast(db: None) -> Cast:
    return found_cast()


def row(sequence: int, on: dt.date = START, **work: object) -> MemberRow:
    number = f"11010119920101{sequence:03d}"
    return MemberRow(PersonRow(f"会员{sequence}", checked(number + check_character(number))), on, **work)  # type: ignore[arg-type]


def number(code: str, union: Organisation, when: dt.date | Period) -> object:
    return value(figures[code], Scope(union), when, actor=SYSTEM).number


def test_a_transfer_moves_a_member_and_is_not_a_new_one(cast: Cast) -> None:
    with acting(SYSTEM):
        member = admit_member(cast.own, actor=SYSTEM, row=row(1))
        before, year = dt.date(2024, 5, 31), Period(dt.date(2024, 1, 1), dt.date(2024, 12, 31))
        assert (number("members", cast.street, before), number("new_members", cast.street, year)) == (2, 1)
        release_transfer(request_transfer(cast.next_street, actor=SYSTEM, person=member.person), actor=SYSTEM)
        assert number("members", cast.street, today()) == 1
        assert number("members", cast.next_street, today()) == number("individual_members", cast.next_street, today()) == 1
        assert number("new_members", cast.next_street, Period(today(), today())) == 0
        assert number("members", cast.street, before) == 2  # the past stays


def test_who_rests_does_not_count_and_counts_again(cast: Cast) -> None:
    with acting(SYSTEM):
        member = admit_member(cast.own, actor=SYSTEM, row=row(1))
        retain_member(member, actor=SYSTEM, on=dt.date(2024, 6, 1), why="unemployed")
        resume_member(member, actor=SYSTEM, on=dt.date(2024, 9, 1))
        days = [dt.date(2024, month, 1) for month in (5, 6, 9)]
        assert [number("members", cast.own, day) for day in days] == [2, 1, 2]
        assert [number("retained_members", cast.own, day) for day in days] == [0, 1, 0]
        leave(member, actor=SYSTEM, on=dt.date(2024, 10, 1), reason="个人要求")
        assert number("members", cast.own, dt.date(2024, 10, 1)) == 1
        assert number("ended_memberships", cast.own, Period(dt.date(2024, 1, 1), dt.date(2024, 12, 31))) == 1


def test_the_joining_rates_name_what_they_divide_by(cast: Cast) -> None:
    with acting(SYSTEM):
        admit_members(cast.own, actor=SYSTEM, rows=[row(sequence, employer=cast.firm) for sequence in range(98)])
        day = dt.date(2024, 6, 1)
        covered, everybody = (value(figures[code], Scope(cast.street), day, actor=SYSTEM) for code in RATES)
        assert (covered.above, covered.below, str(covered.number)) == (99, 198, "50.00")
        assert (everybody.above, everybody.below, str(everybody.number)) == (99, 340, "29.12")
        cells = breakdown(figures["joining_rate_of_all"], Scope(cast.district), day, "managing", actor=SYSTEM)
        assert {str(cell.label): (cell.value.above, cell.value.below) for cell in cells} == {
            cast.street.name: (99, 340),
            cast.next_street.name: (0, 8),
        }


RATES = ("joining_rate", "joining_rate_of_all")


def test_why_the_number_changed_is_told_member_by_member(cast: Cast) -> None:
    with acting(SYSTEM):
        stays, leaves, rests = admit_members(cast.own, actor=SYSTEM, rows=[row(one) for one in range(3)])
        admit_member(cast.own, actor=SYSTEM, row=row(9, dt.date(2024, 3, 1)))
        leave(leaves, actor=SYSTEM, on=dt.date(2024, 4, 1), reason="个人要求")
        retain_member(rests, actor=SYSTEM, on=dt.date(2024, 5, 1), why="retired")
        told = explain(figures["members"], Scope(cast.own), dt.date(2024, 1, 31), dt.date(2024, 6, 30), actor=SYSTEM)
        assert stays
        found = {line.code: line.amount for part in told.parts for line in part.lines}
        assert found == {"joined": 1, "-ended": -1, "-rests": -1}


def test_rows_of_a_figure_are_masked(cast: Cast) -> None:
    figure = figures["members"]
    assert isinstance(figure, Figure)
    with acting(SYSTEM):
        (one,) = rows(figure, Scope(cast.own), dt.date(2024, 6, 1), actor=SYSTEM)
        column = figure.sheet.column("name")
        assert column is not None
        assert column.value(one) == "李*"
