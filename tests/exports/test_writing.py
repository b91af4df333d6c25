"""Workbooks as Excel reads them: nothing alive, nothing lost, nothing illegal. Read back by another library."""

import datetime as dt
from decimal import Decimal
from io import BytesIO
from itertools import repeat
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from gonghui.core.actions.action import Refused
from gonghui.core.exchange import writing
from gonghui.core.exchange.writing import Head, Table, write_workbook

ALIVE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", '=HYPERLINK("http://x","y")', "=cmd|' /C calc'!A0", "https://example.org"]


def written(*tables: Table) -> bytes:
    target = BytesIO()
    write_workbook(target, tables)
    return target.getvalue()


def book(*tables: Table) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(written(*tables)))


def cells(*values: Any, kind: writing.Kind = "text") -> list[Any]:
    """The values as they come back from a column of this kind."""
    sheet = book(Table("一", [Head("列", kind)], [[value] for value in values])).active
    assert sheet is not None
    return [sheet.cell(line, 1).value for line in range(2, len(values) + 2)]


@pytest.mark.parametrize("kind", ["text", "number", "percent", "date", "moment"])
def test_nothing_in_a_cell_is_alive(kind: writing.Kind) -> None:
    content = written(Table("一", [Head("=1+1", kind)], [[text] for text in ALIVE], [("=1+1", "@x")]))
    parts = ZipFile(BytesIO(content))
    sheets = [parts.read(name) for name in parts.namelist() if "worksheets" in name]
    assert not any(b"<f>" in sheet or b"hyperlink" in sheet for sheet in sheets)
    read = openpyxl.load_workbook(BytesIO(content)).active
    assert read is not None
    assert [read.cell(line, 1).value for line in range(2, len(ALIVE) + 2)] == ALIVE
    assert {read.cell(line, 1).data_type for line in range(1, len(ALIVE) + 2)} <= {"s", "inlineStr"}


def test_values_come_back_as_what_they_are() -> None:
    assert cells("0512", "91110000100003962T", "012345678901234567", "1e5") == [
        "0512",
        "91110000100003962T",
        "012345678901234567",
        "1e5",
    ]
    assert cells(5, 1234567, Decimal("88.89"), None, "", kind="number") == [5, 1234567, 88.89, None, None]
    assert cells(Decimal("88.89"), 185, kind="percent") == [0.8889, 1.85]
    assert [value.date() for value in cells(dt.date(2026, 11, 20), kind="date")] == [dt.date(2026, 11, 20)]
    assert cells(True, False) == ["是", "否"]


def test_what_excel_would_spoil_is_a_text() -> None:
    assert cells(1234567890123456, float("nan"), Decimal("Infinity"), kind="number") == ["1234567890123456", "nan", "Infinity"]
    assert cells(dt.date(1899, 5, 1), dt.date(1900, 2, 28), kind="date") == ["1899-05-01", "1900-02-28"]


def test_characters_that_no_workbook_may_hold_are_dropped() -> None:
    assert cells("一\x00二\x0b三\x1f", "半\ud83d个", "\uffff", "𠮷田，a\nb") == ["一二三", "半个", "", "𠮷田，a\nb"]
    content = written(Table("一", [Head("列")], [["_x000D_"], ["长" * 40_000]]))
    read = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in read] == ["列", "_x000D_", "长" * 32_767]


def test_sheet_titles_are_made_legal_and_different() -> None:
    wanted = ["单位/名册[2026]:*?\\", "单位/名册[2026]:*?\\", "", "History", "说" * 40, "说" * 40, "'x'", "_lists", "😀" * 20]
    titles = book(*(Table(title, [Head("列")], []) for title in wanted)).sheetnames
    assert titles[0] == "单位 名册 2026"
    assert titles[1] == "单位 名册 2026 (2)"
    assert titles[3] == "History_"
    assert len({title.lower() for title in titles}) == len(wanted)
    assert all(0 < len(title.encode("utf-16-le")) // 2 <= 31 for title in titles)


def test_the_head_is_bold_and_stays() -> None:
    sheet = book(Table("一", [Head("名称"), Head("人数", "number")], [["甲", 3]])).active
    assert sheet is not None
    assert sheet["A1"].font.bold
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:B2"


def test_drop_downs_short_and_long() -> None:
    long = [f"行业，{number}" for number in range(200)]
    heads = [
        Head("甲", choices=["是", "否"], hint="请选"),
        Head("乙", choices=long),
        Head("丙", choices=["a,b"]),
        Head("丁", hint="随意"),
    ]
    read = book(Table("一", heads, []))
    sheet = read["一"]
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    assert rules["A2:A1048576"].formula1 == '"是,否"'
    assert rules["A2:A1048576"].prompt == "请选"
    assert rules["A2:A1048576"].errorStyle == "warning"
    assert rules["B2:B1048576"].formula1 == "'_lists'!$A$1:$A$200"
    assert rules["C2:C1048576"].formula1 == "'_lists'!$B$1:$B$1"
    assert rules["D2:D1048576"].type in (None, "none")
    hidden = read["_lists"]
    assert hidden.sheet_state == "hidden"
    assert [hidden.cell(line, 1).value for line in range(1, 201)] == long


def test_notes_stand_on_the_last_sheet() -> None:
    read = book(Table("一", [Head("列")], [], [("条件", "建会：未建会"), ("时间", "2026-11-20 10:00")]))
    assert read.sheetnames == ["一", "说明"]
    assert [[cell.value for cell in row] for row in read["说明"].rows] == [
        ["条件", "建会：未建会"],
        ["时间", "2026-11-20 10:00"],
    ]


def test_too_many_rows_or_columns_are_refused_with_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "MOST_ROWS", 3)
    written(Table("一", [Head("列")], repeat(["a"], 3)))
    with pytest.raises(Refused, match="超过一张工作表的 3 行"):
        written(Table("一", [Head("列")], repeat(["a"])))
    with pytest.raises(Refused, match="16,384 列"):
        written(Table("一", [Head("列")] * 16_385, []))


def test_no_file_is_left_behind(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    written(Table("一", [Head("列")], [["a"]]))

    def broken() -> Any:
        yield ["a"]
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        written(Table("一", [Head("列")], broken()))
    assert list(tmp_path.iterdir()) == []


def test_column_names() -> None:
    assert [writing.column_name(place) for place in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
