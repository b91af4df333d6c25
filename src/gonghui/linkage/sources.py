"""What lists are read from: a file, Arrow data, a query. All become one relation of texts under the names of `headers.FIELDS`."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from gonghui.linkage import headers
from gonghui.linkage.dialect import named, quoted

if TYPE_CHECKING:
    import duckdb

CHUNK = 1 << 20
LONGEST = 1 << 24  # bytes of a line


class Unreadable(ValueError):
    """A source that cannot be read as a table with a header."""


@runtime_checkable
class ArrowStream(Protocol):
    """Anything that gives its rows out through Arrow's C interface."""

    def __arrow_c_stream__(self, requested_schema: object = None) -> object: ...


@dataclass(frozen=True)
class Query:
    """A query of PostgreSQL, read by COPY in the transaction of whoever asks, under his walls."""

    cursor: object
    sql: str


def postgres(cursor: object, sql: str) -> Query:
    """A query as a source; `cursor` is psycopg's cursor or connection, or Django's cursor around one."""
    return Query(cursor, sql)


Source = str | Path | Query | ArrowStream


def create(
    connection: duckdb.DuckDBPyConnection, source: Source, name: str, scratch: Path, select: Callable[[str], str]
) -> None:
    """Makes the table `name` of what `select` makes of rows with the texts of `headers.FIELDS`, absent ones NULL.

    Raises Unreadable: no such file, no table, or a table with none of our columns.
    """
    import duckdb  # noqa: PLC0415 - as in workspace.py

    problem: Exception = Unreadable(f"{name}: empty")
    for rows in readings(connection, source, name, scratch):
        try:
            connection.execute(f"create or replace table {name} as " + select(f"({projected(connection, rows, name)})"))
            return
        except duckdb.OutOfMemoryException:
            raise
        except duckdb.Error as error:
            problem = error
    raise Unreadable(f"{source if isinstance(source, (str, Path)) else name}: {problem}") from problem


def readings(connection: duckdb.DuckDBPyConnection, source: Source, name: str, scratch: Path) -> Iterator[str]:
    """The ways to read a source, to be tried in turn: a CSV file as it is, then a copy in which every line has its columns."""
    if isinstance(source, Query):
        source = copied(source, scratch / f"{name}.csv")
    if not isinstance(source, (str, Path)):
        connection.register(f"source_{name}", source)
        yield f"source_{name}"
        return
    path = Path(source)
    if not path.is_file():
        raise Unreadable(f"{path}: no such file")
    if path.suffix.lower() == ".parquet":
        yield f"read_parquet({quoted(str(path))})"
        return
    if head := header(path):
        yield read_csv(path, *head)
    yield read_csv(*mended(path, scratch / f"{name}-mended.csv"), ",")


def projected(connection: duckdb.DuckDBPyConnection, rows: str, name: str) -> str:
    """Our columns out of a table's own."""
    own = [column for column, *_ in connection.execute(f"describe select * from {rows}").fetchall()]
    found = headers.recognised(own)
    if not set(found) - {"id"}:
        raise Unreadable(f"{name}: none of the columns {', '.join(headers.FIELDS)} among {', '.join(own) or 'none'}")
    texts = [f"cast({named(found[field]) if field in found else 'null'} as varchar) as {field}" for field in headers.FIELDS]
    return f"select {', '.join(texts)} from {rows}"


# -- CSV --------------------------------------------------------------------------------------------------------


def read_csv(path: Path, columns: list[str], delimiter: str) -> str:
    """Reads a CSV file whose dialect is known; nothing is guessed."""
    types = ", ".join(f"{quoted(column)}: 'VARCHAR'" for column in columns)
    return (
        f"read_csv({quoted(str(path))}, header = true, auto_detect = false, columns = {{{types}}}, delim = {quoted(delimiter)}, "
        f"quote = '\"', escape = '\"', max_line_size = {LONGEST})"
    )


def header(path: Path) -> tuple[list[str], str] | None:
    """The heads and the delimiter of a file in UTF-8 with distinct heads; None for any other."""
    with path.open("rb") as file:
        line = file.readline(CHUNK)
    with suppress(UnicodeDecodeError):
        heads, delimiter = split(line.decode("utf-8-sig"))
        if all(heads) and len({head.lower() for head in heads}) == len(heads) and b"\0" not in line:
            return heads, delimiter
    return None


def split(line: str) -> tuple[list[str], str]:
    """The cells of a line and what stands between them: comma, tab or semicolon, whichever is there most."""
    delimiter = max(",\t;", key=line.count)
    return next(csv.reader([line], delimiter=delimiter), []), delimiter


def mended(path: Path, to: Path) -> tuple[Path, list[str]]:
    """A copy in UTF-8, comma-separated, without NUL, with as many cells in every line as there are heads; and its heads."""
    csv.field_size_limit(LONGEST)
    with (
        path.open(encoding=encoding(path), errors="replace", newline="") as file,
        to.open("w", encoding="utf-8", newline="") as copy,
    ):
        lines = (line.replace("\0", "") for line in file)
        heads, delimiter = split(next(lines, ""))
        heads = distinct(heads)
        writer = csv.writer(copy, quoting=csv.QUOTE_ALL)
        writer.writerow(heads or ["empty"])
        for cells in csv.reader(lines, delimiter=delimiter):
            if cells:
                writer.writerow((cells + [""] * len(heads))[: len(heads)])
    return to, heads or ["empty"]


def distinct(heads: list[str]) -> list[str]:
    """Heads with a number behind those that are empty or came before."""
    seen: set[str] = set()
    for at, head in enumerate(heads):
        if not head.strip() or head.lower() in seen:
            heads[at] = f"{head} {at + 1}"
        seen.add(heads[at].lower())
    return heads


def encoding(path: Path) -> str:
    """UTF-8 where the whole file is, else GB 18030, which holds GBK and GB 2312."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file, suppress(UnicodeDecodeError):
        while chunk := file.read(CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
        return "utf-8-sig"
    return "gb18030"


# -- PostgreSQL -------------------------------------------------------------------------------------------------


def copied(query: Query, to: Path) -> Path:
    """The rows of a query as a CSV file, as COPY streams them."""
    cursor: Any = getattr(query.cursor, "cursor", query.cursor)
    if callable(cursor):  # a connection
        with cursor() as own:
            return copied(Query(own, query.sql), to)
    with (
        to.open("wb") as file,
        cursor.copy(f"copy ({query.sql}) to stdout with (format csv, header, encoding 'utf8')") as stream,
    ):
        for block in stream:
            file.write(block)
    return to
