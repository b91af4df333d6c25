"""Accepting an invitation: somebody without a session holds its secret and knows the last digits of the number it was made for.

Nobody acts yet, so the system does, in the name of the inviter: what is granted stands in the history as granted by him, and only while
he still holds the right to invite there.
"""

import hmac
from collections.abc import Callable
from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from gonghui.core.access.actions import accept_invitation
from gonghui.core.access.models import MOST_TRIES, Invitation
from gonghui.core.access.queries import actor_for
from gonghui.core.access.secrets import as_told, digest
from gonghui.core.accounts.actions import open_account, phone_of, take_phone
from gonghui.core.accounts.models import User
from gonghui.core.accounts.sign_in import may_be_somebody_elses, release
from gonghui.core.actions.action import Refused
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import acting, entry
from gonghui.kit import names
from gonghui.kit.text import Text

SYSTEM = Actor.system("access.accept_invitation")
WHY = "who holds the secret, before there is an actor"
DIGITS = 4  # of the number, at its end

Enter = Callable[[Invitation, Actor], User]  # the account to be granted the roles: a new one, or the one signed in


def recognised(secret: str) -> list[Invitation]:
    """The invitation that this secret opens, then those that will be accepted with it; nothing for any other text."""
    with acting(SYSTEM):
        rows = Invitation.objects.unscoped(WHY).select_related("organisation", "invited_by")
        found = rows.filter(digest=digest(as_told(secret))).first()
        return [found, *rows.filter(pk__in=[one.pk for one in companions(found)])] if found else []


def companions(invitation: Invitation) -> list[Invitation]:
    """The other open ones of the same number that the same person answers for."""
    rows = Invitation.objects.unscoped(WHY).filter(phone_index=invitation.phone_index, state="invited")
    return list(rows.filter(invited_by=invitation.invited_by_id).exclude(pk=invitation.pk).order_by("pk"))


def obstacle(invitation: Invitation) -> Text:
    """Why an invitation that somebody holds the secret of cannot be accepted, and what to do; empty where it can."""
    inviter = {"inviter": invitation.invited_by.name if invitation.invited_by else _("系统管理员")}
    if invitation.state == "accepted":
        return _("这份邀请已经开通过账号，请直接登录。忘了登录名或密码，请找 %(inviter)s。") % inviter
    if invitation.state == "withdrawn":
        return _("这份邀请已经收回。如果您仍需要账号，请找 %(inviter)s 重新邀请。") % inviter
    if invitation.is_expired:
        return _("这份邀请已于 %(day)s 到期，请找 %(inviter)s 重新发出。") % {"day": invitation.expires_on, **inviter}
    if invitation.is_closed:
        return _("号码答错了 %(count)s 次，邀请已经关闭，请找 %(inviter)s 重新发出。") % {"count": MOST_TRIES, **inviter}
    if not is_answered_for(invitation):
        return _("邀请人 %(inviter)s 已不再管理账号，请找现在的系统管理员重新发出。") % inviter
    return ""


def is_answered_for(invitation: Invitation) -> bool:
    """Whether the inviter still holds the right to invite there; what the command line invited is the system's own."""
    inviter = invitation.invited_by
    return inviter is None or actor_for(inviter).can_at("access.invite", invitation.organisation_path)


def prove(secret: str, digits: str) -> Invitation:
    """The invitation, once the last digits are right. A wrong answer is counted, also when nothing else comes of it. Raises Refused."""
    with acting(SYSTEM):
        rows = Invitation.objects.unscoped(WHY).filter(digest=digest(as_told(secret)))
        invitation = rows.select_for_update(of=("self",)).select_related("organisation", "invited_by").first()
        if invitation is None or (why := obstacle(invitation)):
            raise Refused(why if invitation else _("没有这份邀请"))
        if hmac.compare_digest(invitation.phone()[-DIGITS:].encode(), digits.strip().encode()):
            return invitation  # type: ignore[no-any-return]
        invitation.tries += 1
        invitation.save(update_fields=["tries"])
    raise Refused(wrong_digits(invitation), field="digits")


def wrong_digits(invitation: Invitation) -> Text:
    """What is said of a wrong answer."""
    if invitation.is_closed:
        return obstacle(invitation)
    left = MOST_TRIES - invitation.tries
    return _("和邀请时登记的手机号不一致，请核对；还可以试 %(left)s 次") % {"left": left}


def accept(secret: str, digits: str, enter: Enter, *, has_proven_phone: bool = False) -> User:
    """Grants what the invitation and its companions promise to the account that `enter` gives; a telephone that was proven by a code signs
    it in from now on. Raises Refused."""
    invitation = prove(secret, digits)
    actor = in_the_name_of(invitation)
    with acting(actor), entry("access.accept_invitation", actor):
        user = enter(invitation, actor)
        if has_proven_phone:
            take_phone(user, invitation.phone())
        for one in [invitation, *companions(invitation)]:
            accept_invitation(one, actor=actor, user=user)
    return user


def account_of_telephone(invitation: Invitation, *, actor: Actor, username: str, password: str) -> User:
    """An account for somebody invited who has just proven his telephone.

    A worker's account with this telephone becomes it. Refused where the telephone has an account of the desk already, or a worker's of
    another name; one that carriers may have given to somebody else by now leaves its former account first (docs/decisions/0016).
    """
    phone = phone_of(invitation.phone())
    if phone and phone.user.has_usable_password():
        raise Refused(_("这个手机号已经有账号。请先登录，再打开这个网址，角色会加到原来的账号上"))
    if phone and may_be_somebody_elses(phone):
        release(phone)
        phone = None
    if phone and not is_meant(invitation, phone.user):
        raise Refused(_("这个手机号是另一位职工登录用的，请找邀请您的人核对姓名和手机号"))
    return open_account(
        invitation.organisation,
        actor=actor,
        username=username,
        name=invitation.name,
        password=password,
        title=invitation.title,
        worker=phone.user if phone else None,
    )


def is_meant(invitation: Invitation, user: User) -> bool:
    """Whether a worker's account may be of whom the invitation names."""
    person = user.person
    return user.is_active and (person is None or names.normal(person.name) == names.normal(invitation.name))


def in_the_name_of(invitation: Invitation) -> Actor:
    """The system, known in the history as the inviter."""
    inviter = invitation.invited_by
    if inviter is None:
        return SYSTEM
    return replace(SYSTEM, name=inviter.name, user_id=inviter.pk, channel="invitation")
