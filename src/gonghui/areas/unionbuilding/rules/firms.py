"""Firms as lists name them: by what they are known again, how their lines are folded, in what two editions differ."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from gonghui.areas.register.rules import size_band
from gonghui.areas.unionbuilding.rules.lists import DifferenceKind
from gonghui.kit.text import plain

NAMED = "="  # what a key begins with that is a name; a code never does
NOTHING = Decimal(0)


@dataclass(frozen=True)
class PaymentRow:
    """What a firm owed and paid for one period, in yuan; `until` is the period's last day."""

    fee: str
    since: dt.date
    until: dt.date
    base: Decimal | None = None
    due: Decimal | None = None
    paid: Decimal = NOTHING
    received_on: dt.date | None = None


@dataclass
class Firm:
    """One firm of a list; what it says of the newest period stands for it."""

    name: str
    code: str = ""
    former_names: list[str] = field(default_factory=list)
    legal_person: str = ""
    address: str = ""
    street_text: str = ""
    street: Any = None  # the union of the street that the text stands for
    industry: str = ""
    standing: str = ""
    founded_on: dt.date | None = None
    headcount: int | None = None
    phone: str = ""
    payments: list[PaymentRow] = field(default_factory=list)

    @property
    def key(self) -> str:
        """By what it is known again in another edition."""
        return firm_key(self.code, self.name)

    def paid(self, fee: str) -> Decimal:
        """What it has paid of a fee in all periods."""
        return sum((one.paid for one in self.payments if one.fee == fee), NOTHING)


def same_name(name: str) -> str:
    """A name as it is compared: full-width forms folded, no blanks, capitals."""
    return plain(name).replace(" ", "").upper()


def firm_key(code: str, name: str) -> str:
    """The code; of a firm without one its name."""
    return code or f"{NAMED}{same_name(name)}"


# -- folding ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class TaxLine:
    """One line of a tax list: a firm as it stands there, with one payment."""

    firm: Firm
    payment: PaymentRow


def payer_keys(firms: Iterable[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """(code, name) → key of the payer. A line without a code is the firm's whose name it bears, if one firm alone bears it."""
    pairs = set(firms)
    by_name: dict[str, set[str]] = {}
    for code, name in pairs:
        if code:
            by_name.setdefault(same_name(name), set()).add(code)
    found = {}
    for code, name in pairs:
        codes = by_name.get(same_name(name), set())
        found[code, name] = firm_key(code or (next(iter(codes)) if len(codes) == 1 else ""), name)
    return found


def folded(lines: Sequence[TaxLine]) -> list[Firm]:
    """The payers of a tax list with all their payments, in the order in which they first stand there.

    What a payer is called, where it sits and how many work there its newest period says; other names are former ones. A cell that the
    newest line leaves empty is filled from the newest one that fills it.
    """
    keys = payer_keys((line.firm.code, line.firm.name) for line in lines)
    by_key: dict[str, list[TaxLine]] = {}
    for line in lines:
        by_key.setdefault(keys[line.firm.code, line.firm.name], []).append(line)
    return [one_payer(group) for group in by_key.values()]


FILLED = ("code", "street_text", "street", "address", "phone")


def one_payer(lines: Sequence[TaxLine]) -> Firm:
    """The lines of one payer as one firm."""
    newest_first = sorted(lines, key=lambda line: line.payment.since, reverse=True)
    firms = [line.firm for line in newest_first]
    firm = Firm(firms[0].name)
    for name in FILLED:
        setattr(firm, name, next((value for one in firms if (value := getattr(one, name))), getattr(firm, name)))
    firm.headcount = next((one.headcount for one in firms if one.headcount is not None), None)
    names = dict.fromkeys(one.name for one in firms)
    firm.former_names = [name for name in names if same_name(name) != same_name(firm.name)]
    firm.payments = [line.payment for line in reversed(newest_first)]
    return firm


def repeated(lines: Sequence[TaxLine]) -> Iterator[tuple[int, int]]:
    """(place, place of the first one) of lines in which a payer pays the same fee for the same period once more."""
    keys = payer_keys((line.firm.code, line.firm.name) for line in lines)
    first: dict[tuple[str, dt.date, str], int] = {}
    for at, line in enumerate(lines):
        payment = keys[line.firm.code, line.firm.name], line.payment.since, line.payment.fee
        if payment in first:
            yield at, first[payment]
        first.setdefault(payment, at)


# -- differences ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Listed:
    """A firm of an edition as far as editions are compared; `id` is the entry's."""

    id: int
    key: str
    name: str
    address: str
    street: str
    headcount: int | None
    funds_paid: Decimal


@dataclass(frozen=True)
class Difference:
    """One thing that is different; ids of the entry now and of the one before, whichever there is."""

    kind: str
    now: int | None
    before: int | None
    old: str = ""
    new: str = ""


def pairs(before: Sequence[Listed], now: Sequence[Listed]) -> Iterator[tuple[Listed | None, Listed | None]]:
    """Every firm of both editions with itself: by key, and by name where a code came or went and one firm alone bears the name."""
    left = {one.key: one for one in before}
    fresh: list[Listed] = []
    for one in now:
        if (former := left.pop(one.key, None)) is not None:
            yield former, one
        else:
            fresh.append(one)
    names_left, names_fresh = by_only_name(left.values()), by_only_name(fresh)
    for one in fresh:
        former = names_left.get(same_name(one.name)) if names_fresh.get(same_name(one.name)) is one else None
        if former is not None:
            del left[former.key]
        yield former, one
    yield from ((one, None) for one in left.values())


def by_only_name(firms: Iterable[Listed]) -> Mapping[str, Listed]:
    """Name → the firm, of names that one firm alone bears."""
    firms = list(firms)
    borne = Counter(same_name(one.name) for one in firms)
    return {name: one for one in firms if borne[name := same_name(one.name)] == 1}


def differences(before: Sequence[Listed], now: Sequence[Listed], floors: Sequence[int]) -> Iterator[Difference]:
    """In what an edition differs from the one before; `floors` are those of the bands of size."""
    for former, one in pairs(before, now):
        if former is None and one is not None:
            yield Difference(DifferenceKind.NEW, one.id, None, "", one.name)
        elif one is None and former is not None:
            yield Difference(DifferenceKind.GONE, None, former.id, former.name, "")
        elif one is not None and former is not None:
            yield from changes(former, one, floors)


def changes(former: Listed, now: Listed, floors: Sequence[int]) -> Iterator[Difference]:
    """In what a firm differs from itself; what one of the editions does not say is no difference."""
    if same_name(former.name) != same_name(now.name):
        yield Difference(DifferenceKind.RENAMED, now.id, former.id, former.name, now.name)
    if differ(former.street, now.street):
        yield Difference(DifferenceKind.MOVED, now.id, former.id, place(former), place(now))
    elif differ(former.address, now.address):
        yield Difference(DifferenceKind.MOVED, now.id, former.id, former.address, now.address)
    if now.funds_paid > 0 and former.funds_paid <= 0:
        yield Difference(DifferenceKind.PAYING, now.id, former.id, f"{former.funds_paid:.2f}", f"{now.funds_paid:.2f}")
    counts = former.headcount, now.headcount
    if None not in counts and size_band(counts[0] or 0, floors) != size_band(counts[1] or 0, floors):
        yield Difference(DifferenceKind.BAND, now.id, former.id, str(counts[0]), str(counts[1]))


def differ(old: str, new: str) -> bool:
    """Whether two texts that are both there say different things."""
    return bool(old and new) and same_name(old) != same_name(new)


def place(firm: Listed) -> str:
    """Where a firm sits: its address, else its street."""
    return firm.address or firm.street
