"""A session that a telephone opened gives no data out until it has shown a second factor, whichever page or action is tried."""

import ast
import inspect
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client
from django.urls import reverse

from gonghui.core.access.queries import actor_for
from gonghui.core.access.roles import ROLES, WORKER
from gonghui.core.accounts.models import User
from gonghui.core.accounts.second_factor import BY_PHONE, KEY
from gonghui.core.accounts.sign_in import FACT_TRIES
from gonghui.core.actions.action import SecondFactorNeeded, verbs
from gonghui.core.actions.door import acting
from gonghui.core.files.actions import store_file
from gonghui.core.history.models import Reading
from gonghui.kit.dates import now
from gonghui.web import desk
from gonghui.web.models import Run
from gonghui.web.steps import StepPage
from tests.browser import SECRET, code_now
from tests.canaries import planted
from tests.cast import SYSTEM, WORKERS_NUMBER, Cast
from tests.chair_sign_in.desk import ASKS, PASSWORD, DeskPhone, shows
from tests.sweep import ARGUMENTS, Address, addresses
from tests.test_pages import signed_in
from tests.test_roles import actions, pages
from tests.worker_sign_in.phone import WHY, Sent

pytestmark = pytest.mark.django_db
WORDS = ("reveal", "export", "print", "undo", "token", "open_file", "address_message")
REASON = "check"
HARMLESS = {"access.revoke_token": "takes a key away"}


def guarded() -> set[str]:
    """Every permission that asks for a second factor."""
    assert list(pages())  # loads every action that has a page
    return {code for code, verb in verbs.items() if verb.asks_second_factor}


def logs_a_reading(function: Any) -> bool:
    """Whether an action gives out something whose reading is logged."""
    tree = ast.parse(inspect.getsource(inspect.unwrap(function)))
    return any(isinstance(node, ast.Call) and getattr(node.func, "id", "") == "log_reading" for node in ast.walk(tree))


@pytest.fixture
def browser(chair: User, sent: Sent) -> DeskPhone:
    """The chair, signed in by telephone."""
    return DeskPhone().enter(sent)


# -- which ------------------------------------------------------------------------------------------------------


def test_what_logs_a_reading_or_is_called_so_asks_for_a_second_factor() -> None:
    named = {code for code in verbs if any(word in code for word in WORDS)} - set(HARMLESS)
    assert named <= guarded()
    logging = {one.__name__ for one in actions() if logs_a_reading(one)}
    assert {"reveal", "reveal_phone", "print_member", "open_file", "address_message"} <= logging
    names = {code.partition(".")[2] for code in guarded() | WORKER}
    assert logging <= names


def test_no_such_action_is_taken_by_a_light_actor(cast: Cast) -> None:
    light, found = replace(SYSTEM, is_light=True), 0
    with acting(SYSTEM):
        for one in actions():
            code = inspect.getclosurevars(one).nonlocals.get("code")
            if code in guarded():
                found += 1
                with pytest.raises(SecondFactorNeeded, match=code):
                    one(cast.own, actor=light)
    assert found == len(guarded()) > 5


def steps_of(address: Address) -> dict[str, StepPage]:
    """The steps that the tables of step pages in an address's view offer."""
    view: Any = inspect.unwrap(address.view)
    tables = [view.__globals__.get(name) for name in view.__code__.co_names]
    rows = [row for table in tables if isinstance(table, Mapping) for row in table.items()]
    return {str(code): step for code, step in rows if isinstance(step, StepPage)}


def doors() -> Iterator[tuple[Address, str, str]]:
    """Every address and step behind the desk's door that takes a guarded permission."""
    for address in addresses():
        permission = getattr(address.view, "permission", "")
        if address.name.startswith(("api:", "portal:")) or not permission:
            continue
        if permission in guarded():
            yield address, "", permission
        elif "step" in address.arguments:
            for code, step in steps_of(address).items():
                if step.permission in guarded():
                    yield address, code, step.permission


def test_no_page_of_such_a_permission_opens_in_a_light_session(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who may do everything everywhere, in a light session: at every such address, with every record there is."""
    role = ROLES["department_officer"]
    monkeypatch.setitem(ROLES, role.code, replace(role, permissions=role.permissions | guarded() | {"access.view"}))
    monkeypatch.setattr(desk, "may_sign_in_by_phone", lambda user: True)
    world = planted(cast)
    records = [one.public_id for of_a_kind in world.records.values() for one in of_a_kind]
    client = signed_in(cast, "department_officer")
    session = client.session
    del session[KEY]
    session[BY_PHONE] = int(now().timestamp())
    session.save()
    met, expected = set(), set()
    for address, step, permission in doors():
        expected.add((address.name, permission))
        known: dict[str, Iterable[Any]] = {"public_id": records, "step": [step], "source": ARGUMENTS["source"](address)}
        for values in product(*(known[name] for name in address.arguments)):
            url = address.url(dict(zip(address.arguments, values, strict=True)))
            for answer in (client.get(url), client.post(url, {"reason": "own_work"})):
                asks = ASKS in answer.content.decode() if answer.status_code == 200 else False
                assert asks or answer.status_code in (404, 405, 403), (url, answer.status_code)
                met |= {(address.name, permission)} if asks else set()
    assert met == expected
    assert {"members.reveal", "register.reveal_phone", "exchange.export_list", "members.print_member"} <= {
        one for _n, one in met
    }


# -- how it is asked --------------------------------------------------------------------------------------------


def test_a_page_that_was_opened_is_opened_once_the_password_is_shown(cast: Cast, browser: DeskPhone) -> None:
    url = reverse("members:member_step", args=[cast.member.public_id, "reveal"]) + "?from=list"
    asked = browser.client.get(url)
    assert ASKS in asked.content.decode()
    assert "查看完整号码" in asked.content.decode()
    key = browser.client.session.session_key
    answer = shows(browser.client, asked, PASSWORD)
    assert answer.headers["Location"] == url
    assert browser.client.session.session_key != key
    assert "事由" in browser.client.get(url).content.decode()
    told = browser.client.post(url, {"what": "document", "reason": REASON})
    assert WORKERS_NUMBER in told.content.decode()
    again = browser.client.get(reverse("web:export", args=["list:members.members"]))
    assert ASKS not in again.content.decode(), "once a session"


def test_a_form_that_was_sent_is_taken_with_all_that_was_in_it(cast: Cast, browser: DeskPhone) -> None:
    url = reverse("members:member_step", args=[cast.member.public_id, "reveal"])
    asked = browser.client.post(url, {"what": "document", "reason": REASON, "more": ["雀一", "雀二"]})
    assert ASKS in asked.content.decode()
    assert ("more", "雀一") in asked.context["kept"]
    assert ("more", "雀二") in asked.context["kept"]
    with acting(SYSTEM):
        assert not Reading.objects.unscoped(WHY).exists()
    wrong = shows(browser.client, asked, "not it")
    assert ("more", "雀二") in wrong.context["kept"]
    assert WORKERS_NUMBER in shows(browser.client, wrong, PASSWORD).content.decode()


def test_what_is_wrong_is_counted_and_soon_refused(browser: DeskPhone) -> None:
    asked = browser.client.get(reverse("web:export", args=["list:members.members"]))
    for _guess in range(FACT_TRIES):
        answer = shows(browser.client, asked, "a guess at it")
        assert "不对" in answer.content.decode()
    assert "次数太多" in shows(browser.client, asked, PASSWORD).content.decode()
    assert KEY not in browser.client.session


def test_the_authenticator_is_taken_where_one_is_set_up(chair: User, browser: DeskPhone) -> None:
    url = reverse("web:export", args=["list:members.members"])
    assert "6 位数字" not in browser.client.get(url).content.decode()
    TOTP.activate(chair, SECRET)
    asked = browser.client.get(url)
    assert "6 位数字" in asked.content.decode()
    assert shows(browser.client, asked, code_now()).headers["Location"] == url


def test_an_account_without_a_password_is_told_what_to_do(cast: Cast, chair: User, browser: DeskPhone) -> None:
    with acting(SYSTEM):
        User.objects.filter(pk=cast.users["worker"].pk).update(person=None)
        User.objects.filter(pk=chair.pk).update(person=cast.member.person, password="!")
    chair.refresh_from_db()
    session = browser.client.session
    session["_auth_user_hash"] = chair.get_session_auth_hash()
    session.save()
    page = browser.client.get(reverse("web:export", args=["list:members.members"])).content.decode()
    assert ASKS in page
    assert "重新发一份邀请" in page


def test_files_leave_by_post_only_after_it(cast: Cast, chair: User, browser: DeskPhone) -> None:
    actor = actor_for(chair)
    with acting(actor):
        file = store_file(cast.own, actor=actor, name="名单.csv", content="雀".encode(), purpose="测试", is_private=True)
    url = reverse("web:file", args=[file.public_id])
    assert browser.client.get(url).status_code == 200
    asked = browser.client.post(url)
    assert ASKS in asked.content.decode()
    assert shows(browser.client, asked, PASSWORD).content == "雀".encode()


def test_a_bulk_action_of_such_a_permission_is_not_even_begun(cast: Cast, browser: DeskPhone) -> None:
    """A job reads the rights of its user and knows nothing of his session."""
    asked = browser.client.post(reverse("web:bulk", args=["list:members.members"]), {"step": "roster", "all": "1"})
    assert ASKS in asked.content.decode()
    with acting(SYSTEM):
        assert not Run.objects.unscoped(WHY).exists()
    begun = shows(browser.client, asked, PASSWORD)
    with acting(SYSTEM):
        run = Run.objects.unscoped(WHY).get()
    assert begun.headers["Location"] == reverse("web:run", args=[run.public_id])
    session = browser.client.session
    del session[KEY]
    session.save()
    assert ASKS in browser.client.post(reverse("web:run", args=[run.public_id])).content.decode()


def test_the_api_takes_no_light_session(browser: DeskPhone) -> None:
    url = "/api/v1/unions"
    assert browser.client.get(url).status_code == 401
    asked = browser.client.get(reverse("web:export", args=["list:members.members"]))
    shows(browser.client, asked, PASSWORD)
    assert browser.client.get(url).status_code == 200


def test_a_session_with_a_second_factor_is_never_asked(cast: Cast) -> None:
    client: Client = signed_in(cast, "enterprise_chair")
    for url in (
        reverse("members:member_step", args=[cast.member.public_id, "reveal"]),
        reverse("web:export", args=["list:members.members"]),
    ):
        assert ASKS not in client.get(url).content.decode()
