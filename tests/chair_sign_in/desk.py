"""The chair of a base union at the desk: a password, a telephone that was proven, a browser."""

from typing import Any

from django.test import Client
from django.urls import reverse

from gonghui.core.accounts.actions import prove_phone
from gonghui.core.accounts.models import User
from tests.cast import Cast
from tests.worker_sign_in.phone import Phone, Sent

PASSWORD = "kan-bu-jian-de-mima"
CHAIRS_PHONE = "13900002047"
ASKS = "再核实一次身份"


class DeskPhone(Phone):
    """A browser that signs in to the desk."""

    number_url, code_url = "account_phone", "account_phone_code"

    def home(self) -> Any:
        """What the first page of the desk answers."""
        return self.client.get(reverse("web:home"))

    @property
    def is_in(self) -> bool:
        """Whether the desk is open."""
        return bool(self.home().status_code == 200)

    def enter(self, sent: Sent, number: str = CHAIRS_PHONE, password: str = PASSWORD) -> "DeskPhone":
        """Number, code, and the password that an unknown device is asked for."""
        self.sign_in(sent, number)
        self.tell(password)
        assert self.is_in
        return self


def with_phone(cast: Cast, name: str = "enterprise_chair", number: str = CHAIRS_PHONE) -> User:
    """One of the cast, who has a password and a telephone."""
    user = cast.users[name]
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    prove_phone(user, number, is_worker=False)
    return user


def shows(client: Client, answer: Any, shown: str, **sent: str) -> Any:
    """Answers the page that asks for the second factor, with all that the page carries along."""
    page = answer.context
    data: dict[str, list[str]] = {}
    for name, value in page["kept"]:
        data.setdefault(name, []).append(value)
    form = page["form"]
    data[form.add_prefix("method")] = [form["method"].value()]
    return client.post(answer.request["PATH_INFO"] + query_of(answer), {**data, form.add_prefix("shown"): shown, **sent})


def query_of(answer: Any) -> str:
    """The query of the address that was asked."""
    query = answer.request["QUERY_STRING"]
    return f"?{query}" if query else ""
