"""Restoring a backup into an empty place, or beside everything for a drill. All or nothing: what fails is taken back.

An embedded server is made anew; on another PostgreSQL the owner makes a database beside, which takes the name only when it was
checked. The checks that need Django run as `gonghui migrate` and `gonghui check-restored` in the restored environment.
"""

import contextlib
import datetime as dt
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict

from gonghui import __version__
from gonghui.config import processes
from gonghui.config.backups import keys, manifest, postgres
from gonghui.config.backups.manifest import Damaged, Manifest
from gonghui.config.backups.postgres import CannotRestore
from gonghui.config.embedded_postgres import Server

OWN = ("DATABASE_URL", "DATABASE_OWNER_URL", *(keys.setting(name) for name in keys.NAMES), "GONGHUI_FILES", "GONGHUI_STATIC")
POSTGRES, FILES = "postgres", "files"


def chosen(source: Path) -> Path:
    """The backup itself, or the newest in a directory of backups. Raises Damaged."""
    if (source / manifest.FILE).exists():
        return source
    if found := manifest.backups(source):
        return found[-1]
    raise Damaged(f"{source} holds no backup: there is no {manifest.FILE} in it, nor in a directory below it.")


def whole(source: Path) -> Manifest:
    """The manifest of an undamaged backup that this version can read. Raises Damaged, CannotRestore."""
    found = manifest.verified(source)
    if version(found.gonghui) > version(__version__):
        raise CannotRestore(
            f"{source} was made by gonghui {found.gonghui}; this is {__version__}. Install the newer one first."
        )
    return found


def version(text: str) -> tuple[int, ...]:
    """A version's numbers, for comparison."""
    return tuple(int(part) for part in text.split(".") if part.isdigit())


# -- the two ways -----------------------------------------------------------------------------------------------


def restore(source: Path, data: Path, *, replace: bool) -> str:
    """Restores a backup as the installation of `data`; says what it restored. Raises Damaged, CannotRestore."""
    source = chosen(source)
    found = whole(source)
    refuse_other_keys(keys.saved(source / manifest.KEYS))
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    stamp = f"{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%SZ}"
    with processes.only_one(data, "a restore"):
        refuse_occupied(data, replace=replace)
        is_external = "DATABASE_URL" in os.environ or "DATABASE_URL_FILE" in os.environ
        with moved_aside(data, stamp) as kept, external(stamp) if is_external else embedded(data) as environment:
            said = settle(source, found, data, os.environ | environment)
    return f"{said}\nWhat stood here before is kept: {', '.join(kept)}." if kept else said


def drill(source: Path, beside: Path) -> str:
    """Restores a backup into a place of its own below `beside`, checks it and throws it away. Raises Damaged, CannotRestore."""
    source = chosen(source)
    found = whole(source)
    beside.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="drill-", dir=beside, ignore_cleanup_errors=True) as directory:
        clean = {name: value for name, value in os.environ.items() if name.removesuffix("_FILE") not in OWN}
        with embedded(Path(directory), is_kept=False):
            return settle(source, found, Path(directory), clean)


def settle(source: Path, found: Manifest, data: Path, environment: Mapping[str, str]) -> str:
    """Puts everything in its place and checks it; says what there is."""
    server = Server(data / POSTGRES)
    owner = environment.get("DATABASE_OWNER_URL") or server.owner_url
    postgres.load(source / manifest.DATABASE, owner)
    if wrong := postgres.differences(found.rows, postgres.count_rows(owner)):
        raise CannotRestore("The restored database is not the saved one.\n" + "\n".join(wrong))
    wanted = {name: key for name, key in keys.saved(source / manifest.KEYS).items() if not is_given(name, environment)}
    keys.lay(data, wanted)
    files = unpack(source / manifest.FILES, Path(environment.get("GONGHUI_FILES") or data / FILES))
    if files != found.files:
        raise CannotRestore(f"{files} stored files were restored instead of {found.files}.")
    for verb in ("migrate", "check-restored"):
        command = processes.gonghui(verb, "--data", str(data))
        done = subprocess.run(command, env=dict(environment), capture_output=True, text=True)
        if done.returncode:
            raise CannotRestore(f"`gonghui {verb}` failed on what was restored: {done.stderr.strip()}")
    rows = f"{len(found.rows)} tables, {sum(found.rows.values()):,} rows, {files:,} files"
    return f"{source.name} of {found.made.astimezone():%Y-%m-%d %H:%M}: {rows}; {done.stdout.strip()}."


def unpack(archive: Path, target: Path) -> int:
    """The stored files in their place; how many. Raises Damaged for a name that leads out of it."""
    count = 0
    target.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tarfile.open(archive) as packed:
        for member in packed:
            name = PurePosixPath(member.name)
            if not member.isfile() or name.is_absolute() or ".." in name.parts:
                raise Damaged(f"{archive} holds {member.name}, which is no stored file.")
            place, content = target / name, packed.extractfile(member)
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            place.touch(mode=0o600)
            with place.open("wb") as file:
                shutil.copyfileobj(content or file, file)
            count += 1
    return count


# -- where to ---------------------------------------------------------------------------------------------------


def is_given(name: str, environment: Mapping[str, str]) -> bool:
    """Whether the environment names this key, so that a file in the data directory would not be read."""
    return keys.setting(name) in environment or f"{keys.setting(name)}_FILE" in environment


def refuse_other_keys(wanted: Mapping[str, str]) -> None:
    """A key that the environment names has to be the backup's."""
    for name, key in wanted.items():
        if is_given(name, os.environ) and keys.found(Path(), name) != key:
            raise CannotRestore(
                f"{keys.setting(name)} names another key than the backup's. Unset it: the backup's own is put into the data "
                "directory."
            )


def refuse_occupied(data: Path, *, replace: bool) -> None:
    """Nothing that is there is replaced unless told so."""
    if there := [name for name in (POSTGRES, FILES, *keys.NAMES) if (data / name).exists()]:
        if not replace:
            raise CannotRestore(f"{data} is not empty: {', '.join(there)}. Restore elsewhere, or replace it with --replace.")
        Server(data / POSTGRES).stop()
    url = postgres.owner_url()
    if not url:
        return
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        if postgres.tables(cursor) and not replace:
            raise CannotRestore("The database is not empty. Restore into an empty one, or replace it with --replace.")
        cursor.execute("select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()")
        if (others := (cursor.fetchone() or (0,))[0]) != 0:
            raise CannotRestore(f"{others} connections use this database. Stop gonghui (`gonghui stop`) first.")


@contextlib.contextmanager
def moved_aside(data: Path, stamp: str) -> Iterator[list[str]]:
    """What the data directory holds waits beside, and comes back if the block fails. Yields where it went."""
    names = [name for name in (POSTGRES, FILES, *keys.NAMES) if (data / name).exists()]
    aside = data / f"replaced-{stamp}"
    if names:
        aside.mkdir(mode=0o700)
    for name in names:
        (data / name).rename(aside / name)
    try:
        yield [str(aside)] if names else []
    except BaseException:
        for name in (POSTGRES, FILES, *keys.NAMES):
            remove(data / name)
        for name in names:
            (aside / name).rename(data / name)
        if names:
            aside.rmdir()
        raise


def remove(path: Path) -> None:
    """A file or a directory, if it is there."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


@contextlib.contextmanager
def embedded(data: Path, *, is_kept: bool = True) -> Iterator[dict[str, str]]:
    """A new server of the data directory, for as long as the block runs."""
    server = Server(data / POSTGRES)
    try:
        server.start()
        yield {}
    finally:
        server.stop()
        if not is_kept:
            shutil.rmtree(server.data, ignore_errors=True)


@contextlib.contextmanager
def external(stamp: str) -> Iterator[dict[str, str]]:
    """A new database beside the one that is named; it takes the name when the block ends well."""
    url = postgres.owner_url()
    app_file = os.environ.get("DATABASE_URL_FILE", "")
    app = os.environ.get("DATABASE_URL") or Path(app_file).read_text(encoding="utf-8").strip()
    name, user = str(conninfo_to_dict(url)["dbname"]), str(conninfo_to_dict(app)["user"])
    fresh, former = f"{name}_{stamp.lower()}", f"{name}_before_{stamp.lower()}"
    maintenance = postgres.named(url, "postgres")
    run(maintenance, "create database {}", fresh)
    try:
        run(maintenance, "revoke connect, temporary on database {} from public", fresh)
        run(maintenance, "grant connect, temporary on database {} to {}", fresh, user)
        yield {"DATABASE_URL": with_database(app, fresh), "DATABASE_OWNER_URL": with_database(url, fresh)}
    except BaseException:
        run(maintenance, "drop database if exists {} with (force)", fresh)
        raise
    run(maintenance, "alter database {} rename to {}", name, former)
    run(maintenance, "alter database {} rename to {}", fresh, name)
    print(f"The former database is kept as {former}; drop it when you no longer need it.")


def with_database(url: str, name: str) -> str:
    """A postgresql:// address with another database."""
    head, mark, query = url.partition("?")
    return f"{head.rpartition('/')[0]}/{name}{mark}{query}"


def run(url: str, statement: str, *names: str) -> None:
    """One statement about databases, which is no part of a transaction."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*(sql.Identifier(name) for name in names)))
