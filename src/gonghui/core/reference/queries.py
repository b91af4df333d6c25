"""Look-ups in dated reference data."""

import datetime as dt
from functools import lru_cache
from typing import Any

from django.db.models import IntegerField, Subquery
from django.db.models.functions import Cast

from gonghui.core.reference.models import Code, Parameter, Region


def parameter(key: str, on: dt.date) -> Any:
    """The value of a parameter on a day; LookupError where no value holds."""
    row = Parameter.objects.unscoped("rules hold for everybody").filter(key=key, valid__contains=on).first()
    if row is None:
        raise LookupError(f"no value of {key} on {on}")
    return row.value


def whole_number(key: str, on: dt.date) -> Cast:
    """The same, of a parameter that is a whole number, as an expression inside another query; null where no value holds."""
    rows = Parameter.objects.unscoped("rules hold for everybody").filter(key=key, valid__contains=on)
    return Cast(Subquery(rows.values("value")[:1]), IntegerField())


@lru_cache(maxsize=256)
def codes(name: str, on: dt.date, edition: str = "") -> tuple[Code, ...]:
    """The entries of a code list that hold on a day, in their order."""
    return tuple(Code.objects.filter(list=name, edition=edition, valid__contains=on))


def choices(name: str, on: dt.date, edition: str = "") -> list[tuple[str, str]]:
    """A code list as form choices."""
    return [(code.code, code.name) for code in codes(name, on, edition)]


@lru_cache(maxsize=64)
def attribute(name: str, key: str, on: dt.date, edition: str = "") -> dict[str, Any]:
    """Code → what its attribute `key` says, None where it says nothing, of the entries that hold on a day."""
    return {code.code: code.attributes.get(key) for code in codes(name, on, edition)}


@lru_cache(maxsize=64)
def names(name: str, edition: str = "") -> dict[str, str]:
    """Code → name over all times, for display."""
    return dict(Code.objects.filter(list=name, edition=edition).values_list("code", "name"))


def forget() -> None:
    """Empties the in-process cache of code lists."""
    codes.cache_clear()
    attribute.cache_clear()
    names.cache_clear()


def streets(district: str) -> list[Region]:
    """The streets and towns of a district that have a union of their own territory."""
    return list(
        Region.objects.filter(level=Region.Level.STREET, parent__code=district, has_union_territory=True).order_by("code")
    )
