"""The database into a file and back, by PostgreSQL's own pg_dump and pg_restore, as the owner role.

Names of roles, rights and row-level security are left out on the way back: `gonghui migrate` makes them anew from the
declarations, so a backup may be restored where the roles have other names. Extensions stay with `gonghui provision`.
"""

import contextlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from gonghui.config.backups.manifest import Damaged
from gonghui.config.embedded_postgres import binaries

MADE_ANEW = re.compile(r"\d+; \d+ \d+ (?:EXTENSION|ACL|DEFAULT ACL|POLICY|ROW SECURITY|COMMENT|SCHEMA|EVENT TRIGGER)\b")
UNKNOWN = re.compile(
    rb"SET transaction_timeout\b"  # written for every server, known to 17 and newer
    rb"|ALTER TABLE .* SET \(pg_attver=\d+\);$"  # kept by 15.20 for itself; pg_dump of other versions takes it along
)
"""Lines of a script that the server it is for may not know, and that say nothing of ours."""
SECTIONS = ("pre-data", "data", "post-data")
PREAMBLE = 60  # lines of a section in which settings stand


class CannotRestore(Exception):
    """The database was not taken over, and why."""


def parted(url: str) -> tuple[str, dict[str, str]]:
    """The connection without its password, which the list of processes would show, and the environment that holds it."""
    words = {name: str(value) for name, value in conninfo_to_dict(url).items() if value is not None}
    secret = words.pop("password", "")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return make_conninfo("", **words), environment | ({"PGPASSWORD": secret} if secret else {})


def owner_url() -> str:
    """The owner's connection to another PostgreSQL; empty where it is not set."""
    if url := os.environ.get("DATABASE_OWNER_URL"):
        return url
    path = os.environ.get("DATABASE_OWNER_URL_FILE")
    return Path(path).read_text(encoding="utf-8").strip() if path else ""


def named(url: str, database: str) -> str:
    """The same server and role, another database."""
    return make_conninfo(url, dbname=database)


def dump(url: str, target: Path, snapshot: str) -> None:
    """Everything the owner sees, in the custom format, as it stood in an exported snapshot."""
    connection, environment = parted(url)
    command = [str(binaries() / "pg_dump"), "--format=custom", "--enable-row-security", f"--snapshot={snapshot}"]
    command += ["--no-password", f"--file={target}", f"--dbname={connection}"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"pg_dump failed: {done.stderr.strip()}")


def listed(dump: Path) -> list[str]:
    """The table of contents of a dump. Raises Damaged."""
    done = subprocess.run([str(binaries() / "pg_restore"), "--list", str(dump)], capture_output=True, text=True)
    if done.returncode:
        raise Damaged(f"{dump} cannot be read: {done.stderr.strip()}")
    return done.stdout.splitlines()


def load(dump: Path, url: str) -> None:
    """A dump into an empty provisioned database, all or nothing. Raises CannotRestore, Damaged."""
    connection, environment = parted(url)
    wanted = [line for line in listed(dump) if not MADE_ANEW.match(line)]
    command = [str(binaries() / "psql"), "-X", "-q", "-v", "ON_ERROR_STOP=1", "--single-transaction", "--no-password"]
    with tempfile.TemporaryDirectory() as directory:
        contents, said = Path(directory) / "contents", Path(directory) / "said"
        contents.write_text("\n".join(wanted) + "\n", encoding="utf-8")
        with said.open("wb") as errors:
            session = subprocess.Popen(
                [*command, "-o", os.devnull, "-d", connection], stdin=subprocess.PIPE, stderr=errors, env=environment
            )
            # a session that was killed has committed nothing
            if not all(pour(dump, section, contents, session, errors) for section in SECTIONS):
                session.kill()
            with contextlib.suppress(BrokenPipeError):
                session.communicate()
        if session.returncode:
            raise CannotRestore(f"{dump} was not taken over: {said.read_text(errors='replace').strip()}")


def pour(dump: Path, section: str, contents: Path, session: "subprocess.Popen[bytes]", errors: IO[bytes]) -> bool:
    """Passes one section of a dump on to the session; whether both got to its end."""
    command = [str(binaries() / "pg_restore"), "--no-owner", "--no-privileges", "--no-comments", "--file=-"]
    script = subprocess.Popen(
        [*command, f"--section={section}", f"--use-list={contents}", str(dump)], stdout=subprocess.PIPE, stderr=errors
    )
    assert script.stdout is not None
    assert session.stdin is not None
    try:
        for number, line in enumerate(script.stdout):
            if not UNKNOWN.match(line):
                session.stdin.write(line)
            if section == "data" and number > PREAMBLE:  # from here on rows, which are nobody's business
                shutil.copyfileobj(script.stdout, session.stdin)
        session.stdin.flush()
    except BrokenPipeError:
        script.kill()
    return script.wait() == 0


def count_rows(url: str) -> dict[str, int]:
    """The rows of every table, as the owner sees them."""
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        return {table: counted(cursor, table) for table in tables(cursor)}


def tables(cursor: "psycopg.Cursor[tuple[object, ...]]") -> list[str]:
    """Every table of ours."""
    cursor.execute("select tablename from pg_tables where schemaname = 'public' order by 1")
    return [str(name) for (name,) in cursor.fetchall()]


def counted(cursor: "psycopg.Cursor[tuple[object, ...]]", table: str) -> int:
    """The rows of one table."""
    cursor.execute(sql.SQL("select count(*) from {}").format(sql.Identifier(table)))
    row = cursor.fetchone()
    return int(str(row[0])) if row else 0


def differences(wanted: Mapping[str, int], found: Mapping[str, int]) -> list[str]:
    """The tables whose rows are not as many as they should be."""
    return [
        f"{table}: {found.get(table, 'no table')} rows instead of {wanted.get(table, 'none')}"
        for table in sorted({*wanted, *found})
        if wanted.get(table) != found.get(table)
    ]
