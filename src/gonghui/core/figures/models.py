"""Values that no longer move: frozen when they were published, told by a paper, or aimed at."""

from collections.abc import Mapping
from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gonghui.core.actions.holders import path_field
from gonghui.core.actions.models import Public, Scoped, tracked
from gonghui.core.actions.walls import Held, Part
from gonghui.core.figures.periods import Period
from gonghui.core.figures.registry import Scope
from gonghui.core.organisations.models import Organisation


class Basis(models.TextChoices):
    """How rows are found: by the union that manages them, or by the street they stand in."""

    MANAGING = "managing", _("按主管工会")
    PLACE = "place", _("按所在街道")


class Asked(Public):
    """A figure of an organisation over some days."""

    scope_name: str  # as read by queries
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("范围"))
    organisation_path = path_field()
    figure = models.CharField(_("数据指标"), max_length=60)
    since = models.DateField(_("起"))
    until = models.DateField(_("止"))

    class Meta:
        abstract = True

    @property
    def period(self) -> Period:
        """Its days; a stock has one."""
        return Period(self.since, self.until, "day" if self.since == self.until else "free")


@tracked()
class FrozenFigure(Asked):
    """A value as it was published, with its rows. Written once: what is entered later changes the live value beside it, never this."""

    wall = Held("organisation")
    sentences = {"figures_frozen_once": _("同一范围、同一日期已有一次同名的定稿，请换一个用途")}

    basis = models.CharField(_("归属"), max_length=10, choices=Basis.choices)
    number = models.DecimalField(_("数值"), max_digits=16, decimal_places=2, null=True)
    definition = models.CharField(_("口径"), max_length=300)
    version = models.PositiveIntegerField(_("口径版本"))
    occasion = models.CharField(_("用途"), max_length=80)
    frozen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("定稿人"))
    frozen_at = models.DateTimeField(_("定稿时间"))

    class Meta:
        verbose_name = _("定稿数据")
        constraints = [
            models.CheckConstraint(condition=Q(since__lte=F("until")), name="figures_frozen_days"),
            models.UniqueConstraint(
                fields=["organisation", "basis", "figure", "since", "until", "occasion"], name="figures_frozen_once"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "figure", "until"], name="figures_frozen_of_day")]

    def __str__(self) -> str:
        return self.occasion

    @property
    def scope(self) -> Scope:
        """Whose rows were counted."""
        return Scope(self.organisation, "place" if self.basis == Basis.PLACE else "managing")


@tracked(exclude=["keys", "counts"])
class FrozenPart(Scoped):
    """The rows of a frozen value, or of the numerator or denominator of a frozen rate: their keys, and what each counted."""

    wall = Part("frozen")

    frozen = models.ForeignKey(FrozenFigure, models.PROTECT, related_name="parts", verbose_name=_("定稿数据"))
    figure = models.CharField(_("数据指标"), max_length=60)
    number = models.DecimalField(_("数值"), max_digits=16, decimal_places=2)
    keys = ArrayField(models.BigIntegerField())
    counts = ArrayField(models.DecimalField(max_digits=16, decimal_places=2), null=True)  # None: each counts one

    class Meta:
        verbose_name = _("定稿数据的组成")
        constraints = [models.UniqueConstraint(fields=["frozen", "figure"], name="figures_frozen_part_once")]

    def amounts(self) -> Mapping[int, int | Decimal]:
        """What each row counted, by its key."""
        if self.counts is None:
            return dict.fromkeys(self.keys, 1)
        return dict(zip(self.keys, self.counts, strict=True))


@tracked()
class ReportedFigure(Asked):
    """A value that a paper printed, kept beside the computed one and never fitted to it."""

    class Precision(models.TextChoices):
        """What the paper said of it."""

        EXACT = "exact", _("准确")
        ABOUT = "about", pgettext_lazy("precision", "约")
        MORE = "more", pgettext_lazy("precision", "超过")

    wall = Held("organisation")

    number = models.DecimalField(_("数值"), max_digits=16, decimal_places=2)
    precision = models.CharField(_("精度"), max_length=8, choices=Precision.choices, default=Precision.EXACT)
    source = models.CharField(_("出处"), max_length=200)
    page = models.CharField(_("页码或版次"), max_length=40, blank=True)
    passage = models.CharField(_("原文"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("见报数据")
        constraints = [models.CheckConstraint(condition=Q(since__lte=F("until")), name="figures_reported_days")]

    def __str__(self) -> str:
        return self.source


@tracked()
class Target(Public):
    """What a figure of an organisation shall reach in some days, by which document. A revision is a new version beside the old."""

    wall = Held("organisation")
    sentences = {"figures_target_once": _("这个范围、指标和日期已有目标，请在最新的一版上修订")}
    scope_name: str  # as read by queries

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("范围"))
    organisation_path = path_field()
    figure = models.CharField(_("数据指标"), max_length=60)
    period = DateRangeField(_("目标期"))
    version = models.PositiveIntegerField(_("版本"), default=1)
    is_current = models.BooleanField(_("现行"), default=True)
    number = models.DecimalField(_("目标值"), max_digits=16, decimal_places=2)
    basis = models.CharField(_("依据"), max_length=200)
    set_on = models.DateField(_("下达日期"))

    class Meta:
        verbose_name = _("目标")
        constraints = [
            models.UniqueConstraint(fields=["organisation", "figure", "period", "version"], name="figures_target_once"),
            models.CheckConstraint(condition=Q(number__gte=0), name="figures_target_not_negative"),
        ]
        indexes = [models.Index(fields=["figure", "organisation"], condition=Q(is_current=True), name="figures_target_current")]

    def __str__(self) -> str:
        return self.basis
