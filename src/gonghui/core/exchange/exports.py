"""Lists out: what somebody sees of a list becomes a workbook with the codes of its records and a sheet that says what it is.

An area's `sheets.py` registers each list once (`exportable`); the export page, the worker and the command line all start from there.
Every export carries the record codes, so that the workbook can be changed in Excel and imported again.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, BinaryIO

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from gonghui.core.actions.actor import Actor
from gonghui.core.exchange.importers import RECORD_COLUMN
from gonghui.core.exchange.writing import Head, Kind, Table, write_workbook
from gonghui.kit.columns import Column, Sheet
from gonghui.kit.dates import now, today
from gonghui.kit.text import Text, beside

CHUNK = 2000  # rows read at a time
KINDS: Mapping[str, Kind] = {"number": "number", "date": "date"}
NARROWER = "exchange.cli"

Rows = QuerySet[Any]
Read = Callable[[Sequence[Any]], Mapping[Any, Any]]  # primary keys → the rows with these keys, as many as there still are


@dataclass(frozen=True)
class ExportableList:
    """A list that can be exported: its columns, the permission its page takes, its rows for an actor, what they are in a sentence."""

    sheet: Sheet
    permission: str
    rows: Callable[[Actor], Rows]
    definition: Text = ""


lists: dict[str, ExportableList] = {}


def exportable(sheet: Sheet, *, permission: str, rows: Callable[[Actor], Rows], definition: Text = "") -> ExportableList:
    """Registers a list under its sheet's code."""
    if sheet.code in lists:
        raise ValueError(f"two lists named {sheet.code}")
    return lists.setdefault(sheet.code, ExportableList(sheet, permission, rows, definition))


@dataclass(frozen=True)
class Export:
    """One export before it is written: columns, the keys of its rows in their order, how rows are read, what stands on 说明."""

    title: Text
    columns: Sequence[Column]
    keys: Sequence[Any]
    read: Read
    notes: Sequence[tuple[Text, Text]] = ()


def write_export(target: BinaryIO, export: Export) -> None:
    """Writes an export. Raises Refused beyond what a workbook holds."""
    columns = [*export.columns, RECORD_COLUMN]
    heads = [Head(column.label, KINDS.get(column.kind, "text"), width=38 * (column is RECORD_COLUMN)) for column in columns]
    write_workbook(target, [Table(export.title, heads, lines(export), export.notes)])


def workbook(export: Export) -> bytes:
    """An export as the content of a file."""
    target = BytesIO()
    write_export(target, export)
    return target.getvalue()


def lines(export: Export) -> Iterator[list[object]]:
    """The lines of the sheet, read a chunk at a time in the order of the keys; a row that is gone by then is left out."""
    for start in range(0, len(export.keys), CHUNK):
        chunk = export.keys[start : start + CHUNK]
        rows = export.read(chunk)
        for key in chunk:
            if key in rows:
                yield line(export.columns, rows[key])


def line(columns: Sequence[Column], row: Any) -> list[object]:
    """One row: numbers and days as such, everything else in the words of the screen (a masked value stays masked), then its code."""
    values: list[object] = []
    for column in columns:
        value = column.value(row)
        values.append(value if column.kind in KINDS else column.words(value))
    return [*values, str(getattr(row, "public_id", ""))]


def explained(
    actor: Actor, *, title: Text, count: int, conditions: str = "", order: str = "", definition: Text = "", purpose: str = ""
) -> list[tuple[Text, Text]]:
    """What stands on the sheet 说明: what, under which conditions, when, by whom, for what, how many."""
    told = [
        (_("列表"), title),
        (_("口径"), definition or _("导出人权限范围内、符合下列条件的记录")),
        (_("条件"), conditions or _("没有条件，全部")),
        (_("排序"), order),
        (_("条数"), f"{count:,}"),
        (_("导出时间"), f"{timezone.localtime(now()):%Y-%m-%d %H:%M}"),
        (_("导出人"), beside((actor.name, actor.title, actor.place))),
        (_("用途"), purpose),
        (_("再导入"), _("“%(column)s”一列不要改：改好的表可以用“导入”更新原来的记录。") % {"column": RECORD_COLUMN.label}),
    ]
    return [(heading, words) for heading, words in told if words]


def file_name(title: Text, on: dt.date | None = None) -> str:
    """What an exported file is called."""
    return f"{title}_{on or today():%Y%m%d}.xlsx"


def whole(one: ExportableList, actor: Actor, notes: Sequence[tuple[Text, Text]] = ()) -> Export:
    """Everything the actor sees of a list, in every column, for the command line."""
    rows = one.rows(actor)
    keys = list(rows.order_by(*ordered(one.sheet), "pk").values_list("pk", flat=True))
    notes = notes or explained(actor, title=one.sheet.label, count=len(keys), definition=one.definition)
    return Export(
        one.sheet.label, one.sheet.columns, keys, lambda chunk: {row.pk: row for row in rows.filter(pk__in=chunk)}, notes
    )


def ordered(sheet: Sheet) -> tuple[str, ...]:
    """The ORM paths of a sheet's own order."""
    column = sheet.column(sheet.default_sort.removeprefix("-"))
    paths = column.order if column else ()
    return tuple(f"-{path}" for path in paths) if sheet.default_sort.startswith("-") else paths


def narrowed_to(path: str, permission: str) -> Actor:
    """Whoever uses the command line, who may do everything, held to one organisation and what is below it."""
    return Actor(name=NARROWER, channel="cli", scopes={permission: frozenset({path})})
