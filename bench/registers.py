"""Two registers of firms with known truth: A as a union keeps it, B as the enterprise register (or the tax office) does.

`python -m bench.registers OUT_DIR --rows 100000 [--rows-b N] --seed 7 --faults tuning|heldout|FILE.toml` writes

- `A.csv`, `B.csv`: id, code, name, former_names (between `；`), address, legal, phone, headcount;
- `truth.csv`: a_id, b_id, group, kind: every pair of one firm. A firm that stands twice in a register has all its pairs here, under one
  group; an output that gives every row one partner at most can have as many of them as the smaller side has rows, and is scored so;
- `rows.csv`: side, id, group, usable (1 where the row has the firm's own code, readable as it stands), faults: of every row, for analysis.

Made without knowing any engine; the same seed, mix and size give the same files. With GONGHUI_TEST_DATA set, some brands are real short names.
"""

import argparse
import csv
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from random import Random
from typing import NamedTuple, TypeVar

from bench import names
from bench.firms import Address, Firm, Material, Name, codes, lending
from bench.mistakes import CODE, USABLE, Happening, Mix, Population, Register, TextMistake, read

HEAD = ("id", "code", "name", "former_names", "address", "legal", "phone", "headcount")
IN_A, IN_B, IN_BOTH = 1, 2, 3
T = TypeVar("T")


class Row(NamedTuple):
    """A row of a register before it has its id."""

    group: int
    cells: tuple[str, ...]
    is_usable: bool
    faults: tuple[str, ...]


# -- who is there -----------------------------------------------------------------------------------------------


class Town:
    """Makes firms one after another; siblings and branches follow the firm they belong to."""

    def __init__(self, population: Population, firms: int, chance: Random) -> None:
        self.population, self.chance, self.material = population, chance, Material(chance)
        agencies = max(1, round(firms * population.agency_phones / max(1, population.firms_of_agency)))
        clusters = max(1, round(firms * population.cluster_addresses / max(1, population.firms_of_cluster)))
        self.agency = lending(chance, [self.material.phone() for _one in range(agencies)])
        self.cluster = lending(chance, [self.material.address() for _one in range(clusters)])
        self.codes = codes(chance, firms)
        self.taken: set[str] = set()

    def firms(self) -> Iterator[Firm]:
        """All firms."""
        rest = iter(self.codes)
        for code in rest:
            head = self.founded(code)
            yield self.aged(head)
            kind = self.chance.random()
            if kind < self.population.families:
                for further in islice(rest, self.chance.choice((1, 1, 1, 2, 2, 3))):
                    yield self.aged(self.sibling(head, further))
            elif kind < self.population.families + self.population.branches:
                for further in islice(rest, self.chance.choice((1, 1, 2, 3))):
                    yield self.aged(self.branch(head, further))

    def unused(self, district: str) -> Name:
        """A name that no other firm has."""
        while (told := (name := self.material.name(district)).registered()) in self.taken:
            pass
        self.taken.add(told)
        return name

    def founded(self, code: str) -> Firm:
        """A firm that belongs to no other."""
        material, district = self.material, names.DISTRICTS[code[2:8]][0]
        address, phone = material.address(district), material.phone()
        traits: tuple[str, ...] = ()
        if self.chance.random() < self.population.agency_phones:
            phone, traits = self.agency(self.chance), ("agency_phone",)
        if self.chance.random() < self.population.cluster_addresses:
            room = material.room() if self.chance.random() < 0.7 else ""
            address, traits = self.cluster(self.chance)._replace(room=room), (*traits, "cluster_address")
        return Firm(code, self.unused(district), address, material.person(), phone, material.headcount(), traits=traits)

    def sibling(self, head: Firm, code: str) -> Firm:
        """A firm of the same owner: the brand is the same, the trade, the form or the region another."""
        material, population, chance = self.material, self.population, self.chance
        near = chance.random() < population.family_address
        return Firm(
            code,
            self.name_beside(head.name),
            head.address if near else material.address(),
            head.legal if chance.random() < 0.85 else material.person(),
            head.phone if chance.random() < population.family_phone else material.phone(),
            material.headcount(),
            traits=("sibling",),
        )

    def name_beside(self, name: Name) -> Name:
        """A free name with the same brand."""
        material, chance = self.material, self.chance
        while True:
            kind, beside = chance.random(), name
            if kind < 0.75:
                beside = beside._replace(trade=material.trades(chance))
            if kind > 0.6:
                beside = beside._replace(form=material.forms(chance))
            if kind > 0.9:
                beside = beside._replace(region=chance.choice(names.ELSEWHERE), bracket=chance.choice((0, 1)))
            if (told := beside.registered()) not in self.taken:
                self.taken.add(told)
                return beside

    def branch(self, head: Firm, code: str) -> Firm:
        """A branch: its head's name and more, a place of its own."""
        material, chance = self.material, self.chance
        address = material.address()
        while (told := str(name := self.branch_name(head.name, address))) in self.taken:
            pass
        self.taken.add(told)
        legal = head.legal if chance.random() < 0.4 else material.person()
        phone = head.phone if chance.random() < 0.4 else material.phone()
        return Firm(code, name, address, legal, phone, material.headcount(), traits=("branch",))

    def branch_name(self, name: Name, address: Address) -> Name:
        """A branch's name, by its place or by number."""
        place = self.chance.choice((address.district.removesuffix("区"), address.street.removesuffix("大街"), "北京"))
        return name._replace(branch=self.chance.choice(names.BRANCHES).format(place))

    def aged(self, firm: Firm) -> Firm:
        """The firm with what has changed since it was first written down."""
        population, chance = self.population, self.chance
        firm.is_stale = chance.random() < population.stale
        floor = 0.6 if firm.is_stale else 0.0
        if chance.random() < max(population.renamed, floor * 0.5):
            firm.old_name = self.former(firm.name)
        if chance.random() < max(population.moved, floor):
            firm.old_address = self.material.address()
        if chance.random() < max(population.legal_changed, floor):
            firm.old_legal = self.material.person()
        if chance.random() < max(population.phone_changed, floor):
            firm.old_phone = self.material.phone()
        return firm

    def former(self, name: Name) -> Name:
        """What it was called: under another brand, in another trade, or both."""
        kind = self.chance.random()
        brand = self.material.brand() if kind < 0.5 else name.brand
        trade = self.material.trades(self.chance) if kind > 0.35 else name.trade
        return name._replace(brand=brand, trade=trade)


# -- how they are written down ----------------------------------------------------------------------------------


class Clerk:
    """Writes firms into one register, with its mistakes."""

    def __init__(self, register: Register, town: Town) -> None:
        self.register, self.town, self.chance = register, town, town.chance

    def row(self, group: int, firm: Firm, *, is_stale: bool) -> Row:
        """A row of a firm; all that has changed stands as it was where it is stale."""
        seen: list[str] = ["stale"] if is_stale else []
        mistake = self.register.code(self.chance)
        name, former = self.name(firm, is_stale, seen)
        cells = (
            self.code(group, firm, mistake, seen),
            name,
            former,
            self.address(self.old(firm.address, firm.old_address, is_stale, "moved", seen), seen),
            self.legal(self.old(firm.legal, firm.old_legal, is_stale, "legal_changed", seen), seen),
            self.written(self.old(firm.phone, firm.old_phone, is_stale, "phone_changed", seen), self.register.phone, seen),
            self.written(str(firm.headcount), self.register.headcount, seen),
        )
        return Row(group, cells, mistake in USABLE, (*firm.traits, *seen))

    def old(self, now: T, before: T | None, is_stale: bool, what: str, seen: list[str]) -> T:
        """What the register says: as it is, or as it was."""
        if before is None or not (is_stale or self.chance.random() < self.register.record.old):
            return now
        seen.append(what)
        return before

    def code(self, group: int, firm: Firm, mistake: str, seen: list[str]) -> str:
        """The code cell."""
        if not mistake:
            return firm.code
        seen.append(f"code_{mistake}")
        return CODE[mistake](firm.code, self.neighbours_code(group) if mistake == "copied" else "", self.chance)

    def neighbours_code(self, group: int) -> str:
        """Another real firm's code: of the one made before, or of anybody."""
        codes, near = self.town.codes, self.town.population.copied_from_family
        if self.chance.random() < near:
            return codes[group - 1]
        return codes[(group + self.chance.randrange(1, len(codes))) % len(codes)]

    def name(self, firm: Firm, is_stale: bool, seen: list[str]) -> tuple[str, str]:
        """The name cell and the cell of former names."""
        name = self.old(firm.name, firm.old_name, is_stale, "renamed", seen)
        former = ""
        if name is firm.name and firm.old_name and self.chance.random() < self.register.record.former_known:
            former = str(firm.old_name)
            seen.append("former_known")
        for kind, change in self.register.name_parts(self.chance):
            changed = change(name, self.chance)
            if changed != name:
                seen.append(kind)
            name = changed
        return self.written(str(name), self.register.name_text, seen), former

    def written(self, text: str, happening: Happening[TextMistake], seen: list[str]) -> str:
        """The text with what happens to it; what changes nothing has not happened."""
        for kind, change in happening(self.chance):
            changed = change(text, self.chance) if text else text
            if changed != text:
                seen.append(kind)
            text = changed
        return text

    def address(self, address: Address, seen: list[str]) -> str:
        """The address cell."""
        for kind, change in self.register.address_parts(self.chance):
            changed = change(address, self.chance)
            if changed != address:
                seen.append(kind)
            address = changed
        return self.written(str(address), self.register.address_text, seen)

    def legal(self, text: str, seen: list[str]) -> str:
        """The cell of the legal person."""
        for kind, change in self.register.legal(self.chance):
            changed = change(text, self.town.material.person(), self.chance) if text else text
            if changed != text:
                seen.append(kind)
            text = changed
        return text


# -- the two registers ------------------------------------------------------------------------------------------


def places(rows: int, doubles: float) -> tuple[int, int]:
    """How many firms a register of so many rows holds, and how many of them twice."""
    twice = round(rows * doubles)
    return rows - twice, twice


def make(mix: Mix, rows_a: int, rows_b: int, seed: int) -> tuple[list[Row], list[Row]]:
    """Both registers, each in an order that says nothing."""
    chance = Random(seed)
    firms_a, twice_a = places(rows_a, mix.a.record.doubles)
    firms_b, twice_b = places(rows_b, mix.b.record.doubles)
    both = min(round(firms_a * mix.population.matched), firms_b)
    where = [IN_BOTH] * both + [IN_A] * (firms_a - both) + [IN_B] * (firms_b - both)
    chance.shuffle(where)
    town = Town(mix.population, len(where), chance)
    clerk_a, clerk_b = Clerk(mix.a, town), Clerk(mix.b, town)
    doubled_a = set(chance.sample([one for one, place in enumerate(where) if place & IN_A], twice_a))
    doubled_b = set(chance.sample([one for one, place in enumerate(where) if place & IN_B], twice_b))
    a, b = [], []
    for group, (firm, place) in enumerate(zip(town.firms(), where, strict=True)):
        if place & IN_A:
            a += [clerk_a.row(group, firm, is_stale=firm.is_stale) for _copy in range(1 + (group in doubled_a))]
        if place & IN_B:
            b += [clerk_b.row(group, firm, is_stale=copy > 0) for copy in range(1 + (group in doubled_b))]
    chance.shuffle(a)
    chance.shuffle(b)
    return a, b


def pairs(a: Sequence[Row], b: Sequence[Row]) -> Iterator[tuple[str, str, int, str]]:
    """All pairs of one firm: ids, group, what went wrong with the two rows."""
    of_group: dict[int, list[int]] = {}
    for place, row in enumerate(b):
        of_group.setdefault(row.group, []).append(place)
    for place, row in enumerate(a):
        for other in of_group.get(row.group, ()):
            kind = [*row.faults, *(f"b:{fault}" for fault in b[other].faults)]
            yield identity("A", place), identity("B", other), row.group, " ".join(kind)


def identity(side: str, place: int) -> str:
    """The id of a row."""
    return f"{side}{place + 1:07d}"


def write(directory: Path, a: Sequence[Row], b: Sequence[Row]) -> None:
    """The four files."""
    directory.mkdir(parents=True, exist_ok=True)
    for side, rows in (("A", a), ("B", b)):
        table(directory / f"{side}.csv", HEAD, ((identity(side, place), *row.cells) for place, row in enumerate(rows)))
    table(directory / "truth.csv", ("a_id", "b_id", "group", "kind"), pairs(a, b))
    told = (
        (side, identity(side, place), row.group, int(row.is_usable), " ".join(row.faults))
        for side, rows in (("A", a), ("B", b))
        for place, row in enumerate(rows)
    )
    table(directory / "rows.csv", ("side", "id", "group", "usable", "faults"), told)


def table(file: Path, head: Sequence[str], rows: Iterator[Sequence[object]]) -> None:
    """One CSV."""
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(rows)


def main(arguments: Sequence[str] | None = None) -> None:
    """Writes the files of one seed and mix."""
    options = argparse.ArgumentParser(prog="bench.registers", description=(__doc__ or "").split("\n")[0])
    options.add_argument("directory", type=Path)
    options.add_argument("--rows", type=int, default=100_000)
    options.add_argument("--rows-b", type=int, default=0, help="of B, where it is not as long as A")
    options.add_argument("--seed", type=int, default=7)
    options.add_argument("--faults", default="tuning", help="tuning, heldout, or a file like those in bench/faults/")
    told = options.parse_args(arguments)
    write(told.directory, *make(read(told.faults), told.rows, told.rows_b or told.rows, told.seed))


if __name__ == "__main__":
    main()
