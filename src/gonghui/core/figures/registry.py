"""What figures there are, and how they are asked.

A figure is a queryset of rows for a scope and a day, and a measure over them. A ratio names two figures. Whoever asks must hold
`figures.view` at the scope; the counting itself runs beyond his scope, because a past day may hold rows that have since moved
to another holder.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from django.db.models import Aggregate, Count, QuerySet, Sum

from gonghui.core.actions.action import NotAllowed
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import beyond_scope
from gonghui.core.organisations.models import Kind, Organisation
from gonghui.kit.columns import Sheet
from gonghui.kit.text import Text

Basis = Literal["managing", "place"]
VIEW = "figures.view"
NO_KEY = "none"  # the address form of "no value", for rows without a street, a class …


@dataclass(frozen=True)
class Scope:
    """Which part of the tree: an organisation, and whether its rows are found by managing union or by place."""

    organisation: Organisation
    basis: Basis = "managing"

    @property
    def is_territory(self) -> bool:
        """Whether rows are those standing in one street, whoever manages them."""
        return self.basis == "place" and self.organisation.kind == Kind.STREET


@dataclass(frozen=True)
class Dimension:
    """A way to break rows down: the field to group by (after `prepare`), and how its keys read."""

    code: str
    label: Text
    field: str
    names: Callable[[list[Any]], Mapping[Any, Text]]
    prepare: Callable[[QuerySet[Any], dt.date], QuerySet[Any]] = lambda rows, on: rows


@dataclass(frozen=True)
class Figure:
    """A count or sum over rows."""

    code: str
    label: Text
    unit: Text
    definition: Text
    rows: Callable[[Scope, dt.date], QuerySet[Any]]
    measure: Aggregate
    dimensions: Mapping[str, Dimension]
    sheet: Sheet
    show: Callable[[QuerySet[Any]], QuerySet[Any]]


@dataclass(frozen=True)
class Ratio:
    """One figure over another, in per cent. May exceed 100 where its definition allows."""

    code: str
    label: Text
    definition: Text
    above: Figure
    below: Figure
    unit: Text = "%"

    @property
    def dimensions(self) -> Mapping[str, Dimension]:
        return self.below.dimensions


@dataclass(frozen=True)
class Value:
    """A figure's value in one cell: a number, or (for a ratio) its two parts."""

    number: int | Decimal | None  # None: a ratio of nothing
    above: int | Decimal | None = None
    below: int | Decimal | None = None

    @classmethod
    def of_parts(cls, above: int | Decimal, below: int | Decimal) -> "Value":
        """In per cent, half up to two decimals; none where there is nothing to divide by."""
        if not below:
            return cls(None, above, below)
        return cls((Decimal(above) * 100 / Decimal(below)).quantize(Decimal("0.01"), "ROUND_HALF_UP"), above, below)


@dataclass(frozen=True)
class Cell:
    """One row of a breakdown."""

    key: str
    label: Text
    value: Value


figures: dict[str, Figure | Ratio] = {}


def register(figure: Figure | Ratio) -> None:
    """Adds a figure; two of one name are a mistake."""
    if figure.code in figures:
        raise ValueError(f"two figures named {figure.code}")
    figures[figure.code] = figure


def figure(
    code: str,
    *,
    label: Text,
    unit: Text,
    definition: Text,
    sheet: Sheet,
    dimensions: Mapping[str, Dimension],
    measure: Aggregate | None = None,
    show: Callable[[QuerySet[Any]], QuerySet[Any]] = lambda rows: rows,
) -> Callable[[Callable[[Scope, dt.date], QuerySet[Any]]], Figure]:
    """Makes a function `(scope, on) → queryset` the rows of a figure; without a measure the rows are counted."""

    def wrap(rows: Callable[[Scope, dt.date], QuerySet[Any]]) -> Figure:
        made = Figure(code, label, unit, definition, rows, measure or Count("pk"), dimensions, sheet, show)
        register(made)
        return made

    return wrap


def ratio(code: str, *, label: Text, definition: Text, above: Figure, below: Figure) -> Ratio:
    """Registers one figure over another."""
    made = Ratio(code, label, definition, above, below)
    register(made)
    return made


def require(actor: Actor, scope: Scope) -> None:
    """NotAllowed unless the actor may see figures of this scope."""
    if not actor.can_at(VIEW, scope.organisation.path):
        raise NotAllowed(VIEW)


def _total(figure: Figure, scope: Scope, on: dt.date) -> int | Decimal:
    return figure.rows(scope, on).order_by().aggregate(value=figure.measure)["value"] or 0


def value(figure: Figure | Ratio, scope: Scope, on: dt.date, *, actor: Actor) -> Value:
    """The figure on a day: the state at the end of that day."""
    require(actor, scope)
    with beyond_scope("figures count dated facts of a scope that was checked"):
        if isinstance(figure, Ratio):
            return Value.of_parts(_total(figure.above, scope, on), _total(figure.below, scope, on))
        return Value(_total(figure, scope, on))


def _groups(figure: Figure, scope: Scope, on: dt.date, by: Dimension) -> dict[Any, int | Decimal]:
    rows = by.prepare(figure.rows(scope, on), on).order_by().values(by.field).annotate(value=figure.measure)
    return {row[by.field]: row["value"] or 0 for row in rows}


def breakdown(figure: Figure | Ratio, scope: Scope, on: dt.date, by: str, *, actor: Actor) -> list[Cell]:
    """The figure by one dimension; the cells add up to the value (a ratio's parts do)."""
    require(actor, scope)
    dimension = figure.dimensions[by]
    with beyond_scope("figures count dated facts of a scope that was checked"):
        if isinstance(figure, Ratio):
            above = _groups(figure.above, scope, on, dimension)
            below = _groups(figure.below, scope, on, dimension)
            values = {key: Value.of_parts(above.get(key, 0), below.get(key, 0)) for key in {*above, *below}}
        else:
            values = {key: Value(number) for key, number in _groups(figure, scope, on, dimension).items()}
        names = dimension.names([key for key in values if key is not None])
    return list(_cells(values, names))


def _cells(values: Mapping[Any, Value], names: Mapping[Any, Text]) -> Iterator[Cell]:
    """In the order of the names, the unnamed last."""
    order = {key: position for position, key in enumerate(names)}
    for key in sorted(values, key=lambda key: order.get(key, len(order))):
        yield Cell(NO_KEY if key is None else str(key), names.get(key, ""), values[key])


def rows(figure: Figure, scope: Scope, on: dt.date, *, actor: Actor, by: str = "", key: str = "") -> QuerySet[Any]:
    """The rows behind a value or cell, to be evaluated inside `beyond_scope`. Their number or sum is the value."""
    require(actor, scope)
    found = figure.rows(scope, on)
    if by:
        dimension = figure.dimensions[by]
        found = dimension.prepare(found, on)
        found = found.filter(**{f"{dimension.field}__isnull": True} if key == NO_KEY else {dimension.field: key})
    return figure.show(found)


def by_names(_keys: list[Any]) -> Mapping[Any, Text]:
    """Organisations in tree order: the names of a dimension whose keys are unions."""
    found = Organisation.objects.unscoped("names of the cells of a figure").filter(pk__in=_keys).order_by("kind", "code")
    return {union.pk: union.name for union in found}


__all__ = [
    "Cell",
    "Dimension",
    "Figure",
    "Ratio",
    "Scope",
    "Sum",
    "Value",
    "breakdown",
    "by_names",
    "figure",
    "figures",
    "ratio",
    "rows",
    "value",
]
