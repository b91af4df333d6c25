"""The read log: a row stands before the answer is given, in the same transaction."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from gonghui.core.actions.holders import path_field
from gonghui.core.actions.models import Scoped
from gonghui.core.actions.walls import Held
from gonghui.core.organisations.models import Organisation


class Reading(Scoped):
    """Somebody looked at a sensitive value. Written once, never changed."""

    wall = Held("organisation")

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("工会组织"))
    organisation_path = path_field()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="readings", verbose_name=_("账号")
    )
    subject_model = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    what = models.CharField(_("内容"), max_length=40)
    reason = models.CharField(_("事由"), max_length=200)
    read_at = models.DateTimeField(_("时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("查看记录")
        indexes = [
            models.Index(fields=["subject_model", "subject_id"], name="history_reading_subject"),
            models.Index(fields=["user", "read_at"], name="history_reading_user"),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.read_at}"
