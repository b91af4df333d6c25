"""The figures of the register. "As of a day" is the state at the end of that day; whole-unit coverage only."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Case, F, FilteredRelation, Q, QuerySet, Sum, Value, When
from django.utils.translation import gettext_lazy as _

from gonghui.areas.register.models import Employer
from gonghui.areas.register.rules import CoverageForm, Extent, band_names
from gonghui.areas.register.sheets import FIGURE_EMPLOYERS, FIGURE_UNIONS
from gonghui.core.actions.walls import below
from gonghui.core.figures.registry import Dimension, Scope, by_names, figure, ratio
from gonghui.core.organisations.models import Kind, Organisation
from gonghui.core.reference.queries import names, parameter
from gonghui.kit.dates import today
from gonghui.kit.text import Text

WHY = "figures count dated facts of a scope that was checked"


REGISTERED = ("active", "struck_off")
ELIGIBLE = ("active",)


def on_the_register(scope: Scope, on: dt.date, states: Sequence[str] = REGISTERED, **conditions: Any) -> QuerySet[Any]:
    """Every employer in one of these states on the day, in the scope; `conditions` are asked of the same day's facts."""
    rows = Employer.objects.unscoped(WHY).annotate(
        stood=FilteredRelation("standings", condition=Q(standings__valid__contains=on)),
        held=FilteredRelation("holdings", condition=Q(holdings__valid__contains=on)),
        counted=FilteredRelation("headcounts", condition=Q(headcounts__valid__contains=on)),
        covered=FilteredRelation("coverages", condition=Q(coverages__valid__contains=on, coverages__extent=Extent.WHOLE)),
    )
    if scope.is_territory:
        where = Q(held__street=scope.organisation)
    else:
        where = below([scope.organisation.path], "held__managing__")
    # one filter call: each further one would join the dated facts again
    return rows.filter(where, stood__state__in=states, **conditions)


def shown(rows: QuerySet[Any]) -> QuerySet[Any]:
    """What the list behind a figure shows of that day."""
    then = {"workers_then": F("counted__count"), "form_then": F("covered__form"), "managing_name": F("held__managing__name")}
    return rows.annotate(**then)  # type: ignore[no-any-return]


def eligible(scope: Scope, on: dt.date, **conditions: Any) -> QuerySet[Any]:
    """On the register and not struck off."""
    return on_the_register(scope, on, ELIGIBLE, **conditions)


def industries(keys: list[Any]) -> Mapping[Any, Text]:
    """Sections of GB/T 4754 in the order of the standard."""
    known = {code: name for code, name in names("industry", "2017").items() if code in keys}
    return {"": _("未填"), **known} if "" in keys else known


def classes(keys: list[Any]) -> Mapping[Any, Text]:
    known = {code: name for code, name in names("employer_class").items() if code in keys}
    return {"": _("未填"), **known} if "" in keys else known


def bands(keys: list[Any]) -> Mapping[Any, Text]:
    return {floor: name for floor, name in band_names(floors(today())).items() if floor in keys}


def floors(on: dt.date) -> list[int]:
    """The floors of the size bands that hold on a day."""
    return list(parameter("register.size_bands", on))


def with_band(rows: QuerySet[Any], on: dt.date) -> QuerySet[Any]:
    """Adds the floor of the size band; None where nobody has counted."""
    cases = [When(counted__count__gte=floor, then=Value(floor)) for floor in reversed(floors(on))]
    banded: QuerySet[Any] = rows.annotate(band=Case(*cases, When(counted__count__gte=0, then=Value(0)), default=None))
    return banded


EMPLOYER_DIMENSIONS = {
    one.code: one
    for one in (
        Dimension("managing", _("主管工会"), "held__managing", by_names),
        Dimension("street", _("属地街道"), "held__street", by_names),
        Dimension("industry", _("行业"), "industry", industries),
        Dimension("size_band", _("职工人数分档"), "band", bands, with_band),
        Dimension("class", _("单位类别"), "employer_class", classes),
        Dimension("form", _("覆盖方式"), "covered__form", lambda keys: dict(CoverageForm.choices)),
    )
}


@figure(
    "employers",
    label=_("在册单位"),
    unit=_("家"),
    definition=_("当日在册的用人单位，含已剔除的；不含注销、迁出的。"),
    sheet=FIGURE_EMPLOYERS,
    show=shown,
    dimensions=EMPLOYER_DIMENSIONS,
)
def employers(scope: Scope, on: dt.date) -> QuerySet[Any]:
    return on_the_register(scope, on)


@figure(
    "eligible_employers",
    label=_("应建会单位"),
    unit=_("家"),
    definition=_("当日在册、未被剔除的用人单位：建会率的分母。"),
    sheet=FIGURE_EMPLOYERS,
    show=shown,
    dimensions=EMPLOYER_DIMENSIONS,
)
def eligible_employers(scope: Scope, on: dt.date) -> QuerySet[Any]:
    return eligible(scope, on)


@figure(
    "eligible_non_public",
    label=_("应建会非公单位"),
    unit=_("家"),
    definition=_("应建会单位中的非公单位：私营、港澳台商、外商、个体，以及非国有控股的有限责任和股份有限公司。"),
    sheet=FIGURE_EMPLOYERS,
    show=shown,
    dimensions=EMPLOYER_DIMENSIONS,
)
def eligible_non_public(scope: Scope, on: dt.date) -> QuerySet[Any]:
    return eligible(scope, on, is_non_public=True)


@figure(
    "struck_off_employers",
    label=_("已剔除单位"),
    unit=_("家"),
    definition=_("当日处于剔除状态的用人单位。"),
    sheet=FIGURE_EMPLOYERS,
    show=shown,
    dimensions=EMPLOYER_DIMENSIONS,
)
def struck_off_employers(scope: Scope, on: dt.date) -> QuerySet[Any]:
    return on_the_register(scope, on, ("struck_off",))


@figure(
    "workers",
    label=_("职工"),
    unit=_("人"),
    definition=_("应建会单位当日有效的职工人数之和（按劳动合同，取最近一次登记）。"),
    sheet=FIGURE_EMPLOYERS,
    show=shown,
    dimensions=EMPLOYER_DIMENSIONS,
    measure=Sum("counted__count"),
)
def workers(scope: Scope, on: dt.date) -> QuerySet[Any]:
    return eligible(scope, on)


@figure(
    "covered_employers",
    label=_("建会单位"),
    unit=_("家"),
    definition=_("应建会单位中，当日被一个工会整体覆盖的（单独建会或联合工会覆盖）。数的是单位，不是工会。"),
    sheet=FIGURE_EMPLOYERS,
    show=shown,
    dimensions=EMPLOYER_DIMENSIONS,
)
def covered_employers(scope: Scope, on: dt.date) -> QuerySet[Any]:
    return eligible(scope, on, covered__isnull=False)


@figure(
    "covered_own",
    label=_("单独建会单位"),
    unit=_("家"),
    definition=_("建会单位中，由本单位自己的工会覆盖的。"),
    sheet=FIGURE_EMPLOYERS,
    show=shown,
    dimensions=EMPLOYER_DIMENSIONS,
)
def covered_own(scope: Scope, on: dt.date) -> QuerySet[Any]:
    return eligible(scope, on, covered__form=CoverageForm.OWN)


@figure(
    "covered_joint",
    label=_("联合工会覆盖单位"),
    unit=_("家"),
    definition=_("建会单位中，由社区、楼宇、园区、行业等联合工会覆盖的。"),
    sheet=FIGURE_EMPLOYERS,
    show=shown,
    dimensions=EMPLOYER_DIMENSIONS,
)
def covered_joint(scope: Scope, on: dt.date) -> QuerySet[Any]:
    return eligible(scope, on, covered__form=CoverageForm.JOINT)


@figure(
    "uncovered_employers",
    label=_("未建会单位"),
    unit=_("家"),
    definition=_("应建会单位中，当日没有工会整体覆盖的。"),
    sheet=FIGURE_EMPLOYERS,
    show=shown,
    dimensions=EMPLOYER_DIMENSIONS,
)
def uncovered_employers(scope: Scope, on: dt.date) -> QuerySet[Any]:
    return eligible(scope, on, covered__isnull=True)


@figure(
    "covered_non_public",
    label=_("建会非公单位"),
    unit=_("家"),
    definition=_("应建会非公单位中，当日被一个工会整体覆盖的。"),
    sheet=FIGURE_EMPLOYERS,
    show=shown,
    dimensions=EMPLOYER_DIMENSIONS,
)
def covered_non_public(scope: Scope, on: dt.date) -> QuerySet[Any]:
    return eligible(scope, on, covered__isnull=False, is_non_public=True)


COVERAGE_RATE = ratio(
    "coverage_rate",
    label=_("建会率"),
    definition=_("建会单位 ÷ 应建会单位（在册、未被剔除的全部单位）。"),
    above=covered_employers,
    below=eligible_employers,
)
COVERAGE_RATE_NON_PUBLIC = ratio(
    "coverage_rate_non_public",
    label=_("非公建会率"),
    definition=_("建会非公单位 ÷ 应建会非公单位（筛查剔除之后）。"),
    above=covered_non_public,
    below=eligible_non_public,
)
COVERAGE_RATE_UNSCREENED = ratio(
    "coverage_rate_unscreened",
    label=_("未筛查的建会率"),
    definition=_("建会单位 ÷ 在册单位（不扣除已剔除的），供与建会率对照。"),
    above=covered_employers,
    below=employers,
)


UNION_DIMENSIONS = {
    one.code: one
    for one in (
        Dimension("managing", _("主管工会"), "placed__managing", by_names),
        Dimension("street", _("属地街道"), "placed__street", by_names),
        Dimension("kind", _("类型"), "kind", lambda keys: {code: name for code, name in Kind.choices if code in keys}),
    )
}


@figure(
    "unions",
    label=_("工会组织"),
    unit=_("个"),
    definition=_("当日存在的基层工会：单独建会、联合工会、职业工会、工会联合会。不含分会和小组；服务站不是工会。"),
    sheet=FIGURE_UNIONS,
    show=lambda rows: rows.annotate(managing_name=F("placed__managing__name")),
    dimensions=UNION_DIMENSIONS,
)
def unions(scope: Scope, on: dt.date) -> QuerySet[Any]:
    rows = Organisation.objects.unscoped(WHY).annotate(
        placed=FilteredRelation("placements", condition=Q(placements__valid__contains=on))
    )
    rows = rows.filter(
        Q(dissolved_on=None) | Q(dissolved_on__gt=on),
        founded_on__lte=on,
        state__in=["active", "dissolved"],
        kind__in=[Kind.OWN, Kind.JOINT, Kind.PROFESSION, Kind.FEDERATION],
    )
    if scope.is_territory:
        rows = rows.filter(placed__street=scope.organisation)
    else:
        rows = rows.filter(below([scope.organisation.path], "placed__managing__"))
    found: QuerySet[Any] = rows
    return found
