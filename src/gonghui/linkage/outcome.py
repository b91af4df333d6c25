"""What comes of a comparison: pairs with their reasons, the weights they were scored with, and how precise they are expected to be."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gonghui.linkage import evidence
from gonghui.linkage.comparing import unpacked
from gonghui.linkage.dialect import quoted
from gonghui.linkage.fields import FIELDS
from gonghui.linkage.learning import Weights
from gonghui.linkage.workspace import Workspace

BATCH = 5000


def row_id(side: str, row: str) -> str:
    """What names a row of `list_{side}`: its id, else its number, from 1."""
    return f"coalesce({side}.id, cast({row} + 1 as varchar))"


@dataclass(frozen=True)
class Decision:
    """What a reviewer said of two rows."""

    a_id: str
    b_id: str
    same: bool


@dataclass(frozen=True)
class Evidence:
    """What one field says of a pair; `weight` in bits, positive in favour of the same firm."""

    field: str
    finding: str
    weight: float
    zh: str
    en: str


@dataclass(frozen=True)
class Pair:
    """Two rows that may be the same firm. `score`: bits (log₂ of the odds); `band`: "auto" or "review"."""

    a_id: str
    b_id: str
    score: float
    band: str
    probability: float
    evidence: tuple[Evidence, ...]
    evidence_zh: str
    evidence_en: str


class Outcome:
    """Pairs in the order of their ids, read from disk as they are asked for. Closing it gives the disk back."""

    def __init__(self, workspace: Workspace, weights: Weights, threshold: float) -> None:
        self.workspace = workspace
        self.weights = weights
        self.threshold = threshold  # probability from which a pair may be automatic

    @property
    def expected_precision(self) -> float:
        """The share of right pairs that the scores promise in the automatic band; 1 where there are none."""
        mean = self.workspace.run("select avg(probability) from pairs where band = 'auto'").fetchall()[0][0]
        return 1.0 if mean is None else round(float(mean), 6)

    def bands(self) -> dict[str, int]:
        """How many pairs each band has."""
        return dict(self.workspace.run("select band, count(*) from pairs group by band").fetchall())

    def pairs(self) -> Iterator[Pair]:
        """Every pair, never all of them in memory."""
        cursor = self.workspace.connection.cursor()
        cursor.execute("select a_id, b_id, score, band, probability, pattern, place, evidence_zh, evidence_en from pairs")
        while batch := cursor.fetchmany(BATCH):
            for a_id, b_id, score, band, probability, pattern, place, zh, en in batch:
                yield Pair(a_id, b_id, score, band, probability, self.evidence(pattern, place), zh, en)

    def evidence(self, number: int, place: int | None) -> tuple[Evidence, ...]:
        """What each field says in a pattern; `place` is where two codes begin to differ."""
        pattern = unpacked(number)
        told = zip(FIELDS, pattern, self.weights.score(pattern).parts, strict=True)
        return tuple(
            Evidence(
                field.key,
                one.key,
                round(part, 2),
                evidence.placed(one.zh, place, *evidence.CHINESE),
                evidence.placed(one.en, place, *evidence.ENGLISH),
            )
            for field, at, part in told
            if at and (one := field.findings[at - 1])
        )

    def write(self, path: str | Path) -> None:
        """Writes the pairs, as CSV where the name ends so and as Parquet otherwise."""
        form = "csv, header" if str(path).lower().endswith(".csv") else "parquet, compression zstd"
        columns = "a_id, b_id, score, band, evidence_zh, evidence_en"
        self.workspace.run(f"copy (select {columns} from pairs) to {quoted(str(path))} (format {form})")

    def close(self) -> None:
        """Throws the working tables away."""
        self.workspace.close()

    def __enter__(self) -> "Outcome":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
