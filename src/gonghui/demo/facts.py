"""The facts of the demo as typed values, read from the two data files beside this one."""

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
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
    members: int
    buildings: tuple[Building, ...] = ()
    sector: Sector | None = None
    federations: tuple[Federation, ...] = ()
    as_of: dt.date = dt.date(2016, 12, 31)  # from this day until the synthetic months nothing changes
    joints: int = 0  # communities with a joint union, the first ones; all of them where 0
    rounds: int = 6  # how often a joint union takes employers in

    @property
    def short(self) -> str:
        """The street as papers abbreviate it."""
        return self.name.removesuffix("街道").removesuffix("地区").removesuffix("镇")

    @property
    def district(self) -> str:
        """The code of the district it belongs to."""
        return self.code[:6]


@dataclass(frozen=True)
class Growth:
    """What an article says was covered for the first time in its year: by joint unions, by own ones, of these 100 workers or more;
    and how many members joined."""

    joint: int
    own: int
    large: int
    members: int


@dataclass(frozen=True)
class Dispatch:
    """Labour-dispatch firms with a union and without, and their workers."""

    covered: int
    concerned: int
    uncovered: int
    without: int


@dataclass(frozen=True)
class Reported:
    """What an article printed of a figure."""

    figure: str
    number: int
    source: str
    passage: str


@dataclass(frozen=True)
class District:
    """A district: its name, and what its streets (those that facts.toml does not describe) hold together."""

    name: str
    code: str
    short: str
    founded_on: dt.date
    as_of: dt.date
    employers: int
    workers: int
    covered: int
    own_unions: int
    large_uncovered: int
    bands: tuple[tuple[int, int, int], ...]
    joints: int
    members: int
    targets: Mapping[str, str | int]  # by figure, of the current year
    growth: Growth | None = None
    dispatch: Dispatch | None = None
    reported: tuple[Reported, ...] = ()


@cache
def read(name: str) -> dict[str, Any]:
    """A data file, as it stands."""
    return tomllib.loads((HERE / name).read_text(encoding="utf-8"))


def districts() -> list[District]:
    """The districts, the one with facts.toml's streets first."""
    return [_district(**row) for row in read("districts.toml")["districts"]]


def _district(*, bands: Any, growth: Any = None, dispatch: Any = None, reported: Any = (), **row: Any) -> District:
    return District(
        **row,
        bands=tuple((low, high, number) for low, high, number in bands),
        growth=Growth(**values(growth, Growth)) if growth else None,
        dispatch=Dispatch(**values(dispatch, Dispatch)) if dispatch else None,
        reported=tuple(Reported(**one) for one in reported),
    )


def values(table: Mapping[str, Any], kind: Any) -> dict[str, int]:
    """The numbers of a table, without what it says of where they are printed."""
    return {field.name: table[field.name]["value"] for field in fields(kind)}


def even(total: int, parts: int, place: int) -> int:
    """The share of one of so many parts of a total: whole numbers that sum to it."""
    return total * (place + 1) // parts - total * place // parts


def plain_streets(district: District, names: Mapping[str, str]) -> list[Street]:
    """The streets (code → name) of a district among which its numbers are shared out evenly."""
    shared = {name: getattr(district, name) for name in ("employers", "workers", "covered", "own_unions", "members")}

    def shares(place: int) -> dict[str, Any]:
        return {name: even(total, len(names), place) for name, total in shared.items()}

    return [
        Street(
            name=name,
            code=code,
            founded_on=district.founded_on + dt.timedelta(days=60),
            **shares(place),
            converted=0,
            recounted=0,
            large_uncovered=district.large_uncovered,
            branches=0,
            bands=district.bands,
            as_of=district.as_of,
            joints=district.joints,
            rounds=2,
        )
        for place, (code, name) in enumerate(sorted(names.items()))
    ]


def starts() -> dt.date:
    """The first day of the demo."""
    day: dt.date = read("facts.toml")["starts"]
    return day


def streets() -> list[Street]:
    """The streets, Donghuamen first."""
    return [_street(**row) for row in read("facts.toml")["streets"]]


def _street(*, buildings: Any, bands: Any, federations: Any, sector: Any = None, **row: Any) -> Street:
    for name in ("employers", "workers", "covered", "members"):
        row[name] = row[name]["value"]
    return Street(
        **row,
        bands=tuple((low, high, number) for low, high, number in bands),
        buildings=tuple(Building(**one) for one in buildings),
        sector=Sector(**sector) if sector else None,
        federations=tuple(Federation(one["name"], tuple(one["unions"])) for one in federations),
    )
