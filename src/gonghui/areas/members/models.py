"""Employments, memberships and their dated facts, applications, transfers, corrections, intake points, entitlements, alerts."""

import json
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from gonghui.areas.members.counter_sessions import CounterSession
from gonghui.areas.members.moves import Move as Move
from gonghui.areas.members.rules import (
    APPLICATION_FLOW,
    AT_WORK,
    CORRECTION_FLOW,
    LIVING,
    MEMBERSHIP_FLOW,
    OPEN_TRANSFER,
    TRANSFER_FLOW,
    AlertState,
    CardState,
    CorrectionKind,
    Door,
    PointKind,
    Retained,
    WorkerKind,
)
from gonghui.areas.members.tally import MemberTally as MemberTally
from gonghui.areas.register.models import Employer
from gonghui.core.actions.dated import Dated, once_a_day
from gonghui.core.actions.holders import path_field
from gonghui.core.actions.models import Public, Scoped, ScopedQuerySet, tracked
from gonghui.core.actions.walls import Held, Own, Part, Published
from gonghui.core.organisations.models import Organisation
from gonghui.core.people.models import Person
from gonghui.kit import ciphers
from gonghui.kit.identity import Document, DocumentKind


class EmploymentQuerySet(ScopedQuerySet["Employment"]):
    """Words of employments."""

    def current(self) -> "EmploymentQuerySet":
        return self.filter(valid__upper_inf=True)


@tracked()
class Employment(Public):
    """Who works for whom: the employer by contract (用人单位) and, where it is another, the host where the work is (用工单位).

    Headcount, joining rate and the share of dispatch workers follow the contract; routing, shifts and services follow the place.
    Seen with its person only, so that an employer's own union never learns of an individual member before it has taken him over.
    """

    wall = Part("person")
    sentences = {"members_employment_once": _("这些日子里已有在这个单位的工作关系，请先结束原来的")}
    objects: ClassVar[EmploymentQuerySet] = EmploymentQuerySet.as_manager()  # type: ignore[assignment]

    person = models.ForeignKey(Person, models.PROTECT, related_name="employments", verbose_name=_("职工"))
    employer = models.ForeignKey(
        Employer, models.PROTECT, null=True, blank=True, related_name="employments", verbose_name=_("用人单位")
    )
    host = models.ForeignKey(Employer, models.PROTECT, null=True, blank=True, related_name="hosted", verbose_name=_("用工单位"))
    workplace = models.CharField(_("工作单位"), max_length=120, blank=True)
    worker_kind = models.CharField(_("用工形式"), max_length=12, choices=WorkerKind.choices, default=WorkerKind.CONTRACT)
    trade = models.CharField(_("新就业形态行业"), max_length=20, blank=True)
    work_state = models.CharField(_("就业状况"), max_length=2, default=AT_WORK)
    valid = DateRangeField(_("有效期"))
    recorded_at = models.DateTimeField(_("登记时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("工作关系")
        constraints = [once_a_day("members_employment_once", "person", "employer")]
        indexes = [
            models.Index(fields=["employer"], condition=Q(valid__upper_inf=True), name="members_employment_employer"),
            models.Index(fields=["host"], condition=Q(valid__upper_inf=True), name="members_employment_host"),
        ]

    def __str__(self) -> str:
        return str(self.employer or self.workplace)

    @property
    def place(self) -> str:
        """Where the work is, as people call it."""
        return str(self.host or self.employer or self.workplace)


class MembershipQuerySet(ScopedQuerySet["Membership"]):
    """Words of the list of members."""

    def living(self) -> "MembershipQuerySet":
        return self.filter(state__in=LIVING)

    def named(self, text: str) -> "MembershipQuerySet":
        """By part of the member's name or the first letters of its pinyin."""
        return self.filter(person__in=Person.objects.unscoped("narrows memberships that are scoped themselves").named(text))  # type: ignore[attr-defined]


@tracked(exclude=["card_sealed"])
class Membership(Public):
    """A worker's membership (会籍) from joining to its end; `organisation` is the union that holds it now."""

    wall = Own(organisation="organisation", person="person")
    sentences = {"members_membership_one_living": _("这个人已有会籍，不能再次入会；请办理会籍接转")}
    objects: ClassVar[MembershipQuerySet] = MembershipQuerySet.as_manager()  # type: ignore[assignment]

    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships", verbose_name=_("会员"))
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships", verbose_name=_("所在工会"))
    organisation_path = path_field()
    state = models.CharField(_("会籍"), max_length=12, choices=MEMBERSHIP_FLOW.choices, default="active")
    is_individual = models.BooleanField(_("单体入会"), default=False)
    door = models.CharField(_("入会方式"), max_length=8, choices=Door.choices)
    joined_on = models.DateField(_("入会日期"))
    reason = models.CharField(_("原因"), max_length=200, blank=True)
    retained = models.CharField(_("保留原因"), max_length=12, choices=Retained.choices, blank=True)
    ended_on = models.DateField(_("会籍终止日期"), null=True, blank=True)
    card_state = models.CharField(_("京卡"), max_length=8, choices=CardState.choices, default=CardState.NONE)
    card_sealed = models.BinaryField(default=b"")
    card_masked = models.CharField(_("京卡卡号"), max_length=30, blank=True)
    is_synthetic = models.BooleanField(_("合成数据"), default=False, editable=False)

    class Meta:
        verbose_name = _("会籍")
        ordering = ["person__name_pinyin", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["person"], condition=Q(state__in=LIVING), name="members_membership_one_living"),
            models.CheckConstraint(condition=Q(state__in=MEMBERSHIP_FLOW.codes), name="members_membership_state_legal"),
            models.CheckConstraint(
                condition=Q(state__in=LIVING, ended_on=None) | (~Q(state__in=LIVING) & Q(ended_on__isnull=False)),
                name="members_membership_ended_on_a_day",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation_path", "state"], name="members_membership_held"),
            models.Index(fields=["state"], condition=~Q(state="active"), name="members_membership_rare"),
        ]

    def __str__(self) -> str:
        return str(self.person)

    @property
    def holder_id(self) -> int:
        return self.organisation_id

    @property
    def _bound_to(self) -> str:
        return f"members_membership.card_sealed:{self.public_id}"

    def set_card(self, number: str) -> None:
        """Seals the number of the bank's card and keeps its last four digits."""
        self.card_sealed = ciphers.seal(number, bound_to=self._bound_to) if number else b""
        self.card_masked = f"**** {number[-4:]}" if number else ""

    def card(self) -> str:
        """The number itself: for `reveal` only."""
        return ciphers.unseal(bytes(self.card_sealed), bound_to=self._bound_to) if self.card_sealed else ""

    @staticmethod
    def describe(event: Any, names: Any) -> str:
        return _now("%(union)s · %(state)s") % {
            "union": names.of(Organisation, event.organisation_id),
            "state": MEMBERSHIP_FLOW.state(event.state).label,
        }


@tracked()
class Spell(Dated):
    """Where a membership was held on which days, and whether it counted or rested; nobody is held twice on one day."""

    wall = Part("membership")
    sentences = {"members_spell_once": _("这个人在这些日子里已有会籍，请办理会籍接转")}

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="spells", verbose_name=_("会籍"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("会员"))
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("所在工会"))
    managing = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("主管工会"))
    street = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("属地街道工会"))
    is_retained = models.BooleanField(_("保留会籍"), default=False)
    is_individual = models.BooleanField(_("单体入会"), default=False)

    class Meta:
        verbose_name = _("会籍期间")
        constraints = [once_a_day("members_spell_once", "person")]
        indexes = [models.Index(fields=["managing"], name="members_spell_managing")]

    def __str__(self) -> str:
        return str(self.person)

    @staticmethod
    def describe(event: Any, names: Any) -> str:
        return _now("会籍在 %(union)s，%(since)s 起") % {
            "union": names.of(Organisation, event.organisation_id),
            "since": event.valid.lower,
        }


@tracked(exclude=["document_sealed", "document_index", "phone_sealed"])
class Application(Public):
    """Somebody asks to join. What he typed stays with the application until a union has checked it and made a member of him."""

    wall = Own(organisation="organisation", user="user")
    sentences = {"members_application_one_open": _("您已有一份待审的入会申请，请等工会答复或先撤回")}

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="applications", verbose_name=_("受理工会"))
    organisation_path = path_field()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="applications", verbose_name=_("申请账号")
    )
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="applications", verbose_name=_("职工"))
    name = models.CharField(_("姓名"), max_length=60)
    document_kind = models.CharField(_("证件类别"), max_length=16, choices=DocumentKind.choices)
    document_sealed = models.BinaryField()
    document_index = models.CharField(max_length=64, editable=False)
    document_masked = models.CharField(_("证件号码"), max_length=20)
    phone_sealed = models.BinaryField(default=b"")
    phone_masked = models.CharField(_("手机号"), max_length=20, blank=True)
    workplace = models.CharField(_("工作单位"), max_length=120)
    employer = models.ForeignKey(Employer, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("用人单位"))
    host = models.ForeignKey(Employer, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("用工单位"))
    worker_kind = models.CharField(_("用工形式"), max_length=12, choices=WorkerKind.choices, default=WorkerKind.CONTRACT)
    trade = models.CharField(_("新就业形态行业"), max_length=20, blank=True)
    door = models.CharField(_("入会方式"), max_length=8, choices=Door.choices)
    session = models.ForeignKey(
        CounterSession, models.PROTECT, null=True, editable=False, related_name="applications", verbose_name=_("现场受理")
    )
    consent = models.CharField(_("同意的告知书版本"), max_length=20)
    state = models.CharField(_("状态"), max_length=12, choices=APPLICATION_FLOW.choices, default="pending")
    applied_on = models.DateField(_("申请日期"))
    due_on = models.DateField(_("答复期限"))
    is_tentative = models.BooleanField(_("暂定"), default=False)
    doubt = models.CharField(_("待核对"), max_length=200, blank=True)
    decided_on = models.DateField(_("答复日期"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("审核人")
    )
    note = models.CharField(_("答复"), max_length=300, blank=True)
    erased_on = models.DateField(_("号码删除日期"), null=True, editable=False)

    class Meta:
        verbose_name = _("入会申请")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=APPLICATION_FLOW.codes), name="members_application_state_legal"),
            models.UniqueConstraint(
                fields=["document_index"], condition=Q(state="pending"), name="members_application_one_open"
            ),
        ]
        indexes = [models.Index(fields=["organisation_path", "state"], name="members_application_held")]

    def __str__(self) -> str:
        return self.name

    @property
    def holder_id(self) -> int:
        return self.organisation_id

    def _bound_to(self, column: str) -> str:
        return f"members_application.{column}:{self.public_id}"

    def set_document(self, document: Document, index: str) -> None:
        """Seals the number; the index is that of the person's documents, so that both find each other."""
        self.document_kind, self.document_masked, self.document_index = document.kind, document.masked, index
        self.document_sealed = ciphers.seal(document.number, bound_to=self._bound_to("document_sealed"))

    def document_number(self) -> str:
        """The number itself: to make a person of it. Empty once it has been erased."""
        bound_to = self._bound_to("document_sealed")
        return ciphers.unseal(bytes(self.document_sealed), bound_to=bound_to) if self.document_sealed else ""

    def set_phone(self, number: str) -> None:
        """Seals the number and keeps its mask."""
        self.phone_sealed = ciphers.seal(number, bound_to=self._bound_to("phone_sealed")) if number else b""
        self.phone_masked = ciphers.masked_phone(number) if number else ""

    def phone(self) -> str:
        """The number itself: to make a person of it."""
        return ciphers.unseal(bytes(self.phone_sealed), bound_to=self._bound_to("phone_sealed")) if self.phone_sealed else ""

    @staticmethod
    def describe(event: Any, names: Any) -> str:
        return f"{event.name} {event.document_masked}"


@tracked()
class Transfer(Public):
    """A membership asked to move from one union to another, with both sides' clocks (接转). Seen by both, and by the worker."""

    wall = Part("membership", "origin", "target")
    sentences = {"members_transfer_one_open": _("这份会籍已有一份接转在办理，请等答复或先撤回")}

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="transfers", verbose_name=_("会籍"))
    name = models.CharField(_("会员"), max_length=60)
    origin = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("转出工会"))
    target = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("转入工会"))
    employer = models.ForeignKey(Employer, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("用人单位"))
    state = models.CharField(_("状态"), max_length=12, choices=TRANSFER_FLOW.choices)
    before = models.CharField(max_length=12, editable=False)  # the state of the membership until then
    requested_on = models.DateField(_("申请日期"))
    answer_by = models.DateField(_("转出工会答复期限"), null=True, blank=True)
    superior_by = models.DateField(_("上级办理期限"), null=True, blank=True)
    is_tentative = models.BooleanField(_("暂定"), default=False)
    ended_on = models.DateField(_("办结日期"), null=True, blank=True)
    reason = models.CharField(_("原因"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("会籍接转")
        ordering = ["answer_by", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=TRANSFER_FLOW.codes), name="members_transfer_state_legal"),
            models.UniqueConstraint(
                fields=["membership"], condition=Q(state__in=OPEN_TRANSFER), name="members_transfer_one_open"
            ),
        ]
        indexes = [
            models.Index(fields=["origin", "state"], name="members_transfer_origin"),
            models.Index(fields=["target", "state"], name="members_transfer_target"),
        ]

    def __str__(self) -> str:
        return _now("会籍接转：%(name)s") % {"name": self.name}

    @property
    def holder_id(self) -> int:
        """Whoever must act: the target while it has not accepted, else the origin."""
        return self.target_id if self.state == "proposed" else self.origin_id

    @property
    def due_on(self) -> Any:
        """Until when whoever has it must answer."""
        return self.superior_by if self.state == "escalated" else self.answer_by


@tracked(exclude=["sealed"])
class Correction(Public):
    """A worker asks that what is known of him be corrected, or erased (个人信息保护法 (2021) art. 46, 47); his union decides."""

    wall = Own(organisation="organisation", person="person")
    sentences = {"members_correction_one_open": _("您已有一份同样的申请在办理，请等答复或先撤回")}

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("受理工会"))
    organisation_path = path_field()
    person = models.ForeignKey(Person, models.PROTECT, related_name="corrections", verbose_name=_("职工"))
    kind = models.CharField(_("事项"), max_length=12, choices=CorrectionKind.choices, default=CorrectionKind.CORRECTION)
    sealed = models.BinaryField(default=b"")
    what = models.CharField(_("内容"), max_length=200)
    state = models.CharField(_("状态"), max_length=12, choices=CORRECTION_FLOW.choices, default="asked")
    asked_on = models.DateField(_("申请日期"))
    due_on = models.DateField(_("答复期限"))
    decided_on = models.DateField(_("答复日期"), null=True, blank=True)
    note = models.CharField(_("答复"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("资料更正")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=CORRECTION_FLOW.codes), name="members_correction_state_legal"),
            models.UniqueConstraint(fields=["person", "kind"], condition=Q(state="asked"), name="members_correction_one_open"),
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def holder_id(self) -> int:
        return self.organisation_id

    @property
    def _bound_to(self) -> str:
        return f"members_correction.sealed:{self.public_id}"

    def set_values(self, values: dict[str, str]) -> None:
        """Seals what shall stand where, by the names of the fields."""
        self.sealed = ciphers.seal(json.dumps(values, ensure_ascii=False), bound_to=self._bound_to)

    def values(self) -> dict[str, str]:
        """What shall stand where: to be carried out."""
        found: dict[str, str] = json.loads(ciphers.unseal(bytes(self.sealed), bound_to=self._bound_to)) if self.sealed else {}
        return found


@tracked()
class IntakePoint(Public):
    """Where somebody may join who has no union at work (单体入会服务点): what kind of place, when open, whom to ask for."""

    wall = Published(when=Q(closed_on=None))

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="intake_points", verbose_name=_("街道工会"))
    organisation_path = path_field()
    name = models.CharField(_("名称"), max_length=80)
    kind = models.CharField(_("类型"), max_length=12, choices=PointKind.choices)
    address = models.CharField(_("地址"), max_length=200)
    hours = models.CharField(_("开放时间"), max_length=120)
    persons = models.CharField(_("联系人"), max_length=120, blank=True)
    phone = models.CharField(_("公开电话"), max_length=40, blank=True)
    opened_on = models.DateField(_("开放日期"))
    closed_on = models.DateField(_("停办日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("入会服务点")
        ordering = ["organisation_path", "kind", "name"]

    def __str__(self) -> str:
        return self.name

    @property
    def holder_id(self) -> int:
        return self.organisation_id


@tracked()
class Entitlement(Public):
    """What a union gives its members, or those who joined individually (单体入会 四个一、活动补贴), from a day to a day."""

    wall = Published(when=Q(is_public=True))

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="entitlements", verbose_name=_("工会组织"))
    organisation_path = path_field()
    name = models.CharField(_("名称"), max_length=60)
    detail = models.CharField(_("说明"), max_length=300, blank=True)
    for_individuals = models.BooleanField(_("只限单体入会会员"), default=False)
    amount = models.DecimalField(_("补贴金额（元）"), max_digits=14, decimal_places=2, null=True, blank=True)
    valid = DateRangeField(_("有效期"))
    basis = models.CharField(_("依据"), max_length=200)
    is_public = models.BooleanField(_("向职工公开"), default=True)

    class Meta:
        verbose_name = _("会员服务项目")
        ordering = ["organisation_path", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def holder_id(self) -> int:
        return self.organisation_id


@tracked(exclude=["count"])
class Alert(Public):
    """So many individual members work for one employer that it should have a union; one alert each time the number is reached.

    Held by the federation that holds the employer, with the street's copy; the employer itself has no part in it.
    """

    wall = Held("organisation", street="street")
    sentences = {"members_alert_one_open": _("这个单位已有一条建会提醒")}

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("工会组织"))
    street = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("属地街道工会"))
    organisation_path = path_field()
    street_path = path_field()
    employer = models.ForeignKey(Employer, models.PROTECT, related_name="alerts", verbose_name=_("用人单位"))
    state = models.CharField(_("状态"), max_length=12, choices=AlertState.choices, default=AlertState.OPEN)
    count = models.PositiveIntegerField(_("人数"))
    raised_on = models.DateField(_("提醒日期"))
    ended_on = models.DateField(_("办结日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("建会提醒")
        ordering = ["-raised_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=AlertState.values), name="members_alert_state_legal"),
            models.UniqueConstraint(fields=["employer"], condition=Q(state="open"), name="members_alert_one_open"),
        ]

    def __str__(self) -> str:
        return str(self.employer)

    @property
    def holder_id(self) -> int:
        return self.organisation_id


class CardReading(Scoped):
    """A member's card was shown to somebody: where, when. Each code once. Written once, never changed."""

    wall = Held("organisation")
    sentences = {"members_card_reading_once": _("这个会员码刚刚用过。请会员等一分钟，出现新的码再扫")}

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("查验工会"))
    organisation_path = path_field()
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+", verbose_name=_("会籍"))
    slot = models.BigIntegerField(editable=False)
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("查验人"))
    read_at = models.DateTimeField(_("查验时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("会员卡查验")
        constraints = [models.UniqueConstraint(fields=["membership", "slot"], name="members_card_reading_once")]

    def __str__(self) -> str:
        return f"{self.read_at}"
