"""The leader's page, and the same on one sheet of paper."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from gonghui.areas.dashboards import queries
from gonghui.areas.dashboards.chart import Chart, chart
from gonghui.areas.dashboards.queries import Card, Gap, Line, Trend
from gonghui.areas.dashboards.rules import Reading
from gonghui.core.figures.registry import Figure, Ratio, figures
from gonghui.kit.dates import now
from gonghui.kit.flow import State
from gonghui.kit.paper import typeset
from gonghui.kit.text import enumerated
from gonghui.web import desk
from gonghui.web.components import FigureCard, Link, Part
from gonghui.web.desk import DeskRequest
from gonghui.web.pages.figures import Asked, asked, card, detail_urls, page_url, rows_url, scope_context, words

TEMPLATE = Path(__file__).parent / "paper" / "overview.typ"


@dataclass(frozen=True)
class Cell:
    """One cell of the grid: a number that opens its rows, and how it stands to its target in colour, icon and word."""

    text: str
    url: str
    state: State | None
    depth: int
    label: Any


@dataclass(frozen=True)
class Row:
    """One line of the grid."""

    name: Any
    cells: Sequence[Cell]
    is_total: bool = False


@dataclass(frozen=True)
class Missing:
    """A gap in words: how many, to what, and who would close it."""

    name: Any
    count: str
    url: str
    target: str
    named: Sequence[Link]
    more: int
    state: State | None


def number_words(figure: Figure | Ratio, number: Any) -> str:
    """A value with its unit."""
    return words(number) if number is None or not isinstance(figure, Ratio) else f"{words(number)}%"


def target_words(reading: Reading) -> str:
    """The target with its unit and without idle zeros; nothing where there is none."""
    if reading.target is None:
        return ""
    return f"{reading.target.normalize():,f}{'%' if isinstance(reading.figure, Ratio) else ''}"


def signed(now_number: Any, then: Any) -> str:
    """The difference to a year before; nothing where either is missing."""
    return "" if now_number is None or then is None else f"{now_number - then:+,}".replace("-", "−")


def figure_card(one: Card, ask: Asked) -> FigureCard:
    """A figure as the component takes it: its parts, its target, the year before."""
    figure, number = one.reading.figure, one.reading.value
    made = card(figure, number, ask)
    parts = list(made.parts)
    if isinstance(figure, Figure):
        parts += [Part(cell.label, words(cell.value.number), rows_url(figure, by_form(ask), cell.key)) for cell in one.forms]
    if one.of_which and isinstance(one.of_which.figure, Figure):
        parts.append(Part(_("其中百人以上"), words(one.of_which.value.number), rows_url(one.of_which.figure, ask)))
    if one.reading.target is not None:
        parts.append(Part(_("目标"), target_words(one.reading)))
    before = one.last_year.number
    parts.append(Part(_("去年同期"), f"{number_words(figure, before)} {signed(number.number, before)}".strip()))
    return replace(made, parts=parts, state=one.reading.state)


def by_form(ask: Asked) -> Asked:
    """The same, broken down by the form of coverage."""
    return replace(ask, by="form")


def cell(reading: Reading, ask: Asked, key: str, name: Any) -> Cell:
    """A number of the grid; it opens as many rows as it says, of a rate those that count."""
    figure = reading.figure
    opened = figure.above if isinstance(figure, Ratio) else figure
    text = words(reading.value.number)
    label = f"{name} {figure.label} {text}{' ' + str(reading.state.label) if reading.state else ''}"
    return Cell(text, rows_url(opened, ask, key), reading.state, reading.depth, label)


def row(line: Line, ask: Asked, *, is_total: bool = False) -> Row:
    """A union of the grid, or the whole."""
    name = line.name or _("未定")
    return Row(name, [cell(reading, ask, line.key, name) for reading in line.readings], is_total)


def missing(gap: Gap, ask: Asked) -> Missing:
    """A gap as the page says it."""
    lacking, reading = figures[queries.LACKING], gap.line.readings[0]
    assert isinstance(lacking, Figure)
    page = detail_urls.get(lacking.sheet.code)
    named = [Link(str(one), record_url(page, one)) for one in gap.named]
    count, url = gap.line.missing, rows_url(lacking, ask, gap.line.key)
    return Missing(gap.line.name, words(count), url, target_words(reading), named, count - len(named), reading.state)


def record_url(page: str | None, one: Model) -> str:
    """The page of a record, if there is one."""
    return reverse(page, args=[one.public_id]) if page else ""  # type: ignore[attr-defined]


def drawing(trend: Trend) -> Chart | None:
    """The trend as a chart."""
    months = [_("%(month)s月") % {"month": day.month} for day in trend.days]
    this, last = ([one.number for one in series] for series in (trend.this, trend.last))
    return chart(months, this, last, trend.target, (_("本年"), _("上年")))


def trend_table(trend: Trend) -> list[tuple[str, list[str]]]:
    """The numbers of the chart."""
    pairs = list(zip(trend.this, trend.last, strict=True))
    return [
        (_("本年"), [words(this.number) for this, _last in pairs]),
        (_("上年"), [words(last.number) for _this, last in pairs]),
        (_("相差"), [signed(this.number, last.number) or "—" for this, last in pairs]),
    ]


def shown(request: DeskRequest) -> dict[str, Any]:
    """Everything on the page."""
    ask = asked(request)
    ask = replace(ask, by="street" if ask.scope.basis == "place" else "managing")
    cards = queries.cards(ask.scope, ask.when, request.actor)
    grid = queries.grid(ask.scope, ask.when, ask.by, request.actor)
    trend = queries.trend(ask.scope, ask.on, request.actor)
    gaps = queries.gaps(grid.lines, ask.scope, ask.on, ask.by, request.actor)
    return {
        "cards": [figure_card(one, ask) for one in cards],
        "heads": [(reading.figure, target_words(reading)) for reading in grid.total.readings],
        "rows": [row(line, ask) for line in grid.lines],
        "total": row(replace(grid.total, name=_("合计")), ask, is_total=True),
        "gaps": [missing(gap, ask) for gap in gaps],
        "more_gaps": sum(line.missing > 0 for line in grid.lines) - len(gaps),
        "missing": grid.total.missing,
        "has_target": grid.total.readings[0].target is not None,
        "chart": drawing(trend),
        "trend": trend,
        "trend_rows": trend_table(trend),
        "trend_url": page_url("figure", trend.figure, ask),
        "paper_url": f"{reverse('dashboards:paper')}?{ask.query()}",
        "targets_url": reverse("web:targets"),
        "has_flows": True,
        **scope_context(request, ask),
    }


@desk.page("dashboards.view")
def overview(request: DeskRequest) -> HttpResponse:
    """数据总览."""
    return render(request, "dashboards/desk/overview.html", shown(request))


@desk.page("dashboards.view")
def paper(request: DeskRequest) -> HttpResponse:
    """The page on one sheet, as a PDF."""
    context = shown(request)
    content = typeset(TEMPLATE, on_paper(context, request.actor.name))
    name = f"{context['ask'].on.isoformat()}.pdf"
    headers = {"Content-Disposition": f'inline; filename="overview-{name}"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def on_paper(context: dict[str, Any], who: str) -> dict[str, Any]:
    """The page as plain texts and numbers for the typesetter."""
    ask: Asked = context["ask"]
    return {
        "title": _("数据总览"),
        "scope": ask.scope.organisation.name,
        "days": str(ask.when),
        "made": _("%(at)s，%(who)s") % {"at": f"{now().astimezone():%Y-%m-%d %H:%M}", "who": who},
        "cards": [paper_card(one) for one in context["cards"]],
        "gaps": [gap_words(one) for one in context["gaps"]],
        "heads": [
            [str(figure.label), target and _("目标 %(target)s") % {"target": target}] for figure, target in context["heads"]
        ],
        "place": _("街道（系统）"),
        "rows": [paper_row(one) for one in (*context["rows"], context["total"])],
        "trend_title": str(context["trend"].figure.label),
        "months": [day.isoformat()[:7] for day in context["trend"].days],
        "trend": [[label, *numbers] for label, numbers in context["trend_rows"]],
        "definitions": [f"{one.label}：{one.definition}" for one in context["cards"]],
    }


def paper_card(one: FigureCard) -> dict[str, Any]:
    """A figure on paper."""
    return {
        "label": str(one.label),
        "value": one.value,
        "unit": str(one.unit),
        "state": str(one.state.label) if one.state else "",
        "parts": [[str(part.label), part.value] for part in one.parts],
    }


def paper_row(one: Row) -> dict[str, Any]:
    """A line of the grid on paper."""
    cells = [[cell.text, str(cell.state.label) if cell.state else "", cell.depth] for cell in one.cells]
    return {"name": str(one.name), "cells": cells, "is_total": one.is_total}


def gap_words(one: Missing) -> str:
    """A gap in one sentence."""
    said = _("%(name)s还差 %(count)s 家达到 %(target)s") % {"name": one.name, "count": one.count, "target": one.target}
    names = enumerated(link.label for link in one.named)
    return f"{said}{_('：')}{names}" if names else said
