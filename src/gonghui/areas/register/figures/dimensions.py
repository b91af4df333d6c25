"""The ways figures of the register are broken down."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db.models import Case, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from gonghui.areas.register.rules import CoverageForm, band_names
from gonghui.core.figures.registry import Dimension, by_names
from gonghui.core.organisations.models import Kind
from gonghui.core.reference.queries import names, parameter
from gonghui.kit.dates import today
from gonghui.kit.text import Text


def industries(keys: list[Any]) -> Mapping[Any, Text]:
    """Sections of GB/T 4754 in the order of the standard."""
    known = {code: name for code, name in names("industry", "2017").items() if code in keys}
    return {"": _("未填"), **known} if "" in keys else known


def classes(keys: list[Any]) -> Mapping[Any, Text]:
    known = {code: name for code, name in names("employer_class").items() if code in keys}
    return {"": _("未填"), **known} if "" in keys else known


def bands(keys: list[Any]) -> Mapping[Any, Text]:
    return {floor: name for floor, name in band_names(floors(today())).items() if floor in keys}


def forms(keys: list[Any]) -> Mapping[Any, Text]:
    return {code: name for code, name in CoverageForm.choices if code in keys}


def kinds(keys: list[Any]) -> Mapping[Any, Text]:
    return {code: name for code, name in Kind.choices if code in keys}


def floors(on: dt.date) -> list[int]:
    """The floors of the size bands that hold on a day."""
    return list(parameter("register.size_bands", on))


def banded(rows: QuerySet[Any], on: dt.date, count: str) -> QuerySet[Any]:
    """Adds the floor of the size band of a headcount; None where nobody has counted."""
    cases = [When(**{f"{count}__gte": floor}, then=Value(floor)) for floor in reversed(floors(on))]
    found: QuerySet[Any] = rows.annotate(band=Case(*cases, When(**{f"{count}__gte": 0}, then=Value(0)), default=None))
    return found


def by_code(*dimensions: Dimension) -> dict[str, Dimension]:
    return {one.code: one for one in dimensions}


EMPLOYER_DIMENSIONS = by_code(
    Dimension("managing", _("主管工会"), "held__managing", by_names, kept="managing"),
    Dimension("street", _("属地街道"), "held__street", by_names, kept="street"),
    Dimension("industry", _("行业"), "industry", industries, kept="industry"),
    Dimension("size_band", _("职工人数分档"), "band", bands, lambda rows, on: banded(rows, on, "counted__count"), kept="band"),
    Dimension("class", _("单位类别"), "employer_class", classes, kept="employer_class"),
    Dimension("form", _("覆盖方式"), "covered__form", forms, kept="form"),
)

THEN_DIMENSIONS = by_code(
    Dimension("managing", _("主管工会"), "managing_then", by_names),
    Dimension("street", _("属地街道"), "street_then", by_names),
    Dimension("form", _("覆盖方式"), "form_then", forms),
    Dimension("industry", _("行业"), "industry", industries),
    Dimension("size_band", _("职工人数分档"), "band", bands, lambda rows, on: banded(rows, on, "workers_then")),
    Dimension("class", _("单位类别"), "employer_class", classes),
)
"""Of what happened to employers: the facts are those of the day it happened."""

UNION_DIMENSIONS = by_code(
    Dimension("managing", _("主管工会"), "placed__managing", by_names),
    Dimension("street", _("属地街道"), "placed__street", by_names),
    Dimension("kind", _("类型"), "kind", kinds),
)

FOUNDED_DIMENSIONS = by_code(
    Dimension("managing", _("主管工会"), "managing_then", by_names),
    Dimension("street", _("属地街道"), "street_then", by_names),
    Dimension("size_band", _("职工人数分档"), "band", bands, lambda rows, on: banded(rows, on, "workers_then")),
)
