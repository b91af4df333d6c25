"""Bulk actions and every other run: choosing rows, the form, the dry run, progress, the result, taking it back."""

from collections import Counter
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from gonghui.core.actions.action import NotAllowed, Refused, demand_second_factor
from gonghui.kit.columns import Choice, Column, SavedFilter, Sheet
from gonghui.kit.flow import State
from gonghui.web import desk, jobs
from gonghui.web.bulk import BulkStep, bulk_lists
from gonghui.web.components import Empty, Link
from gonghui.web.desk import DeskRequest
from gonghui.web.listing import Listing
from gonghui.web.models import RowOutcome, Run, RunKind, RunRow, RunState, runs
from gonghui.web.pages.home import SHEETS
from gonghui.web.runs import MOST_ROWS, begin, bulk_of, carry_out, choose, permission_of
from gonghui.web.runs import found as run_with
from gonghui.web.seen import seen

MOST_AT_ONCE = 50  # rows that a page may act on itself
REASONS = 5  # of a refusal, that are told apart
SENT = 100  # values of one field of a form

OUTCOMES = {
    RowOutcome.WAITING: State("waiting", RowOutcome.WAITING.label, "", "circle-dashed"),
    RowOutcome.POSSIBLE: State("possible", RowOutcome.POSSIBLE.label, "info", "check"),
    RowOutcome.REFUSED: State("refused", RowOutcome.REFUSED.label, "bad", "ban"),
    RowOutcome.DONE: State("done", RowOutcome.DONE.label, "ok", "circle-check"),
    RowOutcome.UNDONE: State("undone", RowOutcome.UNDONE.label, "info", "arrow-back-up"),
    RowOutcome.KEPT: State("kept", RowOutcome.KEPT.label, "warn", "alert-triangle"),
}
STATES = {
    RunState.DRAFT: State("draft", RunState.DRAFT.label, "", "edit"),
    RunState.CHECKING: State("checking", RunState.CHECKING.label, "info", "refresh"),
    RunState.CHECKED: State("checked", RunState.CHECKED.label, "warn", "hourglass"),
    RunState.RUNNING: State("running", RunState.RUNNING.label, "info", "refresh"),
    RunState.DONE: State("done", RunState.DONE.label, "ok", "circle-check"),
    RunState.STOPPED: State("stopped", RunState.STOPPED.label, "", "ban"),
    RunState.FAILED: State("failed", RunState.FAILED.label, "bad", "alert-triangle"),
    RunState.UNDOING: State("undoing", RunState.UNDOING.label, "info", "refresh"),
    RunState.UNDONE: State("undone", RunState.UNDONE.label, "info", "arrow-back-up"),
}

RUNS = Sheet(
    "web.runs",
    gettext_lazy("后台任务"),
    columns=(
        Column("title", gettext_lazy("名称"), link=True),
        Column(
            "kind",
            gettext_lazy("类别"),
            accessor="get_kind_display",
            filter=Choice("kind", gettext_lazy("类别"), choices=RunKind.choices),
        ),
        Column("total", gettext_lazy("条数"), kind="number"),
        Column("started_at", gettext_lazy("开始时间"), kind="date", sort="started_at"),
        Column("state", gettext_lazy("状态"), kind="state", accessor=lambda run: STATES[run.state]),
    ),
    default_sort="-started_at",
    unit=gettext_lazy("项"),
)
RUN_ROWS = Sheet(
    "web.run_rows",
    gettext_lazy("办理的记录"),
    columns=(
        Column("name", gettext_lazy("名称"), accessor=lambda row: row.name or _("（已看不到）"), link=True),
        Column(
            "outcome",
            gettext_lazy("结果"),
            kind="state",
            accessor=lambda row: OUTCOMES[row.outcome],
            filter=Choice("outcome", gettext_lazy("结果"), choices=RowOutcome.choices),
        ),
        Column("sentence", gettext_lazy("原因")),
        Column("position", gettext_lazy("次序"), kind="number", sort="position", shown=False),
    ),
    saved=(SavedFilter("refused", gettext_lazy("不可办"), {"outcome": ["refused", "kept"]}),),
    default_sort="position",
    unit=gettext_lazy("条"),
)


@desk.page("notices.view")
def index(request: DeskRequest) -> HttpResponse:
    """What the user has set going in the last month."""
    text = _("较大的导出、批量办理的进度和结果会列在这里。")
    listing = Listing(
        request, RUNS, runs(request.actor), detail_url=page_of, has_drawer=False, empty=Empty(_("还没有后台任务"), text)
    )
    return render(request, listing.template("web/list.html"), {"listing": listing})


def page_of(run: Run) -> str:
    return reverse("web:run", args=[run.public_id])


@require_POST
@desk.page("notices.view")
def select(request: DeskRequest, source: str) -> HttpResponse:
    """Takes the rows that were ticked, or all that were found, for one verb; then asks what the verb needs."""
    bulk = bulk_lists.get(source)
    if bulk is None:
        raise Http404
    step = bulk.steps.get(request.POST.get("step", ""))
    if step is None or not request.actor.can(step.permission):
        raise NotAllowed(source)
    records = chosen(request, source)
    if not records:
        raise Refused(_("还没有选中任何一行，请先在列表左侧勾选"))
    run = begin(
        request.actor,
        kind=RunKind.BULK,
        source=source,
        step=step.code,
        title=str(step.label),
        query=request.GET.urlencode(),
        total=len(records),
    )
    choose(run, request.actor, records)
    return redirect(page_of(run))


def chosen(request: DeskRequest, source: str) -> list[UUID]:
    """The ids of the rows that were ticked, as far as they are visible, or of all rows found."""
    listing = seen(source, request.GET.urlencode(), request.actor).listing
    if request.POST.get("all"):
        found = list(listing.ordered().values_list("public_id", flat=True)[: MOST_ROWS + 1])
        if len(found) > MOST_ROWS:
            raise Refused(_("一次最多办理 %(most)s 条，请加条件分几次") % {"most": f"{MOST_ROWS:,}"})
        return found
    ticked = [UUID(word) for word in request.POST.getlist("chosen")[:MOST_ROWS] if is_id(word)]
    known = set(listing.base.filter(public_id__in=ticked).values_list("public_id", flat=True))
    return [one for one in dict.fromkeys(ticked) if one in known]


def is_id(word: str) -> bool:
    """Whether a word is the id of a record."""
    try:
        UUID(word)
    except ValueError:
        return False
    return True


def own(request: DeskRequest, public_id: UUID) -> Run:
    """A run of the user's own; 404 for every other."""
    found = run_with(request.actor, public_id)
    if found is None:
        raise Http404
    return found


@desk.page("notices.view")
def run(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """A run as it stands: its form, its progress, its dry run or its result."""
    one = own(request, public_id)
    context: dict[str, Any] = {"run": one, "state": STATES[RunState(one.state)], "crumbs": crumbs(one), "title": one.title}
    if one.kind == RunKind.EXPORT:
        return render(request, "web/run.html", context)
    _list, step = bulk_of(one, request.actor)
    if one.state == RunState.DRAFT:
        return ask(request, one, step, context)
    listing = rows_listing(request, one)
    counts = Counter(dict(outcome_counts(request, one)))
    context |= {"listing": listing, "told": told(one, counts), "reasons": reasons(request, one), "counts": counts}
    context |= {"can_undo": step.undo is not None and bool(counts[RowOutcome.DONE]) and not one.is_under_way}
    return render(request, listing.template("web/run.html"), context)


def crumbs(one: Run) -> list[Link]:
    """Where the run came from."""
    back = [Link(_("回到列表"), url)] if (url := list_of(one)) else []
    return [Link(str(RUNS.label), reverse("web:runs")), *back, Link(one.title)]


def list_of(one: Run) -> str:
    """The list as it was when the run began; nothing for a list without a page of its own."""
    kind, _colon, code = one.source.partition(":")
    return f"{SHEETS[code]}?{one.query}" if kind == "list" and code in SHEETS else ""


def ask(request: DeskRequest, one: Run, step: BulkStep, context: dict[str, Any]) -> HttpResponse:
    """The verb's form; sent, it is kept with the run and the dry run begins."""
    form = step.form.of_request(request, actor=request.actor, subject=None)
    if form.is_valid():
        sent = {name: request.POST.getlist(name)[:SENT] for name in form.fields}
        return advance(request, one, RunState.DRAFT, RunState.CHECKING, given=sent)
    context |= {
        "form": form,
        "cancel_url": list_of(one),
        "step": step,
        "submit": _("试算"),
        "sub": _("对选中的 %(count)s 条") % {"count": f"{one.total:,}"},
    }
    return render(request, "web/bulk_form.html", context)


def advance(request: DeskRequest, one: Run, before: str, after: str, **values: Any) -> HttpResponse:
    """Brings a run from one state to the next, once, and has its work done: now if it is short, else by a job."""
    demand_second_factor(request.actor, permission_of(one))
    mine = runs(request.actor).filter(pk=one.pk, state__in=before.split())
    if mine.update(state=after, done=0, is_stopping=False, problem="", **values):
        if one.total <= MOST_AT_ONCE:
            carry_out(request.actor, one.public_id)
        else:
            jobs.carry_out.defer(user_id=request.actor.user_id, run=str(one.public_id))
    return redirect(page_of(one))


@require_POST
@desk.page("notices.view")
def start(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Confirms the dry run: the rows that passed are acted on."""
    return advance(request, own(request, public_id), RunState.CHECKED, RunState.RUNNING)


@require_POST
@desk.page("notices.view")
def undo(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Takes back what was done, row by row."""
    one = own(request, public_id)
    return advance(request, one, f"{RunState.DONE} {RunState.STOPPED} {RunState.FAILED}", RunState.UNDOING)


@require_POST
@desk.page("notices.view")
def stop(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Ends a run after the chunk under way; what is done stays done."""
    one = own(request, public_id)
    runs(request.actor).filter(pk=one.pk).update(is_stopping=True)
    messages.success(request, _("正在停下，已办的不受影响"))
    return redirect(page_of(one))


# -- what is told -----------------------------------------------------------------------------------------------


def rows_listing(request: DeskRequest, one: Run) -> Listing:
    """The rows of a run, each with the name of its record if the user may see it."""
    bulk = bulk_lists[one.source]
    records = seen(one.source, "", request.actor).listing.base.filter(public_id=OuterRef("subject"))
    rows = RunRow.objects.visible_to(request.actor).filter(run=one)
    rows = rows.annotate(name=Subquery(records.order_by().values(bulk.name)[:1]))
    return Listing(
        request,
        RUN_ROWS,
        rows,
        detail_url=lambda row: reverse(bulk.page, args=[row.subject]) if row.name else "",
        has_drawer=False,
    )


def outcome_counts(request: DeskRequest, one: Run) -> list[tuple[str, int]]:
    """Outcome → number of rows."""
    outcomes = RunRow.objects.visible_to(request.actor).filter(run=one).order_by().values_list("outcome", flat=True)
    return list(Counter(outcomes).items())


def told(one: Run, counts: Counter[str]) -> str:
    """How a run stands, in one sentence with its numbers."""
    number = {outcome: f"{counts[outcome]:,}" for outcome in RowOutcome.values}
    number["no"] = f"{counts['refused']:,}"
    sentences = {
        RunState.CHECKED: _("试算：%(possible)s 条可以，%(no)s 条不可以。"),
        RunState.DONE: _("已办 %(done)s 条，%(no)s 条没有办。"),
        RunState.STOPPED: _("已停止：办了 %(done)s 条，%(possible)s 条没有动，%(no)s 条不可以。"),
        RunState.FAILED: _("没有办完：办了 %(done)s 条，%(possible)s 条没有动，%(no)s 条不可以。"),
        RunState.UNDONE: _("已撤销 %(undone)s 条，%(kept)s 条没有撤销。"),
    }
    sentence = sentences.get(RunState(one.state))
    return (
        sentence % number
        if sentence
        else _("已处理 %(done)s 条，共 %(total)s 条。")
        % {
            "done": f"{one.done:,}",
            "total": f"{one.total:,}",
        }
    )


def reasons(request: DeskRequest, one: Run) -> list[tuple[str, str]]:
    """Why rows were refused, and how many for each reason; the most frequent first."""
    sentences = RunRow.objects.visible_to(request.actor).filter(run=one, outcome__in=["refused", "kept"])
    counted = Counter(sentences.order_by().values_list("sentence", flat=True))
    return [(sentence, f"{count:,}") for sentence, count in counted.most_common(REASONS)]
