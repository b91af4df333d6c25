"""Pairs of rows as patterns: for every field which finding it is, packed into one number, so that pairs are counted, not kept."""

from gonghui.linkage.dialect import first_of
from gonghui.linkage.fields import FIELDS, Field

BITS = 4  # of a field in a pattern: at most 15 findings
Pattern = tuple[int, ...]


def finding(field: Field) -> str:
    """The number of a field's finding: 0 where a side says nothing, else its place from 1."""
    listed = [(one.sql, at) for at, one in enumerate(field.findings[:-1], 1)]
    return first_of([(field.absent, 0), *listed], len(field.findings))


def pattern() -> str:
    """The pattern of the rows `a` and `b`."""
    return " + ".join(f"cast({finding(field)} as bigint) * {1 << BITS * at}" for at, field in enumerate(FIELDS))


def finding_of(at: int) -> str:
    """The finding of the field at a place in the order of the fields, out of a `pattern`."""
    return f"(pattern >> {BITS * at} & {(1 << BITS) - 1})"


def unpacked(number: int) -> Pattern:
    """The findings of a pattern, in the order of the fields."""
    return tuple(number >> BITS * at & (1 << BITS) - 1 for at in range(len(FIELDS)))


def number(**findings: str) -> int:
    """The pattern of the findings named, field by field; of the other fields a side says nothing."""
    return sum(
        [one.key for one in field.findings].index(findings[field.key]) + 1 << BITS * at
        for at, field in enumerate(FIELDS)
        if field.key in findings
    )
