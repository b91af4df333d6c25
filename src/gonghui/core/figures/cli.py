"""`gonghui figure`: one figure on the command line."""

import datetime as dt
import json
import sys

from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import acting
from gonghui.core.figures.periods import Period
from gonghui.core.figures.registry import Ratio, Scope, Value, breakdown, figures, value
from gonghui.core.organisations.queries import by_code
from gonghui.kit.dates import today


def as_json(found: Value) -> dict[str, object]:
    """A value with its parts."""
    answer: dict[str, object] = {"value": None if found.number is None else float(found.number)}
    if found.above is not None:
        answer |= {"above": float(found.above), "below": float(found.below or 0)}
    return answer


def run(
    *,
    name: str,
    organisation: str,
    as_of: dt.date | None = None,
    since: dt.date | None = None,
    by: str = "",
    basis: str = "managing",
    json_output: bool = False,
) -> int:
    """Prints a figure; 2 where the figure, organisation or dimension is unknown, or the days end before they start.

    A stock is the state on the day `as_of`; a flow what happened since `since`, or since the year began.
    """
    figure, on, actor = figures.get(name), as_of or today(), Actor.system("figures.cli")
    if since and since > on:
        print(f"{since} is after {on}", file=sys.stderr)
        return 2
    if figure is None:
        print(f"unknown figure {name}; known: {', '.join(sorted(figures))}", file=sys.stderr)
        return 2
    if by and by not in figure.dimensions:
        print(f"{name} has no {by}; known: {', '.join(sorted(figure.dimensions))}", file=sys.stderr)
        return 2
    period = figure.period(Period(since, on) if since else on)
    with acting(actor):
        union = by_code(organisation, actor)
        if union is None:
            print(f"no organisation with code {organisation}", file=sys.stderr)
            return 2
        scope = Scope(union, "place" if basis == "place" else "managing")
        total = value(figure, scope, period, actor=actor)
        cells = breakdown(figure, scope, period, by, actor=actor) if by else []
    answer = {
        "figure": name,
        "label": str(figure.label),
        "unit": str(figure.unit),
        "definition": str(figure.definition),
        "organisation": union.name,
        "as_of": on.isoformat(),
        **({"from": period.start.isoformat()} if figure.is_flow else {}),
        "basis": scope.basis,
        **as_json(total),
    }
    if isinstance(figure, Ratio):
        answer |= {"above_figure": figure.above.code, "below_figure": figure.below.code}
    if by:
        answer[by] = [{"key": cell.key, "label": str(cell.label), **as_json(cell.value)} for cell in cells]
    if json_output:
        print(json.dumps(answer, ensure_ascii=False, indent=1))
    else:
        print(f"{union.name} {figure.label} {total.number}{figure.unit} ({period})")
        for cell in cells:
            print(f"  {cell.label or '—'} {cell.value.number}{figure.unit}")
    return 0
