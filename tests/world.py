"""A district of canaries: words that stand in one record each, and who may see it by the tree alone."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from gonghui.areas.register.models import Employer, StrikeOff
from gonghui.core.access.models import Grant
from gonghui.core.actions.door import acting
from gonghui.core.actions.walls import Open
from gonghui.core.organisations.models import Organisation
from gonghui.kit.dates import today
from tests.cast import SYSTEM, Cast

WORDS = re.compile(r"雀\d{4}号|1380000\d{4}")
SECRET = "0000-1111-2222-3333-4444-5555-6666"  # of the one invitation that a sweep may open
ID = "110101199001010"  # of people who are nobody: two digits and the check character follow
COMMON = "雀0"  # what a search for every canary types
INSPECTOR = "inspector"  # holds every role at the district; never swept, only used to find out how addresses are filled


@dataclass(unsafe_hash=True)
class Canary:
    """A word and whose record it stands in: the paths of holder and street, or the one user who owns it."""

    word: str
    what: str
    paths: tuple[str, ...] = ()
    owner: str = ""
    is_union_name: bool = False
    neighbours: set[str] = field(default_factory=set, compare=False)  # who shares a record with the union named
    is_sealed: bool = False  # shown only by an action that logs the reading
    also: str = field(default="", compare=False)  # whom it is about, who sees it too

    def may_be_seen(self, name: str, roots: tuple[str, ...]) -> bool:
        """By the tree alone: at or below one's roots, or in one's street.

        The names of unions above one's own are no secret, nor are those of the holder and the street of a record one sees.
        """
        if self.owner or self.also == name:
            return name in (self.owner, self.also)
        if any(path.startswith(root) for path in {*self.paths, *self.neighbours} for root in roots):
            return True
        return self.is_union_name and any(root.startswith(path) for path in self.paths for root in roots)


@dataclass(frozen=True)
class Planted:
    """A record with an address, and who may see it."""

    public_id: UUID
    model: str
    paths: tuple[str, ...] = ()
    owner: str = ""
    is_open: bool = False  # nobody's in particular
    state: str = ""

    def may_be_seen(self, name: str, roots: tuple[str, ...]) -> bool:
        """By the tree alone."""
        if self.is_open or self.owner:
            return self.is_open or self.owner == name
        return any(path.startswith(root) for path in self.paths for root in roots)


@dataclass
class World:
    """The cast with its canaries and records."""

    cast: Cast
    canaries: dict[str, Canary] = field(default_factory=dict)
    records: dict[str, list[Planted]] = field(default_factory=lambda: defaultdict(list))
    unions: list[Organisation] = field(default_factory=list)
    employers: list[Employer] = field(default_factory=list)
    strike_offs: list[StrikeOff] = field(default_factory=list)

    def word(self, what: str, *paths: str, pattern: str = "雀{:04d}号", **more: Any) -> str:
        """A new canary."""
        canary = Canary(pattern.format(len(self.canaries)), what, paths, **more)
        self.canaries[canary.word] = canary
        return canary.word

    def place(self, path: str) -> str:
        """The relation a path stands for: the smallest of the cast's unions at or above it."""
        cast = self.cast
        places = (cast.district, cast.street, cast.next_street, cast.education, cast.own)
        return max((union.path for union in places if path.startswith(union.path)), key=len)

    def one_of_each(self, label: str) -> list[Planted]:
        """Of these records one for each state and relation: own, below, above, beside, foreign, and both of two."""
        found: dict[Any, Planted] = {}
        for record in self.records[label]:
            found.setdefault((record.state, record.owner, *(self.place(path) for path in record.paths)), record)
        return list(found.values())

    def plant(self, record: Any, *paths: str, owner: str = "") -> None:
        """Notes a record whose address the sweep shall ask for."""
        label = record._meta.label_lower
        self.records[label].append(
            Planted(record.public_id, label, paths, owner, isinstance(record.wall, Open), getattr(record, "state", ""))
        )

    @property
    def members(self) -> list[str]:
        """Everybody who is swept; the empty name is nobody, not signed in."""
        return [*(name for name in self.cast.users if name != INSPECTOR), ""]

    def roots(self, name: str) -> tuple[str, ...]:
        """Where a member holds any role, from the grants alone."""
        with acting(SYSTEM):
            grants = Grant.objects.unscoped("the tree alone says who may see what").filter(user__username=name)
            return tuple(grants.filter(valid__contains=today()).values_list("organisation__path", flat=True))
