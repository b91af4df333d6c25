"""What is known of a stored file. Its content lies sealed outside the database (storage.py)."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gonghui.core.actions.actor import Actor
from gonghui.core.actions.holders import path_field
from gonghui.core.actions.models import Public, ScopedQuerySet, tracked
from gonghui.core.actions.walls import Own
from gonghui.core.organisations.models import Organisation
from gonghui.kit.dates import today


class StoredFileQuerySet(ScopedQuerySet["StoredFile"]):
    """Words of the list of files."""

    def kept(self) -> "StoredFileQuerySet":
        """The files that have not run out."""
        return self.filter(Q(kept_until=None) | Q(kept_until__gte=today()))


@tracked()
class StoredFile(Public):
    """A file: held by an organisation, or one user's own (then `organisation` is empty and `owner` is not).

    Whoever asks for the content must hold `permission` at every path of `scope` on that day: a file shows what its maker saw, so who
    may no longer see that may no longer have the file either.
    """

    wall = Own(organisation="organisation", user="owner")
    objects: ClassVar[StoredFileQuerySet] = StoredFileQuerySet.as_manager()  # type: ignore[assignment]

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("工会组织")
    )
    organisation_path = path_field()
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("所有人")
    )
    made_at = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("在何处生成"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("生成人"))
    name = models.CharField(_("文件名"), max_length=120)
    media_type = models.CharField(_("类型"), max_length=100)
    size = models.PositiveIntegerField(_("大小"))
    sha256 = models.CharField(max_length=64, editable=False)
    purpose = models.CharField(_("用途"), max_length=200)
    permission = models.CharField(max_length=60)
    scope = ArrayField(models.CharField(max_length=240))
    kept_until = models.DateField(_("保留至"), null=True, blank=True)
    stored_at = models.DateTimeField(_("生成时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("文件")
        constraints = [
            models.CheckConstraint(
                condition=Q(organisation=None, owner__isnull=False) | Q(owner=None, organisation__isnull=False),
                name="files_storedfile_of_one",
            )
        ]
        indexes = [
            models.Index(fields=["organisation_path"], name="files_storedfile_held"),
            models.Index(fields=["owner"], name="files_storedfile_owner"),
            models.Index(fields=["kept_until"], name="files_storedfile_until"),
        ]

    def __str__(self) -> str:
        return self.name

    def is_open_to(self, actor: Actor) -> bool:
        """Whether the actor holds, today, the right that the content takes, wherever the content comes from."""
        paths = [self.organisation_path] if self.organisation_id else self.scope
        return bool(paths) and all(actor.can_at(self.permission, path) for path in paths)
