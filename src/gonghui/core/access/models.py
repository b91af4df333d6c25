"""Grants, invitations to accounts, departments, pilot switches, tokens."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gonghui.core.access.roles import ROLES
from gonghui.core.actions.holders import path_field
from gonghui.core.actions.models import Public, Scoped, tracked
from gonghui.core.actions.walls import Held, Own, Published
from gonghui.core.organisations.models import Organisation
from gonghui.kit import ciphers
from gonghui.kit.dates import today
from gonghui.kit.flow import Flow, State, Step

INVITATION_FLOW = Flow(
    "invitation",
    _("开通邀请"),
    states=(
        State("invited", _("待开通"), "warn", "hourglass"),
        State("accepted", _("已开通"), "ok", "circle-check"),
        State("withdrawn", _("已收回"), "", "ban"),
    ),
    steps=(
        Step("invite", _("邀请"), ("",), "invited", "access.invite"),
        Step("issue", _("发出邀请"), ("invited",), "invited", "access.issue_invitation", is_primary=True),
        Step("accept", _("开通"), ("invited",), "accepted", "access.accept_invitation"),
        Step("withdraw", _("收回邀请"), ("invited",), "withdrawn", "access.withdraw_invitation"),
    ),
)
MOST_TRIES = 5  # wrong answers before an invitation closes until it is issued anew


@tracked(exclude=["passed"])
class Grant(Public):
    """A role given to a user at an organisation (and everything below it), for some days, in a department (部室) if one is named."""

    wall = Held("organisation")
    sentences = {"access_grant_once": _("这个人在这些日子里已有这一角色")}

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="grants", verbose_name=_("账号"))
    role = models.CharField(_("角色"), max_length=40, choices=[(role.code, role.label) for role in ROLES.values()])
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="grants", verbose_name=_("工会组织"))
    organisation_path = path_field()
    department = models.CharField(_("部室"), max_length=20, blank=True)
    valid = DateRangeField(_("有效期"))
    second_factor_reset_on = models.DateField(_("动态验证码重置日期"), null=True, blank=True)
    second_factor_reset_reason = models.CharField(_("重置事由"), max_length=200, blank=True)
    phone_reset_on = models.DateField(_("登录手机更换日期"), null=True, blank=True)
    phone_reset_reason = models.CharField(_("更换登录手机的事由"), max_length=200, blank=True)
    successor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("接手人")
    )
    passed = models.JSONField(default=dict, editable=False)  # what passed to him: code of the kind of open work → number

    class Meta:
        verbose_name = _("授权")
        constraints = [
            ExclusionConstraint(
                name="access_grant_once",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("organisation", RangeOperators.EQUAL),
                    ("department", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.get_role_display()}"


@tracked()
class Switch(Public):
    """Whether an area of the system is in use at an organisation and below it (pilot first, then everybody)."""

    wall = Published(when=Q(is_on__isnull=False))
    sentences = {"access_switch_once": _("这些日子里已有一个开关")}

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="switches", verbose_name=_("工会组织"))
    organisation_path = path_field()
    area = models.CharField(_("领域"), max_length=40)
    is_on = models.BooleanField(_("启用"))
    valid = DateRangeField(_("有效期"))

    class Meta:
        verbose_name = _("试点开关")
        constraints = [
            ExclusionConstraint(
                name="access_switch_once",
                expressions=[
                    ("organisation", RangeOperators.EQUAL),
                    ("area", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            )
        ]

    def __str__(self) -> str:
        return f"{self.area} {self.organisation_id} {self.is_on}"


@tracked()
class Department(Scoped):
    """A department (部室) that a federation has, for some days; its name stands in the code list `department`.

    Grants name departments by their codes, so that what a department held stays readable when it is gone.
    """

    wall = Held("organisation")
    sentences = {"access_department_once": _("这些日子里已有这个部室")}

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="departments", verbose_name=_("工会组织"))
    organisation_path = path_field()
    code = models.CharField(_("部室"), max_length=20)
    valid = DateRangeField(_("有效期"))

    class Meta:
        verbose_name = _("部室")
        constraints = [
            ExclusionConstraint(
                name="access_department_once",
                expressions=[
                    ("organisation", RangeOperators.EQUAL),
                    ("code", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            )
        ]

    def __str__(self) -> str:
        return self.code


@tracked(exclude=["phone_sealed", "phone_index", "digest", "tries"])
class Invitation(Public):
    """A role at a union that waits for somebody who has no account yet, or another one.

    Several roles of one person are several invitations with the same number; the first that is accepted takes along those of the same
    inviter. What opens it is a random secret, of which only the digest is kept, and then the last four digits of the number.
    """

    wall = Held("organisation")
    sentences = {"access_invitation_once": _("这个手机号在这里已有同一角色的邀请")}

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="invitations", verbose_name=_("工会组织"))
    organisation_path = path_field()
    role = models.CharField(_("角色"), max_length=40, choices=[(role.code, role.label) for role in ROLES.values()])
    department = models.CharField(_("部室"), max_length=20, blank=True)
    name = models.CharField(_("姓名"), max_length=60)
    title = models.CharField(_("职务"), max_length=60, blank=True)
    phone_sealed = models.BinaryField()
    phone_masked = models.CharField(_("手机号"), max_length=20)
    phone_index = models.CharField(max_length=64, editable=False)
    state = models.CharField(_("状态"), max_length=12, choices=INVITATION_FLOW.choices, default="invited")
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("邀请人")
    )
    invited_on = models.DateField(_("邀请日期"))
    digest = models.CharField(max_length=64, unique=True, null=True, editable=False)
    issued_on = models.DateField(_("发出日期"), null=True, blank=True)
    expires_on = models.DateField(_("有效至"), null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="invitations", verbose_name=_("账号")
    )
    accepted_on = models.DateField(_("开通日期"), null=True, blank=True)

    class Meta:
        verbose_name = _("开通邀请")
        indexes = [models.Index(fields=["organisation_path", "state"], name="access_invitation_held")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=INVITATION_FLOW.codes), name="access_invitation_state_legal"),
            models.CheckConstraint(
                condition=~Q(state="accepted") | Q(user__isnull=False, accepted_on__isnull=False),
                name="access_invitation_accepted_by_one",
            ),
            models.UniqueConstraint(
                fields=["phone_index", "organisation", "role", "department"],
                condition=Q(state="invited"),
                name="access_invitation_once",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def holder_id(self) -> int:
        return self.organisation_id

    @property
    def _bound_to(self) -> str:
        return f"access_invitation.phone_sealed:{self.public_id}"

    @staticmethod
    def index_of(number: str) -> str:
        """What equal numbers have in common."""
        return ciphers.blind_index(number, of="access_invitation.phone")

    def set_phone(self, number: str) -> None:
        """Seals the number, keeps its mask and what finds it again."""
        self.phone_sealed = ciphers.seal(number, bound_to=self._bound_to)
        self.phone_masked, self.phone_index = ciphers.masked_phone(number), self.index_of(number)

    def phone(self) -> str:
        """The number itself: to ask for its last digits, and for a list of messages."""
        return ciphers.unseal(bytes(self.phone_sealed), bound_to=self._bound_to)

    @property
    def is_expired(self) -> bool:
        """Whether it was sent out and its days are over; the last day still counts."""
        return self.state == "invited" and self.expires_on is not None and self.expires_on < today()

    @property
    def is_closed(self) -> bool:
        """Whether too many wrong answers have closed it until it is issued anew."""
        return self.state == "invited" and self.tries >= MOST_TRIES

    @staticmethod
    def describe(event: Any, names: Any) -> str:
        return f"{event.name} {event.phone_masked}"


@tracked(exclude=["digest", "used_at", "calls", "calls_minute"])
class Token(Public):
    """A key with which a program calls the API as its user, with some of that user's rights, until a day. Only its digest is kept."""

    wall = Own(user="user")
    sentences = {"access_token_label": _("您已有一个同名的令牌，请换个名字")}

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="tokens", verbose_name=_("账号"))
    label = models.CharField(_("用途"), max_length=60)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    ending = models.CharField(_("尾号"), max_length=4, editable=False)
    permissions = ArrayField(models.CharField(max_length=60), verbose_name=_("权限"))
    expires_on = models.DateField(_("到期日期"))
    revoked_on = models.DateField(_("停用日期"), null=True, blank=True)
    issued_at = models.DateTimeField(_("建立时间"), auto_now_add=True)
    used_at = models.DateTimeField(_("最近使用"), null=True, blank=True, editable=False)
    calls_minute = models.DateTimeField(null=True, editable=False)  # the minute in which the calls below were made
    calls = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("接口令牌")
        constraints = [
            models.UniqueConstraint(fields=["user", "label"], condition=Q(revoked_on=None), name="access_token_label")
        ]

    def __str__(self) -> str:
        return self.label
