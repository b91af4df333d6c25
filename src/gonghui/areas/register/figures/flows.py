"""What happened to employers and unions in a period: newly organised, founded, converted, lost.

A unit is newly organised on the day its first whole-unit coverage begins, by the paper that approved it. When a unit covered by a
joint union founds its own, that is a conversion: the union is counted among those founded, the unit not a second time.
"""

import datetime as dt
from typing import Any

from django.contrib.postgres.fields.ranges import RangeStartsWith
from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.utils.translation import gettext_lazy as _

from gonghui.areas.register.figures.dimensions import FOUNDED_DIMENSIONS, THEN_DIMENSIONS
from gonghui.areas.register.figures.rows import PARTS, REGISTERED, listed
from gonghui.areas.register.figures.union_rows import PARTS as UNION_PARTS
from gonghui.areas.register.figures.union_rows import shown_unions, unions_on
from gonghui.areas.register.models import Coverage, Employer, Headcount, Holding, Placement, Standing
from gonghui.areas.register.rules import CoverageForm, Extent
from gonghui.areas.register.sheets import FIGURE_EMPLOYERS, FIGURE_UNIONS
from gonghui.core.figures.registry import Account, Period, Scope, flow, in_scope
from gonghui.core.organisations.models import Kind, Organisation

WHY = "figures count dated facts of a scope that was checked"
LARGE = 100  # workers from which on a founding stands in the ledger of large employers (百人以上)
EMPLOYERS = Account(listed, PARTS)
FOUNDED = Account(lambda on: shown_unions(unions_on(on)), UNION_PARTS)


def facts(model: Any, day: str) -> QuerySet[Any]:
    """The facts of one table about an employer on the day named by one of its annotations."""
    found: QuerySet[Any] = model.objects.unscoped(WHY).filter(employer=OuterRef("pk"), valid__contains=OuterRef(day))
    return found


def began(period: Period, **conditions: Any) -> QuerySet[Any]:
    """Employers whose whole-unit coverage of some kind began in the period, with the facts of that day."""
    condition = Q(
        coverages__extent=Extent.WHOLE,
        coverages__valid__startswith__gte=period.start,
        coverages__valid__startswith__lte=period.end,
        **{f"coverages__{name}": value for name, value in conditions.items()},
    )
    rows = Employer.objects.unscoped(WHY).annotate(began=FilteredRelation("coverages", condition=condition))
    return rows.filter(began__isnull=False).annotate(  # type: ignore[no-any-return]
        happened_on=RangeStartsWith("began__valid"), form_then=F("began__form"), began_key=F("began__pk")
    )


def of_scope(rows: QuerySet[Any], scope: Scope) -> QuerySet[Any]:
    """Those that stood in the scope on their day, with holder, street and workers of that day."""
    held, counted = facts(Holding, "happened_on"), facts(Headcount, "happened_on")
    found: QuerySet[Any] = rows.filter(Exists(held.filter(in_scope(scope)))).annotate(
        managing_then=Subquery(held.values("managing")[:1]),
        street_then=Subquery(held.values("street")[:1]),
        managing_name=Subquery(held.values("managing__name")[:1]),
        workers_then=Subquery(counted.values("count")[:1]),
    )
    return found


def organised(scope: Scope, period: Period) -> QuerySet[Any]:
    """Employers whose first whole-unit coverage of all began in the period."""
    earlier = Coverage.objects.unscoped(WHY).filter(
        employer=OuterRef("pk"), extent=Extent.WHOLE, valid__startswith__lt=OuterRef("happened_on")
    )
    return of_scope(began(period).exclude(Exists(earlier)), scope)


@flow(
    "newly_organised",
    label=_("新增建会单位"),
    unit=_("家"),
    definition=_("期内第一次被一个工会整体覆盖的用人单位，按覆盖开始（批复）之日计；联合工会覆盖转为单独建会的不再计。"),
    sheet=FIGURE_EMPLOYERS,
    dimensions=THEN_DIMENSIONS,
    account=EMPLOYERS,
)
def newly_organised(scope: Scope, period: Period) -> QuerySet[Any]:
    return organised(scope, period)


@flow(
    "newly_organised_large",
    label=_("新增建会百人以上单位"),
    unit=_("家"),
    definition=_("新增建会单位中，建会之日职工 100 人以上的：是“其中”，不与单独、联合相加。"),
    sheet=FIGURE_EMPLOYERS,
    dimensions=THEN_DIMENSIONS,
    account=EMPLOYERS,
)
def newly_organised_large(scope: Scope, period: Period) -> QuerySet[Any]:
    return organised(scope, period).filter(workers_then__gte=LARGE)


@flow(
    "conversions",
    label=_("联合转单独单位"),
    unit=_("家"),
    definition=_("期内由联合工会覆盖转为本单位工会覆盖的用人单位；不计入新增建会单位。"),
    sheet=FIGURE_EMPLOYERS,
    dimensions=THEN_DIMENSIONS,
    account=EMPLOYERS,
)
def conversions(scope: Scope, period: Period) -> QuerySet[Any]:
    return of_scope(converted(period), scope)


def joint_until(employer: str, day: str) -> QuerySet[Any]:
    """Joint coverage of an employer that ended on a day; both are fields of the outer query."""
    rows = Coverage.objects.unscoped(WHY).filter(extent=Extent.WHOLE, form=CoverageForm.JOINT)
    return rows.filter(employer=OuterRef(employer), valid__endswith=OuterRef(day))  # type: ignore[no-any-return]


def converted(period: Period) -> QuerySet[Any]:
    """Employers whose own union took them over from a joint one in the period, each on the last such day."""
    later = Coverage.objects.unscoped(WHY).filter(employer=OuterRef("pk"), extent=Extent.WHOLE, form=CoverageForm.OWN)
    later = later.annotate(day=RangeStartsWith("valid")).filter(day__gt=OuterRef("happened_on"), day__lte=period.end)
    rows = began(period, form=CoverageForm.OWN).filter(Exists(joint_until("pk", "happened_on")))
    return rows.exclude(Exists(later.filter(Exists(joint_until("employer_id", "day")))))


def founded(scope: Scope, period: Period) -> QuerySet[Any]:
    """Own unions approved in the period, with place and workers of that day."""
    placed = Placement.objects.unscoped(WHY).filter(union=OuterRef("pk"), valid__contains=OuterRef("founded_on"))
    counted = Headcount.objects.unscoped(WHY).filter(
        employer__coverages__organisation=OuterRef("pk"),
        employer__coverages__extent=Extent.WHOLE,
        valid__contains=RangeStartsWith("employer__coverages__valid"),
    )
    rows = Organisation.objects.unscoped(WHY).filter(
        Exists(placed.filter(in_scope(scope, unit="union"))),
        kind=Kind.OWN,
        state__in=["active", "dissolved"],
        founded_on__range=(period.start, period.end),
    )
    return rows.annotate(  # type: ignore[no-any-return]
        managing_then=Subquery(placed.values("managing")[:1]),
        street_then=Subquery(placed.values("street")[:1]),
        managing_name=Subquery(placed.values("managing__name")[:1]),
        workers_then=Subquery(counted.order_by("pk").values("count")[:1]),
    )


@flow(
    "own_unions_founded",
    label=_("新建单独工会"),
    unit=_("个"),
    definition=_("期内批复成立的单独建会工会，含由联合工会转来的。数的是工会，不是单位。"),
    sheet=FIGURE_UNIONS,
    dimensions=FOUNDED_DIMENSIONS,
    account=FOUNDED,
)
def own_unions_founded(scope: Scope, period: Period) -> QuerySet[Any]:
    return founded(scope, period)


@flow(
    "own_unions_founded_large",
    label=_("新建百人以上单独工会"),
    unit=_("个"),
    definition=_("新建单独工会中，建会之日本单位职工 100 人以上的：是“其中”。"),
    sheet=FIGURE_UNIONS,
    dimensions=FOUNDED_DIMENSIONS,
    account=FOUNDED,
)
def own_unions_founded_large(scope: Scope, period: Period) -> QuerySet[Any]:
    return founded(scope, period).filter(workers_then__gte=LARGE)


def registered(scope: Scope, on: dt.date) -> Q:
    """The outer employer stood on the register of the scope on a day."""
    stood = Standing.objects.unscoped(WHY).filter(employer=OuterRef("pk"), valid__contains=on, state__in=REGISTERED)
    held = Holding.objects.unscoped(WHY).filter(in_scope(scope), employer=OuterRef("pk"), valid__contains=on)
    return Q(Exists(stood)) & Q(Exists(held))


@flow(
    "net_loss",
    label=_("单位净流失"),
    unit=_("家"),
    definition=_("期初在册、期末已不在册的单位，减去期内入册、期末仍在册的；负数为净增加。已剔除的仍在册。"),
    sheet=FIGURE_EMPLOYERS,
    dimensions={code: one for code, one in THEN_DIMENSIONS.items() if code != "form"},
    measure=Sum("lost"),
    account=EMPLOYERS,
)
def net_loss(scope: Scope, period: Period) -> QuerySet[Any]:
    """Each lost employer counts 1, each gained one −1."""
    was, remains = registered(scope, period.before), registered(scope, period.end)
    rows = Employer.objects.unscoped(WHY).annotate(
        form_then=Value("", output_field=CharField()),
        lost=Case(
            When(was & ~remains, then=Value(1)),
            When(~was & remains, then=Value(-1)),
            default=None,
            output_field=IntegerField(),
        ),
        happened_on=Case(When(lost=1, then=Value(period.before)), default=Value(period.end)),
    )
    return of_scope(rows.filter(lost__isnull=False), scope)
