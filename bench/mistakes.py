"""What goes wrong when a firm is written down: each mistake by its name, with the rates of a mix read from TOML.

A mix has, for each of the two registers, `[a.code]` (at most one of them happens to a row), `[a.name]`, `[a.address]`, `[a.legal]`,
`[a.phone]`, `[a.headcount]` (each on its own), `[a.record]`; and `[population]`. Rates are shares of the rows concerned; what is not
named does not happen.
"""

import tomllib
from bisect import bisect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Any, Generic, TypeVar

from bench import names
from bench.firms import CHARSET, Address, Name, credit_code, organisation_number, registration_number

T = TypeVar("T")
USABLE = {"", "full_width", "spaced", "lower_case"}  # after these the code can still be read as it is
LIKE_DIGITS = {"0": "O", "1": "I", "8": "B", "2": "Z", "5": "S"}
SOUNDING: dict[str, str] = {one: sound.replace(one, "") for sound in names.SOUNDS for one in sound if len(sound) > 1}
SAME_PERSON: dict[str, str] = {one: sound.replace(one, "") for sound in names.NAME_SOUNDS for one in sound if len(sound) > 1}
LOOKING: dict[str, str] = {}
for _pair in names.SHAPES:
    for _one in _pair:
        LOOKING.setdefault(_one, _pair.replace(_one, ""))
FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
CHINESE_DIGITS = str.maketrans("0123456789", "〇一二三四五六七八九")


@dataclass(frozen=True)
class Population:
    """Who is there, as shares."""

    matched: float = 0.7  # of the first register's firms, those that are in the second
    families: float = 0.1  # of firms, those that begin a family of two to four
    family_address: float = 0.7  # of siblings, those that sit together
    family_phone: float = 0.5
    branches: float = 0.05  # of firms, those that are a branch of the one before
    agency_phones: float = 0.1  # of firms, those that give an agency's telephone
    firms_of_agency: int = 1500  # to an agency, on average
    cluster_addresses: float = 0.06  # of firms, those registered at an address that is let to many
    firms_of_cluster: int = 800
    renamed: float = 0.05
    moved: float = 0.1
    legal_changed: float = 0.08
    phone_changed: float = 0.2
    stale: float = 0.02  # of firms, those of which the first register has nothing but the old
    copied_from_family: float = 0.3  # of copied codes, those of the firm before (a sibling, a head)


@dataclass(frozen=True)
class Record:
    """How a register keeps its rows, as shares."""

    old: float = 0.0  # of what has changed, what still stands here as it was
    doubles: float = 0.0  # of rows, those that are a second row of a firm
    former_known: float = 0.0  # of renamed firms, those whose former name is told


# -- codes: firm, somebody else's code, chance → text -----------------------------------------------------------


def swapped(text: str, chance: Random) -> str:
    """Two neighbours that differ, exchanged."""
    places = [place for place in range(len(text) - 1) if text[place] != text[place + 1]]
    if not places:
        return text
    place = chance.choice(places)
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]


def replaced(text: str, place: int, by: str) -> str:
    """The text with one character exchanged."""
    return text[:place] + by + text[place + 1 :]


def mistyped(code: str, _other: str, chance: Random) -> str:
    """One character is another one."""
    place = chance.randrange(2, len(code))
    return replaced(code, place, chance.choice(CHARSET.replace(code[place], "")))


def cut(code: str, _other: str, chance: Random) -> str:
    """One character in the middle, or up to three at the end, are lost."""
    place = chance.randrange(2, len(code))
    return code[:place] + code[place + 1 :] if chance.random() < 0.6 else code[: -chance.randint(1, 3)]


def confused(code: str, _other: str, chance: Random) -> str:
    """A digit is written as the letter that looks like it, once or all through."""
    digit = chance.choice([one for one in LIKE_DIGITS if one in code[2:]])
    return code[:2] + code[2:].replace(digit, LIKE_DIGITS[digit], 1 if chance.random() < 0.6 else -1)


def unions_own(code: str, _other: str, chance: Random) -> str:
    """The union's own code instead of the employer's."""
    return credit_code("81" + code[2:8], organisation_number(f"MC{chance.randrange(10**6):06d}"))


CodeMistake = Callable[[str, str, Random], str]
CODE: dict[str, CodeMistake] = {
    "missing": lambda code, other, chance: "",
    "mistyped": mistyped,
    "transposed": lambda code, other, chance: code[:2] + swapped(code[2:], chance),
    "cut": cut,
    "confused": confused,
    "organisation": lambda code, other, chance: code[8:17],
    "organisation_hyphen": lambda code, other, chance: f"{code[8:16]}-{code[16]}",
    "registration": lambda code, other, chance: registration_number(code),
    "taxpayer": lambda code, other, chance: code[2:17],  # the fifteen characters of a tax number before 2015
    "copied": lambda code, other, chance: other,
    "union": unions_own,
    "full_width": lambda code, other, chance: code.translate(FULL_WIDTH),
    "spaced": lambda code, other, chance: f"{code[:8]} {code[8:17]} {code[17:]}",
    "lower_case": lambda code, other, chance: code.lower(),
    "filler": lambda code, other, chance: chance.choice(("无", "0", "000000000000000000", "暂无", "111111111111111111")),
}

# -- names ------------------------------------------------------------------------------------------------------


def one_of(text: str, table: Mapping[str, str], chance: Random) -> str:
    """One character exchanged for one that the table has for it; the text where it has none."""
    places = [place for place, character in enumerate(text) if character in table]
    if not places:
        return text
    place = chance.choice(places)
    return replaced(text, place, chance.choice(table[text[place]]))


def short(name: Name, chance: Random) -> Name:
    """What people call it: brand and trade, or the brand alone."""
    trade = name.trade if chance.random() < 0.7 else name.trade[:2] if chance.random() < 0.6 else ""
    return Name("", name.brand, trade, "", name.branch)


def other_form(name: Name, chance: Random) -> Name:
    """有限公司 for 有限责任公司 and so on."""
    forms = {"有限公司": ("有限责任公司", "公司"), "有限责任公司": ("有限公司", "公司")}
    return name._replace(form=chance.choice(forms.get(name.form, ("有限公司",))))


NameMistake = Callable[[Name, Random], Name]
NAME_PARTS: dict[str, NameMistake] = {
    "region_dropped": lambda name, chance: name._replace(region=""),
    "region_longer": lambda name, chance: name._replace(
        region={"北京": "北京市", "北京市": "北京"}.get(name.region, name.region)
    ),
    "region_moved": lambda name, chance: name._replace(bracket=0 if name.bracket else chance.choice((1, 2))),
    "form_dropped": lambda name, chance: name._replace(form=""),
    "form_swapped": other_form,
    "trade_shortened": lambda name, chance: name._replace(trade=name.trade[:2]),
    "short": short,
    "homophone": lambda name, chance: name._replace(brand=one_of(name.brand, SOUNDING, chance)),
    "look_alike": lambda name, chance: name._replace(brand=one_of(name.brand, LOOKING, chance)),
}


def other_brackets(text: str, chance: Random) -> str:
    """Brackets of another kind, or none."""
    left, right = chance.choice((("(", ")"), ("(", ")"), ("〔", "〕"), ("", ""), ("【", "】")))
    return text.replace("（", left).replace("）", right)


def lost(text: str, chance: Random) -> str:
    """One character is lost."""
    place = chance.randrange(len(text))
    return text[:place] + text[place + 1 :]


def doubled(text: str, chance: Random) -> str:
    """One character stands twice."""
    place = chance.randrange(len(text))
    return text[: place + 1] + text[place:]


def unions(text: str, suffixes: Sequence[str], chance: Random) -> str:
    """The name of the firm's union, where it is not that already."""
    return text if "工会" in text else text + chance.choice(suffixes)


TextMistake = Callable[[str, Random], str]
NAME_TEXT: dict[str, TextMistake] = {
    "lost": lost,
    "doubled": doubled,
    "transposed": swapped,
    "traditional": lambda text, chance: "".join(names.TRADITIONAL.get(one, one) for one in text),
    "one_traditional": lambda text, chance: one_of(text, names.TRADITIONAL, chance),
    "full_width": lambda text, chance: text.translate(FULL_WIDTH),
    "brackets": other_brackets,
    "spaced": lambda text, chance: chance.choice(("{} ", " {}", "　{}")).format(
        text[: len(text) // 2] + " " + text[len(text) // 2 :]
    ),
    "union_suffix": lambda text, chance: unions(text, ("工会", "工会", "工会委员会"), chance),
    "union_federation": lambda text, chance: unions(text, ("工会联合会", "基层工会委员会", "分工会", "联合工会"), chance),
    "noted": lambda text, chance: text + chance.choice(("（已迁出）", "（注销）", "(停业)", "（总部）", "*", "（筹）")),
}

# -- the other fields -------------------------------------------------------------------------------------------

AddressMistake = Callable[[Address, Random], Address]
ADDRESS_PARTS: dict[str, AddressMistake] = {
    "city_dropped": lambda address, chance: address._replace(city=""),
    "district_dropped": lambda address, chance: address._replace(city="", district=""),
    "room_dropped": lambda address, chance: address._replace(room=""),
    "building_dropped": lambda address, chance: address._replace(building=""),
    "street_alone": lambda address, chance: address._replace(number=0, building="", room=""),
    "other_number": lambda address, chance: address._replace(number=max(1, address.number + chance.randint(-2, 2))),
    "noted": lambda address, chance: address._replace(note=chance.choice(("(集群注册)", "（住所）", "附近", "（经营场所）"))),
}
ADDRESS_TEXT: dict[str, TextMistake] = {
    "missing": lambda text, chance: "",
    "other_words": lambda text, chance: text.replace("号楼", "#").replace("幢", "号楼").replace("室", ""),
    "chinese_digits": lambda text, chance: text.translate(CHINESE_DIGITS),
    "full_width": lambda text, chance: text.translate(FULL_WIDTH),
    "lost": lambda text, chance: lost(text, chance) if text else text,
}
PersonMistake = Callable[[str, str, Random], str]  # name, somebody else's
LEGAL: dict[str, PersonMistake] = {
    "missing": lambda name, other, chance: "",
    "chair": lambda name, other, chance: other,  # who leads the union stands in the place of who leads the firm
    "homophone": lambda name, other, chance: one_of(name, SAME_PERSON, chance),
    "masked": lambda name, other, chance: name[0] + "*" * (len(name) - 1),
    "spaced": lambda name, other, chance: f"{name[0]} {name[1:]}",
}
PHONE: dict[str, TextMistake] = {
    "missing": lambda text, chance: "",
    "mistyped": lambda text, chance: replaced(text, place := chance.randrange(4, len(text)), str((int(text[place]) + 1) % 10)),
    "other_form": lambda text, chance: chance.choice(("({}){}", "{} {}", "86-{}-{}")).format(text[:3], text[3:].lstrip("-")),
    "no_area": lambda text, chance: text.removeprefix("010-"),
    "two": lambda text, chance: f"{text}/1{chance.randrange(3 * 10**9, 10**10 - 1)}"[: len(text) + 12],
    "extension": lambda text, chance: f"{text}-{chance.randint(801, 899)}" if text.startswith("010") else text,
}
HeadcountMistake = Callable[[str, Random], str]
HEADCOUNT: dict[str, HeadcountMistake] = {
    "missing": lambda text, chance: "",
    "other": lambda text, chance: str(max(1, round(int(text) * chance.lognormvariate(0, 0.4)))),
}

# -- the mix ----------------------------------------------------------------------------------------------------


class Happening(Generic[T]):
    """Mistakes of one field, each on its own."""

    def __init__(self, where: str, known: Mapping[str, T], rates: Mapping[str, float]) -> None:
        self.rates = [(rates[name], f"{where}_{name}", mistake) for name, mistake in known.items() if rates.get(name)]

    def __call__(self, chance: Random) -> list[tuple[str, T]]:
        """Those that happen this time, with their names."""
        return [(name, mistake) for rate, name, mistake in self.rates if chance.random() < rate]


class OneOf:
    """Mistakes of a code, of which at most one happens."""

    def __init__(self, rates: Mapping[str, float]) -> None:
        self.names = list(rates)
        self.sums = list(accumulate(rates.values()))
        if self.sums and self.sums[-1] > 1:
            raise SystemExit(f"mistakes of codes: {self.sums[-1]:.3f} together, at most 1")

    def __call__(self, chance: Random) -> str:
        """The name of the one, or nothing."""
        place = bisect(self.sums, chance.random())
        return self.names[place] if place < len(self.names) else ""


@dataclass(frozen=True)
class Register:
    """How one of the two registers goes wrong."""

    record: Record
    code: OneOf
    name_parts: Happening[NameMistake]
    name_text: Happening[TextMistake]
    address_parts: Happening[AddressMistake]
    address_text: Happening[TextMistake]
    legal: Happening[PersonMistake]
    phone: Happening[TextMistake]
    headcount: Happening[HeadcountMistake]


@dataclass(frozen=True)
class Mix:
    """A mix of mistakes."""

    population: Population
    a: Register
    b: Register


KNOWN: dict[str, Sequence[str]] = {
    "record": [one.name for one in fields(Record)],
    "code": list(CODE),
    "name": [*NAME_PARTS, *NAME_TEXT],
    "address": [*ADDRESS_PARTS, *ADDRESS_TEXT],
    "legal": list(LEGAL),
    "phone": list(PHONE),
    "headcount": list(HEADCOUNT),
}


def check(where: str, rates: Mapping[str, Any], known: Sequence[str]) -> None:
    """Ends with a sentence where the mix names what is not known."""
    if unknown := sorted(set(rates) - set(known)):
        raise SystemExit(f"[{where}]: no {', '.join(unknown)}; known are {', '.join(known)}")


def register(side: str, told: Mapping[str, Mapping[str, float]]) -> Register:
    """The mistakes of one register."""
    check(side, told, list(KNOWN))
    for section, rates in told.items():
        check(f"{side}.{section}", rates, KNOWN[section])
    name, address = told.get("name", {}), told.get("address", {})
    return Register(
        record=Record(**told.get("record", {})),
        code=OneOf(told.get("code", {})),
        name_parts=Happening("name", NAME_PARTS, name),
        name_text=Happening("name", NAME_TEXT, name),
        address_parts=Happening("address", ADDRESS_PARTS, address),
        address_text=Happening("address", ADDRESS_TEXT, address),
        legal=Happening("legal", LEGAL, told.get("legal", {})),
        phone=Happening("phone", PHONE, told.get("phone", {})),
        headcount=Happening("headcount", HEADCOUNT, told.get("headcount", {})),
    )


def read(mix: str) -> Mix:
    """A mix by its name (tuning, heldout) or its file."""
    shipped = Path(__file__).parent / "faults" / f"{mix}.toml"
    file = shipped if shipped.is_file() else Path(mix)
    if not file.is_file():
        raise SystemExit(f"no mix of faults: {mix}")
    told = tomllib.loads(file.read_text(encoding="utf-8"))
    check(file.name, told, ["population", "a", "b"])
    check("population", told.get("population", {}), [one.name for one in fields(Population)])
    return Mix(Population(**told.get("population", {})), register("a", told.get("a", {})), register("b", told.get("b", {})))
