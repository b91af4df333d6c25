"""Dated facts: rows that hold for some days. One open row gives way to the next, for one record or for thousands alike."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gonghui.core.actions.action import Refused
from gonghui.core.actions.copying import insert_many, update_many
from gonghui.core.actions.models import Scoped
from gonghui.kit.dates import from_day, until


class Dated(Scoped):
    """A fact that holds for some days. The day it holds is one thing, the moment it was known another."""

    valid = DateRangeField(_("有效期"))
    recorded_at = models.DateTimeField(_("登记时间"), auto_now_add=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        """As the record is called that it is a fact of."""
        parents = (getattr(self, name) for name in getattr(self.wall, "parents", ()))
        return str(next((one for one in parents if one is not None), self._meta.verbose_name))


def once_a_day(name: str, *fields: str, condition: Q | None = None) -> ExclusionConstraint:
    """No two rows of the same `fields` hold on one day."""
    expressions: list[Any] = [(field, RangeOperators.EQUAL) for field in fields]
    return ExclusionConstraint(name=name, expressions=[*expressions, ("valid", RangeOperators.OVERLAPS)], condition=condition)


WHY = "dated facts of records that an action has locked"


def supersede(model: Any, link: str, owners: Iterable[int], since: dt.date, values: Mapping[int, Mapping[str, Any]]) -> None:
    """From `since` on, each owner's fact is `values[owner]`; what held before ends there.

    An owner without an open row gets its first one. A day before the open row began is refused: the past is corrected by its
    own verbs, never by the way.
    """
    owners = list(owners)
    open_rows = model.objects.unscoped(WHY).filter(**{f"{link}__pk__among": owners}, valid__upper_inf=True)
    changed, fresh = [], set(owners)
    for row in open_rows:
        if row.valid.lower and since < row.valid.lower:
            raise Refused(_("日期不能早于上一次变动的 %(day)s") % {"day": row.valid.lower}, field="since")
        if row.valid.lower == since:
            fresh.discard(getattr(row, f"{link}_id"))
            for name, value in values[getattr(row, f"{link}_id")].items():
                setattr(row, name, value)
        else:
            row.valid = until(row.valid, since)
        changed.append(row)
    update_many(changed, ["valid", *next(iter(values.values()), {})])
    insert_many([model(**{f"{link}_id": owner}, valid=from_day(since), **values[owner]) for owner in owners if owner in fresh])


def end(model: Any, link: str, owners: Iterable[int], on: dt.date) -> None:
    """From `on` on, nothing holds of the fact of these owners. What ends must have held for a day at least: one that began by mistake
    is corrected in place."""
    open_ones = list(model.objects.unscoped(WHY).filter(**{f"{link}__pk__among": list(owners)}, valid__upper_inf=True))
    for row in open_ones:
        if row.valid.lower and on <= row.valid.lower:
            raise Refused(_("日期须晚于上一次变动的 %(day)s") % {"day": row.valid.lower}, field="on")
        row.valid = until(row.valid, on)
    update_many(open_ones, ["valid"])


def same(owners: Iterable[int], **values: Any) -> dict[int, Mapping[str, Any]]:
    """The same values for every owner."""
    return dict.fromkeys(owners, values)


def each(owners: Iterable[Any], values: Callable[[Any], Mapping[str, Any]]) -> dict[int, Mapping[str, Any]]:
    """Values made from each record."""
    return {owner.pk: values(owner) for owner in owners}
