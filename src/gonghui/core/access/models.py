"""Grants and pilot switches."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gonghui.core.access.roles import ROLES
from gonghui.core.actions.holders import path_field
from gonghui.core.actions.models import Public, tracked
from gonghui.core.actions.walls import Held, Own, Published
from gonghui.core.organisations.models import Organisation


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
