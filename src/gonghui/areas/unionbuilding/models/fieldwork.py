"""What was tried to reach an employer, and what was found out."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from gonghui.areas.register.models import Contact, Employer
from gonghui.areas.unionbuilding.models.prospects import Prospect
from gonghui.areas.unionbuilding.rules import CLOSINGS, REFUSALS, STRIKE_OFFS, AttemptResult, ContactMethod, Outcome
from gonghui.core.actions.models import Public, tracked
from gonghui.core.actions.walls import Part
from gonghui.core.files.models import StoredFile
from gonghui.core.organisations.models import Organisation
from gonghui.core.reference.models import Region
from gonghui.core.reference.queries import names
from gonghui.kit.text import beside


def reason_words(code: str) -> str:
    """The word of a reason, of whichever list it is."""
    return next((names(one)[code] for one in (REFUSALS, CLOSINGS, STRIKE_OFFS) if code in names(one)), code)


@tracked()
class Attempt(Public):
    """One try to reach somebody at an employer (联系记录); it stays with the employer, whoever works on it next."""

    wall = Part("employer")

    employer = models.ForeignKey(Employer, models.PROTECT, related_name="+", verbose_name=_("用人单位"))
    prospect = models.ForeignKey(Prospect, models.PROTECT, related_name="+", verbose_name=_("建会对象"))
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("联系工会"))
    method = models.CharField(_("方式"), max_length=8, choices=ContactMethod.choices)
    result = models.CharField(_("结果"), max_length=12, choices=AttemptResult.choices)
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, related_name="+", verbose_name=_("联系人"))
    on = models.DateField(_("日期"))
    at = models.DateTimeField(_("时间"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("经办人"))
    note = models.CharField(_("说明"), max_length=300, blank=True)
    appointment_at = models.DateTimeField(_("约定时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("联系记录")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["employer", "at"], name="unionbuilding_attempt_of")]

    def __str__(self) -> str:
        return f"{self.get_method_display()}：{self.get_result_display()}"

    @staticmethod
    def describe(event: Any, names: Any) -> str:
        said = f"{ContactMethod(event.method).label}：{AttemptResult(event.result).label}"
        return f"{said}，{event.note}" if event.note else said


@tracked()
class Finding(Public):
    """What was found out about an employer (核实结论): how, when, by whom, with one code for the reason where it says no."""

    wall = Part("employer")

    employer = models.ForeignKey(Employer, models.PROTECT, related_name="+", verbose_name=_("用人单位"))
    prospect = models.ForeignKey(Prospect, models.PROTECT, related_name="+", verbose_name=_("建会对象"))
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("核实工会"))
    method = models.CharField(_("方式"), max_length=8, choices=ContactMethod.choices)
    outcome = models.CharField(_("结论"), max_length=12, choices=Outcome.choices)
    on = models.DateField(_("日期"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("经办人"))
    headcount = models.PositiveIntegerField(_("所见人数"), null=True, blank=True)
    reason = models.CharField(_("原因"), max_length=20, blank=True)
    rests_until = models.DateField(_("暂缓至"), null=True, blank=True)
    region = models.ForeignKey(Region, models.PROTECT, null=True, related_name="+", verbose_name=_("迁往"))
    address = models.CharField(_("新地址"), max_length=200, blank=True)
    same_as = models.ForeignKey(Employer, models.PROTECT, null=True, related_name="+", verbose_name=_("与哪家重复"))
    note = models.CharField(_("说明"), max_length=500, blank=True)
    photo = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+", verbose_name=_("照片"))
    recorded_at = models.DateTimeField(_("登记时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("核实结论")
        ordering = ["-on", "-pk"]
        indexes = [models.Index(fields=["employer", "on"], name="unionbuilding_finding_of")]

    def __str__(self) -> str:
        return f"{self.get_method_display()}：{self.get_outcome_display()}"

    @staticmethod
    def describe(event: Any, names: Any) -> str:
        said = beside((f"{ContactMethod(event.method).label}：{Outcome(event.outcome).label}", reason_words(event.reason)))
        return f"{said}，{event.note}" if event.note else said
