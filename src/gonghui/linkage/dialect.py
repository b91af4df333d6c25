"""The SQL of this package: what DuckDB alone understands has its Spark twin beside it, so that the pipeline can move there."""

from collections.abc import Iterable
from functools import cache
from importlib.resources import files

# Functions of DuckDB that Apache Spark lacks under that name: what says the same there.
TWINS = {
    "arg_max": "max_by",
    "arg_min": "min_by",
    "array_to_string": "array_join",
    "chr": "a registered function: char() of Spark ends at 255",
    "hamming": "aggregate over sequence(1, length) of the characters that differ",
    "hash": "xxhash64",
    "jaro_winkler_similarity": "registered from a jar, as Splink brings one",
    "levenshtein": "levenshtein(a, b) <= 1 for <= 3: DuckDB counts bytes, of which an ideograph has three",
    "list": "collect_list, sorted by array_sort",
    "list_contains": "array_contains",
    "list_position": "array_position",
    "list_sum": "aggregate",
    "list_transform": "transform",
    "ord": "a registered function: ascii() of Spark ends at 255",
    "range": "sequence, whose end is included",
    "read_csv": "spark.read.csv",
    "read_parquet": "spark.read.parquet",
    "regexp_extract": "regexp_extract(text, pattern, 0)",
    "regexp_matches": "rlike",
    "regexp_replace": "regexp_replace, which always replaces all; where we replace one, the pattern is anchored",
    "rowid": "monotonically_increasing_id()",
    "starts_with": "startswith",
    "string_split": "split",
    "strpos": "instr",
    "try_cast": "try_cast",
    "unnest": "explode",
}

# Functions that both have under one name, with the same arguments.
SHARED = frozenset(
    [
        "abs",
        "any_value",
        "avg",
        "cast",
        "coalesce",
        "concat",
        "contains",
        "count",
        "decimal",
        "distinct",
        "greatest",
        "least",
        "left",
        "length",
        "log2",
        "lower",
        "max",
        "min",
        "nullif",
        "pow",
        "replace",
        "reverse",
        "right",
        "round",
        "row_number",
        "substr",
        "sum",
        "translate",
        "upper",
    ]
)


def quoted(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def named(text: str) -> str:
    """A name as an SQL identifier."""
    return '"' + text.replace('"', '""') + '"'


def first_of(cases: Iterable[tuple[str, object]], otherwise: object) -> str:
    """A CASE whose first true condition decides."""
    return "case " + " ".join(f"when {condition} then {value}" for condition, value in cases) + f" else {otherwise} end"


@cache
def words(name: str) -> tuple[str, ...]:
    """The lines of a data file, comments left out."""
    text = (files(__package__) / "data" / name).read_text(encoding="utf-8")
    return tuple(line for line in text.splitlines() if line and not line.startswith("#"))


@cache
def any_of(name: str) -> str:
    """The words of a data file as alternatives of a regular expression, longer ones first."""
    return "|".join(sorted(words(name), key=lambda word: (-len(word), word)))
