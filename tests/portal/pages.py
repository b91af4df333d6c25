"""Opening the portal's pages as a worker, for the tests of this folder."""

from typing import Any

from django.test import Client
from django.urls import reverse

from gonghui.core.accounts.actions import create_user
from gonghui.core.accounts.models import Phone, User
from gonghui.core.actions.door import acting
from gonghui.kit.dates import now
from gonghui.kit.identity import check_character
from tests.cast import SYSTEM

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PAGES = (
    "home",
    "services",
    "messages",
    "mine",
    "booking",
    "vouchers",
    "help",
    "stations",
    "display",
    "card",
    "union",
    "transfer",
    "data",
    "download",
    "correct",
    "erase",
    "points",
    "entitlements",
    "notice",
    "join",
    "application",
)
"""Every page of the portal that answers a GET."""


def newcomer(name: str = "新职工", phone: str = "13900004001") -> User:
    """A worker who has proven his telephone and is known to no union."""
    with acting(SYSTEM):
        user: User = create_user(username=phone, name=name, password=None)
        user.is_worker = True
        user.save(update_fields=["is_worker"])
        proven = Phone(user=user, proven_at=now())
        proven.set_number(phone)
        proven.save(force_insert=True)
    return user


def signed_in(user: User) -> Client:
    """A client with this worker's session."""
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def opened(client: Client, page: str, /, **query: str) -> str:
    """What a page says, followed to where it leads."""
    response: Any = client.get(reverse(f"portal:{page}"), query, follow=True)
    assert response.status_code == 200, (page, response.status_code)
    return str(response.content.decode())


def sent(client: Client, page: str, /, **fields: str) -> str:
    """What a page answers to a form, followed to where it leads."""
    response: Any = client.post(reverse(f"portal:{page}"), fields, follow=True)
    assert response.status_code == 200, (page, response.status_code)
    return str(response.content.decode())


def number(sequence: int) -> str:
    """A resident ID of nobody, with its check character."""
    base = f"11010119920202{sequence:03d}"
    return base + check_character(base)


FIVE = {"name": "新职工", "number": number(1), "workplace": "拐角咖啡馆", "contract": "same", "consent": "on"}
"""The five fields, of somebody whose place of work nobody knows."""
