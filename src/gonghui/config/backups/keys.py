"""The two keys of an installation: where they lie, and what may stand in for them."""

import json
import os
from pathlib import Path

NAMES = ("secret_key", "data_key")


def setting(name: str) -> str:
    """The variable that may hold a key."""
    return f"GONGHUI_{name.upper()}"


def place(data: Path, name: str) -> Path | str:
    """Where a key lies: the name of its variable, or its file."""
    if setting(name) in os.environ:
        return setting(name)
    return Path(os.environ.get(f"{setting(name)}_FILE") or data / name)


def found(data: Path, name: str) -> str:
    """A key as this installation uses it; empty where there is none."""
    where = place(data, name)
    if isinstance(where, str):
        return os.environ[where]
    return where.read_text(encoding="utf-8").strip() if where.is_file() else ""


def require(data: Path) -> None:
    """Ends with a sentence for each key that is missing. Called before anything could make a new one."""
    missing = [name for name in NAMES if not found(data, name)]
    if missing:
        sentences = [
            f"{place(data, name)} is missing: without it what the database holds cannot be read again." for name in missing
        ]
        raise SystemExit("No backup was made.\n" + "\n".join(sentences))


def save(file: Path, values: dict[str, str]) -> None:
    """The keys as a part of a backup."""
    file.write_text(json.dumps(values), encoding="utf-8")


def saved(file: Path) -> dict[str, str]:
    """The keys of a backup."""
    values: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    return {name: values[name] for name in NAMES}


def lay(data: Path, values: dict[str, str]) -> None:
    """Puts the keys of a backup where the installation looks for them, readable by its owner only."""
    for name, value in values.items():
        file = data / name
        file.unlink(missing_ok=True)
        file.touch(mode=0o600)
        file.write_text(value, encoding="ascii")
