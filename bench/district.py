"""A big district for the benchmarks: 15 streets, 8,000 unions, 500,000 employers. Seeded, made by SQL as the owner."""

import os
import tempfile
from pathlib import Path

import psycopg

from gonghui.config.embedded_postgres import Server

EMPLOYERS, UNIONS, STREETS = 500_000, 8_000, 15
DAY = "2016-01-01"

TREE = f"""
insert into organisations_organisation (id, public_id, name, kind, joint_basis, parent_id, path, code, keeps_own_funds,
  state, founded_on, approval_document, note, name_pinyin, name_initials, is_synthetic)
overriding system value
select 1, gen_random_uuid(), '基准区总工会', 'district', '', null, '1.', 'B', false, 'active', date '{DAY}', '', '',
  'ji zhun', 'jzqzgh', true
union all
select 1 + s, gen_random_uuid(), '基准街道' || s || '总工会', 'street', '', 1, '1.' || (1 + s) || '.', 'B' || s, false,
  'active', date '{DAY}', '', '', 'ji zhun ' || s, 'jzjd' || s, true from generate_series(1, {STREETS}) s
union all
select 100 + u, gen_random_uuid(), '基准单位' || u || '工会', case when u % 4 = 0 then 'joint' else 'own' end, '',
  2 + u % {STREETS}, '1.' || (2 + u % {STREETS}) || '.' || (100 + u) || '.', null, false, 'active', date '{DAY}', '', '',
  'ji zhun dan wei ' || lpad((u * 7919 % {UNIONS})::text, 6, '0'), 'jzdw' || u, true from generate_series(1, {UNIONS}) u;
"""

EMPLOYERS_SQL = f"""
insert into register_employer (id, public_id, name, former_names, employer_class, is_state_controlled, is_non_public,
  industry_edition, industry, address, organisation_id, street_id, organisation_path, street_path, has_party_organisation, is_dispatch_firm, state, entered_on,
  coverage, headcount, headcount_on, name_pinyin, name_initials, is_synthetic)
overriding system value
select e, gen_random_uuid(), '北京' || chr(19968 + (e::bigint * 7919 % 20000)::int) || chr(19968 + (e::bigint * 104729 % 20000)::int) || '科技有限公司' || e,
  '{{}}', '170', false, true, '2017', chr(65 + e % 20), '', case when e % 10 < 6 then 101 + e % {UNIONS} else 2 + e % {STREETS} end,
  case when e % 10 < 6 then 2 + (1 + e % {UNIONS}) % {STREETS} else 2 + e % {STREETS} end, '', '',
  e % 50 = 0, e % 400 = 0, 'active', date '{DAY}', case when e % 10 < 6 then 'joint' else 'none' end, 1 + (e * 31) % 400, date '{DAY}',
  'bei jing ' || lpad(((e::bigint * 7919) % {EMPLOYERS})::text, 7, '0'), 'bj' || md5(e::text), true
from generate_series(1, {EMPLOYERS}) e;
insert into register_standing (employer_id, state, reason, valid, recorded_at)
  select id, 'active', '', daterange('{DAY}', null), now() from register_employer;
insert into register_holding (employer_id, organisation_id, managing_id, street_id, valid, recorded_at)
  select id, organisation_id, street_id, street_id, daterange('{DAY}', null), now() from register_employer;
insert into register_headcount (employer_id, count, source, valid, recorded_at)
  select id, headcount, 'union', daterange('{DAY}', null), now() from register_employer;
insert into register_coverage (employer_id, organisation_id, form, extent, basis, valid, recorded_at)
  select id, organisation_id, 'joint', 'whole', '', daterange('{DAY}', null), now() from register_employer where coverage = 'joint';
"""
TABLES = (
    "organisations_organisation",
    *(f"register_{name}" for name in ["employer", "standing", "holding", "headcount", "coverage"]),
)


def server() -> Server:
    """The benchmarks' own server, kept between runs."""
    found = Server(Path(tempfile.gettempdir()) / f"gonghui-bench-{os.getuid()}")
    found.start()
    return found


def fill(url: str) -> None:
    """Fills an empty, migrated database; triggers are off while it does, so that there is no history of 500,000 inserts."""
    with psycopg.connect(url, options="-c gonghui.roots=*") as connection:
        if (connection.execute("select count(*) from register_employer").fetchone() or (0,))[0]:
            return
        for table in TABLES:
            connection.execute(f"alter table {table} disable trigger user")  # type: ignore[arg-type]
        connection.execute("alter table register_employer enable trigger hold")
        connection.execute(TREE)  # type: ignore[arg-type]
        connection.execute(EMPLOYERS_SQL)  # type: ignore[arg-type]
        connection.execute("set constraints all immediate")
        for table in TABLES:
            connection.execute(f"alter table {table} enable trigger user")  # type: ignore[arg-type]
            connection.execute(f"select setval(pg_get_serial_sequence('{table}', 'id'), (select max(id) from {table}))")  # type: ignore[arg-type]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("vacuum analyze")
