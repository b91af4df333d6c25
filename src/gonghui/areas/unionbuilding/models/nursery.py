"""Joint unions as nurseries: firms that have grown enough for a union of their own."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gonghui.areas.register.models import Employer
from gonghui.areas.unionbuilding.models.prospects import Prospect
from gonghui.core.actions.models import Public, tracked
from gonghui.core.actions.walls import Part


@tracked()
class Crossing(Public):
    """A firm that a joint union covers has reached the number from which it should have a union of its own; proposed once, until it has
    fallen below again."""

    wall = Part("employer")
    sentences = {"unionbuilding_crossing_once": _("这个单位已经提出转为单独建会")}

    employer = models.ForeignKey(Employer, models.PROTECT, related_name="crossings", verbose_name=_("用人单位"))
    prospect = models.ForeignKey(
        Prospect, models.PROTECT, null=True, blank=True, related_name="crossings", verbose_name=_("建会对象")
    )
    workers = models.PositiveIntegerField(_("职工人数"), null=True)
    members = models.PositiveIntegerField(_("会员人数"))
    crossed_on = models.DateField(_("达到日期"))
    fell_on = models.DateField(_("低于日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("联合转单独提示")
        constraints = [
            models.UniqueConstraint(fields=["employer"], condition=Q(fell_on=None), name="unionbuilding_crossing_once")
        ]

    def __str__(self) -> str:
        return str(self.employer)
