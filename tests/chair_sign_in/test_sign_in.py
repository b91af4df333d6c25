"""Chairs of base unions sign in to the desk by telephone; nobody else does, and nobody learns from it whose a number is."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gonghui.core.access.actions import end_grant, grant_role
from gonghui.core.access.by_phone import NOT_HERE
from gonghui.core.access.models import Grant
from gonghui.core.access.roles import ROLES
from gonghui.core.accounts.actions import sign_out_everywhere
from gonghui.core.accounts.models import Phone as Number
from gonghui.core.accounts.models import User, WeChat
from gonghui.core.accounts.second_factor import DESK_LASTS
from gonghui.core.accounts.sign_in import CODE_LASTS, FACT_TRIES, TRIES, bind_wechat
from gonghui.core.actions.door import acting
from gonghui.kit.dates import today
from gonghui.web.worker_session import begin
from tests.cast import LONG_AGO, SYSTEM, WORKERS_NUMBER, WORKERS_PHONE, Cast
from tests.chair_sign_in.desk import CHAIRS_PHONE, PASSWORD, DeskPhone, with_phone
from tests.worker_sign_in.phone import WHY, Phone, Sent, errors, pass_time, wrong
from tests.worker_sign_in.test_secrecy import UNKNOWN, alike, shape

pytestmark = pytest.mark.django_db
OFFICERS_PHONE = "13900002048"
A_MINUTE = dt.timedelta(minutes=2)


def granted(cast: Cast, user: User, role: str = "street_officer") -> Grant:
    with acting(SYSTEM):
        return grant_role(cast.street, actor=SYSTEM, user=user, role=role, since=LONG_AGO)


# -- coming in --------------------------------------------------------------------------------------------------


def test_an_unknown_device_is_asked_for_the_password_and_then_known(
    chair: User, sent: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = DeskPhone()
    assert browser.sign_in(sent, CHAIRS_PHONE).headers["Location"] == reverse("account_phone_code")
    assert not browser.is_in
    assert "登录密码" in browser.page()
    assert "不一致" in errors(browser.tell("not the password"))
    assert not browser.is_in
    assert browser.tell(PASSWORD).headers["Location"] == "/"
    assert browser.is_in
    assert browser.client.session.get_expire_at_browser_close() or browser.client.session.get_expiry_age() <= 12 * 3600
    browser.client.post(reverse("account_logout"))
    assert not browser.is_in
    pass_time(monkeypatch, A_MINUTE)
    assert browser.sign_in(sent, CHAIRS_PHONE).headers["Location"] == "/"
    assert browser.is_in


def test_a_chair_whose_person_is_known_is_asked_for_the_document_as_workers_are(cast: Cast, sent: Sent) -> None:
    worker = cast.users["worker"]
    with acting(SYSTEM):
        grant_role(cast.own, actor=SYSTEM, user=worker, role="enterprise_chair", since=LONG_AGO)
    browser = DeskPhone()
    browser.sign_in(sent, WORKERS_PHONE)
    assert "证件号码的最后四位" in browser.page()
    browser.tell(WORKERS_NUMBER[-4:])
    assert browser.is_in


def test_it_leads_to_where_the_chair_was_going_and_never_elsewhere(chair: User, sent: Sent) -> None:
    browser = DeskPhone()
    login = browser.client.get("/members/")
    assert login.headers["Location"] == "/accounts/login/?next=/members/"
    browser.client.post(reverse("account_phone"), {"number": CHAIRS_PHONE, "next": "/members/"})
    browser.type(sent.newest(CHAIRS_PHONE))
    assert browser.tell(PASSWORD).headers["Location"] == "/members/"
    for elsewhere in ("https://evil.example/", "//evil.example/", "/m/"):
        other = DeskPhone(f"198.51.100.{len(elsewhere)}")
        other.client.get(reverse("account_phone"), {"next": elsewhere})
        assert "sign_in_next" not in other.client.session


def test_the_sign_in_page_offers_both_ways_and_the_telephone_only_where_codes_are_sent(settings: Any) -> None:
    page = Client().get(reverse("account_login")).content.decode()
    assert page.index("基层工会主席") < page.index("区、街道、系统工会干部")
    settings.DEBUG = settings.DEMO = False
    page = Client().get(reverse("account_login")).content.decode()
    assert "获取验证码" not in page
    assert "还没有接通短信" in Client().get(reverse("account_phone")).content.decode()


# -- who not ----------------------------------------------------------------------------------------------------


def refused(sent: Sent, number: str, address: str = "192.0.2.1") -> Any:
    browser = DeskPhone(address)
    answer = browser.sign_in(sent, number)
    assert not browser.is_in
    return answer


def test_nobody_else_comes_in_and_all_are_told_the_same_words(cast: Cast, chair: User, sent: Sent) -> None:
    """An officer, a worker, a number that nobody has, a chair who is an officer besides, one whose grant is over."""
    with_phone(cast, "street_officer", OFFICERS_PHONE)
    answers = [alike(refused(sent, number)) for number in (OFFICERS_PHONE, WORKERS_PHONE, UNKNOWN)]
    assert str(NOT_HERE) in answers[0][2]
    assert "请用登录名和密码登录" in str(NOT_HERE)
    granted(cast, chair)
    answers.append(alike(refused(sent, CHAIRS_PHONE)))
    assert all(answer == answers[0] for answer in answers)
    assert not User.objects.filter(username__startswith="w-").exists()


def test_a_known_number_answers_like_an_unknown_one_until_the_code_is_right(cast: Cast, chair: User, sent: Sent) -> None:
    with_phone(cast, "street_officer", OFFICERS_PHONE)
    found = []
    for number in (CHAIRS_PHONE, OFFICERS_PHONE, WORKERS_PHONE, UNKNOWN):
        browser, answers = DeskPhone(), []
        with CaptureQueriesContext(connection) as asked:
            answers += [browser.ask(number), browser.client.get(reverse("account_phone_code"))]
            code = sent.newest(number)
            answers += [browser.type(wrong(code)) for _try in range(TRIES)]
            answers.append(browser.type(code))
        found.append(([alike(answer) for answer in answers], shape(asked)))
    assert all(one == found[0] for one in found)


@pytest.mark.parametrize("role", sorted(ROLES))
def test_only_roles_that_say_so_sign_in_by_phone_and_only_at_base_unions(cast: Cast, sent: Sent, role: str) -> None:
    for number, place, is_base in (("13900003001", cast.joint, True), ("13900003002", cast.street, False)):
        user = with_phone(cast, "outsider", number)
        with acting(SYSTEM):
            Grant.objects.unscoped(WHY).filter(user=user).delete()
            grant_role(place, actor=SYSTEM, user=user, role=role, since=LONG_AGO)
        browser = DeskPhone()
        browser.sign_in(sent, number)
        browser.tell(PASSWORD)
        assert browser.is_in == (is_base and ROLES[role].signs_in_by_phone)
        with acting(SYSTEM):
            Number.objects.unscoped(WHY).filter(user=user).delete()


# -- codes and limits are those of the portal ---------------------------------------------------------------------


def test_a_code_is_of_no_use_in_another_session_nor_twice_nor_late(
    chair: User, sent: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    victim, thief = DeskPhone(), DeskPhone()
    victim.ask(CHAIRS_PHONE)
    assert thief.type(sent.newest(CHAIRS_PHONE)).headers["Location"] == reverse("account_phone")
    victim.type(sent.newest(CHAIRS_PHONE))
    victim.tell(PASSWORD)
    assert victim.is_in
    again = DeskPhone(client=Client())
    again.client.cookies.load({"sessionid": victim.client.cookies["sessionid"].value})
    assert again.type(sent.newest(CHAIRS_PHONE)).headers["Location"] == reverse("account_phone")
    pass_time(monkeypatch, A_MINUTE)
    late = DeskPhone()
    late.ask(CHAIRS_PHONE)
    pass_time(monkeypatch, CODE_LASTS)
    late.type(sent.newest(CHAIRS_PHONE))
    late.tell(PASSWORD)
    assert not late.is_in


def test_a_code_is_dead_after_five_tries(chair: User, sent: Sent) -> None:
    browser = DeskPhone()
    browser.ask(CHAIRS_PHONE)
    code = sent.newest(CHAIRS_PHONE)
    for left in range(TRIES - 1, 0, -1):
        assert f"还可以试 {left} 次" in errors(browser.type(wrong(code)))
    browser.type(wrong(code))
    browser.type(code)
    browser.tell(PASSWORD)
    assert not browser.is_in


def test_desk_and_portal_count_together(chair: User, sent: Sent) -> None:
    assert Phone().ask(CHAIRS_PHONE).status_code == 302
    assert "请等一分钟" in errors(DeskPhone("198.51.100.9").ask(CHAIRS_PHONE))
    for number in range(19):
        assert Phone().ask(f"1370000{number:04d}").status_code == 302
    assert "这个网络今天" in errors(DeskPhone().ask("13700009999"))


def test_the_password_can_be_guessed_as_often_as_a_fact(chair: User, sent: Sent) -> None:
    browser = DeskPhone()
    browser.sign_in(sent, CHAIRS_PHONE)
    for _guess in range(FACT_TRIES):
        assert "不一致" in errors(browser.tell("a guess at it"))
    assert "次数太多" in errors(browser.tell(PASSWORD))
    assert not browser.is_in


# -- every request reads the rights anew ----------------------------------------------------------------------------


def test_a_grant_that_ends_closes_the_desk_at_the_next_request(chair: User, sent: Sent) -> None:
    browser = DeskPhone().enter(sent)
    with acting(SYSTEM):
        grant = Grant.objects.unscoped(WHY).get(user=chair)
        end_grant(grant, actor=SYSTEM, on=today())
    answer = browser.home()
    assert (answer.status_code, "请换一种方式登录" in answer.content.decode()) == (403, True)


def test_a_grant_at_a_street_closes_the_desk_to_the_telephone_whatever_it_has_shown(
    cast: Cast, chair: User, sent: Sent
) -> None:
    browser = DeskPhone().enter(sent)
    session = browser.client.session
    session["second_factor_shown"] = True
    session.save()
    assert browser.is_in
    granted(cast, chair)
    assert browser.home().status_code == 403
    assert "请用登录名和密码登录" in browser.home().content.decode()


def test_the_desk_stays_open_for_a_working_day(chair: User, sent: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = DeskPhone().enter(sent)
    pass_time(monkeypatch, DESK_LASTS)
    assert browser.home().headers["Location"] == f"{reverse('account_phone')}?next=/"


def test_signing_out_everywhere_ends_the_session_and_leaves_the_password(chair: User, sent: Sent) -> None:
    browser = DeskPhone().enter(sent)
    with acting(SYSTEM):
        actor = replaced(chair)
        sign_out_everywhere(chair, actor=actor)
    assert not browser.is_in
    chair.refresh_from_db()
    assert chair.check_password(PASSWORD)


def replaced(user: User) -> Any:
    """The system in the name of a user."""
    return replace(SYSTEM, user_id=user.pk)


# -- one account, two doors -------------------------------------------------------------------------------------------


def test_a_chair_is_a_worker_like_any_other_in_the_portal_with_the_same_account(
    chair: User, sent: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = Phone()
    phone.sign_in(sent, CHAIRS_PHONE)
    phone.tell(PASSWORD)
    assert phone.user == chair
    assert phone.client.get(reverse("portal:home")).status_code == 200
    desk = DeskPhone(client=phone.client)
    assert desk.is_in, "the code was typed today"
    pass_time(monkeypatch, DESK_LASTS)
    assert desk.home().headers["Location"].startswith(reverse("account_phone"))
    assert phone.client.get(reverse("portal:home")).status_code == 200


def test_an_officer_who_came_by_telephone_to_the_portal_is_turned_away_from_the_desk(cast: Cast, sent: Sent) -> None:
    granted(cast, cast.users["worker"])
    phone = Phone()
    phone.sign_in(sent, WORKERS_PHONE)
    phone.tell(WORKERS_NUMBER[-4:])
    assert phone.client.get(reverse("portal:home")).status_code == 200
    assert phone.client.get(reverse("web:home")).status_code == 403
    assert phone.client.get(reverse("mfa_activate_totp")).status_code == 403, "a telephone must not become a second factor"


def test_wechat_opens_the_portal_and_not_the_desk(chair: User, sent: Sent, rf: Any) -> None:
    bind_wechat("o-of-the-chair", chair)
    client = Client()
    request = rf.get("/")
    request.session, request.user = client.session, chair
    begin(request, chair, by_code=False)
    request.session.save()
    client.cookies.load({"sessionid": request.session.session_key})
    assert client.get(reverse("web:home")).headers["Location"].startswith(reverse("account_phone"))
    with acting(SYSTEM):
        assert WeChat.objects.unscoped(WHY).filter(user=chair).exists()


def test_a_number_that_is_unused_for_long_still_asks_for_the_password(
    chair: User, sent: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Carriers may have given it to somebody else: he gets an account of his own in the portal, the chair keeps his without it."""
    pass_time(monkeypatch, dt.timedelta(days=91))
    stranger = DeskPhone()
    stranger.sign_in(sent, CHAIRS_PHONE)
    assert "新机主" not in stranger.page()
    stranger.start_anew()
    assert not stranger.is_in
    pass_time(monkeypatch, A_MINUTE)
    phone = Phone()
    phone.sign_in(sent, CHAIRS_PHONE)
    phone.start_anew()
    assert phone.user not in (None, chair)
    chair.refresh_from_db()
    assert chair.is_active
    assert chair.check_password(PASSWORD)
