"""Lists that tests load, through the import as users do it."""

from collections.abc import Sequence
from typing import Any

from gonghui.areas.unionbuilding.models import Edition, Entry
from gonghui.core.actions.actor import Actor
from gonghui.core.exchange.actions import apply_batch, check_batch, map_batch, start_batch
from gonghui.core.exchange.carrying import carry_out
from gonghui.core.exchange.models import Batch, BatchLine
from gonghui.core.organisations.models import Organisation
from tests.exchange.workbooks import csv_of

WHY = "compared with what was loaded"
TAX_HEADS = ["税号", "纳税人名称", "所属期", "缴费基数", "应缴", "实缴", "入库日期", "费种", "街道", "电话", "职工人数"]
FIRM_HEADS = ["统一社会信用代码", "企业名称", "曾用名", "法定代表人", "住所", "街道", "从业人数", "联系电话"]


def paid(code: str, name: str, period: str, amount: object = "200.00", **more: Any) -> list[object]:
    """A line of a tax list."""
    row = {
        "base": "10000",
        "due": amount,
        "on": "2026-10-12",
        "fee": "经费",
        "street": "东华门街道",
        "phone": "",
        "count": "",
    } | more
    return [
        code,
        name,
        period,
        row["base"],
        row["due"],
        amount,
        *(row[name] for name in ("on", "fee", "street", "phone", "count")),
    ]


def firm(code: str, name: str, **more: Any) -> list[object]:
    """A line of a register of legal persons."""
    row = {"former": "", "legal": "", "address": "", "street": "东华门街道", "count": "", "phone": ""} | more
    return [code, name, *row.values()]


def checked(place: Organisation, actor: Actor, sheet: str, rows: Sequence[Sequence[object]]) -> Batch:
    """A list after its dry run."""
    heads = TAX_HEADS if sheet == "tax_list" else FIRM_HEADS
    batch = start_batch(place, actor=actor, sheet=f"unionbuilding.{sheet}", name="x.csv", content=csv_of([heads, *rows]))
    map_batch(batch, actor=actor, mapping=batch.mapped)
    check_batch(batch, actor=actor)
    return fresh(batch)


def loaded(place: Organisation, actor: Actor, sheet: str, rows: Sequence[Sequence[object]]) -> tuple[Batch, Edition]:
    """The same when it is an edition."""
    batch = checked(place, actor, sheet, rows)
    apply_batch(batch, actor=actor)
    carry_out(fresh(batch), actor)
    return fresh(batch), Edition.objects.unscoped(WHY).get(batch_code=batch.public_id)


def fresh(batch: Batch) -> Batch:
    """The batch as it is now."""
    return Batch.objects.unscoped(WHY).select_related("organisation", "file").get(pk=batch.pk)


def problems(batch: Batch) -> dict[int, str]:
    """Row → the first thing that is wrong with it."""
    rows = BatchLine.objects.unscoped(WHY).filter(batch=batch, outcome="wrong")
    return {line.number: line.problems[0]["sentence"] for line in rows}


def entries(edition: Edition) -> dict[str, Entry]:
    """The firms of an edition by name."""
    return {one.name: one for one in Entry.objects.unscoped(WHY).filter(edition=edition).select_related("organisation")}
