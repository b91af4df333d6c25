"""A worker with a telephone: what he types, what he is shown, and the code that was sent to him."""

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from gonghui.core.accounts import limits
from gonghui.core.accounts.models import User
from gonghui.core.actions.door import acting
from gonghui.core.notices import actions
from gonghui.core.notices.models import Message
from gonghui.web.pages import phone_sign_in
from tests.cast import SYSTEM

WHY = "compared beside the pages"
NUMBER = "13711112222"
OTHER = "13733334444"
CLOCKS = (
    "core.accounts.sign_in",
    "core.accounts.limits",
    "core.accounts.actions",
    "core.accounts.second_factor",
    "core.notices.sending",
    "core.notices.actions",
)


class Sent:
    """The codes that were sent, by number, in place of what sends them; the messages are written all the same."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.codes: dict[str, list[str]] = {}
        patch.setattr(phone_sign_in, "send_code", self.send)

    def send(self, number: str, code: str, until: dt.datetime) -> None:
        self.codes.setdefault(number, []).append(code)
        actions.send_code(number, code, until)

    def newest(self, number: str = NUMBER) -> str:
        return self.codes[number][-1]


class Phone:
    """A browser; `address` is where its requests come from. It signs in to the portal."""

    number_url, code_url = "portal:sign_in", "portal:sign_in_code"

    def __init__(self, address: str = "192.0.2.1", client: Client | None = None) -> None:
        self.client, self.address = client or Client(), address

    def ask(self, number: str = NUMBER, **headers: Any) -> Any:
        return self.client.post(reverse(self.number_url), {"number": number}, REMOTE_ADDR=self.address, **headers)

    def type(self, code: str) -> Any:
        return self.client.post(reverse(self.code_url), {"code": code}, REMOTE_ADDR=self.address)

    def tell(self, fact: str) -> Any:
        return self.client.post(reverse(self.code_url), {"fact": fact}, REMOTE_ADDR=self.address)

    def start_anew(self) -> Any:
        return self.client.post(reverse(self.code_url), {"new": "1"}, REMOTE_ADDR=self.address)

    def page(self) -> str:
        return self.client.get(reverse(self.code_url)).content.decode()

    def sign_in(self, sent: Sent, number: str = NUMBER) -> Any:
        assert self.ask(number).status_code == 302
        return self.type(sent.newest(number))

    @property
    def user(self) -> User | None:
        """Who is signed in here."""
        key = self.client.session.get("_auth_user_id")
        is_alive = self.client.get(reverse("portal:sign_out")).status_code == 200
        return User.objects.get(pk=key) if key and is_alive else None


def wrong(code: str) -> str:
    """Another code."""
    return f"{(int(code) + 1) % 1_000_000:06d}"


def clock() -> dt.datetime:
    """The instant that the system believes in."""
    found: dt.datetime = vars(limits)["now"]()
    return found


def pass_time(patch: pytest.MonkeyPatch, time: dt.timedelta) -> None:
    """From here on it is later."""
    later = clock() + time
    for module in CLOCKS:
        patch.setattr(f"gonghui.{module}.now", lambda: later)


def messages() -> list[Message]:
    """Every message there is."""
    with acting(SYSTEM):
        return list(Message.objects.unscoped(WHY).order_by("pk"))


def errors(answer: Any) -> str:
    """What the page says is wrong."""
    found = re.search(r'id="errors".*?</div>', answer.content.decode(), re.DOTALL)
    return found[0] if found else ""
