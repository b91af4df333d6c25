"""A street's employer list of 2,000 rows with 40 bad ones, in two uploads; updates; undoing."""

import datetime as dt
import io
from typing import Any

import openpyxl
import pytest

from gonghui.areas.register.actions import add_contact, cover_employers, edit_employer
from gonghui.areas.register.actions.edits import edit_employers
from gonghui.areas.register.models import Employer, Headcount, Holding, Standing
from gonghui.core.actions.action import NotAllowed, Refused
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import acting
from gonghui.core.exchange.actions import apply_batch, check_batch, map_batch, start_batch, undo_batch
from gonghui.core.exchange.carrying import carry_out
from gonghui.core.exchange.models import Batch, BatchLine
from gonghui.core.exchange.results import result_workbook
from gonghui.core.figures.registry import Scope, figures, value
from gonghui.core.notices.actions import write_note
from gonghui.kit.dates import from_day, today
from tests.cast import LONG_AGO, SYSTEM, Cast
from tests.exchange.workbooks import HEADS, credit_code, csv_of, employer_row, xlsx_of

ROWS, BAD = 2000, 40
WHY = "compared by a test"


def start(cast: Cast, actor: Actor, content: bytes, name: str = "名册.csv", **more: Any) -> Batch:
    """An upload at the street."""
    return start_batch(cast.street, actor=actor, sheet="register.employers", name=name, content=content, **more)


def checked(cast: Cast, actor: Actor, content: bytes, **more: Any) -> Batch:
    """The same after its dry run."""
    batch = start(cast, actor, content, **more)
    check = map_batch(batch, actor=actor, mapping=batch.mapped)
    assert check is None
    check_batch(batch, actor=actor)
    return fresh(batch)


def imported(cast: Cast, actor: Actor, content: bytes, **more: Any) -> Batch:
    """The same when it has been written."""
    batch = checked(cast, actor, content, **more)
    apply_batch(batch, actor=actor)
    carry_out(fresh(batch), actor)
    return fresh(batch)


def fresh(batch: Batch) -> Batch:
    """The batch as it is now."""
    found: Batch = Batch.objects.unscoped(WHY).get(pk=batch.pk)
    return found


def counts(batch: Batch) -> tuple[int, int, int, int]:
    """The four counts: new, changed, unchanged, wrong."""
    return (batch.new, batch.changed, batch.unchanged, batch.wrong)


def bad_rows() -> list[list[object]]:
    """Forty rows, each wrong in one of ten ways."""
    wrongs: list[dict[str, object]] = [
        {"name": ""},
        {"uscc": "91110101MA000000X"},
        {"uscc": "9.11101E+17"},
        {"street": "户外街道"},
        {"street": "景山街道"},
        {"headcount": "十二"},
        {"headcount": "99999999999999999999"},
        {"kind": "私人企业"},
        {"name": "坏\x00名"},
        {"name": "长" * 121},
    ]
    return [employer_row(5000 + number, **wrongs[number % len(wrongs)]) for number in range(BAD)]


def roster() -> list[list[Any]]:
    """Title, heads, 1,960 good rows with 40 bad ones among them, a note."""
    rows = [employer_row(number) for number in range(ROWS - BAD)]
    for place, row in enumerate(bad_rows()):
        rows.insert(place * 49, row)
    return [["东华门街道单位名册"], HEADS, *rows, ["注：本表由街道工会填报"]]


def count(model: Any) -> int:
    """The rows of a table, whoever holds them."""
    return int(model.objects.unscoped(WHY).count())


def test_a_gb18030_list_of_2000_rows_is_finished_in_two_uploads(cast: Cast) -> None:
    with cast.act("street_officer") as actor:
        before = count(Employer)
        batch = imported(cast, actor, csv_of(roster(), "gb18030"))
        assert batch.encoding == "gb18030"
        assert (batch.state, batch.total, counts(batch)) == ("done", ROWS, (ROWS - BAD, 0, 0, BAD))
        assert count(Employer) == before + ROWS - BAD
        wrong = BatchLine.objects.visible_to(actor).filter(batch=batch, outcome="wrong")
        assert all(line.problems[0]["sentence"] for line in wrong)
        assert {line.number for line in wrong} == {place * 49 + 3 for place in range(BAD)}

        back = openpyxl.load_workbook(io.BytesIO(result_workbook(batch, actor, only_wrong=True))).worksheets[0]
        heads = [cell.value for cell in back[1]]
        assert heads[-3:] == ["是否导入成功", "错误原因", "记录编号"]
        mended = [[cell.value for cell in row] for row in back.iter_rows(min_row=2)]
        assert len(mended) == BAD
        for number, row in enumerate(mended):
            row[: len(HEADS)] = employer_row(5000 + number)
        again = imported(cast, actor, xlsx_of(heads, mended), name="改好.xlsx", retry_of=batch)
        assert (again.state, counts(again)) == ("done", (BAD, 0, 0, 0))
        assert count(Employer) == before + ROWS
        one = Employer.objects.visible_to(actor).get(uscc=credit_code(7))
        assert (one.name, one.headcount, one.employer_class, one.street_id) == (
            "北京第7商贸有限公司",
            7,
            "170",
            cast.street.pk,
        )
        assert one.is_non_public


def test_a_dry_run_writes_nothing(cast: Cast) -> None:
    with cast.act("street_officer") as actor:
        before = [count(model) for model in (Employer, Standing, Holding, Headcount)]
        batch = checked(cast, actor, csv_of([HEADS, *(employer_row(number) for number in range(5))]))
        assert counts(batch) == (5, 0, 0, 0)
        assert [count(model) for model in (Employer, Standing, Holding, Headcount)] == before


def snapshot() -> dict[str, list[dict[str, Any]]]:
    """Everything the register says about employers."""
    models: list[Any] = [Employer, Standing, Holding, Headcount]
    return {model.__name__: list(model.objects.unscoped(WHY).order_by("pk").values()) for model in models}


def test_undoing_leaves_everything_as_it_was(cast: Cast) -> None:
    with cast.act("street_officer") as actor:
        imported(cast, actor, csv_of([HEADS, *(employer_row(number) for number in range(20))]))
        before = snapshot()
        changed = [employer_row(number, name=f"改名{number}", headcount=500 + number) for number in range(10)]
        batch = imported(cast, actor, csv_of([HEADS, *changed, *(employer_row(number) for number in range(100, 110))]))
        assert counts(batch) == (10, 10, 0, 0)
        assert snapshot() != before
        undo_batch(batch, actor=actor)
        assert fresh(batch).state == "undone"
        assert snapshot() == before
        with pytest.raises(Refused):
            undo_batch(batch, actor=actor)


def edit(cast: Cast, actor: Actor, employer: Employer) -> None:
    edit_employer(employer, actor=actor, address="后来的地址")


def talk_to(cast: Cast, actor: Actor, employer: Employer) -> None:
    add_contact(employer, actor=actor, post="chair", name="后来的人", phone="", since=today())


def cover(cast: Cast, actor: Actor, employer: Employer) -> None:
    cover_employers(cast.joint, actor=actor, employers=[employer], since=today())


def remark(cast: Cast, actor: Actor, employer: Employer) -> None:
    write_note(cast.street, actor=actor, subject=employer, text="后来的留言")


@pytest.mark.parametrize("later", [edit, talk_to, cover, remark])
def test_what_was_touched_since_is_not_undone(cast: Cast, later: Any) -> None:
    with cast.act("street_officer") as actor:
        batch = imported(cast, actor, csv_of([HEADS, *(employer_row(number) for number in range(3))]))
        later(cast, actor, Employer.objects.visible_to(actor).get(uscc=credit_code(1)))
        before = snapshot()
        with pytest.raises(Refused, match="不能整批撤销"):
            undo_batch(batch, actor=actor)
        assert snapshot() == before


def test_an_update_changes_only_what_is_filled(cast: Cast) -> None:
    with cast.act("street_officer") as actor:
        imported(cast, actor, csv_of([HEADS, *(employer_row(number) for number in range(3))]))
        one = Employer.objects.visible_to(actor).get(uscc=credit_code(1))
        edit_employer(one, actor=actor, address="东华门大街 1 号")
        heads = ["记录编号", "单位名称", "职工", "单位类别", "地址"]
        rows = [
            [str(one.public_id), "", "77", "", "清空"],  # by record code
            [str(one.public_id)[:-1], "坏编号", "", "", ""],
        ]
        batch = checked(cast, actor, xlsx_of(heads, rows))
        assert counts(batch) == (0, 1, 0, 1)
        line = BatchLine.objects.visible_to(actor).get(batch=batch, outcome="changed")
        assert {change["column"]: (change["old"], change["new"]) for change in line.changes} == {
            "headcount": ("1", "77"),
            "address": ("东华门大街 1 号", "清空"),
        }
        apply_batch(batch, actor=actor)
        carry_out(fresh(batch), actor)
        one.refresh_from_db()
        assert (one.name, one.headcount, one.address, one.employer_class) == ("北京第1商贸有限公司", 77, "", "170")


def counted(cast: Cast, actor: Actor, *cells: Any, heads: tuple[str, ...] = ("记录编号", "职工人数", "统计日期")) -> Batch:
    """An import of one row about the mill, after its dry run."""
    return checked(cast, actor, csv_of([heads, [cast.mill.public_id, *cells]]))


def written(batch: Batch, actor: Actor) -> None:
    apply_batch(batch, actor=actor)
    carry_out(fresh(batch), actor)


def test_a_headcount_is_cleared_from_a_day_on_and_put_back(cast: Cast) -> None:
    day = today() - dt.timedelta(days=1)
    with cast.act("street_officer") as actor:
        rows = Headcount.objects.visible_to(actor).filter(employer=cast.mill)
        batch = counted(cast, actor, "清空", day)
        (line,) = BatchLine.objects.visible_to(actor).filter(batch=batch)
        assert line.changes == [{"column": "headcount", "old": "142", "new": "清空"}]
        written(batch, actor)
        cast.mill.refresh_from_db()
        assert (cast.mill.headcount, cast.mill.headcount_on) == (None, None)
        assert [(row.count, row.valid) for row in rows.all()] == [(142, from_day(LONG_AGO, day))]
        scope = Scope(cast.street)
        assert [value(figures["workers"], scope, on, actor=actor).number for on in (day - dt.timedelta(days=1), day)] == [
            340,
            198,
        ]
        assert counts(counted(cast, actor, "清空", day)) == (0, 0, 1, 0)
        assert counts(counted(cast, actor, "150", day - dt.timedelta(days=1))) == (0, 0, 0, 1)  # it was 142 on that day
        undo_batch(fresh(batch), actor=actor)
        cast.mill.refresh_from_db()
        assert (cast.mill.headcount, cast.mill.headcount_on) == (142, LONG_AGO)
        assert [(row.count, row.valid) for row in rows.all()] == [(142, from_day(LONG_AGO))]


def test_a_cleared_headcount_is_counted_anew(cast: Cast) -> None:
    day = today() - dt.timedelta(days=1)
    with cast.act("street_officer") as actor:
        written(counted(cast, actor, "清空", day), actor)
        written(counted(cast, actor, "0", ""), actor)
        cast.mill.refresh_from_db()
        assert (cast.mill.headcount, cast.mill.headcount_on) == (0, today())


@pytest.mark.parametrize("day", [LONG_AGO, LONG_AGO - dt.timedelta(days=1), today() + dt.timedelta(days=1)])
def test_a_headcount_is_not_cleared_on_a_day_before_it_held(cast: Cast, day: dt.date) -> None:
    with cast.act("street_officer") as actor:
        batch = counted(cast, actor, "清空", day)
        assert counts(batch) == (0, 0, 0, 1)
        cast.mill.refresh_from_db()
        with pytest.raises(Refused):
            edit_employers(cast.street, actor=actor, values={}, headcounts={cast.mill.pk: (None, day)})


def test_the_same_headcount_is_not_recorded_again(cast: Cast) -> None:
    with cast.act("street_officer") as actor:
        heads = ("记录编号", "职工人数", "统计日期", "地址")
        written(counted(cast, actor, "142", LONG_AGO - dt.timedelta(days=9), "东华门大街 1 号", heads=heads), actor)
        assert Headcount.objects.visible_to(actor).filter(employer=cast.mill).count() == 1


def test_a_known_name_without_a_code_is_asked_about(cast: Cast) -> None:
    with cast.act("street_officer") as actor:
        content = csv_of([["单位名称", "职工人数"], [cast.mill.name, "150"]])
        assert counts(checked(cast, actor, content)) == (0, 0, 0, 1)
        for answer, expected in (("same", (0, 1, 0, 0)), ("new", (1, 0, 0, 0))):
            batch = start(cast, actor, content)
            map_batch(batch, actor=actor, mapping=batch.mapped, same_name=answer)
            check_batch(batch, actor=actor)
            assert counts(fresh(batch)) == expected


def test_a_code_on_the_register_elsewhere_is_refused_without_saying_where(cast: Cast) -> None:
    with acting(SYSTEM):
        edit_employer(cast.neighbour, actor=SYSTEM, uscc=credit_code(1))
    with cast.act("street_officer") as actor:
        batch = checked(cast, actor, csv_of([HEADS, employer_row(1)]))
        (line,) = BatchLine.objects.visible_to(actor).filter(batch=batch)
        sentence = line.problems[0]["sentence"]
        assert sentence == str(Employer.sentences["register_employer_uscc_once"])
        assert cast.neighbour.name not in sentence


def test_a_district_puts_each_employer_under_the_union_of_its_street(cast: Cast) -> None:
    with cast.act("department_officer") as actor:
        rows = [
            employer_row(1),
            employer_row(2, street="景山"),
            employer_row(3, street="110101002000"),
            employer_row(4, street=""),
        ]
        batch = start_batch(
            cast.district, actor=actor, sheet="register.employers", name="x.csv", content=csv_of([HEADS, *rows])
        )
        map_batch(batch, actor=actor, mapping=batch.mapped)
        check_batch(batch, actor=actor)
        apply_batch(batch, actor=actor)
        carry_out(fresh(batch), actor)
        held = dict(Employer.objects.visible_to(actor).filter(uscc__isnull=False).values_list("uscc", "organisation"))
        streets = [cast.street.pk, cast.next_street.pk, cast.next_street.pk, cast.district.pk]
        assert held == {credit_code(number): street for number, street in enumerate(streets, 1)}


def test_nobody_imports_where_he_may_not(cast: Cast) -> None:
    content = csv_of([HEADS, employer_row(1)])
    for name in ("outsider", "enterprise_chair", "district_chair", "worker"):
        with cast.act(name) as actor, pytest.raises(NotAllowed):
            start(cast, actor, content)
    with cast.act("street_officer") as actor:
        batch = start(cast, actor, content)
    with cast.act("outsider") as actor:
        assert not Batch.objects.visible_to(actor).exists()
        with pytest.raises(NotAllowed):
            check_batch(batch, actor=actor)


def test_days_and_counts_are_dated(cast: Cast) -> None:
    with cast.act("street_officer") as actor:
        heads = ["单位名称", "职工人数", "人数日期", "入册日期"]
        rows = [
            ["甲店", "12", "2018年5月1日", "2018.5.1"],
            ["乙店", "１２人", "43221", "2017/3/2"],
            ["丙店", "5", "2999-01-01", ""],
        ]
        batch = imported(cast, actor, csv_of([heads, *rows]))
        assert counts(batch) == (2, 0, 0, 1)
        second = Employer.objects.visible_to(actor).get(name="乙店")
        assert (second.entered_on, second.headcount, second.headcount_on) == (dt.date(2017, 3, 2), 12, dt.date(2018, 5, 1))


def test_the_columns_chosen_are_remembered(cast: Cast) -> None:
    with cast.act("street_officer") as actor:
        content = csv_of([["叫什么", "几个人"], ["甲店", "3"]])
        batch = start(cast, actor, content)
        assert batch.mapped == {}
        map_batch(batch, actor=actor, mapping={0: "name", 1: "headcount"})
        check_batch(batch, actor=actor)
        apply_batch(batch, actor=actor)
        carry_out(fresh(batch), actor)
        assert start(cast, actor, content).mapped == {0: "name", 1: "headcount"}


def test_a_workbook_without_names_says_which_column_is_missing(cast: Cast) -> None:
    with cast.act("street_officer") as actor:
        batch = start(cast, actor, csv_of([["甲", "乙"], ["1", "2"]]))
        map_batch(batch, actor=actor, mapping={1: "headcount"})
        with pytest.raises(Refused, match="单位名称"):
            check_batch(batch, actor=actor)
        with pytest.raises(Refused, match="只留一列"):
            map_batch(batch, actor=actor, mapping={0: "name", 1: "name"})


def test_a_system_union_imports_its_schools_of_any_street(cast: Cast) -> None:
    with acting(SYSTEM):
        batch = start_batch(
            cast.education,
            actor=SYSTEM,
            sheet="register.employers",
            name="x.csv",
            content=csv_of([HEADS, employer_row(1), employer_row(2, street="景山街道")]),
        )
        map_batch(batch, actor=SYSTEM, mapping=batch.mapped)
        check_batch(batch, actor=SYSTEM)
        apply_batch(batch, actor=SYSTEM)
        carry_out(fresh(batch), SYSTEM)
        schools = Employer.objects.unscoped(WHY).filter(organisation=cast.education).order_by("uscc")
        assert [school.street_id for school in schools] == [cast.street.pk, cast.next_street.pk]
