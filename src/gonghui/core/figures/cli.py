"""`gonghui figure`: one figure on the command line."""

import datetime as dt
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import acting
from gonghui.core.figures.models import ReportedFigure
from gonghui.core.figures.periods import Period
from gonghui.core.figures.printed import against, cited, denominators
from gonghui.core.figures.registry import Cell, Figure, Ratio, Scope, Value, breakdown, figures, value
from gonghui.core.organisations.queries import by_code
from gonghui.kit.dates import today


def as_json(found: Value) -> dict[str, object]:
    """A value with its parts."""
    answer: dict[str, object] = {"value": None if found.number is None else float(found.number)}
    if found.above is not None:
        answer |= {"above": float(found.above), "below": float(found.below or 0)}
    return answer


class Unknown(Exception):
    """What was asked for does not exist; the message says what does."""


@dataclass(frozen=True)
class Answer:
    """A figure of an organisation: its value, its cells, and the paper whose denominator it was divided by."""

    figure: Figure | Ratio
    scope: Scope
    period: Period
    total: Value
    paper: ReportedFigure | None
    cells: Sequence[Cell]


def run(
    *,
    name: str,
    organisation: str,
    as_of: dt.date | None = None,
    since: dt.date | None = None,
    by: str = "",
    printed_in: str = "",
    json_output: bool = False,
) -> int:
    """Prints a figure; 2 where the figure, organisation, dimension or paper is unknown, or the days end before they start.

    A stock is the state on the day `as_of`; a flow what happened since `since`, or since the year began. A rate may be divided by what
    the paper `printed_in` says of its lower part; such a rate has no cells.
    """
    on, actor = as_of or today(), Actor.system("figures.cli")
    try:
        figure = known(name, by)
        if since and since > on:
            raise Unknown(f"{since} is after {on}")
        period = figure.period(Period(since, on) if since else on)
        with acting(actor):
            answer = asked(figure, organisation, period, actor, by=by, printed_in=printed_in)
    except Unknown as unknown:
        print(unknown, file=sys.stderr)
        return 2
    print(json.dumps(described(answer, by), ensure_ascii=False, indent=1) if json_output else in_words(answer))
    return 0


def known(name: str, by: str) -> Figure | Ratio:
    """The figure of this name, which can be broken down so."""
    figure = figures.get(name)
    if figure is None:
        raise Unknown(f"unknown figure {name}; known: {', '.join(sorted(figures))}")
    if by and by not in figure.dimensions:
        raise Unknown(f"{name} has no {by}; known: {', '.join(sorted(figure.dimensions))}")
    return figure


def asked(figure: Figure | Ratio, organisation: str, period: Period, actor: Actor, *, by: str, printed_in: str) -> Answer:
    """The value, and the cells if any were asked for."""
    if (union := by_code(organisation, actor)) is None:
        raise Unknown(f"no organisation with code {organisation}")
    scope = Scope(union)
    if printed_in and isinstance(figure, Ratio) and not by:
        papers = {one.source: one for one in denominators(figure, scope, period, actor)}
        if printed_in not in papers:
            raise Unknown(f"nothing from {printed_in}; known: {', '.join(papers)}")
        paper = papers[printed_in]
        return Answer(figure, scope, period, against(figure, scope, period, paper, actor=actor), paper, [])
    if printed_in:
        raise Unknown("only a rate as a whole can be divided by what a paper printed")
    cells = breakdown(figure, scope, period, by, actor=actor) if by else []
    return Answer(figure, scope, period, value(figure, scope, period, actor=actor), None, cells)


def described(answer: Answer, by: str) -> dict[str, object]:
    """The answer with everything that it means, for programs."""
    figure, paper = answer.figure, answer.paper
    told: dict[str, object] = {
        "figure": figure.code,
        "label": str(figure.label),
        "unit": str(figure.unit),
        "definition": str(figure.definition),
        "organisation": answer.scope.organisation.name,
        "as_of": answer.period.end.isoformat(),
        **({"from": answer.period.start.isoformat()} if figure.is_flow else {}),
        "basis": answer.scope.basis,
        **as_json(answer.total),
    }
    if isinstance(figure, Ratio):
        told |= {"above_figure": figure.above.code, "below_figure": figure.below.code}
    if paper:
        told["below_printed"] = {name: getattr(paper, name) for name in ("source", "page", "passage", "precision")}
    if by:
        told[by] = [{"key": cell.key, "label": str(cell.label), **as_json(cell.value)} for cell in answer.cells]
    return told


def in_words(answer: Answer) -> str:
    """One line, one more for each cell; a paper is named beside the rate that rests on it."""
    figure, paper = answer.figure, f" {cited(answer.paper)}" if answer.paper else ""
    first = f"{answer.scope.organisation.name} {figure.label} {answer.total.number}{figure.unit} ({answer.period}){paper}"
    return "\n".join([first, *(f"  {cell.label or '—'} {cell.value.number}{figure.unit}" for cell in answer.cells)])
