"""Values that no longer move: freezing them, what became of them since, and what papers said."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gonghui.core.figures.actions import correct_report, freeze, report
from gonghui.core.figures.explanation import explain_frozen
from gonghui.core.figures.models import FrozenFigure, ReportedFigure
from gonghui.core.figures.periods import Period
from gonghui.core.figures.queries import frozen_figures, reported_figures
from gonghui.core.figures.registry import figures
from gonghui.kit.columns import Choice, Column, Sheet
from gonghui.web import desk
from gonghui.web.components import Fact, Link
from gonghui.web.desk import DeskRequest, found
from gonghui.web.forms import DayField, DeskForm
from gonghui.web.listing import Listing
from gonghui.web.pages.explanations import accounts, summary, term_rows, value_words
from gonghui.web.pages.figures import Asked, asked, known, page_url, words
from gonghui.web.records import days
from gonghui.web.steps import StepPage, offered, step_page


def figure_name(row: Any) -> Any:
    """The figure in words; its code where nobody counts it any more."""
    return figures[row.figure].label if row.figure in figures else row.figure


def number_words(row: Any) -> str:
    """The value with its unit."""
    return value_words(figures[row.figure], row.number) if row.figure in figures else words(row.number)


def figure_choices(actor: Any) -> list[tuple[str, Any]]:
    """Every figure."""
    return [(code, one.label) for code, one in figures.items()]


FIGURE_COLUMN = Column(
    "figure", _("数据指标"), accessor=figure_name, sort="figure", filter=Choice("figure", _("数据指标"), choices=figure_choices)
)
FROZEN = Sheet(
    "figures.frozen",
    _("定稿数据"),
    columns=(
        Column("occasion", _("用途"), sort="occasion", link=True),
        FIGURE_COLUMN,
        Column("scope", _("范围"), accessor="scope_name"),
        Column("since", _("起"), kind="date", sort="since", p3=True),
        Column("until", _("截至"), kind="date", sort="until"),
        Column("number", _("数值"), accessor=number_words, kind="number"),
        Column("frozen_at", _("定稿"), kind="date", sort="frozen_at", p3=True),
        Column("frozen_by", _("定稿人"), accessor="frozen_by.name", p3=True),
    ),
    default_sort="-until",
    unit=_("项"),
)
REPORTED = Sheet(
    "figures.reported",
    _("见报数据"),
    columns=(
        Column("source", _("出处"), sort="source", link=True),
        FIGURE_COLUMN,
        Column("scope", _("范围"), accessor="scope_name"),
        Column("since", _("起"), kind="date", sort="since", p3=True),
        Column("until", _("截至"), kind="date", sort="until"),
        Column("number", _("数值"), accessor=number_words, kind="number"),
        Column("page", _("页码或版次"), p3=True),
    ),
    default_sort="-until",
    unit=_("项"),
)


class FreezeForm(DeskForm):
    """What it is published for."""

    occasion = forms.CharField(label=_("用途"), max_length=80, help_text=_("例如“2016 年工作回顾”；定稿后数值不再变动"))


class ReportForm(DeskForm):
    """What a paper printed."""

    number = forms.DecimalField(label=_("数值"), max_digits=16, decimal_places=2)
    precision = forms.ChoiceField(label=_("精度"), choices=ReportedFigure.Precision.choices, widget=forms.RadioSelect)
    source = forms.CharField(label=_("出处"), max_length=200, help_text=_("报刊或文件的名称、日期"))
    page = forms.CharField(label=_("页码或版次"), max_length=40, required=False)
    passage = forms.CharField(label=_("原文"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def prepare(self) -> None:
        self.fill(precision=ReportedFigure.Precision.EXACT)


class NewReportForm(ReportForm):
    """A paper's value for some days."""

    since = DayField(label=_("起"), required=False, is_today=False, help_text=_("时点数据不填"))
    until = DayField(label=_("截至"))


class CorrectForm(ReportForm):
    """A paper's value as it should have been copied."""

    def prepare(self) -> None:
        self.fill(**{name: getattr(self.subject, name) for name in self.fields})


def _report(code: str, organisation: Any, actor: Any, data: dict[str, Any]) -> ReportedFigure:
    until, since = data.pop("until"), data.pop("since")
    when = Period(min(since, until), until) if since else until
    return report(organisation, actor=actor, figure=code, when=when, **data)


REPORTED_STEPS = {
    "correct": StepPage(
        "correct",
        _("更正见报数据"),
        "figures.correct_report",
        CorrectForm,
        lambda one, actor, data: correct_report(one, actor=actor, **data),
    )
}


def figure_step(request: DeskRequest, code: str, step: StepPage, made_page: str) -> HttpResponse:
    """One step at the scope that a figure is asked for; `made_page` names the page of what it makes."""
    figure, ask = known(code), asked(request)
    above, back = f"{reverse('web:figures')}?{ask.query()}", page_url("figure", figure, ask)
    return step_page(
        request,
        {step.code: step},
        step.code,
        ask.scope.organisation,
        back=back,
        crumbs=[Link(_now("数据指标"), above), Link(figure.label, back)],
        finish=lambda made: redirect(made_page, made.public_id),
    )


@desk.page("figures.freeze")
def freeze_one(request: DeskRequest, code: str) -> HttpResponse:
    """Freezes the value that the address asks for, and shows it."""
    ask = asked(request)

    def run(organisation: Any, actor: Any, data: dict[str, Any]) -> FrozenFigure:
        return freeze(organisation, actor=actor, figure=code, when=ask.when, basis=ask.scope.basis, **data)

    step = StepPage("freeze", _("定稿"), "figures.freeze", FreezeForm, run)
    return figure_step(request, code, step, "web:frozen_figure")


@desk.page("figures.report")
def report_one(request: DeskRequest, code: str) -> HttpResponse:
    """Notes what a paper printed of a figure."""
    step = StepPage(
        "report",
        _("登记见报数据"),
        "figures.report",
        NewReportForm,
        lambda organisation, actor, data: _report(code, organisation, actor, data),
    )
    return figure_step(request, code, step, "web:reported_figure")


@desk.page("figures.view")
def frozen_index(request: DeskRequest) -> HttpResponse:
    """Everything that was published."""
    listing = Listing(
        request,
        FROZEN,
        frozen_figures(request.actor),
        detail_url=lambda row: reverse("web:frozen_figure", args=[row.public_id]),
        has_drawer=False,
    )
    return render(request, listing.template("web/list.html"), {"listing": listing})


@desk.page("figures.view")
def frozen_record(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """What was published, beside what the same days count now, and every row that makes the difference."""
    frozen = found(frozen_figures(request.actor), public_id)
    figure, period = known(frozen.figure), frozen.period
    ask = Asked(frozen.scope, period.end, kind="free", since=period.start)
    explained = explain_frozen(frozen, figure, actor=request.actor)
    url = reverse("web:frozen_figure", args=[public_id])
    if "term" in request.GET:
        return term_rows(request, explained, ask, url)
    context = {
        "frozen": frozen,
        "figure": figure,
        "scope": frozen.scope,
        "frozen_words": value_words(figure, frozen.number),
        "live_words": value_words(figure, explained.end.number),
        "summary": summary(explained),
        "accounts": accounts(explained, f"{url}?", ask, ends=(_now("定稿"), _now("现在"))),
        "is_redefined": frozen.version != figure.version,
        "days": str(period),
        "figure_url": page_url("figure", figure, ask),
        "crumbs": [Link(_now("定稿数据"), reverse("web:frozen_figures")), Link(frozen.occasion)],
    }
    return render(request, "web/figures/frozen.html", context)


@desk.page("figures.view")
def reported_index(request: DeskRequest) -> HttpResponse:
    """Everything that papers said."""
    listing = Listing(
        request,
        REPORTED,
        reported_figures(request.actor),
        detail_url=lambda row: reverse("web:reported_figure", args=[row.public_id]),
        has_drawer=False,
    )
    return render(request, listing.template("web/list.html"), {"listing": listing})


@desk.page("figures.view")
def reported_record(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """What a paper said, and who noted it."""
    reported = found(reported_figures(request.actor), public_id)
    facts = [
        Fact(_("数据指标"), figure_name(reported)),
        Fact(pgettext_lazy("of a figure", "数值"), number_words(reported)),
        Fact(_("精度"), reported.get_precision_display()),
        Fact(_("范围"), reported.scope_name),
        Fact(_("起"), date_format(reported.since)),
        Fact(_("截至"), date_format(reported.until)),
        Fact(_("页码或版次"), reported.page),
        Fact(_("原文"), reported.passage),
    ]
    context = {
        "title": reported.source,
        "sub": figure_name(reported),
        "facts": facts,
        "crumbs": [Link(_now("见报数据"), reverse("web:reported_figures")), Link(reported.source)],
        "steps": offered(
            REPORTED_STEPS, reported, request.actor, lambda code: reverse("web:reported_step", args=[public_id, code])
        ),
        "days": days(reported, request.actor, []),
    }
    return render(request, "web/record.html", context)


@desk.page("figures.correct_report")
def reported_step(request: DeskRequest, public_id: UUID, step: str) -> HttpResponse:
    """Corrects what was copied wrongly."""
    reported = found(reported_figures(request.actor), public_id)
    crumbs = [Link(_now("见报数据"), reverse("web:reported_figures"))]
    back = reverse("web:reported_figure", args=[public_id])
    return step_page(request, REPORTED_STEPS, step, reported, back=back, crumbs=crumbs)
