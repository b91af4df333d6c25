"""The lists of the register: one declaration each for list page, columns, filters, and later import and export."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from gonghui.areas.register import queries
from gonghui.areas.register.rules import EMPLOYER_FLOW, STRIKE_OFF_FLOW, CoverageState, Extent
from gonghui.core.exchange.exports import exportable
from gonghui.core.organisations.models import UNION_FLOW, JointBasis, Kind
from gonghui.core.organisations.queries import territories
from gonghui.core.reference.queries import choices, names
from gonghui.kit import uscc
from gonghui.kit.columns import AtLeast, AtMost, BadValue, Choice, Column, Contains, SavedFilter, Sheet, YesNo
from gonghui.kit.dates import today
from gonghui.kit.flow import State
from gonghui.kit.intake import Intake, code, day, phone, whole, words, yes_no
from gonghui.kit.mending import a_credit_code, a_mobile
from gonghui.kit.text import plain

HEADS = queries.WORDS["heads"]

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
    return rows.filter(placements__managing__in=values, placements__valid__upper_inf=True)


def short_street(row: Any) -> str:
    """The street without the words every street union's name ends with."""
    return short(row.street_name or "")


def short(name: str) -> str:
    """A street union's name as a column of streets shows it."""
    return name.removesuffix("总工会").removesuffix("街道")


def class_name(row: Any) -> str:
    return names("employer_class").get(row.employer_class, "")


def industry_name(row: Any) -> str:
    return names("industry", row.industry_edition).get(row.industry, "")


def credit_code(text: str) -> str:
    """A credit code, its check character checked (GB 32100)."""
    try:
        return uscc.checked(code(text))
    except uscc.BadCode as error:
        raise BadValue(str(error)) from error


def employer_code(text: str) -> str:
    """An employer's credit code; a union's begins with 8."""
    if (found := credit_code(text)).startswith("8"):
        raise BadValue(_("以 8 开头的是工会自己的代码，请填单位的代码"))
    return found


def union_code(text: str) -> str:
    """A union's own credit code."""
    if not (found := credit_code(text)).startswith("8"):
        raise BadValue(_("工会的代码以 8 开头；这看起来是单位的代码"))
    return found


def telephone(text: str) -> str:
    """A number, or one masked as lists and exports show it, which says nothing new."""
    return plain(text) if "****" in text else phone(text)


def industry_words(text: str) -> str:
    """A section of the 2017 classification. The numbers 01–20 of older union forms follow the order of 2002 (union_forms.json)."""
    if plain(text).isdigit():
        raise BadValue(_("“%(code)s”分不清是哪一版行业分类，请填 A 到 T 的字母或门类名称") % {"code": plain(text)[:8]})
    return text


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
            intake=Intake(
                words(120),
                heads=HEADS["employers"]["name"],
                is_required=True,
            ),
        ),
        Column(
            "uscc",
            _("统一社会信用代码"),
            shown=False,
            sort="uscc",
            intake=Intake(
                employer_code,
                mends=a_credit_code,
                heads=HEADS["employers"]["uscc"],
                hint=_("18 位；请把这一列设为“文本”"),
            ),
        ),
        Column(
            "street",
            _("街道"),
            accessor=short_street,
            sort="street_path",
            p3=True,
            intake=Intake(
                words(60),
                heads=HEADS["employers"]["street"],
                is_fixed=True,
                hint=_("街道、乡镇的名称或代码；不填为导入的工会所在街道"),
            ),
        ),
        Column(
            "headcount",
            _("职工"),
            kind="number",
            sort="headcount",
            intake=Intake(whole, heads=HEADS["employers"]["headcount"]),
        ),
        Column(
            "headcount_on",
            _("人数日期"),
            kind="date",
            sort="headcount_on",
            shown=False,
            intake=Intake(day, heads=HEADS["employers"]["headcount_on"], hint=_("不填为今天")),
        ),
        Column(
            "coverage",
            _("建会"),
            kind="state",
            accessor=lambda row: COVERAGE_STATES[CoverageState(row.coverage)],
            sort="coverage",
            filter=Choice("coverage", _("建会"), choices=CoverageState.choices),
        ),
        Column(
            "organisation",
            _("归口工会"),
            accessor="holder_name",
            p3=True,
            intake=Intake(
                words(120), heads=HEADS["employers"]["organisation"], is_fixed=True, hint=_("街道或系统工会的名称；不填按街道")
            ),
        ),
        Column(
            "employer_class",
            _("单位类别"),
            accessor=class_name,
            sort="employer_class",
            p3=True,
            intake=Intake(
                heads=HEADS["employers"]["employer_class"],
                choices=lambda actor: choices("employer_class", today()),
            ),
        ),
        Column(
            "industry",
            _("行业"),
            accessor=industry_name,
            sort="industry",
            shown=False,
            intake=Intake(
                industry_words,
                heads=HEADS["employers"]["industry"],
                choices=lambda actor: choices("industry", today(), "2017"),
            ),
        ),
        Column(
            "is_non_public", _("非公"), kind="bool", shown=False, filter=YesNo("non_public", _("非公"), path="is_non_public")
        ),
        Column("address", _("地址"), shown=False, intake=Intake(words(200), heads=HEADS["employers"]["address"])),
        Column(
            "is_state_controlled",
            _("国有控股"),
            kind="bool",
            shown=False,
            intake=Intake(yes_no, heads=HEADS["employers"]["is_state_controlled"]),
        ),
        Column(
            "has_party_organisation",
            _("有党组织"),
            kind="bool",
            shown=False,
            intake=Intake(yes_no, heads=HEADS["employers"]["has_party_organisation"]),
        ),
        Column(
            "is_dispatch_firm",
            _("劳务派遣单位"),
            kind="bool",
            shown=False,
            intake=Intake(yes_no, heads=HEADS["employers"]["is_dispatch_firm"]),
        ),
        Column(
            "entered_on",
            _("入册日期"),
            kind="date",
            sort="entered_on",
            shown=False,
            intake=Intake(day, heads=HEADS["employers"]["entered_on"], is_fixed=True, hint=_("不填为今天")),
        ),
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
    hidden={"state": "merged"},
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
            intake=Intake(words(120), heads=HEADS["unions"]["name"], is_required=True),
        ),
        Column(
            "kind",
            _("类型"),
            accessor="get_kind_display",
            sort="kind",
            filter=Choice("kind", _("类型"), choices=Kind.choices),
            intake=Intake(heads=HEADS["unions"]["kind"], choices=Kind.choices, is_required=True, is_fixed=True),
        ),
        Column("chair", _("主席")),
        Column(
            "parent",
            _("上级工会"),
            accessor="parent_name",
            p3=True,
            intake=Intake(
                words(120),
                heads=HEADS["unions"]["parent"],
                is_fixed=True,
                hint=_("名称或代码；可以是同一张表里的另一行；不填为导入的工会"),
            ),
        ),
        Column(
            "founded_on",
            _("批复日期"),
            kind="date",
            sort="founded_on",
            intake=Intake(day, heads=HEADS["unions"]["founded_on"], is_required=True, is_fixed=True),
        ),
        Column(
            "uscc",
            _("统一社会信用代码"),
            shown=False,
            sort="uscc",
            intake=Intake(
                union_code,
                mends=a_credit_code,
                heads=HEADS["unions"]["uscc"],
                hint=_("以 81 开头；请把这一列设为“文本”"),
            ),
        ),
        Column(
            "approval_document",
            _("批复文号"),
            shown=False,
            intake=Intake(words(60), heads=HEADS["unions"]["approval_document"]),
        ),
        Column(
            "joint_basis",
            _("联合方式"),
            accessor="get_joint_basis_display",
            shown=False,
            intake=Intake(
                heads=HEADS["unions"]["joint_basis"], choices=JointBasis.choices, is_fixed=True, hint=_("联合工会必填")
            ),
        ),
        Column(
            "keeps_own_funds",
            _("单独建账"),
            kind="bool",
            shown=False,
            intake=Intake(yes_no, heads=HEADS["unions"]["keeps_own_funds"]),
        ),
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
    hidden={"state": "merged"},
    unit=_("个"),
)

CONTACTS = Sheet(
    "register.contacts",
    _("通讯录"),
    columns=(
        Column(
            "name",
            _("姓名"),
            sort="name",
            filter=Contains("name", _("姓名")),
            intake=Intake(words(60), heads=HEADS["contacts"]["name"], is_required=True),
        ),
        Column(
            "post",
            _("职务"),
            accessor=lambda row: names("post").get(row.post, row.post),
            sort="post",
            filter=Choice("post", _("职务"), choices=lambda actor: choices("post", today())),
            intake=Intake(heads=HEADS["contacts"]["post"], choices=lambda actor: choices("post", today()), is_required=True),
        ),
        Column(
            "of",
            _("所在工会或单位"),
            accessor=lambda row: (row.union or row.employer).name,
            link=True,
            intake=Intake(
                words(120),
                heads=HEADS["contacts"]["of"],
                is_required=True,
                hint=_("名称、信用代码或记录编号"),
            ),
        ),
        Column(
            "phone",
            _("电话"),
            accessor="phone_masked",
            intake=Intake(telephone, heads=HEADS["contacts"]["phone"], is_personal=True, mends=a_mobile),
        ),
        Column("checked_on", _("核对日期"), kind="date", sort="checked_on"),
    ),
    default_sort="post",
    unit=_("人"),
)

COVERAGES = Sheet(
    "register.coverages",
    _("覆盖"),
    columns=(
        Column(
            "employer",
            _("单位名称"),
            intake=Intake(
                words(120),
                heads=HEADS["coverages"]["employer"],
                is_required=True,
                hint=_("名称、信用代码或记录编号"),
            ),
        ),
        Column(
            "union",
            _("工会名称"),
            accessor="union_name",
            intake=Intake(
                words(120),
                heads=HEADS["coverages"]["union"],
                is_required=True,
                hint=_("名称、信用代码或记录编号"),
            ),
        ),
        Column(
            "since",
            _("从哪天起"),
            kind="date",
            accessor="valid.lower",
            intake=Intake(day, heads=HEADS["coverages"]["since"], is_required=True, is_fixed=True),
        ),
        Column(
            "extent",
            _("覆盖范围"),
            accessor="get_extent_display",
            intake=Intake(heads=HEADS["coverages"]["extent"], choices=Extent.choices, is_fixed=True, hint=_("不填为整个单位")),
        ),
        Column("basis", _("依据"), intake=Intake(words(120), heads=HEADS["coverages"]["basis"], is_fixed=True)),
    ),
    unit=_("条"),
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

exportable(EMPLOYERS, permission="register.view", rows=queries.employers)
exportable(UNIONS, permission="register.view", rows=queries.unions)
exportable(CONTACTS, permission="register.view", rows=lambda actor: queries.contacts(actor, today()))
exportable(COVERAGES, permission="register.view", rows=lambda actor: queries.coverages(actor, today()))
exportable(STRIKE_OFFS, permission="register.view", rows=queries.strike_offs)
