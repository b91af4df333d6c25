"""Members of one employer who moved to its new union together."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from gonghui.areas.register.models import Employer
from gonghui.core.actions.holders import path_field
from gonghui.core.actions.models import Public, tracked
from gonghui.core.actions.walls import Held
from gonghui.core.organisations.models import Organisation


@tracked()
class Move(Public):
    """The individual members at one employer moved to its new union together (单体会员转入), in one step that can be taken back.

    `moved` are the keys of their memberships, `stayed` of those that could not go back when it was undone, because something has been
    done with them since. `context` is the id under which history keeps what the step wrote.
    """

    wall = Held("organisation")

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="moves", verbose_name=_("转入工会"))
    organisation_path = path_field()
    employer = models.ForeignKey(Employer, models.PROTECT, related_name="moves", verbose_name=_("用人单位"))
    moved = ArrayField(models.BigIntegerField(), default=list, editable=False)
    stayed = ArrayField(models.BigIntegerField(), default=list, editable=False)
    context = models.CharField(max_length=40, editable=False)
    moved_on = models.DateField(_("转入日期"))
    moved_at = models.DateTimeField(_("办理时间"), auto_now_add=True)
    moved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("办理人")
    )
    undone_on = models.DateField(_("撤销日期"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("撤销人")
    )

    class Meta:
        verbose_name = _("单体会员转入")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return _now("%(count)s 名会员转入 %(union)s") % {"count": len(self.moved), "union": self.organisation}

    @property
    def holder_id(self) -> int:
        return self.organisation_id
