"""A rate whose lower part a paper printed: the register counts what is above the line, the paper said what is below it.

Such a rate stands beside the counted one and is never mixed with it: it has one total and no cells, and wherever it is shown its paper
is named.
"""

from decimal import Decimal

from django.utils.translation import gettext as _

from gonghui.core.actions.actor import Actor
from gonghui.core.figures.models import ReportedFigure
from gonghui.core.figures.periods import When
from gonghui.core.figures.queries import reported_figures
from gonghui.core.figures.registry import Figure, Ratio, Scope, Value, value


def denominators(figure: Figure | Ratio, scope: Scope, when: When, actor: Actor) -> list[ReportedFigure]:
    """What papers said of the lower part of a rate, of this very scope and these very days; nothing for a figure that is no rate."""
    if not isinstance(figure, Ratio):
        return []
    days = figure.below.period(when)
    rows = reported_figures(actor).filter(figure=figure.below.code, organisation=scope.organisation)
    return list(rows.filter(since=days.start, until=days.end).order_by("source", "pk")[:10])


def against(figure: Ratio, scope: Scope, when: When, printed: ReportedFigure, *, actor: Actor) -> Value:
    """What is counted above the line over what a paper printed below it. `printed` is one of the `denominators`; else ValueError."""
    days = figure.below.period(when)
    asked = (figure.below.code, scope.organisation.pk, days.start, days.end)
    if (printed.figure, printed.organisation_id, printed.since, printed.until) != asked:
        raise ValueError(f"{printed} is no denominator of {figure.code}")
    counted = value(figure.above, scope, when, actor=actor).number
    return Value.of_parts(counted or 0, number_of(printed))


def number_of(printed: ReportedFigure) -> int | Decimal:
    """What was printed; whole numbers as such."""
    return int(printed.number) if printed.number == printed.number.to_integral_value() else printed.number


def cited(printed: ReportedFigure) -> str:
    """Where a denominator was printed, to stand beside the rate."""
    exactness = "" if printed.precision == ReportedFigure.Precision.EXACT else f"（{printed.get_precision_display()}）"
    page = _("，%(page)s") % {"page": printed.page} if printed.page else ""
    return _("分母见报%(exactness)s：%(source)s%(page)s") % {"exactness": exactness, "source": printed.source, "page": page}
