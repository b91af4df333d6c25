"""Writing notes, and telling people something."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from gonghui.core.access.actions import issue_invitation
from gonghui.core.access.models import Invitation
from gonghui.core.accounts.limits import Limit, take
from gonghui.core.accounts.models import Phone, User, WeChat
from gonghui.core.actions.action import NotAllowed, Refused, action, change
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import beyond_scope
from gonghui.core.history.actions import log_reading
from gonghui.core.notices.jobs import send_message
from gonghui.core.notices.kinds import MessageKind, kinds, message_kind
from gonghui.core.notices.models import Channel, Message, MessageState, Note
from gonghui.core.notices.senders import NotSent, Outgoing, sender_for, sender_path
from gonghui.core.organisations.models import Organisation
from gonghui.kit.columns import BadValue
from gonghui.kit.dates import now, today
from gonghui.kit.intake import mobile

TOLD = "a message is its addressee's, whoever writes it"
SIGN_IN_CODE = message_kind(
    MessageKind("notices.sign_in_code", _("登录验证码"), _("您的登录验证码是 %(code)s，5 分钟内有效。请不要告诉任何人。"))
)
TEST = message_kind(MessageKind("notices.test", _("测试短信"), _("这是一条测试短信，收到即说明短信已接通。")))
TESTS_AN_HOUR = 10


@action("notices.write_note", label=_("留言"))
def write_note(organisation: Organisation, *, actor: Actor, subject: Any, text: str, remind_on: dt.date | None = None) -> Note:
    """Writes a note on a record; `organisation` is where the writer stands. The note is seen by whoever holds the record."""
    if not text.strip():
        raise Refused(_("请写下内容"), field="text")
    if remind_on and remind_on < today():
        raise Refused(_("提醒日期不能早于今天"), field="remind_on")
    if actor.user_id is None:
        raise NotAllowed("notices.write_note")
    note = Note(
        organisation_id=subject.holder_id,
        street_id=getattr(subject, "street_id", None),
        subject_model=subject._meta.label_lower,
        subject_id=subject.pk,
        subject_public_id=subject.public_id,
        subject_name=str(subject),
        author_id=actor.user_id,
        text=text.strip(),
        remind_on=remind_on,
    )
    with beyond_scope("a note stands with the holder of its record"):
        note.save(force_insert=True)
    return note


@action("notices.finish_note", label=_("办结提醒"))
def finish_note(note: Note, *, actor: Actor) -> None:
    """Takes a reminder out of the to-do list of whom it reminds."""
    if note.minder_id != actor.user_id:
        raise NotAllowed("notices.finish_note")
    if note.done_on:
        raise Refused(_("这条提醒已经办结"))
    change(note, done_on=today())


@action("notices.address_message", label=_("写入短信名单"), asks_second_factor=True)
def address_message(invitation: Invitation, *, actor: Actor, purpose: str) -> tuple[str, str]:
    """The full number of somebody invited and a fresh secret, for a message that another system will send; the reading is logged."""
    what, place = _now("手机号"), invitation.organisation_id
    log_reading(invitation, actor=actor, organisation_id=place, what=what, reason=purpose, is_limited=False)
    return invitation.phone(), issue_invitation(invitation, actor=actor)


# -- messages ---------------------------------------------------------------------------------------------------


def tell(
    kind: str,
    *,
    user: User | None = None,
    number: str = "",
    values: Mapping[str, str] | None = None,
    useful_until: dt.datetime | None = None,
) -> list[Message]:
    """Tells somebody something: in the inbox of the user and, for outward kinds, by WeChat or to his telephone; to a number where
    there is no account. Called inside the action that it tells of, so that both stand or neither does; sent after commit."""
    words, told = kinds[kind], values or {}
    words.say(told)  # a value that the words name and nobody gave is noticed here, and not by the addressee
    with beyond_scope(TOLD):
        messages = outward(kind, user, number) if words.is_outward else []
        if user:
            messages.append(Message(user=user, channel=Channel.INBOX, kind=kind, state=MessageState.SENT, sent_at=now()))
        for message in messages:
            message.due_at, message.useful_until = now(), useful_until
            message.set_values(told)
            message.save(force_insert=True)
            if message.state == MessageState.QUEUED:
                send_message.defer(message=str(message.public_id))
    return messages


def outward(kind: str, user: User | None, number: str) -> list[Message]:
    """The one message that leaves the system: by WeChat where it is bound, else to the telephone, as far as anything sends there."""
    for channel in (Channel.WECHAT, Channel.SMS):
        if to := reached_at(channel, user, number):
            message = Message(user=user, channel=channel, kind=kind)
            message.set_to(to)
            return [message]
    return []


def reached_at(channel: str, user: User | None, number: str) -> str:
    """The openid or number by which somebody is reached on a channel; empty where nothing sends there or none is known."""
    if not sender_path(channel):
        return ""
    return openid_of(user) if channel == Channel.WECHAT else number or number_of(user)


def openid_of(user: User | None) -> str:
    """The user's WeChat identity; empty where none is bound."""
    row = WeChat.objects.unscoped(TOLD).filter(user=user).first() if user else None
    return row.openid() if row else ""


def number_of(user: User | None) -> str:
    """The number by which the user signs in; empty where he has none."""
    row = Phone.objects.unscoped(TOLD).filter(user=user).first() if user else None
    return row.number() if row else ""


def send_code(number: str, code: str, until: dt.datetime) -> None:
    """Sends a sign-in code to a telephone; nothing says whether it is anybody's."""
    tell(SIGN_IN_CODE.code, number=number, values={"code": code}, useful_until=until)


@action("notices.read_message", label=_("标为已读"))
def read_message(message: Message, *, actor: Actor) -> None:
    """The addressee has read it."""
    if message.is_unread:
        change(message, state=MessageState.READ, read_at=now())


@action("notices.try_sender", label=_("发送测试短信"))
def try_sender(organisation: Organisation, *, actor: Actor, number: str) -> None:
    """Sends a test message at once, so that an administrator sees whether the settings are right. Raises Refused with the reason."""
    take([Limit("sender test", "everybody", TESTS_AN_HOUR, dt.timedelta(hours=1), _("一小时内最多测试 10 次，请稍后再试"))])
    try:
        to = mobile(number)
    except BadValue as error:
        raise Refused(str(error), field="number") from error
    try:
        sender = sender_for(Channel.SMS)
        if sender is None:
            raise Refused(_("还没有设置短信发送，请按部署说明设置 GONGHUI_SMS_URL 等环境变量"))
        sender.send(Outgoing(to, str(TEST.text), TEST.code, {}))
    except NotSent as refusal:
        raise Refused(_("没有发出去：%(why)s") % {"why": refusal}) from refusal
