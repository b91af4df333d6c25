"""What wrong cells might say instead, taken with one click; and lines whose name the register has already, answered one by one."""

import io
import re
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from gonghui.areas.register.actions import EmployerRow, enter_employer
from gonghui.areas.register.models import Contact, Employer
from gonghui.areas.register.sheets import employer_code
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import acting
from gonghui.core.exchange.actions import apply_batch, mend_batch
from gonghui.core.exchange.carrying import carry_out
from gonghui.core.exchange.models import Batch, BatchLine
from gonghui.core.exchange.results import result_workbook
from gonghui.kit import uscc
from gonghui.kit.intake import Intake, day, mobile, phone, whole
from gonghui.kit.mending import a_credit_code, arabic
from tests.api.calls import caller
from tests.cast import LONG_AGO, SYSTEM, Cast
from tests.exchange.test_employers import counts, fresh
from tests.exchange.test_mending import fresh_in_scope, mend_url, page, roster, uploaded
from tests.exchange.test_others import checked as checked_sheet
from tests.exchange.workbooks import credit_code, csv_of, employer_row
from tests.test_pages import signed_in

CODE = credit_code(1)
KINDS = [("110", "国有企业"), ("170", "私营企业"), ("171", "私营独资企业")]
NUMBER = "138000099991"


def offered(intake: Intake, text: str) -> list[str]:
    """The texts that a column suggests for a cell."""
    return [one.text for one in intake.suggestions(text, intake.options(None))]


@pytest.mark.parametrize(
    ("reader", "text", "texts"),
    [
        (day, "05/13/2018", ["2018-05-13"]),
        (day, "05/06/2018", ["2018-05-06", "2018-06-05"]),
        (day, "2018-13-05", ["2018-05-13"]),
        (day, "二〇一八年五月十一日", ["2018-05-11"]),
        (day, "2018—5—1", ["2018-05-01"]),
        (day, "2018-02-30", []),
        (day, "2018年前后", []),
        (whole, "约120人左右", ["120"]),
        (whole, "一百二十", ["120"]),
        (whole, "十二", ["12"]),
        (whole, "100-150", []),
        (whole, "许多", []),
        (phone, "138001380012", ["13800138001"]),
        (mobile, "013800138001", ["13800138001"]),
        (mobile, "223800138001", []),
    ],
)
def test_what_cannot_be_read_is_read_otherwise(reader: Any, text: str, texts: list[str]) -> None:
    assert offered(Intake(reader), text) == texts


@pytest.mark.parametrize(("text", "texts"), [("私人企业", ["私营企业"]), ("私营独资", ["私营独资企业"]), ("医院", [])])
def test_the_nearest_choice_is_offered(text: str, texts: list[str]) -> None:
    assert offered(Intake(choices=KINDS), text) == texts


@pytest.mark.parametrize(
    ("text", "label"),
    [
        (f"{CODE}0", "去掉末位"),
        (f"{CODE[:4]}7{CODE[4:]}", "去掉第 5 位"),
        (CODE.replace("110101", "11O1O1"), f"改为“{CODE}”"),
    ],
)
def test_a_credit_code_is_mended_where_its_check_character_decides(text: str, label: str) -> None:
    (found,) = Intake(employer_code, mends=a_credit_code).suggestions(text, ())
    assert (found.text, str(found.label)) == (CODE, label)


def test_codes_a_slip_away_hold_the_right_one() -> None:
    slips = [CODE[:9] + "X" + CODE[10:], CODE[:-1], CODE[:12] + CODE[13] + CODE[12] + CODE[14:], CODE + "1", "0" + CODE]
    assert all(CODE in uscc.near(slip) or slip == CODE for slip in slips)
    assert all(uscc.is_right(one) for slip in slips for one in uscc.near(slip))
    assert uscc.near(CODE[:-2]) == set()


@given(
    st.text(alphabet=uscc.ALPHABET, min_size=2, max_size=2),
    st.integers(0, 999_999),
    st.text(uscc.ALPHABET, min_size=9, max_size=9),
)
def test_exactly_one_check_character_fits(start: str, place: int, end: str) -> None:
    assert sum(uscc.is_right(f"{start}{place:06}{end}{last}") for last in uscc.ALPHABET) == 1


def test_chinese_numbers_are_numbers() -> None:
    texts = ["二〇一八", "一百零五", "三千", "一万二千零三十", "廿"]
    assert [arabic(text) for text in texts] == ["2018", "105", "3000", "12030", "廿"]


# -- in a dry run -----------------------------------------------------------------------------------------------


def suggestions(batch: Batch) -> dict[tuple[int, str], list[tuple[str, str]]]:
    """Row and column → what is suggested there: text and label."""
    with acting(SYSTEM):
        lines = list(BatchLine.objects.unscoped("test").filter(batch=batch))
    return {
        (line.number, one["column"]): [(found["text"], found["label"]) for found in one["suggestions"]]
        for line in lines
        for one in line.problems
        if one["suggestions"]
    }


def test_suggestions_come_from_what_the_user_sees(cast: Cast) -> None:
    with acting(SYSTEM):
        for union, number in ((cast.street, 7), (cast.next_street, 8)):
            row = EmployerRow(f"第{number}店", LONG_AGO, region=union.region, uscc=credit_code(number))
            enter_employer(union, actor=SYSTEM, row=row)
    mistyped = [credit_code(number)[:9] + "X" + credit_code(number)[10:] for number in (7, 8)]
    rows = [
        employer_row(1, street="东华们街道"),
        employer_row(2, kind="私人企业"),
        employer_row(3, uscc=mistyped[0]),
        employer_row(4, uscc=mistyped[1]),
        employer_row(5, uscc=f"{credit_code(5)}7"),
    ]
    batch = uploaded(cast, roster(*rows))
    assert suggestions(batch) == {
        (2, "street"): [("东华门街道", "用“东华门街道”")],
        (3, "employer_class"): [("私营企业", "改为“私营企业”")],
        (4, "uscc"): [(credit_code(7), "用“第7店”的代码")],
        (6, "uscc"): [(credit_code(5), "去掉末位")],
    }


def buttons(client: Client, batch: Batch) -> dict[str, str]:
    """The words of the buttons that take a suggestion → what each sends."""
    return {words: use for use, words in re.findall(r'name="use" value="([^"]+)">([^<]+)<', page(client, batch))}


def test_a_suggestion_is_taken_with_one_click_and_without_scripts(cast: Cast) -> None:
    batch, client = uploaded(cast, roster(employer_row(1, kind="私人企业"), employer_row(2))), signed_in(cast, "street_officer")
    found = buttons(client, batch)
    assert found == {"改为“私营企业”": "cell-2-employer_class.0"}
    client.post(mend_url(batch), {"cell-2-employer_class": "私人企业", "use": "cell-2-employer_class.0"})
    after = fresh_in_scope(batch)
    assert (after.mended(), counts(after)) == ({2: {"employer_class": "私营企业"}}, (2, 0, 0, 0))
    assert "已改好" in page(client, batch)


def test_what_is_suggested_for_a_personal_cell_is_neither_shown_nor_kept(cast: Cast) -> None:
    rows = [["姓名", "职务", "单位", "手机号码"], ["赵工", "主席", cast.mill.name, NUMBER]]
    with cast.act("street_officer") as actor:
        batch = checked_sheet(cast.street, actor, "contacts", rows)
    client = signed_in(cast, "street_officer")
    assert suggestions(batch) == {(2, "phone"): [("", "去掉末位")]}
    assert NUMBER[:-1] not in page(client, batch)
    client.post(mend_url(batch), {"use": buttons(client, batch)["去掉末位"]})
    client.post(reverse("web:import_step", args=[batch.public_id, "apply"]))
    with cast.act("street_officer") as actor:
        assert Contact.objects.visible_to(actor).get(name="赵工").phone() == NUMBER[:-1]


def test_programs_are_told_what_they_might_send(cast: Cast) -> None:
    batch = uploaded(cast, roster(employer_row(1, kind="私人企业")))
    (line,) = caller(cast, "street_officer").get(f"/imports/{batch.public_id}/lines")["items"]
    (problem,) = line["problems"]
    assert problem["suggestions"] == [{"column": "employer_class", "text": "私营企业", "label": "改为“私营企业”"}]


# -- names that the register has already ------------------------------------------------------------------------


def same_name(cast: Cast, actor: Actor, *more: list[Any]) -> Batch:
    """A line that says the mill's name and nothing by which it could be told apart."""
    return checked_sheet(cast.street, actor, "employers", [["单位名称", "职工人数"], [cast.mill.name, "150"], *more])


def test_a_line_is_the_one_of_its_name_or_another(cast: Cast) -> None:
    with cast.act("street_officer") as actor:
        batch = same_name(cast, actor, ["甲店", "许多"])
    client = signed_in(cast, "street_officer")
    url = reverse("web:import", args=[batch.public_id])
    assert "重复待判" in page(client, batch)
    asked = client.get(f"{url}?show=asked").content.decode()
    assert "就是它" in asked
    assert "甲店" not in asked
    client.post(f"{mend_url(batch)}?show=asked", {"use": "cell-2-name.0"})
    assert fresh_in_scope(batch).mended() == {2: {"record": str(cast.mill.public_id)}}
    assert counts(fresh_in_scope(batch)) == (0, 1, 0, 1)
    client.post(f"{mend_url(batch)}?show=asked", {"put_back": "cell-2-record"})
    client.post(f"{mend_url(batch)}?show=asked", {"use": "cell-2-name.1"})
    assert fresh_in_scope(batch).mended() == {2: {"record": "新"}}
    assert counts(fresh_in_scope(batch)) == (1, 0, 0, 1)


def test_another_one_of_a_known_name_is_entered(cast: Cast) -> None:
    with cast.act("street_officer") as actor:
        batch = same_name(cast, actor, [cast.mill.name, "20"])
        mend_batch(batch, actor=actor, cells={2: {"record": "新"}, 3: {"record": "新"}})
        apply_batch(batch, actor=actor)
        carry_out(fresh(batch), actor)
        rows = Employer.objects.visible_to(actor).filter(name=cast.mill.name)
        assert sorted(row.headcount or 0 for row in rows) == [20, 142, 150]
        sheet = openpyxl.load_workbook(io.BytesIO(result_workbook(fresh(batch), actor))).worksheets[0]
        heads, *told = [[cell.value for cell in row] for row in sheet.iter_rows()]
        assert heads[-3:] == ["是否导入成功", "错误原因", "记录编号"]
        assert {row[-1] for row in told} < {str(row.public_id) for row in rows}


def test_a_workbook_may_say_that_a_line_is_new(cast: Cast) -> None:
    heads = ["记录编号", "单位名称", "统一社会信用代码"]
    with acting(SYSTEM):
        row = EmployerRow("第7店", LONG_AGO, region=cast.street.region, uscc=credit_code(7))
        enter_employer(cast.street, actor=SYSTEM, row=row)
    with cast.act("street_officer") as actor:
        rows = [heads, ["新", cast.mill.name, ""], ["新增", "第7店", credit_code(7)]]
        batch = checked_sheet(cast.street, actor, "employers", rows)
        assert counts(fresh(batch)) == (1, 0, 0, 1)
        (line,) = BatchLine.objects.visible_to(actor).filter(batch=batch, outcome="wrong")
        assert (line.number, line.problems[0]["column"]) == (3, "record")


def test_several_of_one_name_are_told_apart(cast: Cast) -> None:
    with acting(SYSTEM):
        row = EmployerRow(cast.mill.name, LONG_AGO, region=cast.street.region, uscc=credit_code(7))
        enter_employer(cast.street, actor=SYSTEM, row=row)
    with cast.act("street_officer") as actor:
        batch = same_name(cast, actor)
    labels = [label for _text, label in suggestions(batch)[2, "name"]]
    assert sorted(labels) == sorted([f"就是{credit_code(7)}", f"就是{cast.street.name}", "另一个"])


def test_questions_come_first_where_nothing_is_wrong(cast: Cast) -> None:
    with cast.act("street_officer") as actor:
        batch = same_name(cast, actor)
    assert "就是它" in page(signed_in(cast, "street_officer"), batch)


def test_a_long_workbook_is_not_guessed_at(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gonghui.core.exchange.checking.INLINE", 1)
    batch = uploaded(cast, csv_of([["单位名称", "单位类别"], ["甲店", "私人企业"], ["乙店", "私人企业"]]))
    assert suggestions(batch) == {}
