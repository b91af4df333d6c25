"""Stocks of unions."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from gonghui.areas.register.figures.dimensions import UNION_DIMENSIONS
from gonghui.areas.register.figures.reasons import INTO_SCOPE, OUT_OF_SCOPE
from gonghui.areas.register.figures.union_rows import PARTS, shown_unions, unions_on
from gonghui.areas.register.sheets import FIGURE_UNIONS
from gonghui.core.figures.registry import Account, Cause, Change, Scope, Term, figure, in_scope
from gonghui.core.organisations.models import Kind, Organisation

WHY = "figures count dated facts of a scope that was checked"
FOUNDED, DISSOLVED = Term("founded", _("成立")), Term("dissolved", _("撤销工会"))


def union_causes(keys: Iterable[int], change: Change) -> Mapping[int, Cause]:
    """Founded, dissolved, or moved between scopes."""
    return {union.pk: _cause(union, change) for union in Organisation.objects.unscoped(WHY).filter(pk__in=list(keys))}


def _cause(union: Organisation, change: Change) -> Cause:
    day = union.founded_on if change.has_come else union.dissolved_on
    if day and change.start < day <= change.end:
        return Cause(FOUNDED if change.has_come else DISSOLVED, on=day, detail=union.approval_document)
    return Cause(INTO_SCOPE if change.has_come else OUT_OF_SCOPE)


UNIONS = Account(lambda on: shown_unions(unions_on(on)), PARTS, union_causes)


@figure(
    "unions",
    label=_("工会组织"),
    unit=_("个"),
    definition=_("当日存在的基层工会：单独建会、联合工会、职业工会、工会联合会。不含分会和小组；服务站不是工会。"),
    sheet=FIGURE_UNIONS,
    show=shown_unions,
    dimensions=UNION_DIMENSIONS,
    account=UNIONS,
)
def unions(scope: Scope, on: dt.date) -> QuerySet[Any]:
    return unions_on(on).filter(
        in_scope(scope, "placed__", "union"),
        Q(dissolved_on=None) | Q(dissolved_on__gt=on),
        founded_on__lte=on,
        state__in=["active", "dissolved"],
        kind__in=[Kind.OWN, Kind.JOINT, Kind.PROFESSION, Kind.FEDERATION],
    )
