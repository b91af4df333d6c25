"""The physical limit of the linkage benchmark: both lists read from CSV, one hash join on the code as it is written, pairs written.

`python -m bench.linkage_floor A.csv B.csv pairs.parquet`. Codes that stand twice settle nothing.
"""

import sys

import duckdb

JOIN = """
copy (
  select a.id as a_id, b.id as b_id, 1.0 as score
  from read_csv('{}', header = true, all_varchar = true) as a join read_csv('{}', header = true, all_varchar = true) as b using (code)
  where code <> '' qualify count(*) over (partition by code) = 1
) to '{}' (format parquet)
"""

if __name__ == "__main__":
    duckdb.sql(JOIN.format(*sys.argv[1:4]))
