"""What is open of a person: each floor registers which of its records hang on a user, so that a successor can take them over.

Only what nobody else could finish belongs here. What a whole unit works on passes with the role, and who did what stays as it was.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gonghui.core.access.models import Invitation
from gonghui.core.accounts.models import User
from gonghui.core.actions.actor import Actor
from gonghui.core.organisations.models import Organisation
from gonghui.kit.text import Text


@dataclass(frozen=True)
class Succession:
    """Who leaves which organisation, who comes after him and why; `is_last`: no grant anywhere is left to who leaves."""

    leaver: User
    successor: User
    organisation: Organisation
    reason: str
    is_last: bool


@dataclass(frozen=True)
class OpenItem:
    """One record as whoever hands over may read it: what it is called, where it stands."""

    title: Text
    url: str = ""


@dataclass(frozen=True)
class OpenWork:
    """A kind of record that hangs on a person until it is done.

    `is_open` finds the rows of who leaves; `values` are the columns that say whose a row is, as they are for the successor; `obstacle`
    is why a row cannot pass to who has the successor's rights (empty: it can); `item` shows a row to whoever hands over.
    """

    code: str
    label: Text
    model: type[Model]
    is_open: Callable[[Succession], Q]
    values: Callable[[Succession], dict[str, Any]]
    item: Callable[[Any, Actor], OpenItem]
    obstacle: Callable[[Any, Actor], Text] = lambda row, heir: ""


kinds: dict[str, OpenWork] = {}  # code → kind, in the order of registration


def open_work(kind: OpenWork) -> OpenWork:
    """Registers a kind of record; an app does so in its file `open_work.py`."""
    kinds[kind.code] = kind
    return kind


# -- invitations: who invited somebody answers for what it grants ------------------------------------------------


def invited(succession: Succession) -> Q:
    """His invitations to the organisation and below it that nobody has accepted yet."""
    path = succession.organisation.path
    return Q(invited_by=succession.leaver, state="invited", organisation_path__startswith=path)


def shown(invitation: Invitation, actor: Actor) -> OpenItem:
    """Who is invited to what."""
    url = reverse("web:invitation", args=[invitation.public_id]) if actor.can("access.view") else ""
    return OpenItem(f"{invitation.name}（{invitation.get_role_display()}）", url)


def obstacle(invitation: Invitation, heir: Actor) -> Text:
    """Nobody answers for a role that he could not give."""
    if heir.can_at("access.invite", invitation.organisation_path):
        return ""
    return _("接手人在这里没有邀请的权限，请先授予角色，或收回这份邀请")


open_work(
    OpenWork(
        "access.invitations",
        gettext_lazy("未开通的邀请"),
        Invitation,
        invited,
        lambda succession: {"invited_by": succession.successor},
        shown,
        obstacle,
    )
)
