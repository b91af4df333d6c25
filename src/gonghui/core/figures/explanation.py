"""Why a figure changed: its rows at two times are compared, and every row that came or left is given its reason.

start + what came − what left ± recounted = end, for each figure that a ratio is made of. Between two days both sides are counted
with what is known now. Against a frozen value the rows that were frozen are compared with those of the same days as they are
counted now; the history says what was entered late (补录), withdrawn (撤销) or corrected (更正) since.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import beyond_scope
from gonghui.core.figures.corrections import correction, corrections
from gonghui.core.figures.models import FrozenFigure, FrozenPart
from gonghui.core.figures.periods import When
from gonghui.core.figures.registry import Cause, Change, Figure, Ratio, Scope, Term, Value, require

Amounts = Mapping[int, int | Decimal]

CAME, LEFT, RECOUNTED = Term("came", _("进入")), Term("left", _("离开")), Term("recounted", _("数量变动"))


@dataclass(frozen=True)
class Line:
    """One term: what it adds, and the rows that make it up. Rows that stayed but changed their kind add nothing."""

    term: Term
    amount: int | Decimal
    rows: Mapping[int, Cause]
    has_left: bool = False

    @property
    def code(self) -> str:
        """Its name in an address; the same reason may bring rows and take others away."""
        return f"-{self.term.code}" if self.has_left else self.term.code


@dataclass(frozen=True)
class Explained:
    """One figure from start to end; `start` plus the amounts of the lines is `end`."""

    figure: Figure
    start: int | Decimal
    lines: tuple[Line, ...]
    end: int | Decimal

    def line(self, code: str) -> Line | None:
        """The line of this code, if there is one."""
        return next((line for line in self.lines if line.code == code), None)


@dataclass(frozen=True)
class Explanation:
    """A figure, or both parts of a ratio, with its value at either end."""

    start: Value
    end: Value
    parts: tuple[Explained, ...]

    def part(self, code: str) -> Explained | None:
        """The part that is this figure."""
        return next((part for part in self.parts if part.figure.code == code), None)


def parts_of(figure: Figure | Ratio) -> tuple[Figure, ...]:
    """The figures that count rows: itself, or numerator and denominator."""
    return (figure.above, figure.below) if isinstance(figure, Ratio) else (figure,)


def value_of(figure: Figure | Ratio, numbers: Iterable[int | Decimal]) -> Value:
    """The value that these numbers of its parts make."""
    return Value.of_parts(*numbers) if isinstance(figure, Ratio) else Value(*numbers)


def amounts(figure: Figure, scope: Scope, when: When) -> Amounts:
    """What each row counts, by its key; to be asked beyond scope. Their sum is the value."""
    rows: QuerySet[Any] = figure.rows(scope, figure.period(when)).order_by()
    if isinstance(figure.measure, Count):
        return dict.fromkeys(rows.values_list("pk", flat=True), 1)
    counted = figure.measure.get_source_expressions()[0]
    return {key: number or 0 for key, number in rows.values_list("pk", counted)}


def explain(figure: Figure | Ratio, scope: Scope, start: dt.date, end: dt.date, *, actor: Actor) -> Explanation:
    """A stock from the end of one day to the end of a later one, both as they are known now."""
    require(actor, scope)
    with beyond_scope("figures count dated facts of a scope that was checked"):
        parts = tuple(_between(part, scope, start, end) for part in parts_of(figure))
    return _explanation(figure, parts)


def explain_frozen(frozen: FrozenFigure, figure: Figure | Ratio, *, actor: Actor) -> Explanation:
    """The days of a frozen value, from what was frozen to what is counted now."""
    scope = frozen.scope
    require(actor, scope)
    with beyond_scope("figures count dated facts of a scope that was checked"):
        parts = tuple(_since(frozen, part, scope) for part in parts_of(figure))
    return _explanation(figure, parts)


def _explanation(figure: Figure | Ratio, parts: tuple[Explained, ...]) -> Explanation:
    ends = [value_of(figure, [getattr(part, side) for part in parts]) for side in ("start", "end")]
    return Explanation(ends[0], ends[1], parts)


# -- between two days -------------------------------------------------------------------------------------------------


def _between(figure: Figure, scope: Scope, start: dt.date, end: dt.date) -> Explained:
    before, after = amounts(figure, scope, start), amounts(figure, scope, end)
    account, causes = figure.account, dict[int, Cause]()
    for keys, has_come in ((after.keys() - before.keys(), True), (before.keys() - after.keys(), False)):
        found = account.causes(keys, Change(scope, start, end, has_come)) if account and keys else {}
        causes |= {key: found.get(key) or Cause(CAME if has_come else LEFT) for key in keys}
    stayed = {}
    if account:
        stayed = {key: cause for key, cause in account.within(start, end).items() if key in before and key in after}
    return _explained(figure, before, after, causes, stayed)


def _explained(
    figure: Figure, before: Amounts, after: Amounts, causes: Mapping[int, Cause], stayed: Mapping[int, Cause]
) -> Explained:
    """Puts rows of one reason together; each is counted once."""
    recounted = {key for key in before.keys() & after.keys() if before[key] != after[key]}
    reasons = {**causes, **{key: Cause(RECOUNTED) for key in recounted}}
    lines = [
        *_lines(reasons, before, after),
        *_lines({key: cause for key, cause in stayed.items() if key not in reasons}, {}, {}),
    ]
    return Explained(figure, sum(before.values()), tuple(lines), sum(after.values()))


def _lines(causes: Mapping[int, Cause], before: Amounts, after: Amounts) -> Iterator[Line]:
    """What came first, then what left; what has one name in both directions is told apart."""
    grouped: dict[tuple[bool, Term], dict[int, Cause]] = defaultdict(dict)
    for key, cause in causes.items():
        grouped[key not in after and key in before, cause.term][key] = cause
    for (has_left, term), rows in sorted(grouped.items(), key=lambda pair: (pair[0][0], -len(pair[1]))):
        yield Line(term, sum(after.get(key, 0) - before.get(key, 0) for key in rows), rows, has_left)


# -- since it was frozen ----------------------------------------------------------------------------------------------


def _since(frozen: FrozenFigure, figure: Figure, scope: Scope) -> Explained:
    part = FrozenPart.objects.unscoped("the rows of a frozen value that the actor sees").get(frozen=frozen, figure=figure.code)
    before, after = part.amounts(), amounts(figure, scope, frozen.period)
    came, left = after.keys() - before.keys(), before.keys() - after.keys()
    model = figure.rows(scope, figure.period(frozen.period)).model
    touched = corrections(figure, model, came | left, frozen.frozen_at)
    causes = {key: correction(touched.get(key, ()), model, has_come=key in came) for key in came | left}
    return _explained(figure, before, after, causes, {})


def listed(figure: Figure, keys: Iterable[int], on: dt.date) -> QuerySet[Any]:
    """Rows by their keys as lists show them on a day, to be evaluated beyond scope. LookupError where a figure has no account."""
    if figure.account is None:
        raise LookupError(f"{figure.code} does not account for its rows")
    return figure.account.listed(on).filter(pk__in=list(keys))


def first_listed(figure: Figure, keys: Iterable[int], on: dt.date, most: int) -> list[Any]:
    """The first of them."""
    with beyond_scope("figures count dated facts of a scope that was checked"):
        return list(listed(figure, keys, on).order_by("pk")[:most])
