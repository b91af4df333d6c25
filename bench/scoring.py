"""How good an output of pairs is against the truth of two registers (`bench.registers`).

`python -m bench.scoring DIRECTORY pairs.parquet THRESHOLD [--errors N]`, in an environment with DuckDB; prints JSON. The output has a_id, b_id,
score and perhaps band; what it settles is band `auto` where there is one, else score ≥ THRESHOLD. It must give every row one partner at most.

A firm that stands n times in A and m times in B can have min(n, m) pairs; each right one counts, so precision and recall are fair to doubles.
`hard` is the same for the rows of A without a usable code: what the other rows have not used up of their firms is there to be found.
`best` is F1 at the threshold that is best on this very truth: optimistic for everybody, and marked so wherever it is printed.
"""

import hashlib
import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

GOAL = 0.995  # precision that the automatic band has to have


@dataclass(frozen=True)
class Quality:
    """Counts of an output."""

    told: int
    right: int
    possible: int

    @property
    def precision(self) -> float:
        return self.right / self.told if self.told else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.possible if self.possible else 1.0

    @property
    def f1(self) -> float:
        return 2 * self.right / (self.told + self.possible) if self.told + self.possible else 1.0

    def figures(self) -> dict[str, float]:
        """All of it, to be printed."""
        return asdict(self) | {"precision": self.precision, "recall": self.recall, "f1": self.f1}


Pair = tuple[str, str, float, bool]  # a, b, score, settled


@dataclass(frozen=True)
class Truth:
    """Which firm every row is of, and which rows of A have no usable code."""

    group: dict[str, int]
    hard: set[str]
    rows_a: Counter[int]
    rows_b: Counter[int]
    hard_rows: Counter[int]

    @classmethod
    def of(cls, rows: Iterable[tuple[str, str, int, bool]]) -> "Truth":
        """From the rows of both registers: side, id, group, usable."""
        found = cls({}, set(), Counter(), Counter(), Counter())
        for side, row, group, usable in rows:
            found.group[row] = group
            (found.rows_a if side == "A" else found.rows_b)[group] += 1
            if side == "A" and not usable:
                found.hard.add(row)
                found.hard_rows[group] += 1
        return found

    def is_right(self, pair: Pair) -> bool:
        """Both rows are of one firm."""
        return self.group[pair[0]] == self.group[pair[1]]

    def possible(self) -> int:
        """How many pairs a right output has."""
        return sum(min(count, self.rows_b[group]) for group, count in self.rows_a.items())

    def quality(self, settled: Sequence[Pair]) -> Quality:
        """Of what an output settles."""
        return Quality(len(settled), sum(map(self.is_right, settled)), self.possible())

    def hard_quality(self, settled: Sequence[Pair]) -> Quality:
        """Of what it settles for the rows without a usable code."""
        used = Counter(self.group[one[0]] for one in settled if one[0] not in self.hard and self.is_right(one))
        possible = sum(min(count, self.rows_b[group] - used[group]) for group, count in self.hard_rows.items())
        told = [one for one in settled if one[0] in self.hard]
        return Quality(len(told), sum(map(self.is_right, told)), possible)


def check_one_to_one(settled: Sequence[Pair]) -> None:
    """Ends the run where a row has two partners, or a pair is of unknown rows."""
    for side in (0, 1):
        partners = Counter(one[side] for one in settled)
        if twice := [row for row, count in partners.items() if count > 1]:
            raise SystemExit(f"{len(twice)} rows have two partners, one of them {twice[0]}")


def one_to_one(pairs: Iterable[Pair]) -> list[Pair]:
    """Of all pairs the best of both their rows, best first."""
    seen: set[str] = set()
    kept = []
    for pair in sorted(pairs, key=lambda one: (-one[2], one[0], one[1])):
        if pair[0] not in seen and pair[1] not in seen:
            seen |= {pair[0], pair[1]}
            kept.append(pair)
    return kept


def curve(truth: Truth, pairs: Sequence[Pair]) -> list[tuple[float, Quality]]:
    """The quality at every score, from the highest down."""
    possible, right, found = truth.possible(), 0, []
    for told, pair in enumerate(pairs, 1):
        right += truth.is_right(pair)
        if told == len(pairs) or pairs[told][2] != pair[2]:
            found.append((pair[2], Quality(told, right, possible)))
    return found


def figures(truth: Truth, pairs: Sequence[Pair]) -> dict[str, Any]:
    """Everything that is printed of an output."""
    settled = [one for one in pairs if one[3]]
    check_one_to_one(settled)
    along = curve(truth, one_to_one(pairs)) or [(0.0, truth.quality([]))]
    best = max(along, key=lambda one: one[1].f1)
    sure = max((one for one in along if one[1].precision >= GOAL), key=lambda one: one[1].recall, default=None)
    return {
        "digest": hashlib.sha256(repr(sorted(settled)).encode()).hexdigest(),
        "settled": truth.quality(settled).figures(),
        "hard": truth.hard_quality(settled).figures(),
        "best": best[1].figures() | {"threshold": best[0]},
        "at_precision": sure and sure[1].figures() | {"threshold": sure[0]},  # None where no threshold has it
    }


# -- files ------------------------------------------------------------------------------------------------------


def read_truth(directory: Path) -> Truth:
    """The truth of two registers."""
    import duckdb

    sql = f"select side, id, \"group\", usable = '1' from read_csv('{directory / 'rows.csv'}', types = {{'usable': 'varchar', 'faults': 'varchar'}})"
    return Truth.of(duckdb.connect().execute(sql).fetchall())


def read_pairs(file: Path, threshold: float) -> list[Pair]:
    """An output; settled is what its band says, or its score."""
    import duckdb

    connection = duckdb.connect()
    columns = {name for name, *_ in connection.execute(f"describe from '{file}'").fetchall()}
    settled = "band = 'auto'" if "band" in columns else f"score >= {threshold}"
    return connection.execute(f"select a_id, b_id, cast(score as double), {settled} from '{file}'").fetchall()


def main() -> None:
    """Scores one output."""
    directory, file, threshold = Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3])
    print(json.dumps(figures(read_truth(directory), read_pairs(file, threshold))))


if __name__ == "__main__":
    main()
