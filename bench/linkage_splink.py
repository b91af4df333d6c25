"""The linkage benchmark's peer: Splink 5 on DuckDB, from two CSV files to one file of scored pairs, one to one.

`python -m bench.linkage_splink A.csv B.csv pairs.parquet [SAMPLE]`, in the peers' environment. Prints the CPU seconds of its phases as JSON. The model is what somebody
who knows Splink would set up for these columns: nine blocking rules, graded levels with term frequencies for names, legal persons,
telephones and places, u by random sampling of SAMPLE pairs (Splink's own default, a million, where
nothing is said), m by expectation maximisation under two blockings that hold few siblings, one seed. Distances of Chinese texts are counted
in bytes by DuckDB, which the levels take into account.
"""

import json
import logging
import sys
import time
from pathlib import Path
from typing import Any

import duckdb
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from bench import linkage_columns

SEED = 7
FLOOR = 0.05  # pairs below are not told at all; the threshold that counts is 0.5, Splink's own
BLOCKING = [
    block_on("code"),
    block_on("org"),
    block_on("core"),
    "l.core = r.former",
    "l.former = r.core",
    block_on("phone", "legal"),
    block_on("legal", "brand"),
    block_on("road", "brand"),
    block_on("road", "legal"),
]
TRAINING = [block_on("code"), block_on("core")]
BEST = """
insert into chosen from left_over
qualify row_number() over (partition by a_id order by match_weight desc, b_id) = 1
  and row_number() over (partition by b_id order by match_weight desc, a_id) = 1
"""
SAME_TRADE = "(starts_with(trade_l, trade_r) or starts_with(trade_r, trade_l))"
SURE = [block_on("code", "core"), block_on("core", "road"), block_on("core", "legal"), block_on("code", "legal")]


def one_off(column: str) -> str:
    """One character exchanged, lost or added; DuckDB measures distances in bytes, of which a Chinese character has three."""
    return f"levenshtein({column}_l, {column}_r) <= 3 and length({column}_l) + length({column}_r) > 3"


def code() -> Any:
    """Equal, equal but for registration authority and area, two valid ones that differ, one or two slips of the keyboard, another."""
    return cl.CustomComparison(
        output_column_name="code",
        comparison_levels=[
            cll.CustomLevel("(code_l is null or code_r is null) and (org_l is null or org_r is null)").configure(
                is_null_level=True
            ),
            cll.ExactMatchLevel("code"),
            cll.ExactMatchLevel("org"),
            cll.CustomLevel("is_valid_l and is_valid_r", "two valid codes"),
            cll.CustomLevel("damerau_levenshtein(code_l, code_r) <= 2", "one or two slips"),
            cll.ElseLevel(),
        ],
    )


def name() -> Any:
    """Equal, equal without region and form, the former name, one brand and trade, alike, one brand in another trade, another."""
    return cl.CustomComparison(
        output_column_name="core",
        comparison_levels=[
            cll.NullLevel("core"),
            cll.ExactMatchLevel("name", term_frequency_adjustments=True),
            cll.ExactMatchLevel("core", term_frequency_adjustments=True),
            cll.CustomLevel("core_l = former_r or former_l = core_r", "one's former name"),
            cll.CustomLevel(f"brand_l = brand_r and {SAME_TRADE}", "one brand, one trade"),
            cll.CustomLevel(f"{one_off('brand')} and {SAME_TRADE}", "a slip in the brand, one trade"),
            cll.JaroWinklerLevel("core", 0.95),
            cll.ExactMatchLevel("brand"),
            cll.JaroWinklerLevel("core", 0.8),
            cll.ElseLevel(),
        ],
    )


def legal() -> Any:
    """Equal, by how common the name is; one character off; another."""
    return cl.CustomComparison(
        output_column_name="legal",
        comparison_levels=[
            cll.NullLevel("legal"),
            cll.ExactMatchLevel("legal", term_frequency_adjustments=True),
            cll.CustomLevel(one_off("legal"), "one character off"),
            cll.ElseLevel(),
        ],
    )


def phone() -> Any:
    """Equal, by how many give that number (agencies); one digit off; another."""
    return cl.CustomComparison(
        output_column_name="phone",
        comparison_levels=[
            cll.NullLevel("phone"),
            cll.ExactMatchLevel("phone", term_frequency_adjustments=True),
            cll.LevenshteinLevel("phone", 1),
            cll.ElseLevel(),
        ],
    )


def place() -> Any:
    """All of the address, the number in the street, both by how many sit there; alike; another."""
    return cl.CustomComparison(
        output_column_name="place",
        comparison_levels=[
            cll.NullLevel("place"),
            cll.ExactMatchLevel("place", term_frequency_adjustments=True),
            cll.ExactMatchLevel("road", term_frequency_adjustments=True),
            cll.JaroWinklerLevel("place", 0.9),
            cll.ElseLevel(),
        ],
    )


def trained(connection: duckdb.DuckDBPyConnection, sample: float) -> Linker:
    """The model, its parameters estimated from the two tables."""
    api = DuckDBAPI(connection)
    settings = SettingsCreator(
        link_type="link_only",
        unique_id_column_name="id",
        comparisons=[code(), name(), legal(), phone(), place()],
        blocking_rules_to_generate_predictions=BLOCKING,
        retain_matching_columns=False,
    )
    linker = Linker([api.register(side) for side in ("a", "b")], settings)
    linker.training.estimate_probability_two_random_records_match(SURE, recall=0.8)
    linker.training.estimate_u_using_random_sampling(max_pairs=sample, seed=SEED)
    for rule in TRAINING:
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    return linker


def one_to_one(connection: duckdb.DuckDBPyConnection, pairs: str) -> str:
    """The table of the pairs in which each is the other's best, again and again among the rows that are left."""
    connection.execute(
        f"create table left_over as select id_l as a_id, id_r as b_id, match_weight, match_probability as score from {pairs}"
    )
    connection.execute("create table chosen as from left_over limit 0")
    while True:
        (found,) = connection.execute(BEST).fetchone() or (0,)
        if not found:
            return "chosen"
        for row in ("a_id", "b_id"):
            connection.execute(f"delete from left_over where {row} in (select {row} from chosen)")


def main() -> None:
    """From CSV to pairs, with the CPU seconds of each phase."""
    file_a, file_b, out = map(Path, sys.argv[1:4])
    logging.getLogger("splink").setLevel(logging.CRITICAL)
    marks = [time.process_time()]
    connection = duckdb.connect()
    for table, file in (("a", file_a), ("b", file_b)):
        linkage_columns.create(connection, table, file)
    marks.append(time.process_time())
    linker = trained(connection, float(sys.argv[4]) if len(sys.argv) > 4 else 1e6)
    marks.append(time.process_time())
    pairs = linker.inference.predict(threshold_match_probability=FLOOR)
    marks.append(time.process_time())
    connection.execute(
        f"copy (select a_id, b_id, score from {one_to_one(connection, pairs.physical_name)}) to '{out}' (format parquet)"
    )
    marks.append(time.process_time())
    phases = zip(("columns", "training", "pairs", "one to one"), marks, marks[1:], strict=False)
    print(json.dumps({phase: end - begin for phase, begin, end in phases}))


if __name__ == "__main__":
    main()
