"""Imports for programs: a workbook goes in, is mapped, tried, mended, written and taken back by the same actions as on the desk."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Literal
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from ninja import Field, File, Form, Query, Schema, UploadedFile
from pydantic import ConfigDict

from gonghui.core.actions.action import Refused
from gonghui.core.exchange import jobs, reading
from gonghui.core.exchange.actions import (
    apply_batch,
    cancel_batch,
    importer_of,
    map_batch,
    mend_batch,
    mendable_columns,
    start_batch,
)
from gonghui.core.exchange.carrying import done_of
from gonghui.core.exchange.importers import RECORD_COLUMN, Importer, importers, offered
from gonghui.core.exchange.models import Batch, BatchLine
from gonghui.core.exchange.results import result_workbook
from gonghui.core.files.actions import MEDIA_TYPES
from gonghui.core.organisations.models import Organisation
from gonghui.kit.columns import BIGGEST, Column
from gonghui.kit.intake import MOST_TYPED
from gonghui.web.api.entrance import ApiRequest, endpoint, refuse_unknown, router
from gonghui.web.api.lists import answer, page_of, query_of, row_of, shown
from gonghui.web.api.writes import LONGEST_CODE, Body
from gonghui.web.batches import IMPORTS, batches

MOST_CELLS = 2000  # mended in one call
WORKBOOK = {"responses": {200: {"content": {MEDIA_TYPES[".xlsx"]: {"schema": {"type": "string", "format": "binary"}}}}}}
UPLOAD = {"requestBody": {"content": {"multipart/form-data": {"schema": {"additionalProperties": False}}}}}
routes = router("imports")

ImportQuery, ImportRowOut = query_of(IMPORTS, "ImportQuery"), row_of(IMPORTS, "ImportRow")
ImportsOut = page_of(ImportRowOut, "Imports")


class SheetColumnOut(Schema):
    """A column that a workbook of this list may have."""

    code: str
    label: str
    hint: str
    is_required: bool = Field(description="whether a new record needs it")
    is_fixed: bool = Field(description="whether it is given once and not changed by imports")
    is_personal: bool = Field(description="whether it is masked wherever it is shown")


class SheetOut(Schema):
    """A list into which one may import."""

    code: str
    label: str
    columns: list[SheetColumnOut]


class SheetsOut(Schema):
    """All of them."""

    items: list[SheetOut]


class ImportOut(ImportRowOut):  # type: ignore[misc,valid-type]
    """An import as it stands."""

    sheet_code: str = Field(description="`code` of the list, as /imports/sheets has it")
    union: UUID
    unchanged: int | None = Field(None, description="rows that say what is on the register already")
    done: int = Field(description="rows written so far while it is being written")
    problem: str = Field(description="why it could not be checked or written; empty where it could")
    sheet_number: int = Field(description="which sheet of the workbook, from 1")
    head_row: int = Field(description="the row with the heads, as Excel counts")
    encoding: str = Field(description="of a text file")
    same_name: str = Field(description="what a row without a code and with a known name means: ask, same or new")
    heads: list[str]
    columns: list[str] = Field(description="for each head the code of its column; empty where it is not imported")


class SuggestionOut(Schema):
    """A cell of the same row and what it might say; of a personal cell nothing is suggested here."""

    column: str
    text: str
    label: str


class ProblemOut(Schema):
    """What is wrong with one cell; of a personal one only a mask is shown."""

    column: str = Field(description="empty where it is about the whole row")
    label: str
    text: str
    detail: str
    asks: bool = Field(description="whether nothing is wrong, but the register has the name already")
    suggestions: list[SuggestionOut] = Field(description="what might be sent to mend it")


class ChangeOut(Schema):
    """A cell of a record before and after."""

    column: str
    label: str
    old: str
    new: str


class LineOut(Schema):
    """A row of the workbook and what it came to."""

    row: int = Field(description="as Excel counts")
    outcome: str
    title: str
    problems: list[ProblemOut]
    changes: list[ChangeOut]
    record: UUID | None = Field(None, description="the record it is or has become")


class LinesOut(Schema):
    """One page of rows."""

    items: list[LineOut]
    next: int | None = Field(None, description="`after` of the next page")


class LineQuery(Schema):
    """Which rows."""

    model_config = ConfigDict(extra="forbid")

    outcome: Literal["wrong", "changed", "new"] = Field("wrong", description="new ones are kept once they are written")
    after: int | None = Field(None, ge=1, le=BIGGEST, description="`next` of the page before")
    size: int = Field(50, ge=1, le=100)


class ResultQuery(Schema):
    """Which rows of the workbook."""

    model_config = ConfigDict(extra="forbid")

    only_wrong: bool = Field(False, description="only the rows that are wrong, to be mended and uploaded again")


class NewImport(Body):
    """Where a workbook belongs; beside it in the same form stands `file`."""

    sheet: str = Field(max_length=80, description="`code` of a list, as /imports/sheets has it")
    union: UUID = Field(description="the union at or below which is imported")
    retry_of: UUID | None = Field(None, description="the import whose wrong rows this workbook brings again")


class ImportColumns(Body):
    """What is where in the workbook; what is left out stays. Another encoding, sheet or head row guesses the columns anew."""

    columns: list[str] | None = Field(
        None,
        max_length=reading.MOST_COLUMNS,
        description="for each head the code of its column, `record` for record codes; empty: none",
    )
    same_name: Literal["ask", "same", "new"] | None = None
    sheet_number: int | None = Field(None, ge=1, le=reading.MOST_COLUMNS)
    head_row: int | None = Field(None, ge=1, le=reading.MOST_ROWS)
    encoding: Literal["utf-8", "gb18030", "utf-16"] | None = Field(None, description="of a text file")


class MendedCell(Body):
    """A cell of a wrong row and what it shall say."""

    row: int = Field(ge=1, le=BIGGEST)
    column: str = Field(max_length=LONGEST_CODE)
    text: str | None = Field(None, max_length=MOST_TYPED, description="null puts back what the workbook says")


class MendedCells(Body):
    """Cells to be mended before the dry run is made again."""

    cells: list[MendedCell] = Field(min_length=1, max_length=MOST_CELLS)


# -- what there is ----------------------------------------------------------------------------------------------


@endpoint(routes.get, "/imports/sheets", "exchange.start_batch", SheetsOut)
def import_sheets(request: ApiRequest) -> Any:
    """The lists into which one may import, with their columns."""
    return {"items": [sheet_out(one) for one in offered(request.actor.can)]}


@endpoint(routes.get, "/imports", "exchange.view", ImportsOut)
def imports(request: ApiRequest, query: Query[ImportQuery]) -> Any:  # type: ignore[valid-type]
    """The imports at one's unions, into lists that one may import into."""
    return answer(IMPORTS, batches(request.actor), query, request.actor)


@endpoint(routes.get, "/imports/{public_id}", "exchange.view", ImportOut, 404)
def import_record(request: ApiRequest, public_id: UUID) -> Any:
    """One import: how far it is, what the dry run found, what came of it."""
    return import_out(batch_of(request, public_id))


@endpoint(routes.get, "/imports/{public_id}/lines", "exchange.view", LinesOut, 404)
def import_lines(request: ApiRequest, public_id: UUID, query: Query[LineQuery]) -> Any:
    """Rows of one outcome: those that are wrong unless another is asked for."""
    batch = batch_of(request, public_id)
    rows = BatchLine.objects.visible_to(request.actor).filter(batch=batch, outcome=query.outcome, number__gt=query.after or 0)
    found = list(rows.order_by("number")[: query.size + 1])
    items, importer = found[: query.size], importer_of(batch)
    return {
        "items": [line_out(line, importer) for line in items],
        "next": items[-1].number if len(found) > query.size else None,
    }


@endpoint(routes.get, "/imports/{public_id}/result", "exchange.view", None, 404, described=WORKBOOK)
def import_result(request: ApiRequest, public_id: UUID, query: Query[ResultQuery]) -> Any:
    """The same workbook back with what each row came to."""
    content = result_workbook(batch_of(request, public_id), request.actor, only_wrong=query.only_wrong)
    return HttpResponse(content, content_type=MEDIA_TYPES[".xlsx"])


# -- the steps --------------------------------------------------------------------------------------------------


@endpoint(routes.post, "/imports", "exchange.start_batch", ImportOut, described=UPLOAD)
def start_import(request: ApiRequest, upload: Form[NewImport], file: File[UploadedFile]) -> Any:
    """Uploads a workbook; sheet, head row and columns are guessed."""
    refuse_unknown({*request.POST, *request.FILES} - {"file"}, upload)
    importer = next((one for one in offered(request.actor.can) if one.sheet.code == upload.sheet), None)
    if importer is None:
        raise Refused(_("没有这个列表，或者您不能导入它"), field="sheet")
    union = Organisation.objects.changeable_by(request.actor, importer.permission).filter(public_id=upload.union).first()
    if union is None:
        raise Refused(_("没有这个工会，或者您在那里没有这项权限"), field="union")
    retried = batches(request.actor).filter(public_id=upload.retry_of).first() if upload.retry_of else None
    if upload.retry_of and retried is None:
        raise Refused(_("没有这次导入，或者您看不到它"), field="retry_of")
    if (file.size or 0) > reading.BIGGEST:
        raise reading.refusal("big")
    batch = start_batch(
        union, actor=request.actor, sheet=upload.sheet, name=file.name or "", content=file.read(), retry_of=retried
    )
    return import_out(batch_of(request, batch.public_id))


@endpoint(routes.patch, "/imports/{public_id}", "exchange.map_batch", ImportOut, 404)
def map_import(request: ApiRequest, public_id: UUID, body: ImportColumns) -> Any:
    """Says what is where in the workbook."""
    batch = batch_of(request, public_id)
    chosen = columns_of(batch) if body.columns is None else body.columns
    refuse_codes(chosen, {RECORD_COLUMN.code, "", *(one.code for one in importer_of(batch).columns)})
    if len(chosen) > len(batch.heads):
        raise Refused(_("这张表只有 %(count)s 列") % {"count": len(batch.heads)}, field="columns")
    map_batch(
        batch,
        actor=request.actor,
        mapping=dict(enumerate(chosen)),
        same_name=body.same_name or batch.same_name,
        sheet_at=None if body.sheet_number is None else body.sheet_number - 1,
        head_at=None if body.head_row is None else body.head_row - 1,
        encoding=body.encoding if batch.encoding else None,
    )
    return import_out(batch_of(request, public_id))


@endpoint(routes.post, "/imports/{public_id}/check", "exchange.check_batch", ImportOut, 404)
def check_import(request: ApiRequest, public_id: UUID) -> Any:
    """The dry run. A long workbook is checked by a job: its state stays `mapped` until that has ended."""
    jobs.check_here_or_later(batch_of(request, public_id), request.actor)
    return import_out(batch_of(request, public_id))


@endpoint(routes.patch, "/imports/{public_id}/lines", "exchange.mend_batch", ImportOut, 404)
def mend_import(request: ApiRequest, public_id: UUID, body: MendedCells) -> Any:
    """Mends cells of wrong rows and makes the dry run again."""
    batch, cells = batch_of(request, public_id), defaultdict[int, dict[str, str | None]](dict)
    refuse_codes((cell.column for cell in body.cells), mendable_columns(importer_of(batch)))
    for cell in body.cells:
        cells[cell.row][cell.column] = cell.text
    mend_batch(batch, actor=request.actor, cells=cells)
    return import_out(batch_of(request, public_id))


@endpoint(routes.post, "/imports/{public_id}/apply", "exchange.apply_batch", ImportOut, 404)
def apply_import(request: ApiRequest, public_id: UUID) -> Any:
    """Writes the rows that are not wrong. A long workbook is written by a job: its state is `importing` until that has ended."""
    apply_batch(batch_of(request, public_id), actor=request.actor)
    jobs.carry_out_here_or_later(batch_of(request, public_id), request.actor)
    return import_out(batch_of(request, public_id))


@endpoint(routes.post, "/imports/{public_id}/cancel", "exchange.cancel_batch", ImportOut, 404)
def cancel_import(request: ApiRequest, public_id: UUID) -> Any:
    """Gives an import up; one that is being written takes everything back."""
    cancel_batch(batch_of(request, public_id), actor=request.actor)
    return import_out(batch_of(request, public_id))


@endpoint(routes.post, "/imports/{public_id}/undo", "exchange.undo_batch", ImportOut, 404)
def undo_import(request: ApiRequest, public_id: UUID) -> Any:
    """Takes a whole import back while nothing stands on it. A long one is undone by a job: its state is `undoing` until that has ended."""
    jobs.undo_here_or_later(batch_of(request, public_id), request.actor)
    return import_out(batch_of(request, public_id))


def batch_of(request: ApiRequest, public_id: UUID) -> Batch:
    """The import as it is now, if one sees it and may import into its list; else 404."""
    found: Batch | None = batches(request.actor).filter(public_id=public_id).first()
    if found is None or found.sheet not in importers:
        raise Http404
    return found


def refuse_codes(codes: Iterable[str], known: Iterable[str]) -> None:
    """Refuses a column that the list does not have."""
    for code in codes:
        if code not in known:
            raise Refused(
                _("这个列表没有“%(code)s”这一列，请用 /imports/sheets 里的代码") % {"code": code[:40]}, field="columns"
            )


# -- as it is answered ------------------------------------------------------------------------------------------


def columns_of(batch: Batch) -> list[str]:
    """The code of the column under each head, empty where none is imported."""
    return [batch.mapped.get(place, "") for place in range(len(batch.heads))]


def import_out(batch: Batch) -> dict[str, Any]:
    """One import with all that is answered of it."""
    return {
        **shown(IMPORTS, batch),
        "sheet_code": batch.sheet,
        "union": batch.organisation.public_id,
        "unchanged": batch.unchanged,
        "done": done_of(batch) if batch.state == "importing" else 0,
        "problem": batch.problem,
        "sheet_number": batch.sheet_at + 1,
        "head_row": batch.head_at + 1,
        "encoding": batch.encoding,
        "same_name": batch.same_name,
        "heads": batch.heads,
        "columns": columns_of(batch),
    }


def line_out(line: BatchLine, importer: Importer) -> dict[str, Any]:
    """One row with its problems and changes."""
    return {
        "row": line.number,
        "outcome": line.outcome,
        "title": line.title,
        "problems": [problem_out(one, importer) for one in line.problems],
        "changes": [{**one, "label": label(one, importer)} for one in line.changes],
        "record": line.record_code,
    }


def problem_out(one: dict[str, Any], importer: Importer) -> dict[str, Any]:
    """What is wrong with one cell."""
    return {
        "column": one["column"],
        "label": label(one, importer),
        "text": one["text"],
        "detail": one["sentence"],
        "asks": one.get("asks", False),
        "suggestions": [found for found in one.get("suggestions", ()) if found["text"]],
    }


def label(one: dict[str, Any], importer: Importer) -> str:
    """The head of the column that a problem or a change is in."""
    return str(importer.label(one["column"]))


def sheet_out(importer: Importer) -> dict[str, Any]:
    """A list with the columns that are read from its workbooks."""
    columns = (RECORD_COLUMN, *importer.columns)
    return {
        "code": importer.sheet.code,
        "label": str(importer.sheet.label),
        "columns": [column_out(column) for column in columns],
    }


def column_out(column: Column) -> dict[str, Any]:
    """One column as it is described."""
    intake = column.intake
    return {
        "code": column.code,
        "label": str(column.label),
        "hint": str(intake.hint) if intake else "",
        **{name: bool(getattr(intake, name, False)) for name in ("is_required", "is_fixed", "is_personal")},
    }
