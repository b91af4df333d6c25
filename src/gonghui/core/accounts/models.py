"""A user (账号): somebody who signs in. Not a worker 职工, not a member 会员."""

from typing import ClassVar
from uuid import uuid4

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from gonghui.core.actions.actor import Actor
from gonghui.core.actions.models import tracked
from gonghui.core.actions.walls import Open


class UserManager(BaseUserManager["User"]):
    """Plain: sign-in must find the user before there is an actor."""

    def changeable_by(self, actor: Actor, permission: str) -> models.QuerySet["User"]:
        """What an action asks for its subject: accounts are nobody's in particular, so the permission alone decides."""
        return self.all() if actor.can(permission) else self.none()


@tracked(exclude=["password", "last_login"])
class User(AbstractBaseUser):
    """An account. Rights are read from its grants at every request, never stored in the session."""

    wall: ClassVar = Open("read at sign-in, before there is an actor; holds a name and no personal data")
    objects: ClassVar[UserManager] = UserManager()

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    username = models.CharField(_("登录名"), max_length=60, unique=True)
    name = models.CharField(_("姓名"), max_length=60)
    title = models.CharField(_("职务"), max_length=60, blank=True)
    email = models.EmailField(_("电子邮箱"), blank=True)
    is_active = models.BooleanField(_("启用"), default=True)
    is_demo = models.BooleanField(_("演示账号"), default=False, editable=False)
    created_at = models.DateTimeField(_("建立时间"), auto_now_add=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    sentences: ClassVar = {"accounts_user_username_key": _("这个登录名已有人使用")}

    class Meta:
        verbose_name = _("账号")

    def __str__(self) -> str:
        return self.name
