"""The model of a counter session; `models.py` holds the others and is full."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from gonghui.core.actions.holders import path_field
from gonghui.core.actions.models import Public, tracked
from gonghui.core.actions.walls import Held
from gonghui.core.organisations.models import Organisation
from gonghui.kit.dates import now


@tracked()
class CounterSession(Public):
    """Staff at a counter take applications of people without a telephone: for what, from when until when; it ends by itself.

    What was entered in it names it (`Application.session`), whichever union decides about it.
    """

    wall = Held("organisation")
    sentences = {"members_counter_session_one_open": _("您已有一个正在进行的现场受理，请先结束它")}

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("受理工会"))
    organisation_path = path_field()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("受理人"))
    purpose = models.CharField(_("事由"), max_length=120)
    begun_at = models.DateTimeField(_("开始时间"))
    ends_at = models.DateTimeField(_("自动结束时间"))
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("现场受理")
        ordering = ["-begun_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(ended_at=None), name="members_counter_session_one_open"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("begun_at")), name="members_counter_session_has_an_end"),
        ]

    def __str__(self) -> str:
        return self.purpose

    @property
    def holder_id(self) -> int:
        return self.organisation_id

    @property
    def is_open(self) -> bool:
        """Whether something may be entered in it now."""
        return self.ended_at is None and now() < self.ends_at

    @property
    def over_at(self) -> Any:
        """When it was or will be over: ended by hand, or by itself."""
        return self.ended_at or self.ends_at
