"""What the page says, put together from figures and targets."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F

from gonghui.areas.dashboards.rules import Reading
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import beyond_scope
from gonghui.core.figures.periods import Period, month_ends, year_before
from gonghui.core.figures.queries import target_numbers
from gonghui.core.figures.registry import NO_KEY, Cell, Figure, Ratio, Scope, Value, breakdown, figures, rows, value
from gonghui.core.organisations.models import Kind, Organisation
from gonghui.kit.text import Text

CARDS = ("coverage_rate", "coverage_rate_non_public", "newly_organised", "own_unions_founded", "eligible_employers", "net_loss")
GRID = ("coverage_rate", "coverage_rate_non_public", "newly_organised", "own_unions_founded", "uncovered_employers")
MAIN = "coverage_rate"
LACKING, LARGEST = (
    "uncovered_employers",
    "workers",
)  # whose rows close the gap of MAIN, and the column that puts the weightiest first
OF_WHICH = {"newly_organised": "newly_organised_large", "own_unions_founded": "own_unions_founded_large"}
BY_FORM = {"newly_organised": "form"}
MONTHS, NAMED, GAPS = 12, 6, 3


@dataclass(frozen=True)
class Card:
    """A figure with its target, the same days a year before, and what it is made of."""

    reading: Reading
    last_year: Value
    forms: Sequence[Cell]
    of_which: Reading | None


@dataclass(frozen=True)
class Line:
    """One union of the grid; `key` is its cell in breakdowns."""

    key: str
    name: Text
    readings: Sequence[Reading]

    @property
    def missing(self) -> int:
        """How many units it lacks to its target of the main figure."""
        return self.readings[0].missing


@dataclass(frozen=True)
class Gap:
    """What one union still lacks, and the largest of those that would close the gap."""

    line: Line
    named: Sequence[Any]


@dataclass(frozen=True)
class Trend:
    """The main figure at the ends of twelve months, and a year before each."""

    figure: Figure | Ratio
    days: Sequence[dt.date]
    this: Sequence[Value]
    last: Sequence[Value]
    target: Decimal | None


def cards(scope: Scope, when: Period, actor: Actor) -> list[Card]:
    """At most six figures."""
    found = []
    for code in CARDS:
        figure = figures[code]
        target = target_numbers(figure, [scope.organisation], when.end).get(scope.organisation.pk)
        reading = Reading(figure, value(figure, scope, when, actor=actor), target)
        before = value(figure, scope, when.a_year_earlier, actor=actor)
        forms = breakdown(figure, scope, when, BY_FORM[code], actor=actor) if code in BY_FORM else ()
        other = figures[OF_WHICH[code]] if code in OF_WHICH else None
        of_which = Reading(other, value(other, scope, when, actor=actor)) if other else None
        found.append(Card(reading, before, forms, of_which))
    return found


def places(scope: Scope, by: str, actor: Actor) -> list[Organisation]:
    """The unions that are rows of the grid: those that manage directly, or the streets; each a row, however little it has."""
    below = Organisation.objects.visible_to(actor).active().under(scope.organisation)
    chosen = below.filter(kind=Kind.STREET) if by == "street" else below.managing()
    return list(chosen.order_by("kind", "code", "path"))


@dataclass(frozen=True)
class Grid:
    """The unions, the widest gap first, and the whole below them."""

    lines: Sequence[Line]
    total: Line


Column = tuple[Figure | Ratio, Sequence[Cell]]


def grid(scope: Scope, when: Period, by: str, actor: Actor) -> Grid:
    """Every union with every column. The whole is the sum of its cells, rates of the sums of their parts."""
    unions = places(scope, by, actor)
    columns: list[Column] = [(figures[code], breakdown(figures[code], scope, when, by, actor=actor)) for code in GRID]
    names: dict[str, Text] = {str(one.pk): one.name for one in unions}
    for _figure, cells in columns:
        names |= {cell.key: cell.label for cell in cells if cell.key not in names}
    targets = {figure.code: target_numbers(figure, [*unions, scope.organisation], when.end) for figure, _cells in columns}
    lines = [Line(key, name, _readings(key, columns, targets)) for key, name in names.items()]
    lines = sorted((line for line in lines if not _is_idle_top(line, scope)), key=lambda line: -line.missing)
    top = scope.organisation.pk
    return Grid(lines, Line("", "", [Reading(one, _sum(one, cells), targets[one.code].get(top)) for one, cells in columns]))


def _sum(figure: Figure | Ratio, cells: Sequence[Cell]) -> Value:
    if isinstance(figure, Ratio):
        return Value.of_parts(sum(cell.value.above or 0 for cell in cells), sum(cell.value.below or 0 for cell in cells))
    return Value(sum(cell.value.number or 0 for cell in cells))


def _is_idle_top(line: Line, scope: Scope) -> bool:
    """The union above the rows is one itself only where it holds something directly."""
    has_none = all(not reading.value.number and not reading.value.below for reading in line.readings)
    return has_none and line.key == str(scope.organisation.pk) and scope.organisation.kind in (Kind.CITY, Kind.DISTRICT)


def _readings(key: str, columns: Sequence[Column], targets: Mapping[str, Mapping[int, Decimal]]) -> list[Reading]:
    """The cells of one union; nothing counted there is a zero, or a rate of nothing."""
    found = []
    for figure, cells in columns:
        empty = Value.of_parts(0, 0) if isinstance(figure, Ratio) else Value(0)
        number = next((cell.value for cell in cells if cell.key == key), empty)
        target = None if key == NO_KEY else targets[figure.code].get(int(key))
        found.append(Reading(figure, number, target))
    return found


def gaps(lines: Sequence[Line], scope: Scope, on: dt.date, by: str, actor: Actor) -> list[Gap]:
    """The widest gaps with the names that would close them, the largest first."""
    lacking = figures[LACKING]
    assert isinstance(lacking, Figure)
    column = lacking.sheet.column(LARGEST)
    order = [F(path).desc(nulls_last=True) for path in (column.order if column else ())]
    found = []
    with beyond_scope("the names behind a figure of a scope that was checked"):
        for line in [line for line in lines if line.missing][:GAPS]:
            behind = rows(lacking, scope, on, actor=actor, by=by, key=line.key).order_by(*order, "pk")
            found.append(Gap(line, list(behind[: min(NAMED, line.missing)])))
    return found


def trend(scope: Scope, on: dt.date, actor: Actor) -> Trend:
    """The main figure month by month."""
    figure, days = figures[MAIN], month_ends(on, MONTHS)
    this, last = (
        [value(figure, scope, day, actor=actor) for day in series] for series in (days, [year_before(day) for day in days])
    )
    target = target_numbers(figure, [scope.organisation], on).get(scope.organisation.pk)
    return Trend(figure, days, this, last, target)
