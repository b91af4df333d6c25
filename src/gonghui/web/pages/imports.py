"""The import wizard: upload, columns, dry run, result; and the list of imports."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from gonghui.core.actions.action import Refused, demand_second_factor
from gonghui.core.exchange import jobs
from gonghui.core.exchange.actions import (
    answer_batch,
    apply_batch,
    cancel_batch,
    importer_of,
    map_batch,
    mend_batch,
    start_batch,
)
from gonghui.core.exchange.carrying import done_of
from gonghui.core.exchange.checking import INLINE
from gonghui.core.exchange.importers import Importer, offered
from gonghui.core.exchange.models import BATCH_FLOW, Batch
from gonghui.core.exchange.results import result_workbook, template_workbook
from gonghui.core.files.actions import MEDIA_TYPES
from gonghui.kit.intake import MOST_TYPED
from gonghui.web import desk
from gonghui.web.batches import IMPORTS, batches, list_label
from gonghui.web.components import Bar, Empty, Link
from gonghui.web.desk import DeskRequest, found
from gonghui.web.forms import DeskForm
from gonghui.web.listing import Listing
from gonghui.web.pages.home import SHEETS
from gonghui.web.pages.import_forms import ApplyForm, MapForm, UploadForm
from gonghui.web.pages.import_lines import (
    MendLine,
    asked_and_wrong,
    can_mend,
    counted,
    lacking_lines,
    mend_lines,
    page_of_lines,
    told,
    typed_answers,
    typed_cells,
)
from gonghui.web.records import days, offered_above
from gonghui.web.steps import StepPage, step_page

SHEETS[IMPORTS.code] = "/imports/"
BATCH_STEPS = {
    step.code: step
    for step in (
        StepPage(
            "apply",
            pgettext_lazy("verb", "导入"),
            "exchange.apply_batch",
            ApplyForm,
            lambda batch, actor, data: apply_batch(batch, actor=actor, is_sure=data.get("is_sure", False)),
            ("checked",),
            "file-import",
        ),
        StepPage(
            "cancel",
            gettext_lazy("放弃"),
            "exchange.cancel_batch",
            DeskForm,
            lambda batch, actor, data: cancel_batch(batch, actor=actor),
            ("uploaded", "mapped", "checked", "importing"),
            "x",
            said=gettext_lazy("已放弃，什么也没有导入"),
        ),
        StepPage(
            "undo",
            gettext_lazy("撤销导入"),
            "exchange.undo_batch",
            DeskForm,
            lambda batch, actor, data: jobs.undo_here_or_later(batch, actor),
            ("done",),
            "arrow-back-up",
        ),
    )
}


def page_of(batch: Batch) -> str:
    return reverse("web:import", args=[batch.public_id])


@desk.page("exchange.view")
def index(request: DeskRequest) -> HttpResponse:
    """Every import at the user's unions, and a way to start one."""
    listing = Listing(
        request,
        IMPORTS,
        batches(request.actor),
        detail_url=page_of,
        empty=Empty(
            _("还没有导入过"),
            _("从一张工作簿导入单位、工会、联系人或覆盖：先核对，再写入，写入后还能整批撤销。"),
            "file-import",
        ),
        has_drawer=False,
    )
    context = {"listing": listing, "kinds": [kind_link(one) for one in offered(request.actor.can)]}
    return render(request, listing.template("web/imports/index.html"), context)


def kind_link(importer: Importer) -> Link:
    """The page that starts an import of this list."""
    return Link(importer.sheet.label, f"{reverse('web:start_import')}?sheet={importer.sheet.code}")


def asked_importer(request: DeskRequest) -> Importer | None:
    """The list that the address names, if the user may import it; else the first he may."""
    mine = {one.sheet.code: one for one in offered(request.actor.can)}
    asked = request.GET.get("sheet", "")
    if asked and asked not in mine:
        raise Http404
    return mine.get(asked) or next(iter(mine.values()), None)


@desk.page("exchange.start_batch")
def start(request: DeskRequest) -> HttpResponse:
    """Upload: the first step. `?retry=` names the import whose bad rows are brought again."""
    importer = asked_importer(request)
    if importer is None:
        return desk.refused(request)
    retried = retry_of(request)
    form = UploadForm(request.POST or None, request.FILES or None, actor=request.actor, subject=importer)
    if request.method == "POST":
        form.is_bound = True
        if form.is_valid():
            data = form.cleaned_data
            is_done, batch = form.attempt(
                lambda: start_batch(
                    data["organisation"],
                    actor=request.actor,
                    sheet=importer.sheet.code,
                    name=data["file"].name,
                    content=data["file"].read(),
                    retry_of=retried,
                )
            )
            if is_done and batch:
                return redirect("web:map_import", batch.public_id)
    context = {
        "form": form,
        "title": _("导入%(what)s") % {"what": importer.sheet.label},
        "kinds": [
            Link(one.label, one.url, current=one.label == importer.sheet.label)
            for one in map(kind_link, offered(request.actor.can))
        ],
        "bars": bars("upload"),
        "retried": retried,
        "template_url": f"{reverse('web:import_template')}?sheet={importer.sheet.code}",
        "past_url": reverse("web:imports"),
    }
    return render(request, "web/imports/upload.html", context)


def retry_of(request: DeskRequest) -> Batch | None:
    """The import that the address says is tried again."""
    try:
        asked = UUID(request.GET.get("retry", ""))
    except ValueError:
        return None
    batch: Batch | None = batches(request.actor).filter(public_id=asked).first()
    return batch


@desk.page("exchange.start_batch")
def template(request: DeskRequest) -> HttpResponse:
    """An empty workbook with the heads of a list."""
    importer = asked_importer(request)
    if importer is None:
        return desk.refused(request)
    name = _("%(what)s导入模板.xlsx") % {"what": importer.sheet.label}
    return workbook(template_workbook(importer, request.actor), name)


def workbook(content: bytes, name: str) -> HttpResponse:
    """A workbook to be kept, never shown by the browser."""
    disposition = content_disposition_header(True, name)
    return HttpResponse(content, content_type=MEDIA_TYPES[".xlsx"], headers={"Content-Disposition": disposition or ""})


@desk.page("exchange.map_batch")
def map_columns(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """The second step: which column is which; leads to the dry run."""
    batch = found(batches(request.actor), public_id)
    if not BATCH_FLOW.allows("map", batch.state):
        return redirect(page_of(batch))
    form = MapForm(request.POST or None, actor=request.actor, subject=batch)
    if request.method == "POST" and form.is_valid():
        is_done, answer = form.attempt(lambda: mapped(request, batch, form))
        if is_done and answer:
            return answer
    context = wizard(batch, "map") | {"form": form}
    return render(request, "web/imports/map.html", context)


def mapped(request: DeskRequest, batch: Batch, form: MapForm) -> HttpResponse:
    """Keeps the columns and checks the lines; stays here when another sheet or row of heads was named."""
    data, before = form.cleaned_data, (batch.encoding, batch.sheet_at, batch.head_at)
    map_batch(
        batch,
        actor=request.actor,
        mapping=form.mapping,
        same_name=data["same_name"],
        sheet_at=data["sheet_at"],
        head_at=data["head_at"] - 1,
        encoding=data.get("encoding"),
    )
    now = found(batches(request.actor), batch.public_id)
    if (now.encoding, now.sheet_at, now.head_at) != before:
        return redirect("web:map_import", batch.public_id)
    jobs.check_here_or_later(now, request.actor)
    return redirect(page_of(batch))


@desk.page("exchange.view")
def record(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """An import as it stands: what the dry run found, how far it is, what came of it."""
    batch = found(batches(request.actor), public_id)
    if batch.state == "uploaded" and request.actor.can("exchange.map_batch"):
        return redirect("web:map_import", batch.public_id)
    return render(request, "web/imports/batch.html", record_context(request, batch, request.GET.get("show", "")))


def record_context(request: DeskRequest, batch: Batch, shown: str = "") -> dict[str, Any]:
    """What the page of an import shows; `shown` is the outcome whose lines stand on it."""
    importer, shown = importer_of(batch), shown or first_shown(request, batch)
    page = page_of_lines(request, batch, shown)
    return wizard(batch, STAGES.get(batch.state, "result")) | {
        "shown": shown,
        "tabs": question_tabs(request, batch, shown),
        "outcome": next((one for one in importer.outcomes if one.code == shown), None),
        "counts": counted(batch, importer),
        "lacking": lacking_lines(batch, page.object_list, importer, request.actor),
        "answer_url": f"?show={importer.asks}" if batch.unanswered and shown != importer.asks else "",
        "done": done_of(batch) if batch.state == "importing" else 0,
        "onward": offered_above(batch, request.actor),
        "days": days(batch, request.actor, []),
        "page": page,
        "mended": len(batch.mended()) if batch.state == "checked" else 0,
        "most_typed": MOST_TYPED,
        "can_mend": shown in PROBLEMS and can_mend(batch, request.actor),
        "lines": list(told(page, importer)),
        "mend_lines": mend_lines(page.object_list, importer),
    }


def question_tabs(request: DeskRequest, batch: Batch, shown: str) -> list[Link]:
    """The rows that are wrong, and those that ask which record they mean; nothing where none asks."""
    asked, wrong = asked_and_wrong(request.actor, batch)
    if shown not in PROBLEMS or not (asked or shown == "asked"):
        return []
    return [
        Link(_("错误"), "?show=wrong", str(wrong), shown == "wrong"),
        Link(_("重复待判"), "?show=asked", str(asked), shown == "asked"),
    ]


def first_shown(request: DeskRequest, batch: Batch) -> str:
    """Which lines are shown unless the address says: problems before questions, what waits for an answer, and changes."""
    if not batch.wrong and not batch.mended_sealed:
        further = next((code for code in importer_of(batch).further if batch.further.get(code)), "")
        return further or ("changed" if batch.changed else "wrong")
    asked, wrong = asked_and_wrong(request.actor, batch)
    return "asked" if asked and not wrong else "wrong"


PROBLEMS = ("wrong", "asked")
STAGES = {"uploaded": "map", "mapped": "check", "checked": "check", "importing": "check"}


@desk.page("exchange.mend_batch")
def mend(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Takes what was typed into problem rows, and judges the workbook again. htmx sends the cells of one row, a form those of a page."""
    batch = found(batches(request.actor), public_id)
    if request.method != "POST":
        return redirect(page_of(batch))
    shown = "asked" if request.GET.get("show") == "asked" else "wrong"
    before = page_of_lines(request, batch, shown)
    lines = mend_lines(before.object_list, importer_of(batch))
    cells = typed_cells(request.POST, batch, before.object_list)
    try:
        mend_batch(batch, actor=request.actor, cells=cells)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        if "HX-Request" in request.headers:
            return judged_row(request, found(batches(request.actor), public_id), lines, set(cells), shown)
    return shown_again(request, f"{page_of(batch)}?show={shown}&page={before.number}")


@desk.page("exchange.answer_batch")
def answer(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Takes why records are missing in the workbook, those of one page at a time."""
    batch = found(batches(request.actor), public_id)
    if request.method == "POST":
        shown = request.POST.get("show", "")
        page = page_of_lines(request, batch, shown)
        answers = typed_answers(request.POST, lacking_lines(batch, page.object_list, importer_of(batch), request.actor))
        answer_batch(batch, actor=request.actor, answers=answers)
        return redirect(f"{page_of(batch)}?show={shown}&page={page.number}")
    return redirect(page_of(batch))


def judged_row(request: DeskRequest, batch: Batch, before: list[MendLine], mended: set[int], shown: str) -> HttpResponse:
    """The page, out of which htmx takes the mended row and the counts; all of it anew where other rows have come out otherwise."""
    context = record_context(request, batch, shown)
    apart = [[line for line in lines if line.number not in mended] for lines in (before, context["mend_lines"])]
    if apart[0] != apart[1] or len(before) != len(context["mend_lines"]):
        return shown_again(request, page_of(batch))
    return render(request, "web/imports/batch.html", context)


def shown_again(request: DeskRequest, url: str) -> HttpResponse:
    """Loads the page that shows problem rows once more."""
    if "HX-Request" in request.headers:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return redirect(url)


@desk.page("exchange.view")
def result(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """The workbook back with what each row came to; `?only=wrong` only those to be mended."""
    demand_second_factor(request.actor, "files.open_file")
    batch = found(batches(request.actor), public_id)
    only_wrong = request.GET.get("only") == "wrong"
    stem = batch.file_name.rpartition(".")[0] or batch.file_name
    name = (_("%(stem)s_错误行.xlsx") if only_wrong else _("%(stem)s_结果.xlsx")) % {"stem": stem}
    return workbook(result_workbook(batch, request.actor, only_wrong=only_wrong), name)


@desk.page("exchange.view")
def step(request: DeskRequest, public_id: UUID, step: str) -> HttpResponse:
    """Imports, gives up or undoes."""
    batch = found(batches(request.actor), public_id)

    def write(_result: Any) -> HttpResponse:
        jobs.carry_out_here_or_later(found(batches(request.actor), batch.public_id), request.actor)
        return redirect(page_of(batch))

    def tell(_result: Any) -> HttpResponse:
        if found(batches(request.actor), batch.public_id).state == "undone":
            messages.success(request, _("已撤销，名册和导入前一样"))
        return redirect(page_of(batch))

    crumbs = [Link(pgettext("noun", "导入"), reverse("web:imports"))]
    leads_on = {"apply": write, "undo": tell}.get(step)
    return step_page(request, BATCH_STEPS, step, batch, back=page_of(batch), crumbs=crumbs, finish=leads_on)


# -- what the templates are given -------------------------------------------------------------------------------


def wizard(batch: Batch, stage: str) -> dict[str, Any]:
    """What every page of one import shows."""
    return {
        "batch": batch,
        "state": BATCH_FLOW.state(batch.state),
        "title": _("导入%(what)s") % {"what": list_label(batch)},
        "bars": bars(stage if batch.state not in ("done", "undoing", "undone") else "result"),
        "past_url": reverse("web:imports"),
        "is_open": BATCH_FLOW.allows("cancel", batch.state),
        "is_long": batch.total > INLINE,
        "is_whole": bool(importer_of(batch).wholes),
        "retry_url": f"{reverse('web:start_import')}?sheet={batch.sheet}&retry={batch.public_id}",
        "again_url": f"{reverse('web:start_import')}?sheet={batch.sheet}",
    }


def bars(stage: str) -> list[Bar]:
    """The four steps of the wizard."""
    labels = {"upload": _("上传"), "map": _("对列"), "check": _("核对"), "result": _("结果")}
    order = list(labels)
    now = order.index(stage)
    return [
        Bar(label, when="done" if place < now else "now" if place == now else "") for place, label in enumerate(labels.values())
    ]
