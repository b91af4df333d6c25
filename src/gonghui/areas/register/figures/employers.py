"""Stocks of employers: how many there are on a day, and how many of them a union covers."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from gonghui.areas.register.figures.dimensions import EMPLOYER_DIMENSIONS
from gonghui.areas.register.figures.reasons import COVERAGE, REGISTER
from gonghui.areas.register.figures.rows import eligible, on_the_register, shown
from gonghui.areas.register.rules import CoverageForm
from gonghui.areas.register.sheets import FIGURE_EMPLOYERS
from gonghui.core.figures.registry import Scope, figure, ratio


@figure(
    "employers",
    label=_("在册单位"),
    unit=_("家"),
    definition=_("当日在册的用人单位，含已剔除的；不含注销、迁出的。"),
    sheet=FIGURE_EMPLOYERS,
    show=shown,
    dimensions=EMPLOYER_DIMENSIONS,
    account=REGISTER,
)
def employers(scope: Scope, on: dt.date) -> QuerySet[Any]:
    return on_the_register(scope, on)


@figure(
    "eligible_employers",
    label=_("应建会单位"),
    unit=_("家"),
    definition=_("当日在册、未被剔除的用人单位：建会率的分母。"),
    sheet=FIGURE_EMPLOYERS,
    show=shown,
    dimensions=EMPLOYER_DIMENSIONS,
    account=REGISTER,
)
def eligible_employers(scope: Scope, on: dt.date) -> QuerySet[Any]:
    return eligible(scope, on)


@figure(
    "eligible_non_public",
    label=_("应建会非公单位"),
    unit=_("家"),
    definition=_("应建会单位中的非公单位：私营、港澳台商、外商、个体，以及非国有控股的有限责任和股份有限公司。"),
    sheet=FIGURE_EMPLOYERS,
    show=shown,
    dimensions=EMPLOYER_DIMENSIONS,
    account=REGISTER,
)
def eligible_non_public(scope: Scope, on: dt.date) -> QuerySet[Any]:
    return eligible(scope, on, is_non_public=True)


@figure(
    "struck_off_employers",
    label=_("已剔除单位"),
    unit=_("家"),
    definition=_("当日处于剔除状态的用人单位。"),
    sheet=FIGURE_EMPLOYERS,
    show=shown,
    dimensions=EMPLOYER_DIMENSIONS,
    account=REGISTER,
)
def struck_off_employers(scope: Scope, on: dt.date) -> QuerySet[Any]:
    return on_the_register(scope, on, ("struck_off",))


@figure(
    "workers",
    label=_("职工"),
    unit=_("人"),
    definition=_("应建会单位当日有效的职工人数之和（按劳动合同，取最近一次登记）。"),
    sheet=FIGURE_EMPLOYERS,
    show=shown,
    dimensions=EMPLOYER_DIMENSIONS,
    account=REGISTER,
    measure=Sum("counted__count"),
)
def workers(scope: Scope, on: dt.date) -> QuerySet[Any]:
    return eligible(scope, on)


@figure(
    "covered_employers",
    label=_("建会单位"),
    unit=_("家"),
    definition=_("应建会单位中，当日被一个工会整体覆盖的（单独建会或联合工会覆盖）。数的是单位，不是工会。"),
    sheet=FIGURE_EMPLOYERS,
    show=shown,
    dimensions=EMPLOYER_DIMENSIONS,
    account=COVERAGE,
)
def covered_employers(scope: Scope, on: dt.date) -> QuerySet[Any]:
    return eligible(scope, on, covered__isnull=False)


@figure(
    "covered_own",
    label=_("单独建会单位"),
    unit=_("家"),
    definition=_("建会单位中，由本单位自己的工会覆盖的。"),
    sheet=FIGURE_EMPLOYERS,
    show=shown,
    dimensions=EMPLOYER_DIMENSIONS,
    account=COVERAGE,
)
def covered_own(scope: Scope, on: dt.date) -> QuerySet[Any]:
    return eligible(scope, on, covered__form=CoverageForm.OWN)


@figure(
    "covered_joint",
    label=_("联合工会覆盖单位"),
    unit=_("家"),
    definition=_("建会单位中，由社区、楼宇、园区、行业等联合工会覆盖的。"),
    sheet=FIGURE_EMPLOYERS,
    show=shown,
    dimensions=EMPLOYER_DIMENSIONS,
    account=COVERAGE,
)
def covered_joint(scope: Scope, on: dt.date) -> QuerySet[Any]:
    return eligible(scope, on, covered__form=CoverageForm.JOINT)


@figure(
    "uncovered_employers",
    label=_("未建会单位"),
    unit=_("家"),
    definition=_("应建会单位中，当日没有工会整体覆盖的。"),
    sheet=FIGURE_EMPLOYERS,
    show=shown,
    dimensions=EMPLOYER_DIMENSIONS,
    account=COVERAGE,
)
def uncovered_employers(scope: Scope, on: dt.date) -> QuerySet[Any]:
    return eligible(scope, on, covered__isnull=True)


@figure(
    "covered_non_public",
    label=_("建会非公单位"),
    unit=_("家"),
    definition=_("应建会非公单位中，当日被一个工会整体覆盖的。"),
    sheet=FIGURE_EMPLOYERS,
    show=shown,
    dimensions=EMPLOYER_DIMENSIONS,
    account=COVERAGE,
)
def covered_non_public(scope: Scope, on: dt.date) -> QuerySet[Any]:
    return eligible(scope, on, covered__isnull=False, is_non_public=True)


@figure(
    "covered_workers",
    label=_("建会单位职工"),
    unit=_("人"),
    definition=_("建会单位当日有效的职工人数之和（按劳动合同）：入会率（建会单位）的分母。"),
    sheet=FIGURE_EMPLOYERS,
    show=shown,
    dimensions=EMPLOYER_DIMENSIONS,
    account=COVERAGE,
    measure=Sum("counted__count"),
)
def covered_workers(scope: Scope, on: dt.date) -> QuerySet[Any]:
    return eligible(scope, on, covered__isnull=False)


@figure(
    "dispatch_firms_covered",
    label=_("建会劳务派遣单位"),
    unit=_("家"),
    definition=_("建会单位中的劳务派遣单位。"),
    sheet=FIGURE_EMPLOYERS,
    show=shown,
    dimensions=EMPLOYER_DIMENSIONS,
    account=COVERAGE,
)
def dispatch_firms_covered(scope: Scope, on: dt.date) -> QuerySet[Any]:
    return eligible(scope, on, covered__isnull=False, is_dispatch_firm=True)


@figure(
    "dispatch_workers",
    label=_("劳务派遣职工"),
    unit=_("人"),
    definition=_("应建会的劳务派遣单位当日有效的职工人数之和（按劳动合同，不按用工单位）。"),
    sheet=FIGURE_EMPLOYERS,
    show=shown,
    dimensions=EMPLOYER_DIMENSIONS,
    account=REGISTER,
    measure=Sum("counted__count"),
)
def dispatch_workers(scope: Scope, on: dt.date) -> QuerySet[Any]:
    return eligible(scope, on, is_dispatch_firm=True)


@figure(
    "dispatch_workers_concerned",
    label=_("建会涉及劳务派遣职工"),
    unit=_("人"),
    definition=_("建会的劳务派遣单位的职工人数之和：是涉及的职工，不是会员。"),
    sheet=FIGURE_EMPLOYERS,
    show=shown,
    dimensions=EMPLOYER_DIMENSIONS,
    account=COVERAGE,
    measure=Sum("counted__count"),
)
def dispatch_workers_concerned(scope: Scope, on: dt.date) -> QuerySet[Any]:
    return eligible(scope, on, covered__isnull=False, is_dispatch_firm=True)


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
