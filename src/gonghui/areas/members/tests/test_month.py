"""The enterprise chair's month: HR's list of 52 against 50 members, and nothing before one confirmation."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from gonghui.areas.members.actions import MemberRow, admit_member, admit_members, release_transfer, retain_member
from gonghui.areas.members.models import Membership, Transfer
from gonghui.areas.members.rules import COUNTED
from gonghui.areas.members.tests.workbooks import csv_of, number
from gonghui.core.actions.action import NotAllowed, Refused
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import acting
from gonghui.core.exchange.actions import answer_batch, apply_batch, check_batch, map_batch, start_batch, undo_batch
from gonghui.core.exchange.carrying import carry_out
from gonghui.core.exchange.models import Batch, BatchLine
from gonghui.core.people.actions import PersonRow
from gonghui.kit.dates import today
from gonghui.kit.identity import checked
from tests.cast import SYSTEM, WORKERS_NUMBER, Cast, found_cast

pytestmark = pytest.mark.django_db
WHY = "kept for the test's own comparison"
HEADS = ("姓名", "身份证号码", "手机", "部门")
JOINED = dt.date(2024, 1, 1)


@pytest.fixture
def cast() -> Iterator[Cast]:
    """The cast, and 49 more members of the enterprise union: 50 with the worker."""
    found = found_cast()
    with acting(SYSTEM):
        rows = [MemberRow(person(sequence), JOINED, employer=found.firm) for sequence in range(1, 50)]
        admit_members(found.own, actor=SYSTEM, rows=rows)
    chair = found.actor("enterprise_chair")
    with acting(chair):
        yield found


def person(sequence: int) -> PersonRow:
    return PersonRow(f"职工{sequence}", checked(number(sequence)), f"139{sequence:08d}")


def hr_row(sequence: int, phone: str = "") -> list[str]:
    return [f"职工{sequence}", number(sequence), phone or f"139{sequence:08d}", "技术部"]


def hr_list(cast: Cast) -> list[list[str]]:
    """44 the same, 3 new phones, 3 unknown, 1 active elsewhere, 1 bad check digit; the last three members are missing."""
    with acting(SYSTEM):
        admit_member(cast.joint, actor=SYSTEM, row=MemberRow(person(200), JOINED, employer=cast.shop))
    same = [["李想", WORKERS_NUMBER, "13900002046", "工会"], *(hr_row(sequence) for sequence in range(1, 44))]
    phones = [hr_row(sequence, f"137{sequence:08d}") for sequence in range(44, 47)]
    bad = hr_row(300)
    bad[1] = bad[1][:-1] + ("1" if bad[1][-1] != "1" else "2")
    return [*same, *phones, *(hr_row(sequence) for sequence in range(100, 103)), hr_row(200), bad]


def compared(cast: Cast, rows: Any, actor: Actor | None = None) -> Batch:
    actor = actor or cast.actor("enterprise_chair")
    content = csv_of(HEADS, rows)
    batch = start_batch(cast.own, actor=actor, sheet="members.staff", name="花名册.csv", content=content)
    map_batch(batch, actor=actor, mapping=batch.mapped)
    check_batch(batch, actor=actor)
    return fresh(batch)


def fresh(batch: Batch) -> Batch:
    found: Batch = Batch.objects.unscoped(WHY).get(pk=batch.pk)
    return found


def six(batch: Batch) -> dict[str, int]:
    """The six outcomes in their words."""
    return {
        "未变": batch.unchanged,
        "变更": batch.changed,
        "新入": batch.new,
        "接转": batch.further.get("transfer", 0),
        "有误": batch.wrong,
        "离开": batch.further.get("leaving", 0),
    }


def leavers(batch: Batch) -> list[BatchLine]:
    return list(BatchLine.objects.unscoped(WHY).filter(batch=batch, outcome="leaving").order_by("number"))


def answered(batch: Batch, actor: Actor, *reasons: str, on: dt.date | None = None) -> Batch:
    day = (on or today()).isoformat()
    answers = {str(line.record_code): {"why": why, "on": day} for line, why in zip(leavers(batch), reasons, strict=True)}
    answer_batch(batch, actor=actor, answers=answers)
    return fresh(batch)


def members(cast: Cast) -> int:
    """Who counts as a member of the enterprise union."""
    with acting(SYSTEM):
        return Membership.objects.unscoped(WHY).filter(organisation=cast.own, state__in=COUNTED).count()


def held(cast: Cast, name: str) -> tuple[str, Any]:
    with acting(SYSTEM):
        one = Membership.objects.unscoped(WHY).select_related("organisation").get(person__name=name)
        return one.state, one.organisation


def test_the_chairs_month(cast: Cast) -> None:
    chair, rows = cast.actor("enterprise_chair"), hr_list(cast)
    assert (len(rows), members(cast)) == (52, 50)
    batch = compared(cast, rows)
    assert batch.total == 52
    assert six(batch) == {"未变": 44, "变更": 3, "新入": 3, "接转": 1, "有误": 1, "离开": 3}
    with pytest.raises(Refused, match="3 条没有填原因"):
        apply_batch(batch, actor=chair)
    assert members(cast) == 50
    assert not Transfer.objects.unscoped(WHY).exists()
    batch = answered(batch, chair, "moved", "retired", "own_wish")
    assert six(batch)["离开"] == 3
    assert batch.unanswered == 0
    apply_batch(batch, actor=chair)
    carry_out(fresh(batch), chair)
    assert fresh(batch).state == "done"
    assert members(cast) == 50
    assert [held(cast, f"职工{sequence}") for sequence in (47, 48, 49)] == [
        ("active", cast.street),
        ("retained", cast.own),
        ("left", cast.own),
    ]
    with acting(SYSTEM):
        phones = Membership.objects.unscoped(WHY).filter(person__phone_masked__startswith="137")
        assert phones.count() == 3
        release_transfer(Transfer.objects.unscoped(WHY).get(target=cast.own), actor=SYSTEM)
    assert members(cast) == 51


def test_the_whole_month_is_one_and_can_be_undone(cast: Cast) -> None:
    chair = cast.actor("enterprise_chair")
    before = members(cast)
    batch = answered(compared(cast, hr_list(cast)), chair, "moved", "deceased", "own_wish")
    apply_batch(batch, actor=chair)
    carry_out(fresh(batch), chair)
    undo_batch(fresh(batch), actor=chair)
    assert members(cast) == before
    assert held(cast, "职工47") == ("active", cast.own)
    assert held(cast, "职工48") == ("active", cast.own)
    with acting(SYSTEM):
        phones = Membership.objects.unscoped(WHY).filter(person__phone_masked__startswith="137")
        assert phones.count() == 0
        assert not Transfer.objects.unscoped(WHY).exists()


def test_more_than_the_usual_share_leaving_asks_again(cast: Cast) -> None:
    chair = cast.actor("enterprise_chair")
    rows = [["李想", WORKERS_NUMBER, "13900002046", ""], *(hr_row(sequence) for sequence in range(1, 44))]
    batch = answered(compared(cast, rows), chair, *["retired"] * 6)
    with pytest.raises(Refused, match="50 名会员中有 6 人离开") as refusal:
        apply_batch(batch, actor=chair)
    assert refusal.value.field == "is_sure"
    apply_batch(batch, actor=chair, is_sure=True)
    carry_out(fresh(batch), chair)
    assert members(cast) == 44


def test_a_mistake_beside_the_number_is_no_leaving(cast: Cast) -> None:
    rows = [["李想", WORKERS_NUMBER, "13900002046", ""], *(hr_row(sequence) for sequence in range(1, 50))]
    rows[1][2] = "12345"
    rows[2][1] = rows[2][1][:-1] + ("1" if rows[2][1][-1] != "1" else "2")
    batch = compared(cast, rows)
    assert six(batch)["有误"] == 2
    assert six(batch)["离开"] == 1
    assert "第 4 行" in leavers(batch)[0].said


def test_who_stays_and_who_rests_and_comes_back(cast: Cast) -> None:
    chair = cast.actor("enterprise_chair")
    with acting(SYSTEM):
        resting = Membership.objects.unscoped(WHY).get(person__name="职工1")
        retain_member(resting, actor=SYSTEM, on=dt.date(2025, 1, 1), why="unemployed")
    rows = [["李想", WORKERS_NUMBER, "13900002046", ""], *(hr_row(sequence) for sequence in range(1, 49))]
    batch = answered(compared(cast, rows), chair, "stays")
    assert six(batch)["变更"] == 1
    apply_batch(batch, actor=chair)
    carry_out(fresh(batch), chair)
    assert [held(cast, f"职工{sequence}")[0] for sequence in (1, 49)] == ["active", "active"]


def test_a_day_that_cannot_be_refuses_everything_with_the_name(cast: Cast) -> None:
    chair = cast.actor("enterprise_chair")
    batch = answered(compared(cast, hr_list(cast)), chair, "own_wish", "own_wish", "own_wish", on=dt.date(2020, 1, 1))
    apply_batch(batch, actor=chair)
    with pytest.raises(Refused, match="职工47"):
        carry_out(fresh(batch), chair)


def test_only_who_is_missing_is_answered_for(cast: Cast) -> None:
    chair, batch = cast.actor("enterprise_chair"), compared(cast, hr_list(cast))
    with acting(SYSTEM):
        other = Membership.objects.unscoped(WHY).get(person__name="职工1")
    with pytest.raises(NotAllowed):
        answer_batch(batch, actor=chair, answers={str(other.public_id): {"why": "moved", "on": "2026-01-01"}})
    with pytest.raises(NotAllowed):
        answered(batch, chair, "moved", "moved", "vanished")


def test_a_street_is_no_place_of_work(cast: Cast) -> None:
    with acting(SYSTEM):
        batch = start_batch(cast.street, actor=SYSTEM, sheet="members.staff", name="x.csv", content=csv_of(HEADS, [hr_row(1)]))
        map_batch(batch, actor=SYSTEM, mapping=batch.mapped)
        with pytest.raises(Refused, match="会员名册"):
            check_batch(batch, actor=SYSTEM)
