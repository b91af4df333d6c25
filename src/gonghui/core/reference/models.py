"""Regions, code lists, parameters, the working calendar. All dated; none of them belongs to an organisation."""

from typing import Any, ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gonghui.core.actions.models import Public, Scoped, tracked
from gonghui.core.actions.walls import Open


class Region(Scoped):
    """An administrative division (GB/T 2260, statistical codes): district, street or town, community or village."""

    class Level(models.TextChoices):
        DISTRICT = "district", _("区")
        STREET = "street", _("街道（乡镇）")
        COMMUNITY = "community", _("社区（村）")

    wall = Open("administrative divisions are public")
    objects: ClassVar[Any] = models.Manager()

    code = models.CharField(_("代码"), max_length=12, unique=True)
    name = models.CharField(_("名称"), max_length=60)
    level = models.CharField(_("级别"), max_length=12, choices=Level.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    aliases = ArrayField(models.CharField(max_length=60), verbose_name=_("别名"), default=list)
    valid = DateRangeField(_("有效期"))
    has_union_territory = models.BooleanField(
        _("设街道（乡镇）工会"), default=True, help_text=_("统计用的开发区等不设街道工会")
    )
    successor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="predecessors")

    class Meta:
        verbose_name = _("地区")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Code(Scoped):
    """One entry of a code list, in one edition of it (industry classes, employer classes, posts, reasons, departments)."""

    wall = Open("code lists are public standards")
    objects: ClassVar[Any] = models.Manager()

    list = models.CharField(_("代码表"), max_length=40)
    edition = models.CharField(_("版本"), max_length=20, blank=True)
    code = models.CharField(_("代码"), max_length=20)
    name = models.CharField(_("名称"), max_length=80)
    parent_code = models.CharField(_("上级代码"), max_length=20, blank=True)
    valid = DateRangeField(_("有效期"))
    attributes = models.JSONField(_("属性"), default=dict)
    position = models.PositiveIntegerField(_("次序"), default=0)

    class Meta:
        verbose_name = _("代码")
        ordering = ["list", "edition", "position"]
        constraints = [models.UniqueConstraint(fields=["list", "edition", "code"], name="reference_code_once")]

    def __str__(self) -> str:
        return self.name


@tracked()
class Parameter(Public):
    """A number or list that a notice may change, with the days it holds for and the document it rests on."""

    wall = Open("rules that hold for everybody")
    sentences = {"reference_parameter_once_a_day": _("这些日子里已有另一个取值，请先看清生效日期")}

    key = models.CharField(_("代码"), max_length=60)
    label = models.CharField(_("名称"), max_length=80)
    unit = models.CharField(pgettext_lazy("of a number", "单位"), max_length=20, blank=True)
    value = models.JSONField(_("取值"))
    valid = DateRangeField(_("有效期"))
    basis = models.CharField(_("依据"), max_length=200)

    class Meta:
        verbose_name = _("参数")
        ordering = ["key", "valid"]
        constraints = [
            ExclusionConstraint(
                name="reference_parameter_once_a_day",
                expressions=[("key", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
            )
        ]

    def __str__(self) -> str:
        return self.label


@tracked()
class CalendarDay(Public):
    """A day on which work is other than its weekday says: a public holiday (放假), or a weekend worked to make up for it (调休上班).

    Source: the State Council's yearly notice on public holidays. Of a year without any such day the notice is not out yet.
    """

    wall = Open("the working calendar is public")
    sentences = {"reference_calendar_day_once": _("这一天已有安排，请修改原来的那一条")}

    day = models.DateField(_("日期"))
    is_working = models.BooleanField(_("上班"))
    occasion = models.CharField(_("事由"), max_length=40)

    class Meta:
        verbose_name = _("工作日历")
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["day"], name="reference_calendar_day_once")]

    def __str__(self) -> str:
        return f"{self.day} {self.occasion}"
