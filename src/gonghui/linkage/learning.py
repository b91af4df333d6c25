"""How much each finding says, learned without labels: expectation maximisation over counted patterns.

Pairs that met are of several kinds (`fields.KINDS`), of which two are the same firm. Within a kind the fields are taken as independent
(Fellegi and Sunter 1969, with the maximisation of Winkler 1988); several kinds of other firms take up what would break that.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log2, prod
from typing import Any

from gonghui.linkage.comparing import BITS, Pattern, finding_of, unpacked
from gonghui.linkage.fields import FIELDS, KINDS

SAME = 2  # the first so many kinds are the same firm
START = (0.25, 0.07, 0.1, 0.05, 0.2, 0.01, 0.05, 0.27)  # shares of the kinds among compared pairs, before anything is learned
BELIEF = 50  # pairs that the first weights of a field are worth beside what is counted
# What a kind is by its definition is not learned, or kinds would drift into one another: a firm is not its branch, the place in its
# name is part of the name, a sister has the name in another form and a code of its own, and a code is borrowed only where names differ.
DEFINED = {
    *((kind, field) for kind in ("same", "stale") for field in ("branch", "region")),
    ("namesake", "region"),
    *(("sister", field) for field in ("name", "code", "region", "form")),
    *(("borrowed", field) for field in ("name", "code")),
}
LABEL = 20  # pairs that one decision of a reviewer is worth
FIRST_ROUNDS, ROUNDS = (
    8,
    20,
)  # of the first learning, which tells what needs no second look; of the second, which goes on from there
KEPT = 4000  # patterns learned from, the most frequent; the rest are scored only

Table = tuple[tuple[float, ...], ...]  # by field and finding from 1: a probability; at 0, for what is absent, 1
Places = tuple[int, ...]  # of a pattern in the flat row of a kind: one for each field that both sides tell


@dataclass(frozen=True)
class Score:
    """What a pattern comes to: bits (log₂ of the odds) in favour of the same firm, and each field's part of them."""

    bits: float
    parts: tuple[float, ...]


@dataclass(frozen=True)
class Weights:
    """What was learned: how frequent the kinds are among compared pairs, and each finding in each kind."""

    shares: tuple[float, ...]
    tables: tuple[Table, ...]

    @classmethod
    def first(cls) -> "Weights":
        """The weights that nothing was learned from yet."""
        return cls(
            START,
            tuple(
                table_of([normal(one.per_mille[kind] for one in field.findings) for field in FIELDS])
                for kind in range(len(KINDS))
            ),
        )

    def to_dict(self) -> dict[str, Any]:
        """As JSON can hold it, by the keys of kinds, fields and findings."""
        findings = {
            kind: {
                field.key: dict(zip((one.key for one in field.findings), row[1:], strict=True))
                for field, row in zip(FIELDS, table, strict=True)
            }
            for kind, table in zip(KINDS, self.tables, strict=True)
        }
        return {"shares": dict(zip(KINDS, self.shares, strict=True)), "findings": findings}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "Weights":
        """The weights that `to_dict` gave. Raises ValueError where the kinds, fields or findings were others."""
        try:
            rows = [
                [[data["findings"][kind][field.key][one.key] for one in field.findings] for field in FIELDS] for kind in KINDS
            ]
            return cls(tuple(data["shares"][kind] for kind in KINDS), tuple(map(table_of, rows)))
        except KeyError as missing:
            raise ValueError(f"weights of another version: they lack {missing}") from None

    def likelihoods(self, pattern: Pattern) -> list[float]:
        """How likely a compared pair is of each kind and shows this pattern."""
        return [
            share * prod(row[finding] for row, finding in zip(table, pattern, strict=True))
            for share, table in zip(self.shares, self.tables, strict=True)
        ]

    def bits(self, pattern: Pattern) -> float:
        """What a pattern comes to: log₂ of the odds that it is the same firm."""
        likely = self.likelihoods(pattern)
        return log2(sum(likely[:SAME]) / sum(likely[SAME:]))

    def flat(self) -> list[list[float]]:
        """What `BITS_OF_PATTERN` asks for: of each kind its findings in one row, weighed with its share."""
        return [
            [value * (share if place < 1 << BITS else 1.0) for place, value in enumerate(flat(table))]
            for share, table in zip(self.shares, self.tables, strict=True)
        ]

    def score(self, pattern: Pattern) -> Score:
        """The bits of a pattern. A field is weighed in the kinds of either side in the proportion in which they explain the pattern, so
        that the parts and the odds of these kinds beforehand add up to all of it."""
        likely = self.likelihoods(pattern)
        ours, others = likely[:SAME], likely[SAME:]
        against = [one / sum(ours) for one in ours] + [-one / sum(others) for one in others]
        parts = tuple(
            sum(part * log2(table[at][finding]) for part, table in zip(against, self.tables, strict=True))
            for at, finding in enumerate(pattern)
        )
        return Score(self.bits(pattern), parts)


def likelihood(kind: int) -> str:
    """`Weights.likelihoods` of one kind, in SQL."""
    return " * ".join(f"cast(${kind + 1} as double[])[{1 + (at << BITS)} + {finding_of(at)}]" for at in range(len(FIELDS)))


# `Weights.bits` of a `pattern`, in SQL
BITS_OF_PATTERN = (
    f"log2(({' + '.join(map(likelihood, range(SAME)))}) / ({' + '.join(map(likelihood, range(SAME, len(KINDS))))}))"
)


def normal(counts: Iterable[float]) -> list[float]:
    """Counts as shares of one."""
    counts = list(counts)
    whole = sum(counts)
    return [count / whole for count in counts]


def table_of(rows: Iterable[Iterable[float]]) -> Table:
    """The probabilities of a kind's findings, with the 1 of an absent field before them."""
    return tuple((1.0, *row) for row in rows)


# -- maximisation -----------------------------------------------------------------------------------------------


def learned(counts: Mapping[int, float], labels: Mapping[int, tuple[float, float]], before: Weights | None = None) -> Weights:
    """The weights that explain the counted patterns best, held near the first ones; `before` are those to go on from.

    `counts`: pairs by pattern. `labels`: by pattern how many decisions said the same firm, and how many said not.
    """
    frequent = sorted(counts.items(), key=lambda counted: (-counted[1], counted[0]))[:KEPT]
    patterns = [(places(number), count) for number, count in sorted(frequent)]
    decided = [(places(number), *told) for number, told in sorted(labels.items())]
    weights = before or Weights.first()
    for _ in range(ROUNDS if before else FIRST_ROUNDS):
        weights = maximised(weights, patterns, decided)
    return weights


def places(number: int) -> Places:
    """Where the findings of a pattern stand in the flat row of a kind."""
    return tuple((at << BITS) + finding for at, finding in enumerate(unpacked(number)) if finding)


def flat(table: Table) -> list[float]:
    """A kind's findings in one row."""
    return [value for row in table for value in (*row, *[0.0] * ((1 << BITS) - len(row)))]


def maximised(weights: Weights, patterns: list[tuple[Places, float]], decided: list[tuple[Places, float, float]]) -> Weights:
    """One round: which kind each pattern is, and the frequencies that follow from it."""
    first = Weights.first()
    rows = [flat(table) for table in weights.tables]
    sums = [[BELIEF * value for value in flat(table)] for table in first.tables]
    shares = [BELIEF * share for share in START]

    def credit(pattern: Places, likely: list[float], count: float) -> None:
        """Adds pairs of one pattern to the kinds, in proportion to how likely each is."""
        scale = count / sum(likely)
        for kind, likelihood in enumerate(likely):
            if (part := likelihood * scale) > count * 1e-6:
                shares[kind] += part
                row = sums[kind]
                for place in pattern:
                    row[place] += part

    for pattern, count in patterns:
        credit(pattern, likelihoods(weights.shares, rows, pattern), count)
    for pattern, same, other in decided:
        likely = likelihoods(weights.shares, rows, pattern)
        if same:
            credit(pattern, [*likely[:SAME], *[0.0] * (len(KINDS) - SAME)], same * LABEL)
        if other:
            credit(pattern, [*[0.0] * SAME, *likely[SAME:]], other * LABEL)
    tables = tuple(defined(kind, unflattened(row), table) for kind, row, table in zip(KINDS, sums, first.tables, strict=True))
    return Weights(tuple(normal(shares)), tables)


def defined(kind: str, found: Table, first: Table) -> Table:
    """A kind's table, with the fields that define the kind as they were at first."""
    return tuple(
        before if (kind, field.key) in DEFINED else after for field, after, before in zip(FIELDS, found, first, strict=True)
    )


def likelihoods(shares: Iterable[float], rows: list[list[float]], pattern: Places) -> list[float]:
    """`Weights.likelihoods` over flat rows."""
    return [share * prod(map(row.__getitem__, pattern)) for share, row in zip(shares, rows, strict=True)]


def unflattened(sums: list[float]) -> Table:
    """Credits as a kind's probabilities."""
    return table_of(normal(sums[(at << BITS) + 1 : (at << BITS) + 1 + len(field.findings)]) for at, field in enumerate(FIELDS))
