"""Every figure: its value on a day, what it is made of, its breakdown, and the rows behind any cell."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from gonghui.core.actions.door import beyond_scope
from gonghui.core.figures.registry import Basis, Figure, Ratio, Scope, Value, breakdown, figures, rows, value
from gonghui.core.organisations.models import Organisation
from gonghui.core.organisations.queries import territories
from gonghui.web import desk
from gonghui.web.components import FigureCard, Link, Part
from gonghui.web.desk import DeskRequest
from gonghui.web.listing import Listing

EARLIEST = dt.date(1990, 1, 1)
detail_urls: dict[str, str] = {}  # sheet code → name of the page that shows one of its rows


@dataclass(frozen=True)
class Asked:
    """What the address asks for."""

    scope: Scope
    on: dt.date
    by: str

    def query(self, **changes: str) -> str:
        """The address part with some of it changed."""
        asked = {
            "scope": str(self.scope.organisation.public_id),
            "on": self.on.isoformat(),
            "basis": self.scope.basis,
            "by": self.by,
        }
        return urlencode({key: text for key, text in {**asked, **changes}.items() if text})


def asked(request: DeskRequest) -> Asked:
    """Reads scope, day and breakdown from the address; what cannot be read falls back to today and one's own union."""
    unions = territories(request.actor)
    if not request.actor.can("figures.view"):
        raise Http404
    own = Organisation.objects.visible_to(request.actor).active().order_by("path")
    scope = chosen(own, request.GET.get("scope", "")) or unions.first() or own.first()
    if scope is None:
        raise Http404
    try:
        on = parse_date(request.GET.get("on", "")) or timezone.localdate()
    except ValueError:
        on = timezone.localdate()
    basis: Basis = "place" if request.GET.get("basis") == "place" else "managing"
    return Asked(Scope(scope, basis), min(max(on, EARLIEST), timezone.localdate()), request.GET.get("by", "")[:20])


def chosen(unions: Any, text: str) -> Organisation | None:
    """The visible union with this id."""
    try:
        return unions.filter(public_id=UUID(text)).first() if text else None  # type: ignore[no-any-return]
    except ValueError:
        return None


def known(code: str) -> Figure | Ratio:
    """The figure of this code, or 404."""
    if code not in figures:
        raise Http404
    return figures[code]


def words(number: Any) -> str:
    """A number with thousands separated; a dash for a ratio of nothing."""
    return "—" if number is None else f"{number:,}"


def rows_url(figure: Figure, ask: Asked, key: str = "") -> str:
    """Where the rows behind a value or a cell are."""
    return f"{reverse('web:figure_rows', args=[figure.code])}?{ask.query(key=key, by=ask.by if key else '')}"


def card(figure: Figure | Ratio, found: Value, ask: Asked) -> FigureCard:
    """A figure with its parts; a ratio opens into the two figures it is made of."""
    parts: list[Part] = []
    if isinstance(figure, Ratio):
        for one, number in ((figure.above, found.above), (figure.below, found.below)):
            parts.append(Part(one.label, words(number), rows_url(one, ask)))
    url = rows_url(figure.above if isinstance(figure, Ratio) else figure, ask)
    page = f"{reverse('web:figure', args=[figure.code])}?{ask.query()}"
    return FigureCard(figure.label, words(found.number), ask.on, figure.definition, figure.unit, url, parts, page_url=page)


@desk.page("figures.view")
def index(request: DeskRequest) -> HttpResponse:
    """All figures of a scope on a day."""
    ask = asked(request)
    ordered = sorted(figures.values(), key=lambda figure: not isinstance(figure, Ratio))
    cards = [card(figure, value(figure, ask.scope, ask.on, actor=request.actor), ask) for figure in ordered]
    context = {"cards": cards, **scope_context(request, ask)}
    return render(request, "web/figures.html", context)


def scope_context(request: DeskRequest, ask: Asked) -> dict[str, Any]:
    """What the scope form of a figure page needs."""
    return {"ask": ask, "unions": territories(request.actor), "today": timezone.localdate()}


@desk.page("figures.view")
def figure(request: DeskRequest, code: str) -> HttpResponse:
    """One figure, broken down."""
    found, ask = known(code), asked(request)
    by = ask.by if ask.by in found.dimensions else "managing"
    ask = Asked(ask.scope, ask.on, by)
    total = value(found, ask.scope, ask.on, actor=request.actor)
    one = found.below if isinstance(found, Ratio) else found
    lines = []
    for cell in breakdown(found, ask.scope, ask.on, by, actor=request.actor):
        parts = [cell.value.above, cell.value.below] if isinstance(found, Ratio) else []
        columns = [found.above, found.below] if isinstance(found, Ratio) else []
        links = [Link(words(number), rows_url(column, ask, cell.key)) for number, column in zip(parts, columns, strict=True)]
        number = Link(words(cell.value.number), "" if isinstance(found, Ratio) else rows_url(one, ask, cell.key))
        lines.append((cell.label or _("未定"), [*links, number]))
    context = {
        "figure": found,
        "card": card(found, total, ask),
        "lines": lines,
        "heads": [found.above.label, found.below.label, found.label] if isinstance(found, Ratio) else [found.label],
        "dimensions": [
            Link(one.label, f"?{ask.query(by=one.code)}", current=one.code == by) for one in found.dimensions.values()
        ],
        **scope_context(request, ask),
    }
    return render(request, "web/figure.html", context)


@desk.page("figures.view")
def figure_rows(request: DeskRequest, code: str) -> HttpResponse:
    """The rows behind a value or a cell: as many as it says."""
    found, ask = known(code), asked(request)
    if isinstance(found, Ratio) or (ask.by and ask.by not in found.dimensions):
        raise Http404
    key = request.GET.get("key", "")[:40]
    try:
        behind = rows(found, ask.scope, ask.on, actor=request.actor, by=ask.by if key else "", key=key)
    except ValueError as error:  # a key that is no key of this dimension
        raise Http404 from error
    page = detail_urls.get(found.sheet.code)
    with beyond_scope("the rows behind a figure of a scope that was checked"):
        listing = Listing(
            request, found.sheet, behind, detail_url=lambda row: reverse(page, args=[row.public_id]) if page else ""
        )
        context = {
            "listing": listing,
            "figure": found,
            "ask": ask,
            "back": f"{reverse('web:figure', args=[code])}?{ask.query()}",
        }
        return render(request, listing.template("web/figure_rows.html"), context)
