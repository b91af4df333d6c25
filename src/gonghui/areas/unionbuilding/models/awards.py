"""Founding results as score and support, by the rules of their days; confirmed by another person, then they stay as they are."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from gonghui.areas.register.models import Employer
from gonghui.areas.unionbuilding.rules.awards import AWARD_FLOW, Result
from gonghui.core.actions.holders import path_field
from gonghui.core.actions.models import Public, tracked
from gonghui.core.actions.walls import Held, Part
from gonghui.core.organisations.models import Organisation


@tracked()
class Award(Public):
    """What a street or system union has earned with its founding results of a period."""

    wall = Held("organisation")
    sentences = {
        "unionbuilding_award_once": _("这个工会这个期间已经计算过，请重新计算原来的那一份"),
        "unionbuilding_award_two_persons": _("计算的人不能自己确认，请由另一位干部确认"),
    }
    holder_name: str  # as read by queries.awards

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("工会组织"))
    organisation_path = path_field()
    period = DateRangeField(_("期间"))
    state = models.CharField(_("状态"), max_length=12, choices=AWARD_FLOW.choices, default="computed")
    points = models.DecimalField(_("得分"), max_digits=10, decimal_places=2)
    yuan = models.DecimalField(_("支持资金（元）"), max_digits=14, decimal_places=2)
    times = models.PositiveIntegerField(_("计算次数"), default=1)
    computed_on = models.DateField(_("计算日期"))
    computed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("计算人")
    )
    confirmed_on = models.DateField(_("确认日期"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("确认人")
    )

    class Meta:
        verbose_name = _("建会奖补")
        ordering = ["-period", "organisation_path"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "period"], name="unionbuilding_award_once"),
            models.CheckConstraint(condition=Q(state__in=AWARD_FLOW.codes), name="unionbuilding_award_state_legal"),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("computed_by")), name="unionbuilding_award_two_persons"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation} {self.days}"

    @property
    def last_day(self) -> dt.date:
        """The last day that counts."""
        last: dt.date = self.period.upper - dt.timedelta(days=1)
        return last

    @property
    def days(self) -> str:
        """The first and the last day of the period."""
        return f"{self.period.lower} – {self.last_day}"

    @property
    def holder_id(self) -> int:
        return self.organisation_id


@tracked()
class AwardLine(Public):
    """One result that counts, with what it is worth and the document that says so: a copy of the rule as it was that day."""

    wall = Part("award")

    award = models.ForeignKey(Award, models.CASCADE, related_name="lines", verbose_name=_("建会奖补"))
    employer = models.ForeignKey(Employer, models.PROTECT, related_name="+", verbose_name=_("用人单位"))
    name = models.CharField(_("单位名称"), max_length=120)
    result = models.CharField(_("成果"), max_length=12, choices=Result.choices)
    happened_on = models.DateField(_("日期"))
    workers = models.PositiveIntegerField(_("职工人数"), null=True)
    points = models.DecimalField(_("得分"), max_digits=10, decimal_places=2)
    yuan = models.DecimalField(_("支持资金（元）"), max_digits=14, decimal_places=2)
    basis = models.CharField(_("依据"), max_length=300)

    class Meta:
        verbose_name = _("奖补明细")
        ordering = ["happened_on", "pk"]
        constraints = [models.UniqueConstraint(fields=["award", "employer", "result"], name="unionbuilding_award_line_once")]

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def describe(event: Any, names: Any) -> str:
        return _now("%(name)s，%(result)s，%(points)s 分，%(yuan)s 元") % {
            "name": event.name,
            "result": Result(event.result).label,
            "points": event.points,
            "yuan": event.yuan,
        }
