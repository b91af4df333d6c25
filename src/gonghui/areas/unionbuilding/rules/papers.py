"""The letters that are shipped, and the names that any template may use."""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

SHIPPED = Path(__file__).parent.parent / "data" / "papers.toml"
EMPLOYER = ("单位名称", "统一社会信用代码", "单位地址", "职工人数")
UNION = ("工会名称", "上级工会", "筹备组组长", "筹备组成员", "会员人数", "女职工人数", "委员人数")
CANDIDATES = ("委员会候选人", "经审会候选人", "女职工组织候选人")
ELECTED = ("选举日期", "应到人数", "实到人数", "主席", "副主席", "工会委员会", "经审会", "女职工组织")
NAMES = (*EMPLOYER, *UNION, *CANDIDATES, *ELECTED, "批复文号", "批复日期", "今天")
"""Everything that may stand between double braces."""


class Letter(NamedTuple):
    """One letter as plain texts."""

    title: str
    lines: Sequence[str]


def letters() -> Mapping[str, Letter]:
    """Kind → the letter that is shipped."""
    entries = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))
    return {kind: Letter(entry["title"], entry["lines"]) for kind, entry in entries.items()}


def unknown(names: Sequence[str]) -> list[str]:
    """The names of a template that mean nothing."""
    return [name for name in names if name not in NAMES]
