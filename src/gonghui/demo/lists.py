"""Lists of other authorities, as a street's employers would appear on them, with the slips that such lists have.

Pure: rows of text under the heads of the form, the same for the same seed. Nothing in it is anybody's real payment.
"""

import csv
import datetime as dt
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random

from gonghui.demo.names import Inventor, weighted
from gonghui.kit.uscc import ALPHABET

TAX_HEADS = ("税号", "名称", "所属期", "缴费基数", "应缴", "实缴", "入库日期", "费种", "街道", "电话", "职工人数")
FIRM_HEADS = ("统一社会信用代码", "企业名称", "住所", "街道", "从业人数", "成立日期", "登记状态", "联系电话")
RATE = Decimal("0.02")  # of all workers' wages (工会法 (2021) art. 43)
WAGES = (6_500, 14_000)  # a month, yuan
FUNDS, RESERVE = "经费", "筹备金"
CODES = {"right": 84, "missing": 6, "slip": 4, "organisation": 3, "neighbour": 1, "old": 2}
NAMES = {"right": 86, "no_region": 4, "limited": 4, "union": 3, "spaced": 3}
STANDINGS = {"存续": 92, "注销": 4, "吊销，未注销": 2, "迁出": 2}
UNPAID = 0.04  # of the months
SILENT = 0.02  # of those with a union
WRONG_FEE = 0.05  # of those without a union, who pay as if they had one
FLOORS = (25, 100, 200)  # of the bands of size


@dataclass(frozen=True)
class Known:
    """What a list is made from: an employer as the register has it."""

    name: str
    code: str
    workers: int
    is_covered: bool
    street: str
    address: str = ""


@dataclass(frozen=True)
class Payer:
    """A firm as the tax office has it; slips stay from month to month."""

    name: str
    code: str
    workers: int
    wage: int
    fee: str
    street: str
    phone: str
    is_silent: bool = False  # pays nothing, month after month


def months(last: dt.date, number: int) -> list[dt.date]:
    """The first days of so many months up to the one of a day."""
    found = [last.replace(day=1)]
    while len(found) < number:
        found.append((found[-1] - dt.timedelta(days=1)).replace(day=1))
    return found[::-1]


# -- slips ------------------------------------------------------------------------------------------------------


def slipped(rng: Random, code: str) -> str:
    """The code with one character wrong."""
    place = rng.randrange(8, 17)
    return code[:place] + rng.choice([one for one in ALPHABET if one != code[place]]) + code[place + 1 :]


def told_code(rng: Random, code: str, neighbour: str) -> str:
    """The code as the list has it."""
    kind = weighted(rng, CODES)
    if not code or kind == "missing":
        return ""
    told = {"slip": slipped(rng, code), "organisation": code[8:17], "neighbour": neighbour, "old": code[2:8] + code[8:17]}
    return told.get(kind, code)


def told_name(rng: Random, name: str) -> str:
    """The name as the list has it."""
    told = {
        "no_region": name.removeprefix("北京"),
        "limited": name.replace("有限公司", "有限责任公司"),
        "union": f"{name}工会委员会",
        "spaced": name.replace("北京", "北京　", 1),
    }
    return told.get(weighted(rng, NAMES), name)


# -- payers -----------------------------------------------------------------------------------------------------


def payers_of(rng: Random, employers: Sequence[Known], inventor: Inventor) -> list[Payer]:
    """The employers as payers."""
    agency = inventor.phone()  # one telephone for all whose books an agency keeps
    return [payer_of(rng, one, employers[place - 1].code, agency) for place, one in enumerate(employers)]


def payer_of(rng: Random, known: Known, neighbour: str, agency: str) -> Payer:
    """One of them; some have the telephone of the agency, the others one of a block that is nobody's."""
    pays_funds = known.is_covered or rng.random() < WRONG_FEE
    phone = agency if rng.random() < 0.2 else f"1380001{rng.randrange(10_000):04}"
    return Payer(
        told_name(rng, known.name),
        told_code(rng, known.code, neighbour),
        known.workers,
        rng.randint(*WAGES),
        FUNDS if pays_funds else RESERVE,
        known.street,
        phone,
        is_silent=known.is_covered and rng.random() < SILENT,
    )


def under_other_names(rng: Random, inventor: Inventor, payers: Sequence[Payer], number: int) -> dict[int, Payer]:
    """(place → payer) so many of them with the right code and a name that the register does not know: renamed since, or a firm that has
    written another one's code down. Whoever compares the lists cannot be sure."""
    coded = [place for place, one in enumerate(payers) if len(one.code) == 18]
    return {
        place: replace(payers[place], name=inventor.employer(is_small=False).name)
        for place in sorted(rng.sample(coded, number))
    }


def newcomers(rng: Random, inventor: Inventor, street: str, number: int) -> list[Payer]:
    """Firms that the register does not know."""
    made = (inventor.employer(is_small=False).name for _one in range(number))
    codes = (inventor.employer_code("170", "110101") for _one in range(number))
    firms = [Known(name, code, rng.randint(8, 160), False, street) for name, code in zip(made, codes, strict=True)]
    return [payer_of(rng, one, one.code, inventor.phone()) for one in firms]


def later(rng: Random, inventor: Inventor, payers: Sequence[Payer], moved_to: str) -> list[Payer]:
    """The same payers some months on: each kind of change that lists show, of a few of them."""
    now = list(payers)
    coded = [place for place, one in enumerate(now) if len(one.code) == 18 and one.fee == FUNDS]
    renamed, moved, gone = (coded[start::3] for start in range(3))
    for place in rng.sample(renamed, 5):
        now[place] = replace(now[place], name=renewed(inventor, now[place].name))
    for place in rng.sample(moved, 4):
        now[place] = replace(now[place], street=moved_to)
    for place in rng.sample([place for place, one in enumerate(now) if one.fee == RESERVE], 5):
        now[place] = replace(now[place], fee=FUNDS)
    for place, workers in grown(rng, now):
        now[place] = replace(now[place], workers=workers)
    left_out = set(rng.sample(gone, 8))
    return [one for place, one in enumerate(now) if place not in left_out] + newcomers(rng, inventor, payers[0].street, 9)


def renewed(inventor: Inventor, name: str) -> str:
    """A name with another brand: the two characters behind the region."""
    head = "北京" if name.startswith("北京") else ""
    return f"{head}{inventor.brand()}{name.removeprefix(head)[2:]}"


def grown(rng: Random, payers: Sequence[Payer]) -> Iterator[tuple[int, int]]:
    """(place, number of workers) of some that were nearest below each floor and are above it now, and of some that shrank below it."""
    for floor in FLOORS:
        by_size = sorted(range(len(payers)), key=lambda place: payers[place].workers)
        below = [place for place in by_size if payers[place].workers < floor]
        yield from ((place, floor + rng.randint(0, 9)) for place in below[-3:])
        above = [place for place in by_size if payers[place].workers >= floor]
        yield from ((place, floor - rng.randint(1, 5)) for place in above[:1])


# -- files ------------------------------------------------------------------------------------------------------


def csv_file(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """A CSV file as spreadsheets write it."""
    text = io.StringIO()
    out = csv.writer(text)
    out.writerow(heads)
    out.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def tax_file(rng: Random, payers: Iterable[Payer], months: Sequence[dt.date]) -> bytes:
    """What was paid for these months (their first days)."""
    return csv_file(TAX_HEADS, (row for one in payers for row in payments(rng, one, months)))


def payments(rng: Random, payer: Payer, months: Iterable[dt.date]) -> Iterator[list[str]]:
    """A payer's months."""
    for month in months:
        base = Decimal(payer.wage * payer.workers)
        due = (base * RATE).quantize(Decimal("0.01"))
        is_paid = rng.random() >= UNPAID and not payer.is_silent
        paid_on = (month + dt.timedelta(days=40)).replace(day=rng.randint(8, 15)).isoformat() if is_paid else ""
        paid = due if is_paid else Decimal(0)
        amounts = [f"{base:.2f}", f"{due}", f"{paid:.2f}"]
        who = [payer.street, payer.phone, str(payer.workers)]
        yield [payer.code, payer.name, f"{month:%Y-%m}", *amounts, paid_on, payer.fee, *who]


def firm_file(rng: Random, employers: Sequence[Known], on: dt.date) -> bytes:
    """The register of legal persons of a day, with firms that are struck off there and numbers of workers as last reported."""
    rows = []
    for place, one in enumerate(employers):
        head = [told_code(rng, one.code, employers[place - 1].code), told_name(rng, one.name)]
        founded = (on - dt.timedelta(days=rng.randint(400, 7000))).isoformat()
        workers = str(max(1, round(one.workers * rng.uniform(0.8, 1.3)))) if rng.random() < 0.7 else ""
        rows.append([*head, one.address, one.street, workers, founded, weighted(rng, STANDINGS), ""])
    return csv_file(FIRM_HEADS, rows)
