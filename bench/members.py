"""P3b: how many members, by street, at 10,000,000 memberships, as of today and of a past day, for a city, a district and a street.

Sides, in the same run and interleaved: ours (the figure as pages ask it, read from the tally) · the same figure counted
live over the dated rows · a materialised view of the day, which answers that day only. All must give the same cells. Then the price:
100,000 further spells written with the tally kept and without, rolled back each time, and what working them in takes.
`python3 dev.py bench members [MEMBERSHIPS]`.
"""

import datetime as dt
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg

from gonghui.config.embedded_postgres import Server

ROUNDS, SLOW_ROUNDS, FURTHER = 20, 5, 100_000  # a side that takes seconds need not be asked as often
FIRST, PAST, TODAY = dt.date(2012, 1, 1), dt.date(2019, 6, 30), dt.date(2026, 6, 30)
DISTRICTS, STREETS = 20, 16  # streets of a district
GOAL_MS, GOAL_RATIO, GOAL_PRICE = 150, 20, 2.0
PLACES = (("city", 1), ("district", 2), ("street", 100))

TREE = f"""
insert into organisations_organisation (id, public_id, name, kind, joint_basis, parent_id, path, code, keeps_own_funds,
  state, founded_on, approval_document, note, name_pinyin, name_initials, is_synthetic)
overriding system value
select 1, gen_random_uuid(), '基准市总工会', 'city', '', null::bigint, '1.', 'B', false, 'active', date '{FIRST}', '', '', 'ji', 'j', true
union all
select 1 + d, gen_random_uuid(), '基准区' || d, 'district', '', 1, '1.' || (1 + d) || '.', 'B' || d, false, 'active', date '{FIRST}', '', '',
  'ji', 'j', true from generate_series(1, {DISTRICTS}) d
union all
select 100 + s, gen_random_uuid(), '基准街道' || s, 'street', '', 2 + s / {STREETS}, '1.' || (2 + s / {STREETS}) || '.' || (100 + s) || '.',
  'S' || s, false, 'active', date '{FIRST}', '', '', 'ji', 'j', true from generate_series(0, {DISTRICTS * STREETS - 1}) s
"""

MEMBERSHIPS = f"""
insert into members_membership (id, public_id, person_id, organisation_id, organisation_path, state, is_individual, door, joined_on,
  reason, retained, card_state, card_sealed, card_masked, is_synthetic)
overriding system value
select m, gen_random_uuid(), m, 100 + m % {DISTRICTS * STREETS}, '', 'active', m % 40 = 0, 'roster', date '{FIRST}' + (m % 5200)::int, '', '',
  'none', '', '', true from generate_series(1, {{count}}) m
"""

SPELLS = f"""
insert into members_spell (membership_id, person_id, organisation_id, managing_id, street_id, is_retained, is_individual, valid, recorded_at)
select m, m, place, place, place, false, m % 40 = 0,
  daterange(date '{FIRST}' + (m % 5200)::int, case when m % 10 = 0 then date '{FIRST}' + (m % 5200)::int + (m % 700)::int + 1 end), now()
from generate_series({{first}}, {{last}}) m, lateral (select 100 + m % {DISTRICTS * STREETS} as place)
union all
select m, m, place, place, place, m % 20 = 0, m % 40 = 0, daterange(date '{FIRST}' + (m % 5200)::int + (m % 700)::int + 1, null), now()
from generate_series({{first}}, {{last}}) m, lateral (select 100 + (m * 7) % {DISTRICTS * STREETS} as place) where m % 10 = 0
"""

VIEW = """
create materialized view bench_cells as
select s.street_id, o.path, count(*) as number from members_spell s join organisations_organisation o on o.id = s.managing_id
where s.valid @> date '{on}' and not s.is_retained group by 1, 2
"""

Cells = dict[tuple[Any, ...], int]


def fill(server: Server, memberships: int) -> None:
    """Fills an empty, migrated database. Triggers are off, so that there is no history of millions of inserts and no person is asked for;
    the rule that nobody is held twice on one day goes too, since no figure reads it and its index takes a quarter of an hour."""
    with psycopg.connect(server.superuser_url) as connection:
        if (connection.execute("select count(*) from members_membership").fetchone() or (0,))[0] == memberships:
            return
        connection.execute("set session_replication_role = replica")
        connection.execute("alter table members_spell drop constraint if exists members_spell_once")
        connection.execute(TREE)  # type: ignore[arg-type]
        connection.execute(MEMBERSHIPS.format(count=memberships))  # type: ignore[arg-type]
        connection.execute("set session_replication_role = origin")
        connection.execute("alter table members_spell disable trigger all")
        for trigger in ("insert", "update", "delete"):
            connection.execute(f"alter table members_spell enable trigger keep_members_membertally_{trigger}")  # type: ignore[arg-type]
        connection.execute(SPELLS.format(first=1, last=memberships))  # type: ignore[arg-type]
    with psycopg.connect(server.superuser_url, autocommit=True) as connection:
        connection.execute("vacuum analyze")


def materialise(connection: psycopg.Connection[Any], on: dt.date) -> float:
    """Makes the view of a day; the seconds it took."""
    began = time.perf_counter()
    connection.execute("drop materialized view if exists bench_cells")
    connection.execute(VIEW.format(on=on))  # type: ignore[arg-type]
    connection.execute("analyze bench_cells")
    return time.perf_counter() - began


def view(connection: psycopg.Connection[Any], path: str) -> Cells:
    """The cells of the view."""
    rows = connection.execute("select street_id, sum(number) from bench_cells where path ^@ %s group by 1", [path]).fetchall()
    return {(row[0],): int(row[1]) for row in rows}


def ours(on: dt.date, organisation: int, *, is_kept: bool) -> Cells:
    """The cells of the figure, from the tally or counted."""
    from gonghui.core.actions.actor import Actor
    from gonghui.core.actions.door import acting
    from gonghui.core.figures.registry import Figure, Scope, cross_table, figures
    from gonghui.core.organisations.models import Organisation

    actor, figure = Actor.system("bench.members"), figures["members"]
    assert isinstance(figure, Figure)
    asked = figure if is_kept else replace(figure, kept=lambda scope, on: None)
    with acting(actor):
        union = Organisation.objects.unscoped("bench").get(pk=organisation)
        cells = cross_table(asked, Scope(union), on, ("street",), actor=actor)
        return {keys: int(cell.number or 0) for keys, cell in cells.items()}


def measure(sides: dict[str, Callable[[], Cells]], what: str) -> bool:
    """Interleaved rounds; a side that gives other cells ends the run. Whether the goals are met."""
    first = {name: side() for name, side in sides.items()}
    if len({frozenset(cells.items()) for cells in first.values()}) != 1:
        raise SystemExit(f"{what}: the sides disagree")
    taken: dict[str, list[float]] = {name: [] for name in sides}
    for number in range(ROUNDS):
        for name, side in sides.items():
            if name == "counted live" and number >= SLOW_ROUNDS:
                continue
            began = time.perf_counter()
            side()
            taken[name].append((time.perf_counter() - began) * 1000)
    print(f"{what}: {len(first['ours'])} cells, {sum(first['ours'].values()):,} members")
    for name, times in taken.items():
        print(f"  {name:18} median {statistics.median(times):8.1f} ms ({min(times):.1f}–{max(times):.1f}), n={len(times)}")
    p95 = statistics.quantiles(taken["ours"], n=20)[18]
    ratio = statistics.median(taken["counted live"]) / statistics.median(taken["ours"])
    print(
        f"  p95 of ours {p95:.1f} ms (goal < {GOAL_MS}); counted live / ours: {ratio:.0f} × (goal ≥ {GOAL_RATIO} for the city)"
    )
    return p95 < GOAL_MS and (ratio >= GOAL_RATIO or not what.startswith("city"))


def price(connection: psycopg.Connection[Any], memberships: int) -> bool:
    """What keeping the tally costs an import of spells; rolled back. Whether the goal is met."""
    taken: dict[bool, list[float]] = {True: [], False: []}
    for _round in range(SLOW_ROUNDS):
        for is_kept in (True, False):
            with connection.transaction(force_rollback=True):
                verb = "enable" if is_kept else "disable"
                connection.execute(f"alter table members_spell {verb} trigger keep_members_membertally_insert")  # type: ignore[arg-type]
                began = time.perf_counter()
                connection.execute(SPELLS.format(first=memberships + 1, last=memberships + FURTHER))  # type: ignore[arg-type]
                taken[is_kept].append(time.perf_counter() - began)
    with_it, without = (statistics.median(taken[is_kept]) for is_kept in (True, False))
    ratio = with_it / without
    print(
        f"{FURTHER:,} spells written: {with_it:.2f} s with the tally kept, {without:.2f} s without: {ratio:.2f} × (goal ≤ {GOAL_PRICE})"
    )
    return ratio <= GOAL_PRICE


def main() -> None:
    """Prepares a city, works them in, measures three places on two days, then what keeping costs."""
    memberships = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000_000
    database = Server(Path(tempfile.gettempdir()) / f"gonghui-bench-members-{memberships}-{os.getuid()}")
    database.start()
    environment = {
        **os.environ,
        "DATABASE_URL": database.app_url,
        "DATABASE_OWNER_URL": database.owner_url,
        "DJANGO_SETTINGS_MODULE": "gonghui.config.settings",
    }
    migrate = [sys.executable, "-m", "django", "migrate", "-v0"]
    subprocess.run(migrate, env={**environment, "GONGHUI_AS_OWNER": "1"}, check=True)
    began = time.perf_counter()
    fill(database, memberships)
    print(f"filled in {time.perf_counter() - began:.0f} s")
    os.environ.update(environment)
    import django

    django.setup()
    from gonghui.core.actions.actor import Actor
    from gonghui.core.actions.door import acting
    from gonghui.core.figures.kept import work_in

    began = time.perf_counter()
    with acting(Actor.system("bench.members")):
        work_in(TODAY)
    print(f"worked in, in {time.perf_counter() - began:.1f} s")
    is_met = True
    with psycopg.connect(database.superuser_url, autocommit=True) as connection:
        connection.execute("vacuum analyze members_membertally")
        for on in (TODAY, PAST):
            print(f"materialised view of {on}: {materialise(connection, on):.1f} s to make")
            for place, key in PLACES:
                (path,) = connection.execute("select path from organisations_organisation where id = %s", [key]).fetchone() or (
                    "",
                )
                sides: dict[str, Callable[[], Cells]] = {
                    "ours": lambda on=on, key=key: ours(on, key, is_kept=True),  # type: ignore[misc]
                    "counted live": lambda on=on, key=key: ours(on, key, is_kept=False),  # type: ignore[misc]
                    "materialised view": lambda path=path: view(connection, path),  # type: ignore[misc]
                }
                is_met &= measure(sides, f"{place}, {on}")
        connection.execute("drop materialized view bench_cells")  # the owner could not migrate beside it
        is_met &= price(connection, memberships)
    database.stop()
    if not is_met:
        raise SystemExit("a goal was missed")


if __name__ == "__main__":
    main()
