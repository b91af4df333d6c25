"""Spans: the dated facts of an employer laid side by side once, and tallied, so that figures join nothing and read thousands of rows.

Whatever changes an employer's facts is noted by the database in the same transaction; figures count noted employers from the facts
themselves, and all others from what is kept. A job makes the spans of the noted ones anew; the tally follows them.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Count, F, Q, Sum, Value

from gonghui.areas.register.models import ChangedEmployer, EmployerTally, Span
from gonghui.core.figures.kept import Keeper, keepers
from gonghui.core.figures.registry import Kept, Scope, in_scope
from gonghui.core.figures.tallies import is_answered, standing

WHY = "figures count dated facts of a scope that was checked"


def kept(scope: Scope, on: dt.date, states: Sequence[str], *, counts_workers: bool, **conditions: Any) -> Kept:
    """The tally of a day in a scope and in some states, less what it says of noted employers; of one basic union the spans."""
    changed = ChangedEmployer.objects.unscoped(WHY).values("employer")
    newer = Q(pk__in=changed) if changed.exists() else None
    spans = Span.objects.unscoped(WHY).filter(in_scope(scope), since__lte=on, until__gt=on, state__in=states, **conditions)
    if not is_answered(scope):
        measure = Sum("workers") if counts_workers else Count("pk")
        return Kept([(spans.exclude(employer__in=changed) if newer else spans, measure)], newer)
    tally = standing(EmployerTally, scope, on, state__in=states, **conditions)
    if newer is None:
        return Kept([(tally, Sum("workers" if counts_workers else "number"))])
    less = Sum(-F("workers")) if counts_workers else Sum(Value(-1))
    return Kept([(tally, Sum("workers" if counts_workers else "number")), (spans.filter(employer__in=changed), less)], newer)


DATED = ("standing", "holding", "headcount", "coverage")
UNDATED = "employer_class, industry, is_non_public, is_dispatch_firm"

NOTE = """
create or replace function note_employer_{event}() returns trigger language plpgsql security definer set search_path = public, pg_temp as
$$ begin insert into register_changedemployer (employer_id) select employer_id from ({rows}) as rows group by 1; return null; end $$;
"""
ROWS = {
    "insert": "select employer_id from new_rows",
    "delete": "select employer_id from old_rows",
    "update": "select employer_id from new_rows union select employer_id from old_rows",
}
TABLES = {
    "insert": "new table as new_rows",
    "delete": "old table as old_rows",
    "update": "old table as old_rows new table as new_rows",
}
WATCH = """
create or replace trigger note_employer_{event} after {event} on {table} referencing {tables}
for each statement execute function note_employer_{event}();
"""
NOTE_UNDATED = f"""
create or replace function note_employer_itself() returns trigger language plpgsql security definer set search_path = public, pg_temp as
$$ begin
  insert into register_changedemployer (employer_id) select id from
    (select id, {UNDATED} from new_rows except select id, {UNDATED} from old_rows) as changed;
  return null;
end $$;
create or replace trigger note_employer_itself after update on register_employer referencing {TABLES["update"]}
for each statement execute function note_employer_itself();
"""

NOTE_BANDS = """
create or replace function note_every_employer() returns trigger language plpgsql security definer set search_path = public, pg_temp as
$$ begin insert into register_changedemployer (employer_id) select id from register_employer; return null; end $$;
create or replace trigger note_every_employer after insert or update on reference_parameter
for each row when (new.key = 'register.size_bands') execute function note_every_employer();
"""

TAKE = """
create temporary table changed on commit drop as
with taken as (delete from register_changedemployer returning employer_id) select distinct employer_id from taken
"""
FORGET = "delete from register_span where employer_id in (select employer_id from changed)"
DAYS = " union ".join(
    f"select employer_id, coalesce(lower(valid), '-infinity') as day from register_{name} join changed using (employer_id)"
    f" union select employer_id, upper(valid) from register_{name} join changed using (employer_id) where upper(valid) is not null"
    for name in DATED
)
BAND_DAYS = """select employer_id, lower(p.valid) from changed, reference_parameter p
  where p.key = 'register.size_bands' and lower(p.valid) is not null"""
MAKE = f"""
insert into register_span
  (employer_id, organisation_id, managing_id, street_id, state, form, workers, band, {UNDATED}, since, until)
select e.id, h.organisation_id, h.managing_id, h.street_id, s.state, c.form, n.count,
  case when n.count is not null then (
    select coalesce(max(floor::int), 0) from reference_parameter p, jsonb_array_elements_text(p.value) as floor
    where p.key = 'register.size_bands' and p.valid @> d.since and floor::int <= n.count
  ) end,
  {UNDATED}, d.since, d.until
from (
  select employer_id, day as since, lead(day, 1, 'infinity') over (partition by employer_id order by day) as until
  from ({DAYS} union {BAND_DAYS}) as days
) as d
join register_employer e on e.id = d.employer_id
join register_standing s on s.employer_id = d.employer_id and s.valid @> d.since
join register_holding h on h.employer_id = d.employer_id and h.valid @> d.since
left join register_headcount n on n.employer_id = d.employer_id and n.valid @> d.since
left join register_coverage c on c.employer_id = d.employer_id and c.valid @> d.since and c.extent = 'whole'
"""


def triggers() -> Iterator[str]:
    """SQL: what notes the employers whose facts change."""
    for event, rows in ROWS.items():
        yield NOTE.format(event=event, rows=rows)
        for name in DATED:
            yield WATCH.format(event=event, table=f"register_{name}", tables=TABLES[event])
    yield NOTE_UNDATED
    yield NOTE_BANDS


def make_spans() -> Iterator[str]:
    """SQL: the spans of the noted employers, anew."""
    yield from ("drop table if exists pg_temp.changed", TAKE, "analyze changed", FORGET, MAKE)


keepers.append(Keeper("register.spans", triggers, make_spans))
