"""Public sets of records with their truth, through `gonghui link --dedupe` and through Splink: FEBRL 1 and 3, splink_fake_1000.

They are of persons and English, so they say little about registers of firms, and nothing is fitted to them: name, address, the
social security number or e-mail in the place of the telephone or legal person. Splink gets all columns and a model for persons, as its
documentation builds one. `python -m bench.linkage_sets FILE OUT`, in the peers' environment, is Splink's side.
"""

import csv
import os
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import combinations
from pathlib import Path
from typing import Any

from bench.linkage_sides import in_peers, measured

Rows = list[dict[str, str]]
Pairs = set[tuple[str, str]]
SETS = ("febrl_dataset1.csv", "febrl_dataset3.csv", "splink_fake_1000.csv")


def records(path: Path) -> Rows:
    """The rows of a set, blanks taken off; `id` and `truth` (whose record it is) beside its own columns."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [{key.strip(): (value or "").strip() for key, value in row.items()} for row in csv.DictReader(file)]
    for row in rows:
        row["id"] = row.get("rec_id") or row["unique_id"]
        row["truth"] = row["rec_id"].split("-")[1] if "rec_id" in row else row["cluster"]
    return rows


def as_firm(row: Mapping[str, str]) -> dict[str, str]:
    """The columns that our engine knows."""
    name = f"{row.get('given_name', '')}{row.get('first_name', '')} {row['surname']}".strip()
    address = " ".join(row[key] for key in ("street_number", "address_1", "address_2", "suburb", "city") if row.get(key))
    phone = row.get("soc_sec_id") or row.get("dob", "").replace("-", "")
    legal = row.get("date_of_birth") or row.get("email", "")
    return {"id": row["id"], "name": name, "address": address, "phone": phone, "legal": legal}


def pairs_of(groups: Iterable[tuple[str, str]]) -> Pairs:
    """All pairs of rows, by id, that have the same group."""
    found: dict[str, list[str]] = defaultdict(list)
    for row, group in groups:
        found[group].append(row)
    return {pair for rows in found.values() for pair in combinations(sorted(rows), 2)}


def ours(rows: Rows, place: Path) -> Pairs:
    """Pairs within the clusters of `gonghui link --dedupe`."""
    with (place / "A.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ("id", "name", "address", "phone", "legal"))
        writer.writeheader()
        writer.writerows(map(as_firm, rows))
    out = place / "clusters.csv"
    measured([sys.executable, "-m", "gonghui.config.cli", "link", "--dedupe", "{a}", "--out", "{out}"], place, out)
    with out.open(encoding="utf-8", newline="") as file:
        return pairs_of((row["id"], row["cluster"]) for row in csv.DictReader(file))


def splink(path: Path, place: Path) -> Pairs:
    """Pairs that Splink gives a probability of a half."""
    out = place / "splink.csv"
    in_peers("linkage_sets", str(path), str(out))
    with out.open(encoding="utf-8", newline="") as file:
        return {(min(pair), max(pair)) for pair in csv.reader(file)}  # type: ignore[misc]


def told(side: str, found: Pairs, true: Pairs) -> str:
    """Precision, recall and F1 of one side."""
    right = len(found & true)
    precision, recall = right / len(found) if found else 1.0, right / len(true)
    f1 = 2 * right / (len(found) + len(true))
    return f"  {side:<24} {len(found):>6} pairs  precision {precision:.4f}  recall {recall:.4f}  F1 {f1:.4f}"


def report_all() -> None:
    """Prints both sides for each set that is there."""
    data = Path(os.environ.get("GONGHUI_TEST_DATA", "")) / "linkage"
    for name in SETS:
        if not (data / name).exists():
            print(f"{name}: skipped, GONGHUI_TEST_DATA names no folder with linkage/{name}")
            continue
        rows = records(data / name)
        true = pairs_of((row["id"], row["truth"]) for row in rows)
        print(f"{name}: {len(rows)} records, {len(true)} true pairs")
        with tempfile.TemporaryDirectory() as place:
            print(told("ours, pairs in clusters", ours(rows, Path(place)), true))
            print(told("splink, p ≥ 0.5", splink(data / name, Path(place)), true))


# -- Splink's side, in the peers' environment ---------------------------------------------------------------------


def model(is_febrl: bool) -> tuple[list[Any], list[Any], list[Any]]:
    """Comparisons, blocking rules, and the rules under which m is estimated."""
    import splink.comparison_library as cl
    from splink import block_on

    if is_febrl:
        names = [cl.JaroWinklerAtThresholds(column, [0.9, 0.8]) for column in ("given_name", "surname", "address_1", "suburb")]
        born = [
            cl.LevenshteinAtThresholds(column, 1) for column in ("date_of_birth", "soc_sec_id", "postcode", "street_number")
        ]
        blocks = [
            block_on(*one)
            for one in (["soc_sec_id"], ["date_of_birth"], ["given_name", "surname"], ["postcode", "surname"], ["address_1"])
        ]
        return names + born, blocks, [block_on("date_of_birth"), block_on("soc_sec_id")]
    names = [cl.NameComparison("first_name"), cl.NameComparison("surname")]
    rest = [cl.LevenshteinAtThresholds("dob", 1), cl.ExactMatch("city"), cl.JaroWinklerAtThresholds("email", 0.9)]
    blocks = [block_on(*one) for one in (["first_name"], ["surname"], ["dob"], ["email"])]
    return names + rest, blocks, [block_on("first_name", "surname"), block_on("dob")]


def main() -> None:
    """The pairs of one set, as CSV."""
    import duckdb
    from splink import DuckDBAPI, Linker, SettingsCreator

    path, out = Path(sys.argv[1]), Path(sys.argv[2])
    rows = records(path)
    columns = [column for column in rows[0] if column not in ("truth", "cluster", "rec_id", "unique_id")]
    connection = duckdb.connect()
    connection.execute(f"create table records ({', '.join(f'{column} varchar' for column in columns)})")
    marks = ", ".join("nullif(?, '')" for _column in columns)
    connection.executemany(f"insert into records select {marks}", [[row[column] for column in columns] for row in rows])
    comparisons, blocks, training = model("febrl" in path.name)
    api = DuckDBAPI(connection)
    settings = SettingsCreator("dedupe_only", comparisons, blocks, unique_id_column_name="id", retain_matching_columns=False)
    linker = Linker(api.register("records"), settings)
    linker.training.estimate_probability_two_random_records_match(training, recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for rule in training:
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    found = linker.inference.predict(threshold_match_probability=0.5).physical_name
    connection.execute(f"copy (select id_l, id_r from {found}) to '{out}' (format csv, header false)")


if __name__ == "__main__":
    main()
