"""Lists of which nothing good can come: they end in time, within their memory, and do not crash."""

import csv
import resource
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gonghui.linkage import deduplicate, link
from gonghui.linkage.tests.lists import Stream, firms
from gonghui.linkage.workspace import size

MANY = 100_000
MATCH = """
import resource, sys
from gonghui.linkage import link
outcome = link(sys.argv[1], sys.argv[2], memory=sys.argv[3])
assert all(pair.score is not None for pair in outcome.pairs())
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
"""
TEXTS = st.text(
    st.sampled_from([*"北京华信恒达科技有限公司分第三一2工会（）() ；;|,\"'\n\0ＡＢ國%_\\{}", "\U00020000", "é"]), max_size=12
)
ROWS = st.lists(
    st.fixed_dictionaries(
        {head: TEXTS | st.none() for head in ("code", "name", "former_names", "address", "legal", "phone", "headcount")}
    ),
    max_size=8,
)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(ROWS, ROWS)
def test_no_text_whatever_makes_it_fail(a: list[dict[str, str | None]], b: list[dict[str, str | None]]) -> None:
    plain = [[{head: text or "" for head, text in row.items()} for row in rows] for rows in (a, b)]
    pairs = list(link(Stream(plain[0]), Stream(plain[1])).pairs())
    taken = [pair for pair in pairs if pair.band == "auto"]
    assert len({pair.a_id for pair in taken}) == len({pair.b_id for pair in taken}) == len(taken)
    list(deduplicate(Stream(plain[0])).clusters())


def at_one_address(firm: dict[str, str]) -> Mapping[str, str]:
    return {**firm, "address": "北京市西城区广安门内大街6号"}


def all_alike(firm: dict[str, str]) -> Mapping[str, str]:
    return {"name": "北京华信恒达科技有限公司", "phone": "13800138000", "legal": "张伟", "address": "西城区1号"}


def all_but_the_code_alike(firm: dict[str, str]) -> Mapping[str, str]:
    return {**all_alike(firm), "code": f"91110102MA{int(firm['id']):08}"}


@pytest.mark.slow
@pytest.mark.parametrize("spoil", [at_one_address, all_alike, all_but_the_code_alike])
def test_no_block_explodes(tmp_path: Path, spoil: Callable[[dict[str, str]], Mapping[str, str]]) -> None:
    file = tmp_path / "list.csv"
    rows = [spoil(firm) for firm in firms(MANY)]
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    done = subprocess.run([sys.executable, "-c", MATCH, file, file, "1GB"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < size("1GB")
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before < 60
