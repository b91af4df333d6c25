"""The list of prospects."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gonghui.areas.unionbuilding import queries
from gonghui.areas.unionbuilding.models import Claim
from gonghui.areas.unionbuilding.rules import ENDED, PROSPECT_FLOW, Origin, Stream
from gonghui.core.exchange.exports import exportable
from gonghui.kit.columns import AtLeast, Choice, Column, Contains, SavedFilter, Sheet, YesNo
from gonghui.kit.dates import today

RUNNING = [code for code in PROSPECT_FLOW.codes if code not in ENDED]


def expiring(rows: Any, wanted: bool) -> Any:
    """Prospects whose claim is over soon and that nobody has reached."""
    soon = Q(remind_on__lte=today())
    return rows.filter(soon) if wanted else rows.exclude(soon)


def to_visit(rows: Any, wanted: bool) -> Any:
    """Prospects that somebody must go to."""
    claims = queries.to_visit(Claim.objects.unscoped("the claims of prospects that a list shows already").running())
    there = Q(pk__in=claims.values("prospect"))
    return rows.filter(there) if wanted else rows.exclude(there)


def named(rows: Any, word: str) -> Any:
    """Prospects of this name, or with these first letters of its pinyin."""
    return rows.named(word)


PROSPECTS = Sheet(
    "unionbuilding.prospects",
    _("建会对象"),
    columns=(
        Column(
            "name",
            _("单位名称"),
            sort="name_pinyin",
            link=True,
            filter=Contains("name", _("名称或拼音首字母"), path=named),
        ),
        Column("organisation", _("负责工会"), accessor="holder_name"),
        Column("street", _("属地街道工会"), accessor="street_name", shown=False),
        Column(
            "headcount",
            _("职工人数"),
            kind="number",
            sort="headcount",
            filter=AtLeast("workers", _("职工人数"), path="headcount", unit=_("人")),
        ),
        Column(
            "stream",
            _("类别"),
            accessor="get_stream_display",
            p3=True,
            filter=Choice("stream", _("类别"), choices=Stream.choices),
        ),
        Column(
            "origin",
            _("来源"),
            accessor="get_origin_display",
            shown=False,
            filter=Choice("origin", _("来源"), choices=Origin.choices),
        ),
        Column("address", _("地址"), shown=False),
        Column("claim_until", _("认领到期"), kind="date", sort="claim_until"),
        Column("last_attempt_on", _("上次联系"), kind="date", sort="last_attempt_on", p3=True),
        Column("attempts", _("联系次数"), kind="number", sort="attempts", p3=True),
        Column(
            "visit_due_on",
            _("上门期限"),
            kind="date",
            sort="visit_due_on",
            shown=False,
            filter=YesNo("visit", _("需上门"), path=to_visit),
        ),
        Column("opened_on", _("列入日期"), kind="date", sort="opened_on", shown=False),
        Column("refused_until", _("暂缓至"), kind="date", sort="refused_until", shown=False),
        Column(
            "is_open",
            _("待认领"),
            kind="bool",
            shown=False,
            filter=YesNo("unclaimed", _("待认领"), path="is_open"),
        ),
        Column(
            "state",
            _("进度"),
            kind="state",
            accessor=lambda row: PROSPECT_FLOW.state(row.state),
            sort="state",
            filter=Choice("state", _("进度"), choices=PROSPECT_FLOW.choices),
        ),
    ),
    filters=(
        YesNo("mine", _("我的认领"), path="is_mine"),
        YesNo("here", _("本工会负责"), path="is_here"),
        YesNo("expiring", _("即将到期"), path=expiring),
    ),
    saved=(
        SavedFilter("running", _("进行中"), {"state": RUNNING}),
        SavedFilter("unclaimed", _("待认领"), {"unclaimed": "1"}),
        SavedFilter("mine", _("我的认领"), {"mine": "1", "state": RUNNING}),
        SavedFilter("expiring", _("即将到期"), {"mine": "1", "expiring": "1"}),
        SavedFilter("visit", _("需上门"), {"mine": "1", "visit": "1"}),
        SavedFilter("refused", _("暂不同意"), {"state": "refused"}),
    ),
    default_sort="name",
    unit=_("家"),
)

FIGURE_PROSPECTS = Sheet(
    "unionbuilding.figure_prospects",
    _("建会对象"),
    columns=(
        Column("name", _("单位名称"), sort="name_pinyin", link=True),
        Column("managing", _("负责工会"), accessor="managing_name"),
        Column("workers", _("职工"), kind="number", accessor="workers_then", sort="workers_then"),
        Column("since", _("起"), kind="date", accessor="since_then", sort="since_then"),
        Column(
            "state",
            _("进度"),
            kind="state",
            accessor=lambda row: PROSPECT_FLOW.state(row.state_then) if row.state_then else None,
            sort="state_then",
        ),
    ),
    default_sort="name",
    unit=_("家"),
)

exportable(PROSPECTS, permission="unionbuilding.view", rows=queries.prospects)
