"""Export what you see: any list as a workbook, with its purpose; at once when it is short, as a job when it is long."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gonghui.core.actions.action import Refused
from gonghui.core.actions.door import beyond_scope
from gonghui.core.exchange.exports import workbook
from gonghui.core.figures.registry import Ratio, rows
from gonghui.core.reference.queries import choices
from gonghui.kit.dates import today
from gonghui.kit.text import enumerated
from gonghui.web import desk, jobs
from gonghui.web.components import Fact
from gonghui.web.desk import DeskRequest
from gonghui.web.listing import Listing
from gonghui.web.models import RunKind, RunState
from gonghui.web.pages import figures
from gonghui.web.runs import begin, keep
from gonghui.web.seen import Seen, seen, source

MOST_AT_ONCE = 5_000  # rows that a page may write itself
CHOSEN = "export_purpose"  # in the session: what the last export was for


class PurposeForm(forms.Form):
    """What an export is for; without it nothing leaves the system."""

    purpose = forms.ChoiceField(label=gettext_lazy("用途"), error_messages={"required": gettext_lazy("请选择导出的用途")})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["purpose"]
        field.choices = [("", _("请选择")), *choices("export_purpose", today())]

    @property
    def words(self) -> str:
        """The purpose in words."""
        return dict(choices("export_purpose", today()))[self.cleaned_data["purpose"]]


@source("figure")
def of_a_figure(request: HttpRequest, code: str) -> Seen:
    """The rows behind a figure or one of its cells, as the page of its rows shows them."""
    asked: Any = request
    found, ask = figures.known(code), figures.asked(asked)
    if isinstance(found, Ratio) or not asked.actor.can("figures.view"):
        raise Http404
    key = request.GET.get("key", "")[:40]
    if ask.by and ask.by not in found.dimensions:
        raise Http404
    try:
        behind = rows(found, ask.scope, ask.when, actor=asked.actor, by=ask.by if key else "", key=key)
    except ValueError as error:  # a key that is no key of this dimension
        raise Http404 from error
    listing = Listing(request, found.sheet, behind)
    title = f"{found.label}（{ask.scope.organisation}）"
    return Seen(title, listing, "figures.view", found.definition, lambda: beyond_scope("the rows behind a checked figure"))


@desk.page("exchange.export_list")
def export(request: DeskRequest, source: str) -> HttpResponse:
    """Asks what the export is for; then makes it, or sets the job going."""
    query = request.GET.urlencode()
    one = seen(source, query, request.actor)
    form = PurposeForm(request.POST or None, initial={"purpose": request.session.get(CHOSEN, "")})
    if request.method == "POST":
        form.is_bound = True
        if form.is_valid():
            request.session[CHOSEN] = form.cleaned_data["purpose"]
            return made(request, source, query, one, form.words)
    context = {"form": form, "title": _("导出%(what)s") % {"what": one.title}, "facts": facts(one), "submit": _("导出")}
    return render(request, "web/export.html", context)


def made(request: DeskRequest, source: str, query: str, one: Seen, purpose: str) -> HttpResponse:
    """The file's page, or that of the run that will make it."""
    if one.count() <= MOST_AT_ONCE:
        try:
            file = keep(one, request.actor, workbook(one.export(request.actor, purpose)), purpose)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect(request.get_full_path())
        return redirect("web:file", file.public_id)
    run = begin(
        request.actor,
        kind=RunKind.EXPORT,
        source=source,
        query=query,
        title=_("导出%(what)s") % {"what": one.title},
        given={"purpose": purpose},
        state=RunState.RUNNING,
    )
    jobs.carry_out.defer(user_id=request.actor.user_id, run=str(run.public_id))
    return redirect("web:run", run.public_id)


def facts(one: Seen) -> list[Fact]:
    """What would be exported."""
    return [
        Fact(_("条数"), f"{one.count():,} {one.listing.sheet.unit}"),
        Fact(_("条件"), one.conditions or _("没有条件，全部")),
        Fact(_("排序"), one.order),
        Fact(_("列"), enumerated(column.label for column in one.listing.columns)),
    ]
