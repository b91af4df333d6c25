"""Notes on records."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gonghui.core.actions.holders import path_field
from gonghui.core.actions.models import Public, tracked
from gonghui.core.actions.walls import Held
from gonghui.core.organisations.models import Organisation


def minded_by(user_id: int | None) -> Q:
    """The notes that remind a user: his own and those passed to him, not those he passed on."""
    return Q(passed_to=user_id) | Q(passed_to=None, author=user_id)


@tracked()
class Note(Public):
    """A remark on a record. With a reminder day it stands in a to-do list until it is done: its author's, or that of his successor."""

    wall = Held("organisation", street="street")

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("工会组织"))
    street = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("街道"))
    organisation_path = path_field()
    street_path = path_field()
    subject_model = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    subject_public_id = models.UUIDField()
    subject_name = models.CharField(_("对象"), max_length=120)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="notes", verbose_name=_("记录人"))
    passed_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("接手人")
    )
    text = models.CharField(_("内容"), max_length=500)
    remind_on = models.DateField(_("提醒日期"), null=True, blank=True)
    done_on = models.DateField(_("办结日期"), null=True, blank=True)
    written_at = models.DateTimeField(_("时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("留言")
        indexes = [
            models.Index(fields=["subject_model", "subject_id"], name="notices_note_subject"),
            models.Index(fields=["author", "remind_on"], name="notices_note_reminders"),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def minder_id(self) -> int:
        """Whom the note reminds."""
        return self.passed_to_id or self.author_id
