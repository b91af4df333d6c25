"""Every figure: its value on a day or in a period, what it is made of, its breakdown, and the rows behind any cell."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from gonghui.core.actions.door import beyond_scope
from gonghui.core.figures.models import ReportedFigure
from gonghui.core.figures.periods import KINDS, Kind, Period
from gonghui.core.figures.printed import against, cited, denominators
from gonghui.core.figures.queries import beside, last_frozen
from gonghui.core.figures.registry import Basis, Cell, Figure, Ratio, Scope, Value, breakdown, figures, rows, value
from gonghui.core.organisations.models import Organisation
from gonghui.core.organisations.queries import territories
from gonghui.kit.columns import Sheet
from gonghui.kit.dates import today
from gonghui.web import desk
from gonghui.web.components import FigureCard, Link, Part
from gonghui.web.desk import DeskRequest
from gonghui.web.listing import Listing

EARLIEST = dt.date(1990, 1, 1)
detail_urls: dict[str, str] = {}  # sheet code → name of the page that shows one of its rows


@dataclass(frozen=True)
class Asked:
    """What the address asks for: whose rows, up to which day, since when (for flows and explanations), broken down by what; of a rate
    by which printed value it is divided (`below`, the public id), instead of what is counted."""

    scope: Scope
    on: dt.date
    by: str = ""
    kind: Kind = "year"
    since: dt.date | None = None
    below: str = ""

    @property
    def when(self) -> Period:
        """The days for a flow; a stock takes their last one."""
        return Period.ending(self.on, self.kind, self.since)

    @property
    def start(self) -> dt.date:
        """From which day on a change is to be explained: the one asked for, else the last day of the month before."""
        return min(self.since or self.on.replace(day=1) - dt.timedelta(days=1), self.on)

    def query(self, **changes: str) -> str:
        """The address part with some of it changed."""
        asked = {
            "scope": str(self.scope.organisation.public_id),
            "on": self.on.isoformat(),
            "basis": self.scope.basis,
            "by": self.by,
            "kind": "" if self.kind == "year" else self.kind,
            "from": self.since.isoformat() if self.since else "",
            "below": self.below,
        }
        return urlencode({key: text for key, text in {**asked, **changes}.items() if text})


def asked(request: DeskRequest) -> Asked:
    """Reads scope, days and breakdown from the address; what cannot be read falls back to today and one's own union."""
    if not request.actor.can("figures.view"):
        raise Http404
    own = Organisation.objects.visible_to(request.actor).active().order_by("path")
    scope = chosen(own, request.GET.get("scope", "")) or territories(request.actor).first() or own.first()
    if scope is None:
        raise Http404
    basis: Basis = "place" if request.GET.get("basis") == "place" else "managing"
    on = day(request.GET.get("on", "")) or today()
    kind: Kind = next((one for one in KINDS if one == request.GET.get("kind")), "year")
    by, below = request.GET.get("by", "")[:20], request.GET.get("below", "")[:40]
    return Asked(Scope(scope, basis), on, by, kind, day(request.GET.get("from", "")), below)


def day(text: str) -> dt.date | None:
    """A day of the address, no later than today; None where there is none."""
    try:
        found = parse_date(text)
    except ValueError:
        return None
    return min(max(found, EARLIEST), today()) if found else None


def chosen(unions: QuerySet[Organisation], text: str) -> Organisation | None:
    """The visible union with this id."""
    try:
        return unions.filter(public_id=UUID(text)).first() if text else None
    except ValueError:
        return None


def known(code: str) -> Figure | Ratio:
    """The figure of this code, or 404."""
    if code not in figures:
        raise Http404
    return figures[code]


def words(number: Any) -> str:
    """A number with thousands separated; a dash for a ratio of nothing."""
    return "—" if number is None else f"{number:,}".replace("-", "−")


def rows_url(figure: Figure, ask: Asked, key: str = "") -> str:
    """Where the rows behind a value or a cell are."""
    return f"{reverse('web:figure_rows', args=[figure.code])}?{ask.query(key=key, by=ask.by if key else '', below='')}"


def page_url(name: str, figure: Figure | Ratio, ask: Asked, **changes: str) -> str:
    """A page of a figure."""
    return f"{reverse(f'web:{name}', args=[figure.code])}?{ask.query(**changes)}"


def days_words(figure: Figure | Ratio, ask: Asked) -> str:
    """Since when a flow is counted; nothing for a stock."""
    period = figure.period(ask.when)
    return _("%(day)s 起") % {"day": period.start.isoformat()} if figure.is_flow else ""


def card(figure: Figure | Ratio, found: Value, ask: Asked) -> FigureCard:
    """A figure with its parts; a ratio opens into the two figures it is made of."""
    parts: list[Part] = []
    if isinstance(figure, Ratio):
        for one, number in ((figure.above, found.above), (figure.below, found.below)):
            parts.append(Part(one.label, words(number), rows_url(one, ask)))
    return FigureCard(
        figure.label,
        words(found.number),
        ask.on,
        figure.definition,
        figure.unit,
        rows_url(figure.above if isinstance(figure, Ratio) else figure, ask),
        parts,
        compared=days_words(figure, ask),
        page_url=page_url("figure", figure, ask),
        explain_url="" if figure.is_flow else page_url("figure_explained", figure, ask),
    )


@desk.page("figures.view")
def index(request: DeskRequest) -> HttpResponse:
    """All figures of a scope: rates first, then what there is, then what happened."""
    ask = asked(request)
    ordered = sorted(figures.values(), key=lambda figure: (not isinstance(figure, Ratio), figure.is_flow))
    cards = [card(figure, value(figure, ask.scope, ask.when, actor=request.actor), ask) for figure in ordered]
    return render(request, "web/figures.html", {"cards": cards, "has_flows": True, **scope_context(request, ask)})


def scope_context(request: DeskRequest, ask: Asked) -> dict[str, Any]:
    """What the scope form of a figure page needs."""
    return {"ask": ask, "unions": territories(request.actor), "today": today(), "kinds": KINDS.items()}


def lines(figure: Figure | Ratio, cells: list[Cell], ask: Asked) -> list[tuple[Any, list[Link]]]:
    """The cells of a breakdown as the table shows them: of a ratio its parts and the rate, each number opening its rows."""
    found = []
    for cell in cells:
        if isinstance(figure, Ratio):
            parts = ((figure.above, cell.value.above), (figure.below, cell.value.below))
            links = [Link(words(number), rows_url(one, ask, cell.key)) for one, number in parts]
            links.append(Link(words(cell.value.number)))
        else:
            links = [Link(words(cell.value.number), rows_url(figure, ask, cell.key))]
        found.append((cell.label or _("未定"), links))
    return found


@desk.page("figures.view")
def figure(request: DeskRequest, code: str) -> HttpResponse:
    """One figure, broken down; beside it what was published for that day, and what papers said."""
    found, ask = known(code), asked(request)
    by = ask.by if ask.by in found.dimensions else "managing"
    printed = denominators(found, ask.scope, ask.when, request.actor)
    divided_by = next((one for one in printed if str(one.public_id) == ask.below), None)
    ask = replace(ask, by=by, below=ask.below if divided_by else "")
    counted: Figure | Ratio
    if isinstance(found, Ratio) and divided_by:
        told, counted = printed_card(found, divided_by, ask, request), found.above  # a paper prints no cells
    else:
        told, counted = card(found, value(found, ask.scope, ask.when, actor=request.actor), ask), found
    frozen, reported = beside(found, ask.scope, ask.on, request.actor)
    context = {
        "figure": found,
        "card": told,
        "denominators": ways_to_divide(printed, ask),
        "divided_by": divided_by,
        "lines": lines(counted, breakdown(counted, ask.scope, ask.when, by, actor=request.actor), ask),
        "heads": [counted.above.label, counted.below.label, counted.label] if isinstance(counted, Ratio) else [counted.label],
        "dimensions": [
            Link(one.label, f"?{ask.query(by=one.code)}", current=one.code == by) for one in found.dimensions.values()
        ],
        "has_flows": found.is_flow,
        "frozen": [
            Link(one.occasion, reverse("web:frozen_figure", args=[one.public_id]), f"{words(one.number)}{found.unit}")
            for one in frozen
        ],
        "reported": [
            Link(one.source, reverse("web:reported_figure", args=[one.public_id]), f"{words(one.number)}{found.unit}")
            for one in reported
        ],
        "last_frozen": last_frozen(found, ask.scope, ask.on, request.actor),
        "steps": steps(request, found, ask),
        **scope_context(request, ask),
    }
    return render(request, "web/figure.html", context)


def printed_card(figure: Ratio, printed: ReportedFigure, ask: Asked, request: DeskRequest) -> FigureCard:
    """A rate over a printed value, which opens its paper; there are no rows to explain its change by."""
    found = against(figure, ask.scope, ask.when, printed, actor=request.actor)
    told, paper = card(figure, found, ask), reverse("web:reported_figure", args=[printed.public_id])
    below = Part(_("%(figure)s（见报）") % {"figure": figure.below.label}, words(found.below), paper)
    label = _("%(figure)s（按见报数）") % {"figure": figure.label}
    return replace(told, label=label, parts=[told.parts[0], below], compared=cited(printed), explain_url="")


def ways_to_divide(printed: Sequence[ReportedFigure], ask: Asked) -> list[Link]:
    """By what is counted, or by what a paper printed; nothing to choose where no paper has."""
    if not printed:
        return []
    return [
        Link(_("按登记数"), f"?{ask.query(below='')}", current=not ask.below),
        *(
            Link(
                _("按见报数") if len(printed) == 1 else _("按见报数：%(source)s") % {"source": one.source},
                f"?{ask.query(below=str(one.public_id))}",
                current=str(one.public_id) == ask.below,
            )
            for one in printed
        ),
    ]


def steps(request: DeskRequest, figure: Figure | Ratio, ask: Asked) -> list[Link]:
    """What the user may do with this figure of this scope."""
    offered = (
        *([] if ask.below else [(_("定稿"), "figures.freeze", "freeze_figure", "lock")]),  # what is frozen is counted
        (_("登记见报数据"), "figures.report", "report_figure", "file-text"),
        (_("下达目标"), "figures.set_target", "set_target", "target"),
    )
    place = ask.scope.organisation.path
    return [
        Link(label, page_url(name, figure, ask), detail=icon)
        for label, permission, name, icon in offered
        if request.actor.can_at(permission, place)
    ]


@desk.page("figures.view")
def figure_rows(request: DeskRequest, code: str) -> HttpResponse:
    """The rows behind a value or a cell: as many as it says."""
    found, ask = known(code), asked(request)
    if isinstance(found, Ratio) or (ask.by and ask.by not in found.dimensions):
        raise Http404
    key = request.GET.get("key", "")[:40]
    try:
        behind = rows(found, ask.scope, ask.when, actor=request.actor, by=ask.by if key else "", key=key)
    except ValueError as error:  # a key that is no key of this dimension
        raise Http404 from error
    context = {"figure": found, "ask": ask, "back": page_url("figure", found, ask), "about": found.definition}
    return rows_page(request, found.sheet, lambda: behind, context, source=f"figure:{code}")


def rows_page(
    request: DeskRequest, sheet: Sheet, rows: Callable[[], QuerySet[Any]], context: Mapping[str, Any], *, source: str = ""
) -> HttpResponse:
    """A list of rows of a scope that was checked: a past day's may have moved to holders that the user does not see."""
    page = detail_urls.get(sheet.code)
    with beyond_scope("the rows behind a figure of a scope that was checked"):
        listing = Listing(
            request,
            sheet,
            rows(),
            detail_url=lambda row: reverse(page, args=[row.public_id]) if page else "",
            is_counted=False,
        )
        listing.source = source or listing.source
        return render(request, listing.template("web/figure_rows.html"), {**context, "listing": listing})
