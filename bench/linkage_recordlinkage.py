"""The linkage benchmark's other peer: recordlinkage (pandas), on the same columns and blocks as Splink, its ECM classifier.

`python -m bench.linkage_recordlinkage A.csv B.csv pairs.parquet`, in the peers' environment. Prints the CPU seconds of its phases as JSON.
"""

import json
import sys
import time
from pathlib import Path

import duckdb
import pandas as pd
import recordlinkage

from bench import linkage_columns

BLOCKS = (
    (["code"], ["code"]),
    (["org"], ["org"]),
    (["core"], ["core"]),
    (["core"], ["former"]),
    (["former"], ["core"]),
    (["phone", "legal"], ["phone", "legal"]),
    (["legal", "brand"], ["legal", "brand"]),
    (["road", "brand"], ["road", "brand"]),
    (["road", "legal"], ["road", "legal"]),
)


def candidates(a: pd.DataFrame, b: pd.DataFrame) -> pd.MultiIndex:
    """The pairs that share a block; an empty key is no block."""
    index = recordlinkage.Index()
    for left, right in BLOCKS:
        index.block(left, right)
    return index.index(a, b)


def compared(pairs: pd.MultiIndex, a: pd.DataFrame, b: pd.DataFrame) -> pd.DataFrame:
    """What agrees, as zeros and ones."""
    compare = recordlinkage.Compare()
    for column in ("code", "org", "name", "core", "brand", "legal", "phone", "road", "place"):
        compare.exact(column, column, label=column)
    compare.string("core", "core", method="jarowinkler", threshold=0.94, label="core alike")
    compare.exact("core", "former", label="former of b")
    compare.exact("former", "core", label="former of a")
    return compare.compute(pairs, a, b)


def one_to_one(scores: pd.Series) -> pd.DataFrame:
    """The best first, each row once."""
    table = scores.rename("score").rename_axis(["a_id", "b_id"]).reset_index()
    seen: set[str] = set()
    kept = []
    for row in table.sort_values(["score", "a_id", "b_id"], ascending=[False, True, True]).itertuples(index=False):
        if row.a_id not in seen and row.b_id not in seen:
            seen |= {row.a_id, row.b_id}
            kept.append(row)
    return pd.DataFrame(kept, columns=table.columns)


def main() -> None:
    """From CSV to pairs, with the CPU seconds of each phase."""
    marks = [time.process_time()]
    connection = duckdb.connect()
    tables = []
    for table, file in zip(("a", "b"), sys.argv[1:3], strict=True):
        linkage_columns.create(connection, table, Path(file))
        tables.append(connection.table(table).df().set_index("id"))
    marks.append(time.process_time())
    pairs = candidates(*tables)
    marks.append(time.process_time())
    vectors = compared(pairs, *tables)
    marks.append(time.process_time())
    classifier = recordlinkage.ECMClassifier()
    classifier.fit(vectors)
    scores = classifier.prob(vectors)
    marks.append(time.process_time())
    kept = one_to_one(scores[scores >= 0.05])
    connection.register("kept", kept)
    connection.execute(f"copy kept to '{sys.argv[3]}' (format parquet)")
    marks.append(time.process_time())
    phases = zip(("columns", "blocks", "comparing", "training", "one to one"), marks, marks[1:], strict=False)
    print(json.dumps({phase: end - begin for phase, begin, end in phases}))


if __name__ == "__main__":
    main()
