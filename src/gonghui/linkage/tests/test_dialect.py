"""The SQL can move to Apache Spark: every function that DuckDB alone has is listed with its twin."""

import re
from typing import Any

import pytest

from gonghui.linkage import Decision, deduplicate, link
from gonghui.linkage.dialect import SHARED, TWINS
from gonghui.linkage.tests.lists import Stream, firms
from gonghui.linkage.workspace import Workspace

CALL = re.compile(r"\b([a-z_]+)\s*\(")
LITERAL = re.compile(r"'(?:[^']|'')*'")
WORDS = {
    "as",
    "in",
    "from",
    "where",
    "select",
    "and",
    "or",
    "not",
    "then",
    "when",
    "else",
    "on",
    "using",
    "over",
    "by",
    "values",
    "join",
}
WORDS |= {
    "exclude",
    "replace",
    "union",
    "filter",
    "sampled",
    "told",
    "rows",
    "characters",
    "clusters",
    "met",
    "compared",
    "chosen",
}


def test_every_function_is_sparks_own_or_has_its_twin_named(monkeypatch: pytest.MonkeyPatch) -> None:
    run, said = Workspace.run, []

    def heard(self: Workspace, sql: str, values: Any = None) -> Any:
        said.append(sql)
        return run(self, sql, values)

    monkeypatch.setattr(Workspace, "run", heard)
    link(Stream(firms(9)), Stream(firms(9)), decisions=[Decision("1", "2", same=False)])
    deduplicate(Stream(firms(9)))
    called = {name for sql in said for name in CALL.findall(LITERAL.sub("''", sql).lower())} - WORDS
    assert len(called) > 30
    assert sorted(called - set(TWINS) - SHARED) == []
    assert not set(TWINS) & SHARED
