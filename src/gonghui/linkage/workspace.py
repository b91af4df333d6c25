"""Where the work is done: a DuckDB of its own in a directory of its own, held within a limit of memory."""

from __future__ import annotations

import re
import shutil
import tempfile
import weakref
from pathlib import Path
from typing import TYPE_CHECKING

from gonghui.linkage import characters

if TYPE_CHECKING:
    import duckdb

UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
OUTSIDE = 250 * 10**6  # bytes of the process that DuckDB does not count: Python, its libraries, what malloc keeps
THREADS = 2


class Workspace:
    """A connection whose tables spill to disk, and the directory that holds them; both go when it is closed or forgotten."""

    def __init__(self, memory: str, *, is_alone: bool = False) -> None:
        import duckdb  # noqa: PLC0415 - 25 MB that a web server, which only asks for matching, need not hold

        self.is_alone = is_alone  # one list, matched with itself
        self.sides = "a" if is_alone else "ab"
        self.directory = Path(tempfile.mkdtemp(prefix="gonghui-link-"))
        limit = max(size(memory) - OUTSIDE, 150 * 10**6)
        self.connection = duckdb.connect(
            ":memory:",
            config={
                "memory_limit": f"{limit // 10**6}MB",
                "temp_directory": str(self.directory),
                "threads": THREADS,
                "preserve_insertion_order": True,
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            },
        )
        self.close = weakref.finalize(self, discard, self.connection, self.directory)
        characters.load(self.connection)

    def run(self, sql: str, values: object = None) -> duckdb.DuckDBPyConnection:
        """One statement."""
        return self.connection.execute(sql, values)

    def make(self, table: str, select: str, values: object = None) -> None:
        """A table out of a select."""
        self.run(f"create or replace table {table} as {select}", values)

    def drop(self, *tables: str) -> None:
        """Gives the room of tables back."""
        for table in tables:
            kind = self.run("select table_type from information_schema.tables where table_name = ?", [table]).fetchone()
            if kind:
                self.run(f"drop {'view' if kind[0] == 'VIEW' else 'table'} {table}")

    def count(self, table: str) -> int:
        """The rows of a table."""
        return int(self.run(f"select count(*) from {table}").fetchall()[0][0])


def discard(connection: duckdb.DuckDBPyConnection, directory: Path) -> None:
    """Closes the connection and throws its files away."""
    connection.close()
    shutil.rmtree(directory, ignore_errors=True)


def size(text: str) -> int:
    """A number of bytes as people write it: 1GB, 512 MB, 2g. Raises ValueError for anything else."""
    found = re.fullmatch(r"\s*([0-9]+(?:\.[0-9]+)?)\s*([KMGT]?)(?:I?B)?\s*", text.upper())
    if not found:
        raise ValueError(f"{text!r} is no amount of memory; write it like 1GB or 512MB")
    return int(float(found[1]) * UNITS[found[2]])
