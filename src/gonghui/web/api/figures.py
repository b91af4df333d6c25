"""The figures: their definitions, their value on a day or over a period, and the rows behind it."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _
from ninja import Field, Query, Schema
from pydantic import ConfigDict

from gonghui.core.actions.action import Refused
from gonghui.core.actions.door import beyond_scope
from gonghui.core.figures.models import ReportedFigure
from gonghui.core.figures.periods import Kind, Period
from gonghui.core.figures.printed import against, denominators
from gonghui.core.figures.registry import NO_KEY, Basis, Figure, Ratio, Scope, Value, breakdown, by_names, figures, rows, value
from gonghui.core.organisations.models import Organisation
from gonghui.core.organisations.queries import key_of, public_ids, territories
from gonghui.kit.dates import today
from gonghui.kit.text import enumerated
from gonghui.web.api import lists
from gonghui.web.api.entrance import ApiRequest, endpoint, router
from gonghui.web.api.lists import ListQuery

EARLIEST = dt.date(1990, 1, 1)
WHY = "the rows behind a figure of a scope that was checked"
routes = router("figures")


class DimensionOut(Schema):
    """A way to break a figure down."""

    code: str
    label: str


class FigureOut(Schema):
    """What a figure counts."""

    code: str
    label: str
    unit: str
    definition: str = Field(description="what is counted")
    version: int = Field(description="of the definition")
    is_flow: bool = Field(description="whether it counts what happened in a period, or what there was on a day")
    above: str | None = Field(None, description="of a ratio: the figure above the line")
    below: str | None = Field(None, description="of a ratio: the figure below the line")
    dimensions: list[DimensionOut]


class NumberOut(Schema):
    """A number, or for a ratio its two parts as well; empty for a ratio of nothing."""

    number: float | None
    above: float | None = None
    below: float | None = None


class CellOut(NumberOut):
    """One row of a breakdown."""

    key: str
    label: str


class PrintedOut(Schema):
    """What a paper printed of the lower part of a ratio, of this scope and these days."""

    id: UUID
    number: float
    precision: str = Field(description="exact, about or more")
    source: str
    page: str
    passage: str


class ValueOut(NumberOut):
    """A figure of a scope on a day, or over the days from `since` to `on`."""

    figure: str
    scope: UUID
    scope_name: str
    basis: str
    since: dt.date
    on: dt.date
    cells: list[CellOut] | None = Field(None, description="by the dimension `by`, where one is asked for")
    denominators: list[PrintedOut] = Field(description="of a ratio: printed values by which it may be divided instead")
    divided_by: UUID | None = Field(None, description="the printed value that `below` is; empty where it is counted")


class FiguresOut(Schema):
    """Every figure there is."""

    items: list[FigureOut]


class RowsOut(Schema):
    """The rows behind a value, page by page; the columns are those of the figure's list."""

    count: int | None = None
    items: list[dict[str, Any]]
    next: UUID | None = None


class Asked(Schema):
    """Of which scope and which days."""

    model_config = ConfigDict(extra="forbid")

    scope: UUID | None = Field(None, description="a union; without it one's own territory")
    basis: Basis = Field("managing", description="rows found by managing union, or by place")
    on: dt.date | None = Field(None, description="as of the end of this day; without it today")
    period: Kind | None = Field(None, description="of a flow: the period that ends on `on`; a free one starts on `since`")
    since: dt.date | None = Field(None, description="first day of a free period")
    by: str | None = Field(None, max_length=20, description="the dimension to break it down by")


class ValueAsked(Asked):
    """By a printed value instead of what is counted, if so wished."""

    below: UUID | None = Field(
        None, description="of a ratio: the id of one of its `denominators`, to be divided by; it has no cells"
    )


class RowsAsked(Asked, ListQuery):
    """One cell of a breakdown, or all rows."""

    key: str | None = Field(None, max_length=40, description="one value of `by`, as `key` of a cell")


@endpoint(routes.get, "/figures", "figures.view", FiguresOut)
def figure_list(request: ApiRequest) -> Any:
    """Every figure with its definition."""
    return {"items": [defined(one) for one in figures.values()]}


@endpoint(routes.get, "/figures/{code}", "figures.view", ValueOut, 404)
def figure(request: ApiRequest, code: str, query: Query[ValueAsked]) -> Any:
    """A figure's value, and its breakdown if one is asked for."""
    found, scope = known(code), scope_of(request, query)
    period = found.period(days(query))
    printed = denominators(found, scope, period, request.actor)
    divided_by = divisor(printed, query)
    if isinstance(found, Ratio) and divided_by:
        total = against(found, scope, period, divided_by, actor=request.actor)
    else:
        total = value(found, scope, period, actor=request.actor)
    answer: dict[str, Any] = {
        "figure": code,
        "scope": scope.organisation.public_id,
        "scope_name": scope.organisation.name,
        "basis": scope.basis,
        "since": period.start,
        "on": period.end,
        **numbers(total),
        "denominators": [told(one) for one in printed],
        "divided_by": query.below,
    }
    if query.by:
        cells = breakdown(found, scope, period, dimension(found, query.by), actor=request.actor)
        keys = public_keys(found, query.by, [cell.key for cell in cells])
        answer["cells"] = [
            {"key": keys.get(cell.key, cell.key), "label": str(cell.label), **numbers(cell.value)} for cell in cells
        ]
    return answer


@endpoint(routes.get, "/figures/{code}/rows", "figures.view", RowsOut, 404)
def figure_rows(request: ApiRequest, code: str, query: Query[RowsAsked]) -> Any:
    """The rows behind a value or a cell: their number or sum is the value. A ratio has none; ask its two parts."""
    found, scope = known(code), scope_of(request, query)
    if isinstance(found, Ratio):
        raise Http404
    by = dimension(found, query.by) if query.by and query.key else ""
    period = found.period(days(query))
    try:
        behind = rows(found, scope, period, actor=request.actor, by=by, key=private_key(found, by, query.key or ""))
        with beyond_scope(WHY):
            return lists.answer(found.sheet, behind, query, request.actor)
    except ValueError as error:  # a key that is no key of this dimension
        raise Refused(_("没有这一项，请用 cells 里的 key"), field="key") from error


def divisor(printed: Sequence[ReportedFigure], query: ValueAsked) -> ReportedFigure | None:
    """The printed value asked for. Refused for one that is none of them, and where cells are asked for, which papers do not print."""
    if query.below is None:
        return None
    if query.by:
        raise Refused(_("见报的分母没有分组"), field="by")
    for one in printed:
        if one.public_id == query.below:
            return one
    raise Refused(_("这个范围、这些日子没有这个见报的分母"), field="below")


def told(printed: ReportedFigure) -> dict[str, Any]:
    """A printed value with its paper."""
    words = {name: getattr(printed, name) for name in ("precision", "source", "page", "passage")}
    return {"id": printed.public_id, "number": float(printed.number), **words}


def known(code: str) -> Figure | Ratio:
    """The figure of this code, or 404."""
    if code not in figures:
        raise Http404
    return figures[code]


def defined(one: Figure | Ratio) -> dict[str, Any]:
    """A figure as it is described."""
    return {
        "code": one.code,
        "label": str(one.label),
        "unit": str(one.unit),
        "definition": str(one.definition),
        "version": one.version,
        "is_flow": one.is_flow,
        "above": one.above.code if isinstance(one, Ratio) else None,
        "below": one.below.code if isinstance(one, Ratio) else None,
        "dimensions": [{"code": way.code, "label": str(way.label)} for way in one.dimensions.values()],
    }


def numbers(found: Value) -> dict[str, float | None]:
    """A value as JSON has it."""
    parts = {"number": found.number, "above": found.above, "below": found.below}
    return {name: None if number is None else float(number) for name, number in parts.items()}


def scope_of(request: ApiRequest, query: Asked) -> Scope:
    """The scope asked for, or one's own. Refused for a union that one does not see."""
    visible = Organisation.objects.visible_to(request.actor).active()
    if query.scope is None:
        union = territories(request.actor).first() or visible.order_by("path").first()
    else:
        union = visible.filter(public_id=query.scope).first()
    if union is None:
        raise Refused(_("没有这个工会，或者您看不到它"), field="scope")
    return Scope(union, query.basis)


def days(query: Asked) -> dt.date | Period:
    """The day or the period asked for."""
    on = query.on or today()
    if not EARLIEST <= on <= today():
        raise Refused(_("日期应在 %(first)s 到今天之间") % {"first": EARLIEST.isoformat()}, field="on")
    if query.since and not EARLIEST <= query.since <= on:
        raise Refused(_("第一天应在 %(first)s 到截止日之间") % {"first": EARLIEST.isoformat()}, field="since")
    return Period.ending(on, query.period, query.since) if query.period else on


def dimension(found: Figure | Ratio, by: str) -> str:
    """The dimension asked for. Refused for one the figure does not have."""
    if by not in found.dimensions:
        raise Refused(_("只能按这些分组：%(codes)s") % {"codes": enumerated(found.dimensions)}, field="by")
    return by


def public_keys(found: Figure | Ratio, by: str, keys: Iterable[str]) -> dict[str, str]:
    """Keys of ours → public ids, where the cells are unions."""
    if found.dimensions[by].names is not by_names:
        return {}
    unions = public_ids(int(key) for key in keys if key != NO_KEY)
    return {str(key): str(public_id) for key, public_id in unions.items()}


def private_key(found: Figure | Ratio, by: str, key: str) -> str:
    """The same way back; ValueError for what is no id."""
    if not by or found.dimensions[by].names is not by_names or key == NO_KEY:
        return key
    pk = key_of(UUID(key))
    if pk is None:
        raise ValueError(key)
    return str(pk)
