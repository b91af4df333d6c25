"""A user (账号): somebody who signs in. Not a worker 职工, not a member 会员; a worker's account may know which person he is."""

from typing import ClassVar
from uuid import uuid4

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from gonghui.core.actions.actor import Actor
from gonghui.core.actions.models import Scoped, tracked
from gonghui.core.actions.walls import Open, Own
from gonghui.core.people.models import Person
from gonghui.kit import ciphers


class UserManager(BaseUserManager["User"]):
    """Plain: sign-in must find the user before there is an actor."""

    def changeable_by(self, actor: Actor, permission: str) -> models.QuerySet["User"]:
        """What an action asks for its subject: accounts are nobody's in particular, so the permission alone decides."""
        return self.all() if actor.can(permission) else self.none()


@tracked(exclude=["password", "session_mark", "last_login"])
class User(AbstractBaseUser):
    """An account. Rights are read from its grants at every request, never stored in the session."""

    wall: ClassVar = Open("read at sign-in, before there is an actor; holds a name and no personal data")
    objects: ClassVar[UserManager] = UserManager()

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    username = models.CharField(_("登录名"), max_length=60, unique=True)
    name = models.CharField(_("姓名"), max_length=60)
    title = models.CharField(_("职务"), max_length=60, blank=True)
    email = models.EmailField(_("电子邮箱"), blank=True)
    person = models.OneToOneField(
        Person, models.PROTECT, null=True, blank=True, related_name="user", verbose_name=_("本人"), editable=False
    )
    is_worker = models.BooleanField(_("职工账号"), default=False, editable=False)
    is_active = models.BooleanField(_("启用"), default=True)
    is_demo = models.BooleanField(_("演示账号"), default=False, editable=False)
    session_mark = models.CharField(max_length=32, blank=True, editable=False)  # another one ends every session
    created_at = models.DateTimeField(_("建立时间"), auto_now_add=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    sentences: ClassVar = {"accounts_user_username_key": _("这个登录名已有人使用")}

    class Meta:
        verbose_name = _("账号")

    def __str__(self) -> str:
        return self.name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What every session of the account carries: a digest of the password, as Django has it, and of the mark."""
        own: str = super()._get_session_auth_hash(secret)  # type: ignore[misc]
        if not self.session_mark:
            return own
        return salted_hmac("accounts.session_mark", f"{own}{self.session_mark}", secret=secret, algorithm="sha256").hexdigest()


@tracked(exclude=["number_sealed", "number_index"])
class Phone(Scoped):
    """The telephone by which a worker or the chair of a base union signs in: proven by a code, one account's only."""

    wall = Own(user="user")
    sentences: ClassVar = {"accounts_phone_once": _("这个手机号已用于另一个账号")}

    user = models.OneToOneField(User, models.CASCADE, related_name="phone", verbose_name=_("账号"))
    number_sealed = models.BinaryField()
    number_index = models.CharField(max_length=64, editable=False)
    masked = models.CharField(_("手机号"), max_length=20)
    proven_at = models.DateTimeField(_("验证时间"))

    class Meta:
        verbose_name = _("登录手机")
        constraints = [models.UniqueConstraint(fields=["number_index"], name="accounts_phone_once")]

    def __str__(self) -> str:
        return self.masked

    @staticmethod
    def index_of(number: str) -> str:
        """What equal numbers have in common."""
        return ciphers.blind_index(number, of="accounts_phone.number")

    def set_number(self, number: str) -> None:
        """Seals the number, keeps its mask and what finds it again."""
        self.number_sealed = ciphers.seal(number, bound_to=f"accounts_phone.number_sealed:{self.user_id}")
        self.masked, self.number_index = ciphers.masked_phone(number), self.index_of(number)

    def number(self) -> str:
        """The number itself: to send codes to and to compare with what a union has on record."""
        return ciphers.unseal(bytes(self.number_sealed), bound_to=f"accounts_phone.number_sealed:{self.user_id}")


class SignInCode(Scoped):
    """A code that was sent to a telephone, for the one session that asked for it; gone once it is used. No account is named before it
    is proven, so it cannot tell whether a number is known."""

    wall = Own(user="user")

    digest = models.CharField(max_length=64, unique=True, editable=False)  # of the secret that only the asking session holds
    number_sealed = models.BinaryField()
    masked = models.CharField(_("手机号"), max_length=20)
    code_sealed = models.BinaryField()
    tries = models.PositiveSmallIntegerField(default=0)
    expires_at = models.DateTimeField(_("有效至"))
    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="+", verbose_name=_("账号"))
    proven_at = models.DateTimeField(_("验证时间"), null=True)

    class Meta:
        verbose_name = _("登录验证码")
        indexes = [models.Index(fields=["expires_at"], name="accounts_code_expiry")]

    def __str__(self) -> str:
        return self.masked

    def _bound_to(self, column: str) -> str:
        return f"accounts_signincode.{column}:{self.digest}"

    def seal(self, number: str, code: str) -> None:
        """Seals both, bound to the session's digest, and keeps the number's mask."""
        self.number_sealed = ciphers.seal(number, bound_to=self._bound_to("number_sealed"))
        self.code_sealed = ciphers.seal(code, bound_to=self._bound_to("code_sealed"))
        self.masked = ciphers.masked_phone(number)

    def number(self) -> str:
        """The number itself: it becomes the account's once the code is proven."""
        return ciphers.unseal(bytes(self.number_sealed), bound_to=self._bound_to("number_sealed"))

    def code(self) -> str:
        """The code itself: to send, and to compare with what was typed."""
        return ciphers.unseal(bytes(self.code_sealed), bound_to=self._bound_to("code_sealed"))


class Device(Scoped):
    """A browser on which somebody has signed in by telephone before; it holds a secret of which only the digest is kept."""

    wall = Own(user="user")

    user = models.ForeignKey(User, models.CASCADE, related_name="devices", verbose_name=_("账号"))
    digest = models.CharField(max_length=64, editable=False)
    seen_at = models.DateTimeField(_("最近登录"))

    class Meta:
        verbose_name = _("登录过的设备")
        constraints = [models.UniqueConstraint(fields=["user", "digest"], name="accounts_device_once")]

    def __str__(self) -> str:
        return f"{self.seen_at}"


@tracked(exclude=["openid_sealed", "openid_index"])
class WeChat(Scoped):
    """The WeChat identity by which a worker signs in, bound after his telephone was proven in the same session."""

    wall = Own(user="user")

    user = models.OneToOneField(User, models.CASCADE, related_name="wechat", verbose_name=_("账号"))
    openid_sealed = models.BinaryField()
    openid_index = models.CharField(max_length=64, unique=True, editable=False)
    bound_at = models.DateTimeField(_("绑定时间"))

    class Meta:
        verbose_name = _("微信登录")

    def __str__(self) -> str:
        return str(_("微信登录"))

    @staticmethod
    def index_of(openid: str) -> str:
        """What equal identities have in common."""
        return ciphers.blind_index(openid, of="accounts_wechat.openid")

    def set_openid(self, openid: str) -> None:
        """Seals the identity and keeps what finds it again."""
        self.openid_sealed = ciphers.seal(openid, bound_to=f"accounts_wechat.openid_sealed:{self.user_id}")
        self.openid_index = self.index_of(openid)

    def openid(self) -> str:
        """The identity itself: to send messages to."""
        return ciphers.unseal(bytes(self.openid_sealed), bound_to=f"accounts_wechat.openid_sealed:{self.user_id}")


class Tally(Scoped):
    """How often somebody has done something in a window of time that began with the first of it. See `limits`."""

    wall: ClassVar = Open("counts under keyed digests, written before there is an actor; says nothing about anybody")

    key = models.CharField(max_length=64, unique=True, editable=False)
    what = models.CharField(_("事项"), max_length=40)
    count = models.PositiveIntegerField(_("次数"))
    ends_at = models.DateTimeField(_("至"))

    class Meta:
        verbose_name = _("次数限制")
        indexes = [models.Index(fields=["ends_at"], name="accounts_tally_ends")]

    def __str__(self) -> str:
        return f"{self.what} {self.count}"
