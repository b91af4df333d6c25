"""The lists of the field work: disputes, charges, what is to be screened."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gonghui.areas.unionbuilding import queries
from gonghui.areas.unionbuilding.rules import DISPUTE_FLOW, Outcome
from gonghui.core.exchange.exports import exportable
from gonghui.kit.columns import AtLeast, Choice, Column, Contains, SavedFilter, Sheet

DISPUTES = Sheet(
    "unionbuilding.disputes",
    _("认领异议"),
    columns=(
        Column("name", _("单位名称"), sort="name", link=True, filter=Contains("name", _("单位名称"))),
        Column("claimant", _("异议工会"), accessor="claimant_name"),
        Column("holder", _("认领工会"), accessor="holder_name"),
        Column("raised_on", _("提出日期"), kind="date", sort="raised_on"),
        Column("due_on", _("裁定期限"), kind="date", sort="due_on", p3=True),
        Column("decision", _("裁定意见"), shown=False),
        Column(
            "state",
            _("状态"),
            kind="state",
            accessor=lambda row: DISPUTE_FLOW.state(row.state),
            sort="state",
            filter=Choice("state", _("状态"), choices=DISPUTE_FLOW.choices),
        ),
    ),
    saved=(SavedFilter("raised", _("待裁定"), {"state": "raised"}),),
    default_sort="-raised_on",
    unit=_("件"),
)
CHARGES = Sheet(
    "unionbuilding.charges",
    _("包片"),
    columns=(
        Column("user", _("负责人"), accessor="user.name", sort="user__name", link=True),
        Column("organisation", _("街道或系统工会"), accessor="union_name", sort="organisation_path"),
        Column("area", _("片区"), accessor=lambda row: row.area or _("全部"), sort="area", filter=Contains("area", _("片区"))),
        Column("since", pgettext_lazy("day", "起"), kind="date", accessor="valid.lower", sort="valid"),
        Column("until", pgettext_lazy("day", "止"), kind="date", accessor="valid.upper"),
    ),
    default_sort="organisation",
    unit=_("人"),
)
SCREENING = Sheet(
    "unionbuilding.screening",
    _("筛查"),
    columns=(
        Column("name", _("单位名称"), sort="name_pinyin", link=True, filter=Contains("name", _("单位名称"))),
        Column("organisation", _("负责工会"), accessor="holder_name"),
        Column(
            "outcome",
            _("核实结论"),
            accessor=lambda row: Outcome(row.outcome).label if row.outcome else "",
            sort="outcome",
            filter=Choice("outcome", _("核实结论"), choices=[(one.value, one.label) for one in Outcome]),
        ),
        Column("found_on", _("核实日期"), kind="date", sort="found_on"),
        Column(
            "silent_days",
            _("无人接听的天数"),
            kind="number",
            sort="silent_days",
            filter=AtLeast("silent", _("无人接听的天数"), path="silent_days", unit=_("天")),
        ),
        Column("visits", _("上门无人次数"), kind="number", sort="visits"),
        Column("gone_on", _("不再出现于名单"), kind="date", sort="gone_on"),
        Column("headcount", _("职工人数"), kind="number", sort="headcount", p3=True),
    ),
    default_sort="name",
    unit=_("家"),
)

exportable(DISPUTES, permission="unionbuilding.view", rows=queries.disputes)
exportable(CHARGES, permission="unionbuilding.view", rows=queries.charges)
exportable(SCREENING, permission="unionbuilding.view", rows=queries.screened)
