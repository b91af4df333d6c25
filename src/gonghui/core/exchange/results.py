"""The same workbook back: what each row came to, what was wrong with it, and the code of its record."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import BytesIO

from django.utils.translation import gettext as _

from gonghui.core.actions.actor import Actor
from gonghui.core.exchange.actions import importer_of, sheets_of
from gonghui.core.exchange.importers import RECORD, RECORD_COLUMN, Importer
from gonghui.core.exchange.mapping import is_note
from gonghui.core.exchange.models import Batch, BatchLine
from gonghui.core.exchange.reading import rows_below
from gonghui.core.exchange.writing import Head, Kind, Table, write_workbook
from gonghui.kit.intake import Intake
from gonghui.kit.text import together

Lines = Mapping[int, BatchLine]
KINDS: Mapping[str, Kind] = {"number": "number", "date": "date"}


def lines_by_number(batch: Batch, actor: Actor) -> Lines:
    """What is kept of a batch's lines."""
    rows = BatchLine.objects.visible_to(actor).filter(batch=batch).order_by("number")
    return {line.number: line for line in rows}


def result_workbook(batch: Batch, actor: Actor, *, only_wrong: bool = False) -> bytes:
    """The rows as they were uploaded and mended, behind them 是否导入成功, 错误原因 and 记录编号; or only those that are wrong, to be mended."""
    cells, importer = sheets_of(batch)[batch.sheet_at], importer_of(batch)
    lines = lines_by_number(batch, actor)
    codes_there = RECORD in batch.mapping.values()  # else they come behind everything
    added = typed_beside(batch)
    heads = [Head(head or " ") for head in batch.heads]
    heads += [
        *(Head(importer.label(code)) for code in added),
        Head(_("是否导入成功")),
        Head(_("错误原因"), width=60),
        *([] if codes_there else [Head(RECORD_COLUMN.label, width=38)]),
    ]
    rows = mended_rows(batch, added, rows_below(cells, batch.head_at))
    target = BytesIO()
    table = Table(cells.title or _("导入结果"), heads, told(batch, importer, rows, lines, only_wrong, not codes_there))
    write_workbook(target, [table])
    return target.getvalue()


def typed_beside(batch: Batch) -> list[str]:
    """The columns that the workbook lacks and in which something was typed; the one of record codes is there anyway."""
    return sorted({code for texts in batch.mended().values() for code in texts} - {*batch.mapping.values(), RECORD})


def mended_rows(
    batch: Batch, added: Sequence[str], rows: Sequence[tuple[int, Sequence[str]]]
) -> Iterator[tuple[int, list[str]]]:
    """The rows that are no notes, each as wide as its heads, with what was mended in place; `added` columns come behind."""
    mended, width = batch.mended(), len(batch.heads)
    codes = [*(batch.mapped.get(place, "") for place in range(width)), *added]
    for number, row in ((number, row) for number, row in rows if not is_note(row)):
        texts = mended.get(number, {})
        cells = [*row[:width], *[""] * (len(codes) - min(width, len(row)))]
        yield number, [texts.get(code, cell) for code, cell in zip(codes, cells, strict=True)]


def told(
    batch: Batch,
    importer: Importer,
    rows: Iterable[tuple[int, Sequence[str]]],
    lines: Lines,
    only_wrong: bool,
    with_codes: bool,
) -> Iterator[list[object]]:
    """The rows with what became of them."""
    for number, row in rows:
        line = lines.get(number)
        is_wrong = line is not None and line.outcome == "wrong"
        if only_wrong and not is_wrong:
            continue
        cells: list[object] = [*row, success(batch, line), told_of(line, importer) if line else ""]
        yield [*cells, record_of(line)] if with_codes else cells


def record_of(line: BatchLine | None) -> str:
    """The code of the record that a row is or has become, or what was typed for it."""
    if line is None:
        return ""
    return str(line.record_code or next((one["text"] for one in line.mended if one["column"] == RECORD), ""))


def success(batch: Batch, line: BatchLine | None) -> str:
    """Whether a row was imported, in a word."""
    if line is not None and line.outcome == "wrong":
        return _("否")
    if batch.state != "done":
        return _("尚未导入")
    return _("是") if line is not None and line.outcome != "unchanged" else _("无变化")


def told_of(line: BatchLine, importer: Importer) -> str:
    """What is wrong with a row, or what is said of it though nothing is."""
    return reasons(line, importer) if line.outcome == "wrong" else line.said


def reasons(line: BatchLine, importer: Importer) -> str:
    """Everything that is wrong with a row, each with its column."""
    return together(sentence(problem, importer) for problem in line.problems)


def sentence(problem: Mapping[str, str], importer: Importer) -> str:
    """One problem with the column it is about."""
    label = str(importer.label(problem["column"]))
    return _("%(column)s：%(problem)s") % {"column": label, "problem": problem["sentence"]} if label else problem["sentence"]


# -- templates --------------------------------------------------------------------------------------------------


def template_workbook(importer: Importer, actor: Actor) -> bytes:
    """An empty workbook with the heads of a list, drop-downs, and hints."""
    heads = [head_of(str(column.label), column.kind, intake, actor) for column, intake in importer.heads]
    notes = [(str(column.label), note_of(intake)) for column, intake in importer.heads if note_of(intake)]
    target = BytesIO()
    write_workbook(target, [Table(importer.sheet.label, heads, [], notes)])
    return target.getvalue()


def head_of(label: str, kind: str, intake: Intake, actor: Actor) -> Head:
    """One column of a template; a star marks what must be filled."""
    star = "*" if intake.is_required else ""
    choices = [str(name) for _code, name in intake.options(actor)]
    return Head(f"{label}{star}", KINDS.get(kind, "text"), choices, intake.hint)


def note_of(intake: Intake) -> str:
    """What the second sheet says about a column."""
    return together((_("必填") if intake.is_required else "", intake.hint))
