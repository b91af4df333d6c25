"""The errors of a linkage by kind of fault, with examples: `python -m bench.errors DIRECTORY pairs.parquet THRESHOLD [EXAMPLES]`.

In an environment with DuckDB. Two lists: pairs that are settled and wrong, and pairs that could have been and were not settled; for every
kind of fault how many rows of A have it, how many of those are wrong or missed, and examples with both rows.
"""

import csv
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.scoring import Pair, Truth, read_pairs, read_truth

SEEN = ("code", "name", "former_names", "address", "legal", "phone", "headcount")


@dataclass(frozen=True)
class Material:
    """The rows as they stand, the faults of each, the truth."""

    cells: Mapping[str, Sequence[str]]
    faults: Mapping[str, list[str]]
    truth: Truth


def read(directory: Path) -> Material:
    """The registers of a directory."""
    cells: dict[str, Sequence[str]] = {}
    for side in ("A", "B"):
        with (directory / f"{side}.csv").open(encoding="utf-8", newline="") as file:
            cells |= {row["id"]: [row[column] for column in SEEN] for row in csv.DictReader(file)}
    with (directory / "rows.csv").open(encoding="utf-8", newline="") as file:
        faults = {row["id"]: row["faults"].split() or ["none"] for row in csv.DictReader(file)}
    return Material(cells, faults, read_truth(directory))


def missed(material: Material, pairs: Sequence[Pair]) -> list[Pair]:
    """Pairs of firms of which fewer are settled than could be; with the score they were given, 0 where they were not told."""
    truth, scores = material.truth, {(a, b): score for a, b, score, _settled in pairs}
    settled = {row for pair in pairs if pair[3] and truth.is_right(pair) for row in pair[:2]}
    free: dict[int, list[str]] = defaultdict(list)
    for row, group in truth.group.items():
        if row[0] == "B" and row not in settled:
            free[group].append(row)
    found = []
    for row, group in truth.group.items():
        if row[0] == "A" and row not in settled and free[group]:
            other = max(free[group], key=lambda one: scores.get((row, one), 0.0))
            free[group].remove(other)
            found.append((row, other, scores.get((row, other), 0.0), False))
    return found


def by_fault(material: Material, pairs: Sequence[Pair]) -> dict[str, list[Pair]]:
    """The pairs under every fault that their row of A has, and under those of B's."""
    found: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        for fault in (*material.faults[pair[0]], *(f"b:{one}" for one in material.faults[pair[1]])):
            found[fault].append(pair)
    return dict(sorted(found.items(), key=lambda one: -len(one[1])))


def told(material: Material, pair: Pair) -> Iterator[str]:
    """One pair with both its rows."""
    yield f"  {pair[0]} {pair[1]} score {pair[2]:.4f}"
    for row in pair[:2]:
        yield f"    {' | '.join(material.cells[row])}   [{' '.join(material.faults[row])}]"


def report(material: Material, pairs: Sequence[Pair], examples: int) -> Iterator[str]:
    """All of it."""
    wrong = [pair for pair in pairs if pair[3] and not material.truth.is_right(pair)]
    rows: dict[str, int] = defaultdict(int)
    for row, faults in material.faults.items():
        for fault in faults:
            rows[fault if row[0] == "A" else f"b:{fault}"] += 1
    for heading, errors in (("settled and wrong", wrong), ("missed", missed(material, pairs))):
        yield f"=== {heading}: {len(errors)}, of which {sum(pair[2] != 0 for pair in errors)} were told with a score"
        for fault, some in by_fault(material, errors).items():
            yield f"--- {heading}, {fault}: {len(some)} (rows with it: {rows[fault]})"
            for pair in some[:examples]:
                yield from told(material, pair)


def main() -> None:
    """Prints the errors of one output."""
    directory, file, threshold = Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3])
    examples = int(sys.argv[4]) if len(sys.argv) > 4 else 15
    for line in report(read(directory), read_pairs(file, threshold), examples):
        print(line)


if __name__ == "__main__":
    main()
