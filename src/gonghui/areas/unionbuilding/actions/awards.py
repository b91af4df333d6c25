"""Founding results of a period as points and support, by the rules of each day; the payment itself is the funds' matter."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from gonghui.areas.unionbuilding.models import Award, AwardLine
from gonghui.areas.unionbuilding.queries import Happened, results_of
from gonghui.areas.unionbuilding.rules.awards import AWARD_FLOW, POINTS, YUAN, Result, Worth
from gonghui.core.actions.action import Refused, action, change, next_state
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.copying import insert_many
from gonghui.core.organisations.models import Organisation
from gonghui.core.reference.models import Parameter
from gonghui.kit.dates import DateRange, from_day, today
from gonghui.kit.text import together

WHY = "the rules of awards hold for everybody"


@action("unionbuilding.compute_award", label=_("计算奖补"))
def compute_award(organisation: Organisation, *, actor: Actor, since: dt.date, before: dt.date) -> Award:
    """What a street or system union has earned from a day until the day before another; every result stands with its rule."""
    if not organisation.is_managing:
        raise Refused(_("奖补按街道或系统工会计算"))
    if before <= since:
        raise Refused(_("结束日期须晚于开始日期"), field="before")
    award = Award(organisation=organisation, period=from_day(since, before), points=0, yuan=0)
    award.computed_on, award.computed_by_id = today(), actor.user_id
    award.save(force_insert=True)
    write_lines(award)
    return award


@action("unionbuilding.recompute_award", label=_("重新计算"))
def recompute_award(award: Award, *, actor: Actor) -> None:
    """Counts again, as long as nobody has confirmed it."""
    next_state(AWARD_FLOW, "recompute", award.state)
    AwardLine.objects.unscoped(WHY).filter(award=award).delete()
    change(award, times=award.times + 1, computed_on=today(), computed_by_id=actor.user_id)
    write_lines(award)


@action("unionbuilding.confirm_award", label=_("确认奖补"))
def confirm_award(award: Award, *, actor: Actor) -> None:
    """Another person agrees; from now on it stays as it is, whatever becomes of the rules or the unions."""
    target = next_state(AWARD_FLOW, "confirm", award.state)
    if award.computed_by_id is not None and award.computed_by_id == actor.user_id:
        raise Refused(_("计算的人不能自己确认，请由另一位干部确认"))
    change(award, state=target, confirmed_on=today(), confirmed_by_id=actor.user_id)


def write_lines(award: Award) -> None:
    """The lines of an award and their sums."""
    lines = list(lines_of(award, award.period))
    insert_many(lines)
    zero = Decimal(0)
    change(award, points=sum((one.points for one in lines), zero), yuan=sum((one.yuan for one in lines), zero))


def lines_of(award: Award, period: DateRange) -> Iterator[AwardLine]:
    """A line for every result of the period."""
    known: dict[tuple[Result, dt.date], Worth] = {}
    for one in results_of(award.organisation, period):
        for result in one.results:
            worth = known.setdefault((result, one.on), worth_of(result, one.on))
            yield line_of(award, one, result, worth)


def line_of(award: Award, happened: Happened, result: Result, worth: Worth) -> AwardLine:
    """One line."""
    return AwardLine(
        award=award,
        employer_id=happened.employer_id,
        name=happened.name,
        result=result,
        happened_on=happened.on,
        workers=happened.workers,
        points=worth.points,
        yuan=worth.yuan,
        basis=worth.basis,
    )


def worth_of(result: str, on: dt.date) -> Worth:
    """What a result is worth on a day, with the documents of both numbers and since when they hold."""
    points, yuan = (rule(keys[result], on) for keys in (POINTS, YUAN))
    return Worth(
        Decimal(str(points.value)), Decimal(str(yuan.value)), together(dict.fromkeys((source(points), source(yuan))))[:300]
    )


def rule(key: str, on: dt.date) -> Parameter:
    """The version of a parameter that holds on a day."""
    return Parameter.objects.unscoped(WHY).get(key=key, valid__contains=on)  # type: ignore[no-any-return]


def source(version: Parameter) -> str:
    """The document that a version rests on, and since when."""
    if version.valid.lower is None:
        return version.basis
    return _now("%(basis)s（%(day)s 起）") % {"basis": version.basis, "day": version.valid.lower}
