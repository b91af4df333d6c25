"""What was found out about employers, as figures list it."""

from django.utils.translation import gettext_lazy as _

from gonghui.areas.unionbuilding.rules import REFUSALS
from gonghui.core.reference.queries import names
from gonghui.kit.columns import Column, Sheet

FIGURE_FINDINGS = Sheet(
    "unionbuilding.figure_findings",
    _("核实结论"),
    columns=(
        Column("name", _("单位名称"), sort="name_pinyin"),
        Column("managing", _("主管工会"), accessor="managing_name"),
        Column("workers", _("职工"), kind="number", accessor="workers_then", sort="workers_then"),
        Column("on", _("日期"), kind="date", sort="on"),
        Column("method", _("方式"), accessor="get_method_display", sort="method"),
        Column("reason", _("原因"), accessor=lambda row: names(REFUSALS).get(row.reason, row.reason), sort="reason"),
    ),
    default_sort="-on",
    unit=_("次"),
)
