"""Employers, who covers them, and the dated facts about them. Unions themselves are `core.organisations`."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from gonghui.areas.register.merges import EmployerDistinct as EmployerDistinct
from gonghui.areas.register.merges import EmployerMerge as EmployerMerge
from gonghui.areas.register.merges import UnionDistinct as UnionDistinct
from gonghui.areas.register.merges import UnionMerge as UnionMerge
from gonghui.areas.register.rules import (
    EMPLOYER_FLOW,
    STRIKE_OFF_FLOW,
    CoverageForm,
    CoverageState,
    Extent,
)
from gonghui.core.actions.dated import Dated, once_a_day
from gonghui.core.actions.holders import path_field
from gonghui.core.actions.models import Public, Scoped, ScopedQuerySet, tracked
from gonghui.core.actions.walls import Held, Part
from gonghui.core.figures.tallies import Tally, once
from gonghui.core.organisations.models import Organisation, name_matches
from gonghui.core.reference.models import Region
from gonghui.kit import ciphers, pinyin


class EmployerQuerySet(ScopedQuerySet["Employer"]):
    """Words of the employer list."""

    def eligible(self) -> "EmployerQuerySet":
        return self.filter(state="active")

    def uncovered(self) -> "EmployerQuerySet":
        return self.filter(coverage=CoverageState.NONE)

    def named(self, text: str) -> "EmployerQuerySet":
        return self.filter(name_matches(text))


@tracked(exclude=["name_pinyin", "name_initials", "coverage", "headcount", "headcount_on"])
class Employer(Public):
    """A place of work that employs people (用人单位). Held by the union that covers it, else by its street or system union."""

    wall = Held("organisation", street="street")
    sentences = {"register_employer_uscc_once": _("这个统一社会信用代码已经入册，请先查找；查不到时请联系区总工会")}
    objects: ClassVar[EmployerQuerySet] = EmployerQuerySet.as_manager()  # type: ignore[assignment]
    holder_name: str  # as read by queries.employers
    street_name: str | None

    name = models.CharField(_("名称"), max_length=120)
    uscc = models.CharField(_("统一社会信用代码"), max_length=18, null=True, blank=True)
    former_names = ArrayField(models.CharField(max_length=120), verbose_name=_("曾用名"), default=list, blank=True)
    employer_class = models.CharField(_("单位类别"), max_length=3, blank=True)
    is_state_controlled = models.BooleanField(_("国有控股"), default=False)
    is_non_public = models.BooleanField(_("非公"), default=False, editable=False)
    industry_edition = models.CharField(_("行业分类版本"), max_length=4, default="2017")
    industry = models.CharField(_("行业"), max_length=4, blank=True)
    address = models.CharField(_("地址"), max_length=200, blank=True)
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("所在地区"))
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="held_employers", verbose_name=_("归口工会"))
    street = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="street_employers", verbose_name=_("属地街道工会")
    )
    organisation_path = path_field()
    street_path = path_field()
    has_party_organisation = models.BooleanField(_("有党组织"), default=False)
    is_dispatch_firm = models.BooleanField(_("劳务派遣单位"), default=False)
    state = models.CharField(_("状态"), max_length=12, choices=EMPLOYER_FLOW.choices, default="active")
    entered_on = models.DateField(_("入册日期"))
    coverage = models.CharField(_("建会"), max_length=8, choices=CoverageState.choices, default=CoverageState.NONE)
    headcount = models.PositiveIntegerField(_("职工人数"), null=True, blank=True)
    headcount_on = models.DateField(_("人数日期"), null=True, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("并入"))
    name_pinyin = models.CharField(max_length=120, editable=False, db_collation="C")
    name_initials = models.CharField(max_length=120, editable=False)
    is_synthetic = models.BooleanField(_("合成数据"), default=False, editable=False)

    class Meta:
        verbose_name = _("用人单位")
        ordering = ["name_pinyin", "pk"]
        indexes = [
            GinIndex(OpClass(F("name"), name="gin_trgm_ops"), name="register_employer_name_trgm"),
            GinIndex(OpClass(F("name_initials"), name="gin_trgm_ops"), name="register_employer_init_trgm"),
            models.Index(fields=["name_pinyin", "id"], name="register_employer_in_order"),
            models.Index(fields=["headcount", "id"], name="register_employer_headcount"),
            models.Index(fields=["organisation_path"], name="register_employer_held"),
            models.Index(fields=["street_path"], name="register_employer_seen"),
            # the rare ones, which a list would otherwise look for among all
            models.Index(fields=["state"], condition=~Q(state="active"), name="register_employer_gone"),
            models.Index(fields=["coverage"], condition=Q(has_party_organisation=True), name="register_employer_party"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["uscc"], name="register_employer_uscc_once"),
            models.CheckConstraint(condition=Q(state__in=EMPLOYER_FLOW.codes), name="register_employer_state_legal"),
        ]

    def __str__(self) -> str:
        return self.name

    def key_names(self) -> None:
        """Sets the pinyin keys; for whoever writes without `save`."""
        self.name_pinyin, self.name_initials = pinyin.full(self.name), pinyin.initials(self.name)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.key_names()
        if "name" in (fields := kwargs.get("update_fields") or []):
            kwargs["update_fields"] = [*fields, "name_pinyin", "name_initials"]
        super().save(*args, **kwargs)

    @property
    def holder_id(self) -> int:
        return self.organisation_id


@tracked()
class Standing(Dated):
    """The state of an employer over time."""

    wall = Part("employer")
    sentences = {"register_standing_once": _("这些日子里已有另一个状态，请核对日期")}

    employer = models.ForeignKey(Employer, models.PROTECT, related_name="standings", verbose_name=_("用人单位"))
    state = models.CharField(_("状态"), max_length=12, choices=EMPLOYER_FLOW.choices)
    reason = models.CharField(_("原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("状态")
        constraints = [once_a_day("register_standing_once", "employer")]

    @staticmethod
    def describe(event: Any, names: Any) -> str:
        state = EMPLOYER_FLOW.state(event.state)
        return _now("状态 %(state)s，%(since)s 起") % {"state": state.label, "since": event.valid.lower}


@tracked()
class Holding(Dated):
    """Who holds an employer over time: the holder, the managing union it counts under, the street it stands in."""

    wall = Part("employer")
    sentences = {"register_holding_once": _("这些日子里已有另一个归口，请核对日期")}

    employer = models.ForeignKey(Employer, models.PROTECT, related_name="holdings", verbose_name=_("用人单位"))
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("归口工会"))
    managing = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("主管工会"))
    street = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("属地街道工会"))

    class Meta:
        verbose_name = _("归口")
        constraints = [once_a_day("register_holding_once", "employer")]


@tracked()
class Headcount(Dated):
    """How many workers an employer has (by contract), from the day it was counted until the next count."""

    wall = Part("employer")
    sentences = {"register_headcount_once": _("这一天已有一个人数")}

    employer = models.ForeignKey(Employer, models.PROTECT, related_name="headcounts", verbose_name=_("用人单位"))
    count = models.PositiveIntegerField(_("职工人数"))
    source = models.CharField(_("来源"), max_length=20)

    class Meta:
        verbose_name = _("职工人数")
        constraints = [once_a_day("register_headcount_once", "employer")]

    @staticmethod
    def describe(event: Any, names: Any) -> str:
        return _now("职工 %(count)s 人，%(since)s 起") % {"count": event.count, "since": event.valid.lower}


@tracked()
class Coverage(Dated):
    """Which union covers which employer: own or joint, the whole unit or a group of its workers."""

    wall = Part("employer", "organisation")
    sentences = {
        "register_coverage_whole_once": _("这个单位在这些日子里已由一个工会整体覆盖，请先结束原来的覆盖"),
        "register_coverage_pair_once": _("这个工会在这些日子里已覆盖这个单位，请先结束原来的覆盖"),
    }

    employer = models.ForeignKey(Employer, models.PROTECT, related_name="coverages", verbose_name=_("用人单位"))
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="coverages", verbose_name=_("工会"))
    form = models.CharField(_("覆盖方式"), max_length=8, choices=CoverageForm.choices)
    extent = models.CharField(_("覆盖范围"), max_length=8, choices=Extent.choices, default=Extent.WHOLE)
    basis = models.CharField(_("依据"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("覆盖")
        constraints = [
            once_a_day("register_coverage_whole_once", "employer", condition=Q(extent=Extent.WHOLE)),
            once_a_day("register_coverage_pair_once", "employer", "organisation"),
        ]

    @staticmethod
    def describe(event: Any, names: Any) -> str:
        return _now("%(union)s 覆盖 %(employer)s，%(since)s 起") % {
            "union": names.of(Organisation, event.organisation_id),
            "employer": names.of(Employer, event.employer_id),
            "since": event.valid.lower,
        }


class Span(Scoped):
    """The facts above side by side, for each stretch of days in which none of them changed: what figures count (figures/spans.py).

    `until` is the first day that no longer belongs to it; both ends may be infinite, so neither is ever read, only compared.
    """

    wall = Part("employer")

    employer = models.ForeignKey(Employer, models.DO_NOTHING, related_name="+", db_constraint=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    managing = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_index=False)
    street = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", db_index=False)
    state = models.CharField(max_length=12)
    form = models.CharField(max_length=8, null=True)
    workers = models.PositiveIntegerField(null=True)
    band = models.PositiveIntegerField(null=True)
    employer_class = models.CharField(max_length=3)
    industry = models.CharField(max_length=4)
    is_non_public = models.BooleanField()
    is_dispatch_firm = models.BooleanField()
    since = models.DateField()
    until = models.DateField()

    class Meta:
        verbose_name = _("单位情况时段")


EMPLOYER_GROUPS = (
    *("managing", "street", "state", "form", "band"),
    *("employer_class", "industry", "is_non_public", "is_dispatch_firm"),
)


class EmployerTally(Tally):
    """How many spans, and workers in them, begin and end on a day: what figures of employers read."""

    source = "register.Span"
    groups = EMPLOYER_GROUPS
    measures: ClassVar = {"number": "1", "workers": "coalesce(workers, 0)"}
    since, until = "since", "nullif(until, 'infinity')"

    managing = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    street = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=12)
    form = models.CharField(max_length=8, null=True)
    band = models.PositiveIntegerField(null=True)
    employer_class = models.CharField(max_length=3)
    industry = models.CharField(max_length=4)
    is_non_public = models.BooleanField()
    is_dispatch_firm = models.BooleanField()
    workers = models.IntegerField()

    class Meta:
        verbose_name = _("单位增减账")
        constraints = [once("register_tally_once", *EMPLOYER_GROUPS)]
        indexes = [models.Index(fields=["grain", "day"], name="register_tally_day")]


class ChangedEmployer(Scoped):
    """An employer of which something changed since its spans were made; also one that is gone, for an import undone takes it back.

    The database notes it; nobody else writes here.
    """

    wall = Part("employer")

    employer = models.ForeignKey(Employer, models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False)

    class Meta:
        verbose_name = _("单位变动记号")


@tracked()
class Placement(Dated):
    """Under which managing union and in which street a union stands over time, for figures of past days."""

    wall = Part("union")
    sentences = {"register_placement_once": _("这些日子里已有另一个上级，请核对日期")}

    union = models.ForeignKey(Organisation, models.PROTECT, related_name="placements", verbose_name=_("工会"))
    managing = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("主管工会"))
    street = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("属地街道工会"))

    class Meta:
        verbose_name = _("隶属")
        constraints = [once_a_day("register_placement_once", "union")]


@tracked(exclude=["phone_sealed"])
class Contact(Public):
    """Somebody to talk to at a union or an employer, in a post, for some days. The number is sealed and shown masked."""

    wall = Part("union", "employer")

    union = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="contacts", verbose_name=_("工会"))
    employer = models.ForeignKey(Employer, models.PROTECT, null=True, related_name="contacts", verbose_name=_("用人单位"))
    post = models.CharField(_("职务"), max_length=20)
    name = models.CharField(_("姓名"), max_length=60)
    phone_sealed = models.BinaryField(default=b"")
    phone_masked = models.CharField(_("电话"), max_length=20, blank=True)
    valid = DateRangeField(_("任期"))
    checked_on = models.DateField(_("核对日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("联系人")
        constraints = [
            models.CheckConstraint(
                condition=Q(union=None, employer__isnull=False) | Q(employer=None, union__isnull=False),
                name="register_contact_of_one",
            )
        ]
        indexes = [models.Index(fields=["post", "name"], name="register_contact_post")]

    def __str__(self) -> str:
        return self.name

    @property
    def _bound_to(self) -> str:
        return f"register_contact.phone_sealed:{self.public_id}"

    def set_phone(self, number: str) -> None:
        """Seals the number and keeps its mask."""
        self.phone_sealed = ciphers.seal(number, bound_to=self._bound_to) if number else b""
        self.phone_masked = ciphers.masked_phone(number) if number else ""

    def phone(self) -> str:
        """The number itself: for `reveal_phone` only."""
        return ciphers.unseal(bytes(self.phone_sealed), bound_to=self._bound_to) if self.phone_sealed else ""

    @staticmethod
    def describe(event: Any, names: Any) -> str:
        return f"{event.name} {event.phone_masked}".strip()


@tracked()
class StrikeOff(Public):
    """A proposal to strike an employer off the eligible ones (剔除), and what came of it. Two persons: one proposes, another decides."""

    wall = Part("employer")
    sentences = {
        "register_strike_off_two_persons": _("申报人不能审核自己的申报，请由另一位干部审核"),
        "register_strike_off_one_open": _("这个单位已有一份待审核的申报"),
    }
    proposer_name: str  # as read by queries.strike_offs

    employer = models.ForeignKey(Employer, models.PROTECT, related_name="strike_offs", verbose_name=_("用人单位"))
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("申报工会"))
    state = models.CharField(_("状态"), max_length=12, choices=STRIKE_OFF_FLOW.choices)
    reason = models.CharField(_("原因"), max_length=20)
    evidence = models.CharField(_("核实情况"), max_length=500)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("申报人"))
    proposed_on = models.DateField(_("申报日期"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("审核人")
    )
    decided_on = models.DateField(_("审核日期"), null=True, blank=True)
    decision = models.CharField(_("审核意见"), max_length=500, blank=True)
    ended_on = models.DateField(_("恢复或撤销日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("剔除申报")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=STRIKE_OFF_FLOW.codes), name="register_strike_off_state_legal"),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("proposed_by")), name="register_strike_off_two_persons"
            ),
            models.UniqueConstraint(fields=["employer"], condition=Q(state="proposed"), name="register_strike_off_one_open"),
        ]

    def __str__(self) -> str:
        return _now("剔除申报：%(employer)s") % {"employer": self.employer}

    @property
    def holder_id(self) -> int:
        return self.organisation_id

    @staticmethod
    def describe(event: Any, names: Any) -> str:
        return str(event.evidence)
