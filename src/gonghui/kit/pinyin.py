"""Search and sort keys of Chinese names. PostgreSQL's builtin locale has no pinyin order, so the keys are stored."""

import unicodedata
from functools import lru_cache
from itertools import chain

from pypinyin import Style, lazy_pinyin
from pypinyin.seg.simpleseg import seg

MAXIMUM = 120


@lru_cache(maxsize=50_000)
def _readings(text: str) -> tuple[str, ...]:
    return tuple(chain.from_iterable(word if word.isascii() else _readings_of_word(word) for word in seg(text)))


@lru_cache(maxsize=50_000)
def _readings_of_word(word: str) -> tuple[str, ...]:
    """Names are made of few words (有限公司, 王): each is looked up once. A word is what pypinyin itself would take for one."""
    return tuple(lazy_pinyin(word, style=Style.NORMAL, errors=list))  # type: ignore[arg-type]


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
