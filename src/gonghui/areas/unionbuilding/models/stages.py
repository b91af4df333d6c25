"""Where prospects stand over time."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from gonghui.areas.unionbuilding.models.prospects import Prospect
from gonghui.areas.unionbuilding.rules import PROSPECT_FLOW
from gonghui.core.actions.dated import Dated, once_a_day
from gonghui.core.actions.models import tracked
from gonghui.core.actions.walls import Part
from gonghui.core.organisations.models import Organisation


@tracked()
class Stage(Dated):
    """How far a prospect had come, and who worked on it, over time: what figures of past days count. The last of a day holds.

    It says no more than the prospect itself, so it is seen with it.
    """

    wall = Part("prospect")
    sentences = {"unionbuilding_stage_once": _("这些日子里已有另一个进度，请核对日期")}

    prospect = models.ForeignKey(Prospect, models.PROTECT, related_name="stages", verbose_name=_("建会对象"))
    state = models.CharField(_("进度"), max_length=12, choices=PROSPECT_FLOW.choices)
    is_open = models.BooleanField(_("待认领"))
    managing = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("负责工会"))
    street = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("属地街道工会"))

    class Meta:
        verbose_name = _("建会进度")
        constraints = [
            once_a_day("unionbuilding_stage_once", "prospect"),
            models.CheckConstraint(condition=Q(state__in=PROSPECT_FLOW.codes), name="unionbuilding_stage_state_legal"),
        ]

    @staticmethod
    def describe(event: Any, names: Any) -> str:
        state = PROSPECT_FLOW.state(event.state)
        return _now("进度 %(state)s，%(since)s 起") % {"state": state.label, "since": event.valid.lower}
