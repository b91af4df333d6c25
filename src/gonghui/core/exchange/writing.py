"""Workbooks out: tables of plain values become one .xlsx, row by row, in constant memory.

Nothing in a cell is alive: a text that begins with = + - @ or a tab stays a text. Identifiers are texts, days are days. Excel's own
limits (rows, columns, sheet titles, characters that XML cannot hold) are kept here and nowhere else.
Source of the limits: "Excel specifications and limits", Microsoft; XML 1.0 §2.2.
"""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import isfinite
from tempfile import TemporaryDirectory
from typing import BinaryIO, Literal

from django.utils import timezone
from django.utils.translation import gettext as _
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from gonghui.core.actions.action import Refused
from gonghui.kit.text import Text

Kind = Literal["text", "number", "percent", "date", "moment"]

MOST_ROWS = 1_048_575  # below the head
MOST_COLUMNS = 16_384
MOST_DIGITS = 15  # more are not kept by a number in Excel
MOST_INLINE = 255  # characters of a drop-down that stands in the cell itself
LONGEST_TITLE = 31
HIDDEN_LISTS = "_lists"  # the sheet of the long drop-downs
LONGEST_HINT = 255
FIRST_DAY = dt.date(1900, 3, 1)  # before it Excel's calendar counts a day that never was
UNTITLED = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
FORMATS: dict[Kind, dict[str, object]] = {
    "text": {"num_format": "@"},
    "number": {"num_format": "#,##0.##########"},
    "percent": {"num_format": "0.00%"},
    "date": {"num_format": "yyyy-mm-dd", "align": "left"},
    "moment": {"num_format": "yyyy-mm-dd hh:mm", "align": "left"},
}
WIDTHS: dict[Kind, int] = {"text": 18, "number": 10, "percent": 10, "date": 12, "moment": 17}
HEAD = {"bold": True, "bg_color": "#F3EFE8", "bottom": 1, "align": "left", "valign": "vcenter", "num_format": "@"}


@dataclass(frozen=True)
class Head:
    """One column: its title, what its values are, a drop-down if `choices`, words beside the chosen cell if `hint`.

    `width` is in characters of Latin text; 0 leaves it to the kind and the title. A percentage is given in per cent: 88.89.
    """

    label: Text
    kind: Kind = "text"
    choices: Sequence[Text] = ()
    hint: Text = ""
    width: int = 0


@dataclass(frozen=True)
class Table:
    """One sheet. `notes` are pairs of heading and words that stand on a sheet 说明 at the end."""

    title: Text
    heads: Sequence[Head]
    rows: Iterable[Sequence[object]]
    notes: Sequence[tuple[Text, Text]] = ()


def write_workbook(target: BinaryIO, tables: Sequence[Table]) -> None:
    """Writes the tables, a sheet each, and their notes. Rows are read once, one at a time. Raises Refused beyond Excel's limits.

    A cell takes str, int, float, Decimal, bool, date, datetime or None; whatever else is written as its text.
    """
    with TemporaryDirectory(prefix="gonghui-") as scratch:
        book = Book(target, scratch)
        for table in tables:
            book.add(table)
        book.close()


class Book:
    """One workbook in the making."""

    def __init__(self, target: BinaryIO, scratch: str) -> None:
        self.workbook = Workbook(target, {"constant_memory": True, "tmpdir": scratch, "use_zip64": True})
        self.formats = {kind: self.workbook.add_format(values) for kind, values in FORMATS.items()}
        self.head = self.workbook.add_format(HEAD)
        self.titles = {HIDDEN_LISTS}
        self.notes: list[tuple[str, str]] = []
        self.lists: list[Sequence[Text]] = []

    def add(self, table: Table) -> None:
        """One table on a sheet of its own."""
        if len(table.heads) > MOST_COLUMNS:
            raise Refused(_("一张工作表最多 %(most)s 列，请少选几列") % {"most": f"{MOST_COLUMNS:,}"})
        sheet = self.workbook.add_worksheet(self.title(str(table.title)))
        for place, head in enumerate(table.heads):
            sheet.set_column(place, place, head.width or natural_width(head), self.formats[head.kind])
        self.titled(sheet, [str(head.label) for head in table.heads])
        kinds = [head.kind for head in table.heads]
        last = 0
        for last, row in enumerate(table.rows, 1):
            if last > MOST_ROWS:
                raise Refused(_("超过一张工作表的 %(most)s 行，请加条件分几次导出") % {"most": f"{MOST_ROWS:,}"})
            for place, (value, kind) in enumerate(zip(row, kinds, strict=True)):
                write_cell(sheet, last, place, value, kind, self.formats)
        for place, head in enumerate(table.heads):
            self.guide(sheet, place, head)
        if last:
            sheet.autofilter(0, 0, last, len(kinds) - 1)
        self.notes += [(str(heading), str(words)) for heading, words in table.notes]

    def titled(self, sheet: Worksheet, labels: Sequence[str]) -> None:
        """The head: bold, and it stays when the rows are scrolled."""
        sheet.freeze_panes(1, 0)
        sheet.set_row(0, 24)
        for place, label in enumerate(labels):
            sheet.write_string(0, place, writable(label), self.head)

    def title(self, wanted: str) -> str:
        """A title that Excel accepts and no other sheet of the workbook has."""
        plain = UNTITLED.sub(" ", UNWRITABLE.sub("", wanted)).strip(" '") or _("表")
        plain = f"{plain}_" if plain.lower() == "history" else plain
        title, number = cut(plain, LONGEST_TITLE), 1
        while title.lower() in self.titles:
            number += 1
            title = f"{cut(plain, LONGEST_TITLE - len(f' ({number})'))} ({number})"
        self.titles.add(title.lower())
        return title

    def guide(self, sheet: Worksheet, place: int, head: Head) -> None:
        """Drop-down and words of one column, on every row that Excel has. Another word than the list's is warned of, not refused."""
        if not head.choices and not head.hint:
            return
        rule: dict[str, object] = {"validate": "any"}
        if head.choices:
            rule = {"validate": "list", "source": self.source(head.choices), "error_type": "warning"}
            rule |= {"error_title": cut(str(head.label), 32), "error_message": _("请从列表中选；要清空已有内容，填“清空”")}
        if head.hint:
            rule |= {"input_title": cut(str(head.label), 32), "input_message": cut(str(head.hint), LONGEST_HINT)}
        sheet.data_validation(1, place, MOST_ROWS, place, rule)

    def source(self, choices: Sequence[Text]) -> list[str] | str:
        """What a drop-down offers: the words themselves, or where they stand on the hidden sheet when they are many."""
        words = [writable(str(choice)) for choice in choices]
        if len(",".join(words)) <= MOST_INLINE and not any("," in word for word in words):
            return words
        if words not in self.lists:
            self.lists.append(words)
        column = column_name(self.lists.index(words))
        return f"='{HIDDEN_LISTS}'!${column}$1:${column}${len(words)}"

    def close(self) -> None:
        """The notes, the hidden lists, and the end."""
        if self.notes:
            sheet = self.workbook.add_worksheet(self.title(_("说明")))
            sheet.set_column(0, 0, 16)
            sheet.set_column(1, 1, 90, self.workbook.add_format({"text_wrap": True, "valign": "top", "num_format": "@"}))
            for line, (heading, words) in enumerate(self.notes):
                sheet.write_string(line, 0, writable(heading), self.head)
                sheet.write_string(line, 1, writable(words))
        if self.lists:
            self.hidden_lists()
        self.workbook.close()

    def hidden_lists(self) -> None:
        """The long drop-downs, a column each."""
        sheet = self.workbook.add_worksheet(HIDDEN_LISTS)
        sheet.hide()
        for line in range(max(map(len, self.lists))):
            for place, words in enumerate(self.lists):
                if line < len(words):
                    sheet.write_string(line, place, str(words[line]), self.formats["text"])


def write_cell(sheet: Worksheet, line: int, place: int, value: object, kind: Kind, formats: dict[Kind, Format]) -> None:
    """One value as what it is; what a number or day of Excel cannot hold exactly is written as a text."""
    if value is None or value == "":
        return
    if isinstance(value, bool):
        value = _("是") if value else _("否")
    if isinstance(value, int | float | Decimal) and kind in ("number", "percent") and is_exact(value):
        sheet.write_number(line, place, value / 100 if kind == "percent" else value, formats[kind])
        return
    if isinstance(value, dt.datetime):
        value = timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value
    if isinstance(value, dt.date) and kind in ("date", "moment") and day_of(value) >= FIRST_DAY:
        sheet.write_datetime(line, place, value, formats[kind])
        return
    sheet.write_string(line, place, writable(str(value)), formats["text"])


def is_exact(value: int | float | Decimal) -> bool:
    """Whether a number of Excel holds it: finite, and no more digits than are kept."""
    if isinstance(value, Decimal):
        return value.is_finite() and len(value.as_tuple().digits) <= MOST_DIGITS
    return abs(value) < 10**MOST_DIGITS if isinstance(value, int) else isfinite(value)


def day_of(value: dt.date) -> dt.date:
    """The day of a moment, or the day itself."""
    return value.date() if isinstance(value, dt.datetime) else value


def writable(text: str) -> str:
    """The text without what XML cannot hold: control characters, halves of surrogate pairs."""
    return UNWRITABLE.sub("", text)


def natural_width(head: Head) -> int:
    """Wide enough for the title (a Chinese character takes two) and for what such values need."""
    return max(WIDTHS[head.kind], sum(2 if ord(character) > 0x2E7F else 1 for character in str(head.label)) + 4)


def cut(text: str, most: int) -> str:
    """The text in at most so many units of UTF-16, as Excel counts."""
    while len(text.encode("utf-16-le")) // 2 > most:
        text = text[:-1]
    return text


def column_name(place: int) -> str:
    """The letters of a column: 0 is A, 26 is AA."""
    letters = ""
    while place >= 0:
        place, letter = divmod(place, 26)
        letters, place = chr(65 + letter) + letters, place - 1
    return letters
