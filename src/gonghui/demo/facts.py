"""The facts of the demo as typed values, read from the two data files beside this one."""

import datetime as dt
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Building:
    """A building with a joint union, and the community it stands in."""

    name: str
    community: str


@dataclass(frozen=True)
class Sector:
    """A trade whose employers share a joint union."""

    name: str
    section: str


@dataclass(frozen=True)
class Federation:
    """A federation of unions, and the buildings or sectors whose joint unions stand below it."""

    name: str
    unions: tuple[str, ...]


@dataclass(frozen=True)
class Street:
    """A street: what the article says of it, and the assumptions that fill it."""

    name: str
    code: str
    founded_on: dt.date
    employers: int
    workers: int
    covered: int
    own_unions: int
    converted: int
    recounted: int
    large_uncovered: int
    branches: int
    bands: tuple[tuple[int, int, int], ...]
    buildings: tuple[Building, ...]
    sector: Sector | None
    federations: tuple[Federation, ...]

    @property
    def short(self) -> str:
        """The street as papers abbreviate it."""
        return self.name.removesuffix("街道")


@cache
def read(name: str) -> dict[str, Any]:
    """A data file, as it stands."""
    return tomllib.loads((HERE / name).read_text(encoding="utf-8"))


def as_of() -> dt.date:
    """The day from which on nothing changes the article's values."""
    day: dt.date = read("facts.toml")["as_of"]
    return day


def starts() -> dt.date:
    """The first day of the demo."""
    day: dt.date = read("facts.toml")["starts"]
    return day


def streets() -> list[Street]:
    """The streets, Donghuamen first."""
    return [_street(**row) for row in read("facts.toml")["streets"]]


def _street(*, buildings: Any, bands: Any, federations: Any, sector: Any = None, **row: Any) -> Street:
    for name in ("employers", "workers", "covered"):
        row[name] = row[name]["value"]
    return Street(
        **row,
        bands=tuple((low, high, number) for low, high, number in bands),
        buildings=tuple(Building(**one) for one in buildings),
        sector=Sector(**sector) if sector else None,
        federations=tuple(Federation(one["name"], tuple(one["unions"])) for one in federations),
    )
