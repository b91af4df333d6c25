"""Every file opens or is refused with words: real workbooks, encodings, bombs, what only looks like a table."""

import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gonghui.core.actions.action import Refused
from gonghui.core.exchange import parsing, reading
from gonghui.core.exchange.reading import TROUBLES, head_row, heads_of, read, rows_below
from tests.exchange.workbooks import csv_of, xlsx_of

REAL = Path(os.environ.get("GONGHUI_TEST_DATA", "")) / "excel_compat"
OPENS = {
    "complex.xls": (["姓名", "数字", "姓名", "数字"], 2),
    "dataformat.xls": (["date", "dateStringCn", "dateStringCn2", "dateStringUs"], 27),
    "no_bom.csv": (["姓名", "年纪"], 10),
    "office_bom.csv": (["姓名", "年纪"], 10),
    "t01.xls": (["材质*", "等级", "标准号*", "规格*"], 1),
    "t02.xlsx": (["序号", "原料编号", "厂定名称", "标准中文名"], 1),
    "t03.xlsx": (["单据号", "服务产品编码", "用户昵称", "来源系统"], 1),
    "t04.xlsx": (["序号", "ID号", "工位号", "eblock编码"], 56),
    "t05.xlsx": (["日期时间标题"], 5),
    "t06.xlsx": (["7.500", "278.27", "2087.025"], 0),
    "t07.xlsx": (["Model Name", "Baseline MKO Item", "MKO Item", "MKO Item Description"], 1),
    "t09.xlsx": (["SH Z002"], 0),
}
UNKNOWN: Callable[[str], bool] = lambda text: False  # noqa: E731 -- a list that knows no heads


@pytest.mark.parametrize("name", OPENS)
def test_real_workbooks_open(name: str) -> None:
    file = REAL / name
    if not file.is_file():
        pytest.skip("GONGHUI_TEST_DATA does not name a directory with excel_compat/")
    cells = read(file.read_bytes()).sheets[0]
    heads, rows = OPENS[name]
    place = head_row(cells, UNKNOWN)
    assert heads_of(cells, place)[:4] == heads
    assert len(rows_below(cells, place)) == rows


def test_every_real_file_opens_or_is_refused_with_words() -> None:
    if not REAL.is_dir():
        pytest.skip("GONGHUI_TEST_DATA does not name a directory with excel_compat/")
    for file in sorted(REAL.iterdir()):
        content = file.read_bytes()
        for some in (content, content[: len(content) // 2], content[:100], content[50:]):
            outcome = attempt(some)
            assert outcome == "opened" or outcome in sentences(), file.name


def sentences() -> set[str]:
    """Everything a refusal may say."""
    return {str(reading.refusal(word)) for word in TROUBLES}


def attempt(content: bytes) -> str:
    """What comes of a file."""
    try:
        read(content)
    except Refused as refusal:
        return str(refusal)
    return "opened"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_text_files_of_every_encoding_and_delimiter(encoding: str, delimiter: str) -> None:
    rows = [["单位名称", "职工人数", "地址"], ["北京“一”店", "12", "东华门大街 1 号，2 层"], ["二店\n分店", "007", "𠮷野家"]]
    (cells,) = read(csv_of(rows, encoding, delimiter)).sheets
    assert cells.rows == rows


def test_the_encoding_can_be_named() -> None:
    content = csv_of([["甲", "乙"]], "utf-16-le")
    with pytest.raises(Refused):
        read(content)
    assert read(content, encoding="utf-16-le").sheets[0].rows == [["甲", "乙"]]


def archive(*entries: tuple[str, bytes]) -> bytes:
    """A zip archive."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in entries:
            packed.writestr(name, content)
    return target.getvalue()


BOOK = ("xl/workbook.xml", b"<workbook/>")
REFUSED: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "empty"),
    "blank": (b" \n ", "empty"),
    "no cells": (b",,\n,,\n", "blank"),
    "page": (b"\xef\xbb\xbf<html><body><table><tr><td>1</td></tr></table>", "page"),
    "page in utf-16": ("<table><tr><td>1".encode("utf-16"), "page"),
    "xml": (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">', "xml"),
    "pdf": (b"%PDF-1.7 ...", "pdf"),
    "picture": (b"\x89PNG\r\n\x1a\n....", "picture"),
    "rar": (b"Rar!\x1a\x07\x00", "archive"),
    "zip of files": (archive(("a.xlsx", b"x")), "archive"),
    "document": (archive(("[Content_Types].xml", b"x"), ("word/document.xml", b"x")), "document"),
    "broken zip": (b"PK\x03\x04" + b"x" * 200, "broken"),
    "broken xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "broken"),
    "workbook without sheets": (archive(("[Content_Types].xml", b"x"), BOOK), "broken"),
    "encrypted": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") * 2, "encrypted"),
    "bomb": (archive(BOOK, ("xl/worksheets/sheet1.xml", b"0" * (401 * 2**20))), "bomb"),
    "many entries": (archive(BOOK, *((f"xl/{number}", b"") for number in range(2100))), "bomb"),
    "bytes": (bytes(range(256)) * 40, "encoding"),
    "program": (b"MZ" + b"\x00" * 3000, "unknown"),
    "wide": (csv_of([["x"] * 201]), "columns"),
    "big": (b"a," * (11 * 2**20), "big"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_table_is_refused_with_its_reason(name: str) -> None:
    content, word = REFUSED[name]
    with pytest.raises(Refused) as refusal:
        read(content)
    assert str(refusal.value) == str(reading.refusal(word))


def test_a_child_that_never_ends_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    endless = tmp_path / "endless.py"
    endless.write_text("while True: pass")
    monkeypatch.setattr(parsing, "__file__", str(endless))
    monkeypatch.setattr(reading, "SECONDS", 1)
    with pytest.raises(Refused, match="读了太久"):
        read(b"a,b\n1,2\n")


def test_a_child_that_eats_memory_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    hungry = tmp_path / "hungry.py"
    source = Path(parsing.__file__).read_text(encoding="utf-8")
    hungry.write_text(source.replace("limit()\n    kind,", "limit()\n    _eaten = bytearray(3 << 30)\n    kind,"))
    monkeypatch.setattr(parsing, "__file__", str(hungry))
    with pytest.raises(Refused, match="太大|打不开"):
        read(b"a,b\n1,2\n")


def test_numbers_stay_identifiers() -> None:
    rows: list[list[Any]] = [[110101001, 1.5, 110105199003071234.0, "007", True, 0.1 + 0.2]]
    (cells,) = read(xlsx_of(["甲", "乙", "丙", "丁", "戊", "己"], rows)).sheets
    assert list(cells.rows[1])[:2] == ["110101001", "1.5"]
    assert parsing.number_words(110105199003071234.0) == "1.10105199003071E+17"
    assert parsing.number_words(0.1 + 0.2) == "0.3"
    assert parsing.cell_words("a\x00b") == "a\ufffdb"
    assert parsing.cell_words("a_x000D_\nb") == "a \nb"


def test_heads_are_found_under_merged_titles_and_beside_merged_groups() -> None:
    cells = reading.Cells(
        "",
        [["名册"], [], ["填报单位：甲", "", "2026年"], ["名称", "职工人数", ""], ["", "男", "女"], ["一店", "1", "2"]],
        [(0, 0, 0, 2), (3, 0, 4, 0), (3, 1, 3, 2)],
    )
    place = head_row(cells, {"名称", "职工人数", "男", "女"}.__contains__)
    assert place == 3
    assert heads_of(cells, 4) == ["名称", "男", "女"]
    assert rows_below(cells, 4) == [(6, ["一店", "1", "2"])]


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=3000))
def test_bytes_of_any_kind_never_fail(content: bytes) -> None:
    outcome = attempt(content)
    assert outcome == "opened" or outcome in sentences()


def test_the_file_read_last_is_not_opened_again_until_it_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = csv_of([["单位名称"], ["甲"]]), csv_of([["单位名称"], ["乙"]])
    opened: list[bytes] = []
    ask = reading.ask_child

    def counted(content: bytes, kind: str, encoding: str) -> dict[str, Any]:
        opened.append(content)
        return ask(content, kind, encoding)

    monkeypatch.setattr(reading, "ask_child", counted)
    reading.last_read.forget()
    encoding = read(first).encoding
    assert read(first, encoding=encoding).sheets[0].rows[1] == ["甲"]
    assert opened == [first]
    assert read(second).sheets[0].rows[1] == ["乙"]
    assert read(first, encoding=encoding).sheets[0].rows[1] == ["甲"]
    assert opened == [first, second, first]
    with pytest.raises(Refused):
        read(first, encoding="utf-16")  # another way to read it is another reading
    reading.last_read.forget()
    read(first, encoding=encoding)
    assert opened[4:] == [first]


def test_a_big_table_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_KEPT", 3)
    content = xlsx_of(["单位名称", "地址"], [["甲", "乙"]])
    assert read(content) is not read(content)
    monkeypatch.setattr(reading, "MOST_KEPT", 4)
    assert read(content) is read(content)
