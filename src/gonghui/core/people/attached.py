"""What hangs on a person. Each app says in its file `attached.py` which of its records do, so that two records of one person can be made
one with everything, and parted again. tests/test_architecture.py finds relations that nobody has registered.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from gonghui.core.people.models import IdentityDocument, Person
from gonghui.kit.text import Text

Told = Callable[[Person, Person], Any]


def carries_all(kept: Person, dropped: Person) -> list[int]:
    """For records that never stand in each other's way: an empty list of those that stay."""
    return []


def no_obstacle(kept: Person, dropped: Person) -> Text:
    """For records of which one may have any number."""
    return ""


def nothing_else(kept: Person, dropped: Person) -> dict[str, Any]:
    """For records that change nothing of the person himself."""
    return {}


def unwatched(person: Person) -> None:
    """For records that nobody counts."""


@dataclass(frozen=True)
class Attached:
    """A table with rows of a person in the column `field`.

    `stays` names the keys of rows that stay with the record that is dropped, because the kept one has their like on the same days;
    `obstacle` is why the two cannot be one now; `settles` says which plain columns of the kept person follow; `counted` is told of a
    person whose rows have moved. All of them are asked beyond scope, before anything is written; `counted` after it.
    """

    model: type[Model]
    field: str = "person"
    stays: Callable[[Person, Person], list[int]] = carries_all
    obstacle: Callable[[Person, Person], Text] = no_obstacle
    settles: Callable[[Person, Person], dict[str, Any]] = nothing_else
    counted: Callable[[Person], None] = unwatched

    @property
    def label(self) -> str:
        """The table's name, as it is kept with a merge."""
        return self.model._meta.label_lower

    def rows(self, person: Person) -> Any:
        """The rows of a person, wherever they are held."""
        return self.model._base_manager.filter(**{self.field: person}).order_by("pk")


attached: dict[str, Attached] = {}


def attach(kind: Attached) -> Attached:
    """Registers a kind of record."""
    attached[kind.label] = kind
    return kind


attach(Attached(IdentityDocument))
