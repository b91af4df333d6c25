"""Firms that do not exist, as the registers' generator makes them: how they are named, numbered, housed and led, and what they were before.

Families share brand, legal person and often the place; branches carry their head's name; agencies lend thousands one telephone.
"""

import os
from bisect import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from math import exp
from pathlib import Path
from random import Random
from typing import Generic, NamedTuple, TypeVar

from bench import names

CHARSET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015
CODE_WEIGHTS = [pow(3, place, 31) for place in range(17)]
VALUES = {character: value for value, character in enumerate(CHARSET)}
ORGANISATION = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"  # GB 11714
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
ORGANISATION_VALUES = {character: value for value, character in enumerate(ORGANISATION)}
NEW_STYLE = 0.6  # share of firms numbered since 2015: MA…
T = TypeVar("T")


class Draw(Generic[T]):
    """Draws from what has weights."""

    def __init__(self, weights: Mapping[T, float]) -> None:
        self.items = list(weights)
        self.sums = list(accumulate(weights.values()))

    def __call__(self, chance: Random) -> T:
        return self.items[bisect(self.sums, chance.random() * self.sums[-1])]


class Name(NamedTuple):
    """A name by its parts. `bracket`: the region stands in brackets behind this many parts (0: in front, without brackets)."""

    region: str
    brand: str
    trade: str
    form: str
    branch: str = ""
    bracket: int = 0

    def __str__(self) -> str:
        parts = [self.brand, self.trade, self.form]
        if self.region:
            parts.insert(self.bracket, f"（{self.region}）" if self.bracket else self.region)
        return "".join(parts) + self.branch

    def registered(self) -> str:
        """What no two firms may share: 有限责任公司 is 有限公司 in full, and where the region stands makes no other name."""
        return f"{self.region.removesuffix('市')} {self.brand} {self.trade} {self.form.replace('责任', '')}"


class Address(NamedTuple):
    """An address by its parts."""

    district: str
    street: str
    number: int
    building: str
    room: str
    city: str = "北京市"
    note: str = ""

    def __str__(self) -> str:
        number = f"{self.number}号" if self.number else ""
        return f"{self.city}{self.district}{self.street}{number}{self.building}{self.room}{self.note}"


@dataclass(slots=True)
class Firm:
    """A firm as it is; `old_*` is what it was, None where that has not changed."""

    code: str
    name: Name
    address: Address
    legal: str
    phone: str
    headcount: int
    old_name: Name | None = None
    old_address: Address | None = None
    old_legal: str | None = None
    old_phone: str | None = None
    is_stale: bool = False  # the union's register has nothing but the old
    traits: tuple[str, ...] = ()  # sibling, branch, agency, cluster


# -- numbers ----------------------------------------------------------------------------------------------------


def organisation_number(body: str) -> str:
    """Eight characters with their check character (GB 11714)."""
    rest = 11 - sum(ORGANISATION_VALUES[one] * weight for one, weight in zip(body, ORGANISATION_WEIGHTS, strict=True)) % 11
    return body + ("X" if rest == 10 else "0" if rest == 11 else str(rest))


def credit_code(head: str, organisation: str) -> str:
    """A unified social credit code (GB 32100-2015): department, class and area, the organisation's number, the check character."""
    body = head + organisation
    return body + CHARSET[-sum(VALUES[one] * weight for one, weight in zip(body, CODE_WEIGHTS, strict=True)) % 31]


def organisation_of(serial: int, is_new: bool) -> str:
    """The number of a serial below 10^8, in the old style (digits) or the new (MA…); no two are equal."""
    if not is_new:
        return organisation_number(f"{serial:08d}")
    body = ""
    rest = serial * 7_368_787 % 31**6
    for _place in range(6):
        rest, value = divmod(rest, 31)
        body += CHARSET[value]
    return organisation_number("MA" + body)


def registration_number(code: str) -> str:
    """A fifteen-digit registration number of the time before 2015: area, serial, check digit (ISO 7064, MOD 11,10)."""
    serial = int(code[8:16], 36) * 48_271 // 7 % 10**8  # says nothing about the organisation's number
    body = f"{code[2:8]}{serial:08d}"
    rest = 10
    for digit in body:
        rest = (rest + int(digit)) % 10 or 10
        rest = rest * 2 % 11
    return f"{body}{(11 - rest) % 10}"


def codes(chance: Random, count: int) -> list[str]:
    """As many valid codes, no two of one organisation."""
    areas = Draw({code: weight for code, (_name, weight, _streets) in names.DISTRICTS.items()})
    serials = chance.sample(range(10**8), count)
    return [credit_code("91" + areas(chance), organisation_of(one, chance.random() < NEW_STYLE)) for one in serials]


# -- what firms are made of -------------------------------------------------------------------------------------


def brands_of_others() -> list[str]:
    """Short names of real firms from the folder of test data; none where it is not there."""
    file = Path(os.environ.get("GONGHUI_TEST_DATA", "")) / "company_short_names_sample.txt"
    if not file.is_file():
        return []
    lines = (line.strip() for line in file.read_text(encoding="utf-8").splitlines())
    return [line for line in lines if 2 <= len(line) <= 5]


@dataclass
class Material:
    """What names, places, people and telephones are drawn from."""

    chance: Random
    syllables: Draw[str] = field(init=False)
    others: list[str] = field(default_factory=brands_of_others)

    def __post_init__(self) -> None:
        weights: dict[str, float] = {}
        for sound in names.SOUNDS:
            for place, character in enumerate(sound):
                weights.setdefault(character, 1 / (1 + place * 0.3))
        self.syllables = Draw(weights)
        self.trades = Draw({trade: 1 / (1 + place / 40) for place, trade in enumerate(names.TRADES)})
        self.forms = Draw(names.FORMS)
        self.surnames = Draw(names.SURNAMES)
        self.given = Draw({character: 1 / (1 + place / 30) for place, character in enumerate(dict.fromkeys(names.GIVEN))})
        self.districts = Draw({name: weight for name, weight, _streets in names.DISTRICTS.values()})
        self.streets = {
            name: Draw({one: 1 / (1 + place / 4) for place, one in enumerate(streets)})
            for name, _w, streets in names.DISTRICTS.values()
        }

    def brand(self) -> str:
        """Two to four characters, a short name of a real firm, or Latin letters."""
        kind = self.chance.random()
        if kind < 0.015:
            return "".join(self.chance.choices("ABCDEGHJKLMSTXY", k=self.chance.choice((2, 3, 4))))
        if kind < 0.12 and self.others:
            return self.chance.choice(self.others)
        length = 2 if kind < 0.5 else 3 if kind < 0.7 else 4
        return "".join(self.syllables(self.chance) for _place in range(length))

    def region(self, district: str) -> tuple[str, int]:
        """What region a name names, and behind how many parts in brackets."""
        kind = self.chance.random()
        if kind < 0.12:
            return "北京", 1 if kind < 0.08 else 2
        if kind < 0.81:
            return "北京", 0
        if kind < 0.88:
            return "北京市", 0
        if kind < 0.90:
            return f"北京{district}", 0
        return ("", 0) if kind < 0.94 else (self.chance.choice(names.ELSEWHERE), 0)

    def name(self, district: str) -> Name:
        """A name."""
        region, bracket = self.region(district)
        return Name(region, self.brand(), self.trades(self.chance), self.forms(self.chance), "", bracket)

    def address(self, district: str = "") -> Address:
        """An address in a real street."""
        chance, district = self.chance, district or self.districts(self.chance)
        return Address(district, self.streets[district](chance), chance.randint(1, 220), self.building(), self.room())

    def building(self) -> str:
        """A building, or none."""
        kind = self.chance.random()
        if kind < 0.35:
            return ""
        if kind < 0.7:
            return f"{self.chance.randint(1, 20)}{'号楼' if kind < 0.55 else '幢'}"
        if kind < 0.8:
            return f"院{self.chance.randint(1, 9)}号楼"
        named = self.chance.choice(names.BUILDINGS)
        return f"{self.syllables(self.chance)}{self.syllables(self.chance)}{named}" + self.chance.choice(
            ("", "A座", "B座", "C座")
        )

    def room(self) -> str:
        """A floor and room, a room, or none."""
        kind = self.chance.random()
        floor, door = self.chance.randint(1, 26), self.chance.randint(1, 32)
        if kind < 0.2:
            return ""
        return f"{floor}层{floor}{door:02d}室" if kind < 0.5 else f"{floor}{door:02d}室" if kind < 0.9 else f"{floor}层"

    def person(self) -> str:
        """A person's name."""
        given = self.given(self.chance)
        return self.surnames(self.chance) + given + (self.given(self.chance) if self.chance.random() < 0.72 else "")

    def phone(self) -> str:
        """A mobile (two of three) or a number of Beijing's."""
        if self.chance.random() < 0.66:
            head = self.chance.choice(
                ("138", "139", "136", "135", "133", "186", "185", "150", "152", "158", "177", "188", "199")
            )
            return f"{head}{self.chance.randrange(10**8):08d}"
        return f"010-{self.chance.choice('5668')}{self.chance.randrange(10**7):07d}"

    def headcount(self) -> int:
        """How many work there; the median is nine."""
        return int(exp(self.chance.gauss(2.2, 1.3))) + 1


def lending(chance: Random, made: Sequence[T]) -> Draw[T]:
    """Draws so that the first of those that lend (a telephone, an address) lends to far more firms than the last."""
    order = list(made)
    chance.shuffle(order)
    return Draw({one: 1 / (1 + place) for place, one in enumerate(order)})
