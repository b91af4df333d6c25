"""Made-up employers and people. Their rows are marked `is_synthetic`; the codes are valid in form and given to nobody."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import TypeVar

from stdnum.cn import uscc

from gonghui.demo.facts import read
from gonghui.kit.uscc import ALPHABET

Choice = TypeVar("Choice")
TRADES = "trades.toml"
SOLE_TRADER = "600"
REGISTERED_BY = {"400": "12", SOLE_TRADER: "92", "700": "52"}  # department and kind by employer class; companies are 91
NO_SUCH_CODE = "X9"  # how every made-up organisation code begins
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True)
class Trade:
    """What kind of employers there are: words of their names, and their classes with the suffix each takes."""

    section: str
    weight: int
    words: list[str]
    classes: Mapping[str, int] = field(default_factory=lambda: read(TRADES)["classes"])
    suffixes: Mapping[str, list[str]] = field(default_factory=lambda: read(TRADES)["suffixes"])
    is_dispatch: bool = False


@dataclass(frozen=True)
class Identity:
    """A made-up employer: the name, and what follows from it."""

    name: str
    section: str
    employer_class: str
    is_dispatch: bool


def weighted(rng: Random, choices: Mapping[Choice, int]) -> Choice:
    """One of the keys, as often as its weight says."""
    return rng.choices(list(choices), list(choices.values()))[0]


def organisation_check(body: str) -> str:
    """The ninth character of an organisation code (GB 11714)."""
    rest = sum(int(one, 36) * weight for one, weight in zip(body, ORGANISATION_WEIGHTS, strict=True)) % 11
    return "0X987654321"[rest]


class Inventor:
    """Makes names, codes and numbers up, none of them twice."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.taken: set[str] = set()
        self.trades = [Trade(**row) for row in read(TRADES)["trades"]]

    def fresh(self, make: Callable[[], str]) -> str:
        """What `make` makes, as often as it takes until it is new."""
        while (text := make()) in self.taken:
            pass
        self.taken.add(text)
        return text

    def brand(self) -> str:
        """Two characters, now and then three."""
        data = read(TRADES)
        third = self.rng.choice(data["third"]) if self.rng.random() < 0.25 else ""
        return f"{self.rng.choice(data['first'])}{self.rng.choice(data['second'])}{third}"

    def kind(self) -> tuple[Trade, str]:
        """A trade and a class of employer."""
        trade = self.rng.choices(self.trades, [trade.weight for trade in self.trades])[0]
        return trade, weighted(self.rng, trade.classes)

    def employer(self, *, is_small: bool, is_dispatch: bool | None = None) -> Identity:
        """北京 + brand + trade + suffix; a sole trader has few workers. `is_dispatch` asks for a labour-dispatch firm, or for none."""

        def fits(trade: Trade, employer_class: str) -> bool:
            return (is_small or employer_class != SOLE_TRADER) and is_dispatch in (None, trade.is_dispatch)

        trade, employer_class = self.kind()
        while not fits(trade, employer_class):
            trade, employer_class = self.kind()
        words = self.rng.choice(trade.words) + self.rng.choice(trade.suffixes[employer_class])
        name = self.fresh(lambda: f"北京{self.brand()}{words}")
        return Identity(name, trade.section, employer_class, trade.is_dispatch)

    def code(self, prefix: str, place: str) -> str:
        """A credit code (GB 32100) with both check characters right."""

        def make() -> str:
            body = NO_SUCH_CODE + "".join(self.rng.choices(ALPHABET, k=6))
            code = prefix + place + body + organisation_check(body)
            return f"{code}{uscc.calc_check_digit(code)}"

        return self.fresh(make)

    def employer_code(self, employer_class: str, place: str) -> str:
        """The code of an employer of this class, registered in this division."""
        return self.code(REGISTERED_BY.get(employer_class, "91"), place)

    def person(self) -> str:
        """A name of two or three characters; people may share one."""
        data = read(TRADES)
        return str(self.rng.choice(data["surnames"])) + "".join(self.rng.choices(data["given"], k=self.rng.choice([1, 2, 2])))

    def phone(self) -> str:
        """A number of the block 1380000, which is plainly nobody's."""
        return self.fresh(lambda: f"1380000{self.rng.randrange(10_000):04}")
