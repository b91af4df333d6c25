"""Signing in by a telephone: codes, sessions, devices, the one more fact, numbers that have changed hands."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from gonghui.core.accounts.actions import close_account, worker_account
from gonghui.core.accounts.models import Device, SignInCode, User
from gonghui.core.accounts.models import Phone as Number
from gonghui.core.accounts.sign_in import CODE_LASTS, FACT_LASTS, TRIES
from gonghui.core.actions.door import acting
from gonghui.web.worker_session import COOKIE, LASTS
from tests.cast import SYSTEM, WORKERS_NUMBER, WORKERS_PHONE, Cast
from tests.test_pages import signed_in
from tests.worker_sign_in.phone import NUMBER, OTHER, WHY, Phone, Sent, errors, pass_time, wrong

pytestmark = pytest.mark.django_db
FACT = WORKERS_NUMBER[-4:]
LONG = dt.timedelta(days=91)


def codes() -> Any:
    return SignInCode.objects.unscoped(WHY)


# -- the code ---------------------------------------------------------------------------------------------------


def test_the_first_sign_in_opens_an_account_that_lasts_ninety_days_here(sent: Sent) -> None:
    phone = Phone()
    answer = phone.sign_in(sent)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/m/")
    user = phone.user
    assert user is not None
    assert (user.is_worker, user.person_id, user.has_usable_password()) == (True, None, False)
    assert abs(phone.client.session.get_expiry_age() - LASTS.total_seconds()) < 60
    phone.client.get(reverse("portal:sign_in"))
    assert abs(phone.client.session.get_expiry_age() - LASTS.total_seconds()) < 60, "only from the sign-in on"
    cookie = answer.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    with acting(SYSTEM):
        assert not codes().exists()


def test_the_same_number_is_the_same_account(sent: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = Phone(), Phone()
    first.sign_in(sent)
    pass_time(monkeypatch, dt.timedelta(minutes=2))
    second.ask("+86 137-1111 2222")
    second.type(sent.newest())
    assert first.user == second.user is not None


def test_a_code_is_of_no_use_in_another_session(sent: Sent) -> None:
    """Not even in one that waits for a code of its own."""
    victim, thief = Phone(), Phone()
    victim.ask()
    thief.ask(OTHER)
    thief.type(sent.newest(NUMBER)) if sent.newest(NUMBER) != sent.newest(OTHER) else pytest.skip("one in a million")
    assert thief.user is None
    assert Phone().type(sent.newest()).headers["Location"] == reverse("portal:sign_in")
    victim.type(sent.newest())
    assert victim.user is not None


def test_a_code_is_dead_after_five_tries(sent: Sent) -> None:
    phone = Phone()
    phone.ask()
    code = sent.newest()
    for left in range(TRIES - 1, 0, -1):
        assert f"还可以试 {left} 次" in errors(phone.type(wrong(code)))
    phone.type(wrong(code))
    phone.type(code)
    assert phone.user is None


def test_a_code_is_dead_after_five_minutes_and_after_its_use(sent: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    used, late = Phone(), Phone()
    used.sign_in(sent)
    again = Client()
    again.cookies.load({"sessionid": used.client.cookies["sessionid"].value})
    assert again.post(reverse("portal:sign_in_code"), {"code": sent.newest()}).headers["Location"] == reverse("portal:sign_in")
    late.ask(OTHER)
    pass_time(monkeypatch, CODE_LASTS)
    late.type(sent.newest(OTHER))
    assert late.user is None


def test_a_new_code_kills_the_former_one_of_the_session(sent: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    phone = Phone()
    phone.ask()
    pass_time(monkeypatch, dt.timedelta(minutes=2))
    phone.ask()
    first, second = sent.codes[NUMBER]
    if first != second:
        phone.type(first)
        assert phone.user is None
    with acting(SYSTEM):
        assert codes().count() == 1
    phone.type(second)
    assert phone.user is not None


def test_digits_of_any_width_and_blanks_are_taken(sent: Sent) -> None:
    phone = Phone()
    phone.ask()
    wide = sent.newest().translate({ord(digit): 0xFF10 + int(digit) for digit in "0123456789"})
    phone.type(f" {wide[:3]} {wide[3:]}")
    assert phone.user is not None


@pytest.mark.parametrize("number", ["", "1371111222", "23711112222", "137111122223", "abc", "１３７" + "1" * 30])
def test_what_is_no_mobile_number_is_refused_without_being_repeated(sent: Sent, number: str) -> None:
    answer = Phone().ask(number)
    assert answer.status_code == 200
    assert errors(answer)
    assert not sent.codes


def test_the_session_key_changes_at_sign_in(sent: Sent) -> None:
    """Session fixation: whoever planted a session in the browser does not hold the one that is signed in."""
    phone = Phone()
    phone.ask()
    planted = phone.client.cookies["sessionid"].value
    phone.type(sent.newest())
    assert phone.client.cookies["sessionid"].value != planted
    thief = Client()
    thief.cookies.load({"sessionid": planted})
    assert thief.get(reverse("portal:sign_out")).status_code == 302


def test_pages_take_no_post_from_elsewhere() -> None:
    client = Client(enforce_csrf_checks=True)
    for name in ("portal:sign_in", "portal:sign_in_code", "portal:sign_out"):
        assert client.post(reverse(name), {"number": NUMBER}).status_code == 403


@pytest.mark.parametrize(
    ("asked", "led"),
    [("/m/sign-out/", "/m/sign-out/"), ("https://evil.example/m/", "/m/"), ("//evil.example/m/", "/m/"), ("/", "/m/")],
)
def test_it_leads_to_where_the_worker_was_going_and_never_elsewhere(sent: Sent, asked: str, led: str) -> None:
    phone = Phone()
    phone.client.get(reverse("portal:sign_in"), {"next": asked})
    assert phone.sign_in(sent).headers["Location"] == led


def test_a_closed_account_is_closed_at_once_and_stays_so(cast: Cast, sent: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    phone = Phone()
    phone.sign_in(sent)
    user = phone.user
    assert user is not None
    with cast.act("administrator") as actor:
        close_account(user, actor=actor)
    assert phone.user is None
    with acting(SYSTEM):
        assert not Device.objects.unscoped(WHY).exists()
    pass_time(monkeypatch, dt.timedelta(minutes=2))
    assert "已停用" in errors(phone.sign_in(sent))
    assert phone.user is None


def test_staff_sessions_are_no_workers(cast: Cast) -> None:
    client = signed_in(cast, "street_officer")
    assert client.get(reverse("portal:sign_out")).headers["Location"] == reverse("portal:sign_in")
    assert client.get(reverse("portal:sign_in")).status_code == 200


def test_the_desk_leads_a_worker_to_his_portal(sent: Sent) -> None:
    phone = Phone()
    phone.sign_in(sent)
    assert phone.client.get(reverse("web:home")).headers["Location"] == "/m/"


def test_the_page_shows_the_newest_code_in_development_only(sent: Sent, settings: Any) -> None:
    phone = Phone()
    phone.ask()
    assert sent.newest() in phone.page()
    settings.SMS_URL, settings.DEMO = "https://sms.example/", True
    assert sent.newest() not in phone.page()
    settings.SMS_URL, settings.DEMO, settings.DEBUG = "", False, False
    assert sent.newest() not in phone.page()
    assert "还没有接通短信" in phone.client.get(reverse("portal:sign_in")).content.decode()
    assert "还没有接通短信" in Phone().ask(OTHER).content.decode()
    assert OTHER not in sent.codes


# -- one more fact ----------------------------------------------------------------------------------------------


def test_an_unknown_device_is_asked_for_a_fact_and_then_known(cast: Cast, sent: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    phone = Phone()
    phone.sign_in(sent, WORKERS_PHONE)
    assert phone.user is None
    assert "证件号码的最后四位" in phone.page()
    assert cast.member.person.name not in phone.page()
    phone.tell("0000")
    assert phone.user is None
    phone.tell(FACT.lower())
    assert phone.user == cast.users["worker"]
    phone.client.post(reverse("portal:sign_out"))
    pass_time(monkeypatch, dt.timedelta(minutes=2))
    phone.sign_in(sent, WORKERS_PHONE)
    assert phone.user == cast.users["worker"]


def test_the_fact_is_no_use_without_the_code_and_not_for_long(cast: Cast, sent: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    phone = Phone()
    phone.ask(WORKERS_PHONE)
    phone.tell(FACT)
    assert phone.user is None
    phone.type(sent.newest(WORKERS_PHONE))
    pass_time(monkeypatch, FACT_LASTS)
    phone.tell(FACT)
    assert phone.user is None


def test_facts_can_be_guessed_five_times_a_day_and_ten_times_a_month(
    cast: Cast, sent: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone, waited = Phone(), dt.timedelta(0)
    for day in range(3):
        waited += dt.timedelta(days=1, minutes=day)
        pass_time(monkeypatch, dt.timedelta(days=1, minutes=2))
        phone.sign_in(sent, WORKERS_PHONE)
        for guess in range(6):
            said = errors(phone.tell(f"{guess:04d}"))
            assert ("次数太多" in said) == (guess == 5 or day == 2), (day, guess)
    phone.tell(FACT)
    assert phone.user is None


def test_a_name_is_asked_where_there_is_no_document(cast: Cast, sent: Sent) -> None:
    with acting(SYSTEM):
        cast.member.person.documents.unscoped(WHY).delete()
    phone = Phone()
    phone.sign_in(sent, WORKERS_PHONE)
    assert "姓名" in phone.page()
    phone.tell(" 李 想 ")
    assert phone.user == cast.users["worker"]


def test_nothing_is_asked_of_an_account_without_a_person(sent: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    known = worker_account(NUMBER)
    phone = Phone()
    phone.sign_in(sent)
    assert phone.user == known


# -- signing out ------------------------------------------------------------------------------------------------


def test_signing_out_everywhere_ends_every_session_and_forgets_every_device(
    cast: Cast, sent: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    phones = [Phone(), Phone()]
    for phone in phones:
        phone.sign_in(sent, WORKERS_PHONE)
        phone.tell(FACT)
        assert phone.user == cast.users["worker"]
        pass_time(monkeypatch, dt.timedelta(minutes=2))
    phones[0].client.post(reverse("portal:sign_out"), {"everywhere": "1"})
    assert [phone.user for phone in phones] == [None, None]
    phones[1].sign_in(sent, WORKERS_PHONE)
    assert phones[1].user is None


def test_signing_out_here_leaves_the_others(sent: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    here, there = Phone(), Phone()
    here.sign_in(sent)
    pass_time(monkeypatch, dt.timedelta(minutes=2))
    there.sign_in(sent)
    here.client.post(reverse("portal:sign_out"))
    assert here.user is None
    assert there.user is not None


# -- numbers that have changed hands ----------------------------------------------------------------------------


def test_a_number_in_use_is_nobody_elses(cast: Cast, sent: Sent) -> None:
    phone = Phone()
    phone.sign_in(sent, WORKERS_PHONE)
    assert "新机主" not in phone.page()
    assert "不能另开账号" in errors(phone.start_anew())
    assert phone.user is None


def test_a_new_holder_of_a_number_gets_an_account_of_his_own(cast: Cast, sent: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    former = Phone()
    former.sign_in(sent, WORKERS_PHONE)
    former.tell(FACT)
    pass_time(monkeypatch, LONG)
    fresh = Phone()
    fresh.sign_in(sent, WORKERS_PHONE)
    assert "新机主" in fresh.page()
    fresh.start_anew()
    user = fresh.user
    assert user is not None
    assert (user == cast.users["worker"], user.person_id) == (False, None)
    assert former.user is None
    cast.users["worker"].refresh_from_db()
    assert (cast.users["worker"].is_active, cast.users["worker"].person_id) == (False, None)


def test_trying_the_fact_does_not_keep_the_number_alive(cast: Cast, sent: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    pass_time(monkeypatch, LONG)
    fresh = Phone()
    fresh.sign_in(sent, WORKERS_PHONE)
    fresh.tell("0000")
    assert "新机主" in fresh.page()


def test_an_old_account_without_a_person_does_not_pass_to_whoever_has_its_number_now(
    sent: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    former, phone = worker_account(NUMBER), Phone()
    pass_time(monkeypatch, LONG)
    phone.sign_in(sent)
    assert phone.user not in (None, former)
    assert not User.objects.get(pk=former.pk).is_active
    with acting(SYSTEM):
        assert Number.objects.unscoped(WHY).get().user == phone.user


def test_a_device_that_is_known_keeps_an_old_account(sent: Sent, monkeypatch: pytest.MonkeyPatch) -> None:
    phone = Phone()
    phone.sign_in(sent)
    user = phone.user
    phone.client.post(reverse("portal:sign_out"))
    pass_time(monkeypatch, LONG)
    phone.sign_in(sent)
    assert phone.user == user is not None


@pytest.mark.parametrize("gateway", ["", "https://sms.example.cn/"])
def test_only_where_codes_are_shown_the_page_shows_the_fact_too(cast: Cast, sent: Sent, settings: Any, gateway: str) -> None:
    """So that whoever tries the demo gets as far as the card; with a gateway nothing is shown any more."""
    settings.DEMO, settings.SMS_URL = True, gateway
    phone = Phone()
    phone.ask(WORKERS_PHONE)
    phone.type(sent.newest(WORKERS_PHONE))
    assert "证件号码的最后四位" in phone.page()
    assert (FACT in phone.page()) == (not gateway)
