"""How an account comes by the telephone that signs it in: by a code when the invitation is accepted, or from somebody who saw its owner."""

import datetime as dt
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse

from gonghui.core.access.actions import Invitee, invite, issue_invitation, reset_phone
from gonghui.core.access.models import Grant, Invitation
from gonghui.core.accounts.actions import phone_of, worker_account
from gonghui.core.accounts.models import Phone as Number
from gonghui.core.accounts.models import User
from gonghui.core.actions.action import NotAllowed, Refused
from gonghui.core.actions.door import acting
from gonghui.web.letters import Letter, address_of, one_on_paper
from tests.cast import SYSTEM, WORKERS_PHONE, Cast
from tests.chair_sign_in.desk import CHAIRS_PHONE, PASSWORD, DeskPhone, with_phone
from tests.test_pages import signed_in
from tests.worker_sign_in.phone import WHY, Phone, Sent, errors, pass_time, wrong

pytestmark = pytest.mark.django_db
NEW = "13900004321"
FORM = {"username": "hanxue", "password": PASSWORD, "again": PASSWORD}
SEEN = "在街道办事大厅核对了身份证"


def invited(cast: Cast, number: str = NEW, name: str = "韩雪", role: str = "enterprise_chair", place: Any = None) -> str:
    """The path of an invitation to be chair of the joint union, or of what is named."""
    with cast.act("administrator") as actor:
        (one,) = invite(place or cast.joint, actor=actor, invitees=[Invitee(name, number, role)])
        return urlsplit(address_of(issue_invitation(one, actor=actor))).path


class Guest:
    """A browser at the page of an invitation."""

    def __init__(self, path: str, client: Client | None = None) -> None:
        self.path, self.client = path, client or Client()

    def send(self) -> Any:
        return self.client.post(self.path, {"send": "1"})

    def fill(self, code: str, **changed: str) -> Any:
        return self.client.post(self.path, {"code": code, **FORM, **changed})

    def page(self) -> str:
        return self.client.get(self.path).content.decode()


def owner_of(number: str) -> User | None:
    with acting(SYSTEM):
        phone = phone_of(number)
        return phone.user if phone else None


def states() -> list[str]:
    with acting(SYSTEM):
        return list(Invitation.objects.unscoped(WHY).order_by("pk").values_list("state", flat=True))


# -- accepting ----------------------------------------------------------------------------------------------------


def test_a_chair_accepts_by_a_code_and_signs_in_by_it_from_then_on(
    cast: Cast, sent: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    guest = Guest(invited(cast))
    assert "手机号的最后四位" not in guest.page()
    assert guest.send().headers["Location"] == guest.path
    assert "139****4321" in guest.page()
    assert "还可以试 4 次" in errors(guest.fill(wrong(sent.newest(NEW))))
    assert states() == ["invited"]
    assert guest.fill(sent.newest(NEW)).headers["Location"] == "/"
    user = owner_of(NEW)
    assert user is not None
    assert (user.username, user.name, user.is_worker, user.check_password(PASSWORD)) == ("hanxue", "韩雪", False, True)
    here = DeskPhone(client=guest.client)
    assert here.is_in
    export = guest.client.get(reverse("web:export", args=["list:members.members"]))
    assert "再核实一次身份" not in export.content.decode(), "he has typed his password a moment ago"
    pass_time(monkeypatch, dt.timedelta(minutes=2))
    guest.client.post(reverse("account_logout"))
    assert here.sign_in(sent, NEW).headers["Location"] == "/", "the device is known"
    assert here.is_in


def test_a_code_for_another_number_or_session_proves_nothing(cast: Cast, sent: Sent) -> None:
    path = invited(cast)
    guest, thief = Guest(path), Guest(path)
    guest.send()
    assert "重新获取" in errors(thief.fill(sent.newest(NEW)))
    portal = Phone(client=thief.client)
    portal.ask("13911112222")
    session = thief.client.session
    session["invitation_code"] = session["sign_in"]
    session.save()
    assert "重新获取" in errors(thief.fill(sent.newest("13911112222")))
    assert states() == ["invited"]
    assert owner_of(NEW) is None


def test_a_workers_account_with_this_telephone_becomes_the_chairs(cast: Cast, sent: Sent) -> None:
    worker = worker_account(NEW)
    guest = Guest(invited(cast))
    guest.send()
    guest.fill(sent.newest(NEW))
    owner = owner_of(NEW)
    assert owner == worker
    assert (owner.username, owner.name, owner.is_worker) == ("hanxue", "韩雪", True)
    assert DeskPhone(client=guest.client).is_in
    assert guest.client.get(reverse("portal:home")).status_code == 200


def test_a_workers_account_of_another_name_stays_his(cast: Cast, sent: Sent) -> None:
    guest = Guest(invited(cast, WORKERS_PHONE))
    guest.send()
    assert "另一位职工" in errors(guest.fill(sent.newest(WORKERS_PHONE)))
    assert states() == ["invited"]
    assert owner_of(WORKERS_PHONE) == cast.users["worker"]


def test_a_number_that_has_changed_hands_brings_nothing_of_its_former_holder(
    cast: Cast, sent: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    pass_time(monkeypatch, dt.timedelta(days=91))
    guest = Guest(invited(cast, WORKERS_PHONE, name="李想"))
    guest.send()
    guest.fill(sent.newest(WORKERS_PHONE))
    owner = owner_of(WORKERS_PHONE)
    assert owner not in (None, cast.users["worker"])
    assert owner is not None
    assert owner.person is None


def test_a_chair_is_invited_to_a_second_union_with_the_session_he_has(cast: Cast, chair: User, sent: Sent) -> None:
    path = invited(cast, CHAIRS_PHONE, name="孙佳怡")
    stranger = Guest(path)
    stranger.send()
    assert "请先登录" in errors(stranger.fill(sent.newest(CHAIRS_PHONE)))


def test_invited_anew_a_chair_changes_his_telephone(
    cast: Cast, chair: User, sent: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same role at the same union again: nothing is granted twice, the number is the new one."""
    desk = DeskPhone().enter(sent)
    guest = Guest(invited(cast, NEW, name="孙佳怡", place=cast.own), desk.client)
    guest.send()
    assert guest.client.post(guest.path, {"code": sent.newest(NEW)}).headers["Location"] == "/"
    assert owner_of(NEW) == chair
    assert owner_of(CHAIRS_PHONE) is None
    with acting(SYSTEM):
        assert Grant.objects.unscoped(WHY).filter(user=chair).count() == 1
    taken = Guest(invited(cast, WORKERS_PHONE, name="孙佳怡"), desk.client)
    taken.send()
    assert "已用于另一个账号" in errors(taken.client.post(taken.path, {"code": sent.newest(WORKERS_PHONE)}))


def test_an_officer_accepts_by_digits_and_a_light_session_takes_no_role_of_his(cast: Cast, chair: User, sent: Sent) -> None:
    officer = Guest(invited(cast, NEW, role="street_officer", place=cast.street))
    assert "手机号的最后四位" in officer.page()
    desk = DeskPhone().enter(sent)
    light = Guest(invited(cast, CHAIRS_PHONE, name="孙佳怡", role="street_officer", place=cast.street), desk.client)
    assert "已用" not in light.page(), "to this page a telephone alone is no sign-in"
    assert "登录名" in light.page()


def test_without_messages_a_chair_accepts_by_digits_and_sets_an_authenticator_up(cast: Cast, settings: Any) -> None:
    settings.DEBUG = settings.DEMO = False
    guest = Guest(invited(cast))
    answer = guest.client.post(guest.path, {"digits": NEW[-4:], **FORM})
    assert answer.headers["Location"] == reverse("mfa_activate_totp")
    assert owner_of(NEW) is None


def test_the_letter_says_how(cast: Cast, settings: Any) -> None:
    paths = [invited(cast), invited(cast, "13900004322", role="street_officer", place=cast.street)]
    assert paths
    with acting(SYSTEM):
        rows = list(Invitation.objects.unscoped(WHY).select_related("organisation", "invited_by").order_by("pk"))
        chairs, officers = (" ".join(one_on_paper(Letter([row], "x"))["steps"]) for row in rows)
    assert "获取验证码" in chairs
    assert "最后四位" in officers


# -- in person ----------------------------------------------------------------------------------------------------


def test_a_telephone_is_changed_in_person_with_a_reason_that_stays(
    cast: Cast, chair: User, sent: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = DeskPhone().enter(sent)
    with acting(SYSTEM):
        grant = Grant.objects.unscoped(WHY).get(user=chair)
    admin = signed_in(cast, "administrator")
    url = reverse("web:grant_step", args=[grant.public_id, "phone"])
    assert "核实" in errors(admin.post(url, {"number": NEW}))
    assert admin.post(url, {"number": "139 0000 4321", "reason": SEEN}).status_code == 302
    assert not desk.is_in
    assert SEEN in admin.get(reverse("web:grant", args=[grant.public_id])).content.decode()
    pass_time(monkeypatch, dt.timedelta(minutes=2))
    former = DeskPhone()
    former.sign_in(sent, CHAIRS_PHONE)
    assert not former.is_in
    other = DeskPhone(client=desk.client)
    other.sign_in(sent, NEW)
    assert not other.is_in, "no device is known any more"
    other.tell(PASSWORD)
    assert other.is_in
    assert admin.post(url, {"number": "", "reason": SEEN}).status_code == 302
    assert owner_of(NEW) is None
    assert not other.is_in


def test_nobody_changes_his_own_nor_anothers_without_the_right(cast: Cast, chair: User) -> None:
    with acting(SYSTEM):
        grants = {one.user.username: one for one in Grant.objects.unscoped(WHY).select_related("user")}
    with cast.act("administrator") as actor:
        with pytest.raises(Refused, match="不能更换自己的"):
            reset_phone(grants["administrator"], actor=actor, number=NEW, reason=SEEN)
        with pytest.raises(Refused, match="已用于另一个账号"):
            reset_phone(grants["enterprise_chair"], actor=actor, number=WORKERS_PHONE, reason=SEEN)
    with cast.act("street_officer") as actor, pytest.raises(NotAllowed):
        reset_phone(grants["enterprise_chair"], actor=actor, number=NEW, reason=SEEN)


def test_an_account_has_one_telephone_and_a_telephone_one_account(cast: Cast, chair: User) -> None:
    with pytest.raises(Refused, match="已用于另一个账号"):
        with_phone(cast, "outsider", CHAIRS_PHONE)
    with_phone(cast, "enterprise_chair", NEW)
    with acting(SYSTEM):
        assert Number.objects.unscoped(WHY).filter(user=chair).count() == 1
