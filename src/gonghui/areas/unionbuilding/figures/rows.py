"""The rows that figures of prospects count, and how lists show them."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.postgres.fields.ranges import RangeStartsWith
from django.db.models import Case, F, FilteredRelation, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from gonghui.areas.register.rules import band_names
from gonghui.areas.unionbuilding.models import Prospect, Stage
from gonghui.areas.unionbuilding.rules import ENDED, PROSPECT_FLOW, Stream
from gonghui.core.figures.registry import Account, Cause, Change, Dimension, Period, Scope, Term, by_names, in_scope
from gonghui.core.history.timeline import Part
from gonghui.core.reference.queries import parameter
from gonghui.kit.dates import today
from gonghui.kit.text import Text

WHY = "figures count dated facts of a scope that was checked"
AGES = (0, 30, 90, 180)
"""The first days of the bands in which the time at one stage is shown: up to a month, a quarter, half a year, longer."""


def on_day(on: dt.date) -> QuerySet[Any]:
    """Every prospect with what held on a day: `staged`, and the headcount of its employer, `counted`."""
    return Prospect.objects.unscoped(WHY).annotate(
        staged=FilteredRelation("stages", condition=Q(stages__valid__contains=on)),
        counted=FilteredRelation("employer__headcounts", condition=Q(employer__headcounts__valid__contains=on)),
    )


def running(scope: Scope, on: dt.date, **conditions: Any) -> QuerySet[Any]:
    """The prospects of a scope for which it was still open on the day whether they come to a union."""
    unfinished = [code for code in PROSPECT_FLOW.codes if code not in ENDED]
    return on_day(on).filter(in_scope(scope, "staged__", unit="managing"), staged__state__in=unfinished, **conditions)


def reached(scope: Scope, period: Period, **conditions: Any) -> QuerySet[Any]:
    """Prospects once for each stage that began in the period (`began`), where they were on that day; another union taking over at the
    same stage does not count again."""
    condition = Q(stages__valid__startswith__gte=period.start, stages__valid__startswith__lte=period.end)
    rows = Prospect.objects.unscoped(WHY).annotate(
        staged=FilteredRelation("stages", condition=condition),
        counted=FilteredRelation("employer__headcounts", condition=Q(employer__headcounts__valid__contains=period.end)),
    )
    return rows.filter(in_scope(scope, "staged__", unit="managing"), **conditions)


def shown(rows: QuerySet[Any]) -> QuerySet[Any]:
    """What the list behind a figure shows of that day."""
    then = {
        "state_then": F("staged__state"),
        "since_then": RangeStartsWith("staged__valid"),
        "workers_then": F("counted__count"),
        "managing_name": F("staged__managing__name"),
    }
    return rows.annotate(**then)  # type: ignore[no-any-return]


def listed(on: dt.date) -> QuerySet[Any]:
    """Every prospect as lists show it on a day."""
    return shown(on_day(on))


# -- ways to break down -----------------------------------------------------------------------------------------


def states(keys: list[Any]) -> Mapping[Any, Text]:
    """In the order of the flow, so that a breakdown reads as a funnel."""
    return {state.code: state.label for state in PROSPECT_FLOW.states if state.code in keys}


def streams(keys: list[Any]) -> Mapping[Any, Text]:
    return {code: name for code, name in Stream.choices if code in keys}


def bands(keys: list[Any]) -> Mapping[Any, Text]:
    return {floor: name for floor, name in band_names(parameter("register.size_bands", today())).items() if floor in keys}


def ages(keys: list[Any]) -> Mapping[Any, Text]:
    labels = {0: _("30 天以内"), 30: _("30–89 天"), 90: _("90–179 天"), 180: _("180 天以上")}
    return {floor: label for floor, label in labels.items() if floor in keys}


def size_banded(rows: QuerySet[Any], on: dt.date, count: str) -> QuerySet[Any]:
    """Adds the floor of the size band of a headcount; None where nobody has counted."""
    floors = sorted(parameter("register.size_bands", on), reverse=True)
    cases = [When(**{f"{count}__gte": floor}, then=Value(floor)) for floor in floors]
    return rows.annotate(band=Case(*cases, When(**{f"{count}__gte": 0}, then=Value(0)), default=None))  # type: ignore[no-any-return]


def banded(rows: QuerySet[Any], on: dt.date) -> QuerySet[Any]:
    """The same of the day's headcount."""
    return size_banded(rows, on, "counted__count")


def aged(rows: QuerySet[Any], on: dt.date) -> QuerySet[Any]:
    """Adds for how many days at least the prospect has been at its stage."""
    rows = rows.annotate(since=RangeStartsWith("staged__valid"))
    cases = [When(since__lte=on - dt.timedelta(days=floor), then=Value(floor)) for floor in reversed(AGES)]
    return rows.annotate(age=Case(*cases, default=Value(0)))  # type: ignore[no-any-return]


def by_code(*dimensions: Dimension) -> dict[str, Dimension]:
    return {one.code: one for one in dimensions}


DIMENSIONS = by_code(
    Dimension("managing", _("负责工会"), "staged__managing", by_names),
    Dimension("street", _("属地街道"), "staged__street", by_names),
    Dimension("stage", _("进度"), "staged__state", states),
    Dimension("stream", _("类别"), "stream", streams),
    Dimension("size_band", _("职工人数分档"), "band", bands, banded),
    Dimension("age", _("停留时间"), "age", ages, aged),
)
FLOW_DIMENSIONS = {code: one for code, one in DIMENSIONS.items() if code != "age"}

# -- why they changed -------------------------------------------------------------------------------------------

OPENED, RESUMED = Term("opened", _("新列入")), Term("resumed", _("重新进行"))
TAKEN_OVER, HANDED_OVER = Term("taken_over", _("接手")), Term("handed_over", _("转给别处"))
MOVED_ON = Term("moved_on", _("进度变化"))
ENDINGS = {state.code: Term(state.code, state.label) for state in PROSPECT_FLOW.states if state.code in ENDED}


def stages_on(keys: list[int], day: dt.date) -> dict[int, Stage]:
    """The stages of these prospects on a day."""
    rows = Stage.objects.unscoped(WHY).filter(prospect__in=keys, valid__contains=day).select_related("managing")
    return {row.prospect_id: row for row in rows}


def causes(keys: Iterable[int], change: Change) -> Mapping[int, Cause]:
    """The reason why each prospect counts at one end and not at the other."""
    keys = list(keys)
    before, after = stages_on(keys, change.start), stages_on(keys, change.end)
    return {key: cause(before.get(key), after[key]) for key in keys if key in after}


def cause(was: Stage | None, now: Stage) -> Cause:
    """What happened between two stages of one prospect."""
    if was is None:
        return Cause(OPENED, now.valid.lower, now.recorded_at)
    if now.state in ENDINGS and was.state not in ENDINGS:
        return Cause(ENDINGS[now.state], now.valid.lower, now.recorded_at)
    if was.managing_id != now.managing_id:
        return Cause(TAKEN_OVER, now.valid.lower, now.recorded_at, now.managing.name)
    return Cause(MOVED_ON, now.valid.lower, now.recorded_at, PROSPECT_FLOW.state(now.state).label)


PROSPECTS = Account(listed, (Part(Stage, "prospect"),), causes)
