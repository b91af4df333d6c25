"""A big district for the benchmarks: 15 streets, 8,000 unions, 500,000 employers, 500,000 members. Seeded, made by SQL as the owner."""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psycopg

from gonghui.config.embedded_postgres import Server

EMPLOYERS, MEMBERS, UNIONS, STREETS = 500_000, 500_000, 8_000, 15
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
MEMBERS_SQL = f"""
insert into people_person (id, public_id, organisation_id, organisation_path, name, sex, document_masked, phone_sealed, phone_index,
  phone_masked, ethnicity, education, politics, household, household_place, native_place, skill_level, is_migrant, special_groups,
  name_pinyin, name_initials, is_synthetic)
overriding system value
select m, gen_random_uuid(), 101 + m % {UNIONS}, '',
  substr('王李张刘陈杨黄赵周吴', 1 + m % 10, 1) || chr(19968 + (m::bigint * 7919 % 20000)::int) || chr(19968 + (m::bigint * 104729 % 20000)::int),
  case when m % 2 = 0 then 'female' else 'male' end, '110101********' || lpad((m % 10000)::text, 4, '0'), '', '',
  '138****' || lpad((m % 10000)::text, 4, '0'), '汉族', 'bachelor', 'masses', '', '', '', '', m % 7 = 0, '{{}}',
  'zhi gong ' || lpad(((m::bigint * 7919) % {MEMBERS})::text, 7, '0'), 'zg' || md5(m::text), true from generate_series(1, {MEMBERS}) m;
insert into members_membership (id, public_id, person_id, organisation_id, organisation_path, state, is_individual, door, joined_on,
  reason, retained, card_state, card_sealed, card_masked, is_synthetic)
overriding system value
select m, gen_random_uuid(), m, 101 + m % {UNIONS}, '', case when m % 50 = 0 then 'retained' else 'active' end, false, 'roster',
  date '{DAY}' + m % 3000, '', case when m % 50 = 0 then 'retired' else '' end, 'none', '', '', true from generate_series(1, {MEMBERS}) m;
insert into members_spell (membership_id, person_id, organisation_id, managing_id, street_id, is_retained, is_individual, valid, recorded_at)
  select id, person_id, organisation_id, 2 + (organisation_id - 100) % {STREETS}, 2 + (organisation_id - 100) % {STREETS},
    state = 'retained', false, daterange(joined_on, null), now() from members_membership;
insert into members_employment (public_id, person_id, employer_id, workplace, worker_kind, trade, work_state, valid, recorded_at)
  select gen_random_uuid(), person_id, case when person_id % 10 < 6 then person_id end, case when person_id % 10 < 6 then '' else '项目部' end,
    'contract', '', '1', daterange(joined_on, null), now() from members_membership;
insert into members_entitlement (public_id, organisation_id, organisation_path, name, detail, for_individuals, valid, basis, is_public)
  select gen_random_uuid(), 1, '', name, '', false, daterange('{DAY}', null), '', true
  from unnest(array['生日慰问', '法律咨询', '健康体检']) name;
"""
TABLES = (
    "organisations_organisation",
    *(f"register_{name}" for name in ["employer", "standing", "holding", "headcount", "coverage"]),
)
MEMBER_TABLES = (
    "people_person",
    *(f"members_{name}" for name in ["membership", "spell", "employment", "entitlement"]),
)
HOLDING = ("register_employer", "people_person", "members_membership", "members_entitlement")  # paths set by a trigger


def server() -> Server:
    """The benchmarks' own server, kept between runs."""
    found = Server(Path(tempfile.gettempdir()) / f"gonghui-bench-{os.getuid()}")
    found.start()
    return found


def fill(url: str) -> None:
    """Fills an empty, migrated database; triggers are off while it does, so that there is no history of a million inserts."""
    with psycopg.connect(url, options="-c gonghui.roots=*") as connection:
        is_filled = fill_tables(connection, "register_employer", TABLES, TREE + EMPLOYERS_SQL)
        is_filled |= fill_tables(connection, "people_person", MEMBER_TABLES, MEMBERS_SQL)
    if is_filled:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("vacuum analyze")


def fill_tables(connection: psycopg.Connection[Any], first: str, tables: Sequence[str], sql: str) -> bool:
    """Runs the SQL where the first table is empty; whether it was."""
    if (connection.execute(f"select count(*) from {first}").fetchone() or (0,))[0]:  # type: ignore[arg-type]
        return False
    for table in tables:
        connection.execute(f"alter table {table} disable trigger user")  # type: ignore[arg-type]
    for table in set(tables) & set(HOLDING):
        connection.execute(f"alter table {table} enable trigger hold")  # type: ignore[arg-type]
    connection.execute(sql)  # type: ignore[arg-type]
    connection.execute("set constraints all immediate")
    for table in tables:
        connection.execute(f"alter table {table} enable trigger user")  # type: ignore[arg-type]
        connection.execute(f"select setval(pg_get_serial_sequence('{table}', 'id'), (select max(id) from {table}))")  # type: ignore[arg-type]
    return True
