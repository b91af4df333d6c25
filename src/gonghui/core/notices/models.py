"""Notes on records; messages to people."""

import datetime as dt
import json
from collections.abc import Mapping

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gonghui.core.actions.holders import path_field
from gonghui.core.actions.models import Public, tracked
from gonghui.core.actions.walls import Held, Own
from gonghui.core.notices.kinds import MessageKind, kinds
from gonghui.core.organisations.models import Organisation
from gonghui.kit import ciphers
from gonghui.kit.dates import now


def minded_by(user_id: int | None) -> Q:
    """The notes that remind a user: his own and those passed to him, not those he passed on."""
    return Q(passed_to=user_id) | Q(passed_to=None, author=user_id)


@tracked()
class Note(Public):
    """A remark on a record. With a reminder day it stands in a to-do list until it is done: its author's, or that of his successor."""

    wall = Held("organisation", street="street")

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("工会组织"))
    street = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("街道"))
    organisation_path = path_field()
    street_path = path_field()
    subject_model = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    subject_public_id = models.UUIDField()
    subject_name = models.CharField(_("对象"), max_length=120)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="notes", verbose_name=_("记录人"))
    passed_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("接手人")
    )
    text = models.CharField(_("内容"), max_length=500)
    remind_on = models.DateField(_("提醒日期"), null=True, blank=True)
    done_on = models.DateField(_("办结日期"), null=True, blank=True)
    written_at = models.DateTimeField(_("时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("留言")
        indexes = [
            models.Index(fields=["subject_model", "subject_id"], name="notices_note_subject"),
            models.Index(fields=["author", "remind_on"], name="notices_note_reminders"),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def minder_id(self) -> int:
        """Whom the note reminds."""
        return self.passed_to_id or self.author_id


class Channel(models.TextChoices):
    """Where a message goes."""

    INBOX = "inbox", _("站内消息")
    SMS = "sms", _("短信")
    WECHAT = "wechat", _("微信")


class MessageState(models.TextChoices):
    """How far a message has come. In the inbox it has arrived as soon as it is written."""

    QUEUED = "queued", _("待发送")
    SENT = "sent", _("已送出")
    FAILED = "failed", _("发送失败")
    READ = "read", _("已读")


class Message(Public):
    """Something told to a user, or to a telephone number. Written in the same transaction as what it tells of.

    The words are the kind's; the values in them are sealed, for they may say something about somebody. What has left the system keeps
    neither number nor values. A message is its own record of what became of it, so it has no history beside.
    """

    wall = Own(user="user")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="messages", verbose_name=_("收件人")
    )
    channel = models.CharField(_("渠道"), max_length=8, choices=Channel.choices)
    kind = models.CharField(_("事项"), max_length=60)
    values_sealed = models.BinaryField(default=b"")
    to_sealed = models.BinaryField(default=b"")
    masked = models.CharField(_("手机号"), max_length=20, blank=True)
    state = models.CharField(_("状态"), max_length=8, choices=MessageState.choices, default=MessageState.QUEUED)
    due_at = models.DateTimeField(_("发送时间"))
    useful_until = models.DateTimeField(_("有效至"), null=True)
    tries = models.PositiveSmallIntegerField(_("发送次数"), default=0)
    failure = models.CharField(_("失败原因"), max_length=120, blank=True)
    written_at = models.DateTimeField(_("时间"), auto_now_add=True)
    sent_at = models.DateTimeField(_("送出时间"), null=True)
    read_at = models.DateTimeField(_("阅读时间"), null=True)

    class Meta:
        verbose_name = _("消息")
        ordering = ["-written_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=MessageState.values), name="notices_message_state_legal"),
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="notices_message_channel_legal"),
            models.CheckConstraint(
                condition=~Q(channel="inbox") | Q(user__isnull=False), name="notices_message_inbox_of_somebody"
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-written_at"], condition=Q(channel="inbox"), name="notices_message_inbox"),
            models.Index(fields=["due_at"], condition=Q(state="queued"), name="notices_message_due"),
            models.Index(fields=["written_at"], condition=Q(state="failed"), name="notices_message_failed"),
        ]

    def __str__(self) -> str:
        return self.title

    def _bound_to(self, column: str) -> str:
        return f"notices_message.{column}:{self.public_id}"

    def set_values(self, values: Mapping[str, str]) -> None:
        """Seals what stands in the words."""
        self.values_sealed = ciphers.seal(json.dumps(dict(values), ensure_ascii=False), bound_to=self._bound_to("values"))

    def values(self) -> dict[str, str]:
        """What stands in the words: to be read by the addressee, and sent."""
        found: dict[str, str] = json.loads(ciphers.unseal(bytes(self.values_sealed), bound_to=self._bound_to("values")))
        return found

    def set_to(self, to: str) -> None:
        """Seals a number or an openid; the mask is a number's."""
        self.to_sealed = ciphers.seal(to, bound_to=self._bound_to("to"))
        self.masked = ciphers.masked_phone(to) if self.channel == Channel.SMS else ""

    def to(self) -> str:
        """The number or openid itself: to send to."""
        return ciphers.unseal(bytes(self.to_sealed), bound_to=self._bound_to("to"))

    @property
    def words(self) -> MessageKind:
        """The kind's words."""
        return kinds[self.kind]

    @property
    def title(self) -> str:
        """What it is about."""
        return str(self.words.title)

    @property
    def text(self) -> str:
        """What it says, in the language of whoever reads."""
        return self.words.say(self.values())

    @property
    def is_unread(self) -> bool:
        """Whether its addressee has not read it yet."""
        return self.state != MessageState.READ

    def is_useful(self, at: dt.datetime | None = None) -> bool:
        """Whether it still makes sense to send it: a code that is over does not."""
        return self.useful_until is None or (at or now()) < self.useful_until
