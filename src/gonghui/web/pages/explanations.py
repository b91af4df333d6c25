"""Why a figure changed: from one day to another, and from what was published to what is counted now."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from gonghui.core.figures.explanation import Explained, Explanation, Line, explain, explain_frozen, first_listed, listed
from gonghui.core.figures.models import FrozenFigure
from gonghui.core.figures.queries import last_frozen
from gonghui.core.figures.registry import Cause, Figure, Ratio, Term
from gonghui.kit.columns import Column, Sheet
from gonghui.kit.text import beside
from gonghui.web import desk
from gonghui.web.components import Link
from gonghui.web.desk import DeskRequest
from gonghui.web.pages.figures import (
    Asked,
    asked,
    detail_urls,
    known,
    page_url,
    rows_page,
    scope_context,
    words,
)

NAMED = 8  # rows of a term named on the page itself; all of them are one click away


@dataclass(frozen=True)
class Told:
    """One line of the table: what changed, by how much, and who."""

    label: Any
    amount: str
    url: str = ""
    named: Sequence[Link] = ()
    more: int = 0
    is_end: bool = False


@dataclass(frozen=True)
class Account:
    """One figure's table, or that of one part of a rate."""

    label: Any
    lines: Sequence[Told]


def signed(amount: int | Decimal) -> str:
    """A change with its sign; rows that only changed their kind are ±0."""
    return "±0" if not amount else f"{amount:+,}".replace("-", "−")


def account(part: Explained, ask_url: str, *, start: str, end: str, on: Any) -> Account:
    """Start, what came, what left, end."""
    lines = [Told(start, words(part.start), is_end=True)]
    lines += [told(part.figure, line, f"{ask_url}&part={part.figure.code}&term={line.code}", on) for line in part.lines]
    return Account(part.figure.label, [*lines, Told(end, words(part.end), is_end=True)])


def told(figure: Figure, line: Line, url: str, on: Any) -> Told:
    """A term with the first of its rows by name."""
    page = detail_urls.get(figure.sheet.code)
    shown = first_listed(figure, line.rows, on, NAMED)
    links = [Link(str(row), reverse(page, args=[row.public_id]) if page else "") for row in shown]
    return Told(line.term.label, signed(line.amount), url, links, len(line.rows) - len(links))


def summary(explained: Explanation) -> str:
    """The differences in one sentence: +1 补录，−1 撤销; one term is told once for all parts that it touches."""
    found = {(line.code, line.term.label): line.amount for part in explained.parts for line in part.lines if line.amount}
    return beside(f"{signed(amount)} {label}" for (_code, label), amount in found.items())


def cause_sheet(sheet: Sheet, line: Line) -> Sheet:
    """The figure's own list with the reason of each row."""

    def of(name: str) -> Any:
        return lambda row: getattr(line.rows.get(row.pk, NOTHING), name)

    return replace(
        sheet,
        columns=(
            *sheet.columns,
            Column("cause", gettext_lazy("原因"), accessor=lambda row: line.term.label),
            Column("cause_detail", gettext_lazy("说明"), accessor=of("detail")),
            Column("cause_on", pgettext_lazy("of a change", "日期"), kind="date", accessor=of("on")),
            Column("cause_recorded", gettext_lazy("登记"), kind="date", accessor=of("recorded"), p3=True),
        ),
    )


NOTHING = Cause(Term("", ""))


def term_rows(request: DeskRequest, explained: Explanation, ask: Asked, back: str) -> HttpResponse:
    """The rows of one term of one part: exactly those it counts."""
    part = explained.part(request.GET.get("part", "")[:60])
    line = part.line(request.GET["term"][:40]) if part else None
    if part is None or line is None:
        raise Http404
    about = _("%(figure)s：%(term)s %(amount)s") % {
        "figure": part.figure.label,
        "term": line.term.label,
        "amount": signed(line.amount),
    }
    context = {"figure": part.figure, "ask": ask, "back": back, "about": about}
    return rows_page(request, cause_sheet(part.figure.sheet, line), lambda: listed(part.figure, line.rows, ask.on), context)


@desk.page("figures.view")
def explained(request: DeskRequest, code: str) -> HttpResponse:
    """From one day to another; where the first was published, from what was published."""
    figure, ask = known(code), asked(request)
    if figure.is_flow:
        raise Http404
    published = last_frozen(figure, ask.scope, ask.on, request.actor)
    if ask.since is None and published:
        ask = replace(ask, since=published.until)
    found = explain(figure, ask.scope, ask.start, ask.on, actor=request.actor)
    if "term" in request.GET:
        return term_rows(request, found, ask, page_url("figure_explained", figure, ask))
    url = page_url("figure_explained", figure, ask)
    context = {
        "figure": figure,
        "accounts": accounts(found, url, ask, ends=(ask.start.isoformat(), ask.on.isoformat())),
        "start": value_words(figure, found.start.number),
        "end": value_words(figure, found.end.number),
        "published": published if published and published.until == ask.start else None,
        "figure_url": page_url("figure", figure, ask),
        **since_published(request, published, figure, ask),
        **scope_context(request, ask),
    }
    return render(request, "web/figures/explained.html", context)


def accounts(found: Explanation, url: str, ask: Asked, *, ends: tuple[str, str]) -> list[Account]:
    """The tables of all parts; `ends` name their first and last line."""
    start, end = ends
    return [account(part, url, start=start, end=end, on=ask.on) for part in found.parts]


def since_published(request: DeskRequest, published: FrozenFigure | None, figure: Figure | Ratio, ask: Asked) -> dict[str, Any]:
    """What was entered since the first day was published, if it was."""
    if published is None or published.until != ask.start:
        return {}
    found = explain_frozen(published, figure, actor=request.actor)
    return {
        "published_words": value_words(figure, published.number),
        "published_url": reverse("web:frozen_figure", args=[published.public_id]),
        "published_summary": summary(found),
    }


def value_words(figure: Figure | Ratio, number: int | Decimal | None) -> str:
    """A value with its unit."""
    return words(number) if number is None else f"{words(number)}{figure.unit}"
