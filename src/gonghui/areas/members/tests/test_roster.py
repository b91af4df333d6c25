"""The roster of members by workbook: a big one with bad rows, each type of change, who is held elsewhere, undoing."""

import datetime as dt
import io
import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from gonghui.areas.members.actions import MemberRow, admit_member, leave, retain_member
from gonghui.areas.members.imports.sheets import ROSTER
from gonghui.areas.members.models import Employment, Membership, Spell, Transfer
from gonghui.areas.members.tests.workbooks import HEADS, csv_of, number, roster, roster_row, xlsx_of
from gonghui.core.actions.action import Refused
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import acting
from gonghui.core.exchange.actions import apply_batch, check_batch, map_batch, start_batch, undo_batch
from gonghui.core.exchange.carrying import carry_out
from gonghui.core.exchange.importers import importers
from gonghui.core.exchange.models import Batch, BatchLine
from gonghui.core.exchange.results import result_workbook, template_workbook
from gonghui.core.organisations.models import Organisation
from gonghui.core.people.actions import PersonRow
from gonghui.core.people.models import Person
from gonghui.kit.identity import checked
from tests.cast import SYSTEM, Cast, found_cast

pytestmark = pytest.mark.django_db
WHY = "kept for the test's own comparison"
ROWS = int(os.environ.get("GONGHUI_ROSTER_ROWS", "560"))


@pytest.fixture
def cast() -> Iterator[Cast]:
    found = found_cast()
    with acting(SYSTEM):
        yield found


def start(union: Organisation, rows: Any, actor: Actor = SYSTEM, **more: Any) -> Batch:
    return start_batch(union, actor=actor, sheet="members.roster", name="名册.csv", content=csv_of(HEADS, rows), **more)


def checked_batch(union: Organisation, rows: Any, actor: Actor = SYSTEM) -> Batch:
    batch = start(union, rows, actor)
    map_batch(batch, actor=actor, mapping=batch.mapped)
    check_batch(batch, actor=actor)
    return fresh(batch)


def imported(union: Organisation, rows: Any, actor: Actor = SYSTEM) -> Batch:
    batch = checked_batch(union, rows, actor)
    apply_batch(batch, actor=actor)
    carry_out(fresh(batch), actor)
    return fresh(batch)


def fresh(batch: Batch) -> Batch:
    found: Batch = Batch.objects.unscoped(WHY).get(pk=batch.pk)
    return found


def lines(batch: Batch) -> list[BatchLine]:
    return list(BatchLine.objects.unscoped(WHY).filter(batch=batch).order_by("number"))


def sentences(batch: Batch) -> list[str]:
    return [problem["sentence"] for line in lines(batch) for problem in line.problems]


def counts(batch: Batch) -> tuple[int, int, int, int, int]:
    return (batch.new, batch.changed, batch.unchanged, batch.wrong, batch.further.get("transfer", 0))


def member(union: Organisation, sequence: int, **work: Any) -> Membership:
    person = PersonRow(f"职工{sequence}", checked(number(sequence)), f"139{sequence:08d}")
    return admit_member(union, actor=SYSTEM, row=MemberRow(person, dt.date(2024, 1, 1), **work))


def now(membership: Membership) -> Membership:
    return Membership.objects.unscoped(WHY).select_related("person").get(pk=membership.pk)


def state(membership: Membership) -> str:
    return now(membership).state


def test_the_columns_are_those_of_the_public_form(cast: Cast) -> None:
    assert tuple(str(column.label) for column in ROSTER.columns) == HEADS
    book = openpyxl.load_workbook(io_of(template_workbook(importers["members.roster"], SYSTEM)))
    assert tuple(str(cell.value).rstrip("*") for cell in book.worksheets[0][1]) == HEADS


def test_the_codes_are_those_of_the_public_form(cast: Cast) -> None:
    data = Path(os.environ.get("GONGHUI_TEST_DATA", "/nowhere")) / "union_forms.json"
    if not data.exists():
        pytest.skip("without the public forms")
    codes = json.loads(data.read_text(encoding="utf-8"))["codes"]
    for column, name in (("work_state", "就业状况"), ("change", "会籍变化类型"), ("change_reason", "会籍变化原因")):
        found: Any = ROSTER.column(column)
        assert dict(found.intake.options(SYSTEM)) == codes[name]


def io_of(content: bytes) -> Any:
    return io.BytesIO(content)


def test_a_big_roster_goes_in_and_comes_back_with_its_bad_rows(cast: Cast) -> None:
    chair, bad = cast.actor("enterprise_chair"), ROWS // 28
    content = xlsx_of(HEADS, roster(ROWS))
    begun = time.perf_counter()
    with acting(chair):
        batch = start_batch(cast.own, actor=chair, sheet="members.roster", name="名册.xlsx", content=content)
        map_batch(batch, actor=chair, mapping=batch.mapped)
        check_batch(batch, actor=chair)
        looked = time.perf_counter()
        apply_batch(batch, actor=chair)
        carry_out(fresh(batch), chair)
        written = time.perf_counter()
        book = openpyxl.load_workbook(io_of(result_workbook(fresh(batch), chair)), read_only=True)
    sys.stdout.write(f"\n{ROWS} rows: dry run {looked - begun:.1f} s, writing {written - looked:.1f} s\n")
    assert counts(fresh(batch)) == (ROWS - bad, 0, 0, bad, 0)
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert rows[0][:20] == HEADS
    assert [row[20] for row in rows[1:]].count("否") == bad
    assert sum("科学计数" in str(row[21]) for row in rows[1:]) > 0
    assert Membership.objects.unscoped(WHY).filter(organisation=cast.own).count() == ROWS - bad + 1
    assert Spell.objects.unscoped(WHY).filter(organisation=cast.own).count() == ROWS - bad + 1
    assert Employment.objects.unscoped(WHY).filter(employer=cast.firm).count() == ROWS - bad + 1


def test_no_number_is_repeated_where_a_row_is_wrong(cast: Cast) -> None:
    batch = checked_batch(cast.own, roster(200, bad=4))
    kept = json.dumps([[line.problems, line.changes, line.title, line.said] for line in lines(batch)], ensure_ascii=False)
    assert batch.wrong == 50
    for sequence in range(1, 201):
        assert number(sequence) not in kept
        assert f"139{sequence:08d}" not in kept


def test_bringing_the_same_roster_again_changes_nothing(cast: Cast) -> None:
    imported(cast.own, roster(60))
    assert counts(checked_batch(cast.own, roster(60))) == (0, 0, 58, 2, 0)


def test_what_a_line_says_anew_is_corrected_and_undone_with_the_number(cast: Cast) -> None:
    one = member(cast.own, 1, employer=cast.firm)
    row = roster_row(1, 移动电话="13911112222", 学历="硕士研究生", 就业状况="2")
    batch = imported(cast.own, [row])
    assert counts(batch) == (0, 1, 0, 0, 0)
    person = now(one).person
    assert (person.phone(), person.education) == ("13911112222", "master")
    assert person.employments.unscoped(WHY).get().work_state == "2"
    assert "13900000001" not in json.dumps([line.changes for line in lines(batch)])
    undo_batch(batch, actor=SYSTEM)
    person = now(one).person
    assert (person.phone(), person.phone_masked, person.education) == ("13900000001", "139****0001", "")
    assert person.phone_index == Person.index_of("13900000001")


def test_undoing_takes_everybody_out_again(cast: Cast) -> None:
    before = [model.objects.unscoped(WHY).count() for model in (Person, Membership, Spell, Employment)]
    batch = imported(cast.own, roster(80))
    undo_batch(batch, actor=SYSTEM)
    assert [model.objects.unscoped(WHY).count() for model in (Person, Membership, Spell, Employment)] == before


def test_an_import_on_which_something_stands_is_not_undone(cast: Cast) -> None:
    batch = imported(cast.own, roster(5))
    one = Membership.objects.unscoped(WHY).get(person__name="职工1")
    retain_member(one, actor=SYSTEM, on=dt.date(2026, 1, 1), why="retired")
    with pytest.raises(Refused, match="职工1"):
        undo_batch(batch, actor=SYSTEM)


def test_each_type_of_change_takes_its_step(cast: Cast) -> None:
    members = {sequence: member(cast.own, sequence, employer=cast.firm) for sequence in range(1, 8)}
    retain_member(members[1], actor=SYSTEM, on=dt.date(2025, 1, 1), why="unemployed")
    changes = [("1", ""), ("3", "3"), ("4", "1"), ("5", "6"), ("6", "5"), ("6", ""), ("", "")]
    rows = [
        roster_row(sequence, 会籍变化类型=kind, 会籍变化原因=reason, 会籍变化日期="2026-01-05", 学历="", 民族="", 政治面貌="")
        for sequence, (kind, reason) in enumerate(changes, 1)
    ]
    batch = imported(cast.own, rows)
    assert counts(batch) == (0, 6, 1, 0, 0), sentences(batch)
    found = [state(members[sequence]) for sequence in range(1, 8)]
    assert found == ["active", "retained", "active", "expelled", "left", "left", "active"]
    assert now(members[3]).organisation == cast.street
    assert now(members[4]).ended_on == dt.date(2026, 1, 5)
    again = checked_batch(cast.own, rows[3:])
    assert counts(again) == (0, 0, 4, 0, 0), sentences(again)


def test_struck_from_the_roll_is_never_guessed(cast: Cast) -> None:
    one = member(cast.own, 1)
    batch = checked_batch(cast.own, [roster_row(1, 会籍变化类型="5", 会籍变化原因="5")])
    assert batch.wrong == 1
    assert "视为自动退会" in sentences(batch)[0]
    assert state(one) == "active"


def test_a_retired_person_is_no_mistake(cast: Cast) -> None:
    one = member(cast.own, 1, employer=cast.firm)
    rows = [
        roster_row(2, 就业状况="退休"),
        roster_row(1, 就业状况="退休", 会籍变化类型="3", 会籍变化日期="2026-02-01"),
    ]
    batch = imported(cast.own, rows)
    assert counts(batch) == (1, 1, 0, 0, 0), sentences(batch)
    assert (state(one), now(one).retained) == ("retained", "retired")


def test_somebody_held_elsewhere_is_asked_for_neutrally(cast: Cast) -> None:
    one = member(cast.joint, 1, employer=cast.shop)
    chair = cast.actor("enterprise_chair")
    with acting(chair):
        batch = checked_batch(cast.own, [roster_row(1), roster_row(2)], chair)
        assert counts(batch) == (1, 0, 0, 0, 1)
        apply_batch(batch, actor=chair)
        carry_out(fresh(batch), chair)
        (said,) = [line.said for line in lines(batch) if line.outcome == "transfer"]
    assert said.startswith("该职工会籍在其他单位，已发出接转申请，最迟")
    assert "楼宇" not in said
    assert (state(one), Transfer.objects.unscoped(WHY).get().target) == ("in_transfer", cast.own)
    undo_batch(fresh(batch), actor=SYSTEM)
    assert state(one) == "active"
    assert not Transfer.objects.unscoped(WHY).exists()


def test_who_left_joins_again_as_the_same_person(cast: Cast) -> None:
    one = member(cast.joint, 1)
    leave(one, actor=SYSTEM, on=dt.date(2024, 6, 1), reason="个人要求")
    assert counts(imported(cast.own, [roster_row(1)])) == (1, 0, 0, 0, 0)
    assert (
        Membership.objects.unscoped(WHY).get(organisation=cast.own, state="active", person__name="职工1").person == one.person
    )


def test_one_person_twice_is_told_even_in_two_spellings(cast: Cast) -> None:
    old = number(1)
    short = old[:6] + old[8:17]
    batch = checked_batch(cast.own, [roster_row(1), roster_row(2, 证件号码=short), roster_row(3, 移动电话="13900000001")])
    assert batch.wrong == 2
    assert all("第 2 行" in one for one in sentences(batch))


def test_a_street_takes_everybody_in_at_the_union_of_his_place_of_work(cast: Cast) -> None:
    rows = [roster_row(1, 工作单位=cast.firm.name), roster_row(2, 工作单位=cast.shop.name), roster_row(3, 工作单位="某处")]
    officer = cast.actor("street_officer")
    with acting(officer):
        batch = imported(cast.street, rows, officer)
    assert counts(batch) == (3, 0, 0, 0, 0), sentences(batch)
    found = Membership.objects.unscoped(WHY).filter(person__name__startswith="职工").order_by("person__name")
    assert [one.organisation for one in found] == [cast.own, cast.joint, cast.street]
    assert [one.is_individual for one in found] == [False, False, True]


def test_sex_and_birthday_must_be_those_of_the_number(cast: Cast) -> None:
    batch = checked_batch(cast.own, [roster_row(1, 出生日期="1980-05-05"), roster_row(2, 性别="男")])
    assert batch.wrong == 2
    assert not any(number(sequence) in one for one in sentences(batch) for sequence in (1, 2))


def test_the_result_comes_back_mended_and_finds_its_records_by_code(cast: Cast) -> None:
    first = imported(cast.own, [roster_row(1), roster_row(2, 移动电话="12")])
    book = openpyxl.load_workbook(io_of(result_workbook(first, SYSTEM)))
    heads, good, bad = [[str(cell or "") for cell in row] for row in book.worksheets[0].iter_rows(values_only=True)]
    assert len(good[-1]) == 36
    good[heads.index("姓名")], good[heads.index("证件号码")] = "职工甲", ""
    bad[heads.index("移动电话")] = "13900000002"
    batch = start_batch(
        cast.own, actor=SYSTEM, sheet="members.roster", name="改好.csv", content=csv_of(heads, [good, bad]), retry_of=first
    )
    map_batch(batch, actor=SYSTEM, mapping=batch.mapped)
    check_batch(batch, actor=SYSTEM)
    apply_batch(fresh(batch), actor=SYSTEM)
    carry_out(fresh(batch), SYSTEM)
    assert counts(fresh(batch)) == (1, 1, 0, 0, 0), sentences(batch)
    assert Person.objects.unscoped(WHY).get(name="职工甲").document_masked == checked(number(1)).masked
    wrong = good.copy()
    wrong[heads.index("证件号码")] = number(9)
    refused = start_batch(cast.own, actor=SYSTEM, sheet="members.roster", name="x.csv", content=csv_of(heads, [wrong]))
    map_batch(refused, actor=SYSTEM, mapping=refused.mapped)
    check_batch(refused, actor=SYSTEM)
    assert "与登记的证件号码不同" in sentences(refused)[0]
