"""The child process that opens uploaded files: bytes on standard input, cells as JSON on standard output.

It runs alone (`python -I parsing.py`), knows nothing of Django or the database, and takes its own limits before it reads a byte, so
that a file made to eat memory or time can only end this process. The parent is `reading.py`. What goes wrong is one word of TROUBLES
on standard output; the parent has the sentence.
"""

import csv
import datetime as dt
import io
import json
import math
import re
import sys
from collections.abc import Iterable, Iterator
from typing import Any

import python_calamine as calamine

try:
    import resource
except ImportError:  # Windows has no such limits; the parent's clock still ends the process
    resource = None  # type: ignore[assignment]

MEMORY = 1 << 30  # bytes of address space
SECONDS = 60  # of processor time
ENCODINGS = ("utf-8", "gb18030")
DELIMITERS = ",\t;|，"
SAMPLE = 30  # lines looked at to find the delimiter
EXACT = 10**15  # from here on Excel keeps fifteen digits and writes zeros behind them
ESCAPED = re.compile(r"_x00[01][0-9A-Fa-f]_")  # control characters as XML workbooks write them (ECMA-376 part 1, 22.9.2.19)
UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
REPLACEMENT = "\ufffd"


class Trouble(Exception):
    """The file cannot be read; the argument is a word that the parent knows."""


def limit() -> None:
    """Takes the limits of memory and processor time."""
    if resource is not None:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def number_words(number: float) -> str:
    """A number as an identifier would be typed: 110101 rather than 110101.0, and 1.10102E+17 where Excel has lost digits."""
    if math.isnan(number) or math.isinf(number):
        return ""
    if number == int(number):
        return str(int(number)) if abs(number) < EXACT else f"{number:.14E}"
    return format(number, ".15g")


def moment_words(value: dt.datetime) -> str:
    """A day, with its time of day only where it has one."""
    return value.date().isoformat() if value.time() == dt.time() else value.isoformat(" ", "seconds")


def cell_words(value: Any) -> str:
    """A cell as text. What cannot be stored becomes U+FFFD, which no column accepts."""
    if isinstance(value, str):
        if value.isprintable() and "_x00" not in value:  # most are
            return value.strip()
        return UNSTORABLE.sub(REPLACEMENT, ESCAPED.sub(" ", value)).strip()
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return number_words(value)
    if isinstance(value, dt.datetime):
        return moment_words(value)
    return "" if value is None else str(value)


class Counted:
    """Rows as texts without what is empty at their ends, until there are too many of them."""

    def __init__(self, most_rows: int, most_columns: int, most_cells: int) -> None:
        self.most_rows, self.most_columns, self.cells = most_rows, most_columns, most_cells

    def rows(self, source: Iterable[Iterable[Any]]) -> list[list[str]]:
        """The rows of one sheet down to its last one that holds anything. Raises Trouble beyond the limits."""
        found: list[list[str]] = []
        last = 0
        for number, cells in enumerate(source, 1):
            row = trimmed([cell_words(cell) for cell in cells])
            if len(row) > self.most_columns:
                raise Trouble("columns")
            if row:
                if number > self.most_rows:
                    raise Trouble("rows")
                found.extend([] for _gap in range(number - 1 - last))
                found.append(row)
                last = number
                self.cells -= len(row)
                if self.cells < 0:
                    raise Trouble("cells")
        return found


def trimmed(row: list[str]) -> list[str]:
    """The row without the empty cells at its end."""
    end = len(row)
    while end and not row[end - 1]:
        end -= 1
    return row[:end]


def sheets_of_workbook(content: bytes, counted: Counted) -> Iterator[dict[str, Any]]:
    """Every worksheet of a workbook."""
    try:
        book = calamine.load_workbook(io.BytesIO(content))
    except calamine.PasswordError as error:
        raise Trouble("encrypted") from error
    except Exception as error:
        raise Trouble("encrypted" if "password" in str(error).lower() else "broken") from error
    for one in book.sheets_metadata:
        if one.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        try:
            sheet = book.get_sheet_by_name(one.name)
            rows = counted.rows(full_rows(sheet))
        except calamine.CalamineError as error:
            raise Trouble("broken") from error
        yield {
            "title": UNSTORABLE.sub(REPLACEMENT, one.name),
            "is_hidden": one.visible != calamine.SheetVisibleEnum.Visible,
            "rows": rows,
            "merged": [[*start, *end] for start, end in sheet.merged_cell_ranges or []],
        }


def full_rows(sheet: Any) -> Iterator[list[Any]]:
    """The rows from the first of the sheet on, though the reader begins where the cells do."""
    start = sheet.start
    if start is None:
        return
    yield from ([] for _above in range(start[0]))
    for row in sheet.to_python(skip_empty_area=True):
        yield [""] * start[1] + row


def decoded(content: bytes, encoding: str) -> tuple[str, str]:
    """The text of a file and the encoding it is in: the one named, else by its mark, else strictly UTF-8, then GB18030."""
    if encoding:
        tries: tuple[str, ...] = (encoding,)
    elif content.startswith(b"\xef\xbb\xbf"):
        tries = ("utf-8-sig",)
    elif content.startswith((b"\xff\xfe", b"\xfe\xff")):
        tries = ("utf-16",)
    else:
        tries = ENCODINGS
    for one in tries:
        try:
            return content.decode(one).removeprefix("\ufeff"), one.removesuffix("-sig")
        except (UnicodeDecodeError, LookupError):
            continue
    raise Trouble("encoding")


def delimiter_of(text: str) -> str:
    """The character that divides the first lines into the same number of cells, the more the better."""
    lines = [line for line in text.splitlines()[:SAMPLE] if line.strip()]
    scores = []
    for character in DELIMITERS:
        counts = [len(row) for row in csv.reader(lines, delimiter=character)]
        usual = max(set(counts), key=counts.count) if counts else 1
        scores.append((usual > 1, counts.count(usual) * min(usual, 40), -DELIMITERS.index(character)))
    best = max(range(len(DELIMITERS)), key=lambda place: scores[place])
    return DELIMITERS[best] if scores[best][0] else ","


def sheet_of_text(content: bytes, encoding: str, counted: Counted) -> tuple[dict[str, Any], str]:
    """The only sheet of a text file, and its encoding."""
    text, found = decoded(content, encoding)
    if text.count("\x00") * 50 > len(text):
        raise Trouble("unknown")
    text = text.replace("\x00", REPLACEMENT)
    csv.field_size_limit(32_767)  # as many characters as a cell of Excel holds
    try:
        rows = counted.rows(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text)))
    except csv.Error as error:
        raise Trouble("quotes") from error
    return {"title": "", "is_hidden": False, "rows": rows, "merged": []}, found


def parse(content: bytes, kind: str, encoding: str, limits: list[int]) -> dict[str, Any]:
    """Everything that is in the file; `limits` are the most rows, columns and cells. Raises Trouble."""
    counted = Counted(*limits)
    if kind == "text":
        sheet, found = sheet_of_text(content, encoding, counted)
        return {"sheets": [sheet], "encoding": found}
    return {"sheets": list(sheets_of_workbook(content, counted)), "encoding": ""}


def main() -> None:
    """`parsing.py KIND ENCODING ROWS COLUMNS CELLS`: kind is text or workbook, encoding may be empty."""
    limit()
    kind, encoding, *limits = sys.argv[1:]
    try:
        answer = parse(sys.stdin.buffer.read(), kind, encoding, [int(one) for one in limits])
    except Trouble as trouble:
        answer = {"trouble": str(trouble)}
    except MemoryError:
        answer = {"trouble": "memory"}
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace"))


if __name__ == "__main__":
    main()
