"""Records to merge, and everything as the database has it."""

import datetime as dt
from typing import Any

from django.apps import apps

from gonghui.areas.register.actions import (
    EmployerRow,
    enter_employer,
    found_union,
)
from gonghui.areas.register.models import (
    Employer,
    EmployerMerge,
    UnionMerge,
)
from gonghui.core.figures.registry import Figure, Scope, figures, value
from gonghui.core.organisations.models import Kind, Organisation
from gonghui.kit.dates import today
from gonghui.kit.uscc import check_character
from tests.cast import LONG_AGO, SYSTEM

WHY = "kept for the test's own comparison"
CODE, OTHER_CODE, UNION_CODE = (
    first + check_character(first) for first in ("91110101MA0000001", "91110101MA0000002", "81110101MC0000001")
)


def day(year: int) -> dt.date:
    return dt.date(year, 1, 1)


def fresh(record: Any) -> Any:
    return type(record)._base_manager.get(pk=record.pk)


def everything() -> dict[str, list[Any]]:
    """Every row of every table that keeps a history, as the database has it; what a merge is recorded in apart."""
    models = [model for model in apps.get_models() if hasattr(model, "events") and model not in (EmployerMerge, UnionMerge)]
    return {
        model._meta.label_lower: sorted(
            tuple(sorted((name, str(value)) for name, value in row.items())) for row in model._base_manager.values()
        )
        for model in models
    }


def entered(union: Organisation, name: str, since: dt.date = LONG_AGO, **more: Any) -> Employer:
    """An employer as it was entered."""
    row = EmployerRow(name, since, region=union.region, **more)
    return fresh(enter_employer(union, actor=SYSTEM, row=row))  # type: ignore[no-any-return]


def own_union(parent: Organisation, name: str, since: dt.date = LONG_AGO, **more: Any) -> Organisation:
    values: dict[str, Any] = {"kind": Kind.OWN, "on": since, "document": "京工发〔2015〕1号", "region": parent.region} | more
    return found_union(parent, actor=SYSTEM, name=name, **values)


def facts(model: Any, employer: Employer, *names: str) -> list[tuple[Any, ...]]:
    """First day, end and these columns of an employer's facts, in their order; those that never held apart."""
    rows = model._base_manager.filter(employer=employer, valid__isempty=False).order_by("valid")
    return [(row.valid.lower, row.valid.upper, *(getattr(row, name) for name in names)) for row in rows]


def number_of(code: str, union: Organisation, on: dt.date | None = None) -> Any:
    figure = figures[code]
    assert isinstance(figure, Figure)
    return value(figure, Scope(union), on or today(), actor=SYSTEM).number
