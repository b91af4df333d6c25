"""After founding, firms that outgrow their joint union, and what founding results are worth."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from gonghui.areas.members.actions import MemberRow, admit_members, leave
from gonghui.areas.register.actions import move_union, record_headcount
from gonghui.areas.register.models import Employer
from gonghui.areas.unionbuilding import actions
from gonghui.areas.unionbuilding.desk.care import duty_items
from gonghui.areas.unionbuilding.models import Aftercare, Award, AwardLine, Crossing, Duty, Prospect
from gonghui.areas.unionbuilding.queries import aftercares, duties
from gonghui.areas.unionbuilding.rules.care import DutyKind, has_share
from gonghui.areas.unionbuilding.sheets.care import by_standing, unions_standing
from gonghui.areas.unionbuilding.tests.founding import (
    APPROVED,
    WAY,
    WHY,
    agreed,
    founded,
    fresh,
    led,
    prepared,
    registered,
    with_account,
)
from gonghui.core.actions.action import NotAllowed, Refused
from gonghui.core.actions.door import acting
from gonghui.core.notices.todo import MINE
from gonghui.core.organisations.models import Organisation
from gonghui.core.people.actions import PersonRow
from gonghui.core.reference.actions import revise_parameter
from gonghui.core.reference.models import Parameter
from gonghui.kit.dates import as_if, today
from gonghui.kit.identity import check_character, checked
from tests.cast import SYSTEM, Cast, found_cast

pytestmark = pytest.mark.django_db
JULY = dt.date(2026, 7, 20)


@pytest.fixture
def cast() -> Iterator[Cast]:
    found = found_cast()
    with acting(SYSTEM):
        yield found


def people(union: Organisation, employer: Employer, count: int, first: int = 0) -> None:
    """So many members of a union who work at an employer."""
    bases = [f"11010119920101{number:03d}" for number in range(first, first + count)]
    persons = [PersonRow(f"会员{base[-3:]}", checked(base + check_character(base))) for base in bases]
    rows = [MemberRow(person, dt.date(2026, 6, 15), employer=employer) for person in persons]
    admit_members(union, actor=SYSTEM, rows=rows)


def duty(kind: str) -> Duty:
    found: Duty = Duty.objects.unscoped(WHY).get(kind=kind)
    return found


def care() -> Aftercare:
    found: Aftercare = Aftercare.objects.unscoped(WHY).get()
    return found


def finished(cast: Cast, kind: str, on: dt.date, evidence: str = "已召开") -> None:
    actions.finish_duty(duty(kind), actor=cast.actor("street_officer"), on=on, evidence=evidence)


# -- after founding ---------------------------------------------------------------------------------------------


def test_a_large_union_becomes_orderly_and_lively_with_the_days(cast: Cast) -> None:
    """After founding: a union of an employer with 142 workers approved on 06-10; its street's list; all done."""
    with as_if(APPROVED):
        prospect = agreed(cast)
        union = founded(led(prospect, 4))
    limits = dict(Duty.objects.unscoped(WHY).values_list("kind", "due_on"))
    assert limits[DutyKind.LEGAL_PERSON] == dt.date(2026, 8, 9)
    assert set(limits) == set(DutyKind.values)
    open_ones = {one.kind for one in Duty.objects.unscoped(WHY).filter(done_on=None)}
    assert open_ones == {"legal_person", "account", "first_activity", "member_share", "wages"}
    assert {one.title for one in items(cast, "street_officer")} == {
        f"{union.name}：{DutyKind(kind).label}" for kind in open_ones
    }
    assert items(cast, "outsider") == items(cast, "department_officer") == []
    with as_if(JULY):
        registered(fresh(prospect))
        assert care().orderly_on is None
        with_account(fresh(prospect))
        assert (care().orderly_on, care().lively_on) == (dt.date(2026, 7, 15), None)
        finished(cast, "first_activity", dt.date(2026, 7, 18), "趣味运动会，42 人参加")
        people(union, cast.mill, 113)
        assert actions.check_shares(SYSTEM, JULY) == 0
        people(union, cast.mill, 1, first=113)
        assert actions.check_shares(SYSTEM, JULY) == 1
    assert (care().orderly_on, care().lively_on) == (dt.date(2026, 7, 15), JULY)
    assert duty("member_share").evidence == "会员 114 人，职工 142 人"
    assert [one.kind for one in Duty.objects.unscoped(WHY).filter(done_on=None)] == ["wages"]


def items(cast: Cast, name: str) -> list[Any]:
    with cast.act(name) as actor:
        return list(duty_items(actor, MINE, APPROVED))


def test_a_small_union_with_few_women_has_neither_wages_nor_a_womens_committee(cast: Cast) -> None:
    record_headcount(cast.mill, actor=SYSTEM, count=40, on=dt.date(2026, 1, 1), source="union")
    cast.mill.refresh_from_db()
    prospect = agreed(cast)
    from_agreement(prospect, women=20)
    founded(fresh(prospect))
    kinds = {one.kind for one in Duty.objects.unscoped(WHY)}
    assert kinds == {*DutyKind.values} - {"wages", "women"}


def from_agreement(prospect: Prospect, **plan: Any) -> None:
    """Up to the approval of the result, with another plan."""
    prepared(prospect, **plan)
    for step in WAY[1:4]:
        step(prospect)


def test_what_the_system_learns_nobody_reports_and_what_was_said_too_early_is_open_again(cast: Cast) -> None:
    founded(led(agreed(cast), 4))
    with pytest.raises(Refused, match="自动办结"):
        finished(cast, "account", JULY)
    with pytest.raises(Refused, match="完成的情况"):
        finished(cast, "first_activity", JULY, " ")
    with pytest.raises(Refused, match="不能早于建会"):
        finished(cast, "first_activity", dt.date(2026, 6, 9))
    finished(cast, "first_activity", JULY)
    actions.reopen_duty(duty("first_activity"), actor=cast.actor("street_officer"))
    assert (duty("first_activity").done_on, duty("first_activity").evidence) == (None, "")
    theirs = duty("first_activity")
    with pytest.raises(NotAllowed), cast.act("outsider") as actor:
        actions.finish_duty(theirs, actor=actor, on=JULY, evidence="x")


@pytest.mark.parametrize(
    ("on", "late", "soon"),
    [(dt.date(2026, 7, 20), 0, 0), (dt.date(2026, 7, 26), 0, 1), (dt.date(2026, 8, 9), 0, 1), (dt.date(2026, 8, 10), 1, 0)],
)
def test_the_list_says_who_is_behind_and_what_falls_due(cast: Cast, on: dt.date, late: int, soon: int) -> None:
    founded(led(agreed(cast), 4))
    with as_if(on):
        assert by_standing(duties(SYSTEM), ["late"]).count() == late
        assert by_standing(duties(SYSTEM), ["soon"]).count() == soon
        assert unions_standing(aftercares(SYSTEM), ["late"]).count() == late


def test_a_union_that_moves_is_looked_after_where_it_stands(cast: Cast) -> None:
    union = founded(led(agreed(cast), 4))
    move_union(union, actor=SYSTEM, parent=cast.education, since=today())
    assert care().organisation == cast.education


@pytest.mark.parametrize(
    ("members", "workers", "is_enough"), [(80, 100, True), (79, 100, False), (5, None, False), (5, 0, False)]
)
def test_the_share_of_members(members: int, workers: int | None, is_enough: bool) -> None:
    assert has_share(members, workers, 80) == is_enough


# -- nursery ----------------------------------------------------------------------------------------------------


def test_a_firm_that_outgrows_its_joint_union_is_proposed_once_each_time(cast: Cast) -> None:
    assert actions.watch_nursery(SYSTEM, today()) == 0
    record_headcount(cast.shop, actor=SYSTEM, count=100, on=dt.date(2026, 1, 1), source="union")
    assert actions.watch_nursery(SYSTEM, today()) == 1
    assert actions.watch_nursery(SYSTEM, today()) == 0
    prospect = Prospect.objects.unscoped(WHY).get(employer=cast.shop)
    assert (prospect.stream, prospect.origin, prospect.organisation) == ("conversion", "nursery", cast.street)
    record_headcount(cast.shop, actor=SYSTEM, count=99, on=dt.date(2026, 2, 1), source="union")
    assert actions.watch_nursery(SYSTEM, today()) == 0
    record_headcount(cast.shop, actor=SYSTEM, count=120, on=dt.date(2026, 3, 1), source="union")
    assert actions.watch_nursery(SYSTEM, today()) == 1
    assert Crossing.objects.unscoped(WHY).filter(employer=cast.shop).count() == 2
    assert Prospect.objects.unscoped(WHY).filter(employer=cast.shop).count() == 1


def test_members_count_where_they_work(cast: Cast) -> None:
    people(cast.joint, cast.shop, 24)
    people(cast.joint, cast.mill, 5, first=24)
    assert actions.watch_nursery(SYSTEM, today()) == 0
    people(cast.joint, cast.shop, 1, first=40)
    assert actions.watch_nursery(SYSTEM, today()) == 1
    crossing = Crossing.objects.unscoped(WHY).get()
    assert (crossing.members, crossing.workers) == (25, 12)
    gone = cast.joint.memberships.unscoped(WHY).get(person__name="会员040")
    leave(gone, actor=SYSTEM, on=today(), reason="个人要求")
    actions.watch_nursery(SYSTEM, today())
    crossing.refresh_from_db()
    assert crossing.fell_on == today()


# -- awards -----------------------------------------------------------------------------------------------------


def half_year(cast: Cast, name: str = "department_officer") -> Award:
    with cast.act(name) as actor:
        return actions.compute_award(cast.street, actor=actor, since=dt.date(2026, 1, 1), before=dt.date(2026, 7, 1))


def test_results_are_worth_what_the_rule_of_their_day_says(cast: Cast) -> None:
    founded(led(agreed(cast), 4))
    for key, number in (("points_own", 5), ("yuan_own", 9000.5)):
        former = Parameter.objects.unscoped(WHY).get(key=f"unionbuilding.{key}")
        revise_parameter(former, actor=SYSTEM, value=number, since=dt.date(2026, 6, 1), basis="京工办〔2026〕5号")
    award = half_year(cast)
    lines = {one.result: one for one in AwardLine.objects.unscoped(WHY).filter(award=award)}
    assert set(lines) == {"own", "large"}
    assert (lines["own"].points, lines["own"].yuan) == (Decimal(5), Decimal("9000.50"))
    assert lines["own"].basis == "京工办〔2026〕5号（2026-06-01 起）"
    assert (award.points, award.yuan) == (Decimal(8), Decimal("12000.50"))


def test_an_award_is_frozen_when_another_person_has_confirmed_it(cast: Cast) -> None:
    founded(led(agreed(cast), 4))
    award = half_year(cast)
    with cast.act("department_officer") as actor, pytest.raises(Refused, match="另一位干部"):
        actions.confirm_award(award, actor=actor)
    with cast.act("street_officer") as actor, pytest.raises(NotAllowed):
        actions.confirm_award(award, actor=actor)
    former = Parameter.objects.unscoped(WHY).get(key="unionbuilding.points_own")
    revise_parameter(former, actor=SYSTEM, value=7, since=dt.date(2026, 1, 1), basis="更正")
    actions.recompute_award(award, actor=cast.actor("department_officer"))
    award.refresh_from_db()
    assert award.points == Decimal(10)
    actions.confirm_award(award, actor=SYSTEM)
    with pytest.raises(Refused):
        actions.recompute_award(award, actor=SYSTEM)
    award.refresh_from_db()
    assert (award.state, award.points) == ("confirmed", Decimal(10))


def test_joint_coverage_and_dispatching_firms_are_results_of_their_own(cast: Cast) -> None:
    actions.cover_jointly(agreed(cast), actor=SYSTEM, union=cast.joint, since=APPROVED)
    results = [one.result for one in AwardLine.objects.unscoped(WHY).filter(award=half_year(cast))]
    assert results == ["joint"]
    with cast.act("outsider") as actor, pytest.raises(NotAllowed):
        actions.compute_award(cast.next_street, actor=actor, since=dt.date(2026, 1, 1), before=dt.date(2026, 7, 1))


def test_what_happened_outside_the_period_does_not_count(cast: Cast) -> None:
    founded(led(agreed(cast), 4))
    award = actions.compute_award(cast.street, actor=SYSTEM, since=dt.date(2026, 6, 11), before=dt.date(2026, 12, 31))
    assert not AwardLine.objects.unscoped(WHY).filter(award=award).exists()
    with pytest.raises(Refused, match="已经计算过"):
        actions.compute_award(cast.street, actor=SYSTEM, since=dt.date(2026, 6, 11), before=dt.date(2026, 12, 31))
