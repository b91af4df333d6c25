"""The lists of members: one declaration each for list page, columns, conditions, export and API. What is sealed is shown masked."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gonghui.areas.members import queries
from gonghui.areas.members.rules import (
    APPLICATION_FLOW,
    CORRECTION_FLOW,
    MEMBERSHIP_FLOW,
    OPEN_TRANSFER,
    TRANSFER_FLOW,
    CardState,
    CorrectionKind,
    Door,
    PointKind,
    Retained,
    WorkerKind,
)
from gonghui.core.exchange.exports import exportable
from gonghui.core.organisations.queries import territories
from gonghui.kit.columns import Choice, Column, Contains, SavedFilter, Sheet, Since, YesNo
from gonghui.kit.dates import today
from gonghui.kit.flow import State

CARD_STATES = {
    CardState.NONE: State("none", CardState.NONE.label, "", "circle-dashed"),
    CardState.APPLIED: State("applied", CardState.APPLIED.label, "info", "hourglass"),
    CardState.ISSUED: State("issued", CardState.ISSUED.label, "ok", "circle-check"),
    CardState.LOST: State("lost", CardState.LOST.label, "bad", "alert-triangle"),
    CardState.CLOSED: State("closed", CardState.CLOSED.label, "", "ban"),
}
WAYS = (("out", _("转到别处")), ("in", _("转来这里")))
COUNTER_OPEN = State("open", _("进行中"), "ok", "player-play")
COUNTER_OVER = State("over", _("已结束"), "", "circle-check")


def managing_paths(actor: Any) -> list[tuple[str, str]]:
    """The managing unions the actor sees, by path."""
    return [(one.path, one.name) for one in territories(actor)]


def below(column: str) -> Any:
    """A condition: the union whose path stands in this column is at or below any of those chosen."""

    def narrow(rows: Any, paths: list[str]) -> Any:
        condition = Q(pk__in=[])
        for path in paths:
            condition |= Q(**{f"{column}__startswith": path})
        return rows.filter(condition)

    return narrow


def by_way(rows: Any, ways: list[str]) -> Any:
    """Transfers that leave one's unions, or reach them."""
    return queries.across(rows, ways[0]) if len(ways) == 1 else rows


def named(rows: Any, word: str) -> Any:
    """Members of this name, or with these first letters of its pinyin."""
    return rows.named(word)


def has_doubt(rows: Any, is_so: bool) -> Any:
    """Applications with something to look at, or those without."""
    return rows.exclude(doubt="") if is_so else rows.filter(doubt="")


def is_open(rows: Any, is_so: bool) -> Any:
    """Points that are open, or those that were closed."""
    return rows.filter(closed_on__isnull=is_so)


def is_given(rows: Any, is_so: bool) -> Any:
    """Entitlements that are given today, or those that are not."""
    return rows.filter(valid__contains=today()) if is_so else rows.exclude(valid__contains=today())


def employment_kind(row: Any) -> str:
    """The kind of work, where it is known."""
    return str(WorkerKind(row.worker_kind).label) if row.worker_kind else ""


def session_state(row: Any) -> State:
    """Whether something may still be entered in a counter session."""
    return COUNTER_OPEN if row.is_open else COUNTER_OVER


def limit_words(row: Any) -> str:
    """An answer's limit; one that rests on holidays not yet published says so."""
    if row.due_on is None:
        return ""
    return f"{row.due_on:%Y-%m-%d}{_('（暂定）')}" if row.is_tentative else f"{row.due_on:%Y-%m-%d}"


MEMBERS = Sheet(
    "members.members",
    _("会员"),
    columns=(
        Column(
            "name", _("姓名"), sort="person__name_pinyin", link=True, filter=Contains("name", _("姓名或拼音首字母"), path=named)
        ),
        Column("organisation", _("所在工会"), accessor="holder_name", sort="organisation_path"),
        Column("place", _("单位"), p3=True),
        Column("document", _("证件号码"), accessor="person.document_masked", shown=False),
        Column("phone", _("手机号"), accessor="person.phone_masked", p3=True),
        Column("sex", _("性别"), accessor="person.get_sex_display", shown=False),
        Column("worker_kind", _("用工形式"), accessor=employment_kind, shown=False),
        Column(
            "joined_on",
            _("入会日期"),
            kind="date",
            sort="joined_on",
            p3=True,
            filter=Since("joined", _("入会日期"), path="joined_on"),
        ),
        Column(
            "door",
            _("入会方式"),
            accessor="get_door_display",
            shown=False,
            filter=Choice("door", _("入会方式"), choices=Door.choices),
        ),
        Column(
            "is_individual",
            _("单体入会"),
            kind="bool",
            shown=False,
            filter=YesNo("individual", _("单体入会"), path="is_individual"),
        ),
        Column(
            "retained",
            _("保留原因"),
            accessor="get_retained_display",
            shown=False,
            filter=Choice("retained", _("保留原因"), choices=Retained.choices),
        ),
        Column(
            "card",
            _("京卡"),
            kind="state",
            accessor=lambda row: CARD_STATES[CardState(row.card_state)],
            shown=False,
            filter=Choice("card", _("京卡"), path="card_state", choices=CardState.choices),
        ),
        Column("ended_on", _("会籍终止日期"), kind="date", sort="ended_on", shown=False),
        Column("reason", _("原因"), shown=False),
        Column(
            "state",
            _("会籍"),
            kind="state",
            accessor=lambda row: MEMBERSHIP_FLOW.state(row.state),
            sort="state",
            filter=Choice("state", _("会籍"), choices=MEMBERSHIP_FLOW.choices),
        ),
    ),
    filters=(Choice("managing", _("主管工会"), path=below("organisation_path"), choices=managing_paths),),
    saved=(
        SavedFilter("counted", _("在册会员"), {"state": ["active", "in_transfer"]}),
        SavedFilter("individual", _("单体入会"), {"individual": "1", "state": ["active", "in_transfer"]}),
        SavedFilter("in_transfer", _("接转中"), {"state": "in_transfer"}),
        SavedFilter("retained", _("保留会籍"), {"state": "retained"}),
        SavedFilter("ended", _("会籍已终止"), {"state": ["left", "deemed_left", "expelled", "deceased"]}),
    ),
    default_sort="name",
    unit=_("人"),
)

APPLICATIONS = Sheet(
    "members.applications",
    _("入会申请"),
    columns=(
        Column("name", _("姓名"), sort="name", link=True, filter=Contains("name", _("姓名"))),
        Column("document", _("证件号码"), accessor="document_masked"),
        Column("workplace", _("工作单位"), p3=True, filter=Contains("workplace", _("工作单位"))),
        Column("organisation", _("受理工会"), accessor="holder_name", sort="organisation_path", p3=True),
        Column("worker_kind", _("用工形式"), accessor="get_worker_kind_display", shown=False),
        Column(
            "door",
            _("入会方式"),
            accessor="get_door_display",
            shown=False,
            filter=Choice("door", _("入会方式"), choices=Door.choices),
        ),
        Column("applied_on", _("申请日期"), kind="date", sort="applied_on", shown=False),
        Column("due", _("答复期限"), accessor=limit_words, sort="due_on"),
        Column(
            "doubt",
            _("待核对"),
            shown=False,
            filter=YesNo("doubtful", _("待核对"), path=has_doubt, yes=_("有要核对的"), no=_("没有要核对的")),
        ),
        Column("decided_on", _("答复日期"), kind="date", sort="decided_on", shown=False),
        Column("note", _("答复"), shown=False),
        Column(
            "state",
            _("状态"),
            kind="state",
            accessor=lambda row: APPLICATION_FLOW.state(row.state),
            sort="state",
            filter=Choice("state", _("状态"), choices=APPLICATION_FLOW.choices),
        ),
    ),
    filters=(Choice("managing", _("主管工会"), path=below("organisation_path"), choices=managing_paths),),
    saved=(
        SavedFilter("pending", _("待审"), {"state": "pending"}),
        SavedFilter("doubtful", _("待审，有要核对的"), {"state": "pending", "doubtful": "1"}),
        SavedFilter("returned", _("已退回"), {"state": "returned"}),
    ),
    default_sort="due",
    unit=_("份"),
)

TRANSFERS = Sheet(
    "members.transfers",
    _("会籍接转"),
    columns=(
        Column("name", _("会员"), sort="name", link=True, filter=Contains("name", _("姓名"))),
        Column("origin", _("转出工会"), accessor="origin_name"),
        Column("target", _("转入工会"), accessor="target_name"),
        Column("requested_on", _("申请日期"), kind="date", sort="requested_on", p3=True),
        Column("answer_by", _("转出工会答复期限"), kind="date", sort="answer_by", shown=False),
        Column("superior_by", _("上级办理期限"), kind="date", sort="superior_by", shown=False),
        Column("due", _("现在的期限"), accessor=limit_words),
        Column("ended_on", _("办结日期"), kind="date", sort="ended_on", shown=False),
        Column("reason", _("原因"), shown=False),
        Column(
            "state",
            _("状态"),
            kind="state",
            accessor=lambda row: TRANSFER_FLOW.state(row.state),
            sort="state",
            filter=Choice("state", _("状态"), choices=TRANSFER_FLOW.choices),
        ),
    ),
    filters=(
        Choice("origin", _("转出工会"), path=below("origin__path"), choices=managing_paths),
        Choice("target", _("转入工会"), path=below("target__path"), choices=managing_paths),
        Choice("way", _("去向"), path=by_way, choices=WAYS),
    ),
    saved=(
        SavedFilter("open", _("在办"), {"state": list(OPEN_TRANSFER)}),
        SavedFilter("proposed", _("待接收"), {"state": "proposed"}),
        SavedFilter("completed", _("已接转"), {"state": "completed"}),
        SavedFilter("gone", _("已转出"), {"state": "completed", "way": "out"}),
        SavedFilter("stopped", _("未接转"), {"state": ["refused", "declined", "withdrawn"]}),
    ),
    default_sort="-requested_on",
    unit=_("件"),
)

CORRECTIONS = Sheet(
    "members.corrections",
    _("资料更正"),
    columns=(
        Column("name", _("姓名"), accessor="person.name", sort="person__name_pinyin", link=True),
        Column(
            "kind", _("事项"), accessor="get_kind_display", filter=Choice("kind", _("事项"), choices=CorrectionKind.choices)
        ),
        Column("what", _("内容")),
        Column("organisation", _("受理工会"), accessor="holder_name", sort="organisation_path", p3=True),
        Column("asked_on", _("申请日期"), kind="date", sort="asked_on", p3=True),
        Column("due_on", _("答复期限"), kind="date", sort="due_on"),
        Column("decided_on", _("答复日期"), kind="date", sort="decided_on", shown=False),
        Column(
            "state",
            _("状态"),
            kind="state",
            accessor=lambda row: CORRECTION_FLOW.state(row.state),
            sort="state",
            filter=Choice("state", _("状态"), choices=CORRECTION_FLOW.choices),
        ),
    ),
    saved=(SavedFilter("asked", _("待核对"), {"state": "asked"}),),
    default_sort="due_on",
    unit=_("件"),
)

POINTS = Sheet(
    "members.points",
    _("入会服务点"),
    columns=(
        Column("name", _("名称"), sort="name", link=True, filter=Contains("name", _("名称"))),
        Column(
            "kind",
            _("类型"),
            accessor="get_kind_display",
            sort="kind",
            filter=Choice("kind", _("类型"), choices=PointKind.choices),
        ),
        Column("organisation", _("街道工会"), accessor="holder_name", sort="organisation_path"),
        Column("address", _("地址"), p3=True),
        Column("hours", _("开放时间"), p3=True),
        Column("persons", _("联系人"), shown=False),
        Column("phone", _("公开电话"), shown=False),
        Column("opened_on", _("开放日期"), kind="date", sort="opened_on", shown=False),
        Column("closed_on", _("停办日期"), kind="date", sort="closed_on", shown=False),
    ),
    filters=(
        YesNo("is_open", pgettext_lazy("of a point", "开放"), path=is_open, yes=_("开放中"), no=_("已停办")),
        Choice("managing", _("主管工会"), path=below("organisation_path"), choices=managing_paths),
    ),
    saved=(SavedFilter("open", _("开放中"), {"is_open": "1"}),),
    default_sort="organisation",
    unit=_("个"),
)

ENTITLEMENTS = Sheet(
    "members.entitlements",
    _("会员服务项目"),
    columns=(
        Column("name", _("名称"), sort="name", link=True, filter=Contains("name", _("名称"))),
        Column("organisation", _("工会组织"), accessor="holder_name", sort="organisation_path"),
        Column(
            "for_individuals",
            _("只限单体入会会员"),
            kind="bool",
            filter=YesNo("individuals", _("只限单体入会会员"), path="for_individuals"),
        ),
        Column("amount", _("补贴金额（元）"), kind="number", sort="amount"),
        Column("since", _("起"), kind="date", accessor="valid.lower", sort="valid"),
        Column("until", _("止"), kind="date", accessor="valid.upper"),
        Column("is_public", _("向职工公开"), kind="bool", shown=False),
        Column("basis", _("依据"), p3=True),
    ),
    filters=(
        YesNo("given", _("现行"), path=is_given, yes=_("现行"), no=_("未开始或已结束")),
        Choice("managing", _("主管工会"), path=below("organisation_path"), choices=managing_paths),
    ),
    saved=(SavedFilter("given", _("现行"), {"given": "1"}),),
    default_sort="organisation",
    unit=_("项"),
)

ALERTS = Sheet(
    "members.alerts",
    _("建会提醒"),
    columns=(
        Column("employer", _("用人单位"), accessor="employer.name", sort="employer__name_pinyin", link=True),
        Column("count", _("单体入会会员"), kind="number", sort="count", unit=_("人")),
        Column("organisation", _("工会组织"), accessor="holder_name", sort="organisation_path"),
        Column("raised_on", _("提醒日期"), kind="date", sort="raised_on"),
    ),
    filters=(Choice("managing", _("主管工会"), path=below("organisation_path"), choices=managing_paths),),
    default_sort="-raised_on",
    unit=_("家"),
)

COUNTER_SESSIONS = Sheet(
    "members.counter_sessions",
    _("现场受理"),
    columns=(
        Column("purpose", _("事由"), link=True),
        Column("user", _("受理人"), accessor="user.name"),
        Column("organisation", _("受理工会"), accessor="holder_name", sort="organisation_path", p3=True),
        Column("begun_at", _("开始时间"), kind="date", sort="begun_at"),
        Column("state", _("状态"), kind="state", accessor=session_state),
    ),
    filters=(Since("begun", _("开始时间"), path="begun_at__date"),),
    default_sort="-begun_at",
    unit=_("次"),
)

exportable(
    MEMBERS,
    permission="members.view",
    rows=queries.members,
    definition=_("本级及以下工会的会籍，一人一份；证件号码、手机号只显示部分"),
)
exportable(APPLICATIONS, permission="members.view", rows=queries.applications)
exportable(TRANSFERS, permission="members.view", rows=queries.transfers)
exportable(CORRECTIONS, permission="members.view", rows=queries.corrections)
exportable(POINTS, permission="members.view", rows=queries.points)
exportable(ENTITLEMENTS, permission="members.view", rows=queries.entitlements)
exportable(ALERTS, permission="members.view", rows=queries.alerts)
exportable(COUNTER_SESSIONS, permission="members.view", rows=queries.counter_sessions)
