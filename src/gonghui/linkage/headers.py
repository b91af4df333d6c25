"""Which column of a list is which: heads as real registers write them."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

FIELDS = ("id", "code", "name", "former_names", "address", "legal", "phone", "headcount")


@cache
def known() -> dict[str, tuple[str, int]]:
    """By a head in its plain form: the field it stands for, and how far back in the list of that field's heads it is."""
    listed = tomllib.loads((files(__package__) / "data" / "headers.toml").read_text(encoding="utf-8"))
    return {plain(head): (field, at) for field in FIELDS for at, head in enumerate(listed[field])}


def plain(head: str) -> str:
    """A head without case, width, blanks and punctuation: `统一社会信用代码／税号` is 统一社会信用代码税号."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", head)).lower()


def recognised(heads: Iterable[str]) -> dict[str, str]:
    """The column that holds each field, where there is one; of several, the one whose head comes first in the list."""
    ranks = {head: known()[plain(head)] for head in heads if plain(head) in known()}
    best: dict[str, str] = {}
    for head, (field, _) in sorted(ranks.items(), key=lambda ranked: ranked[1][1]):
        best.setdefault(field, head)
    return best
