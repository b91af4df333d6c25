"""Tallies: how many dated rows hold, summed up beforehand and right at every moment.

Beside a table of dated rows stands a table of numbers: for each day, and for each group of rows, how many more rows begin than end.
Statement triggers append to it, so that nobody waits for anybody; the fold makes one number a day and group of what was appended, and
carries it into the standing at the beginning of each year. The rows of a day are then a standing and what has changed since: some
thousands of small rows instead of millions. A number that was not folded yet is counted all the same.
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any, ClassVar

from django.apps import apps
from django.db import models
from django.db.models import Max, Q, Sum

from gonghui.core.actions.models import Scoped
from gonghui.core.actions.walls import Open, column, table
from gonghui.core.figures.kept import Keeper, keepers
from gonghui.core.figures.registry import KeptRows, Scope, in_scope

WHY = "figures count dated facts of a scope that was checked"


NEW, DAY, YEAR = "new", "day", "year"
"""What a number says of its day: rows begun less rows ended, not folded yet (new) or folded (day); or all rows held just before it."""


class Tally(Scoped):
    """The numbers of the rows of `source`, a table with the columns `valid`, `managing` and `street`, by `groups` of equal rows."""

    wall: ClassVar = Open("how many rows begin and end on a day: it names nobody, and figures ask for a scope that was checked")
    source: ClassVar[str]  # "app.Model"
    groups: ClassVar[tuple[str, ...]]  # fields that both tables have

    grain = models.CharField(max_length=4)
    day = models.DateField()
    number = models.IntegerField()

    class Meta:
        abstract = True


def once(name: str, *groups: str) -> models.UniqueConstraint:
    """One folded number a day and group."""
    fields = ["grain", *groups, "day"]
    return models.UniqueConstraint(fields=fields, condition=~Q(grain=NEW), nulls_distinct=False, name=name)


def standing(model: type[Tally], scope: Scope, on: dt.date, **conditions: Any) -> KeptRows | None:
    """The numbers whose sum is how many rows hold on a day in a scope; None for a scope that is no group: one basic union."""
    if not scope.is_territory and not scope.organisation.is_managing:
        return None
    numbers = model.objects.unscoped(WHY).filter(**conditions)
    opening = numbers.filter(grain=YEAR, day__lte=on).aggregate(day=Max("day"))["day"]
    since = Q(grain=DAY, day__lte=on)
    if opening:
        since = Q(grain=YEAR, day=opening) | Q(grain=DAY, day__range=(opening, on))
    return KeptRows(numbers.filter(in_scope(scope), since | Q(grain=NEW, day__lte=on)), Sum("number"), cancels=True)


# -- how the database keeps them --------------------------------------------------------------------------------

BEGUN_AND_ENDED = """
  select {groups}, coalesce(lower(valid), '-infinity') as day, {sign} as number from {rows} where not isempty(valid)
  union all select {groups}, upper(valid), - {sign} from {rows} where upper(valid) is not null
"""

KEEP = """
create or replace function {name}() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$ begin
  insert into {kept} (grain, {groups}, day, number)
  select 'new', {groups}, day, sum(number) from ({changes}) as changes group by {groups}, day having sum(number) <> 0;
  return null;
end $$;
create or replace trigger {name} after {event} on {source} referencing {tables} for each statement execute function {name}();
"""

EVENTS = {"insert": ("new",), "update": ("old", "new"), "delete": ("old",)}

FOLD = """
with taken as (delete from {kept} where grain = 'new' returning {groups}, day, number),
net as (select {groups}, day, sum(number) as number from taken group by {groups}, day having sum(number) <> 0),
years as (select distinct day from {kept} where grain = 'year'),
days as (
  insert into {kept} as known (grain, {groups}, day, number) select 'day', {groups}, day, number from net
  on conflict (grain, {groups}, day) where grain <> 'new' do update set number = known.number + excluded.number
)
insert into {kept} as known (grain, {groups}, day, number)
select 'year', {groups}, years.day, sum(number) from net join years on net.day < years.day group by {groups}, years.day
on conflict (grain, {groups}, day) where grain <> 'new' do update set number = known.number + excluded.number
"""

OPEN_YEARS = """
insert into {kept} (grain, {groups}, day, number)
select 'year', {groups}, years.day, sum(number)
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
    return {"kept": table(model), "groups": ", ".join(column(model, group) for group in model.groups)}


def triggers() -> Iterator[str]:
    """SQL: the triggers on dated rows that append to their numbers."""
    signs = {"old": -1, "new": 1}
    for model in tallies():
        known = names(model) | {"source": table(apps.get_model(model.source))}
        for event, sides in EVENTS.items():
            changes = " union all ".join(
                BEGUN_AND_ENDED.format(**known, sign=signs[side], rows=f"{side}_rows") for side in sides
            )
            tables = " ".join(f"{side} table as {side}_rows" for side in sides)
            name = f"keep_{model._meta.db_table}_{event}"
            yield KEEP.format(**known, name=name, event=event, changes=changes, tables=tables)


def fold() -> Iterator[str]:
    """SQL: one number a day and group of what was appended, and a standing for each year begun until today."""
    for model in tallies():
        yield FOLD.format(**names(model))
        yield OPEN_YEARS.format(**names(model))


keepers.append(Keeper("figures.tallies", triggers, fold))
