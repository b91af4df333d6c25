"""The steps of an import: upload, columns, dry run, mending, writing, undoing."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gonghui.core.actions.action import NotAllowed, Refused, action, change, next_state
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.copying import insert_many, update_many
from gonghui.core.exchange.checking import INLINE, counts, judge, uncollected
from gonghui.core.exchange.importers import (
    RECORD,
    Answers,
    Circumstances,
    Importer,
    Line,
    Problem,
    Tell,
    importers,
    untold,
)
from gonghui.core.exchange.mapping import count_lines, guessed, guessed_head_row, guessed_sheet, head_key, lines_of
from gonghui.core.exchange.models import BATCH_FLOW, Batch, BatchLine, SameName, Texts
from gonghui.core.exchange.reading import Cells, heads_of, last_read, read
from gonghui.core.exchange.undoing import put_back_import
from gonghui.core.files.actions import content_of, safe_name, store_file
from gonghui.core.files.models import StoredFile
from gonghui.core.organisations.models import Organisation
from gonghui.kit.dates import now, today
from gonghui.kit.intake import MOST_TYPED, shown
from gonghui.kit.text import Text, enumerated

Typed = Mapping[int, Mapping[str, str | None]]  # as Texts; None puts back what the file says

LOCKED = "the lines of a batch that an action has locked"
TOO_LONG = _("超过 %(most)s 行的文件不能在这里改，请下载问题行，在 Excel 里改好再传")
KEPT_DAYS = 90  # of the uploaded file; what came of it stays
PURPOSE = _("导入的原文件")


def importer_of(batch: Batch) -> Importer:
    """The importer of a batch; NotAllowed where its area is gone."""
    if batch.sheet not in importers:
        raise NotAllowed(batch.sheet)
    return importers[batch.sheet]


def own_importer(batch: Batch, actor: Actor) -> Importer:
    """The same, for who may write its list: the right to import alone is not enough."""
    importer = importer_of(batch)
    if not actor.can_at(importer.permission, batch.organisation_path):
        raise NotAllowed(importer.permission)
    return importer


# -- the file ---------------------------------------------------------------------------------------------------


def kept(batch: Batch) -> bytes:
    """The file as it was uploaded; Refused once its time has run out."""
    if batch.file is None:
        raise Refused(_("原文件已过保留期，请重新上传"))
    return content_of(batch.file)


def sheets_of(batch: Batch) -> Sequence[Cells]:
    """The sheets of a batch's file."""
    return read(kept(batch), encoding=batch.encoding).sheets


def lines_in(batch: Batch) -> list[Line]:
    """The lines of a batch as texts, with what was mended in place of what the file says."""
    return laid_over(uploaded_lines(batch), batch.mended())


def uploaded_lines(batch: Batch) -> list[Line]:
    """The lines of a batch as the file has them."""
    return list(lines_of(sheets_of(batch)[batch.sheet_at], batch.head_at, batch.mapped))


def laid_over(lines: list[Line], mended: Texts) -> list[Line]:
    """The same lines; each mended cell says what was typed, and what the file says is kept beside it."""
    for line in lines:
        for code, text in mended.get(line.number, {}).items():
            line.mended[code] = line.texts.get(code, "")
            line.texts[code] = text
    return lines


# -- upload and columns -----------------------------------------------------------------------------------------


@action("exchange.start_batch", label=_("上传导入文件"))
def start_batch(
    organisation: Organisation, *, actor: Actor, sheet: str, name: str, content: bytes, retry_of: Batch | None = None
) -> Batch:
    """Takes a workbook for a list; sheet, head row and columns are guessed, and as they were chosen here the last time."""
    importer = importers.get(sheet)
    if importer is None or not actor.can_at(importer.permission, organisation.path):
        raise NotAllowed(sheet)
    found = read(content)
    at = guessed_sheet(found.sheets, importer)
    batch = Batch(
        organisation=organisation,
        sheet=sheet,
        file_name=safe_name(name),
        file=store_file(
            organisation,
            actor=actor,
            name=name,
            content=content,
            purpose=str(PURPOSE),
            permission=importer.permission,
            kept_days=KEPT_DAYS,
        ),
        encoding=found.encoding,
        sheet_at=at,
        started_by_id=actor.user_id,
        retry_of=retry_of,
        same_name=retry_of.same_name if retry_of else SameName.ASK,
    )
    place_heads(batch, found.sheets[at], importer, remembered(organisation, sheet))
    batch.save(force_insert=True)
    return batch


def place_heads(batch: Batch, cells: Cells, importer: Importer, known: Mapping[str, str], head_at: int | None = None) -> None:
    """Sets head row, heads, columns and the number of lines from a sheet."""
    batch.head_at = guessed_head_row(cells, importer) if head_at is None else head_at
    batch.heads = heads_of(cells, batch.head_at)
    batch.mapping = {str(place): code for place, code in guessed(batch.heads, importer, known).items()}
    batch.total = count_lines(cells, batch.head_at, batch.mapped)


def remembered(organisation: Organisation, sheet: str) -> dict[str, str]:
    """How the columns were chosen here the last time: key of the head → code of the column."""
    rows = Batch.objects.unscoped("how the same union mapped the same list before").filter(
        organisation=organisation, sheet=sheet, state="done"
    )
    last = rows.order_by("-finished_at").first()
    return {head_key(last.heads[place]): code for place, code in last.mapped.items()} if last else {}


@action("exchange.map_batch", label=_("对列"))
def map_batch(
    batch: Batch,
    *,
    actor: Actor,
    mapping: Mapping[int, str],
    same_name: str = "ask",
    sheet_at: int | None = None,
    head_at: int | None = None,
    encoding: str | None = None,
) -> None:
    """Says which column is which. Another encoding, sheet or head row means that columns are guessed anew.

    What was mended is of these columns: it goes when any of this changes.
    """
    importer, target = own_importer(batch, actor), next_state(BATCH_FLOW, "map", batch.state)
    before, mapped_before = (batch.encoding, batch.sheet_at, batch.head_at), batch.mapping
    batch.encoding = batch.encoding if encoding is None else encoding
    sheets = sheets_of(batch)
    batch.sheet_at = min(batch.sheet_at if sheet_at is None else sheet_at, len(sheets) - 1)
    cells = sheets[batch.sheet_at]
    batch.head_at = min(batch.head_at if head_at is None else head_at, len(cells.rows) - 1)
    if (batch.encoding, batch.sheet_at, batch.head_at) != before:
        again = None if batch.sheet_at != before[1] or batch.encoding != before[0] else batch.head_at
        place_heads(batch, cells, importer, remembered(batch.organisation, batch.sheet), again)
    else:
        batch.mapping = checked_mapping(mapping, importer, len(batch.heads))
        batch.total = count_lines(cells, batch.head_at, batch.mapped)
    if (batch.encoding, batch.sheet_at, batch.head_at) != before or batch.mapping != mapped_before:
        batch.set_mended({})
    batch.same_name, batch.state = same_name, target
    batch.save()


def checked_mapping(mapping: Mapping[int, str], importer: Importer, width: int) -> dict[str, str]:
    """The columns chosen; refused when two are the same one, or one is not there."""
    known = {RECORD, *(column.code for column in importer.columns)}
    chosen = {place: code for place, code in mapping.items() if code}
    for code in chosen.values():
        if code not in known:
            raise NotAllowed(code)
        if list(chosen.values()).count(code) > 1:
            raise Refused(_("两列都选成了“%(column)s”，请只留一列") % {"column": importer.label(code)})
    return {str(place): code for place, code in chosen.items() if 0 <= place < width}


# -- dry run ----------------------------------------------------------------------------------------------------


def circumstances(batch: Batch, actor: Actor, tell: Tell = untold) -> Circumstances:
    """In what a batch happens."""
    return Circumstances(batch.organisation, actor, today(), batch.public_id, batch.same_name, tell, batch.answers)


def require_columns(batch: Batch, importer: Importer) -> None:
    """Refuses a workbook in which no column names the records."""
    chosen = set(batch.mapping.values())
    if RECORD in chosen or chosen.intersection(importer.keys):
        return
    missing = [column for column, intake in importer.pairs() if intake.is_required and column.code not in chosen]
    if missing:
        names = enumerated(column.label for column in missing)
        raise Refused(_("还没有选出这些列：%(names)s。请在“对列”里选好") % {"names": names})


@action("exchange.check_batch", label=_("核对导入文件"))
@uncollected()
def check_batch(batch: Batch, *, actor: Actor) -> None:
    """The dry run: four counts, what is wrong and what would change; nothing else is written."""
    importer, target = own_importer(batch, actor), next_state(BATCH_FLOW, "check", batch.state)
    require_columns(batch, importer)
    lines = judge(importer, circumstances(batch, actor), lines_in(batch))
    record_outcomes(batch, importer, lines)
    change(batch, state=target, **counts(lines))


def record_outcomes(batch: Batch, importer: Importer, lines: Sequence[Line], *, with_new: bool = False) -> None:
    """Keeps what the lines came to: those that are wrong, changed or mended, and new ones once they have a record."""
    rows = BatchLine.objects.unscoped(LOCKED).filter(batch=batch)
    rows._raw_delete(rows.db)
    kept_outcomes = {"wrong", "changed", *importer.further} | ({"new"} if with_new else set())
    titles = [column.code for column, intake in importer.pairs() if not intake.is_personal]
    insert_many(
        [
            BatchLine(
                batch=batch,
                number=line.number,
                outcome=line.outcome,
                title=title_of(line, titles),
                problems=[told_problem(line, one, importer) for one in line.problems],
                changes=[{"column": one.column, "old": one.old, "new": one.new} for one in line.changes],
                mended=mended_cells(line, importer),
                said=line.said[:200],
                is_open=line.is_open,
                record_code=getattr(line.made or line.record, "public_id", None),
            )
            for line in lines
            if line.outcome in kept_outcomes or line.mended
        ]
    )


def told_problem(line: Line, problem: Problem, importer: Importer) -> dict[str, Any]:
    """A problem as it may be shown; of a personal cell only the words of a suggestion are kept, never what it suggests."""
    column = importer.sheet.column(problem.column)
    is_personal = bool(column and column.intake and column.intake.is_personal)
    return {
        "column": problem.column,
        "text": shown_cell(line, problem.column, importer),
        "sentence": problem.sentence,
        "asks": problem.asks,
        "suggestions": [
            {"column": one.column or problem.column, "text": "" if is_personal else one.text, "label": str(one.label)}
            for one in problem.suggestions
        ],
    }


def mended_cells(line: Line, importer: Importer) -> list[dict[str, str]]:
    """The mended cells of a line as they may be shown: what the file says, and what was typed."""
    return [
        {"column": code, "old": shown_text(old, code, importer), "text": shown_cell(line, code, importer)}
        for code, old in line.mended.items()
    ]


def title_of(line: Line, codes: Iterable[str]) -> str:
    """What a line is called: the first of these columns in which it says something."""
    said = (line.texts[code] for code in codes if line.texts.get(code))
    return next(said, str(line.record or ""))[:120]


def shown_cell(line: Line, code: str, importer: Importer) -> str:
    """The cell a problem is about, masked where it is personal."""
    return shown_text(line.texts.get(code, ""), code, importer)


def shown_text(text: str, code: str, importer: Importer) -> str:
    """A text of this column on one line, masked where it is personal."""
    column, text = importer.sheet.column(code), squeezed(text)
    return shown(text, column.intake) if column and column.intake else text[:MOST_TYPED]


def squeezed(text: str) -> str:
    """A text on one line, as a field of a page holds it."""
    return " ".join(text.split())


# -- mending ----------------------------------------------------------------------------------------------------


@action("exchange.mend_batch", label=_("修改问题行"))
def mend_batch(batch: Batch, *, actor: Actor, cells: Typed) -> None:
    """Takes what was typed into cells of problem rows in place of what the file says, and judges every line again.

    An empty text is an empty cell. A file that is checked by a job is mended in Excel: judging it again would keep its user waiting.
    """
    importer, target = own_importer(batch, actor), next_state(BATCH_FLOW, "mend", batch.state)
    if batch.total > INLINE:
        raise Refused(TOO_LONG % {"most": INLINE})
    refuse_unknown(batch, importer, cells)
    lines = uploaded_lines(batch)
    mended = merged(batch.mended(), cells, lines)
    batch.set_mended(mended)
    judged = judge(importer, circumstances(batch, actor), laid_over(lines, mended))
    record_outcomes(batch, importer, judged)
    change(batch, state=target, mended_sealed=batch.mended_sealed, **counts(judged))


def refuse_unknown(batch: Batch, importer: Importer, cells: Typed) -> None:
    """Only cells of rows that are wrong or mended, in columns that are read, with texts of a length that a cell may have."""
    known = mendable_lines(BatchLine.objects.unscoped(LOCKED), batch)
    if not set(known.values_list("number", flat=True)).issuperset(cells):
        raise Refused(_("这一行已不是问题行，请刷新后再看"))
    columns = mendable_columns(importer)
    for code, text in (cell for texts in cells.values() for cell in texts.items()):
        if code not in columns:
            raise NotAllowed(code)
        if len(text or "") > MOST_TYPED:
            raise Refused(_("“%(column)s”最多 %(most)s 个字") % {"column": importer.label(code), "most": MOST_TYPED})


def mendable_lines(rows: Any, batch: Batch) -> Any:
    """Those lines of a batch, among these, that are wrong or were."""
    return rows.filter(~Q(mended=[]) | Q(outcome="wrong"), batch=batch).order_by("number")


def mendable_columns(importer: Importer) -> set[str]:
    """The columns in which something may be typed; record codes also where the workbook has none."""
    return {column.code for column in importer.columns} | ({RECORD} if importer.can_update else set())


def merged(mended: Texts, cells: Typed, lines: Iterable[Line]) -> dict[int, dict[str, str]]:
    """What is mended with these cells typed as well; a cell that says what the file says is none."""
    uploaded = {line.number: line.texts for line in lines}
    found = {number: dict(mended.get(number, {})) for number in {*mended, *cells} & uploaded.keys()}
    for number, texts in found.items():
        for code, text in cells.get(number, {}).items():
            if text is None or squeezed(text) == squeezed(uploaded[number].get(code, "")):
                texts.pop(code, None)
            else:
                texts[code] = squeezed(text)
    return {number: texts for number, texts in sorted(found.items()) if texts}


# -- writing ----------------------------------------------------------------------------------------------------


@action("exchange.apply_batch", label=pgettext_lazy("verb", "导入"))
def apply_batch(batch: Batch, *, actor: Actor, is_sure: bool = False) -> None:
    """Decides to import the lines without a problem; `carrying.carry_out` does it, at once or as a job.

    Nothing is decided while a record that the workbook lacks waits for an answer; where the importer doubts, only by who is sure.
    """
    own_importer(batch, actor)
    target = next_state(BATCH_FLOW, "apply", batch.state)
    if not batch.sound:
        raise Refused(_("没有可以导入的行"))
    if batch.unanswered:
        raise Refused(_("还有 %(count)s 条没有填原因，填好后再办") % {"count": batch.unanswered})
    if (doubt := doubt_of(batch, actor)) and not is_sure:
        raise Refused(doubt, field="is_sure")
    change(batch, state=target, problem="")


def doubt_of(batch: Batch, actor: Actor) -> Text:
    """Why it is asked again before this is written; empty where nothing is unusual."""
    found = {"new": batch.new, "changed": batch.changed, "unchanged": batch.unchanged, "wrong": batch.wrong}
    return importer_of(batch).doubt(circumstances(batch, actor), found | batch.further)


@action("exchange.answer_batch", label=_("填写原因"))
def answer_batch(batch: Batch, *, actor: Actor, answers: Answers) -> None:
    """Says what became of records that the workbook lacks; those not named here keep the answer that they have."""
    importer, target = own_importer(batch, actor), next_state(BATCH_FLOW, "answer", batch.state)
    rows = BatchLine.objects.unscoped(LOCKED).filter(batch=batch, outcome=importer.asks)
    lacking = {str(code) for code in rows.values_list("record_code", flat=True)}
    for code, answer in answers.items():
        if code not in lacking or answer["why"] not in dict(importer.answers):
            raise NotAllowed(code)
    batch.answers = {**batch.answers, **{code: dict(answer) for code, answer in answers.items()}}
    lines = judge(importer, circumstances(batch, actor), lines_in(batch))
    record_outcomes(batch, importer, lines)
    change(batch, state=target, answers=batch.answers, **counts(lines))


@action("exchange.finish_batch", label=_("完成导入"))
def finish_batch(batch: Batch, *, actor: Actor, lines: Sequence[Line] = ()) -> None:
    """The lines are written: keeps what each came to."""
    target, importer = next_state(BATCH_FLOW, "finish", batch.state), importer_of(batch)
    if lines:
        record_outcomes(batch, importer, lines, with_new=True)
        keep_sealed(batch, lines)
        change(batch, **counts(lines))
    change(batch, state=target, finished_at=now())
    last_read.forget()


def keep_sealed(batch: Batch, lines: Iterable[Line]) -> None:
    """Seals beside its line what undoing this import will need and history does not have."""
    kept = {line.number: line.kept for line in lines if line.kept}
    rows = list(BatchLine.objects.unscoped(LOCKED).filter(batch=batch, number__in=kept).select_related("batch"))
    for row in rows:
        row.set_kept(kept[row.number])
    update_many(rows, ["kept_sealed"])


@action("exchange.fail_batch", label=_("导入没有完成"))
def fail_batch(batch: Batch, *, actor: Actor, problem: str) -> None:
    """Nothing was written: says why, and lets it be tried again."""
    change(batch, state=next_state(BATCH_FLOW, "fail", batch.state), problem=problem[:300])


@action("exchange.cancel_batch", label=_("放弃导入"))
def cancel_batch(batch: Batch, *, actor: Actor) -> None:
    """Gives an import up; one that is being written takes everything back."""
    own_importer(batch, actor)
    change(batch, state=next_state(BATCH_FLOW, "cancel", batch.state), finished_at=now(), mended_sealed=b"")
    last_read.forget()


# -- undoing ----------------------------------------------------------------------------------------------------


@action("exchange.undo_batch", label=_("撤销导入"), asks_second_factor=True)
def undo_batch(batch: Batch, *, actor: Actor) -> None:
    """Takes a whole import back, from its history read backwards; refused where anything was done to a row since."""
    importer, target = own_importer(batch, actor), next_state(BATCH_FLOW, "undo", batch.state)
    further = importer.release(batch.public_id, actor)
    put_back_import(batch.public_id.hex, importer.wholes)
    lines = BatchLine.objects.unscoped(LOCKED).filter(batch=batch)
    sealed = lines.exclude(kept_sealed=b"").select_related("batch")
    importer.unseal({line.record_code: line.kept() for line in sealed if line.record_code})
    importer.mend({code for code in lines.values_list("record_code", flat=True) if code} | {*further})
    change(batch, state=target, problem="")


@action("exchange.begin_undo", label=_("开始撤销"), asks_second_factor=True)
def begin_undo(batch: Batch, *, actor: Actor) -> None:
    """Decides to undo an import that is too long for a page; a job does it."""
    own_importer(batch, actor)
    change(batch, state=next_state(BATCH_FLOW, "begin_undo", batch.state), problem="")


@action("exchange.keep_batch", label=_("没有撤销"))
def keep_batch(batch: Batch, *, actor: Actor, problem: str) -> None:
    """Nothing was undone: says why; the import stands as before."""
    change(batch, state=next_state(BATCH_FLOW, "keep", batch.state), problem=problem[:300])


# -- exports ----------------------------------------------------------------------------------------------------


@action("exchange.export_list", label=_("导出列表"), asks_second_factor=True)
def export_list(
    organisation: Organisation, *, actor: Actor, name: str, content: bytes, purpose: str, permission: str
) -> StoredFile:
    """Keeps what was exported from a list as a file of the actor's own, for a week, with what it is for."""
    return store_file(
        organisation, actor=actor, name=name, content=content, purpose=purpose, permission=permission, is_private=True
    )
