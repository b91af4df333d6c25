"""What is known of the newest good backup, and what is wrong with it: written by `gonghui backup`, read by `gonghui status` and
the status page. A small file in the data directory, so that it can be read while the database is down."""

import datetime as dt
import json
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path

OLDEST = dt.timedelta(hours=26)  # a nightly backup, and two hours for the night it took longer


class Problem(StrEnum):
    """What is wrong with the backups."""

    NONE = "none"  # there is not one
    OLD = "old"
    SAME_DISK = "same_disk"


@dataclass(frozen=True)
class Backup:
    """The newest good backup: where it is, when its snapshot was taken, its size in bytes, when a drill last restored one."""

    name: str
    directory: str
    made_at: dt.datetime
    size: int
    is_on_same_disk: bool
    drilled_at: dt.datetime | None = None


def read(file: Path) -> Backup | None:
    """The newest good backup; None while there is not one, or where the file cannot be understood."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        drilled_at = found["drilled_at"]
        return Backup(
            **found
            | {
                "made_at": dt.datetime.fromisoformat(found["made_at"]),
                "drilled_at": dt.datetime.fromisoformat(drilled_at) if drilled_at else None,
            }
        )
    except (OSError, ValueError, TypeError, KeyError):
        return None


def write(file: Path, backup: Backup) -> None:
    """Replaces what the file says, all or nothing."""
    fresh = file.with_name(f"{file.name}.new")
    fresh.write_text(json.dumps(asdict(backup), default=dt.datetime.isoformat, ensure_ascii=False), encoding="utf-8")
    fresh.replace(file)


def with_drill_of(backup: Backup, former: Backup | None) -> Backup:
    """The same backup, remembering the last drill."""
    return replace(backup, drilled_at=former.drilled_at if former else None)


def note_drill(file: Path, at: dt.datetime) -> None:
    """Notes that a backup was restored beside and found good."""
    if backup := read(file):
        write(file, replace(backup, drilled_at=at))


def problems(backup: Backup | None, now: dt.datetime) -> list[Problem]:
    """What is wrong; empty when nothing is."""
    if backup is None:
        return [Problem.NONE]
    found = [Problem.OLD] if now - backup.made_at > OLDEST else []
    return [*found, Problem.SAME_DISK] if backup.is_on_same_disk else found
