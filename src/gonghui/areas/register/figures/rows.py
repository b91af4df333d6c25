"""The rows that figures of employers count."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import F, FilteredRelation, Q, QuerySet

from gonghui.areas.register.models import Coverage, Employer, Headcount, Holding, Standing
from gonghui.areas.register.rules import Extent
from gonghui.core.figures.registry import Scope, in_scope
from gonghui.core.history.timeline import Part

REGISTERED = ("active", "struck_off")
ELIGIBLE = ("active",)
PARTS = tuple(Part(model, "employer") for model in (Standing, Holding, Headcount, Coverage))


def on_day(on: dt.date) -> QuerySet[Any]:
    """Every employer with the facts of a day: `stood`, `held`, `counted`, `covered`."""
    return Employer.objects.unscoped("figures count dated facts of a scope that was checked").annotate(
        stood=FilteredRelation("standings", condition=Q(standings__valid__contains=on)),
        held=FilteredRelation("holdings", condition=Q(holdings__valid__contains=on)),
        counted=FilteredRelation("headcounts", condition=Q(headcounts__valid__contains=on)),
        covered=FilteredRelation("coverages", condition=Q(coverages__valid__contains=on, coverages__extent=Extent.WHOLE)),
    )


def on_the_register(scope: Scope, on: dt.date, states: Sequence[str] = REGISTERED, **conditions: Any) -> QuerySet[Any]:
    """Every employer in one of these states on the day, in the scope; `conditions` are asked of the same day's facts."""
    # one filter call: each further one would join the dated facts again
    return on_day(on).filter(in_scope(scope, "held__"), stood__state__in=states, **conditions)


def shown(rows: QuerySet[Any]) -> QuerySet[Any]:
    """What the list behind a figure shows of that day."""
    then = {"workers_then": F("counted__count"), "form_then": F("covered__form"), "managing_name": F("held__managing__name")}
    return rows.annotate(**then)  # type: ignore[no-any-return]


def listed(on: dt.date) -> QuerySet[Any]:
    """Every employer as lists show it on a day."""
    return shown(on_day(on))
