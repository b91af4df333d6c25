"""P3a: coverage by street × industry × size band at 1,000,000 employers, as of today and of a past day, for a city and for a street.

Sides, in the same run and interleaved: ours (the figure, through both walls' checks and Django, from the spans kept for it) · a plain aggregate written by hand
over the same dated rows · a materialised view of the day. All three must give the same cells. The view answers one day only; what
it costs to refresh stands beside it. `python3 dev.py bench figures [EMPLOYERS]`.
"""

import datetime as dt
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

from bench.district import STREETS, TABLES, TREE, UNIONS
from gonghui.config.embedded_postgres import Server

ROUNDS, SLOW_ROUNDS = 20, 5  # a side that takes seconds need not be asked as often
FIRST, PAST, TODAY = dt.date(2016, 1, 1), dt.date(2019, 6, 30), dt.date(2026, 6, 30)
GOALS = {"city": 150, "street": 30}  # milliseconds, p95

EMPLOYERS = """
insert into register_employer (id, public_id, name, former_names, employer_class, is_state_controlled, is_non_public,
  industry_edition, industry, address, organisation_id, street_id, organisation_path, street_path, has_party_organisation,
  is_dispatch_firm, state, entered_on, coverage, headcount, headcount_on, name_pinyin, name_initials, is_synthetic)
overriding system value
select e, gen_random_uuid(), '基准单位' || e, '{{}}', '170', false, true, '2017', chr(65 + e % 20), '', 2 + e % {streets}, 2 + e % {streets},
  '', '', false, false, 'active', date '{first}', 'none', null, null, 'ji zhun', 'jz', true
from generate_series(1, {employers}) e;
insert into register_holding (employer_id, organisation_id, managing_id, street_id, valid, recorded_at)
  select id, organisation_id, street_id, street_id, daterange('{first}', null), now() from register_employer;
insert into register_standing (employer_id, state, reason, valid, recorded_at)
  select id, 'active', '', daterange('{first}', case when id % 20 = 0 then date '{first}' + (id % 3000)::int + 1 end), now()
  from register_employer;
insert into register_standing (employer_id, state, reason, valid, recorded_at)
  select id, 'struck_off', 'dormant', daterange(date '{first}' + (id % 3000)::int + 1, null), now()
  from register_employer where id % 20 = 0;
insert into register_headcount (employer_id, count, source, valid, recorded_at)
  select id, 1 + (id * 31) % 400, 'union', daterange('{first}', case when id % 3 = 0 then date '{first}' + 900 end), now()
  from register_employer;
insert into register_headcount (employer_id, count, source, valid, recorded_at)
  select id, 1 + (id * 37) % 400, 'union', daterange(date '{first}' + 900, null), now() from register_employer where id % 3 = 0;
insert into register_coverage (employer_id, organisation_id, form, extent, basis, valid, recorded_at)
  select id, 100 + 4 * (1 + id % {joint}), 'joint', 'whole', '', daterange(date '{first}' + (id % 3600)::int, null), now()
  from register_employer where id % 10 < 8;
"""

PLAIN = """
select h.street_id, e.industry,
  case when n.count >= 200 then 200 when n.count >= 100 then 100 when n.count >= 25 then 25 when n.count >= 0 then 0 end as band,
  count(c.id) as above, count(*) as below
from register_employer e
join register_standing s on s.employer_id = e.id and s.valid @> %(on)s::date and s.state = 'active'
join register_holding h on h.employer_id = e.id and h.valid @> %(on)s::date
join organisations_organisation o on o.id = h.managing_id and o.path like %(path)s
left join register_headcount n on n.employer_id = e.id and n.valid @> %(on)s::date
left join register_coverage c on c.employer_id = e.id and c.valid @> %(on)s::date and c.extent = 'whole'
group by 1, 2, 3
"""
VIEW = "select street_id, industry, band, above, below from bench_cells where path like %(path)s"

Cells = dict[tuple[Any, ...], tuple[int, int]]


def fill(url: str, employers: int) -> None:
    """Fills an empty, migrated database; triggers are off while it does."""
    values = {"streets": STREETS, "first": FIRST, "employers": employers, "joint": UNIONS // 4 - 1}
    with psycopg.connect(url, options="-c gonghui.roots=*") as connection:
        if (connection.execute("select count(*) from register_employer").fetchone() or (0,))[0] == employers:
            return
        for table in TABLES:
            connection.execute(f"alter table {table} disable trigger user")  # type: ignore[arg-type]
        connection.execute("alter table register_employer enable trigger hold")
        connection.execute(TREE)
        connection.execute(EMPLOYERS.format(**values))  # type: ignore[arg-type]
        connection.execute("set constraints all immediate")
        for table in TABLES:
            connection.execute(f"alter table {table} enable trigger user")  # type: ignore[arg-type]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("vacuum analyze")


def make_spans(database: Server) -> float:
    """Notes every employer, as an upgrade does, and works the notes in; the seconds that took."""
    from gonghui.core.actions.actor import Actor
    from gonghui.core.actions.door import acting
    from gonghui.core.figures.kept import work_in

    with psycopg.connect(database.superuser_url, autocommit=True) as connection:
        connection.execute("insert into register_changedemployer (employer_id) select id from register_employer")
        began = time.perf_counter()
        with acting(Actor.system("bench.figures")):
            work_in(TODAY)
        taken = time.perf_counter() - began
        connection.execute("vacuum analyze register_span, register_employertally")
    return taken


def read(connection: psycopg.Connection[Any], sql: str, on: dt.date, path: str) -> Cells:
    """The cells of a hand-written query."""
    rows = connection.execute(sql, {"on": on, "path": f"{path}%"}).fetchall()  # type: ignore[arg-type]
    return {tuple(row[:3]): (row[3], row[4]) for row in rows}


def refresh(connection: psycopg.Connection[Any], on: dt.date) -> float:
    """Makes the view of a day; the seconds it took."""
    began = time.perf_counter()
    connection.execute("drop materialized view if exists bench_cells")
    inner = PLAIN.replace("%(on)s", f"'{on}'").replace(" and o.path like %(path)s", "")
    inner = inner.replace("group by 1, 2, 3", "group by 1, 2, 3, o.path").replace(
        "count(*) as below", "count(*) as below, o.path"
    )
    connection.execute(f"create materialized view bench_cells as {inner}")  # type: ignore[arg-type]
    connection.execute("create index on bench_cells (path text_pattern_ops)")
    connection.execute("analyze bench_cells")
    return time.perf_counter() - began


def ours(on: dt.date, organisation: int) -> Cells:
    """The cells of the figure."""
    from gonghui.core.actions.actor import Actor
    from gonghui.core.actions.door import acting
    from gonghui.core.figures.registry import Scope, cross_table, figures
    from gonghui.core.organisations.models import Organisation

    actor = Actor.system("bench.figures")
    with acting(actor):
        union = Organisation.objects.unscoped("bench").get(pk=organisation)
        cells = cross_table(figures["coverage_rate"], Scope(union), on, ("street", "industry", "size_band"), actor=actor)
        return {keys: (int(cell.above or 0), int(cell.below or 0)) for keys, cell in cells.items()}


def measure(sides: dict[str, Callable[[], Cells]], what: str) -> None:
    """Interleaved rounds; a side that gives other cells ends the run."""
    first = {name: side() for name, side in sides.items()}
    if len({frozenset(cells.items()) for cells in first.values()}) != 1:
        raise SystemExit(f"{what}: the sides disagree")
    taken: dict[str, list[float]] = {name: [] for name in sides}
    for number in range(ROUNDS):
        for name, side in sides.items():
            if name == "plain aggregate" and number >= SLOW_ROUNDS:
                continue
            began = time.perf_counter()
            side()
            taken[name].append((time.perf_counter() - began) * 1000)
    print(f"{what}: {len(first['ours'])} cells")
    for name, times in taken.items():
        times.sort()
        print(f"  {name:18} median {statistics.median(times):7.1f} ms ({times[0]:.1f}–{times[-1]:.1f}), n={len(times)}")
    middle = {name: statistics.median(times) for name, times in taken.items()}
    print(f"  plain aggregate / ours: {middle['plain aggregate'] / middle['ours']:.0f} ×")
    goal, p95 = GOALS[what.split(",")[0]], statistics.quantiles(taken["ours"], n=20)[18]
    print(f"  p95 of ours {p95:.1f} ms, goal < {goal} ms: {'met' if p95 < goal else 'MISSED'} ({p95 / goal:.2f} × the goal)")


def main() -> None:
    """Prepares a city, then measures it and one of its streets, on two days."""
    employers = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    database = Server(Path(tempfile.gettempdir()) / f"gonghui-bench-figures-{employers}-{os.getuid()}")
    database.start()
    environment: dict[str, Any] = {
        **os.environ,
        "DATABASE_URL": database.app_url,
        "DATABASE_OWNER_URL": database.owner_url,
        "DJANGO_SETTINGS_MODULE": "gonghui.config.settings",
    }
    migrate = [sys.executable, "-m", "django", "migrate", "-v0"]
    subprocess.run(migrate, env={**environment, "GONGHUI_AS_OWNER": "1"}, check=True)
    fill(database.owner_url, employers)
    os.environ.update(environment)
    import django

    django.setup()
    print(f"spans made in {make_spans(database):.1f} s")
    with psycopg.connect(database.superuser_url, autocommit=True) as connection:
        for on in (TODAY, PAST):
            print(f"materialised view of {on}: {refresh(connection, on):.1f} s to refresh")
            for place, organisation, path in (("city", 1, "1."), ("street", 3, "1.3.")):
                sides: dict[str, Callable[[], Cells]] = {
                    "ours": lambda on=on, key=organisation: ours(on, key),  # type: ignore[misc]
                    "plain aggregate": lambda on=on, path=path: read(connection, PLAIN, on, path),  # type: ignore[misc]
                    "materialised view": lambda on=on, path=path: read(connection, VIEW, on, path),  # type: ignore[misc]
                }
                measure(sides, f"{place}, {on}")
        connection.execute("drop materialized view bench_cells")  # the owner could not migrate beside it


if __name__ == "__main__":
    main()
