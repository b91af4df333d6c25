"""Imports as a list: what pages and the API show of them, and to whom."""

from typing import Any

from django.utils.translation import gettext_lazy, pgettext_lazy

from gonghui.core.actions.actor import Actor
from gonghui.core.exchange.importers import importers, offered
from gonghui.core.exchange.models import BATCH_FLOW, Batch
from gonghui.core.organisations.queries import name_of
from gonghui.kit.columns import Choice, Column, Contains, Sheet


def list_label(batch: Batch) -> str:
    """What a batch was imported into."""
    one = importers.get(batch.sheet)
    return str(one.sheet.label) if one else batch.sheet


IMPORTS = Sheet(
    "exchange.imports",
    pgettext_lazy("noun", "导入"),
    columns=(
        Column(
            "file_name",
            gettext_lazy("文件"),
            sort="file_name",
            link=True,
            filter=Contains("name", gettext_lazy("文件"), path="file_name"),
        ),
        Column("sheet", gettext_lazy("列表"), accessor=list_label, sort="sheet"),
        Column("organisation", gettext_lazy("工会组织"), accessor="holder_name", p3=True),
        Column("total", gettext_lazy("行数"), kind="number", sort="total"),
        Column("new", gettext_lazy("新增"), kind="number", sort="new"),
        Column("changed", gettext_lazy("更新"), kind="number", sort="changed"),
        Column("wrong", gettext_lazy("错误"), kind="number", sort="wrong"),
        Column("started_by", gettext_lazy("经办人"), accessor="started_by.name", p3=True),
        Column("started_at", gettext_lazy("上传时间"), kind="date", sort="started_at"),
        Column(
            "state",
            gettext_lazy("状态"),
            kind="state",
            accessor=lambda row: BATCH_FLOW.state(row.state),
            sort="state",
            filter=Choice("state", gettext_lazy("状态"), choices=BATCH_FLOW.choices),
        ),
    ),
    default_sort="-started_at",
    unit=gettext_lazy("次"),
)


def batches(actor: Actor) -> Any:
    """The imports the actor sees, of the lists that he may import."""
    mine = [one.sheet.code for one in offered(actor.can)]
    rows = Batch.objects.visible_to(actor).filter(sheet__in=mine).select_related("organisation__region", "file", "started_by")
    return rows.annotate(holder_name=name_of("organisation"))
