"""The rows that figures of members count, and how a row accounts for its coming and leaving."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.postgres.fields.ranges import RangeStartsWith
from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from gonghui.areas.members.models import Membership, MemberTally, Spell
from gonghui.areas.members.rules import MEMBERSHIP_FLOW
from gonghui.core.actions.actor import covers
from gonghui.core.figures.registry import Account, Cause, Change, Dimension, Kept, Period, Scope, Term, by_names, in_scope
from gonghui.core.figures.tallies import is_answered, standing
from gonghui.core.history.timeline import Part
from gonghui.kit.ciphers import masked_name
from gonghui.kit.columns import Column, Sheet

WHY = "figures count dated facts of a scope that was checked"
PARTS = (Part(Spell, "membership"),)

FIGURE_MEMBERS = Sheet(
    "members.figure_members",
    _("会员"),
    columns=(
        Column("name", _("姓名"), accessor=lambda row: masked_name(row.person.name), sort="person__name_pinyin", link=True),
        Column("union", _("所在工会"), accessor="union_name"),
        Column("managing", _("主管工会"), accessor="managing_name"),
        Column("joined_on", _("入会日期"), kind="date", sort="joined_on"),
        Column("state", _("会籍"), kind="state", accessor=lambda row: MEMBERSHIP_FLOW.state(row.state), sort="state"),
    ),
    default_sort="name",
    unit=_("人"),
)
"""Names are masked: whoever may see a figure may see that its rows are somebody, not who."""

JOINED, RESUMED = Term("joined", _("入会")), Term("resumed", _("恢复会籍"))
TRANSFERRED_IN, TRANSFERRED_OUT = Term("transferred_in", _("转入")), Term("transferred_out", _("转出"))
RESTS, ENDED, ALTERED = Term("rests", _("保留会籍")), Term("ended", _("会籍终止")), Term("altered", _("资料变更"))

DIMENSIONS = {
    one.code: one
    for one in (
        Dimension("managing", _("主管工会"), "held__managing", by_names, kept="managing"),
        Dimension("street", _("属地街道"), "held__street", by_names, kept="street"),
    )
}


def on_day(on: dt.date) -> QuerySet[Any]:
    """Every membership with its spell of a day: `held`."""
    return Membership.objects.unscoped(WHY).annotate(held=FilteredRelation("spells", condition=Q(spells__valid__contains=on)))


def held(scope: Scope, on: dt.date, *, is_retained: bool = False, **conditions: Any) -> QuerySet[Any]:
    """The memberships that count (or rest) in a scope on a day."""
    return on_day(on).filter(in_scope(scope, "held__"), held__is_retained=is_retained, **conditions)


def kept(scope: Scope, on: dt.date, *, is_retained: bool = False, **conditions: Any) -> Kept | None:
    """The tally of them."""
    if not is_answered(scope):
        return None
    return Kept([(standing(MemberTally, scope, on, is_retained=is_retained, **conditions), Sum("number"))])


def shown(rows: QuerySet[Any]) -> QuerySet[Any]:
    """What the list behind a figure shows of that day."""
    names = {"union_name": F("held__organisation__name"), "managing_name": F("held__managing__name")}
    found: QuerySet[Any] = rows.select_related("person").annotate(**names)
    return found


def begun(scope: Scope, period: Period) -> QuerySet[Any]:
    """The memberships whose very first spell began in the period and in the scope: `held` is that spell."""
    earlier = Spell.objects.unscoped(WHY).filter(membership=OuterRef("pk"), valid__startswith__lt=period.start)
    began = Q(spells__valid__startswith__gte=period.start, spells__valid__startswith__lte=period.end)
    later = Spell.objects.unscoped(WHY).filter(membership=OuterRef("pk"), valid__startswith__lt=OuterRef("happened_on"))
    rows = Membership.objects.unscoped(WHY).annotate(held=FilteredRelation("spells", condition=began))
    rows = rows.filter(in_scope(scope, "held__"), held__isnull=False).exclude(Exists(earlier))
    return rows.annotate(happened_on=RangeStartsWith("held__valid")).exclude(Exists(later))  # type: ignore[no-any-return]


def ended(scope: Scope, period: Period) -> QuerySet[Any]:
    """The memberships that ended in the period, by where they were held last: `held` is that spell."""
    over = Q(spells__valid__endswith=F("ended_on"))
    rows = Membership.objects.unscoped(WHY).annotate(held=FilteredRelation("spells", condition=over))
    return rows.filter(in_scope(scope, "held__"), ended_on__range=(period.start, period.end))  # type: ignore[no-any-return]


def listed(on: dt.date) -> QuerySet[Any]:
    """Every membership as lists show it on a day."""
    return shown(on_day(on))


def spells_on(keys: Iterable[int], day: dt.date) -> dict[int, Spell]:
    """Where each of these memberships was held on a day."""
    rows = Spell.objects.unscoped(WHY).filter(membership__in=keys, valid__contains=day)
    return {row.membership_id: row for row in rows.select_related("managing", "organisation")}


def is_in(spell: Spell, scope: Scope) -> bool:
    """Whether a spell was in the scope."""
    if scope.is_territory:
        return spell.street_id == scope.organisation.pk
    union = spell.managing if scope.organisation.is_managing else spell.organisation
    return covers(scope.organisation.path, union.path)


def causes(keys: Iterable[int], change: Change) -> Mapping[int, Cause]:
    """Why each came or left, told from where it was held on both days."""
    keys = list(keys)
    before, after = spells_on(keys, change.start), spells_on(keys, change.end)
    states = dict(Membership.objects.unscoped(WHY).filter(pk__in=keys).values_list("pk", "state"))
    ends = dict(Membership.objects.unscoped(WHY).filter(pk__in=keys).values_list("pk", "ended_on"))
    found = {}
    for key in keys:
        if change.has_come:
            found[key] = _came(before.get(key), after[key], change)
        elif key in after:
            found[key] = _moved(after[key], change)
        else:
            found[key] = Cause(ENDED, ends[key], None, MEMBERSHIP_FLOW.state(states[key]).label)
    return found


def _came(before: Spell | None, after: Spell, change: Change) -> Cause:
    term = JOINED if before is None else TRANSFERRED_IN
    if before is not None and is_in(before, change.scope):
        term = RESUMED if before.is_retained else ALTERED
    return Cause(term, after.valid.lower, after.recorded_at)


def _moved(after: Spell, change: Change) -> Cause:
    term = RESTS if after.is_retained and is_in(after, change.scope) else TRANSFERRED_OUT
    return Cause(term, after.valid.lower, after.recorded_at)


MEMBERS = Account(listed, PARTS, causes)
HAPPENED = Account(listed, PARTS)
