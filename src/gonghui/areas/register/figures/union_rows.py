"""The rows that figures of unions count."""

import datetime as dt
from typing import Any

from django.db.models import F, FilteredRelation, Q, QuerySet

from gonghui.areas.register.models import Coverage, Placement
from gonghui.core.history.timeline import Part
from gonghui.core.organisations.models import Organisation

PARTS = (Part(Placement, "union"), Part(Coverage, "organisation"))


def unions_on(on: dt.date) -> QuerySet[Any]:
    """Every union with its placement of a day: `placed`."""
    return Organisation.objects.unscoped("figures count dated facts of a scope that was checked").annotate(
        placed=FilteredRelation("placements", condition=Q(placements__valid__contains=on))
    )


def shown_unions(rows: QuerySet[Any]) -> QuerySet[Any]:
    """What the list behind a figure shows of that day."""
    found: QuerySet[Any] = rows.annotate(managing_name=F("placed__managing__name"))
    return found
