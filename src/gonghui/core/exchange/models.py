"""Imports: a workbook that was uploaded, how it was read, what was mended in it, what its lines came to."""

import json
from collections.abc import Mapping
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gonghui.core.actions.holders import path_field
from gonghui.core.actions.models import Public, Scoped, tracked
from gonghui.core.actions.walls import Held, Open, Part
from gonghui.core.files.models import StoredFile
from gonghui.core.organisations.models import Organisation
from gonghui.kit import ciphers
from gonghui.kit.flow import Flow, State, Step

BATCH_FLOW = Flow(
    "batch",
    pgettext_lazy("noun", "导入"),
    states=(
        State("uploaded", _("已上传"), "info", "upload"),
        State("mapped", _("已对列"), "info", "columns-3"),
        State("checked", _("已核对"), "warn", "hourglass"),
        State("importing", _("导入中"), "info", "refresh"),
        State("done", _("已导入"), "ok", "circle-check"),
        State("undoing", _("撤销中"), "info", "refresh"),
        State("cancelled", _("已放弃"), "", "ban"),
        State("undone", _("已撤销导入"), "", "arrow-back-up"),
    ),
    steps=(
        Step("start", _("上传"), ("",), "uploaded", "exchange.start_batch"),
        Step("map", _("对列"), ("uploaded", "mapped", "checked"), "mapped", "exchange.map_batch"),
        Step("check", _("核对"), ("mapped", "checked"), "checked", "exchange.check_batch"),
        Step("mend", _("修改问题行"), ("checked",), "checked", "exchange.mend_batch"),
        Step("answer", _("填写原因"), ("checked",), "checked", "exchange.answer_batch"),
        Step("apply", pgettext_lazy("verb", "导入"), ("checked",), "importing", "exchange.apply_batch", is_primary=True),
        Step("finish", _("完成导入"), ("importing",), "done", "exchange.finish_batch"),
        Step("fail", _("没有导入"), ("importing",), "checked", "exchange.fail_batch"),
        Step("cancel", _("放弃"), ("uploaded", "mapped", "checked", "importing"), "cancelled", "exchange.cancel_batch"),
        Step("begin_undo", _("开始撤销"), ("done",), "undoing", "exchange.begin_undo"),
        Step("keep", _("没有撤销"), ("undoing",), "done", "exchange.keep_batch"),
        Step("undo", _("撤销导入"), ("done", "undoing"), "undone", "exchange.undo_batch"),
    ),
)


class SameName(models.TextChoices):
    """What a line means that has no code and the name of a record on the register."""

    ASK = "ask", _("列为问题，由我逐行判断")
    SAME = "same", _("当作同一个，更新它")
    NEW = "new", _("当作新的")


class LineOutcome(models.TextChoices):
    """What a line of a workbook comes to; lines that change nothing are only counted, unless they were mended.

    The first four are every list's; the others only those importers know that name them.
    """

    NEW = "new", _("新增")
    CHANGED = "changed", _("更新")
    UNCHANGED = "unchanged", _("无变化")
    WRONG = "wrong", _("错误")
    TRANSFER = "transfer", _("接转")
    LEAVING = "leaving", _("离开")


Texts = Mapping[int, Mapping[str, str]]  # row number → code of a column → text of the cell


@tracked(exclude=["heads", "mapping", "mended_sealed", "answers"])
class Batch(Public):
    """One workbook on its way into a list (or out again), with everything that was decided about it."""

    wall = Held("organisation")

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("工会组织"))
    organisation_path = path_field()
    sheet = models.CharField(_("列表"), max_length=80)
    file_name = models.CharField(_("文件"), max_length=120)
    file = models.ForeignKey(StoredFile, models.SET_NULL, null=True, related_name="+", verbose_name=_("原文件"))
    state = models.CharField(_("状态"), max_length=12, choices=BATCH_FLOW.choices, default="uploaded")
    encoding = models.CharField(_("编码"), max_length=12, blank=True)
    sheet_at = models.PositiveSmallIntegerField(default=0)
    head_at = models.PositiveSmallIntegerField(default=0)
    heads = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)
    mended_sealed = models.BinaryField(default=b"")
    same_name = models.CharField(_("没有代码而同名的"), max_length=4, choices=SameName.choices, default=SameName.ASK)
    total = models.PositiveIntegerField(_("行数"), default=0)
    new = models.PositiveIntegerField(_("新增"), default=0)
    changed = models.PositiveIntegerField(_("更新"), default=0)
    unchanged = models.PositiveIntegerField(_("无变化"), default=0)
    wrong = models.PositiveIntegerField(_("错误"), default=0)
    further = models.JSONField(default=dict)  # outcomes beyond the four → how many lines
    unanswered = models.PositiveIntegerField(_("待填原因"), default=0)
    answers = models.JSONField(default=dict)  # as Answers of importers.py
    problem = models.CharField(_("原因"), max_length=300, blank=True)
    retry_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="retries", verbose_name=_("重传自"))
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("经办人")
    )
    started_at = models.DateTimeField(_("上传时间"), auto_now_add=True)
    finished_at = models.DateTimeField(_("完成时间"), null=True, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("noun", "导入")
        ordering = ["-started_at", "-pk"]
        indexes = [models.Index(fields=["organisation_path", "-started_at"], name="exchange_batch_latest")]
        constraints = [models.CheckConstraint(condition=Q(state__in=BATCH_FLOW.codes), name="exchange_batch_state_legal")]

    def __str__(self) -> str:
        return self.file_name

    @property
    def holder_id(self) -> int:
        return self.organisation_id

    @property
    def mapped(self) -> dict[int, str]:
        """Place of a column in the workbook → code of ours."""
        return {int(place): code for place, code in self.mapping.items()}

    @property
    def _bound_to(self) -> str:
        return f"exchange_batch.mended_sealed:{self.public_id}"

    def set_mended(self, texts: Texts) -> None:
        """Seals the cells that were typed in place of the workbook's; they may be personal."""
        content = json.dumps({str(number): cells for number, cells in texts.items()}, ensure_ascii=False)
        self.mended_sealed = ciphers.seal(content, bound_to=self._bound_to) if texts else b""

    def mended(self) -> dict[int, dict[str, str]]:
        """The same cells again."""
        content = ciphers.unseal(bytes(self.mended_sealed), bound_to=self._bound_to) if self.mended_sealed else "{}"
        return {int(number): cells for number, cells in json.loads(content).items()}

    @property
    def sound(self) -> int:
        """Lines that can be imported and would change something."""
        return int(self.new + self.changed + sum(self.further.values()))


class BatchLine(Scoped):
    """One row of the workbook that is wrong, changed, mended, or (once it is written) new. What is personal is masked."""

    wall = Part("batch")

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="lines", verbose_name=pgettext_lazy("noun", "导入"))
    number = models.PositiveIntegerField(_("行号"))
    outcome = models.CharField(_("结果"), max_length=9, choices=LineOutcome.choices)
    title = models.CharField(_("名称"), max_length=120, blank=True)
    problems = models.JSONField(default=list)
    changes = models.JSONField(default=list)
    mended = models.JSONField(default=list)
    said = models.CharField(_("说明"), max_length=200, blank=True)
    kept_sealed = models.BinaryField(default=b"")
    is_open = models.BooleanField(_("待填原因"), default=False)
    record_code = models.UUIDField(_("记录编号"), null=True)

    class Meta:
        verbose_name = _("导入的行")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="exchange_line_once")]

    @property
    def _bound_to(self) -> str:
        return f"exchange_batchline.kept_sealed:{self.batch.public_id}:{self.number}"

    def set_kept(self, values: Mapping[str, str]) -> None:
        """Seals what undoing needs and history does not have."""
        content = json.dumps(dict(values), ensure_ascii=False)
        self.kept_sealed = ciphers.seal(content, bound_to=self._bound_to) if values else b""

    def kept(self) -> dict[str, str]:
        """The same again: for undoing only."""
        content = ciphers.unseal(bytes(self.kept_sealed), bound_to=self._bound_to) if self.kept_sealed else "{}"
        found: dict[str, str] = json.loads(content)
        return found


class Progress(Scoped):
    """How far a running import has come. Written beside the one transaction of the import, so that others see it move."""

    wall = Open(
        "a number under the random id of a batch: how many lines a running job has done, and nothing of what is in them"
    )
    objects: ClassVar[Any] = models.Manager()

    batch_code = models.UUIDField(unique=True, editable=False)
    done = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("进度")
