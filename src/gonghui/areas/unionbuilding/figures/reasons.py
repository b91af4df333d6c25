"""Why employers do not found a union, as it was found out."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from gonghui.areas.register.models import Headcount, Holding
from gonghui.areas.unionbuilding.figures.rows import bands, by_code, size_banded
from gonghui.areas.unionbuilding.models import Finding
from gonghui.areas.unionbuilding.rules import REFUSALS, ContactMethod, Outcome
from gonghui.areas.unionbuilding.sheets import FIGURE_FINDINGS
from gonghui.core.figures.registry import Dimension, Period, Scope, by_names, flow, in_scope
from gonghui.core.reference.queries import names
from gonghui.kit.text import Text

WHY = "figures count dated facts of a scope that was checked"


def reasons(keys: list[Any]) -> Mapping[Any, Text]:
    """In the order of the code list."""
    return {code: name for code, name in names(REFUSALS).items() if code in keys}


def methods(keys: list[Any]) -> Mapping[Any, Text]:
    return {code: name for code, name in ContactMethod.choices if code in keys}


DIMENSIONS = by_code(
    Dimension("reason", _("原因"), "reason", reasons),
    Dimension("managing", _("主管工会"), "managing_then", by_names),
    Dimension("street", _("属地街道"), "street_then", by_names),
    Dimension("size_band", _("职工人数分档"), "band", bands, lambda rows, on: size_banded(rows, on, "workers_then")),
    Dimension("method", _("方式"), "method", methods),
)


@flow(
    "reasons_against",
    label=_("暂不同意建会的原因"),
    unit=_("次"),
    definition=_("期内核实时登记为暂不同意的结论，一次一个原因，按当日的归口计；同一家单位先后说两次，计两次。"),
    sheet=FIGURE_FINDINGS,
    dimensions=DIMENSIONS,
)
def reasons_against(scope: Scope, period: Period) -> QuerySet[Any]:
    """Findings with a reason, where the employer was held on their day."""
    held = Holding.objects.unscoped(WHY).filter(employer=OuterRef("employer"), valid__contains=OuterRef("on"))
    counted = Headcount.objects.unscoped(WHY).filter(employer=OuterRef("employer"), valid__contains=OuterRef("on"))
    rows = Finding.objects.unscoped(WHY).filter(outcome=Outcome.REFUSED, on__range=(period.start, period.end))
    return rows.filter(
        Exists(held.filter(in_scope(scope)))
    ).annotate(  # type: ignore[no-any-return]
        name=F("employer__name"),
        name_pinyin=F("employer__name_pinyin"),
        managing_then=Subquery(held.values("managing")[:1]),
        street_then=Subquery(held.values("street")[:1]),
        managing_name=Subquery(held.values("managing__name")[:1]),
        workers_then=Subquery(counted.values("count")[:1]),
    )
