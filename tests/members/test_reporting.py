"""The roster goes up in exactly the upper federation's form, and what comes back of it changes nothing."""

import datetime as dt
import io
from typing import Any

import openpyxl
import pytest

from gonghui.areas.members.actions import MemberRow, admit_members, leave, report_in_full, report_member, retain_member
from gonghui.areas.members.desk.reports import workbook
from gonghui.areas.members.models import Membership
from gonghui.areas.members.tests.workbooks import HEADS
from gonghui.core.actions.action import NotAllowed, Refused
from gonghui.core.actions.door import acting
from gonghui.core.exchange.actions import check_batch, map_batch, start_batch
from gonghui.core.exchange.models import Batch
from gonghui.core.files.actions import open_file
from gonghui.core.files.models import StoredFile
from gonghui.core.history.models import Reading
from gonghui.core.people.actions import PersonRow
from gonghui.core.reference.actions import revise_parameter
from gonghui.core.reference.models import Parameter
from gonghui.kit.dates import today
from gonghui.kit.identity import checked
from tests.cast import SYSTEM, WORKERS_NUMBER, Cast
from tests.exports.test_bulk import run_of
from tests.portal.pages import number
from tests.test_pages import signed_in

WHY = "compared with the workbook"
LIST = "/bulk/list:members.members/"
VALUES = {
    "ethnicity": "汉族",
    "education": "bachelor",
    "skill_level": "3",
    "politics": "masses",
    "native_place": "河北",
    "is_migrant": True,
}


@pytest.fixture
def members(cast: Cast) -> list[Membership]:
    """One with everything known, one with nothing but his name, one who rests since he has no work, one who has retired, one gone."""
    people = [
        PersonRow("全知道", checked(number(1)), "13900004001", VALUES),
        PersonRow("买买提·艾力", checked("E12345678", "passport")),
        PersonRow("失业的", checked(number(3)), "13900004003"),
        PersonRow("退休的", checked(number(4))),
        PersonRow("退会的", checked(number(5))),
    ]
    with acting(SYSTEM):
        rows = [MemberRow(one, dt.date(2021, 5, 6), employer=cast.firm) for one in people]
        found = admit_members(cast.own, actor=SYSTEM, rows=rows)
        retain_member(found[2], actor=SYSTEM, on=dt.date(2024, 2, 3), why="unemployed")
        retain_member(found[3], actor=SYSTEM, on=dt.date(2025, 2, 3), why="retired")
        leave(found[4], actor=SYSTEM, on=dt.date(2025, 2, 3), reason="个人要求")
    return found


def answers(members: list[Membership], report: Any) -> list[tuple[Membership, Any]]:
    with acting(SYSTEM):
        rows = [Membership.objects.unscoped(WHY).get(pk=one.pk) for one in members[:4]]
        return [(one, report(one, actor=SYSTEM, reason="report_up")) for one in rows]


def sheet(content: bytes) -> list[tuple[Any, ...]]:
    return list(openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True))


def test_the_full_edition_has_the_columns_and_codes_of_the_form(cast: Cast, members: list[Membership]) -> None:
    heads, *rows = sheet(workbook(answers(members, report_in_full), has_codes=False))
    assert heads == HEADS
    first = dict(zip(heads, rows[0], strict=True))
    told = ("序号", "姓名", "性别", "就业状况", "有效证件类别", "证件号码", "学历", "技能等级", "移动电话", "是否农民工")
    wanted = ["1", "全知道", "男", "1", "居民身份证", number(1), "大学本科", "3", "13900004001", "是"]
    assert [str(first[head]) for head in told] == wanted
    assert (first["会籍变化类型"], first["会籍变化日期"].date(), first["会籍变化原因"]) == ("1", dt.date(2021, 5, 6), None)
    assert first["工作单位"] == cast.firm.name
    changes = [(row[13], row[14].date(), row[15]) for row in rows]
    assert changes[2:] == [("3", dt.date(2024, 2, 3), "3"), ("3", dt.date(2025, 2, 3), None)]


def test_the_masked_edition_says_no_number_and_has_the_record_codes(cast: Cast, members: list[Membership]) -> None:
    heads, *rows = sheet(workbook(answers(members, report_member), has_codes=True))
    assert heads == (*HEADS, "记录编号")
    assert [row[20] for row in rows] == [str(one.public_id) for one in members[:4]]
    assert rows[0][7] == members[0].person.document_masked
    assert number(1) not in str(rows)
    assert "13900004001" not in str(rows)


@pytest.mark.parametrize(("report", "has_codes"), [(report_member, True), (report_in_full, False)])
def test_what_comes_back_changes_nothing(cast: Cast, members: list[Membership], report: Any, has_codes: bool) -> None:
    content = workbook(answers(members, report), has_codes=has_codes)
    with acting(SYSTEM):
        batch = start_batch(cast.own, actor=SYSTEM, sheet="members.roster", name="名册.xlsx", content=content)
        map_batch(batch, actor=SYSTEM, mapping=batch.mapped)
        check_batch(batch, actor=SYSTEM)
        batch = Batch.objects.unscoped(WHY).get(pk=batch.pk)
    assert (batch.new, batch.changed, batch.wrong, batch.unchanged) == (0, 0, 0, 4)


def test_each_member_is_logged_with_the_purpose(cast: Cast, members: list[Membership]) -> None:
    answers(members, report_member)
    answers(members, report_in_full)
    with acting(SYSTEM):
        said = list(Reading.objects.unscoped(WHY).values_list("what", "reason"))
    assert said.count(("会员名册", "上报上级工会")) == 4
    assert said.count(("证件号码、手机号", "上报上级工会")) == 4


def test_without_a_purpose_nothing_leaves_and_who_is_gone_is_not_listed(cast: Cast, members: list[Membership]) -> None:
    with acting(SYSTEM):
        for report in (report_member, report_in_full):
            with pytest.raises(Refused, match="请选择查看的事由"):
                report(members[0], actor=SYSTEM, reason="")
            with pytest.raises(Refused, match="会籍已经终止"):
                report(members[4], actor=SYSTEM, reason="report_up")


def test_full_numbers_are_so_many_a_day_and_a_neighbour_has_none(cast: Cast, members: list[Membership]) -> None:
    with acting(SYSTEM):
        present = Parameter.objects.unscoped(WHY).get(key="members.full_numbers_per_day")
        revise_parameter(present, actor=SYSTEM, value=1, since=today(), basis="试行")
    with cast.act("enterprise_chair") as chair:
        assert report_in_full(members[0], actor=chair, reason="report_up")["document"] == number(1)
        with pytest.raises(Refused, match="今天导出完整号码的人数已到上限"):
            report_in_full(members[1], actor=chair, reason="report_up")
        assert report_member(members[1], actor=chair, reason="report_up")["name"] == "买买提·艾力"
    with cast.act("outsider") as outsider:
        for report in (report_member, report_in_full):
            with pytest.raises(NotAllowed):
                report(members[0], actor=outsider, reason="report_up")


def test_from_the_list_it_becomes_a_file_of_ones_own(cast: Cast) -> None:
    client = signed_in(cast, "enterprise_chair")
    for step, permission in (("report", "members.report_member"), ("report-in-full", "members.report_in_full")):
        url = client.post(LIST, {"step": step, "chosen": [str(cast.member.public_id)]}).headers["Location"]
        client.post(url, {"reason": "report_up"})
        client.post(f"{url}start/")
        assert run_of(url).state == "done"
        with acting(SYSTEM):
            file = StoredFile.objects.unscoped(WHY).get(purpose="上报上级工会", permission=permission)
        with cast.act("enterprise_chair") as chair:
            content = open_file(file, actor=chair)
        assert (WORKERS_NUMBER in str(sheet(content))) == (step == "report-in-full")
