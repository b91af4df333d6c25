"""How a message leaves the system: the settings' gateway with all it can do wrong, the console, senders of others, the test button."""

import json
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.urls import reverse

from gonghui.config.environment import pairs
from gonghui.config.safety import of_settings
from gonghui.core.notices.senders import ConsoleSender, HTTPSender, NotSent, Outgoing, sender_for, shows_codes
from tests.cast import Cast
from tests.notices.gateway import Gateway
from tests.test_pages import signed_in

NUMBER = "13711112222"
MESSAGE = Outgoing(NUMBER, '验证码 "123456"\n{to} {code}', "notices.sign_in_code", {"code": "123456"})


class Borrowed:
    """A sender of somebody else's."""

    def send(self, message: Outgoing) -> None:
        raise NotSent(f"{message.kind} {sorted(message.values)}")


def test_a_body_in_json_is_json_whatever_the_text(gateway: Gateway) -> None:
    HTTPSender().send(MESSAGE)
    ((method, headers, body),) = gateway.requests
    assert (method, headers["Authorization"]) == ("POST", "Bearer key-of-the-gateway")
    assert json.loads(body) == {"phone": NUMBER, "content": MESSAGE.text, "p": {"code": "123456"}}


def test_a_body_in_form_fields_is_escaped(gateway: Gateway, settings: Any) -> None:
    settings.SMS_HEADERS, settings.SMS_METHOD, settings.SMS_BODY = {}, "PUT", "to={to}&text={text}"
    HTTPSender().send(MESSAGE)
    ((method, _headers, body),) = gateway.requests
    assert (method, parse_qs(body)) == ("PUT", {"to": [NUMBER], "text": [MESSAGE.text]})


@pytest.mark.parametrize(
    ("status", "body", "why"),
    [
        (500, '{"code":"OK"}', "HTTP 500"),
        (401, "", "HTTP 401"),
        (302, '{"code":"OK"}', "HTTP 302"),
        (200, '{"code":"isv.OUT_OF_SERVICE"}', "GONGHUI_SMS_SUCCESS"),
    ],
)
def test_what_is_no_success_is_refused_with_a_reason_that_repeats_nothing(
    gateway: Gateway, status: int, body: str, why: str
) -> None:
    gateway.status, gateway.body = status, f"{body} {NUMBER}"
    with pytest.raises(NotSent, match=why) as refusal:
        HTTPSender().send(MESSAGE)
    assert len(gateway.requests) == 1, "a redirect is not followed"
    assert not {NUMBER, "123456", "key-of-the-gateway"} & set(str(refusal.value).split())


def test_a_gateway_that_says_nothing_is_given_up(gateway: Gateway) -> None:
    gateway.wait = 30
    with pytest.raises(NotSent, match="Timeout"):
        HTTPSender().send(MESSAGE)


def test_a_gateway_that_is_not_there(settings: Any) -> None:
    settings.SMS_URL = "http://127.0.0.1:9/"
    with pytest.raises(NotSent, match="ConnectionRefusedError"):
        HTTPSender().send(MESSAGE)


@pytest.mark.parametrize(("url", "method"), [("file:///etc/passwd", "POST"), ("", "POST"), ("https://sms.example/", "GET")])
def test_settings_that_cannot_be(settings: Any, url: str, method: str) -> None:
    settings.SMS_URL, settings.SMS_METHOD = url, method
    with pytest.raises(NotSent, match="GONGHUI_SMS"):
        HTTPSender()


def test_headers_are_a_json_object_of_texts() -> None:
    assert pairs('{"A": "b"}') == {"A": "b"}
    assert pairs("") == {}
    for bad in ("[]", '{"A": 1}', "A: b"):
        with pytest.raises(ValueError):  # noqa: PT011  (JSON's own error is one too)
            pairs(bad)


def test_who_sends(settings: Any) -> None:
    settings.DEBUG = settings.DEMO = False
    assert sender_for("sms") is None
    assert sender_for("wechat") is None
    settings.SMS_URL = "https://sms.example/"
    assert isinstance(sender_for("sms"), HTTPSender)
    settings.SMS_SENDER = settings.WECHAT_SENDER = f"{__name__}.Borrowed"
    assert isinstance(sender_for("sms"), Borrowed)
    assert isinstance(sender_for("wechat"), Borrowed)
    settings.SMS_SENDER = "gonghui.nowhere.Sender"
    with pytest.raises(NotSent, match=r"gonghui\.nowhere"):
        sender_for("sms")


def test_the_console_is_for_development_only(settings: Any, capsys: Any) -> None:
    settings.DEBUG, settings.DEMO = False, True
    sender = sender_for("sms")
    assert isinstance(sender, ConsoleSender)
    sender.send(MESSAGE)
    assert NUMBER in capsys.readouterr().out
    assert shows_codes()
    settings.SMS_URL = "https://sms.example/"
    assert not shows_codes()
    settings.SMS_SENDER, settings.DEMO = "gonghui.core.notices.senders.ConsoleSender", False
    assert not shows_codes()
    assert any("GONGHUI_SMS_SENDER" in one for one in of_settings())


# -- the test button --------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_administrator_tries_the_gateway_and_sees_what_it_says(cast: Cast, gateway: Gateway) -> None:
    client, url = signed_in(cast, "administrator"), reverse("web:try_sender")
    assert url in client.get(reverse("web:status")).content.decode()
    answer = client.post(url, {"number": NUMBER}, follow=True)
    assert "短信网关已接收" in answer.content.decode()
    assert json.loads(gateway.requests[0][2])["phone"] == NUMBER
    gateway.status = 403
    assert "没有发出去：HTTP 403" in client.post(url, {"number": NUMBER}).content.decode()
    assert len(gateway.requests) == 2
    assert "手机号应为 11 位" in client.post(url, {"number": "1"}).content.decode()


@pytest.mark.django_db
def test_it_is_said_where_nothing_is_set_up(cast: Cast, settings: Any) -> None:
    settings.DEMO = False
    answer = signed_in(cast, "administrator").post(reverse("web:try_sender"), {"number": NUMBER})
    assert "还没有设置短信发送" in answer.content.decode()


@pytest.mark.django_db
def test_nobody_else_sends_tests_and_not_without_end(cast: Cast, gateway: Gateway) -> None:
    for name in ("street_officer", "district_chair", "worker"):
        assert signed_in(cast, name).post(reverse("web:try_sender"), {"number": NUMBER}).status_code == 403
    client = signed_in(cast, "administrator")
    for _time in range(11):
        answer = client.post(reverse("web:try_sender"), {"number": NUMBER})
    assert "最多测试 10 次" in answer.content.decode()
    assert len(gateway.requests) == 10
