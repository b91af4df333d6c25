"""Characters by table: today's for a traditional or variant one, and which of them sound alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pypinyin.constants import PINYIN_DICT
from pypinyin.contrib.tone_convert import to_normal

from gonghui.linkage.dialect import words

if TYPE_CHECKING:
    import duckdb

FIRST, LAST = 0x4E00, 0x9FFF  # CJK unified ideographs
VARIANTS = {pair[0]: pair[1] for pair in words("characters.txt")}


def load(connection: duckdb.DuckDBPyConnection) -> None:
    """Makes the table `characters` of one row with the lists `syllables` and `todays`: numbers by code point less FIRST, from 1.

    A select that maps characters joins it and drops the lists in the same step: carried on, each row would hold a copy of them.
    """
    numbers: dict[str, int] = {}
    ideographs = [chr(point) for point in range(FIRST, LAST + 1)]
    syllables = [numbers.setdefault(syllable(one), len(numbers)) for one in ideographs]
    todays = [ord(VARIANTS.get(one, one)) for one in ideographs]
    connection.execute(
        "create table characters as select cast(? as usmallint[]) as syllables, cast(? as usmallint[]) as todays",
        [syllables, todays],
    )


def syllable(character: str) -> str:
    """The first reading of a character without its tone; itself where none is known."""
    readings = PINYIN_DICT.get(ord(character))
    return to_normal(readings.split(",")[0]) if readings else character


def sound(text: str) -> str:
    """A number for how a text sounds. What is no ideograph stands for itself."""
    return f"hash(list_transform(string_split({text}, ''), lambda c: coalesce({listed('syllables')}, ord(c))))"


def today(text: str) -> str:
    """The text in today's characters."""
    mapped = f"list_transform(string_split({text}, ''), lambda c: coalesce(chr(cast({listed('todays')} as int)), c))"
    return f"array_to_string({mapped}, '')"


def listed(name: str) -> str:
    """The entry of a list for the character `c`; NULL for what is no ideograph."""
    return f"{name}[greatest(ord(c) - {FIRST - 1}, 0)]"
