"""What a new union still has to do until it is orderly and lively."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gonghui.areas.register.models import Employer
from gonghui.areas.unionbuilding.rules.care import DutyGroup, DutyKind
from gonghui.core.actions.holders import path_field
from gonghui.core.actions.models import Public, tracked
from gonghui.core.actions.walls import Held, Part
from gonghui.core.files.models import StoredFile
from gonghui.core.organisations.models import Organisation


@tracked()
class Aftercare(Public):
    """A union after its founding: with whose help, and since when it is orderly (规范) and lively (活跃).

    Held by the managing union that looks after it, and moves to another with the union.
    """

    wall = Held("organisation")
    sentences = {"unionbuilding_aftercare_once": _("这个工会已在建会后续台账里")}
    holder_name: str  # as read by queries.aftercares
    union_name: str

    union = models.OneToOneField(Organisation, models.PROTECT, related_name="aftercare", verbose_name=_("工会"))
    employer = models.ForeignKey(Employer, models.PROTECT, related_name="+", verbose_name=_("用人单位"))
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("主管工会"))
    organisation_path = path_field()
    founded_on = models.DateField(_("建会日期"))
    orderly_on = models.DateField(_("规范日期"), null=True, blank=True)
    lively_on = models.DateField(_("活跃日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("建会后续")
        ordering = ["-founded_on", "-pk"]

    def __str__(self) -> str:
        return str(self.union)

    @property
    def holder_id(self) -> int:
        return self.organisation_id


@tracked()
class Duty(Public):
    """One thing that makes a union orderly or lively, with its limit; done by hand with evidence, or by what the system learns."""

    wall = Part("aftercare")
    sentences = {"unionbuilding_duty_once": _("这件事已在台账里")}
    holder_name: str  # as read by queries.duties
    union_name: str

    aftercare = models.ForeignKey(Aftercare, models.PROTECT, related_name="duties", verbose_name=_("建会后续"))
    kind = models.CharField(_("事项"), max_length=16, choices=DutyKind.choices)
    group = models.CharField(_("类别"), max_length=12, choices=DutyGroup.choices)
    due_on = models.DateField(_("期限"))
    done_on = models.DateField(_("完成日期"), null=True, blank=True)
    evidence = models.CharField(_("完成情况"), max_length=300, blank=True)
    file = models.ForeignKey(StoredFile, models.SET_NULL, null=True, related_name="+", verbose_name=_("佐证文件"))
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("办理人"))

    class Meta:
        verbose_name = _("后续事项")
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["aftercare", "kind"], name="unionbuilding_duty_once"),
            models.CheckConstraint(condition=Q(done_on=None) | ~Q(evidence=""), name="unionbuilding_duty_shown"),
        ]
        indexes = [models.Index(fields=["due_on"], condition=Q(done_on=None), name="unionbuilding_duty_open")]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    @staticmethod
    def describe(event: Any, names: Any) -> str:
        return f"{DutyKind(event.kind).label} {event.evidence}".strip()
