"""Opening and closing accounts."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from gonghui.core.accounts.models import User
from gonghui.core.actions.action import action, change
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import acting, entry
from gonghui.core.organisations.models import Organisation


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


def create_user(*, username: str, name: str, password: str | None, title: str = "", is_demo: bool = False) -> User:
    """The first accounts of a system, from the command line: there is nobody yet who could act. No password, no sign-in."""
    actor = Actor.system("accounts.create_user")
    with transaction.atomic(), acting(actor), entry("accounts.create_user", actor):
        user = User(username=username, name=name, title=title, is_demo=is_demo)
        user.set_password(password)
        user.save(force_insert=True)
        return user
