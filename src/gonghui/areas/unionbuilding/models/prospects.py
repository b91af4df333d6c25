"""Employers that shall come to be covered by a union."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gonghui.areas.register.models import Employer
from gonghui.areas.unionbuilding.rules import ENDED, PROSPECT_FLOW, Origin, Stream
from gonghui.core.actions.holders import path_field
from gonghui.core.actions.models import Public, ScopedQuerySet, tracked
from gonghui.core.actions.walls import Published
from gonghui.core.organisations.models import Organisation
from gonghui.kit import pinyin


class ProspectQuerySet(ScopedQuerySet["Prospect"]):
    """Words of the list of prospects."""

    def running(self) -> "ProspectQuerySet":
        return self.exclude(state__in=ENDED)

    def unclaimed(self) -> "ProspectQuerySet":
        return self.filter(is_open=True)

    def named(self, text: str) -> "ProspectQuerySet":
        """By part of the name or the first letters of its pinyin; a prospect has no code of its own."""
        text = pinyin.normal(text)
        found = Q(name__contains=text)
        if text.isascii():
            found |= Q(name_initials__contains=text.lower().replace(" ", ""))
        return self.filter(found)


@tracked(exclude=["name_pinyin", "name_initials"])
class Prospect(Public):
    """An employer on its way to a union (建会对象); one at a time for each employer.

    Held by whoever works on it: the street or system union that claimed it, else the managing union that holds the employer. While it
    may be claimed (待认领), every officer sees it with what stands in its own columns; the employer's record stays where it is held. What a
    joint union covers already only its own managing union may claim, and only that sees it.
    """

    wall = Published(when=Q(is_open=True) & ~Q(stream=Stream.CONVERSION), organisation="organisation", street="street")
    sentences = {"unionbuilding_prospect_one_running": _("这个单位已经是建会对象")}
    objects: ClassVar[ProspectQuerySet] = ProspectQuerySet.as_manager()  # type: ignore[assignment]
    holder_name: str  # as read by queries.prospects
    street_name: str | None

    employer = models.ForeignKey(Employer, models.PROTECT, related_name="prospects", verbose_name=_("用人单位"))
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("负责工会"))
    street = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("属地街道工会"))
    organisation_path = path_field()
    street_path = path_field()
    name = models.CharField(_("名称"), max_length=120)
    name_pinyin = models.CharField(max_length=120, editable=False, db_collation="C")
    name_initials = models.CharField(max_length=120, editable=False)
    address = models.CharField(_("地址"), max_length=200, blank=True)
    headcount = models.PositiveIntegerField(_("职工人数"), null=True, blank=True)
    stream = models.CharField(_("类别"), max_length=12, choices=Stream.choices, default=Stream.GENERAL)
    origin = models.CharField(_("来源"), max_length=12, choices=Origin.choices, default=Origin.REGISTER)
    state = models.CharField(_("进度"), max_length=12, choices=PROSPECT_FLOW.choices, default="to_verify")
    is_open = models.BooleanField(_("待认领"), default=True)
    opened_on = models.DateField(_("列入日期"))
    refused_until = models.DateField(_("暂缓至"), null=True, blank=True)
    ended_on = models.DateField(_("办结日期"), null=True, blank=True)
    reason = models.CharField(max_length=200, blank=True)  # a code of unionbuilding_refusal or unionbuilding_closing

    class Meta:
        verbose_name = _("建会对象")
        ordering = ["name_pinyin", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=PROSPECT_FLOW.codes), name="unionbuilding_prospect_state_legal"),
            models.CheckConstraint(
                condition=Q(is_open=False) | ~Q(state__in=ENDED), name="unionbuilding_prospect_open_is_running"
            ),
            models.UniqueConstraint(
                fields=["employer"], condition=~Q(state__in=ENDED), name="unionbuilding_prospect_one_running"
            ),
        ]
        indexes = [
            models.Index(fields=["organisation_path", "state"], name="unionbuilding_prospect_held"),
            models.Index(fields=["headcount", "id"], name="unionbuilding_prospect_size"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def holder_id(self) -> int:
        return self.organisation_id
