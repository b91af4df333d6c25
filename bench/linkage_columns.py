"""The columns that the peers of the linkage benchmark compare: both registers, read from CSV and brought to one form in DuckDB.

Runs in the peers' process, so it is part of their time. Columns: id, code (18 characters or NULL), is_valid (its check character), org (9), name (letters of the name without
工会 behind it), core (without region and form), brand and trade
(what the core is made of; the generator's own words, which no engine knows so well), former (the first former name, as a core), legal,
phone, road (street with number), place (all of the address).
"""

from pathlib import Path
from typing import Any

from bench import names
from bench.firms import CHARSET, CODE_WEIGHTS

REGIONS = "|".join(
    sorted(
        {"北京市", "北京", *names.ELSEWHERE, *(name for name, _w, _s in names.DISTRICTS.values())}, key=lambda one: -len(one)
    )
)
TRADES = "|".join(sorted(names.TRADES, key=lambda one: -len(one)))
FORMS = "股份有限公司|有限责任公司|集团有限公司|有限公司|公司|集团"
UNION = "(?:基层|联合|分)?工会(?:联合会|委员会)?$"
WIDE = "".join(chr(code + 0xFEE0) for code in range(0x21, 0x7F)) + "　"
NARROW = ("".join(chr(code) for code in range(0x21, 0x7F)) + " ").replace("'", "''")
OLD, NEW = "".join(names.TRADITIONAL.values()), "".join(names.TRADITIONAL)


def letters(text: str) -> str:
    """Letters and digits of a text, half width, in today's characters."""
    plain = f"replace(replace(upper(coalesce({text}, '')), '（', ''), '）', '')"
    today = f"translate({plain}, '{WIDE}{OLD}', '{NARROW}{NEW}')"  # dear, so only for texts that need it
    return f"regexp_replace(case when regexp_matches({plain}, '[{OLD}！-～　]') then {today} else {plain} end, '[^\\p{{L}}\\p{{N}}]', '', 'g')"


def has_right_check(code: str) -> str:
    """Whether a code's check character is right (GB 32100-2015); NULL for none."""
    values = (
        f"list_transform(range(1, 19), lambda place: (strpos('{CHARSET}', {code}[place]) - 1) * {[*CODE_WEIGHTS, 1]}[place])"
    )
    return f"list_sum({values}) % 31 = 0"


def core(name: str) -> str:
    """A name without region and form, if anything is left of it."""
    without_region = f"replace(regexp_replace({name}, '^(?:{REGIONS})+', ''), '北京', '')"
    return f"coalesce(nullif(regexp_replace({without_region}, '(?:{FORMS})', ''), ''), {name})"


def create(connection: Any, table: str, file: Path) -> None:
    """Makes the table of one register."""
    connection.execute(f"""
create table {table} as
with plain as (
  select id, regexp_replace({letters("code")}, '[^0-9A-Z]', '', 'g') as written,
    regexp_replace({letters("name")}, '{UNION}', '') as name, {letters("split_part(former_names, '；', 1)")} as former,
    regexp_replace(coalesce(legal, ''), '[\\s*]', '', 'g') as legal, regexp_replace(coalesce(phone, ''), '[^0-9/]', '', 'g') as phone,
    regexp_replace(replace(translate({letters("address")}, '〇一二三四五六七八九', '0123456789'), '北京市', ''), '^[^区]{{2,3}}区', '') as place
  from read_csv('{str(file).replace("'", "''")}', header = true, all_varchar = true)
), coded as (
  select *, case when length(written) = 18 then written[:2] || translate(written[3:], 'OISZ', '0152') end as code from plain
), cored as (
  select *, {core("name")} as core, {core("former")} as former_core from coded
), parted as (
  select *, regexp_extract(core[3:], '{TRADES}') as trade from cored
)
select id, code, {has_right_check("code")} as is_valid, name, core, trade,
  case when trade = '' then core else core[:2] || split_part(core[3:], trade, 1) end as brand, nullif(former_core, '') as former, nullif(legal, '') as legal,
  case when length(written) = 9 then written when code is not null then code[9:17] when length(written) = 15 then written[7:] end as org,
  nullif(coalesce(nullif(regexp_extract(phone, '1[3-9][0-9]{{9}}'), ''), right(regexp_extract(phone, '[0-9]{{7,}}'), 8)), '') as phone,
  nullif(regexp_extract(place, '^.*?[0-9]+号'), '') as road, nullif(place, '') as place
from parted
""")
