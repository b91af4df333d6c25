"""What workers are told of their applications, transfers and corrections. The words name unions and days, never numbers."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from gonghui.areas.members.models import Application, Correction, Transfer
from gonghui.core.accounts.models import User
from gonghui.core.actions.door import beyond_scope
from gonghui.core.notices.actions import tell
from gonghui.core.notices.kinds import MessageKind, message_kind
from gonghui.core.organisations.models import Organisation
from gonghui.core.people.models import Person

WHY = "what is told to a worker about his own matter"
APPROVED = message_kind(
    MessageKind("members.application_approved", _("入会申请已通过"), _("%(union)s已同意您入会，欢迎您。登录后可以查看会员卡。"))
)
ASKED_ELSEWHERE = message_kind(
    MessageKind("members.application_in_transfer", _("入会申请已通过"), _("%(union)s已接收您的申请。%(note)s。"))
)
RECOGNISED = message_kind(MessageKind("members.application_recognised", _("您已是会员"), _("%(note)s。")))
RETURNED = message_kind(
    MessageKind("members.application_returned", _("入会申请被退回"), _("%(union)s退回了您的入会申请：%(note)s"))
)
FORWARDED = message_kind(
    MessageKind("members.application_forwarded", _("入会申请已转办"), _("您的入会申请已转给%(union)s办理。"), is_outward=False)
)
TRANSFER_REQUESTED = message_kind(
    MessageKind(
        "members.transfer_requested",
        _("会籍接转已申请"),
        _("%(target)s申请接收您的会籍，最迟 %(day)s 答复。接转期间会员待遇不变。"),
    )
)
TRANSFER_ACCEPTED = message_kind(
    MessageKind(
        "members.transfer_accepted", _("新工会同意接收"), _("%(target)s同意接收您的会籍，已请原工会转出，最迟 %(day)s 答复。")
    )
)
TRANSFER_COMPLETED = message_kind(MessageKind("members.transfer_completed", _("会籍已接转"), _("您的会籍已转到%(target)s。")))
TRANSFER_STOPPED = message_kind(
    MessageKind("members.transfer_stopped", _("会籍接转没有办成"), _("转到%(target)s的会籍接转没有办成：%(reason)s"))
)
TRANSFER_WITHDRAWN = message_kind(
    MessageKind(
        "members.transfer_withdrawn", _("会籍接转已撤回"), _("转到%(target)s的会籍接转已撤回，会籍不变。"), is_outward=False
    )
)
MOVED_IN = message_kind(
    MessageKind("members.moved_in", _("会籍已转入本单位工会"), _("您的单位建立了工会，您的会籍已转到%(union)s，会员卡不变。"))
)
MOVED_BACK = message_kind(
    MessageKind("members.moved_back", _("会籍已转回"), _("转到%(union)s的会籍已转回原工会，会员卡不变。"), is_outward=False)
)
CORRECTION_MADE = message_kind(MessageKind("members.correction_made", _("资料申请已办理"), _("您关于个人资料的申请已办理。")))
CORRECTION_DECLINED = message_kind(
    MessageKind("members.correction_declined", _("资料申请没有办理"), _("您关于个人资料的申请没有办理：%(note)s"))
)


def account_of(person: Person | None) -> User | None:
    """The account that knows this person."""
    return User.objects.filter(person=person).first() if person else None


def tell_applicant(application: Application, kind: MessageKind, **values: str) -> None:
    """Tells whoever applied; somebody from a counter, who has no account, by the telephone he left."""
    with beyond_scope(WHY):
        union = application.organisation.name
        user = application.user or account_of(application.person)
    number = "" if user else application.phone()
    tell(kind.code, user=user, number=number, values={"union": union, **values})


def tell_of_transfer(transfer: Transfer, kind: MessageKind, **values: str) -> None:
    """Tells the member, if he has an account."""
    with beyond_scope(WHY):
        user, target = account_of(transfer.membership.person), transfer.target.name
    if user:
        last = transfer.superior_by or transfer.answer_by
        tell(kind.code, user=user, values={"target": target, "day": f"{last}", **values})


def tell_of_move(kind: MessageKind, people: Iterable[Person], union: Organisation) -> None:
    """Tells those who have an account that their membership has moved with others."""
    with beyond_scope(WHY):
        users = list(User.objects.filter(person__in=list(people)))
    for user in users:
        tell(kind.code, user=user, values={"union": union.name})


def tell_of_correction(correction: Correction, kind: MessageKind, **values: str) -> None:
    """Tells whoever asked."""
    with beyond_scope(WHY):
        user = account_of(correction.person)
    if user:
        tell(kind.code, user=user, values=values)
