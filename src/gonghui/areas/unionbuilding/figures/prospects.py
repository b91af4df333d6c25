"""How many prospects there are, how far they have come, and what became of them."""

import datetime as dt
from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from gonghui.areas.unionbuilding.figures.rows import DIMENSIONS, FLOW_DIMENSIONS, PROSPECTS, reached, running, shown
from gonghui.areas.unionbuilding.sheets import FIGURE_PROSPECTS
from gonghui.core.figures.registry import Figure, Period, Scope, figure, flow
from gonghui.kit.text import Text

LARGE = 100  # workers from which on an employer stands in the ledger of large ones (百人以上台账)
WON = ("founded", "covered", "joined")


def stock(code: str, label: Text, definition: Text, **conditions: Any) -> Figure:
    """The running prospects under some conditions on the day's facts."""

    def rows(scope: Scope, on: dt.date) -> QuerySet[Any]:
        return running(scope, on, **conditions)

    declared = figure(
        code,
        label=label,
        unit=_("家"),
        definition=definition,
        sheet=FIGURE_PROSPECTS,
        show=shown,
        dimensions=DIMENSIONS,
        account=PROSPECTS,
    )
    return declared(rows)


def happened(code: str, label: Text, definition: Text, **conditions: Any) -> Figure:
    """The prospects that came to certain stages in the period, each stage once."""

    def rows(scope: Scope, period: Period) -> QuerySet[Any]:
        return reached(scope, period, **conditions)

    declared = flow(
        code,
        label=label,
        unit=_("家"),
        definition=definition,
        sheet=FIGURE_PROSPECTS,
        show=shown,
        dimensions=FLOW_DIMENSIONS,
        measure=Count("pk"),
    )
    return declared(rows)


stock(
    "prospects_running",
    _("进行中的建会对象"),
    _("当日已列为建会对象、还没有建会、覆盖或了结的用人单位，按当日的负责工会计；按进度分即为建会漏斗。"),
)
stock(
    "prospects_unclaimed",
    _("待认领的建会对象"),
    _("进行中的建会对象里，当日没有街道或系统工会认领的。"),
    staged__is_open=True,
)
stock(
    "prospects_large",
    _("百人以上未建会台账"),
    _("进行中的建会对象里，当日职工 100 人以上的：是“其中”。"),
    counted__count__gte=LARGE,
)
stock(
    "prospects_refused",
    _("暂不同意建会的单位"),
    _("进行中的建会对象里，当日登记为暂不同意的。"),
    staged__state="refused",
)
happened(
    "prospects_won",
    _("建会工作成果"),
    _("期内由建会对象建成工会、由联合工会覆盖或加入已有工会的单位；数的是单位，按办成之日计。"),
    staged__state__in=WON,
)
happened(
    "prospects_closed",
    _("了结的建会对象"),
    _("期内因剔除、注销、迁出、重复等了结而没有建会的单位。"),
    staged__state="closed",
)
happened(
    "prospect_steps",
    _("建会进展"),
    _("期内进入各个进度的建会对象：一家单位每进入一个进度计一次，同一天只计最后一个；换负责工会的也计一次。"),
)
