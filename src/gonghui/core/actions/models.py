"""The base of every model: a wall, a manager that refuses to answer without one, and an id for the outside."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypeVar
from uuid import uuid4

import pghistory
import pgtrigger
from django.db import models

from gonghui.core.actions.actor import EVERYWHERE, Actor
from gonghui.core.actions.walls import NOTHING, Wall, path_of

Row = TypeVar("Row", bound=models.Model, covariant=True)

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Unscoped(Exception):
    """A query was evaluated without saying for whom. Start it with `visible_to(actor)`."""


class ScopedQuerySet(models.QuerySet[Row]):
    """A queryset that answers only after it has been told for whom."""

    _is_open = False

    def _clone(self) -> Self:
        clone: Self = super()._clone()  # type: ignore[misc]
        clone._is_open = self._is_open
        return clone

    def _opened(self) -> Self:
        self._is_open = True
        return self

    def visible_to(self, actor: Actor) -> Self:
        """The rows this actor may see: the only start of a read in a surface."""
        return self._walled(actor, view_permission(self.model), "readers")

    def changeable_by(self, actor: Actor, permission: str) -> Self:
        """The rows at which this actor holds `permission`."""
        return self._walled(actor, permission, "writers")

    def _walled(self, actor: Actor, permission: str, kind: str) -> Self:
        roots = actor.roots_for(permission)
        if EVERYWHERE in roots:
            return self._chain()._opened()  # type: ignore[attr-defined,no-any-return]
        wall: Wall = self.model.wall  # type: ignore[attr-defined]
        if kind == "readers":
            return self.filter(wall.readers(self.model, actor, roots))._opened()
        condition = wall.writers(self.model, actor, roots) if roots else NOTHING
        if permission in actor.own:
            condition |= wall.mine(self.model, actor)
        return self.filter(condition)._opened()

    def unscoped(self, reason: str) -> Self:
        """All rows the database lets through, for a reason that a test lists."""
        if not reason:
            raise ValueError("unscoped needs a reason")
        return self._chain()._opened()  # type: ignore[attr-defined,no-any-return]

    def _guard(self) -> None:
        if not self._is_open:
            raise Unscoped(f"{self.model.__name__}: start with visible_to(actor)")

    def _fetch_all(self) -> None:
        if self._result_cache is None:
            self._guard()
        super()._fetch_all()  # type: ignore[misc]

    def count(self) -> int:
        if self._result_cache is None:
            self._guard()
        return super().count()

    def exists(self) -> bool:
        if self._result_cache is None:
            self._guard()
        return super().exists()

    def iterator(self, chunk_size: int | None = None) -> Iterator[Row]:
        self._guard()
        return super().iterator(chunk_size=chunk_size or 2000)

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        self._guard()
        return super().aggregate(*args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        self._guard()
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        self._guard()
        return super().delete()


def view_permission(model: type[models.Model]) -> str:
    """The permission that reading rows of this model takes: `<area>.view` unless the model names another."""
    return getattr(model, "view_permission", f"{model._meta.app_label}.view")


class Scoped(models.Model):
    """A table with a wall."""

    wall: ClassVar[Wall]
    sentences: ClassVar[dict[str, "StrOrPromise"]] = {}  # constraint name → what it tells the user

    objects: ClassVar[Any] = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True


class Public(Scoped):
    """A table whose rows have an address: outside the system only `public_id` is ever shown."""

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)

    class Meta:
        abstract = True


def tracked(*, exclude: Sequence[str] = ()) -> Callable[[type[models.Model]], type[models.Model]]:
    """Class decorator: every insert, update and delete of the table is kept as an event, by statement-level triggers.

    The repeated paths of holders are left out: they say nothing that the tree's own history does not.
    """

    def wrap(model: type[models.Model]) -> type[models.Model]:
        wall: Wall = model.wall  # type: ignore[attr-defined]
        track = pghistory.track(
            pghistory.InsertEvent(),
            pghistory.UpdateEvent(),
            pghistory.DeleteEvent(),
            exclude=[*exclude, *(path_of(holder) for holder in wall.holders())],
            level=pgtrigger.Statement,
            obj_field=pghistory.ObjForeignKey(related_name="events", related_query_name="events"),
        )
        return track(model)  # type: ignore[no-any-return]

    return wrap
