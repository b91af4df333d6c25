"""What hangs on a record of which there may turn out to be two. Each app says in its file `attached.py` which of its tables do, so that
two records of one person, employer or union can be made one with everything, and parted again (merging.py). A relation that stays
behind is named too, with its reason; tests/test_attached.py finds those that nobody has answered.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from gonghui.kit.dates import overlap
from gonghui.kit.text import Text

Told = Callable[[Any, Any], Any]


def carries_all(kept: Any, dropped: Any) -> Iterable[int]:
    """For rows that never stand in each other's way: an empty list of those that stay."""
    return ()


def no_obstacle(kept: Any, dropped: Any) -> Text:
    """For rows of which one may have any number."""
    return ""


def nothing_else(kept: Any, dropped: Any) -> dict[str, Any]:
    """For rows that change nothing of the record itself."""
    return {}


def unwatched(subject: Any) -> None:
    """For rows that nobody counts."""


@dataclass(frozen=True)
class Attached:
    """A table with rows of a subject in the column `field`; the subject's model is where the column points.

    `stays` names the keys of rows that stay with the record that is dropped, because the kept one has their like on the same days;
    `obstacle` is why the two cannot be one now; `settles` says which plain columns of the kept record follow; `counted` is told of a
    subject whose rows have moved. All of them are asked beyond scope, before anything is written; `counted` after it.
    """

    model: type[Model]
    field: str
    stays: Callable[[Any, Any], Iterable[int]] = carries_all
    obstacle: Callable[[Any, Any], Text] = no_obstacle
    settles: Callable[[Any, Any], dict[str, Any]] = nothing_else
    counted: Callable[[Any], None] = unwatched

    @property
    def label(self) -> str:
        """The table's name, as it is kept with a merge."""
        return self.model._meta.label_lower

    @property
    def subject(self) -> type[Model]:
        """The kind of record that the rows hang on."""
        found: Any = self.model._meta.get_field(self.field).related_model
        return found  # type: ignore[no-any-return]

    def rows(self, subject: Any) -> Any:
        """The rows of a subject, wherever they are held."""
        return self.model._base_manager.filter(**{self.field: subject}).order_by("pk")


@dataclass(frozen=True)
class Left:
    """A column that points at a subject and stays as it is when two records become one, for this reason."""

    model: type[Model]
    field: str
    reason: str


_attached: dict[type[Model], list[Attached]] = defaultdict(list)
left: list[Left] = []


def attach(kind: Attached) -> Attached:
    """Registers a table."""
    _attached[kind.subject].append(kind)
    return kind


def leave(model: type[Model], *fields: str, reason: str) -> None:
    """Registers columns that stay as they are."""
    left.extend(Left(model, field, reason) for field in fields)


def attached_to(subject: type[Model]) -> list[Attached]:
    """Everything that hangs on records of a kind, in the order of registration."""
    return _attached[subject]


def overlapping(model: type[Model], field: str, *same: str) -> Told:
    """A `stays` of a table with days: the rows on some days of which the kept record has one that is alike in the columns `same`."""

    def stays(kept: Any, dropped: Any) -> list[int]:
        kind, known = Attached(model, field), defaultdict(list)
        for row in kind.rows(kept):
            known[tuple(getattr(row, name) for name in same)].append(row.valid)
        theirs = [(row, known[tuple(getattr(row, name) for name in same)]) for row in kind.rows(dropped)]
        return [row.pk for row, others in theirs if any(overlap(row.valid, one) for one in others)]

    return stays
