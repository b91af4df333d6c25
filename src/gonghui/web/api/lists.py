"""What a sheet gives to programs: its conditions as parameters, its columns as fields, its rows page by page.

Rows come in a fixed order, each page after the last record of the one before, so that a program may walk through all of them
while others work.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar, Literal
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Field, Schema
from pydantic import ConfigDict, create_model

from gonghui.core.actions.action import Refused
from gonghui.core.actions.actor import Actor
from gonghui.kit.columns import BIGGEST, LONGEST, AtLeast, BadValue, Choice, Column, Filter, Options, Sheet, Since, YesNo
from gonghui.kit.flow import State
from gonghui.web.address import MOST_WORDS, read_condition
from gonghui.web.listing import narrowed

SIZE, MOST = 50, 100
MOST_COUNTED = 10_000  # rows, as a page of the desk counts them: to count millions behind two walls takes seconds


class Labelled(Schema):
    """A stored word and how it reads."""

    code: str
    label: str


class ListQuery(Schema):
    """What every list takes."""

    model_config = ConfigDict(extra="forbid")

    after: UUID | None = Field(None, description="the last record of the page before; without it from the start")
    size: int = Field(SIZE, ge=1, le=MOST, description="records a page")


@dataclass(frozen=True)
class Reference(Filter):
    """One of these records, by their public ids."""

    lookup: ClassVar[str] = "in"

    def parse(self, words: Sequence[str], options: Options) -> list[UUID]:
        try:
            return [UUID(word) for word in words]
        except ValueError:
            raise BadValue(_("应为编号（UUID）")) from None


def typed(one: Filter) -> Any:
    """The type of a condition's parameter."""
    if isinstance(one, Reference):
        return list[UUID]
    if isinstance(one, YesNo):
        return bool
    if isinstance(one, Choice):
        codes = () if callable(one.choices) else tuple(str(code) for code, _label in one.choices)
        return list[Literal[codes]] if codes else list[str]  # type: ignore[valid-type]
    if isinstance(one, AtLeast):
        return int
    return dt.date if isinstance(one, Since) else str


def limits(one: Filter) -> dict[str, Any]:
    """What a condition's parameter may be at most."""
    if isinstance(one, Choice | Reference):
        return {"max_length": MOST_WORDS}
    if isinstance(one, AtLeast):
        return {"ge": 0, "le": BIGGEST}
    return {} if isinstance(one, YesNo | Since) else {"min_length": 1, "max_length": LONGEST}


def query_of(sheet: Sheet, name: str) -> type[ListQuery]:
    """The parameters of a list: its conditions, the columns wanted, the page."""
    fields: dict[str, Any] = {
        one.code: (typed(one) | None, Field(None, description=str(one.label), **limits(one))) for one in sheet.all_filters
    }
    codes = tuple(column.code for column in sheet.columns)
    fields["cols"] = (list[Literal[codes]] | None, Field(None, max_length=MOST_WORDS, description="these columns only"))  # type: ignore[valid-type]
    return create_model(name, __base__=ListQuery, **fields)


def row_of(sheet: Sheet, name: str) -> type[Schema]:
    """A row: its id and the columns."""
    kinds: Mapping[str, Any] = {"number": int | float, "date": dt.date, "bool": bool, "state": Labelled}
    fields: dict[str, Any] = {
        column.code: (kinds.get(column.kind, str) | None, Field(None, description=str(column.label)))
        for column in sheet.columns
    }
    return create_model(name, __base__=Schema, id=(UUID, ...), **fields)


def page_of(row: type[Schema], name: str) -> type[Schema]:
    """One page of rows."""
    return create_model(
        name,
        __base__=Schema,
        count=(int | None, Field(None, description="how many there are in all; told on the first page, up to 10,000")),
        items=(list[row], ...),  # type: ignore[valid-type]
        next=(UUID | None, Field(None, description="`after` of the next page; null where there is none")),
    )


def plain(column: Column, row: Any) -> Any:
    """A value as JSON has it."""
    value = column.value(row)
    if isinstance(value, State):
        return {"code": value.code, "label": str(value.label)}
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, dt.datetime):
        return timezone.localdate(value)
    if value is None or isinstance(value, bool | int | float | dt.date):
        return value
    return str(value)


def shown(sheet: Sheet, row: Any, columns: Sequence[str] | None = None) -> dict[str, Any]:
    """A row as it is answered, with these columns or all."""
    wanted = (column for column in sheet.columns if not columns or column.code in columns)
    return {"id": row.public_id, **{column.code: plain(column, row) for column in wanted}}


def words(value: Any) -> list[str]:
    """A parameter as the conditions of a list read it."""
    if isinstance(value, bool):
        return ["1" if value else "0"]
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


def conditions(sheet: Sheet, query: ListQuery, actor: Actor) -> Any:
    """The conditions of a call. Refused for one that means nothing, where a page would show it struck through."""
    for one in sheet.all_filters:
        value = getattr(query, one.code, None)
        if value is not None:
            read = read_condition(one, words(value), one.options(actor))
            if read.error:
                raise Refused(read.error, field=one.code)
            yield read


def answer(
    sheet: Sheet,
    rows: QuerySet[Any],
    query: ListQuery,
    actor: Actor,
    show: Callable[[Any], dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """One page of the rows that meet the conditions."""
    found = narrowed(rows, list(conditions(sheet, query, actor)))
    page = after(rows, found, query.after).order_by("pk")[: query.size + 1]
    seen = list(page)
    items = seen[: query.size]
    columns = getattr(query, "cols", None)
    return {
        "count": None if query.after else counted(found),
        "items": [show(row) if show else shown(sheet, row, columns) for row in items],
        "next": items[-1].public_id if len(seen) > query.size else None,
    }


def counted(found: QuerySet[Any]) -> int | None:
    """How many rows there are; None where there are more than are counted."""
    count = found.order_by()[: MOST_COUNTED + 1].count()
    return count if count <= MOST_COUNTED else None


def after(rows: QuerySet[Any], found: QuerySet[Any], last: UUID | None) -> QuerySet[Any]:
    """The rows behind the last record of the page before. Refused where that has moved out of sight."""
    if last is None:
        return found
    key = rows.filter(public_id=last).values_list("pk", flat=True).first()
    if key is None:
        raise Refused(_("上一页的最后一条已经看不到，请从头开始"), field="after")
    return found.filter(pk__gt=key)


__all__ = ["Labelled", "ListQuery", "Reference", "answer", "page_of", "query_of", "row_of", "shown"]
