"""Rosters that tests upload: sound rows, and rows with one mistake each."""

import csv
import io
from collections.abc import Iterable, Sequence

from gonghui.core.exchange.writing import Head, Table, write_workbook
from gonghui.kit.identity import check_character

HEADS = (
    "序号",
    "姓名",
    "性别",
    "出生日期",
    "民族",
    "就业状况",
    "有效证件类别",
    "证件号码",
    "学历",
    "技能等级",
    "移动电话",
    "户籍类型",
    "户籍所在地",
    "会籍变化类型",
    "会籍变化日期",
    "会籍变化原因",
    "政治面貌",
    "工作单位",
    "籍贯",
    "是否农民工",
)
"""The 20 columns of the public form."""


def number(sequence: int) -> str:
    """A resident ID of nobody, each once below 400,000."""
    day, place = divmod(sequence, 1000)
    base = f"110101{1960 + day // 300}{day // 25 % 12 + 1:02d}{day % 25 + 1:02d}{place:03d}"
    return base + check_character(base)


def roster_row(sequence: int, **changed: object) -> list[object]:
    """Somebody who joins, with some cells changed by their heads."""
    row: dict[str, object] = dict.fromkeys(HEADS, "")
    row |= {
        "序号": sequence,
        "姓名": f"职工{sequence}",
        "民族": "汉族",
        "就业状况": "1",
        "有效证件类别": "居民身份证",
        "证件号码": number(sequence),
        "学历": "大学本科",
        "移动电话": f"139{sequence:08d}",
        "会籍变化类型": "1",
        "会籍变化日期": "2025-03-01",
        "政治面貌": "群众",
        "是否农民工": "否",
    }
    return list((row | changed).values())


MISTAKES: tuple[dict[str, object], ...] = (
    {"证件号码": "110101199001011"},
    {"证件号码": "1.10101199001011E+17"},
    {"姓名": ""},
    {"移动电话": "1391234"},
    {"会籍变化类型": "5", "会籍变化原因": "1"},
    {"就业状况": "在天上"},
)


def roster(rows: int, bad: int = 28) -> list[list[object]]:
    """So many rows, every 28th with one mistake: 3.5 %."""
    return [
        roster_row(sequence, **(MISTAKES[sequence // bad % len(MISTAKES)] if sequence % bad == 0 else {}))  # type: ignore[arg-type]
        for sequence in range(1, rows + 1)
    ]


def csv_of(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A text file."""
    target = io.StringIO(newline="")
    csv.writer(target).writerows([heads, *rows])
    return target.getvalue().encode()


def xlsx_of(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A workbook."""
    target = io.BytesIO()
    write_workbook(target, [Table("名册", [Head(head) for head in heads], list(rows))])
    return target.getvalue()
