"""Which column of a workbook is which of ours, and the cells under it as values."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from gonghui.core.exchange.importers import RECORD, RECORD_COLUMN, Importer, Line
from gonghui.core.exchange.reading import Cells, head_row, heads_of, rows_below
from gonghui.kit.columns import BadValue, Options
from gonghui.kit.intake import CLEARING, DECLARING_NEW, NOTES, SUMS, Intake
from gonghui.kit.text import Text, plain

Mapped = Mapping[int, str]  # place of a column in the workbook, from 0 → code of ours
Reading = tuple[Any, str]  # the value of a cell, and what is wrong with it

BRACKETED = re.compile(r"[（(\[【].*?[）)\]】]")
MOST_IN_NOTE = 2  # cells filled in a note under a list


def head_key(text: str) -> str:
    """A head without what does not matter: brackets and what is in them, stars, colons, blanks, width of characters."""
    bare = BRACKETED.sub("", unicodedata.normalize("NFKC", text)) or unicodedata.normalize("NFKC", text)
    return re.sub(r"[\s*:：、.。_\-/]", "", bare).lower()


def known_heads(importer: Importer) -> dict[str, str]:
    """Every head we know → the code of its column."""
    known: dict[str, str] = {}
    for column in (RECORD_COLUMN, *importer.columns):
        intake = column.intake
        for text in (*spoken(column.label), *(intake.heads if intake else ())):
            known.setdefault(head_key(text), column.code)
    return known


def spoken(label: Text) -> list[str]:
    """A label in Chinese, which workbooks speak, and in the language of the screen, which exports speak."""
    with override(settings.LANGUAGE_CODE):
        chinese = str(label)
    return list(dict.fromkeys((chinese, str(label))))


def guessed_head_row(cells: Cells, importer: Importer) -> int:
    """The place of the row with the heads."""
    known = known_heads(importer)
    return head_row(cells, lambda text: head_key(text) in known)


def guessed_sheet(sheets: Sequence[Cells], importer: Importer) -> int:
    """The place of the sheet that looks most like ours; hidden ones only if there is no other."""
    known = known_heads(importer)

    def likeness(place: int) -> tuple[bool, int, int]:
        cells = sheets[place]
        heads = {head_key(head) for head in heads_of(cells, guessed_head_row(cells, importer))}
        return (not cells.is_hidden, len(heads & known.keys()), -place)

    return max(range(len(sheets)), key=likeness)


def guessed(heads: Sequence[str], importer: Importer, remembered: Mapping[str, str]) -> dict[int, str]:
    """Which column is which: as it was chosen here the last time, else by the words of its head; each of ours once."""
    known, taken = known_heads(importer), set[str]()
    mapped: dict[int, str] = {}
    for place, head in enumerate(heads):
        code = remembered.get(head_key(head), known.get(head_key(head), "")) if head else ""
        if code and code not in taken:
            mapped[place] = code
            taken.add(code)
    return mapped


def is_note(row: Sequence[str]) -> bool:
    """Whether a row is a note or a sum under the list and no record."""
    filled = [text for text in row if text]
    first = filled[0]
    return first.rstrip(":：") in SUMS or (len(filled) <= MOST_IN_NOTE and first.startswith(NOTES))


def records_below(cells: Cells, place: int) -> list[tuple[int, list[str]]]:
    """The rows under the heads with their numbers, without the notes at their end."""
    rows = rows_below(cells, place)
    while rows and is_note(rows[-1][1]):
        rows.pop()
    return rows


def count_lines(cells: Cells, place: int, mapped: Mapped) -> int:
    """How many lines `lines_of` has."""
    return sum(any(row[at] for at in mapped if at < len(row)) for _number, row in records_below(cells, place))


def lines_of(cells: Cells, place: int, mapped: Mapped) -> Iterator[Line]:
    """The records of a sheet as texts by the codes of our columns; rows in which nothing of ours is filled are left out."""
    for number, row in records_below(cells, place):
        texts = {code: row[at] for at, code in mapped.items() if at < len(row) and row[at]}
        if texts:
            yield Line(number, texts)


def read_lines(lines: Iterable[Line], importer: Importer, actor: Any) -> list[Line]:
    """Reads every cell into a value, and notes each that cannot be read."""
    found = list(lines)
    for line in found:
        read_record(line)
    for column, intake in importer.pairs():
        read_column(found, column.code, intake, spoken_options(intake.options(actor)))
    return found


def read_column(lines: Iterable[Line], code: str, intake: Intake, options: Options) -> None:
    """Reads the cells of one column; a text that stands in it again is not read again."""
    known: dict[str, Reading] = {}
    for line in lines:
        text = line.texts.get(code)
        if not text:
            continue
        if text not in known:
            known[text] = reading_of(text, intake, options)
        value, problem = known[text]
        if problem:
            line.refuse(code, problem)
        else:
            line.values[code] = value


def reading_of(text: str, intake: Intake, options: Options) -> Reading:
    """The value of a text, or what is wrong with it. The word 清空 empties a value that need not be there."""
    if plain(text).lower() in CLEARING:
        return None, _("这一列不能清空") if intake.is_required or intake.is_fixed else ""
    try:
        return intake.value(text, options), ""
    except BadValue as problem:
        return None, str(problem)


def spoken_options(options: Options) -> Options:
    """The choices with every word that may stand for them."""
    return [(key, word) for key, label in options for word in spoken(label)]


def read_record(line: Line) -> None:
    """The record code in small letters, as it is kept; or the word that says that there is no such record yet."""
    text = plain(line.texts.get(RECORD, "")).lower()
    if text in DECLARING_NEW:
        line.is_declared_new = True
    elif text:
        line.values[RECORD] = text
