"""Rows F3 and F5: passwords of staff cannot be tried out, nobody can lock somebody else out, and no session outlives its reason.
GONGHUI_TEST_GUESSES asks for more guesses. Workers' sign-in has tests of its own (`tests/worker_sign_in`)."""

import os
from typing import Any

import pytest
from django.contrib.auth.hashers import make_password
from django.test import Client
from django.urls import reverse

from gonghui.core.accounts.models import User
from gonghui.core.actions.door import acting
from tests.browser import PASSWORD
from tests.cast import SYSTEM, Cast
from tests.security.probes import alike_in_time, answer
from tests.test_pages import signed_in

GUESSES = int(os.environ.get("GONGHUI_TEST_GUESSES", "30"))
PAIRS = 15  # Argon2 takes its time for each
ATTACKER, OFFICE = "203.0.113.5", "192.0.2.10"


@pytest.fixture
def victim(cast: Cast) -> User:
    """A street officer with a password; the second factor is asked for after it."""
    user = cast.users["street_officer"]
    user.set_password(PASSWORD)
    with acting(SYSTEM):
        user.save(update_fields=["password"])
    return user


def typed(username: str, password: str, address: str = OFFICE, client: Client | None = None) -> Any:
    """What the sign-in page answers."""
    fields = {"login": username, "password": password}
    return (client or Client()).post(reverse("account_login"), fields, REMOTE_ADDR=address)


def got_in(response: Any) -> bool:
    """Whether name and password were taken: a redirect to the second factor."""
    return bool(response.status_code == 302)


def test_passwords_are_kept_as_argon2id() -> None:
    assert make_password("x").startswith("argon2$argon2id$")


def test_guessing_gets_nobody_in_and_is_stopped(victim: User) -> None:
    answers = [typed(victim.username, f"geheim{guess:05d}", ATTACKER) for guess in range(GUESSES)]
    assert not any(got_in(one) for one in answers)
    assert {one.status_code for one in answers[5:]} <= {403, 429}, "after five tries nothing is looked at any more"
    assert not got_in(typed(victim.username, PASSWORD, ATTACKER)), "not even the right one"


def test_who_is_attacked_still_gets_in(victim: User) -> None:
    """The lock is on the name from that address."""
    for guess in range(8):
        typed(victim.username, f"geheim{guess}", ATTACKER)
    assert got_in(typed(victim.username, PASSWORD, OFFICE))


def test_spraying_one_password_over_many_names_gets_nobody_in(cast: Cast, victim: User) -> None:
    names = [user.username for user in cast.users.values()] + [f"nobody{number}" for number in range(10)]
    assert not any(got_in(typed(name, "123456", ATTACKER)) for name in names)


def test_a_name_that_exists_answers_like_one_that_does_not(victim: User) -> None:
    one, other = (typed(name, "falsch") for name in (victim.username, "nobody"))
    assert answer(one, victim.username) == answer(other, "nobody")
    addresses = iter(range(1, 250))

    def ask(name: str) -> Any:
        return typed(name, "falsch", f"198.51.100.{next(addresses)}")

    is_alike, figures = alike_in_time(lambda: ask(victim.username), lambda: ask("nobody"), PAIRS)
    print(f"\n{figures}")
    assert is_alike, figures


def test_the_password_alone_opens_no_page(victim: User) -> None:
    client = Client()
    assert got_in(typed(victim.username, PASSWORD, client=client))
    assert client.get(reverse("register:employers")).status_code == 302


# -- sessions ---------------------------------------------------------------------------------------------------


def opens(client: Client) -> bool:
    return client.get(reverse("register:employers")).status_code == 200


def test_the_key_of_a_session_is_a_new_one_after_sign_in(victim: User) -> None:
    client = Client()
    client.get(reverse("account_login"))
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    fixed = session.session_key
    client.cookies["sessionid"] = fixed or ""
    typed(victim.username, PASSWORD, client=client)
    assert client.session.session_key != fixed


def test_signing_out_ends_the_session_wherever_its_cookie_lies(cast: Cast, victim: User) -> None:
    client, copy = signed_in(cast, "street_officer"), Client()
    copy.cookies["sessionid"] = client.cookies["sessionid"].value
    assert opens(client)
    assert opens(copy)
    client.post(reverse("account_logout"))
    assert not opens(copy)


def test_another_password_ends_every_other_session(cast: Cast, victim: User) -> None:
    first, second = signed_in(cast, "street_officer"), signed_in(cast, "street_officer")
    assert opens(first)
    assert opens(second)
    victim.set_password("etwas ganz anderes 1")
    with acting(SYSTEM):
        victim.save(update_fields=["password"])
    assert not opens(first)
    assert not opens(second)
