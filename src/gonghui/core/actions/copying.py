"""Thousands of records of one table in one statement: COPY into a temporary table, then one `insert … select` or `update … from`.

What `bulk_create` and `bulk_update` promise holds here too, and so does all that hangs on the table: policies judge every row, triggers
set the paths of holders, the history gets its events, constraints refuse with their sentences. COPY cannot write a table with row-level
security by itself; the temporary table has none, and is gone again when the statement has run.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import DateRangeField
from django.db import connection, connections, models
from django.db.models.fields import Field

from gonghui.core.actions.walls import table
from gonghui.kit.dates import DateRange

FEW = 50  # records that Django's own insert writes sooner than a temporary table is made
CHUNK = 20_000  # records in one statement
STAGE = "stage"
PLAIN: dict[type, type] = {  # Django's own fields whose values of exactly this type are what the database takes
    models.CharField: str,
    models.TextField: str,
    models.BigAutoField: int,
    models.PositiveIntegerField: int,
    models.BooleanField: bool,
    models.DateField: dt.date,
    models.UUIDField: UUID,
    DateRangeField: DateRange,
}

Column = tuple["Field[Any, Any]", list[Any]]  # a field, and its value in every record


def insert_many(records: Sequence[models.Model]) -> None:
    """Inserts new records of one model; those without a key get theirs, rising in their order. Sends no signals, like `bulk_create`.

    Raises what `bulk_create` raises: IntegrityError, DataError, ProgrammingError where a policy forbids a row.
    """
    if not records:
        return
    model = type(records[0])
    if len(records) < FEW:
        model._base_manager.bulk_create(records)
        return
    set_keys(model, [record for record in records if record.pk is None])
    for some in chunks(records):
        insert_chunk(model, some)
    for record in records:
        record._state.adding, record._state.db = False, connection.alias


def insert_chunk(model: type[models.Model], records: Sequence[models.Model]) -> None:
    """One statement. What all the records say is not copied, but said once."""
    columns = [(field, given(field, records)) for field in written(model)]
    differing = [column for column in columns if not is_one(column[1])]
    same = [(field, values[:1]) for field, values in columns if is_one(values)]
    names = ", ".join(quoted(field) for field, _values in (*differing, *same))
    said = ", ".join([*(quoted(field) for field, _values in differing), *["%s"] * len(same)])
    with staged(model, differing), connection.cursor() as cursor:
        sql = f"insert into {table(model)} ({names}) select {said} from {STAGE}"
        cursor.execute(sql, [prepared(field, values)[0] for field, values in same])


def update_many(records: Sequence[models.Model], names: Sequence[str]) -> None:
    """Writes these fields of records that are there already, as `bulk_update` does: a record that a policy hides stays as it is."""
    if not records:
        return
    model = type(records[0])
    if len(records) < FEW:
        model._base_manager.bulk_update(records, names)
        return
    key: Field[Any, Any] = model._meta.pk
    fields: list[Field[Any, Any]] = [model._meta.get_field(name) for name in names]  # type: ignore[misc]
    sets = ", ".join(f"{quoted(field)} = {STAGE}.{quoted(field)}" for field in fields)
    for some in chunks(records):
        columns = [(field, list(map(attrgetter(field.attname), some))) for field in (key, *fields)]
        with staged(model, columns), connection.cursor() as cursor:
            where = f"where {table(model)}.{quoted(key)} = {STAGE}.{quoted(key)}"
            cursor.execute(f"update {table(model)} set {sets} from {STAGE} {where}")


def take_stock(*loaded: type[models.Model]) -> None:
    """Tells the planner how much stands in these tables now: by itself it learns that a minute after the transaction, and until then
    joins thousands of new rows as if there were a handful. Waits for nobody."""
    with connection.cursor() as cursor:
        cursor.execute("select take_stock(%s)", [[model._meta.db_table for model in loaded]])


@contextmanager
def staged(model: type[models.Model], columns: Sequence[Column]) -> Iterator[None]:
    """A temporary table named STAGE with columns like the model's, and in it a row for each record."""
    names = ", ".join(quoted(field) for field, _values in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"create temporary table {STAGE} on commit drop as select {names} from {table(model)} with no data")
        with connection.wrap_database_errors, cursor.copy(f"copy {STAGE} ({names}) from stdin") as copy:
            for row in zip(*(prepared(field, values) for field, values in columns), strict=True):
                copy.write_row(row)
        yield
        cursor.execute(f"drop table {STAGE}")


# -- values -----------------------------------------------------------------------------------------------------


def written(model: type[models.Model]) -> "list[Field[Any, Any]]":
    """The columns that an insert gives; those that the database makes itself are left out."""
    return [field for field in model._meta.local_concrete_fields if not getattr(field, "generated", False)]


def quoted(field: "Field[Any, Any]") -> str:
    """The quoted column of a field."""
    return connection.ops.quote_name(str(field.column))


def given(field: "Field[Any, Any]", records: Sequence[models.Model]) -> list[Any]:
    """The values of a field in new records."""
    if type(field).pre_save is Field.pre_save:
        return list(map(attrgetter(field.attname), records))
    return [field.pre_save(record, True) for record in records]


def prepared(field: "Field[Any, Any]", values: list[Any]) -> list[Any]:
    """The same values as the database takes them; most are that already."""
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    if set(map(type, values)) <= {PLAIN.get(type(target)), type(None)}:
        return values
    itself = connections[connection.alias]  # `connection` looks that up at each touch
    return [field.get_db_prep_save(value, itself) for value in values]


def is_one(values: Sequence[Any]) -> bool:
    """Whether all are the same value. Equal lists may hold different things (1 and True), so only empty ones are."""
    first = values[0]
    if isinstance(first, list | dict) and first:
        return False
    kind = type(first)
    return all(type(value) is kind and value == first for value in values)


def set_keys(model: type[models.Model], records: Sequence[models.Model]) -> None:
    """Takes keys from the table's sequence, one for each record."""
    key = model._meta.pk
    if not records or not isinstance(key, models.AutoField | models.BigAutoField):
        return
    with connection.cursor() as cursor:
        numbers = "select array_agg(nextval(pg_get_serial_sequence(%s, %s))) from generate_series(1, %s)"
        cursor.execute(numbers, [table(model), key.column, len(records)])
        for record, number in zip(records, (cursor.fetchone() or ([],))[0], strict=True):
            setattr(record, key.attname, number)


def chunks(records: Sequence[models.Model]) -> Iterator[Sequence[models.Model]]:
    """The records, so many at a time as one statement takes."""
    for start in range(0, len(records), CHUNK):
        yield records[start : start + CHUNK]
