"""Messages: with what they tell of or not at all, sent once, tried again, seen by their addressee only, and what the members' area tells."""

import datetime as dt
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from gonghui.areas.members.actions import (
    ApplicationRow,
    accept_transfer,
    apply,
    approve_application,
    decline_correction,
    forward_application,
    make_correction,
    refuse_transfer,
    release_transfer,
    request_correction,
    request_own_transfer,
    request_transfer,
    return_application,
    take_application,
    telling,
    withdraw_transfer,
)
from gonghui.areas.members.models import Application
from gonghui.core.accounts.actions import worker_account
from gonghui.core.accounts.models import User
from gonghui.core.accounts.sign_in import bind_wechat
from gonghui.core.actions.action import NotAllowed
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import acting
from gonghui.core.notices.actions import SIGN_IN_CODE, read_message, tell
from gonghui.core.notices.jobs import send_due
from gonghui.core.notices.kinds import MessageKind, kinds, message_kind
from gonghui.core.notices.models import Channel, Message
from gonghui.core.notices.queries import messages, undelivered, unread
from gonghui.core.notices.senders import NotSent, Outgoing
from gonghui.core.notices.sending import WAITS, send
from gonghui.core.people.models import Person
from gonghui.kit.identity import check_character
from tests.cast import SYSTEM, WORKERS_NUMBER, WORKERS_PHONE, Cast, found_cast
from tests.exports.books import do_jobs
from tests.exports.test_bulk import work
from tests.test_pages import signed_in
from tests.worker_sign_in.phone import NUMBER, pass_time
from tests.worker_sign_in.phone import messages as written

KIND = "members.application_returned"
VALUES = {"union": "某工会", "note": "请带劳动合同"}
THEIR_NUMBER, ANOTHER = (f"{base}{check_character(base)}" for base in ("11010119900101001", "11010119900101003"))


class Recording:
    """Keeps what it was given; refuses while it is told to."""

    sent: list[Outgoing] = []
    is_down = False

    def send(self, message: Outgoing) -> None:
        if Recording.is_down:
            raise NotSent("down")
        Recording.sent.append(message)


@pytest.fixture(autouse=True)
def recording(settings: Any) -> type[Recording]:
    """What sends text messages here."""
    settings.SMS_SENDER = f"{__name__}.Recording"
    Recording.sent, Recording.is_down = [], False
    return Recording


def tell_worker(cast: Cast) -> Message:
    """One told to the worker; the one that goes to his telephone."""
    with acting(SYSTEM):
        told = tell(KIND, user=cast.users["worker"], values=VALUES)
    return next(one for one in told if one.channel == Channel.SMS)


def states() -> list[tuple[str, str]]:
    return [(one.channel, one.state) for one in written()]


def inbox(cast: Cast, name: str = "worker") -> list[tuple[str, str]]:
    """Kind and text of what somebody finds in his inbox, newest first."""
    with cast.act(name) as actor:
        return [(one.kind, one.text) for one in messages(actor)]


# -- the outbox -------------------------------------------------------------------------------------------------


def test_what_is_told_stands_in_the_inbox_and_goes_to_the_telephone(cast: Cast, recording: type[Recording]) -> None:
    tell_worker(cast)
    text = "某工会退回了您的入会申请：请带劳动合同"
    assert inbox(cast) == [(KIND, text)]
    assert states() == [("sms", "queued"), ("inbox", "sent")]
    assert recording.sent == []
    assert do_jobs() == 1
    assert recording.sent == [Outgoing(WORKERS_PHONE, text, KIND, VALUES)]
    assert states() == [("sms", "sent"), ("inbox", "sent")]


def test_nothing_is_told_of_what_did_not_happen(cast: Cast) -> None:
    with transaction.atomic():
        tell_worker(cast)
        transaction.set_rollback(True)
    assert (written(), do_jobs()) == ([], 0)


def test_a_message_is_sent_once_however_often_its_job_runs(cast: Cast, recording: type[Recording]) -> None:
    message = tell_worker(cast)
    with acting(SYSTEM):
        for _time in range(3):
            send(message.public_id)
    do_jobs()
    assert len(recording.sent) == 1


def test_a_refused_one_is_tried_again_after_longer_and_longer_and_then_given_up(
    cast: Cast, recording: type[Recording], monkeypatch: pytest.MonkeyPatch
) -> None:
    message, recording.is_down = tell_worker(cast), True
    do_jobs()
    for tries, wait in enumerate(WAITS, start=1):
        (row, _inbox) = written()
        assert (row.state, row.tries, row.failure) == ("queued", tries, "down")
        send_due.func(timestamp=0)
        assert do_jobs() == 0, "before its time"
        pass_time(monkeypatch, wait)
        send_due.func(timestamp=0)
        assert do_jobs() == 1
    assert next((one.state, one.tries) for one in written()) == ("failed", len(WAITS) + 1)
    recording.is_down = False
    send_due.func(timestamp=0)
    do_jobs()
    assert recording.sent == []
    assert message.channel == "sms"


def test_what_comes_back_to_life_is_sent_late_but_sent(
    cast: Cast, recording: type[Recording], monkeypatch: pytest.MonkeyPatch
) -> None:
    tell_worker(cast)
    recording.is_down = True
    do_jobs()
    recording.is_down = False
    pass_time(monkeypatch, WAITS[0])
    send_due.func(timestamp=0)
    do_jobs()
    assert len(recording.sent) == 1
    assert [one.failure for one in written() if one.state == "failed"] == []


def test_a_code_that_is_over_is_not_sent(recording: type[Recording], db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    with acting(SYSTEM):
        until = written_at() + dt.timedelta(minutes=5)
        tell(SIGN_IN_CODE.code, number=NUMBER, values={"code": "123456"}, useful_until=until)
    pass_time(monkeypatch, dt.timedelta(minutes=6))
    monkeypatch.setattr("gonghui.core.notices.models.now", lambda: until)
    do_jobs()
    assert recording.sent == []
    assert [(one.state, one.failure) for one in written()] == [("failed", "too late")]


def written_at() -> dt.datetime:
    from gonghui.kit.dates import now

    return now()


def test_what_has_left_keeps_neither_number_nor_words(cast: Cast) -> None:
    tell_worker(cast)
    do_jobs()
    row = next(one for one in written() if one.channel == "sms")
    assert (bytes(row.to_sealed), bytes(row.values_sealed), row.masked) == (b"", b"", "139****2046")


def test_a_value_that_is_missing_is_noticed_by_whoever_tells(cast: Cast) -> None:
    with acting(SYSTEM), pytest.raises(KeyError):
        tell(KIND, user=cast.users["worker"], values={"union": "某工会"})
    with pytest.raises(ValueError, match="two kinds"):
        message_kind(MessageKind(KIND, "", ""))


def test_without_a_sender_there_is_the_inbox(cast: Cast, settings: Any) -> None:
    settings.SMS_SENDER, settings.DEMO = "", False
    with acting(SYSTEM):
        tell(KIND, user=cast.users["worker"], values=VALUES)
        assert tell(KIND, number=NUMBER, values=VALUES) == []
    assert states() == [("inbox", "sent")]


def test_wechat_goes_before_the_telephone_where_it_is_bound(cast: Cast, recording: type[Recording], settings: Any) -> None:
    settings.WECHAT_SENDER = settings.SMS_SENDER
    bind_wechat("an-openid", cast.users["worker"])
    with acting(SYSTEM):
        tell(KIND, user=cast.users["worker"], values=VALUES)
    do_jobs()
    assert [one.to for one in recording.sent] == ["an-openid"]


@pytest.mark.django_db(transaction=True)
def test_a_real_worker_sends_after_the_commit(recording: type[Recording]) -> None:
    cast = found_cast()
    tell_worker(cast)
    work()
    assert [one.to for one in recording.sent] == [WORKERS_PHONE]
    assert states()[0] == ("sms", "sent")


# -- who sees it ------------------------------------------------------------------------------------------------


def test_an_inbox_is_its_owners(cast: Cast) -> None:
    tell_worker(cast)
    for name in cast.users:
        assert bool(inbox(cast, name)) == (name == "worker"), name
    with cast.act("department_officer") as actor:
        assert not Message.objects.unscoped("wall 2 alone").exists()
        assert unread(actor) == 0


def test_reading_is_for_the_addressee_and_once(cast: Cast) -> None:
    tell_worker(cast)
    with cast.act("worker") as actor:
        assert unread(actor) == 1
        for _time in range(2):
            read_message(messages(actor).get(), actor=actor)
        assert (unread(actor), messages(actor).get().is_unread) == (0, False)
    with acting(SYSTEM):
        row = Message.objects.unscoped("of another").get(channel="inbox")
    for name in ("street_officer", "administrator"):
        with cast.act(name) as actor, pytest.raises(NotAllowed):
            read_message(row, actor=actor)


def test_an_administrator_sees_how_many_did_not_leave(
    cast: Cast, recording: type[Recording], monkeypatch: pytest.MonkeyPatch
) -> None:
    tell_worker(cast)
    recording.is_down = True
    for wait in [*WAITS, dt.timedelta(0)]:
        send_due.func(timestamp=0)
        do_jobs()
        pass_time(monkeypatch, wait)
    tell_worker(cast)
    with cast.act("administrator") as actor:
        assert undelivered(actor) == (1, 1)
    with cast.act("street_officer") as actor:
        assert undelivered(actor) == (0, 0)
    page = signed_in(cast, "administrator").get(reverse("web:status")).content.decode()
    assert "近三十天发送失败的消息" in page
    assert WORKERS_PHONE not in page


# -- what the members' area tells -------------------------------------------------------------------------------


def applied(cast: Cast, number: str = THEIR_NUMBER) -> tuple[User, Application]:
    """Somebody new asks to join by his telephone, at the union of the firm."""
    user = worker_account(NUMBER)
    actor = Actor(name="", own=frozenset({"members.apply"}), user_id=user.pk)
    with acting(actor):
        return user, apply(user, actor=actor, row=ApplicationRow("新来的", number, "", employer=cast.firm))


def told(user: User) -> list[str]:
    """The kinds of what an account was told, oldest first."""
    return [one.kind.removeprefix("members.") for one in written() if one.user_id == user.pk and one.channel == "inbox"]


def test_an_applicant_is_told_the_answer(cast: Cast) -> None:
    user, application = applied(cast)
    with cast.act("enterprise_chair") as actor:
        forward_application(application, actor=cast.actor("enterprise_chair"), target=cast.own)
        approve_application(application, actor=actor)
    assert told(user) == ["application_forwarded", "application_approved"]
    assert cast.own.name in written()[-1].text


def test_an_applicant_is_told_what_is_missing(cast: Cast, recording: type[Recording]) -> None:
    user, application = applied(cast)
    with cast.act("enterprise_chair") as actor:
        return_application(application, actor=actor, note="请带劳动合同")
    assert told(user) == ["application_returned"]
    do_jobs()
    assert [one.to for one in recording.sent] == [NUMBER]
    assert "请带劳动合同" in recording.sent[0].text


def test_somebody_from_a_counter_is_told_by_the_telephone_he_left(cast: Cast, recording: type[Recording]) -> None:
    officer = cast.actor("street_officer")
    for number, phone in ((THEIR_NUMBER, NUMBER), (ANOTHER, "")):
        with acting(officer):
            row = ApplicationRow("新来的", number, "某店", phone)
            approve_application(take_application(cast.street, actor=officer, row=row), actor=officer)
    do_jobs()
    assert [one.to for one in recording.sent] == [NUMBER]
    assert states() == [("sms", "sent")]


def test_an_applicant_who_is_a_member_elsewhere_is_told_once(cast: Cast) -> None:
    user, application = applied(cast, WORKERS_NUMBER)
    with acting(SYSTEM):
        Application.objects.unscoped("sent to the street").filter(pk=application.pk).update(
            organisation=cast.next_street, employer=None, host=None
        )
    with cast.act("outsider") as actor:
        approve_application(Application.objects.visible_to(actor).get(pk=application.pk), actor=actor, is_checked=True)
    assert told(user) == ["application_in_transfer"]
    assert told(cast.users["worker"]) == ["transfer_requested"]


def test_a_member_is_told_of_each_step_of_a_transfer(cast: Cast) -> None:
    worker, officer, chair = cast.users["worker"], cast.actor("street_officer"), cast.actor("enterprise_chair")
    with cast.act("worker") as actor:
        own = request_own_transfer(cast.member, actor=actor, target=cast.joint)
    assert told(worker) == [], "he knows himself"
    with acting(SYSTEM):
        accept_transfer(own, actor=officer)
        refuse_transfer(own, actor=chair, reason="仍在岗")
        again = request_transfer(cast.joint, actor=officer, person=cast.member.person)
        withdraw_transfer(again, actor=officer)
        release_transfer(request_transfer(cast.joint, actor=officer, person=cast.member.person), actor=chair)
    steps = ["accepted", "stopped", "requested", "withdrawn", "requested", "completed"]
    assert told(worker) == [f"transfer_{step}" for step in steps]
    assert "仍在岗" in next(one.text for one in written() if one.kind.endswith("stopped"))


def test_whoever_withdraws_his_own_transfer_is_told_nothing(cast: Cast) -> None:
    with cast.act("worker") as actor:
        withdraw_transfer(request_own_transfer(cast.member, actor=actor, target=cast.joint), actor=actor)
    assert told(cast.users["worker"]) == []


def test_a_worker_is_told_what_became_of_his_request_about_his_data(cast: Cast) -> None:
    chair = cast.actor("enterprise_chair")
    with cast.act("worker") as actor:
        wish = request_correction(cast.member.person, actor=actor, values={"native_place": "河北"})
    with acting(chair):
        make_correction(wish, actor=chair)
    with cast.act("worker") as actor:
        wish = request_correction(cast.member.person, actor=actor, values={"native_place": "山西"})
    with acting(chair):
        decline_correction(wish, actor=chair, note="请出示户口簿")
    assert told(cast.users["worker"]) == ["correction_made", "correction_declined"]


def test_every_kind_of_the_area_has_its_words() -> None:
    ours = [one for one in kinds.values() if one.code.startswith("members.")]
    assert len(ours) == len([one for one in vars(telling).values() if isinstance(one, MessageKind)])
    values = dict.fromkeys(("union", "note", "target", "day", "reason"), "某")
    assert all(one.say(values) and str(one.title) for one in ours)
    assert Person._meta.verbose_name
