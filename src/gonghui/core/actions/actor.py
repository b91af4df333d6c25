"""Who acts: the rights of one request, frozen.

Staff hold permissions at organisations; a worker holds his on what is his own (`own`), wherever it stands.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from uuid import uuid4

EVERYWHERE = "*"


def covers(root: str, path: str) -> bool:
    """Whether the organisation at `path` is `root` or stands below it."""
    return root == EVERYWHERE or path.startswith(root)


def outermost(roots: Iterable[str]) -> frozenset[str]:
    """The roots without those that stand below another one."""
    everything = set(roots)
    return frozenset(root for root in everything if not any(other != root and covers(other, root) for other in everything))


@dataclass(frozen=True)
class Actor:
    """A user's rights at one moment: permission → the paths of the organisations at and below which it holds."""

    name: str
    scopes: Mapping[str, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    own: frozenset[str] = frozenset()
    user_id: int | None = None
    person_id: int | None = None
    title: str = ""
    place: str = ""
    channel: str = "desk"
    is_light: bool = False  # came by telephone code alone: what gives data out asks for a second factor first
    request_id: str = field(default_factory=lambda: uuid4().hex)

    @classmethod
    def public(cls) -> "Actor":
        """Nobody in particular: sees what is open or published."""
        return cls(name="")

    @classmethod
    def system(cls, verb: str) -> "Actor":
        """The system itself, for jobs and set-up; `verb` says what for and stands in the history."""
        return cls(name=verb, channel="system", scopes={EVERYWHERE: frozenset({EVERYWHERE})})

    @property
    def is_system(self) -> bool:
        """Whether this is the system itself."""
        return EVERYWHERE in self.scopes

    @cached_property
    def roots(self) -> frozenset[str]:
        """The outermost paths at which this actor may do anything at all: what the database is told."""
        return outermost(path for paths in self.scopes.values() for path in paths)

    def roots_for(self, permission: str) -> frozenset[str]:
        """The outermost paths at which this actor holds `permission`."""
        if self.is_system:
            return frozenset({EVERYWHERE})
        return outermost(self.scopes.get(permission, frozenset()))

    def can(self, permission: str) -> bool:
        """Whether the permission is held anywhere, or on what is one's own."""
        return self.is_system or permission in self.own or bool(self.scopes.get(permission))

    def can_at(self, permission: str, path: str) -> bool:
        """Whether the permission is held at the organisation with this path."""
        return any(covers(root, path) for root in self.roots_for(permission))
