"""Who works on which prospect until when, what is disputed about it, and who answers for an area."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from gonghui.areas.register.models import Employer
from gonghui.areas.unionbuilding.models.prospects import Prospect
from gonghui.areas.unionbuilding.rules import CLAIM_FLOW, DISPUTE_FLOW, RUNNING_CLAIM
from gonghui.core.actions.dated import Dated, once_a_day
from gonghui.core.actions.holders import path_field
from gonghui.core.actions.models import Public, ScopedQuerySet, tracked
from gonghui.core.actions.walls import Held, Part
from gonghui.core.organisations.models import Organisation


class ClaimQuerySet(ScopedQuerySet["Claim"]):
    """Words of claims."""

    def running(self) -> "ClaimQuerySet":
        """The claims that hold their prospect."""
        return self.filter(state__in=RUNNING_CLAIM)


@tracked(exclude=["remind_on", "call_on", "call_at", "visit_due_on", "caller", "caller_since", "caller_until"])
class Claim(Public):
    """A union works on a prospect for so many working days (认领期); whoever reaches somebody there keeps it.

    Hangs on the employer, so that whoever works on it later sees who did before. When it is next called or gone to stands here as well:
    a new claim begins anew.
    """

    wall = Part("employer")
    sentences = {"unionbuilding_claim_one_running": _("这个单位刚刚被认领，请刷新后再看")}
    objects: ClassVar[ClaimQuerySet] = ClaimQuerySet.as_manager()  # type: ignore[assignment]

    prospect = models.ForeignKey(Prospect, models.PROTECT, related_name="claims", verbose_name=_("建会对象"))
    employer = models.ForeignKey(Employer, models.PROTECT, related_name="+", verbose_name=_("用人单位"))
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("认领工会"))
    origin = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("退回的工会"))
    state = models.CharField(_("认领情况"), max_length=12, choices=CLAIM_FLOW.choices, default="held")
    claimed_on = models.DateField(_("认领日期"))
    until = models.DateField(_("认领到期"))
    remind_on = models.DateField(_("提醒日期"))
    is_tentative = models.BooleanField(_("暂定"), default=False)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("认领人")
    )
    ended_on = models.DateField(_("结束日期"), null=True, blank=True)
    reason = models.CharField(_("原因"), max_length=200, blank=True)
    call_on = models.DateField(_("下次打电话"), null=True, blank=True)
    call_at = models.DateTimeField(_("约定时间"), null=True, blank=True)
    visit_due_on = models.DateField(_("上门期限"), null=True, blank=True)
    caller = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("联系人员")
    )
    caller_since = models.DateTimeField(_("占用起"), null=True, blank=True)
    caller_until = models.DateTimeField(_("占用至"), null=True, blank=True)

    class Meta:
        verbose_name = _("认领")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=CLAIM_FLOW.codes), name="unionbuilding_claim_state_legal"),
            models.UniqueConstraint(
                fields=["prospect"], condition=Q(state__in=RUNNING_CLAIM), name="unionbuilding_claim_one_running"
            ),
        ]
        indexes = [models.Index(fields=["state", "until"], name="unionbuilding_claim_due")]

    def __str__(self) -> str:
        return _now("认领：%(name)s") % {"name": self.prospect.name}

    @staticmethod
    def describe(event: Any, names: Any) -> str:
        said = {"union": names.of(Organisation, event.organisation_id), "day": event.until}
        return _now("%(union)s 认领到 %(day)s") % said


@tracked()
class Dispute(Public):
    """A union says that a prospect which another one has claimed is its own; the district decides, and both see what was decided."""

    wall = Part("claimant", "holder")
    sentences = {"unionbuilding_dispute_one_open": _("这个单位的认领已有异议在等区总工会裁定")}

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="disputes", verbose_name=_("认领"))
    claimant = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("异议工会"))
    holder = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("认领工会"))
    name = models.CharField(_("单位名称"), max_length=120)
    state = models.CharField(_("状态"), max_length=12, choices=DISPUTE_FLOW.choices, default="raised")
    reason = models.CharField(_("理由"), max_length=300)
    raised_on = models.DateField(_("提出日期"))
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("提出人")
    )
    due_on = models.DateField(_("裁定期限"))
    decided_on = models.DateField(_("裁定日期"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("裁定人")
    )
    decision = models.CharField(_("裁定意见"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("认领异议")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=DISPUTE_FLOW.codes), name="unionbuilding_dispute_state_legal"),
            models.UniqueConstraint(fields=["claim"], condition=Q(state="raised"), name="unionbuilding_dispute_one_open"),
        ]

    def __str__(self) -> str:
        return _now("认领异议：%(name)s") % {"name": self.name}

    @property
    def holder_path(self) -> str:
        return self.holder.path


@tracked()
class Charge(Public, Dated):
    """Somebody answers for building unions in an area for some days (包片负责人): a street or system union, or a part of it."""

    wall = Held("organisation")
    sentences = {"unionbuilding_charge_once": _("这个片区在这些日子里已有负责人，请先结束原来的")}

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("街道或系统工会"))
    organisation_path = path_field()
    area = models.CharField(_("片区"), max_length=60, blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("负责人"))

    class Meta:
        verbose_name = _("包片")
        ordering = ["organisation_path", "area", "-valid"]
        constraints = [once_a_day("unionbuilding_charge_once", "organisation", "area")]

    def __str__(self) -> str:
        return f"{self.area or self.organisation}：{self.user.name}"

    @property
    def holder_id(self) -> int:
        return self.organisation_id
