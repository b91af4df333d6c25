"""Stocks of employers: how many there are on a day, and how many of them a union covers."""

import datetime as dt
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from gonghui.areas.register.figures.dimensions import EMPLOYER_DIMENSIONS
from gonghui.areas.register.figures.reasons import COVERAGE, REGISTER
from gonghui.areas.register.figures.rows import ELIGIBLE, REGISTERED, on_the_register, shown
from gonghui.areas.register.figures.spans import kept
from gonghui.areas.register.rules import CoverageForm
from gonghui.areas.register.sheets import FIGURE_EMPLOYERS
from gonghui.core.figures.registry import Account, Figure, Scope, figure, ratio
from gonghui.kit.text import Text

IN_SPANS = {"covered__isnull": "form__isnull", "covered__form": "form"}
"""What the facts of a day are called in spans, where it differs."""


def stock(
    code: str,
    label: Text,
    definition: Text,
    account: Account,
    states: tuple[str, ...] = ELIGIBLE,
    *,
    counts_workers: bool = False,
    **conditions: Any,
) -> Figure:
    """The employers in some states under some conditions on the day's facts, or their workers."""
    in_spans = {IN_SPANS.get(name, name): value for name, value in conditions.items()}

    def rows(scope: Scope, on: dt.date) -> QuerySet[Any]:
        return on_the_register(scope, on, states, **conditions)

    declared = figure(
        code,
        label=label,
        unit=_("人") if counts_workers else _("家"),
        definition=definition,
        sheet=FIGURE_EMPLOYERS,
        show=shown,
        dimensions=EMPLOYER_DIMENSIONS,
        account=account,
        measure=Sum("counted__count") if counts_workers else Count("pk"),
        kept=lambda scope, on: kept(scope, on, states, counts_workers=counts_workers, **in_spans),
    )
    return declared(rows)


employers = stock("employers", _("在册单位"), _("当日在册的用人单位，含已剔除的；不含注销、迁出的。"), REGISTER, REGISTERED)
eligible_employers = stock("eligible_employers", _("应建会单位"), _("当日在册、未被剔除的用人单位：建会率的分母。"), REGISTER)
eligible_non_public = stock(
    "eligible_non_public",
    _("应建会非公单位"),
    _("应建会单位中的非公单位：私营、港澳台商、外商、个体，以及非国有控股的有限责任和股份有限公司。"),
    REGISTER,
    is_non_public=True,
)
struck_off_employers = stock(
    "struck_off_employers", _("已剔除单位"), _("当日处于剔除状态的用人单位。"), REGISTER, ("struck_off",)
)
workers = stock(
    "workers", _("职工"), _("应建会单位当日有效的职工人数之和（按劳动合同，取最近一次登记）。"), REGISTER, counts_workers=True
)
covered_employers = stock(
    "covered_employers",
    _("建会单位"),
    _("应建会单位中，当日被一个工会整体覆盖的（单独建会或联合工会覆盖）。数的是单位，不是工会。"),
    COVERAGE,
    covered__isnull=False,
)
covered_own = stock(
    "covered_own", _("单独建会单位"), _("建会单位中，由本单位自己的工会覆盖的。"), COVERAGE, covered__form=CoverageForm.OWN
)
covered_joint = stock(
    "covered_joint",
    _("联合工会覆盖单位"),
    _("建会单位中，由社区、楼宇、园区、行业等联合工会覆盖的。"),
    COVERAGE,
    covered__form=CoverageForm.JOINT,
)
uncovered_employers = stock(
    "uncovered_employers", _("未建会单位"), _("应建会单位中，当日没有工会整体覆盖的。"), COVERAGE, covered__isnull=True
)
covered_non_public = stock(
    "covered_non_public",
    _("建会非公单位"),
    _("应建会非公单位中，当日被一个工会整体覆盖的。"),
    COVERAGE,
    covered__isnull=False,
    is_non_public=True,
)
covered_workers = stock(
    "covered_workers",
    _("建会单位职工"),
    _("建会单位当日有效的职工人数之和（按劳动合同）：入会率（建会单位）的分母。"),
    COVERAGE,
    counts_workers=True,
    covered__isnull=False,
)
dispatch_firms_covered = stock(
    "dispatch_firms_covered",
    _("建会劳务派遣单位"),
    _("建会单位中的劳务派遣单位。"),
    COVERAGE,
    covered__isnull=False,
    is_dispatch_firm=True,
)
dispatch_workers = stock(
    "dispatch_workers",
    _("劳务派遣职工"),
    _("应建会的劳务派遣单位当日有效的职工人数之和（按劳动合同，不按用工单位）。"),
    REGISTER,
    counts_workers=True,
    is_dispatch_firm=True,
)
dispatch_workers_concerned = stock(
    "dispatch_workers_concerned",
    _("建会涉及劳务派遣职工"),
    _("建会的劳务派遣单位的职工人数之和：是涉及的职工，不是会员。"),
    COVERAGE,
    counts_workers=True,
    covered__isnull=False,
    is_dispatch_firm=True,
)
DISPATCH_SHARE = ratio(
    "dispatch_share",
    label=_("劳务派遣职工建会涉及占比"),
    definition=_("建会涉及劳务派遣职工 ÷ 劳务派遣职工。"),
    above=dispatch_workers_concerned,
    below=dispatch_workers,
)
COVERAGE_RATE = ratio(
    "coverage_rate",
    label=_("建会率"),
    definition=_("建会单位 ÷ 应建会单位（在册、未被剔除的全部单位）。"),
    above=covered_employers,
    below=eligible_employers,
)
COVERAGE_RATE_NON_PUBLIC = ratio(
    "coverage_rate_non_public",
    label=_("非公建会率"),
    definition=_("建会非公单位 ÷ 应建会非公单位（筛查剔除之后）。"),
    above=covered_non_public,
    below=eligible_non_public,
)
COVERAGE_RATE_UNSCREENED = ratio(
    "coverage_rate_unscreened",
    label=_("未筛查的建会率"),
    definition=_("建会单位 ÷ 在册单位（不扣除已剔除的），供与建会率对照。"),
    above=covered_employers,
    below=employers,
)
