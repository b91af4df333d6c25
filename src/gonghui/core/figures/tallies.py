"""Tallies: how many dated rows hold, summed up beforehand and right at every moment.

Beside a table of dated rows stands a table of numbers: for each day, and for each group of rows, how many more rows begin than end.
Statement triggers append to it, so that nobody waits for anybody; the fold makes one number a day and group of what was appended, and
carries it into the standing at the beginning of each year. The rows of a day are then a standing and what has changed since: some
thousands of small rows instead of millions. A number that was not folded yet is counted all the same.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from django.apps import apps
from django.db import models
from django.db.models import Max, Q, QuerySet

from gonghui.core.actions.models import Scoped
from gonghui.core.actions.walls import Open, column, table
from gonghui.core.figures.kept import Keeper, keepers
from gonghui.core.figures.registry import Scope, in_scope

WHY = "figures count dated facts of a scope that was checked"

NEW, DAY, YEAR = "new", "day", "year"
"""What a number says of its day: rows begun less rows ended, not folded yet (new) or folded (day); or all rows held just before it."""


class Tally(Scoped):
    """The numbers of the rows of `source`, by `groups` of equal rows, which both tables have as fields; `managing` and `street` are two.

    `measures` are the sums that are kept, a column of ours → its SQL for one row. A row counts from the day `since` until before the day
    `until`: SQL, null for a row that never counts, or never ends.
    """

    wall: ClassVar = Open("how many rows begin and end on a day: it names nobody, and figures ask for a scope that was checked")
    source: ClassVar[str]  # "app.Model"
    groups: ClassVar[tuple[str, ...]]
    measures: ClassVar[Mapping[str, str]] = {"number": "1"}
    since: ClassVar[str] = "case when not isempty(valid) then coalesce(lower(valid), '-infinity') end"
    until: ClassVar[str] = "upper(valid)"

    grain = models.CharField(max_length=4)
    day = models.DateField()
    number = models.IntegerField()

    class Meta:
        abstract = True


def once(name: str, *groups: str) -> models.UniqueConstraint:
    """One folded number a day and group."""
    fields = ["grain", *groups, "day"]
    return models.UniqueConstraint(fields=fields, condition=~Q(grain=NEW), nulls_distinct=False, name=name)


def is_answered(scope: Scope) -> bool:
    """Whether a scope is made of groups: not one basic union."""
    return scope.is_territory or scope.organisation.is_managing


def standing(model: type[Tally], scope: Scope, on: dt.date, **conditions: Any) -> QuerySet[Any]:
    """The numbers whose sum is what holds on a day in a scope that is answered."""
    numbers = model.objects.unscoped(WHY).filter(**conditions)
    opening = numbers.filter(grain=YEAR, day__lte=on).aggregate(day=Max("day"))["day"]
    since = Q(grain=DAY, day__lte=on)
    if opening:
        since = Q(grain=YEAR, day=opening) | Q(grain=DAY, day__range=(opening, on))
    found: QuerySet[Any] = numbers.filter(in_scope(scope), since | Q(grain=NEW, day__lte=on))
    return found


# -- how the database keeps them --------------------------------------------------------------------------------

BEGUN_AND_ENDED = """
  select {groups}, {since} as day, {begun} from {rows} where {since} is not null
  union all select {groups}, {until}, {ended} from {rows} where {until} is not null
"""

KEEP = """
create or replace function {name}() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$ begin
  insert into {kept} (grain, {groups}, day, {measures})
  select 'new', {groups}, day, {sums} from ({changes}) as changes group by {groups}, day having {is_something};
  return null;
end $$;
create or replace trigger {name} after {event} on {source} referencing {tables} for each statement execute function {name}();
"""

EVENTS = {"insert": ("new",), "update": ("old", "new"), "delete": ("old",)}

FOLD = """
with taken as (delete from {kept} where grain = 'new' returning {groups}, day, {measures}),
net as (select {groups}, day, {named_sums} from taken group by {groups}, day having {is_something}),
years as (select distinct day from {kept} where grain = 'year'),
days as (
  insert into {kept} as known (grain, {groups}, day, {measures}) select 'day', {groups}, day, {measures} from net
  on conflict (grain, {groups}, day) where grain <> 'new' do update set {added}
)
insert into {kept} as known (grain, {groups}, day, {measures})
select 'year', {groups}, years.day, {sums} from net join years on net.day < years.day group by {groups}, years.day
on conflict (grain, {groups}, day) where grain <> 'new' do update set {added}
"""

OPEN_YEARS = """
insert into {kept} (grain, {groups}, day, {measures})
select 'year', {groups}, years.day, {sums}
from {kept} known join (
  select day::date from generate_series(
    (select date_trunc('year', min(day)) + interval '1 year' from {kept} where grain = 'day' and day > '-infinity'),
    %(today)s, interval '1 year') as day
  except select day from {kept} where grain = 'year'
) years on known.day < years.day
where known.grain = 'day' group by {groups}, years.day
"""


def tallies() -> Iterator[type[Tally]]:
    """Every table of numbers."""
    return (model for model in apps.get_models() if issubclass(model, Tally))


def names(model: type[Tally]) -> dict[str, str]:
    """The names that the statements above leave open."""
    return {
        "kept": table(model),
        "groups": ", ".join(column(model, group) for group in model.groups),
        "measures": ", ".join(model.measures),
        "sums": ", ".join(f"sum({name})" for name in model.measures),
        "named_sums": ", ".join(f"sum({name}) as {name}" for name in model.measures),
        "is_something": " or ".join(f"sum({name}) <> 0" for name in model.measures),
        "added": ", ".join(f"{name} = known.{name} + excluded.{name}" for name in model.measures),
    }


def changes(model: type[Tally], side: str) -> str:
    """SQL: what rows that come (new) or go (old) begin and end."""
    signs = ("", "-") if side == "new" else ("-", "")
    begun, ended = (", ".join(f"{sign}({sql}) as {name}" for name, sql in model.measures.items()) for sign in signs)
    known = {"groups": names(model)["groups"], "since": model.since, "until": model.until, "rows": f"{side}_rows"}
    return BEGUN_AND_ENDED.format(**known, begun=begun, ended=ended)


def triggers() -> Iterator[str]:
    """SQL: the triggers on the rows that append to their numbers."""
    for model in tallies():
        known = names(model) | {"source": table(apps.get_model(model.source))}
        for event, sides in EVENTS.items():
            tables = " ".join(f"{side} table as {side}_rows" for side in sides)
            both = " union all ".join(changes(model, side) for side in sides)
            yield KEEP.format(**known, name=f"keep_{model._meta.db_table}_{event}", event=event, changes=both, tables=tables)


def fold() -> Iterator[str]:
    """SQL: one number a day and group of what was appended, and a standing for each year begun until today."""
    for model in tallies():
        yield FOLD.format(**names(model))
        yield OPEN_YEARS.format(**names(model))


keepers.append(Keeper("figures.tallies", triggers, fold))
