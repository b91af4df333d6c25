"""Tokens: shown once, never more than their owner may, ended by a day or a click, counted; and sessions with CSRF."""

import datetime as dt
import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from gonghui.core.access.actions import end_grant, issue_token, revoke_token
from gonghui.core.access.models import Grant, Token
from gonghui.core.access.secrets import digest
from gonghui.core.accounts.actions import close_account
from gonghui.core.actions.action import NotAllowed, Refused
from gonghui.core.actions.door import acting
from gonghui.core.reference.actions import revise_parameter
from gonghui.core.reference.models import Parameter
from gonghui.kit.dates import today
from gonghui.web.api.entrance import permissions
from tests.api.calls import Caller, caller, secret_of
from tests.cast import SYSTEM, Cast
from tests.test_pages import signed_in

NEXT_MONTH = today() + dt.timedelta(days=30)


def token_of(secret: str) -> Token:
    """The row of a secret."""
    with acting(SYSTEM):
        found: Token = Token.objects.unscoped("test").get(digest=digest(secret))
        return found


def made_on_its_page(cast: Cast, name: str, label: str = "同步") -> str:
    """The secret as the page shows it."""
    data = {"label": label, "permissions": ["register.view"], "expires_on": NEXT_MONTH.isoformat()}
    response = signed_in(cast, name).post(reverse("web:issue_token"), data)
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "private, no-store"
    secret: str = response.context["secret"]
    assert secret in response.content.decode()
    return secret


def test_a_token_made_on_its_page_opens_the_door_and_is_never_shown_again(cast: Cast) -> None:
    secret = made_on_its_page(cast, "street_officer")
    assert Caller(secret).get("/employers")["count"] == 3
    page = signed_in(cast, "street_officer").get(reverse("web:tokens")).content.decode()
    assert "同步" in page
    assert secret[-4:] in page
    assert secret not in page
    token = token_of(secret)
    assert secret not in str(vars(token))
    assert token.used_at is not None


def test_a_token_gives_no_more_than_it_was_given(cast: Cast) -> None:
    one = caller(cast, "street_officer", "register.view")
    status, said = one.call("patch", f"/employers/{cast.mill.public_id}", {"name": "x"})
    assert (status, said["code"]) == (403, "not_allowed")
    assert one.call("get", "/figures")[0] == 403
    assert one.call("get", f"/employers/{cast.mill.public_id}")[0] == 200


def test_a_token_gives_no_more_than_its_owner_has_now(cast: Cast) -> None:
    one = caller(cast, "street_officer")
    assert one.call("get", "/employers")[0] == 200
    with acting(SYSTEM):
        end_grant(Grant.objects.unscoped("test").get(user=cast.users["street_officer"]), actor=SYSTEM, on=today())
    assert one.call("get", "/employers")[0] == 403


def test_nobody_gives_a_token_rights_that_are_not_his(cast: Cast) -> None:
    actor, user = cast.actor("street_officer"), cast.users["street_officer"]
    with acting(actor):
        for permission in ("register.move_union", "access.grant_role", "no.such"):
            with pytest.raises(NotAllowed):
                issue_token(user, actor=actor, label="x", permissions=[permission], expires_on=NEXT_MONTH)
        with pytest.raises(NotAllowed):
            issue_token(cast.users["outsider"], actor=actor, label="x", permissions=["register.view"], expires_on=NEXT_MONTH)
        for expires_on in (today(), today() + dt.timedelta(days=366)):
            with pytest.raises(Refused, match="到期日期"):
                issue_token(user, actor=actor, label="x", permissions=["register.view"], expires_on=expires_on)
    page = signed_in(cast, "street_officer").get(reverse("web:issue_token")).content.decode()
    assert "register.found_union" in page
    assert signed_in(cast, "worker").get(reverse("web:issue_token")).status_code == 403


def test_a_token_ends_by_its_day_by_a_click_and_with_its_account(cast: Cast) -> None:
    expired, revoked, closed = (
        secret_of(cast, "street_officer", *some) for some in (["register.view"], [], ["figures.view", "register.view"])
    )
    with acting(SYSTEM):
        Token.objects.unscoped("test").filter(digest=digest(expired)).update(expires_on=today())
    assert Caller(expired).call("get", "/employers")[0] == 401
    token = token_of(revoked)
    other = signed_in(cast, "outsider").post(reverse("web:revoke_token", args=[token.public_id]))
    assert other.status_code == 404
    assert Caller(revoked).call("get", "/employers")[0] == 200
    signed_in(cast, "street_officer").post(reverse("web:revoke_token", args=[token.public_id]))
    assert Caller(revoked).call("get", "/employers")[0] == 401
    with acting(cast.actor("street_officer")), pytest.raises(Refused, match="已经停用"):
        revoke_token(token, actor=cast.actor("street_officer"))
    assert Caller(closed).call("get", "/employers")[0] == 200
    with acting(SYSTEM):
        close_account(cast.users["street_officer"], actor=SYSTEM)
    assert Caller(closed).call("get", "/employers")[0] == 401


@pytest.mark.parametrize("secret", ["", "gonghui_nonsense", "x" * 5000])
def test_without_a_valid_token_nothing_is_answered(cast: Cast, secret: str) -> None:
    status, said = Caller(secret).call("get", "/employers")
    assert (status, said["code"]) == (401, "not_authenticated")


def test_a_bad_token_is_not_helped_by_a_session(cast: Cast) -> None:
    client = signed_in(cast, "street_officer")
    response = client.get("/api/v1/employers", headers={"Authorization": "Bearer gonghui_nonsense"})
    assert response.status_code == 401


def test_calls_are_counted_and_limited_a_minute(cast: Cast) -> None:
    with acting(SYSTEM):
        row = Parameter.objects.unscoped("test").get(key="access.calls_per_minute")
        revise_parameter(row, actor=SYSTEM, value=3, since=today(), basis="测试")
    one, other = caller(cast, "street_officer"), caller(cast, "outsider")
    assert [one.call("get", "/employers")[0] for _call in range(4)] == [200, 200, 200, 429]
    assert other.call("get", "/employers")[0] == 200
    response = one.client.get("/api/v1/employers")
    assert (response.status_code, response.headers["Retry-After"], response.json()["code"]) == (429, "60", "too_many_calls")
    with acting(SYSTEM):
        Token.objects.unscoped("test").update(calls_minute=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
    assert one.call("get", "/employers")[0] == 200


def test_a_call_leaves_no_event_in_the_history_of_the_token(cast: Cast) -> None:
    secret = secret_of(cast, "street_officer")
    token: Any = token_of(secret)
    Caller(secret).get("/employers")
    with acting(SYSTEM):
        assert [event.pgh_label for event in token.events.all()] == ["insert"]


# -- sessions ---------------------------------------------------------------------------------------------------


def test_a_session_reads_and_writes_with_its_csrf_token_only(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.cookies = signed_in(cast, "street_officer").cookies
    path = f"/api/v1/employers/{cast.mill.public_id}"
    assert client.get(path).status_code == 200
    body = json.dumps({"address": "王府井"})
    refused = client.patch(path, body, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (403, "csrf")
    client.get(reverse("web:home"))
    token = client.cookies["csrftoken"].value
    done = client.patch(path, body, content_type="application/json", headers={"X-CSRFToken": token})
    assert (done.status_code, done.json()["address"]) == (200, "王府井")


def test_a_session_without_its_second_factor_is_nobodys(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.users["street_officer"], backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get("/api/v1/employers").status_code == 401


def test_what_a_token_may_be_given_is_what_the_routes_take() -> None:
    assert {"register.view", "figures.view", "register.edit_employer"} <= permissions
    assert not {one for one in permissions if one.startswith(("access.", "accounts."))}
