"""Sign-in by WeChat through allauth, with WeChat itself replaced by what its documentation says it answers."""

import datetime as dt
import json
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.test import Client
from django.urls import reverse
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter

from gonghui.core.accounts.models import User, WeChat
from gonghui.core.actions.door import acting
from tests.cast import SYSTEM, WORKERS_NUMBER, WORKERS_PHONE, Cast
from tests.test_pages import signed_in
from tests.worker_sign_in.phone import NUMBER, OTHER, WHY, Phone, Sent, errors, pass_time
from tests.worker_sign_in.test_secrecy import stored

pytestmark = pytest.mark.django_db
APP, SECRET = "wx49f0ab532d5d035a", "a-secret-of-the-app"
OPENID = "oGZUI0egBJY1zhBYw2KhdUfwVJJE"


class Gateway:
    """api.weixin.qq.com: each code is good once, as 微信网页授权 says; a code names an openid."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.codes: dict[str, str] = {}
        self.asked: list[PreparedRequest] = []
        self.answers: Any = None
        patch.setattr(HTTPAdapter, "send", self.send)

    def send(self, request: PreparedRequest, **kwargs: Any) -> Response:
        self.asked.append(request)
        assert kwargs["timeout"], "an outage must not hold a page up"
        answer = Response()
        answer.status_code, answer.request, answer.url = 200, request, str(request.url)
        told = dict(parse_qsl(str(request.body)))
        openid = self.codes.pop(told["code"], None)
        said = {"access_token": "T", "expires_in": 7200, "openid": openid, "scope": "snsapi_base"}
        answer._content = json.dumps(
            self.answers or (said if openid else {"errcode": 40029, "errmsg": "invalid code"})
        ).encode()
        return answer


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Gateway:
    """WeChat, set up."""
    settings.WECHAT_APP, settings.WECHAT_SECRET = APP, SECRET
    provider = dict(settings.SOCIALACCOUNT_PROVIDERS["weixin"], APPS=[{"client_id": APP, "secret": SECRET}])
    settings.SOCIALACCOUNT_PROVIDERS = {"weixin": provider}
    return Gateway(monkeypatch)


def leave(client: Client) -> dict[str, str]:
    """Follows the button to WeChat; what the address asks for."""
    answer = client.get(reverse("weixin_login"))
    address = urlsplit(answer.headers["Location"])
    assert (address.scheme, address.netloc, address.path) == ("https", "open.weixin.qq.com", "/connect/oauth2/authorize")
    assert address.fragment == "wechat_redirect"
    return dict(parse_qsl(address.query))


def come_back(client: Client, gateway: Gateway, openid: str = OPENID, code: str = "C1") -> Any:
    """WeChat leads back with a code that names somebody."""
    state = leave(client)["state"]
    gateway.codes[code] = openid
    return client.get(reverse("weixin_callback"), {"code": code, "state": state})


def bound(sent: Sent, gateway: Gateway, number: str = NUMBER) -> Phone:
    """A worker who has come by WeChat and proven his telephone."""
    phone = Phone()
    come_back(phone.client, gateway)
    phone.sign_in(sent, number)
    return phone


def bindings() -> list[tuple[str, str]]:
    with acting(SYSTEM):
        return [(row.user.username, row.openid()) for row in WeChat.objects.unscoped(WHY).select_related("user")]


def test_it_is_off_unless_it_is_set_up(sent: Sent) -> None:
    client = Client()
    assert "用微信登录" not in client.get(reverse("portal:sign_in")).content.decode()
    for name in ("weixin_login", "weixin_callback"):
        assert client.get(reverse(name), {"code": "C1", "state": "S"}).headers["Location"] == reverse("portal:sign_in")


def test_wechat_is_asked_for_the_openid_and_nothing_else(gateway: Gateway) -> None:
    client = Client()
    assert reverse("weixin_login") in client.get(reverse("portal:sign_in")).content.decode()
    asked = leave(client)
    assert (asked["appid"], asked["scope"], asked["response_type"]) == (APP, "snsapi_base", "code")
    assert urlsplit(asked["redirect_uri"]).path == reverse("weixin_callback")
    assert SECRET not in repr(asked)
    come_back(client, gateway)
    assert [urlsplit(str(one.url)).path for one in gateway.asked] == ["/sns/oauth2/access_token"]
    assert urlsplit(str(gateway.asked[0].url)).query == "", "the secret of the app would stand in a log"


def test_the_first_time_a_telephone_is_proven_and_then_wechat_is_enough(sent: Sent, gateway: Gateway) -> None:
    first = Phone()
    assert come_back(first.client, gateway).headers["Location"] == reverse("portal:sign_in")
    assert first.user is None
    assert "第一次用微信登录" in first.client.get(reverse("portal:sign_in")).content.decode()
    assert bindings() == []
    first.sign_in(sent)
    user = first.user
    assert user is not None
    assert bindings() == [(user.username, OPENID)]
    other = Phone()
    come_back(other.client, gateway, code="C2")
    assert other.user == user
    assert SocialAccount.objects.count() + SocialToken.objects.count() == 0


def test_an_unknown_device_is_asked_for_the_fact_before_anything_is_bound(cast: Cast, sent: Sent, gateway: Gateway) -> None:
    phone = bound(sent, gateway, WORKERS_PHONE)
    assert (phone.user, bindings()) == (None, [])
    phone.tell(WORKERS_NUMBER[-4:])
    assert phone.user == cast.users["worker"]
    assert bindings() == [("worker", OPENID)]


def test_the_openid_is_nowhere_in_clear(sent: Sent, gateway: Gateway) -> None:
    come_back(Client(), gateway, code="C0")
    assert OPENID not in stored()
    bound(sent, gateway)
    assert OPENID not in stored()


def test_a_code_cannot_be_used_again(sent: Sent, gateway: Gateway) -> None:
    phone = bound(sent, gateway)
    thief, state = Phone(), leave(phone.client)["state"]
    answer = thief.client.get(reverse("weixin_callback"), {"code": "C1", "state": state})
    assert answer.headers["Location"] == reverse("portal:sign_in")
    own = leave(thief.client)["state"]
    answer = thief.client.get(reverse("weixin_callback"), {"code": "C1", "state": own}, follow=True)
    assert "微信登录没有成功" in answer.content.decode()
    assert thief.user is None


def test_a_state_is_good_once_and_in_its_own_session_only(sent: Sent, gateway: Gateway) -> None:
    bound(sent, gateway)
    mine, victim = Client(), Client()
    state = leave(mine)["state"]
    gateway.codes["C2"] = OPENID
    assert "_auth_user_id" not in victim.session
    victim.get(reverse("weixin_callback"), {"code": "C2", "state": state})
    assert "_auth_user_id" not in victim.session
    assert gateway.codes == {"C2": OPENID}, "not even asked"
    mine.get(reverse("weixin_callback"), {"code": "C2", "state": state})
    assert "_auth_user_id" in mine.session


def test_an_openid_told_by_the_browser_is_nobodys(sent: Sent, gateway: Gateway) -> None:
    bound(sent, gateway)
    thief = Client()
    state = leave(thief)["state"]
    gateway.codes["C9"] = "o-somebody-else"
    thief.get(reverse("weixin_callback"), {"code": "C9", "state": state, "openid": OPENID, "uid": OPENID})
    assert "_auth_user_id" not in thief.session


def test_an_openid_moves_to_the_account_that_was_proven_last(sent: Sent, gateway: Gateway) -> None:
    first = bound(sent, gateway)
    former = first.user
    first.client.post(reverse("portal:sign_out"))
    second = Phone(client=first.client)
    with acting(SYSTEM):
        WeChat.objects.unscoped(WHY).all().delete()
    come_back(second.client, gateway, code="C2")
    second.sign_in(sent, OTHER)
    assert second.user is not None
    assert former != second.user
    assert bindings() == [(second.user.username, OPENID)]


def test_who_is_signed_in_may_bind_wechat_later(sent: Sent, gateway: Gateway) -> None:
    phone = Phone()
    phone.sign_in(sent)
    come_back(phone.client, gateway)
    assert phone.user is not None
    assert bindings() == [(phone.user.username, OPENID)]


def test_staff_do_not_become_workers_by_wechat(cast: Cast, gateway: Gateway) -> None:
    come_back(signed_in(cast, "street_officer"), gateway)
    assert bindings() == []


def test_a_closed_account_is_closed_to_wechat_too(sent: Sent, gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    phone = bound(sent, gateway)
    User.objects.filter(pk=phone.client.session["_auth_user_id"]).update(is_active=False)
    other = Phone()
    come_back(other.client, gateway, code="C2")
    assert other.user is None
    pass_time(monkeypatch, dt.timedelta(minutes=2))
    assert "已停用" in errors(other.sign_in(sent, NUMBER))


@pytest.mark.parametrize(
    "said",
    [{"errcode": 40029}, {"access_token": "T"}, {"access_token": "T", "openid": ""}, {"access_token": "T", "openid": 7}, ["x"]],
)
def test_whatever_wechat_answers_nobody_is_let_in(gateway: Gateway, said: Any) -> None:
    client = Client()
    gateway.answers = said
    answer = come_back(client, gateway)
    assert answer.headers["Location"] == reverse("portal:sign_in")
    assert "_auth_user_id" not in client.session


def test_who_says_no_at_wechat_comes_back_to_the_telephone(gateway: Gateway) -> None:
    client = Client()
    state = leave(client)["state"]
    answer = client.get(reverse("weixin_callback"), {"state": state}, follow=True)
    assert "微信登录没有成功" in answer.content.decode()


# -- released ---------------------------------------------------------------------------------------------------


def test_a_worker_releases_wechat_and_signs_in_by_telephone(sent: Sent, gateway: Gateway) -> None:
    phone = bound(sent, gateway)
    user = phone.user
    assert user is not None
    page = phone.client.get(reverse("portal:devices")).content.decode()
    assert "解除绑定" in page
    assert "这台设备" in page
    assert NUMBER[-4:] in page
    assert NUMBER not in page
    phone.client.get(reverse("portal:release_wechat"))
    with acting(SYSTEM):
        assert WeChat.objects.unscoped(WHY).filter(user=user).exists(), "a link releases nothing"
    phone.client.post(reverse("portal:release_wechat"))
    with acting(SYSTEM):
        assert not WeChat.objects.unscoped(WHY).filter(user=user).exists()
        events: Any = WeChat._meta.get_field("events").related_model
        gone = events._base_manager.filter(pgh_label="delete", user_id=user.pk).get()
        assert gone.pgh_context.metadata["verb"] == "accounts.release_wechat"
    assert "解除绑定" not in phone.client.get(reverse("portal:devices")).content.decode()
    other = Phone()
    come_back(other.client, gateway, code="C2")
    assert other.user is None
    assert phone.user == user


def test_nobody_releases_anothers(sent: Sent, gateway: Gateway, cast: Cast) -> None:
    bound(sent, gateway)
    other = Phone("198.51.100.7")
    other.sign_in(sent, OTHER)
    other.client.post(reverse("portal:release_wechat"))
    with acting(SYSTEM):
        assert WeChat.objects.unscoped(WHY).count() == 1
