"""Workbooks that tests upload, made in memory."""

import csv
import io
from collections.abc import Iterable, Sequence

from stdnum.cn import uscc

from gonghui.core.exchange.writing import Head, Table, write_workbook
from gonghui.kit.uscc import ALPHABET

HEADS = ["序号", "单位名称*", "统一社会信用代码", "所属街道", "职工人数（人）", "单位性质", "备注"]


def credit_code(number: int) -> str:
    """A valid credit code of an enterprise in Dongcheng."""
    base = f"91110101MA{number:07d}"
    assert all(letter in ALPHABET for letter in base)
    return str(base + uscc.calc_check_digit(base))


def csv_of(rows: Iterable[Sequence[object]], encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    """A text file of these rows."""
    target = io.StringIO(newline="")
    csv.writer(target, delimiter=delimiter).writerows(rows)
    return target.getvalue().encode(encoding)


def xlsx_of(heads: Sequence[str], rows: Iterable[Sequence[object]], title: str = "表") -> bytes:
    """A workbook of one sheet."""
    target = io.BytesIO()
    write_workbook(target, [Table(title, [Head(head) for head in heads], list(rows))])
    return target.getvalue()


def employer_row(number: int, **changed: object) -> list[object]:
    """A sound row of an employer list, with some cells changed."""
    row: dict[str, object] = {
        "number": number,
        "name": f"北京第{number}商贸有限公司",
        "uscc": credit_code(number),
        "street": "东华门街道",
        "headcount": number % 300,
        "kind": "私营企业",
        "note": "",
    }
    return list((row | changed).values())
