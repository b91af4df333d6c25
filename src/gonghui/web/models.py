"""What a user keeps of the screens: filters under a name of one's own."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from gonghui.core.actions.actor import Actor
from gonghui.core.actions.models import Public
from gonghui.core.actions.walls import Own


class SavedFilter(Public):
    """A filter of one list that a user named; `query` is its conditions as the address writes them."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("用户"), related_name="saved_filters")
    sheet = models.CharField(_("列表"), max_length=80)
    label = models.CharField(_("名称"), max_length=40)
    query = models.CharField(_("条件"), max_length=2000)
    is_pinned = models.BooleanField(_("钉在工作台"), default=False)
    created_at = models.DateTimeField(_("存于"), auto_now_add=True)

    wall = Own(user="user")
    sentences: ClassVar = {"web_savedfilter_label": _("已经有一个同名的筛选，请换个名字")}

    class Meta:
        ordering = ("created_at", "pk")
        constraints = (models.UniqueConstraint(fields=("user", "sheet", "label"), name="web_savedfilter_label"),)
        verbose_name = _("存好的筛选")
        verbose_name_plural = _("存好的筛选")

    def __str__(self) -> str:
        return self.label


def own_filters(actor: Actor, sheet: str) -> QuerySet[SavedFilter]:
    """The filters that this user saved for this list, oldest first."""
    rows: QuerySet[SavedFilter] = SavedFilter.objects.visible_to(actor).filter(sheet=sheet)
    return rows


def pinned_filters(actor: Actor) -> QuerySet[SavedFilter]:
    """The filters that this user pinned to the first screen."""
    rows: QuerySet[SavedFilter] = SavedFilter.objects.visible_to(actor).filter(is_pinned=True)
    return rows
