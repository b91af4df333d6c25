"""Opening and closing accounts."""

from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from gonghui.core.accounts.models import Phone, User
from gonghui.core.actions.action import action, change
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import acting, entry
from gonghui.core.organisations.models import Organisation
from gonghui.core.people.models import Person
from gonghui.kit.ciphers import masked_phone
from gonghui.kit.dates import now


@action("accounts.open_account", label=_("开通账号"))
def open_account(organisation: Organisation, *, actor: Actor, username: str, name: str, password: str, title: str = "") -> User:
    """Opens an account for somebody of this organisation; it can do nothing until it is granted a role."""
    user = User(username=username, name=name, title=title)
    user.set_password(password)
    user.save(force_insert=True)
    return user


@action("accounts.close_account", label=_("停用账号"))
def close_account(user: User, *, actor: Actor) -> None:
    """Closes an account at once, in every session."""
    change(user, is_active=False)
    user.set_unusable_password()
    user.save(update_fields=["password"])


def worker_account(number: str) -> User:
    """The account of whoever has just proven this telephone; opened at the first time. It can do nothing but what is its own."""
    actor = Actor.system("accounts.worker_account")
    with transaction.atomic(), acting(actor), entry("accounts.worker_account", actor):
        rows = Phone.objects.unscoped("whose telephone this is, at sign-in")
        phone = rows.filter(number_index=Phone.index_of(number)).select_related("user").first()
        if phone is None:
            user = User(username=f"w-{uuid4().hex}", name=masked_phone(number), is_worker=True)
            user.set_unusable_password()
            user.save(force_insert=True)
            phone = Phone(user=user, proven_at=now())
            phone.set_number(number)
            phone.save(force_insert=True)
        else:
            change(phone, proven_at=now())
        return phone.user


def prove_phone(user: User, number: str, *, person: Person | None = None) -> None:
    """Makes an account a worker's, with a telephone that was proven and perhaps the person he is; for setting a system up only."""
    actor = Actor.system("accounts.prove_phone")
    with transaction.atomic(), acting(actor), entry("accounts.prove_phone", actor):
        change(user, is_worker=True, person=person)
        phone = Phone(user=user, proven_at=now())
        phone.set_number(number)
        phone.save(force_insert=True)


def create_user(*, username: str, name: str, password: str | None, **values: Any) -> User:
    """The first accounts of a system, from the command line: there is nobody yet who could act. No password, no sign-in."""
    actor = Actor.system("accounts.create_user")
    with transaction.atomic(), acting(actor), entry("accounts.create_user", actor):
        user = User(username=username, name=name, **values)
        user.set_password(password)
        user.save(force_insert=True)
        return user
