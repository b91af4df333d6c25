"""What a backup is: a directory with a manifest and the parts it names, each with its size and checksum."""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

FORMAT = 1
FILE = "manifest.json"
DATABASE, FILES, KEYS = "database.dump", "files.tar", "keys.json"
PARTS = (DATABASE, FILES, KEYS)
PREFIX = "gonghui-"
CHUNK = 1 << 20


class Damaged(Exception):
    """A backup that is not whole; the message says what is wrong with which file."""


@dataclass(frozen=True)
class Part:
    """One file of a backup: its size in bytes and SHA-256."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a backup holds: versions, the rows of every table and the sealed values of every column in the same snapshot."""

    made_at: str  # ISO 8601, UTC
    gonghui: str
    postgresql: str
    rows: Mapping[str, int]
    sealed: Mapping[str, int]
    files: int
    parts: Mapping[str, Part] = field(default_factory=dict)
    format: int = FORMAT

    @property
    def made(self) -> dt.datetime:
        return dt.datetime.fromisoformat(self.made_at)

    @property
    def size(self) -> int:
        """Of all parts, in bytes."""
        return sum(part.size for part in self.parts.values())


def name_at(moment: dt.datetime) -> str:
    """A backup's name; names sort by time."""
    return f"{PREFIX}{moment.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"


def measured(file: Path) -> Part:
    """Size and checksum as they are on the disk."""
    digest = hashlib.sha256()
    with file.open("rb") as opened:
        while chunk := opened.read(CHUNK):
            digest.update(chunk)
    return Part(file.stat().st_size, digest.hexdigest())


def checksum(content: Mapping[str, Any]) -> str:
    """Of the manifest itself."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def write(directory: Path, manifest: Manifest) -> None:
    """Writes the manifest of the parts that lie in the directory."""
    content = asdict(manifest) | {"parts": {name: asdict(measured(directory / name)) for name in PARTS}}
    text = json.dumps(content | {"sha256": checksum(content)}, ensure_ascii=False, indent=1)
    (directory / FILE).write_text(text, encoding="utf-8")


def read(directory: Path) -> Manifest:
    """The manifest, if it is one and unaltered. Raises Damaged."""
    try:
        content = json.loads((directory / FILE).read_text(encoding="utf-8"))
        said = content.pop("sha256")
        if said != checksum(content):
            raise Damaged(f"{directory / FILE} was altered: its checksum does not fit.")
        if content["format"] != FORMAT:
            raise Damaged(f"{directory} has the format {content['format']}; this gonghui reads format {FORMAT}.")
        return Manifest(**content | {"parts": {name: Part(**part) for name, part in content["parts"].items()}})
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise Damaged(f"{directory} is no backup: its {FILE} is missing or cannot be read ({error}).") from error


def verified(directory: Path) -> Manifest:
    """The manifest of a backup all of whose parts are on the disk as they were written. Raises Damaged."""
    manifest = read(directory)
    for name in PARTS:
        if name not in manifest.parts or not (directory / name).is_file():
            raise Damaged(f"{directory} is not whole: {name} is missing.")
        if (found := measured(directory / name)) != manifest.parts[name]:
            wanted = manifest.parts[name]
            why = f"{found.size} bytes instead of {wanted.size}" if found.size != wanted.size else "its checksum does not fit"
            raise Damaged(f"{directory / name} is damaged: {why}.")
    return manifest


def backups(directory: Path) -> list[Path]:
    """The complete backups in a directory, oldest first; one that was never finished has another name."""
    return sorted(one for one in directory.glob(f"{PREFIX}*") if (one / FILE).is_file())
