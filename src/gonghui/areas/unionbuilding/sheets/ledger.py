"""The ledger of employers without a union: the big ones, those with a party organisation, street by street and system by system."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from gonghui.areas.unionbuilding import queries
from gonghui.areas.unionbuilding.rules import PROSPECT_FLOW
from gonghui.core.exchange.exports import exportable
from gonghui.core.organisations.models import Kind
from gonghui.core.organisations.queries import territories
from gonghui.core.reference.queries import names
from gonghui.kit.columns import AtLeast, Choice, Column, Contains, SavedFilter, Sheet, YesNo

BIG = "100"  # workers: the bar of the ledger (建会台账)


def named(rows: Any, word: str) -> Any:
    """Employers of this name, or with these first letters of its pinyin."""
    return rows.named(word)


def managing_choices(actor: Any) -> list[tuple[str, str]]:
    """The street and system unions the actor sees."""
    return [(one.path, one.name) for one in territories(actor) if one.kind in (Kind.STREET, Kind.SYSTEM, Kind.INDUSTRY)]


def below(rows: Any, paths: Any) -> Any:
    """Employers of these unions' own ledgers."""
    return rows.filter(queries.held_by_any(paths))


LEDGER = Sheet(
    "unionbuilding.ledger",
    _("未建会台账"),
    columns=(
        Column(
            "name",
            _("单位名称"),
            sort="name_pinyin",
            link=True,
            filter=Contains("name", _("名称或拼音首字母"), path=named),
        ),
        Column("organisation", _("归口工会"), accessor="holder_name"),
        Column("street", _("属地街道工会"), accessor="street_name", shown=False),
        Column(
            "headcount",
            _("职工人数"),
            kind="number",
            sort="headcount",
            filter=AtLeast("workers", _("职工人数"), path="headcount", unit=_("人")),
        ),
        Column("source", _("人数来源"), accessor=lambda row: names("headcount_source").get(row.source or "", ""), p3=True),
        Column("headcount_on", _("人数日期"), kind="date", sort="headcount_on", shown=False),
        Column(
            "party",
            _("有党组织"),
            kind="bool",
            accessor="has_party_organisation",
            p3=True,
            filter=YesNo("party", _("党组织"), path="has_party_organisation", yes=_("有党组织"), no=_("没有党组织")),
        ),
        Column("address", _("地址"), shown=False),
        Column(
            "progress",
            _("建会进度"),
            kind="state",
            accessor=lambda row: PROSPECT_FLOW.state(row.progress) if row.progress else None,
            filter=Choice("progress", _("建会进度"), choices=PROSPECT_FLOW.choices),
        ),
    ),
    filters=(Choice("union", _("街道或系统工会"), path=below, choices=managing_choices),),
    saved=(
        SavedFilter("big", _("百人以上未建会"), {"workers": BIG}),
        SavedFilter("party", _("有党组织未建会"), {"party": "1"}),
    ),
    default_sort="-headcount",
    unit=_("家"),
)

exportable(LEDGER, permission="unionbuilding.view", rows=queries.uncovered)
