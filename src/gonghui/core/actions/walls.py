"""Who sees a row. Every model declares one wall; the query filter (wall 1) and the database policy (wall 2) come from it."""

import functools
import operator
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import connection, models
from django.db.models import Exists, OuterRef, Q

if TYPE_CHECKING:
    from gonghui.core.actions.actor import Actor


NOTHING = Q(pk__in=[])


@dataclass(frozen=True)
class Policy:
    """One row-level security policy: for which command, and the condition in SQL."""

    name: str
    command: str
    using: str
    roles: str = "public"


def column(model: type[models.Model], field: str) -> str:
    """The quoted column of a field."""
    return connection.ops.quote_name(str(model._meta.get_field(field).column))  # type: ignore[union-attr]


def table(model: type[models.Model]) -> str:
    """The quoted table of a model."""
    return connection.ops.quote_name(model._meta.db_table)


def below(roots: Iterable[str], prefix: str = "") -> Q:
    """The organisations at or below one of these paths. PostgreSQL turns each prefix into a range of the index."""
    prefixes = [Q(**{f"{prefix}path__startswith": root}) for root in roots]
    return functools.reduce(operator.or_, prefixes) if prefixes else NOTHING


def path_of(field: str) -> str:
    """The column that repeats the path of the organisation in this foreign key; the database keeps it (holders.py)."""
    return f"{field}_path"


def held_below(field: str, roots: Iterable[str]) -> Q:
    """The organisation in this field is at or below one of the paths: a range of an index, no join."""
    return below(roots, f"{field}_")


def held_in_scope(field: str) -> str:
    """SQL: the organisation in this field is one the actor may see."""
    return f"{path_of(field)} ^@ any ((select actor_roots())::text[])"


class Wall:
    """Base of the kinds below."""

    def holders(self) -> tuple[str, ...]:
        """The foreign keys to organisations whose paths the rows repeat."""
        return ()

    def readers(self, model: type[models.Model], actor: "Actor", roots: frozenset[str]) -> Q:
        """Wall 1 for reading: the rows this actor may see."""
        raise NotImplementedError

    def writers(self, model: type[models.Model], actor: "Actor", roots: frozenset[str]) -> Q:
        """Wall 1 for writing: the rows this actor may change; as for reading unless a kind says otherwise."""
        return self.readers(model, actor, roots)

    def mine(self, model: type[models.Model], actor: "Actor") -> Q:
        """The rows that are the acting person's own: what a worker's permissions reach."""
        return NOTHING

    def policies(self, model: type[models.Model]) -> list[Policy]:
        """Wall 2."""
        raise NotImplementedError


@dataclass(frozen=True)
class Itself(Wall):
    """The organisation is its own holder (the union tree only)."""

    def readers(self, model: type[models.Model], actor: "Actor", roots: frozenset[str]) -> Q:
        return below(roots)

    def policies(self, model: type[models.Model]) -> list[Policy]:
        return [Policy("wall", "all", "path ^@ any ((select actor_roots())::text[])")]


@dataclass(frozen=True)
class Held(Wall):
    """Held by `organisation`, which may write; the territory in `street` reads only."""

    organisation: str = "organisation"
    street: str | None = None

    def holders(self) -> tuple[str, ...]:
        return (self.organisation, self.street) if self.street else (self.organisation,)

    def readers(self, model: type[models.Model], actor: "Actor", roots: frozenset[str]) -> Q:
        condition = self.writers(model, actor, roots)
        if self.street:
            condition |= held_below(self.street, roots)
        return condition

    def writers(self, model: type[models.Model], actor: "Actor", roots: frozenset[str]) -> Q:
        return held_below(self.organisation, roots)

    def policies(self, model: type[models.Model]) -> list[Policy]:
        held = Policy("wall", "all", held_in_scope(self.organisation))
        return [held, Policy("seen", "select", held_in_scope(self.street))] if self.street else [held]


@dataclass(frozen=True)
class Part(Wall):
    """Part of other records: seen and written with any of them (`parents` names the foreign keys)."""

    parents: tuple[str, ...]

    def __init__(self, *parents: str) -> None:
        object.__setattr__(self, "parents", parents)

    def _of(self, model: type[models.Model], kind: str, actor: "Actor", roots: frozenset[str]) -> Q:
        condition = NOTHING
        for name in self.parents:
            parent: Any = model._meta.get_field(name).related_model
            rows = parent._base_manager.filter(getattr(parent.wall, kind)(parent, actor, roots))
            condition |= Q(Exists(rows.filter(pk=OuterRef(f"{name}_id"))))
        return condition

    def readers(self, model: type[models.Model], actor: "Actor", roots: frozenset[str]) -> Q:
        return self._of(model, "readers", actor, roots)

    def writers(self, model: type[models.Model], actor: "Actor", roots: frozenset[str]) -> Q:
        return self._of(model, "writers", actor, roots)

    def mine(self, model: type[models.Model], actor: "Actor") -> Q:
        condition = NOTHING
        for name in self.parents:
            parent: Any = model._meta.get_field(name).related_model
            rows = parent._base_manager.filter(parent.wall.mine(parent, actor))
            condition |= Q(Exists(rows.filter(pk=OuterRef(f"{name}_id"))))
        return condition

    def policies(self, model: type[models.Model]) -> list[Policy]:
        conditions = []
        for name in self.parents:
            parent: Any = model._meta.get_field(name).related_model
            conditions.append(f"exists (select 1 from {table(parent)} p where p.id = {table(model)}.{column(model, name)})")
        return [Policy("wall", "all", " or ".join(conditions))]


@dataclass(frozen=True)
class Own(Wall):
    """A person's or user's own rows, and (when `organisation` is named) those of the organisation that keeps them.

    `person` and `user` name the column that says whose a row is; "id" where the row is the person. A user's permissions held anywhere
    let him write his rows; a person writes his with permissions on what is his own only, so that an officer who is a member as well
    never decides about himself.
    """

    organisation: str | None = None
    person: str | None = None
    user: str | None = None

    def holders(self) -> tuple[str, ...]:
        return (self.organisation,) if self.organisation else ()

    def _kept(self, roots: frozenset[str]) -> Q:
        return held_below(self.organisation, roots) if self.organisation else NOTHING

    def _owned(self, model: type[models.Model], field: str | None, owner: int | None) -> Q:
        if field is None or owner is None:
            return NOTHING
        return Q(**{model._meta.get_field(field).attname: owner})  # type: ignore[union-attr]

    def readers(self, model: type[models.Model], actor: "Actor", roots: frozenset[str]) -> Q:
        return self._kept(roots) | self.mine(model, actor)

    def writers(self, model: type[models.Model], actor: "Actor", roots: frozenset[str]) -> Q:
        return self._kept(roots) | self._owned(model, self.user, actor.user_id)

    def mine(self, model: type[models.Model], actor: "Actor") -> Q:
        return self._owned(model, self.person, actor.person_id) | self._owned(model, self.user, actor.user_id)

    def policies(self, model: type[models.Model]) -> list[Policy]:
        conditions = []
        if self.organisation:
            conditions.append(held_in_scope(self.organisation))
        for field, setting in ((self.person, "person"), (self.user, "user")):
            if field:
                mine = f"(select nullif(current_setting('gonghui.{setting}', true), '')::bigint)"
                conditions.append(f"(select actor_roots()) is not null and {column(model, field)} = {mine}")
        return [Policy("wall", "all", " or ".join(conditions))]


@dataclass(frozen=True)
class Published(Wall):
    """Held by `organisation`, which writes; the territory in `street` reads, and everybody does while `when` holds."""

    when: Q
    organisation: str = "organisation"
    street: str | None = None

    @property
    def _held(self) -> Held:
        return Held(self.organisation, self.street)

    def holders(self) -> tuple[str, ...]:
        return self._held.holders()

    def readers(self, model: type[models.Model], actor: "Actor", roots: frozenset[str]) -> Q:
        return self._held.readers(model, actor, roots) | self.when

    def writers(self, model: type[models.Model], actor: "Actor", roots: frozenset[str]) -> Q:
        return self._held.writers(model, actor, roots)

    def policies(self, model: type[models.Model]) -> list[Policy]:
        shown = models.CheckConstraint(condition=self.when, name="shown")
        with connection.schema_editor(collect_sql=True) as editor:
            condition = shown._get_check_sql(model, editor)  # type: ignore[attr-defined]
        return [
            *self._held.policies(model),
            Policy("shown", "select", f"(select actor_roots()) is not null and ({condition})"),
        ]


@dataclass(frozen=True)
class Open(Wall):
    """No wall, for the reason given: the rows are nobody's in particular."""

    reason: str
    is_walled: ClassVar[bool] = False

    def readers(self, model: type[models.Model], actor: "Actor", roots: frozenset[str]) -> Q:
        return Q()

    def policies(self, model: type[models.Model]) -> list[Policy]:
        return []
