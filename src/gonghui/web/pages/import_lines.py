"""The lines of an import as its page tells them: problems and changes cell by cell, and the cells that can be mended."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gonghui.core.actions.action import Refused
from gonghui.core.actions.actor import Actor
from gonghui.core.exchange.actions import importer_of, lines_in, mendable_columns, mendable_lines, squeezed
from gonghui.core.exchange.checking import INLINE
from gonghui.core.exchange.importers import RECORD, Importer, Outcome
from gonghui.core.exchange.models import BATCH_FLOW, Batch, BatchLine
from gonghui.kit.columns import Options
from gonghui.kit.dates import today
from gonghui.kit.flow import State
from gonghui.kit.text import Text, together
from gonghui.web.desk import DeskRequest

LINES = 100  # rows on a page
ASKED = Q(problems__contains=[{"asks": True}]) | Q(mended__contains=[{"column": RECORD}])

WRONG = State("wrong", gettext_lazy("错误"), "bad", "alert-triangle")
ASKING = State("asking", gettext_lazy("待判"), "warn", "git-merge")
TYPED = State("typed", gettext_lazy("已改"), "info", "edit")
MENDED = State("mended", gettext_lazy("已改好"), "ok", "circle-check")


def page_of_lines(request: DeskRequest, batch: Batch, outcome: str) -> Page[BatchLine]:
    """The lines of one outcome, a page of them; until they are imported, mended ones stand among the wrong ones."""
    return Paginator(lines_of(request.actor, batch, outcome), LINES).get_page(request.GET.get("page"))


def lines_of(actor: Actor, batch: Batch, outcome: str) -> QuerySet[BatchLine]:
    """The lines of one outcome; `asked` are those whose names the register has already, whether or not the user has answered."""
    rows = BatchLine.objects.visible_to(actor).filter(batch=batch).order_by("number")
    if outcome == "asked":
        return rows.filter(ASKED)  # type: ignore[no-any-return]
    if outcome == "wrong":
        return (mendable_lines(rows, batch) if batch.state == "checked" else rows.filter(outcome="wrong")).exclude(ASKED)  # type: ignore[no-any-return]
    return rows.filter(outcome=outcome)  # type: ignore[no-any-return]


def asked_and_wrong(actor: Actor, batch: Batch) -> tuple[int, int]:
    """How many lines still ask which record they mean, and how many others are wrong."""
    asks = Count("pk", filter=Q(problems__contains=[{"asks": True}]))
    asked = BatchLine.objects.visible_to(actor).filter(batch=batch, outcome="wrong").aggregate(asks=asks)["asks"]
    return asked, batch.wrong - asked


@dataclass(frozen=True)
class ToldLine:
    """A problem or a change of one cell, or what is said of a line; of a record that no row names the number is 0."""

    number: int
    title: str
    column: str
    old: str
    text: str


def told(page: Page[BatchLine], importer: Importer) -> Iterator[ToldLine]:
    """Each problem or change of these lines, cell by cell."""
    for line in page.object_list:
        for problem in line.problems:
            yield ToldLine(line.number, line.title, label(problem, importer), problem["text"], problem["sentence"])
        for change in line.changes if line.outcome == "changed" else ():
            yield ToldLine(line.number, line.title, label(change, importer), change["old"], change["new"])
        if line.outcome in ("new", *importer.further):
            number = 0 if line.outcome == importer.asks else line.number
            yield ToldLine(number, line.title, "", "", line.said)


def label(one: Mapping[str, Any], importer: Importer) -> str:
    """The column of a problem or a change."""
    return str(importer.label(one["column"]))


@dataclass(frozen=True)
class Counted:
    """How many lines came to one outcome; `url` shows them."""

    outcome: Outcome
    number: int
    url: str
    meaning: Text


def counted(batch: Batch, importer: Importer) -> list[Counted]:
    """The outcomes of a batch in the order of its importer; lines that change nothing are only counted."""
    is_written = batch.state in ("done", "undone")
    shown = {"changed", "wrong", *importer.further} | ({"new"} if is_written else set())
    numbers = {"new": batch.new, "changed": batch.changed, "unchanged": batch.unchanged, "wrong": batch.wrong} | batch.further
    return [
        Counted(
            one, numbers.get(one.code, 0), f"?show={one.code}" if one.code in shown else "", meaning_of(one, batch, importer)
        )
        for one in importer.outcomes
    ]


def meaning_of(outcome: Outcome, batch: Batch, importer: Importer) -> Text:
    """What stands under a number: how far the mending and the answering have come, else what it means."""
    mended = len(batch.mended()) if batch.state == "checked" and outcome.code == "wrong" else 0
    if mended:
        return _("已改 %(mended)s 行") % {"mended": mended}
    if batch.unanswered and outcome.code == importer.asks:
        return _("%(count)s 人待填原因") % {"count": batch.unanswered}
    return outcome.meaning


# -- records that the workbook lacks ----------------------------------------------------------------------------


@dataclass(frozen=True)
class LackingLine:
    """A record that no row names, with the fields of its answer; `why` and `on` are what was answered."""

    code: str
    title: str
    said: str
    why: str
    on: str
    options: Options
    is_open: bool


def lacking_lines(batch: Batch, lines: Iterable[BatchLine], importer: Importer, actor: Actor) -> list[LackingLine]:
    """Those of these lines that are answered on the page; none where nothing may be answered any more."""
    if not (importer.answers and BATCH_FLOW.allows("answer", batch.state)):
        return []
    if not actor.can_at("exchange.answer_batch", batch.organisation_path):
        return []
    return [
        lacking(line, batch.answers.get(str(line.record_code), {}), importer.answers)
        for line in lines
        if line.outcome == importer.asks
    ]


def lacking(line: BatchLine, given: Mapping[str, str], options: Options) -> LackingLine:
    """One of them."""
    why, on = given.get("why", ""), given.get("on", today().isoformat())
    return LackingLine(str(line.record_code), line.title, "" if why else line.said, why, on, options, line.is_open)


def typed_answers(posted: Mapping[str, str], lines: Iterable[LackingLine]) -> dict[str, dict[str, str]]:
    """What was chosen for these lines. Raises Refused for a day that is none."""
    found = {}
    for line in lines:
        why, on = posted.get(f"why-{line.code}", ""), posted.get(f"on-{line.code}", line.on)
        if why not in dict(line.options):
            continue
        if parse_date(on) is None:
            raise Refused(_("“%(word)s”不是日期，请写成 2026-11-20") % {"word": on[:20]})
        found[line.code] = {"why": why, "on": on}
    return found


# -- mending ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    """A cell that is wrong or was mended; `name` is that of its field, empty where nothing can be typed.

    `text` is what the field holds, `mask` what stands in it while it is empty because the cell is personal.
    """

    name: str
    column: str
    text: str
    mask: str
    state: State
    sentence: str
    is_mended: bool
    suggestions: tuple[tuple[str, str], ...]  # what the field `use` says to take one, and the words of its button


@dataclass(frozen=True)
class MendLine:
    """A row of the workbook with its cells that are wrong or were mended."""

    number: int
    title: str
    cells: tuple[Cell, ...]

    @property
    def key(self) -> str:
        """The id of the row in the page."""
        return f"line-{self.number}"


def can_mend(batch: Batch, actor: Actor) -> bool:
    """Whether this user may mend cells of the batch on its page; long files are mended in Excel."""
    is_open = BATCH_FLOW.allows("mend", batch.state) and batch.file_id is not None and batch.total <= INLINE
    return is_open and actor.can_at("exchange.mend_batch", batch.organisation_path)


def mend_lines(lines: Iterable[BatchLine], importer: Importer) -> list[MendLine]:
    """These lines with the fields of their cells."""
    columns = mendable_columns(importer)
    return [
        MendLine(line.number, line.title, tuple(cell_of(line, code, importer, code in columns) for code in codes_of(line)))
        for line in lines
    ]


def codes_of(line: BatchLine) -> list[str]:
    """The columns in which a line is wrong or was mended, each once."""
    return list(dict.fromkeys(one["column"] for one in (*line.problems, *line.mended)))


def cell_of(line: BatchLine, code: str, importer: Importer, is_typed: bool) -> Cell:
    """One cell of a line."""
    problems = [one for one in line.problems if one["column"] == code]
    mended = next((one for one in line.mended if one["column"] == code), None)
    text = mended["text"] if mended else problems[0]["text"]
    column, name = importer.sheet.column(code), field_name(line.number, code)
    is_personal = bool(column and column.intake and column.intake.is_personal)
    return Cell(
        name if is_typed else "",
        str(importer.label(code)),
        "" if is_personal else text,
        text if is_personal else "",
        judged(line, problems),
        together(one["sentence"] for one in problems) or former(mended),
        mended is not None,
        tuple((f"{name}.{at}", one["label"]) for at, one in enumerate(suggestions_of(line, code))) if is_typed else (),
    )


def judged(line: BatchLine, problems: Sequence[Mapping[str, Any]]) -> State:
    """What a cell with these problems has come to."""
    if problems:
        return ASKING if problems[0].get("asks") else WRONG
    return TYPED if line.problems else MENDED


def suggestions_of(line: BatchLine, code: str) -> list[Mapping[str, str]]:
    """What a cell might say instead."""
    return [found for one in line.problems if one["column"] == code for found in one.get("suggestions", ())]


def former(mended: Mapping[str, str] | None) -> str:
    """What the workbook says in a mended cell."""
    old = mended["old"] if mended else ""
    return _("原为“%(text)s”") % {"text": old[:40]} if old else _("原来没有填")


def field_name(number: int, code: str) -> str:
    """The field of a cell."""
    return f"cell-{number}-{code}"


def typed_cells(posted: Mapping[str, str], batch: Batch, lines: Iterable[BatchLine]) -> dict[int, dict[str, str | None]]:
    """What was typed into the fields of these lines: those that say something else than the page did, and the suggestion that was
    taken. None puts a cell back."""
    importer = importer_of(batch)
    found: dict[int, dict[str, str | None]] = {}
    for line in lines:
        for code in codes_of(line):
            cell = cell_of(line, code, importer, is_typed=True)
            text = squeezed(posted.get(cell.name, cell.text))
            for at, one in enumerate(suggestions_of(line, code)):
                if posted.get("use") == f"{cell.name}.{at}":
                    found.setdefault(line.number, {})[one["column"]] = one["text"] or hidden(batch, line.number, code, at)
                    text = cell.text  # what stands in the field is what the suggestion is for
            if posted.get("put_back") == cell.name:
                found.setdefault(line.number, {})[code] = None
            elif text != cell.text:
                found.setdefault(line.number, {})[code] = text
    return found


def hidden(batch: Batch, number: int, code: str, at: int) -> str:
    """What is suggested for a personal cell: it is not kept, and found again from what the cell says."""
    column = importer_of(batch).sheet.column(code)
    text = next((line.texts.get(code, "") for line in lines_in(batch) if line.number == number), "")
    suggestions = column.intake.suggestions(text, ()) if column and column.intake else []
    return suggestions[at].text if at < len(suggestions) else text
