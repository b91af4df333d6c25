"""The roster as a workbook of the upper federation's form: its 20 columns in their order, its codes, and nothing else in the full edition.

With masked numbers a 21st column holds the record codes, by which the sheet is recognised when it is imported again.
"""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _

from gonghui.areas.members.actions import Reported
from gonghui.areas.members.imports.sheets import NUMBER, ROSTER
from gonghui.core.actions.actor import Actor
from gonghui.core.exchange.exports import KINDS
from gonghui.core.exchange.importers import RECORD_COLUMN
from gonghui.core.exchange.writing import Head, Table, write_workbook
from gonghui.core.reference.queries import choices
from gonghui.kit.columns import Column
from gonghui.kit.dates import today
from gonghui.web.bulk import Gathered, Given

CODED = ("work_state", "change", "change_reason", "skill_level")  # the form has numbers here, words in its other lists
Lines = Sequence[tuple[Any, Reported]]  # (membership, what was reported of it)


def gathered_masked(answers: Lines, given: Given) -> Gathered:
    """The masked edition, as a file."""
    name = _("会员名册_%(day)s_%(count)s 人.xlsx") % {"day": f"{today():%Y%m%d}", "count": len(answers)}
    return Gathered(name, workbook(answers, has_codes=True), purpose(given))


def gathered_full(answers: Lines, given: Given) -> Gathered:
    """The edition with full numbers, as a file."""
    name = _("会员名册（完整号码）_%(day)s_%(count)s 人.xlsx") % {"day": f"{today():%Y%m%d}", "count": len(answers)}
    return Gathered(name, workbook(answers, has_codes=False), purpose(given))


def purpose(given: Given) -> str:
    """What the file is for, in words."""
    return dict(choices("export_purpose", today()))[given["reason"]]


def workbook(answers: Lines, *, has_codes: bool) -> bytes:
    """The workbook; a file of it is read back by the importer of the same sheet to what it came from."""
    columns = [*ROSTER.columns, *([RECORD_COLUMN] if has_codes else [])]
    heads = [Head(column.label, KINDS.get(column.kind, "text"), width=38 * (column is RECORD_COLUMN)) for column in columns]
    words = {column.code: dict(options_of(column)) for column in columns if column.code not in CODED}
    rows = [
        [
            cell(column, {**told, NUMBER.code: number, RECORD_COLUMN.code: str(membership.public_id)}, words)
            for column in columns
        ]
        for number, (membership, told) in enumerate(answers, 1)
    ]
    target = BytesIO()
    write_workbook(target, [Table(ROSTER.label, heads, rows)])
    return target.getvalue()


def options_of(column: Column) -> Any:
    """The choices of a coded column; the lists are the same for everybody."""
    return column.intake.options(Actor.public()) if column.intake else ()


def cell(column: Column, told: Reported, words: dict[str, dict[str, Any]]) -> object:
    """One cell: a day as such, yes or no as words, of a list its word or its code."""
    value = told.get(column.code)
    if column.kind == "bool":
        return _("是") if value else _("否")
    if column.kind in KINDS or not isinstance(value, str):
        return value
    return str(words.get(column.code, {}).get(value, value))
