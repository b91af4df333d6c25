"""Making a backup: one snapshot of the database, the stored files, the keys; whole and verified before it has its name.

Runs with Django set up and its connection the owner's.
"""

import datetime as dt
import os
import shutil
import tarfile
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from gonghui import __version__
from gonghui.config.backups import keys, manifest, postgres, sealed
from gonghui.config.embedded_postgres import locked
from gonghui.config.settings import INSECURE_KEY
from gonghui.kit import backups
from gonghui.kit.ciphers import CannotUnseal
from gonghui.kit.dates import now

UNFINISHED = "unfinished-"


def back_up(data: Path, to: Path, keep: int) -> backups.Backup:
    """Makes one backup in `to` and removes the oldest beyond `keep`. Ends with a sentence where it cannot be a good one."""
    refuse_bad_keys()
    if not (owner := postgres.owner_url()):
        raise SystemExit("No backup was made.\nDATABASE_OWNER_URL is not set; the application's role does not see everything.")
    to.mkdir(mode=0o700, exist_ok=True)
    with locked(to / "lock", wait=False) as got:
        if not got:
            raise SystemExit(f"Another backup to {to} is being made.")
        for leftover in to.glob(f"{UNFINISHED}*"):
            shutil.rmtree(leftover)
        moment = now()
        whole = to / manifest.name_at(moment)
        fresh = to / f"{UNFINISHED}{whole.name}"
        fresh.mkdir(mode=0o700)
        write(owner, fresh, moment)
        checked = manifest.verified(fresh)  # from the disk, before it counts as one
        postgres.listed(fresh / manifest.DATABASE)
        fresh.rename(whole)
        made = backups.Backup(whole.name, str(to.resolve()), checked.made, checked.size, is_on_same_disk(data, to))
        note(made)
        for old in manifest.backups(to)[:-keep]:
            shutil.rmtree(old)
    return made


def refuse_bad_keys() -> None:
    """No backup with keys that everybody knows, or with a data key that does not open what the database holds."""
    for name in keys.NAMES:
        if getattr(settings, name.upper()) in ("", INSECURE_KEY):
            raise SystemExit(f"No backup was made.\n{keys.setting(name)} is the developers' one, which everybody knows.")
    try:
        sealed.opened()
    except CannotUnseal:
        raise SystemExit(
            "No backup was made.\nThe data key does not open what the database holds: it is not the one that sealed it."
        ) from None


def write(owner: str, directory: Path, moment: dt.datetime) -> None:
    """All parts and the manifest. The files are read after the snapshot, so that none it names can be missing."""
    before = os.umask(0o077)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("set transaction isolation level repeatable read, read only")
            cursor.execute("select pg_export_snapshot(), current_setting('server_version')")
            snapshot, version = cursor.fetchone() or ("", "")
            rows = {table: postgres.counted(cursor.cursor, table) for table in postgres.tables(cursor.cursor)}
            found = sealed.counted()
            postgres.dump(owner, directory / manifest.DATABASE, snapshot)
        files = pack(Path(settings.FILES), directory / manifest.FILES)
        keys.save(directory / manifest.KEYS, {name: getattr(settings, name.upper()) for name in keys.NAMES})
        manifest.write(
            directory,
            manifest.Manifest(
                moment.astimezone(dt.UTC).isoformat(timespec="seconds"),
                __version__,
                version,
                rows,
                found,
                files,
            ),
        )
    finally:
        os.umask(before)


def pack(directory: Path, target: Path) -> int:
    """The stored files in one archive; how many there are."""
    count = 0
    with tarfile.open(target, "w") as archive:
        for file in sorted(directory.rglob("*")) if directory.is_dir() else []:
            if file.is_file() and not file.is_symlink():
                archive.add(file, file.relative_to(directory).as_posix(), recursive=False)
                count += 1
    return count


def is_on_same_disk(data: Path, to: Path) -> bool:
    """Whether one broken disk takes both; of two partitions of one disk this cannot tell."""
    return data.stat().st_dev == to.stat().st_dev


def note(made: backups.Backup) -> None:
    """Tells `gonghui status` and the status page."""
    former = backups.read(settings.BACKUP_RECORD)
    backups.write(settings.BACKUP_RECORD, backups.with_drill_of(made, former))
