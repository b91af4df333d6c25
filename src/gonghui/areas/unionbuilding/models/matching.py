"""Which firm of a list is which employer: pairs as they were scored, and what people have decided."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from gonghui.areas.register.models import Employer
from gonghui.areas.unionbuilding.models.lists import Edition, Entry
from gonghui.areas.unionbuilding.rules import MATCH_STATES, SETTLED, ListKind
from gonghui.core.actions.holders import path_field
from gonghui.core.actions.models import Public, Scoped, tracked
from gonghui.core.actions.walls import Held, Part
from gonghui.core.organisations.models import Organisation


class Match(Public):
    """A firm of an edition and an employer that may be the same, with the reasons; made anew by each matching.

    `score` is in bits (log₂ of the odds); `evidence` is a list of {field, finding, weight, zh, en}, one for each field that says something.
    """

    wall = Part("entry")
    sentences = {
        "unionbuilding_match_entry_once": _("名单里的这一家已对上另一个单位，请先在那一对上选“不是同一家”"),
        "unionbuilding_match_employer_once": _("这个单位已对上名单里的另一家，请先在那一对上选“不是同一家”"),
    }

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="matches", verbose_name=_("名单版次"))
    entry = models.ForeignKey(Entry, models.CASCADE, related_name="matches", verbose_name=_("名单企业"))
    employer = models.ForeignKey(Employer, models.PROTECT, related_name="+", verbose_name=_("用人单位"))
    score = models.FloatField(_("得分"))
    band = models.CharField(_("把握"), max_length=8)
    probability = models.FloatField(_("可能性"))
    evidence = models.JSONField(default=list)
    state = models.CharField(_("判定"), max_length=12, choices=[(code, one.label) for code, one in MATCH_STATES.items()])
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("判定人")
    )
    decided_at = models.DateTimeField(_("判定时间"), null=True)

    class Meta:
        verbose_name = _("名单比对")
        constraints = [
            models.UniqueConstraint(fields=["entry", "employer"], name="unionbuilding_match_pair_once"),
            models.UniqueConstraint(fields=["entry"], condition=Q(state__in=SETTLED), name="unionbuilding_match_entry_once"),
            models.UniqueConstraint(
                fields=["edition", "employer"], condition=Q(state__in=SETTLED), name="unionbuilding_match_employer_once"
            ),
            models.CheckConstraint(condition=Q(state__in=[*MATCH_STATES]), name="unionbuilding_match_state_legal"),
        ]
        indexes = [models.Index(fields=["edition", "state"], name="unionbuilding_match_state")]

    def __str__(self) -> str:
        return _now("%(name)s 与 %(employer)s") % {"name": self.entry.name, "employer": self.employer.name}


@tracked()
class Verdict(Public):
    """What somebody has decided of a firm and an employer: remembered by the firm's key, so that every later edition knows it."""

    wall = Part("employer")

    key = models.CharField(max_length=140, editable=False, db_collation="C")
    employer = models.ForeignKey(Employer, models.PROTECT, related_name="verdicts", verbose_name=_("用人单位"))
    name = models.CharField(_("名称"), max_length=120)
    is_same = models.BooleanField(_("同一家"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("判定人")
    )
    decided_at = models.DateTimeField(_("判定时间"))

    class Meta:
        verbose_name = _("比对判定")
        constraints = [models.UniqueConstraint(fields=["key", "employer"], name="unionbuilding_verdict_once")]

    def __str__(self) -> str:
        return self.name


@tracked()
class Learned(Scoped):
    """What the engine has learned at a union from one kind of list: how much each finding weighs."""

    wall: ClassVar[Held] = Held("organisation")

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("工会组织"))
    organisation_path = path_field()
    kind = models.CharField(_("名单种类"), max_length=8, choices=ListKind.choices)
    weights = models.JSONField(default=dict)
    learned_at = models.DateTimeField(_("学习时间"))

    class Meta:
        verbose_name = _("比对权重")
        constraints = [models.UniqueConstraint(fields=["organisation", "kind"], name="unionbuilding_learned_once")]

    @property
    def holder_id(self) -> int:
        return self.organisation_id
