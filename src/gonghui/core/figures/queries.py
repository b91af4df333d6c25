"""Reads of frozen and reported values and of targets."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal

from django.db.models import QuerySet

from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import beyond_scope
from gonghui.core.figures.models import FrozenFigure, ReportedFigure, Target
from gonghui.core.figures.registry import Figure, Ratio, Scope
from gonghui.core.organisations.models import Organisation
from gonghui.core.organisations.queries import name_of


def frozen_figures(actor: Actor) -> QuerySet[FrozenFigure]:
    """What was published, as far as the actor sees it."""
    rows = FrozenFigure.objects.visible_to(actor).select_related("frozen_by", "organisation")
    return rows.annotate(scope_name=name_of("organisation"))  # type: ignore[no-redef,no-any-return]


def reported_figures(actor: Actor) -> QuerySet[ReportedFigure]:
    """What papers said, as far as the actor sees it."""
    return ReportedFigure.objects.visible_to(actor).annotate(scope_name=name_of("organisation"))  # type: ignore[no-redef,no-any-return]


def targets(actor: Actor) -> QuerySet[Target]:
    """Every version of every target the actor sees."""
    return Target.objects.visible_to(actor).annotate(scope_name=name_of("organisation"))  # type: ignore[no-redef,no-any-return]


def last_frozen(figure: Figure | Ratio, scope: Scope, before: dt.date, actor: Actor) -> FrozenFigure | None:
    """The newest published value of a scope for a day before this one."""
    rows = frozen_figures(actor).filter(figure=figure.code, organisation=scope.organisation, basis=scope.basis)
    return rows.filter(until__lt=before).order_by("-until", "-frozen_at").first()


def beside(figure: Figure | Ratio, scope: Scope, on: dt.date, actor: Actor) -> tuple[list[FrozenFigure], list[ReportedFigure]]:
    """What was published of a figure for this day, and what papers said of it."""
    asked = {"figure": figure.code, "organisation": scope.organisation, "until": on}
    frozen = frozen_figures(actor).filter(**asked, basis=scope.basis).order_by("-frozen_at")
    return list(frozen[:10]), list(reported_figures(actor).filter(**asked).order_by("source")[:10])


def target_numbers(figure: Figure | Ratio, organisations: Iterable[Organisation], on: dt.date) -> dict[int, Decimal]:
    """What each organisation shall reach on a day, by its key.

    The rate set for a union holds for all below it that have none of their own; a number holds for the one it was set for.
    """
    organisations = list(organisations)
    wanted = {key for one in organisations for key in (one.ancestor_ids() if isinstance(figure, Ratio) else [one.pk])}
    with beyond_scope("a rate that a higher union set holds for those below it"):
        rows = Target.objects.unscoped("a rate that a higher union set holds for those below it").filter(
            figure=figure.code, organisation__in=wanted, period__contains=on, is_current=True
        )
        # of two that hold, the shorter period is the nearer one
        spans = sorted(rows, key=lambda row: row.period.upper - row.period.lower, reverse=True)
    numbers = {row.organisation_id: row.number for row in spans}
    found = {}
    for one in organisations:
        holders = [key for key in one.ancestor_ids() if key in numbers]
        if holders and (isinstance(figure, Ratio) or holders[-1] == one.pk):
            found[one.pk] = numbers[holders[-1]]
    return found
