"""Small lists for tests: rows as mappings, and what comes of matching them."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import duckdb

from gonghui.linkage import Decision, Outcome, Pair, link
from gonghui.linkage.dialect import named

Row = Mapping[str, str]


class Stream:
    """Arrow data without pyarrow: what any library gives out."""

    def __init__(self, rows: Iterable[Row]) -> None:
        listed = list(rows)
        heads = list(dict.fromkeys(head for row in listed for head in row)) or ["name"]
        self.connection = duckdb.connect()
        columns = ", ".join(f"{named(head)} varchar" for head in heads)
        self.connection.execute(f"create table rows ({columns})")
        for row in listed:
            self.connection.execute(
                f"insert into rows values ({', '.join('?' * len(heads))})", [row.get(head) for head in heads]
            )

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.connection.sql("select * from rows").__arrow_c_stream__(requested_schema)


def matched(a: Iterable[Row], b: Iterable[Row], decisions: Iterable[Decision] = ()) -> Outcome:
    """Two lists, matched."""
    return link(Stream(a), Stream(b), decisions=decisions)


def by_ids(outcome: Outcome) -> dict[tuple[str, str], Pair]:
    """The pairs by the ids of their rows."""
    return {(pair.a_id, pair.b_id): pair for pair in outcome.pairs()}


def auto(outcome: Outcome) -> set[tuple[str, str]]:
    """The ids of automatic pairs."""
    return {ids for ids, pair in by_ids(outcome).items() if pair.band == "auto"}


def firms(count: int, prefix: str = "") -> list[dict[str, str]]:
    """Firms that have nothing in common but their city."""
    signs = "华信恒达绿源盛世宏图伟业金诚汇泰安康瑞丰博雅清远天佑文景明德弘毅嘉禾锦程"
    trades = ("科技", "商贸", "餐饮管理", "文化传播", "物业管理")
    return [
        {
            "id": f"{prefix}{at}",
            "name": f"北京{signs[at % 36]}{signs[at // 36 % 36]}{signs[at * 7 % 36]}{trades[at % 5]}有限公司",
            "address": f"北京市西城区{signs[at % 31]}{signs[at % 29]}街{at + 1}号",
            "legal": f"{'赵钱孙李周吴郑王'[at % 8]}{signs[at * 5 % 36]}{signs[at * 11 % 36]}",
            "phone": f"138{at:08}",
        }
        for at in range(count)
    ]


def write(path: Path, rows: Iterable[Row], encoding: str = "utf-8") -> Path:
    """Rows as a CSV file."""
    listed = list(rows)
    lines = [",".join(listed[0])] + [",".join(row.values()) for row in listed]
    path.write_bytes("\r\n".join(lines).encode(encoding))
    return path
