"""By what two records are suspected to be of one subject: evidence in words with its weight, and pairs that share a key.

The database groups equal keys; a group that is too large says nothing and is left out. Only pairs that share a key are compared, so
the work grows with the register and not with its square. What speaks for a pair, and whether it is one, people decide.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Generic, TypeVar

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Model

from gonghui.core.actions.actor import Actor
from gonghui.kit.text import Text

Row = TypeVar("Row", bound=Model)
Pair = tuple[int, int]  # keys of two records, the older first
MOST_IN_BLOCK = 20  # records with one key; more than that share a switchboard, an agency or a common name
MOST = 500  # suggestions at once


@dataclass(frozen=True)
class Evidence:
    """One thing that speaks for one subject, and how much."""

    code: str
    words: Text
    weight: int


@dataclass(frozen=True)
class Suspicion(Generic[Row]):
    """Two records that may be of one subject, the older first."""

    one: Row
    other: Row
    evidence: tuple[Evidence, ...]

    @property
    def weight(self) -> int:
        """How much speaks for it."""
        return sum(one.weight for one in self.evidence)

    @property
    def words(self) -> str:
        """The evidence as it is read."""
        return "；".join(str(one.words) for one in self.evidence)


def sharing(rows: Any, columns: Sequence[str], key: str = "pk") -> Iterator[Pair]:
    """Two records that say the same, and not nothing, in these columns; `key` is the column that says whose a row is. One query."""
    given = rows.order_by().filter(**{f"{column}__isnull": False for column in columns})
    groups = given.values_list(*columns).annotate(size=Count(key, distinct=True), keys=ArrayAgg(key, distinct=True))
    for *said, _size, keys in groups.filter(size__range=(2, MOST_IN_BLOCK)):
        if "" not in said:
            yield from combinations(sorted(keys), 2)


def pairs_of(rows: Any, blocks: Iterable[Sequence[str]]) -> set[Pair]:
    """Keys of two records that share the columns of any of the blocks."""
    return {pair for columns in blocks for pair in sharing(rows, columns)}


def told_apart(model: Any, actor: Actor, pairs: Collection[Pair]) -> set[Pair]:
    """Those of the pairs of which somebody has found that they are two; `model` is the table of such findings."""
    rows = model.objects.visible_to(actor).filter(one__in={one for one, _other in pairs})
    return set(rows.values_list("one", "other"))


def strongest(found: Iterable[Suspicion[Row]], enough: int, most: int = MOST) -> list[Suspicion[Row]]:
    """The suspicions for which enough speaks, those first for which most does."""
    loud = [one for one in found if one.weight >= enough]
    return sorted(loud, key=lambda one: (-one.weight, str(one.one), one.one.pk, one.other.pk))[:most]
