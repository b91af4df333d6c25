"""How many members there are, who is new, and how many of the workers they are."""

import datetime as dt
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gonghui.areas.members.figures.rows import (
    DIMENSIONS,
    FIGURE_MEMBERS,
    HAPPENED,
    MEMBERS,
    begun,
    ended,
    held,
    kept,
    shown,
)
from gonghui.core.figures.registry import Period, Scope, figure, flow, named, ratio


@figure(
    "members",
    label=pgettext_lazy("figure", "会员"),
    unit=_("人"),
    definition=_("当日会籍正常或接转中的会员，含单体入会的；保留会籍的不计。接转完成之前计在原工会。"),
    sheet=FIGURE_MEMBERS,
    show=shown,
    dimensions=DIMENSIONS,
    account=MEMBERS,
    kept=kept,
)
def members(scope: Scope, on: dt.date) -> QuerySet[Any]:
    return held(scope, on)


@figure(
    "individual_members",
    label=_("单体入会会员"),
    unit=_("人"),
    definition=_("会员中，会籍由街道等上级工会直接管理的；所在单位建会后转入该单位工会。"),
    sheet=FIGURE_MEMBERS,
    show=shown,
    dimensions=DIMENSIONS,
    account=MEMBERS,
    kept=partial(kept, is_individual=True),
)
def individual_members(scope: Scope, on: dt.date) -> QuerySet[Any]:
    return held(scope, on, held__is_individual=True)


@figure(
    "retained_members",
    label=_("保留会籍人员"),
    unit=_("人"),
    definition=_("当日会籍保留的（退休、失业、单位撤销等）：不缴会费，不计入会员。"),
    sheet=FIGURE_MEMBERS,
    show=shown,
    dimensions=DIMENSIONS,
    account=MEMBERS,
    kept=partial(kept, is_retained=True),
)
def retained_members(scope: Scope, on: dt.date) -> QuerySet[Any]:
    return held(scope, on, is_retained=True)


@flow(
    "new_members",
    label=_("新发展会员"),
    unit=_("人"),
    definition=_("期内入会的会员，按会籍开始之日计；会籍接转、恢复会籍的不是新会员。"),
    sheet=FIGURE_MEMBERS,
    show=shown,
    dimensions=DIMENSIONS,
    account=HAPPENED,
)
def new_members(scope: Scope, period: Period) -> QuerySet[Any]:
    return begun(scope, period)


@flow(
    "ended_memberships",
    label=_("会籍终止人员"),
    unit=_("人"),
    definition=_("期内退会、视为自动退会、开除会籍和去世的；接转到别处的不计。"),
    sheet=FIGURE_MEMBERS,
    show=shown,
    dimensions=DIMENSIONS,
    account=HAPPENED,
)
def ended_memberships(scope: Scope, period: Period) -> QuerySet[Any]:
    return ended(scope, period)


JOINING_RATE = ratio(
    "joining_rate",
    label=_("入会率（建会单位职工）"),
    definition=_("会员 ÷ 建会单位职工。含单体入会会员，可能超过 100 %。"),
    above=members,
    below=named("covered_workers"),
)
JOINING_RATE_OF_ALL = ratio(
    "joining_rate_of_all",
    label=_("入会率（应建会单位职工）"),
    definition=_("会员 ÷ 应建会单位职工（含未建会单位的）。"),
    above=members,
    below=named("workers"),
)
