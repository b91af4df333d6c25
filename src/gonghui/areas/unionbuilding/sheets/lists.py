"""The lists about other authorities' lists: editions, their firms, their differences, pairs, what payments and register disagree about."""

from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from gonghui.areas.register.rules import CoverageState
from gonghui.areas.unionbuilding import queries
from gonghui.areas.unionbuilding.rules import (
    EDITION_FLOW,
    MATCH_STATES,
    TAX_MATTER_FLOW,
    DifferenceKind,
    ListKind,
    TaxMatterKind,
)
from gonghui.core.exchange.exports import exportable
from gonghui.core.reference.queries import choices, names
from gonghui.kit.columns import AtLeast, Choice, Column, Contains, SavedFilter, Sheet, YesNo
from gonghui.kit.dates import today


def edition_choices(actor: Any) -> list[tuple[str, str]]:
    """The editions the actor knows of, newest first."""
    return [(str(one.pk), str(one)) for one in queries.editions(actor)[:60]]


def coverage_name(row: Any) -> str:
    """What covers the employer that a firm is taken for; nothing where it is none."""
    return str(CoverageState(row.coverage).label) if row.coverage else ""


def by_edition(path: str = "edition") -> Choice:
    """Of which edition."""
    return Choice("edition", _("名单版次"), path=path, choices=edition_choices)


def named(rows: Any, word: str) -> Any:
    """Firms of this name or with a code that begins so."""
    return rows.named(word)


def said(row: Any, value: str) -> str:
    """What a list said: amounts with their thousands."""
    return f"{Decimal(value):,.2f}" if value and row.kind == DifferenceKind.PAYING else value


def reasons(row: Any) -> str:
    """The evidence of a pair in one line, in the language of the screen."""
    language = "en" if (get_language() or "").startswith("en") else "zh"
    between = ", " if language == "en" else "，"
    return between.join(one[language] for one in row.evidence if one[language])


def per_cent(row: Any) -> int:
    """How likely a pair is the same firm."""
    return round(100 * float(row.probability))


EDITIONS = Sheet(
    "unionbuilding.editions",
    _("名单版次"),
    columns=(
        Column(
            "kind",
            _("名单"),
            accessor="get_kind_display",
            sort="kind",
            link=True,
            filter=Choice("kind", _("名单种类"), choices=ListKind.choices),
        ),
        Column("as_of", _("截至日期"), kind="date", sort=("as_of", "pk")),
        Column("organisation", _("载入工会"), accessor="holder_name", p3=True),
        Column("firms", _("家数"), kind="number", sort="firms"),
        Column("lines", _("行数"), kind="number", sort="lines", p3=True),
        Column("loaded_on", _("载入日期"), kind="date", sort="loaded_on", p3=True),
        Column("matched_on", _("比对日期"), kind="date", sort="matched_on", shown=False),
        Column("headcounts_on", _("人数采用日期"), kind="date", sort="headcounts_on", shown=False),
        Column("telephones_on", _("电话采用日期"), kind="date", sort="telephones_on", shown=False),
        Column(
            "state",
            _("状态"),
            kind="state",
            accessor=lambda row: EDITION_FLOW.state(row.state),
            sort="state",
            filter=Choice("state", _("状态"), choices=EDITION_FLOW.choices),
        ),
    ),
    saved=(
        SavedFilter("tax", _("税务代收"), {"kind": "tax"}),
        SavedFilter("registry", _("法人登记"), {"kind": "registry"}),
    ),
    default_sort="-as_of",
    unit=_("份"),
)

ENTRIES = Sheet(
    "unionbuilding.entries",
    _("名单企业"),
    columns=(
        Column("name", _("名称"), sort="name", link=True, filter=Contains("name", _("名称或代码"), path=named)),
        Column("code", _("代码或税号"), sort="code", p3=True),
        Column("edition", _("名单版次"), accessor="edition", p3=True),
        Column("street_text", _("街道"), sort="street_text", p3=True),
        Column("organisation", _("工会组织"), accessor="holder_name", shown=False),
        Column("address", _("地址"), shown=False),
        Column("legal_person", _("法定代表人"), shown=False),
        Column("phone", _("电话"), accessor="phone_masked", shown=False),
        Column(
            "headcount",
            _("从业人数"),
            kind="number",
            sort="headcount",
            filter=AtLeast("workers", _("从业人数"), path="headcount", unit=_("人")),
        ),
        Column("funds_paid", _("实缴工会经费"), kind="number", sort="funds_paid", p3=True),
        Column("reserve_paid", _("实缴建会筹备金"), kind="number", sort="reserve_paid", shown=False),
        Column("employer", _("对上的单位"), accessor=lambda row: row.employer_name or ""),
        Column("coverage", _("建会"), accessor=coverage_name),
        Column("standing", _("登记状态"), shown=False),
        Column("industry", _("行业"), shown=False),
        Column("founded_on", _("成立日期"), kind="date", shown=False),
    ),
    filters=(
        by_edition(),
        YesNo("known", _("单位名册"), path="is_known", yes=_("已对上"), no=_("没有对上")),
        Choice("coverage", _("建会"), choices=CoverageState.choices),
        YesNo(
            "funds",
            _("工会经费"),
            path=lambda rows, value: rows.filter(funds_paid__gt=0) if value else rows.filter(funds_paid=0),
            yes=_("已缴"),
            no=_("未缴"),
        ),
        YesNo(
            "reserve",
            _("建会筹备金"),
            path=lambda rows, value: rows.filter(reserve_paid__gt=0) if value else rows.filter(reserve_paid=0),
            yes=_("已缴"),
            no=_("未缴"),
        ),
    ),
    saved=(
        SavedFilter("unknown", _("没有对上"), {"known": "0"}),
        SavedFilter("big", _("百人以上未建会"), {"workers": "100", "coverage": "none"}),
    ),
    default_sort="-headcount",
    unit=_("家"),
)

DIFFERENCES = Sheet(
    "unionbuilding.differences",
    _("名单变化"),
    columns=(
        Column("name", _("名称"), sort="name", link=True, filter=Contains("name", _("名称"))),
        Column(
            "kind",
            _("变化"),
            accessor="get_kind_display",
            sort="kind",
            filter=Choice("kind", _("变化"), choices=DifferenceKind.choices),
        ),
        Column("old", _("原来"), accessor=lambda row: said(row, row.old)),
        Column("new", _("现在"), accessor=lambda row: said(row, row.new)),
        Column(
            "headcount",
            _("从业人数"),
            kind="number",
            sort="headcount",
            filter=AtLeast("workers", _("从业人数"), path="headcount", unit=_("人")),
        ),
        Column("coverage", _("建会"), accessor=coverage_name),
        Column("organisation", _("工会组织"), accessor="holder_name", p3=True),
        Column("edition", _("名单版次"), accessor="edition", shown=False),
    ),
    filters=(by_edition(), Choice("coverage", _("建会"), choices=CoverageState.choices)),
    saved=tuple(SavedFilter(kind.value, kind.label, {"kind": kind.value}) for kind in DifferenceKind),
    default_sort="-headcount",
    unit=_("项"),
)

MATCHES = Sheet(
    "unionbuilding.matches",
    _("名单比对"),
    columns=(
        Column(
            "name",
            _("名单里的名称"),
            accessor="entry.name",
            sort="entry__name",
            link=True,
            filter=Contains("name", _("名称"), path=("entry__name", "employer__name")),
        ),
        Column("employer", _("单位名册"), accessor="employer.name", sort="employer__name_pinyin"),
        Column("workers", _("职工人数"), kind="number", sort="workers"),
        Column("probability", _("可能性（%）"), kind="number", accessor=per_cent, sort="probability"),
        Column("evidence", _("依据"), accessor=reasons, p3=True),
        Column("edition", _("名单版次"), accessor="edition", shown=False),
        Column("organisation", _("工会组织"), accessor="holder_name", shown=False),
        Column("decided_by", _("判定人"), accessor=lambda row: row.decided_by.name if row.decided_by else "", shown=False),
        Column("decided_at", _("判定时间"), kind="date", sort="decided_at", shown=False),
        Column(
            "state",
            _("判定"),
            kind="state",
            accessor=lambda row: MATCH_STATES[row.state],
            sort="state",
            filter=Choice("state", _("判定"), choices=[(code, one.label) for code, one in MATCH_STATES.items()]),
        ),
    ),
    filters=(by_edition(),),
    saved=tuple(SavedFilter(code, one.label, {"state": code}) for code, one in MATCH_STATES.items()),
    default_sort="-workers",
    unit=_("对"),
)

TAX_MATTERS = Sheet(
    "unionbuilding.tax_matters",
    _("税务核对"),
    columns=(
        Column("name", _("名称"), sort="name", link=True, filter=Contains("name", _("名称"))),
        Column(
            "kind",
            _("事项"),
            accessor="get_kind_display",
            sort="kind",
            filter=Choice("kind", _("事项"), choices=TaxMatterKind.choices),
        ),
        Column(
            "headcount",
            _("职工人数"),
            kind="number",
            sort="headcount",
            filter=AtLeast("workers", _("职工人数"), path="headcount", unit=_("人")),
        ),
        Column("paid", _("实缴工会经费"), kind="number", sort="paid"),
        Column("unpaid_periods", _("未缴期数"), kind="number", sort="unpaid_periods", p3=True),
        Column("organisation", _("答复工会"), accessor="holder_name", p3=True),
        Column("edition", _("名单版次"), accessor="edition", p3=True),
        Column(
            "answer",
            _("答复"),
            accessor=lambda row: names("tax_matter_answer").get(row.answer, ""),
            filter=Choice("answer", _("答复"), choices=lambda actor: choices("tax_matter_answer", today())),
        ),
        Column("note", _("说明"), shown=False),
        Column("answered_on", _("答复日期"), kind="date", sort="answered_on", shown=False),
        Column(
            "state",
            _("状态"),
            kind="state",
            accessor=lambda row: TAX_MATTER_FLOW.state(row.state),
            sort="state",
            filter=Choice("state", _("状态"), choices=TAX_MATTER_FLOW.choices),
        ),
    ),
    filters=(by_edition(),),
    saved=(
        SavedFilter("open", _("待答复"), {"state": "open"}),
        *(SavedFilter(kind.value, kind.label, {"kind": kind.value}) for kind in TaxMatterKind),
    ),
    default_sort="-headcount",
    unit=_("件"),
)

for sheet, rows in (
    (EDITIONS, queries.editions),
    (ENTRIES, queries.entries),
    (DIFFERENCES, queries.differences),
    (MATCHES, queries.matches),
    (TAX_MATTERS, queries.tax_matters),
):
    exportable(sheet, permission="unionbuilding.view", rows=rows)
