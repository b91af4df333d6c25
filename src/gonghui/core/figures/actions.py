"""Freezing what is published, keeping what papers said, setting targets."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from gonghui.core.actions.action import NotAllowed, Refused, action, change
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import beyond_scope
from gonghui.core.figures.explanation import Amounts, amounts, parts_of, value_of
from gonghui.core.figures.models import FrozenFigure, FrozenPart, ReportedFigure, Target
from gonghui.core.figures.periods import Period, When
from gonghui.core.figures.registry import Figure, Ratio, Scope, figures, require
from gonghui.core.organisations.models import Organisation
from gonghui.kit.dates import DateRange, now, today


def known(code: str) -> Figure | Ratio:
    """The figure of this code; Refused for another."""
    if code not in figures:
        raise Refused(_("没有这项指标，请从列表中选"), field="figure")
    return figures[code]


@action("figures.freeze", label=_("定稿"))
def freeze(
    organisation: Organisation, *, actor: Actor, figure: str, when: When, occasion: str, basis: str = "managing"
) -> FrozenFigure:
    """Keeps a value for good, as it is now: its parts, its rows, its definition, who published it and what for."""
    found, scope = known(figure), Scope(organisation, "place" if basis == "place" else "managing")
    period = found.period(when)
    if period.end > today():
        raise Refused(_("日期不能晚于今天"), field="occasion")
    if not occasion.strip():
        raise Refused(_("请写明用途，例如“2016 年工作回顾”"), field="occasion")
    if actor.user_id is None:
        raise NotAllowed("figures.freeze")
    require(actor, scope)
    with beyond_scope("figures count dated facts of a scope that was checked"):
        counted = [(part, amounts(part, scope, period)) for part in parts_of(found)]
    return _frozen(found, scope, period, counted, occasion=occasion.strip(), frozen_by_id=actor.user_id)


def _frozen(
    figure: Figure | Ratio, scope: Scope, period: Period, counted: list[tuple[Figure, Amounts]], **values: Any
) -> FrozenFigure:
    """Writes the value and its parts; the definition is kept in the language of the system."""
    with translation.override(settings.LANGUAGE_CODE):
        definition = str(figure.definition)
    frozen = FrozenFigure(
        organisation=scope.organisation,
        basis=scope.basis,
        figure=figure.code,
        since=period.start,
        until=period.end,
        number=value_of(figure, [sum(rows.values()) for _part, rows in counted]).number,
        definition=definition,
        version=figure.version,
        frozen_at=now(),
        **values,
    )
    frozen.save(force_insert=True)
    FrozenPart.objects.bulk_create([_part(frozen, part, rows) for part, rows in counted])
    return frozen


def _part(frozen: FrozenFigure, figure: Figure, rows: Amounts) -> FrozenPart:
    keys = sorted(rows)
    counts = None if all(number == 1 for number in rows.values()) else [rows[key] for key in keys]
    return FrozenPart(frozen=frozen, figure=figure.code, number=sum(rows.values()), keys=keys, counts=counts)


@action("figures.report", label=_("登记见报数据"))
def report(
    organisation: Organisation, /, *, actor: Actor, figure: str, when: When, number: Decimal, source: str, **values: Any
) -> ReportedFigure:
    """Notes what a paper printed: value, days, source; `values` are page, passage and precision."""
    period = known(figure).period(when)
    _require_source(source)
    reported = ReportedFigure(
        organisation=organisation,
        figure=figure,
        since=period.start,
        until=period.end,
        number=number,
        source=source.strip(),
        **values,
    )
    reported.save(force_insert=True)
    return reported


@action("figures.correct_report", label=_("更正见报数据"))
def correct_report(reported: ReportedFigure, /, *, actor: Actor, source: str, **values: Any) -> None:
    """Corrects what was copied wrongly; the history keeps what stood there."""
    _require_source(source)
    change(reported, source=source.strip(), **values)


def _require_source(source: str) -> None:
    if not source.strip():
        raise Refused(_("请写明出处：报刊或文件的名称和日期"), field="source")


@action("figures.set_target", label=_("下达目标"))
def set_target(
    organisation: Organisation, *, actor: Actor, figure: str, period: DateRange, number: Decimal, basis: str
) -> Target:
    """What a figure of an organisation shall reach in these days, by which document."""
    known(figure)
    _check_target(number, basis)
    if period.lower is None or period.upper is None or period.lower >= period.upper:
        raise Refused(_("目标期的止日须晚于起日"), field="until")
    target = Target(organisation=organisation, figure=figure, period=period, number=number, basis=basis.strip(), set_on=today())
    target.save(force_insert=True)
    return target


@action("figures.revise_target", label=_("修订目标"))
def revise_target(target: Target, *, actor: Actor, number: Decimal, basis: str) -> Target:
    """A new version by a new document; the former one stays to be seen."""
    _check_target(number, basis)
    if not target.is_current:
        raise Refused(_("这一版已有后续修订，请在最新的一版上修订"))
    change(target, is_current=False)
    revised = Target(
        organisation_id=target.organisation_id,
        figure=target.figure,
        period=target.period,
        version=target.version + 1,
        number=number,
        basis=basis.strip(),
        set_on=today(),
    )
    revised.save(force_insert=True)
    return revised


def _check_target(number: Decimal, basis: str) -> None:
    if number < 0:
        raise Refused(_("目标值不能小于 0"), field="number")
    if not basis.strip():
        raise Refused(_("请写明依据的文件名称和文号"), field="basis")
