"""What figures there are, and how they are asked.

A figure is a queryset of rows for a scope and some days, and a measure over them: a stock is the state at the end of a day, a flow
what happened in a period. A ratio names two figures. Whoever asks must hold `figures.view` at the scope; the counting itself runs
beyond his scope, because a past day may hold rows that have since moved to another holder.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, TypeVar

from django.db.models import Aggregate, Count, Q, QuerySet, Sum
from django.db.models import Value as Constant

from gonghui.core.actions.action import NotAllowed
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import beyond_scope
from gonghui.core.actions.walls import below
from gonghui.core.figures.periods import Period, When
from gonghui.core.history.timeline import Part
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


def in_scope(scope: Scope, placed: str = "", unit: str = "organisation") -> Q:
    """The dated facts of a scope: of one union and what is below it, counting under a managing union, or standing in its street.

    `placed` is the way to a row with the columns `managing` and `street`, and `unit` its column of the union it is about.
    """
    if scope.is_territory:
        return Q(**{f"{placed}street": scope.organisation})
    return below([scope.organisation.path], f"{placed}managing__" if scope.organisation.is_managing else f"{placed}{unit}__")


@dataclass(frozen=True)
class Dimension:
    """A way to break rows down: the field to group by (after `prepare`), and how its keys read; `kept` is the field in what is kept."""

    code: str
    label: Text
    field: str
    names: Callable[[list[Any]], Mapping[Any, Text]]
    prepare: Callable[[QuerySet[Any], dt.date], QuerySet[Any]] = lambda rows, on: rows
    kept: str = ""


@dataclass(frozen=True)
class Kept:
    """What is kept beside the rows of a figure (kept.py): sums that together give the same, with those of its rows that are `newer`."""

    sums: Sequence[tuple[QuerySet[Any], Aggregate]]
    newer: Q | None = None


@dataclass(frozen=True)
class Term:
    """A reason why a figure changed, as it is called: 入册, 剔除, 补录 …"""

    code: str
    label: Text


@dataclass(frozen=True)
class Cause:
    """Why one row counts at one time and not at another: the reason, since which day, when it was written down, and who did what."""

    term: Term
    on: dt.date | None = None
    recorded: dt.datetime | None = None
    detail: Text = ""


@dataclass(frozen=True)
class Change:
    """Between the ends of which days rows came or left, and in which scope."""

    scope: "Scope"
    start: dt.date
    end: dt.date
    has_come: bool


@dataclass(frozen=True)
class Account:
    """How the rows of a figure account for themselves.

    `listed` gives every row as lists show it on a day, counted or not; `parts` are the tracked tables whose events tell what was
    corrected; `causes` names the reason for each row (by key) that came or left, `within` those that stayed and changed their kind.
    """

    listed: Callable[[dt.date], QuerySet[Any]]
    parts: Sequence[Part]
    causes: Callable[[Iterable[int], Change], Mapping[int, Cause]] = lambda keys, change: {}
    within: Callable[[dt.date, dt.date], Mapping[int, Cause]] = lambda start, end: {}


@dataclass(frozen=True)
class Figure:
    """A count or sum over rows. A flow is asked of a period, a stock of its last day.

    `kept` gives what is kept for a scope and a day, if anything is.
    """

    code: str
    label: Text
    unit: Text
    definition: Text
    rows: Callable[[Scope, Period], QuerySet[Any]]
    dimensions: Mapping[str, Dimension]
    sheet: Sheet
    measure: Aggregate = Count("pk")
    show: Callable[[QuerySet[Any]], QuerySet[Any]] = lambda rows: rows
    is_flow: bool = False
    version: int = 1  # of the definition; a frozen value remembers it
    account: Account | None = None
    kept: Callable[[Scope, dt.date], Kept | None] = lambda scope, on: None

    def period(self, when: When) -> Period:
        """The days it counts: a stock the last one; a flow that is asked of a day the year up to it."""
        if isinstance(when, Period):
            return when if self.is_flow else Period.day(when.end)
        return Period.ending(when, "year" if self.is_flow else "day")


@dataclass(frozen=True)
class Ratio:
    """One figure over another, in per cent. May exceed 100 where its definition allows."""

    code: str
    label: Text
    definition: Text
    above: Figure
    below: Figure
    unit: Text = "%"
    version: int = 1

    @property
    def dimensions(self) -> Mapping[str, Dimension]:
        """Those that both parts have; each part is asked by its own."""
        return {code: one for code, one in self.below.dimensions.items() if code in self.above.dimensions}

    @property
    def is_flow(self) -> bool:
        return self.below.is_flow

    def period(self, when: When) -> Period:
        return self.below.period(when)


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


One = TypeVar("One", "Figure", "Ratio")
figures: dict[str, Figure | Ratio] = {}


def register(made: One) -> One:
    """Adds a figure; two of one name are a mistake."""
    if made.code in figures:
        raise ValueError(f"two figures named {made.code}")
    figures[made.code] = made
    return made


def figure(code: str, **declared: Any) -> Callable[[Callable[[Scope, dt.date], QuerySet[Any]]], Figure]:
    """Makes a function `(scope, on) → queryset` the rows of a stock; `declared` are the other fields of Figure."""

    def wrap(rows: Callable[[Scope, dt.date], QuerySet[Any]]) -> Figure:
        return register(Figure(code=code, rows=lambda scope, period: rows(scope, period.end), **declared))

    return wrap


def flow(code: str, **declared: Any) -> Callable[[Callable[[Scope, Period], QuerySet[Any]]], Figure]:
    """Makes a function `(scope, period) → queryset` the rows of a flow; `declared` are the other fields of Figure."""

    def wrap(rows: Callable[[Scope, Period], QuerySet[Any]]) -> Figure:
        return register(Figure(code=code, rows=rows, is_flow=True, **declared))

    return wrap


def ratio(code: str, *, label: Text, definition: Text, above: Figure, below: Figure) -> Ratio:
    """Registers one figure over another."""
    return register(Ratio(code, label, definition, above, below))


def named(code: str) -> Figure:
    """The figure of an area below, to make a ratio with. LookupError: no such figure."""
    found = figures[code]
    if isinstance(found, Ratio):
        raise LookupError(f"{code} is a ratio")
    return found


def require(actor: Actor, scope: Scope) -> None:
    """NotAllowed unless the actor may see figures of this scope."""
    if not actor.can_at(VIEW, scope.organisation.path):
        raise NotAllowed(VIEW)


def _summed(rows: QuerySet[Any], measure: Aggregate, fields: Sequence[str]) -> QuerySet[Any]:
    """The keys of each cell and its number; without fields one cell, of everything."""
    cells = rows.order_by().annotate(whole=Constant(0)).values(*fields or ["whole"]).annotate(value=measure)
    listed: QuerySet[Any] = cells.values_list(*fields or ["whole"], "value")
    return listed


def _parts(figure: Figure, scope: Scope, when: When, by: Sequence[str]) -> Iterator[QuerySet[Any]]:
    """What adds up to the figure: its rows; or, where it answers the question, what is kept for it and the few rows that are newer."""
    period, dimensions = figure.period(when), [figure.dimensions[code] for code in by]
    kept = figure.kept(scope, period.end) if all(one.kept for one in dimensions) else None
    for found, measure in kept.sums if kept else ():
        yield _summed(found, measure, [one.kept for one in dimensions])
    if kept is None or kept.newer is not None:
        rows = figure.rows(scope, period) if kept is None else figure.rows(scope, period).filter(kept.newer)
        for dimension in dimensions:
            rows = dimension.prepare(rows, period.end)
        yield _summed(rows, figure.measure, [one.field for one in dimensions])


def _counted(figure: Figure, scope: Scope, when: When, by: Sequence[str]) -> dict[tuple[Any, ...], int | Decimal]:
    """The keys of each cell, in the order of `by` → its number. A cell of nothing is none.

    All parts in one statement: between two, a job may move rows from what is newer to what is kept.
    """
    first, *others = _parts(figure, scope, when, by)
    found: dict[tuple[Any, ...], int | Decimal] = {}
    for *keys, number in first.union(*others, all=True) if others else first:
        key = tuple(keys) if by else ()
        found[key] = found.get(key, 0) + (number or 0)
    return {key: number for key, number in found.items() if number}


def _total(figure: Figure, scope: Scope, when: When) -> int | Decimal:
    return _counted(figure, scope, when, ()).get((), 0)


def value(figure: Figure | Ratio, scope: Scope, when: When, *, actor: Actor) -> Value:
    """A stock at the end of a day, a flow over a period."""
    require(actor, scope)
    with beyond_scope("figures count dated facts of a scope that was checked"):
        if isinstance(figure, Ratio):
            return Value.of_parts(*(_total(part, scope, when) for part in (figure.above, figure.below)))
        return Value(_total(figure, scope, when))


def _rates(above: Mapping[Any, int | Decimal], below: Mapping[Any, int | Decimal]) -> dict[Any, Value]:
    return {key: Value.of_parts(above.get(key, 0), below.get(key, 0)) for key in {*above, *below}}


def breakdown(figure: Figure | Ratio, scope: Scope, when: When, by: str, *, actor: Actor) -> list[Cell]:
    """The figure by one dimension; the cells add up to the value (a ratio's parts do)."""
    values = {key: found for (key,), found in cross_table(figure, scope, when, [by], actor=actor).items()}
    with beyond_scope("figures count dated facts of a scope that was checked"):
        names = figure.dimensions[by].names([key for key in values if key is not None])
    return list(_cells(values, names))


def cross_table(
    figure: Figure | Ratio, scope: Scope, when: When, by: Sequence[str], *, actor: Actor
) -> Mapping[tuple[Any, ...], Value]:
    """The figure by several dimensions at once: the keys of one cell, in the order of `by` → its value."""
    require(actor, scope)
    with beyond_scope("figures count dated facts of a scope that was checked"):
        if isinstance(figure, Ratio):
            return _rates(*(_counted(part, scope, when, by) for part in (figure.above, figure.below)))
        return {keys: Value(number) for keys, number in _counted(figure, scope, when, by).items()}


def _cells(values: Mapping[Any, Value], names: Mapping[Any, Text]) -> Iterator[Cell]:
    """In the order of the names, the unnamed last."""
    order = {key: position for position, key in enumerate(names)}
    for key in sorted(values, key=lambda key: order.get(key, len(order))):
        yield Cell(NO_KEY if key is None else str(key), names.get(key, ""), values[key])


def rows(figure: Figure, scope: Scope, when: When, *, actor: Actor, by: str = "", key: str = "") -> QuerySet[Any]:
    """The rows behind a value or cell, to be evaluated inside `beyond_scope`. Their number or sum is the value."""
    require(actor, scope)
    period = figure.period(when)
    found = figure.rows(scope, period)
    if by:
        dimension = figure.dimensions[by]
        found = dimension.prepare(found, period.end)
        found = found.filter(**{f"{dimension.field}__isnull": True} if key == NO_KEY else {dimension.field: key})
    return figure.show(found)


def by_names(_keys: list[Any]) -> Mapping[Any, Text]:
    """Organisations in tree order: the names of a dimension whose keys are unions."""
    found = Organisation.objects.unscoped("names of the cells of a figure").filter(pk__in=_keys).order_by("kind", "code")
    return {union.pk: union.name for union in found}


__all__ = [
    "Account",
    "Cause",
    "Cell",
    "Change",
    "Dimension",
    "Figure",
    "Kept",
    "Period",
    "Ratio",
    "Scope",
    "Sum",
    "Term",
    "Value",
    "breakdown",
    "by_names",
    "cross_table",
    "figure",
    "figures",
    "flow",
    "in_scope",
    "named",
    "ratio",
    "rows",
    "value",
]
