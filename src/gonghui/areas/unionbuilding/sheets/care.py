"""The lists of what comes after founding, of awards and of letter templates."""

from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from gonghui.areas.unionbuilding import queries
from gonghui.areas.unionbuilding.models import Duty
from gonghui.areas.unionbuilding.rules.awards import AWARD_FLOW
from gonghui.areas.unionbuilding.rules.care import DutyGroup, DutyKind, duty_state
from gonghui.areas.unionbuilding.rules.founding import PaperKind
from gonghui.core.exchange.exports import exportable
from gonghui.core.reference.queries import parameter
from gonghui.kit.columns import Choice, Column, Contains, SavedFilter, Sheet
from gonghui.kit.dates import today
from gonghui.kit.flow import State
from gonghui.kit.pinyin import normal

SOON = "unionbuilding.soon_days"
STANDINGS = (("late", _("落后")), ("soon", _("即将到期")), ("open", _("进行中")), ("done", _("已完成")))
NOT_YET = State("open", _("进行中"), "info", "hourglass")
LATE = State("late", _("落后"), "bad", "alert-triangle")


def by_standing(rows: Any, codes: list[str]) -> Any:
    """Duties that are late, soon due, open for longer, or done."""
    on, soon = today(), parameter(SOON, today())
    last = on.fromordinal(on.toordinal() + soon)
    conditions = {
        "late": Q(done_on=None, due_on__lt=on),
        "soon": Q(done_on=None, due_on__gte=on, due_on__lte=last),
        "open": Q(done_on=None, due_on__gt=last),
        "done": Q(done_on__isnull=False),
    }
    condition = Q(pk__in=[])
    for code in codes:
        condition |= conditions[code]
    return rows.filter(condition)


def by_union(rows: Any, word: str) -> Any:
    """Unions whose name contains a word."""
    return rows.filter(union_name__contains=normal(word))


def unions_standing(rows: Any, codes: list[str]) -> Any:
    """Unions with a duty that is late, soon due or open for longer; done: with none that is open."""
    of_union = Duty.objects.unscoped("narrows unions that are scoped themselves").filter(aftercare=OuterRef("pk"))
    condition = Q(pk__in=[])
    for code in codes:
        wanted = ~Exists(of_union.filter(done_on=None)) if code == "done" else Exists(by_standing(of_union, [code]))
        condition |= Q(wanted)
    return rows.filter(condition)


def is_made(field: str) -> Any:
    """A condition: the union is what its duties make it, or not yet."""

    def narrow(rows: Any, codes: list[str]) -> Any:
        return rows if len(codes) != 1 else rows.filter(**{f"{field}__isnull": codes == ["no"]})

    return narrow


YES_NO = (("yes", _("是")), ("no", _("否")))


def standing_of(row: Any) -> State:
    """How a duty stands today."""
    return duty_state(row.due_on, row.done_on, today(), row.soon)


def care_state(row: Any) -> State:
    """How a union stands with its duties today."""
    if not row.left:
        return State("done", _("已完成"), "ok", "circle-check")
    return LATE if row.next_due < today() else NOT_YET


AFTERCARES = Sheet(
    "unionbuilding.aftercares",
    _("建会后续"),
    columns=(
        Column("union", _("工会"), accessor="union_name", link=True, filter=Contains("union", _("工会名称"), path=by_union)),
        Column("organisation", _("主管工会"), accessor="holder_name"),
        Column("founded_on", _("建会日期"), kind="date", sort="founded_on"),
        Column("left", _("未完成事项"), kind="number", sort="left"),
        Column("next_due", _("最近期限"), kind="date", sort="next_due"),
        Column(
            "orderly_on",
            _("规范日期"),
            kind="date",
            sort="orderly_on",
            filter=Choice("orderly", _("规范"), choices=YES_NO, path=is_made("orderly_on")),
        ),
        Column(
            "lively_on",
            _("活跃日期"),
            kind="date",
            sort="lively_on",
            filter=Choice("lively", _("活跃"), choices=YES_NO, path=is_made("lively_on")),
        ),
        Column(
            "state",
            _("进度"),
            kind="state",
            accessor=care_state,
            filter=Choice("standing", _("进度"), choices=STANDINGS, path=unions_standing),
        ),
    ),
    saved=(
        SavedFilter("late", _("落后"), {"standing": "late"}),
        SavedFilter("soon", _("即将到期"), {"standing": "soon"}),
        SavedFilter("unorderly", _("未规范"), {"orderly": "no"}),
    ),
    default_sort="-founded_on",
    unit=_("个"),
)

DUTIES = Sheet(
    "unionbuilding.duties",
    _("后续事项"),
    columns=(
        Column(
            "kind",
            _("事项"),
            accessor="get_kind_display",
            link=True,
            filter=Choice("kind", _("事项"), choices=DutyKind.choices),
        ),
        Column("union", _("工会"), accessor="union_name", filter=Contains("union", _("工会名称"), path=by_union)),
        Column("organisation", _("主管工会"), accessor="holder_name", p3=True),
        Column("group", _("类别"), accessor="get_group_display", filter=Choice("group", _("类别"), choices=DutyGroup.choices)),
        Column("founded_on", _("建会日期"), kind="date", sort="founded_on", shown=False),
        Column("due_on", _("期限"), kind="date", sort="due_on"),
        Column("done_on", _("完成日期"), kind="date", sort="done_on"),
        Column("evidence", _("完成情况"), shown=False),
        Column(
            "state",
            _("进度"),
            kind="state",
            accessor=standing_of,
            filter=Choice("standing", _("进度"), choices=STANDINGS, path=by_standing),
        ),
    ),
    saved=(
        SavedFilter("late", _("落后"), {"standing": "late"}),
        SavedFilter("soon", _("即将到期"), {"standing": "soon"}),
        SavedFilter("open", _("未完成"), {"standing": ["late", "soon", "open"]}),
    ),
    default_sort="due_on",
    unit=_("项"),
)

AWARDS = Sheet(
    "unionbuilding.awards",
    _("建会奖补"),
    columns=(
        Column("organisation", _("工会组织"), accessor="holder_name", link=True),
        Column("since", _("从哪天起"), kind="date", accessor="period.lower", sort="period"),
        Column("until", _("到哪天为止"), kind="date", accessor="last_day"),
        Column("points", _("得分"), kind="number", sort="points"),
        Column("yuan", _("支持资金（元）"), kind="number", sort="yuan"),
        Column("computed_on", _("计算日期"), kind="date", sort="computed_on", p3=True),
        Column("computed_by", _("计算人"), accessor="computed_by.name", shown=False),
        Column("confirmed_on", _("确认日期"), kind="date", sort="confirmed_on", p3=True),
        Column("confirmed_by", _("确认人"), accessor="confirmed_by.name", shown=False),
        Column(
            "state",
            _("状态"),
            kind="state",
            accessor=lambda row: AWARD_FLOW.state(row.state),
            sort="state",
            filter=Choice("state", _("状态"), choices=AWARD_FLOW.choices),
        ),
    ),
    saved=(
        SavedFilter("computed", _("待确认"), {"state": "computed"}),
        SavedFilter("confirmed", _("已确认"), {"state": "confirmed"}),
    ),
    default_sort="-since",
    unit=_("份"),
)

LETTER_TEMPLATES = Sheet(
    "unionbuilding.letter_templates",
    _("文书模板"),
    columns=(
        Column(
            "kind",
            _("文书"),
            accessor="get_kind_display",
            sort="kind",
            link=True,
            filter=Choice("kind", _("文书"), choices=PaperKind.choices),
        ),
        Column("organisation", _("工会组织"), accessor="holder_name"),
        Column("since", _("起"), kind="date", accessor="valid.lower", sort="valid"),
        Column("until", _("止"), kind="date", accessor="valid.upper"),
        Column("placeholders", _("用到的栏目"), accessor=lambda row: "、".join(row.placeholders), p3=True),
    ),
    default_sort="kind",
    unit=_("份"),
)

exportable(AFTERCARES, permission="unionbuilding.view", rows=queries.aftercares)
exportable(DUTIES, permission="unionbuilding.view", rows=queries.duties)
exportable(AWARDS, permission="unionbuilding.view", rows=queries.awards)
exportable(LETTER_TEMPLATES, permission="unionbuilding.view", rows=queries.letter_templates)
