"""Opening and closing accounts."""

from typing import Any
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from gonghui.core.accounts.models import Device, Phone, User, WeChat
from gonghui.core.actions.action import NotAllowed, Refused, action, change
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import acting, beyond_scope, entry
from gonghui.core.organisations.models import Organisation
from gonghui.core.people.models import Person
from gonghui.kit.ciphers import masked_phone
from gonghui.kit.dates import now

FOUND = "the telephone of an account that an action has found"
SIGNED_OUT = "the devices of an account that is signed out, whoever does it"


@action("accounts.open_account", label=_("开通账号"))
def open_account(
    organisation: Organisation,
    *,
    actor: Actor,
    username: str,
    name: str,
    password: str,
    title: str = "",
    worker: User | None = None,
) -> User:
    """Opens an account for somebody of this organisation; it can do nothing until it is granted a role. Where he has one as a worker,
    that one becomes it: one person, one account."""
    user = worker or User()
    user.username, user.name, user.title = username, name, title
    user.set_password(password)
    user.save()
    return user


@action("accounts.close_account", label=_("停用账号"))
def close_account(user: User, *, actor: Actor) -> None:
    """Closes an account at once, in every session."""
    change(user, is_active=False)
    close_sessions(user)


@action("accounts.sign_out_everywhere", label=_("退出所有设备"))
def sign_out_everywhere(user: User, *, actor: Actor) -> None:
    """Ends every session of one's own account, on this device too; each device is asked for one more fact at the next sign-in."""
    if user.pk != actor.user_id:
        raise NotAllowed("accounts.sign_out_everywhere")
    close_sessions(user)


@action("accounts.release_wechat", label=_("解除微信绑定"))
def release_wechat(wechat: WeChat, *, actor: Actor) -> None:
    """From now on this WeChat identity signs in to nothing; the telephone stays."""
    if wechat.user_id != actor.user_id:
        raise NotAllowed("accounts.release_wechat")
    wechat.delete()


def close_sessions(user: User) -> None:
    """Every session of the account is dead at its next request, for all of them carry a digest of its mark; the password stays."""
    user.session_mark = uuid4().hex
    user.save(update_fields=["session_mark"])
    with beyond_scope(SIGNED_OUT):
        Device.objects.unscoped(SIGNED_OUT).filter(user=user).delete()


def worker_account(number: str) -> User:
    """The account of whoever has just proven this telephone, as a worker's; opened at the first time. It can do nothing but what is its
    own, whatever roles somebody has granted it at the desk."""
    actor = Actor.system("accounts.worker_account")
    with transaction.atomic(), acting(actor), entry("accounts.worker_account", actor):
        phone = phone_of(number)
        if phone is None:
            try:
                with transaction.atomic():
                    return _open_worker_account(number)
            except IntegrityError:  # the same number was proven somewhere else at the same moment
                phone = phone_of(number)
                if phone is None:
                    raise
        change(phone, proven_at=now())
        if not phone.user.is_worker:
            change(phone.user, is_worker=True)
        return phone.user


def proven_account(number: str) -> User:
    """The account that has this telephone already, which was just proven again."""
    actor = Actor.system("accounts.proven_account")
    with transaction.atomic(), acting(actor), entry("accounts.proven_account", actor):
        phone = phone_of(number)
        if phone is None:
            raise NotAllowed("accounts.proven_account")
        change(phone, proven_at=now())
        return phone.user


def take_phone(user: User, number: str) -> None:
    """Gives an account this telephone, in place of another it had; inside an action that knows it to be his. Refused where it is
    another account's: one telephone, one account (docs/decisions/0022)."""
    present = phone_of(number)
    if present and present.user_id != user.pk:
        raise Refused(Phone.sentences["accounts_phone_once"], field="number")
    with beyond_scope(FOUND):
        phone = Phone.objects.unscoped(FOUND).filter(user=user).first() or Phone(user=user)
        phone.proven_at = now()
        phone.set_number(number)
        phone.save()


def take_phone_off(user: User) -> None:
    """The account signs in by no telephone any more; inside an action that has checked the right."""
    with beyond_scope(FOUND):
        Phone.objects.unscoped(FOUND).filter(user=user).delete()


def prove_phone(user: User, number: str, *, person: Person | None = None, is_worker: bool = True) -> None:
    """Gives an account a telephone that was proven and perhaps the person he is; for setting a system up only."""
    actor = Actor.system("accounts.prove_phone")
    with transaction.atomic(), acting(actor), entry("accounts.prove_phone", actor):
        change(user, is_worker=is_worker, person=person)
        take_phone(user, number)


def phone_of(number: str) -> Phone | None:
    """The telephone with this number, of whichever account."""
    rows = Phone.objects.unscoped("whose telephone this is, at sign-in").filter(number_index=Phone.index_of(number))
    found: Phone | None = rows.select_related("user__person").first()
    return found


def phone_number_of(user: User) -> str:
    """The number by which an account signs in; empty where by none. For the demo's page, whose numbers are nobody's."""
    with acting(Actor.system("accounts.phone_number_of")):
        phone = Phone.objects.unscoped(FOUND).filter(user=user).first()
        return phone.number() if phone and user.is_demo else ""


def _open_worker_account(number: str) -> User:
    user = User(username=f"w-{uuid4().hex}", name=masked_phone(number), is_worker=True)
    user.set_unusable_password()
    user.save(force_insert=True)
    phone = Phone(user=user, proven_at=now())
    phone.set_number(number)
    phone.save(force_insert=True)
    return user


def create_user(*, username: str, name: str, password: str | None, **values: Any) -> User:
    """The first accounts of a system, from the command line: there is nobody yet who could act. No password, no sign-in."""
    actor = Actor.system("accounts.create_user")
    with transaction.atomic(), acting(actor), entry("accounts.create_user", actor):
        user = User(username=username, name=name, **values)
        user.set_password(password)
        user.save(force_insert=True)
        return user
