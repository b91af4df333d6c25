"""What a user keeps of the screens: filters under a name of one's own, and work that takes longer than a page."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from gonghui.core.actions.actor import Actor
from gonghui.core.actions.models import Public, Scoped, tracked
from gonghui.core.actions.walls import Own, Part
from gonghui.core.files.models import StoredFile


@tracked()
class SavedFilter(Public):
    """A filter of one list that a user named; `query` is its conditions as the address writes them. Pinned ones stand first in their
    list, and on the first screen."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("用户"), related_name="saved_filters")
    sheet = models.CharField(_("列表"), max_length=80)
    label = models.CharField(_("名称"), max_length=40)
    query = models.CharField(_("条件"), max_length=2000)
    is_pinned = models.BooleanField(_("钉住"), default=False)
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
    """The filters that this user saved for this list: those that are pinned, then the oldest first."""
    rows: QuerySet[SavedFilter] = SavedFilter.objects.visible_to(actor).filter(sheet=sheet)
    return rows.order_by("-is_pinned", "created_at", "pk")


def pinned_filters(actor: Actor) -> QuerySet[SavedFilter]:
    """The filters that this user pinned to the first screen."""
    rows: QuerySet[SavedFilter] = SavedFilter.objects.visible_to(actor).filter(is_pinned=True)
    return rows


class RunKind(models.TextChoices):
    """What a run does."""

    EXPORT = "export", _("导出")
    BULK = "bulk", _("批量办理")


class RunState(models.TextChoices):
    """How far a run has come."""

    DRAFT = "draft", _("待填写")
    CHECKING = "checking", _("试算中")
    CHECKED = "checked", _("待确认")
    RUNNING = "running", _("办理中")
    DONE = "done", _("已完成")
    STOPPED = "stopped", _("已停止")
    FAILED = "failed", _("没有完成")
    UNDOING = "undoing", _("撤销中")
    UNDONE = "undone", _("已撤回")


class Run(Public):
    """Work that takes longer than a page may, or is tried before it is done: an export, or one action on many rows.

    `source` names the list and `query` its conditions as the address writes them; `given` is what the form was sent.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("用户"), related_name="runs")
    kind = models.CharField(_("类别"), max_length=8, choices=RunKind.choices)
    source = models.CharField(_("列表"), max_length=120)
    step = models.CharField(_("办理"), max_length=40, blank=True)
    title = models.CharField(_("名称"), max_length=120)
    query = models.TextField(_("条件"), blank=True)
    given = models.JSONField(default=dict)
    language = models.CharField(max_length=10)
    state = models.CharField(_("状态"), max_length=10, choices=RunState.choices, default=RunState.DRAFT)
    total = models.PositiveIntegerField(_("共"), default=0)
    done = models.PositiveIntegerField(_("已办"), default=0)
    is_stopping = models.BooleanField(default=False)
    problem = models.CharField(_("原因"), max_length=400, blank=True)
    file = models.ForeignKey(StoredFile, models.SET_NULL, null=True, related_name="+", verbose_name=_("文件"))
    passed_from = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("移交人")
    )
    passed_because = models.CharField(_("移交事由"), max_length=200, blank=True)
    started_at = models.DateTimeField(_("开始时间"), auto_now_add=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True)

    wall = Own(user="user")

    class Meta:
        verbose_name = _("后台任务")
        ordering = ("-started_at", "-pk")
        indexes = (models.Index(fields=("user", "-started_at"), name="web_run_newest"),)

    def __str__(self) -> str:
        return self.title

    @property
    def is_under_way(self) -> bool:
        """Whether a job works on it."""
        return self.state in {RunState.CHECKING, RunState.RUNNING, RunState.UNDOING}


class RowOutcome(models.TextChoices):
    """What came of one row of a bulk action."""

    WAITING = "waiting", _("待办")
    POSSIBLE = "possible", _("可办")
    REFUSED = "refused", _("不可办")
    DONE = "done", _("已办")
    UNDONE = "undone", _("已撤回")
    KEPT = "kept", _("未能撤销")


class RunRow(Scoped):
    """One row of a bulk action, and what came of it. `before` is what undoing needs to know.

    The record is only named by its id: who may no longer see it is not told its name by an old result.
    """

    run = models.ForeignKey(Run, models.CASCADE, related_name="rows", verbose_name=_("后台任务"))
    position = models.PositiveIntegerField(_("次序"))
    subject = models.UUIDField(_("记录编号"))
    outcome = models.CharField(_("结果"), max_length=10, choices=RowOutcome.choices, default=RowOutcome.WAITING)
    sentence = models.CharField(_("原因"), max_length=400, blank=True)
    before = models.JSONField(default=dict)

    wall = Part("run")

    class Meta:
        verbose_name = _("批量办理的行")
        ordering = ("position",)
        constraints = (models.UniqueConstraint(fields=("run", "position"), name="web_runrow_once"),)
        indexes = (models.Index(fields=("run", "outcome"), name="web_runrow_outcome"),)

    def __str__(self) -> str:
        return str(self.subject)


def runs(actor: Actor) -> QuerySet[Run]:
    """What this user has set going, the newest first."""
    return Run.objects.visible_to(actor).select_related("file", "passed_from")  # type: ignore[no-any-return]
