"""The lists of the register: one declaration each for list page, columns, filters, and later import and export."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from gonghui.areas.register.rules import EMPLOYER_FLOW, STRIKE_OFF_FLOW, CoverageState
from gonghui.core.organisations.models import UNION_FLOW, JointBasis, Kind
from gonghui.core.organisations.queries import territories
from gonghui.core.reference.queries import choices, names
from gonghui.kit.columns import AtLeast, AtMost, Choice, Column, Contains, SavedFilter, Sheet, YesNo
from gonghui.kit.dates import today
from gonghui.kit.flow import State

COVERAGE_STATES = {
    CoverageState.NONE: State("none", CoverageState.NONE.label, "", "circle-dashed"),
    CoverageState.OWN: State("own", CoverageState.OWN.label, "ok", "circle-check"),
    CoverageState.JOINT: State("joint", CoverageState.JOINT.label, "ok", "users"),
}


def street_choices(actor: Any) -> list[tuple[str, str]]:
    """The streets whose territory the actor sees."""
    return [(str(one.pk), one.name) for one in territories(actor) if one.kind == Kind.STREET]


def managing_choices(actor: Any) -> list[tuple[str, str]]:
    """The managing unions the actor sees."""
    return [(str(one.pk), one.name) for one in territories(actor)]


def named(rows: Any, word: str) -> Any:
    """Unions or employers of this name, code or pinyin."""
    return rows.named(word)


def under_managing(rows: Any, values: list[str]) -> Any:
    """Unions below any of these managing unions."""
    return rows.filter(placements__managing__in=values, placements__valid__endswith__isnull=True)


def short_street(row: Any) -> str:
    """The street without the words every street union's name ends with."""
    return (row.street_name or "").removesuffix("总工会").removesuffix("街道")


def class_name(row: Any) -> str:
    return names("employer_class").get(row.employer_class, "")


def industry_name(row: Any) -> str:
    return names("industry", row.industry_edition).get(row.industry, "")


EMPLOYERS = Sheet(
    "register.employers",
    _("单位"),
    columns=(
        Column(
            "name",
            _("单位名称"),
            sort="name_pinyin",
            link=True,
            filter=Contains("name", _("名称、代码或拼音首字母"), path=named),
        ),
        Column("uscc", _("统一社会信用代码"), shown=False, sort="uscc"),
        Column("street", _("街道"), accessor=short_street, sort="street_path", p3=True),
        Column("headcount", _("职工"), kind="number", sort="headcount"),
        Column("headcount_on", _("人数日期"), kind="date", sort="headcount_on", shown=False),
        Column(
            "coverage",
            _("建会"),
            kind="state",
            accessor=lambda row: COVERAGE_STATES[CoverageState(row.coverage)],
            sort="coverage",
            filter=Choice("coverage", _("建会"), choices=CoverageState.choices),
        ),
        Column("organisation", _("归口工会"), accessor="holder_name", p3=True),
        Column("employer_class", _("单位类别"), accessor=class_name, sort="employer_class", p3=True),
        Column("industry", _("行业"), accessor=industry_name, sort="industry", shown=False),
        Column(
            "is_non_public", _("非公"), kind="bool", shown=False, filter=YesNo("non_public", _("非公"), path="is_non_public")
        ),
        Column("entered_on", _("入册日期"), kind="date", sort="entered_on", shown=False),
        Column(
            "state",
            _("状态"),
            kind="state",
            accessor=lambda row: EMPLOYER_FLOW.state(row.state),
            sort="state",
            filter=Choice("state", _("状态"), choices=EMPLOYER_FLOW.choices),
        ),
    ),
    filters=(
        Choice("street", _("街道"), choices=street_choices),
        AtLeast("workers_min", _("职工"), path="headcount", unit=_("人")),
        AtMost("workers_max", _("职工"), path="headcount", unit=_("人")),
        Choice("class", _("单位类别"), path="employer_class", choices=lambda actor: choices("employer_class", today())),
        YesNo("party", _("党组织"), path="has_party_organisation", yes=_("有党组织"), no=_("没有党组织")),
        YesNo("dispatch", _("劳务派遣"), path="is_dispatch_firm", yes=_("派遣单位"), no=_("非派遣单位")),
    ),
    saved=(
        SavedFilter("uncovered", _("未建会"), {"coverage": "none", "state": "active"}),
        SavedFilter("big_uncovered", _("百人以上未建会"), {"coverage": "none", "state": "active", "workers_min": "100"}),
        SavedFilter("party_uncovered", _("有党组织未建会"), {"coverage": "none", "state": "active", "party": "1"}),
        SavedFilter("struck_off", _("已剔除"), {"state": "struck_off"}),
    ),
    default_sort="name",
    unit=_("家"),
)

UNIONS = Sheet(
    "register.unions",
    _("工会组织"),
    columns=(
        Column(
            "name",
            _("工会名称"),
            sort="name_pinyin",
            link=True,
            filter=Contains("name", _("名称、代码或拼音首字母"), path=named),
        ),
        Column(
            "kind", _("类型"), accessor="get_kind_display", sort="kind", filter=Choice("kind", _("类型"), choices=Kind.choices)
        ),
        Column("chair", _("主席")),
        Column("parent", _("上级工会"), accessor="parent_name", p3=True),
        Column("founded_on", _("批复日期"), kind="date", sort="founded_on"),
        Column("uscc", _("统一社会信用代码"), shown=False, sort="uscc"),
        Column("approval_document", _("批复文号"), shown=False),
        Column(
            "state",
            _("状态"),
            kind="state",
            accessor=lambda row: UNION_FLOW.state(row.state),
            sort="state",
            filter=Choice("state", _("状态"), choices=UNION_FLOW.choices),
        ),
    ),
    filters=(
        Choice("managing", _("主管工会"), path=under_managing, choices=managing_choices),
        Choice("joint_basis", _("联合方式"), choices=JointBasis.choices),
    ),
    saved=(
        SavedFilter("proposed", _("待批复"), {"state": "proposed"}),
        SavedFilter("own", _("单独建会"), {"kind": "own", "state": "active"}),
        SavedFilter("joint", _("联合工会"), {"kind": "joint", "state": "active"}),
    ),
    default_sort="name",
    unit=_("个"),
)

CONTACTS = Sheet(
    "register.contacts",
    _("通讯录"),
    columns=(
        Column("name", _("姓名"), sort="name", filter=Contains("name", _("姓名"))),
        Column(
            "post",
            _("职务"),
            accessor=lambda row: names("post").get(row.post, row.post),
            sort="post",
            filter=Choice("post", _("职务"), choices=lambda actor: choices("post", today())),
        ),
        Column("of", _("所在工会或单位"), accessor=lambda row: (row.union or row.employer).name, link=True),
        Column("phone", _("电话"), accessor="phone_masked"),
        Column("checked_on", _("核对日期"), kind="date", sort="checked_on"),
    ),
    default_sort="post",
    unit=_("人"),
)

STRIKE_OFFS = Sheet(
    "register.strike_offs",
    _("剔除申报"),
    columns=(
        Column("employer", _("单位名称"), accessor="employer.name", sort="employer__name_pinyin", link=True),
        Column(
            "reason",
            _("原因"),
            accessor=lambda row: names("strike_off_reason").get(row.reason, row.reason),
            filter=Choice("reason", _("原因"), choices=lambda actor: choices("strike_off_reason", today())),
        ),
        Column("organisation", _("申报工会"), accessor="proposer_name", p3=True),
        Column("proposed_by", _("申报人"), accessor="proposed_by.name", p3=True),
        Column("proposed_on", _("申报日期"), kind="date", sort="proposed_on"),
        Column("decided_on", _("审核日期"), kind="date", sort="decided_on"),
        Column(
            "state",
            _("状态"),
            kind="state",
            accessor=lambda row: STRIKE_OFF_FLOW.state(row.state),
            sort="state",
            filter=Choice("state", _("状态"), choices=STRIKE_OFF_FLOW.choices),
        ),
    ),
    saved=(SavedFilter("proposed", _("待审核"), {"state": "proposed"}),),
    default_sort="-proposed_on",
    unit=_("件"),
)

FIGURE_EMPLOYERS = Sheet(
    "register.figure_employers",
    _("单位"),
    columns=(
        Column("name", _("单位名称"), sort="name_pinyin", link=True),
        Column("managing", _("主管工会"), accessor="managing_name"),
        Column("workers", _("职工"), kind="number", accessor="workers_then", sort="workers_then"),
        Column(
            "coverage",
            _("建会"),
            kind="state",
            accessor=lambda row: COVERAGE_STATES[CoverageState(row.form_then or "none")],
            sort="form_then",
        ),
    ),
    default_sort="name",
    unit=_("家"),
)

FIGURE_UNIONS = Sheet(
    "register.figure_unions",
    _("工会组织"),
    columns=(
        Column("name", _("工会名称"), sort="name_pinyin", link=True),
        Column("kind", _("类型"), accessor="get_kind_display", sort="kind"),
        Column("managing", _("主管工会"), accessor="managing_name"),
        Column("founded_on", _("批复日期"), kind="date", sort="founded_on"),
    ),
    default_sort="name",
    unit=_("个"),
)
