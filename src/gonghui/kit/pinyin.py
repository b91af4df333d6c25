"""Search and sort keys of Chinese names. PostgreSQL's builtin locale has no pinyin order, so the keys are stored."""

import unicodedata
from functools import lru_cache

from pypinyin import Style, lazy_pinyin

MAXIMUM = 120


@lru_cache(maxsize=50_000)
def _readings(text: str) -> tuple[str, ...]:
    return tuple(lazy_pinyin(text, style=Style.NORMAL, errors=list))  # type: ignore[arg-type]


def normal(text: str) -> str:
    """The text as it is compared: full-width forms folded (NFKC), outer and repeated blanks removed."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


def full(text: str) -> str:
    """The order key: syllables one after another, small letters, at most 120 characters."""
    return " ".join(_readings(normal(text))).lower()[:MAXIMUM]


def initials(text: str) -> str:
    """The search key: first letter of each syllable, letters and digits as they are ("北京A1" → "bja1")."""
    return "".join(reading[0] for reading in _readings(normal(text)) if reading.strip() and reading[0].isalnum()).lower()[
        :MAXIMUM
    ]
