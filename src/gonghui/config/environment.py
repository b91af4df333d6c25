"""Reads the environment: typed, loud on a bad value, and able to tell what every setting means."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit

T = TypeVar("T")


@dataclass(frozen=True)
class Setting:
    """One environment variable: its name, what it means, whether it is set, and whether its value may be shown."""

    name: str
    meaning: str
    is_set: bool
    value: object
    is_secret: bool


known: list[Setting] = []


class BadSetting(SystemExit):
    """A setting that cannot be understood stops the start with one sentence."""


def boolean(text: str) -> bool:
    """`1/true/yes/on` or `0/false/no/off`."""
    if text.lower() in {"1", "true", "yes", "on"}:
        return True
    if text.lower() in {"0", "false", "no", "off", ""}:
        return False
    raise ValueError("expected yes or no")


def words(text: str) -> list[str]:
    """A comma-separated list."""
    return [word.strip() for word in text.split(",") if word.strip()]


def pairs(text: str) -> dict[str, str]:
    """A JSON object of texts."""
    found = json.loads(text or "{}")
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise ValueError('expected a JSON object of texts, like {"Authorization": "…"}')
    return found


def read(name: str, parse: Callable[[str], T], default: T, meaning: str, *, secret: bool = False) -> T:
    """The value of one variable; `NAME_FILE` may name a file that holds it, so that secrets stay out of process lists."""
    text = os.environ.get(name)
    if text is None and (path := os.environ.get(f"{name}_FILE")):
        text = Path(path).read_text(encoding="utf-8").strip()
    try:
        value = default if text is None else parse(text)
    except ValueError as error:
        raise BadSetting(f"{name}: {error}") from None
    known.append(Setting(name, meaning, text is not None, value, secret))
    return value


def database(url: str) -> dict[str, object]:
    """Django's database settings from `postgresql://user:password@host:port/name?host=/socket/directory`."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError("expected postgresql://…")
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.removeprefix("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", parts.hostname or ""),
        "PORT": query.get("port", str(parts.port or "")),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
        "OPTIONS": {},
    }
