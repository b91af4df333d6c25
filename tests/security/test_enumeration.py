"""Row A8: nobody finds out, number by number, who is known elsewhere. GONGHUI_TEST_PAIRS asks for more pairs of probes."""

import datetime as dt
import os
from collections.abc import Callable
from contextlib import suppress
from random import Random
from time import sleep
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gonghui.areas.members import actions
from gonghui.areas.members.actions import leave
from gonghui.areas.members.cards import codes
from gonghui.areas.members.models import Application, Membership
from gonghui.core.actions.action import Refused
from gonghui.core.actions.door import acting
from gonghui.core.history.look_ups import EXCESS
from gonghui.core.history.models import Reading
from gonghui.core.people.models import IdentityDocument
from gonghui.core.reference.queries import parameter
from gonghui.kit.dates import now, today
from gonghui.kit.identity import checked
from tests.api.calls import MISSING, caller
from tests.cast import SYSTEM, WORKERS_PHONE, Cast
from tests.members import records
from tests.portal.pages import FIVE, newcomer
from tests.portal.pages import signed_in as worker_signed_in
from tests.security.probes import alike_in_time, answer, p_value
from tests.test_pages import signed_in
from tests.worker_sign_in.phone import Phone

PAIRS = int(os.environ.get("GONGHUI_TEST_PAIRS", "60"))
NAME = "郑远"
WHY = "compared with the answers"


class Known:
    """Somebody whom the next street holds, and a number that nobody has."""

    def __init__(self, cast: Cast) -> None:
        self.member: Membership = records.member(cast, cast.next_street, NAME, "13900008888")
        with acting(SYSTEM):
            self.number = IdentityDocument.objects.unscoped(WHY).get(person=self.member.person).number()
        self.nobodys = records.number()


@pytest.fixture
def known(cast: Cast) -> Known:
    return Known(cast)


def taken_back(ask: Callable[[], Any]) -> Any:
    """What is answered; nothing of the request stays."""
    with transaction.atomic():
        found = ask()
        transaction.set_rollback(True)
    return found


def ask_at_desk(client: Client, cast: Cast, number: str, name: str = "某某") -> Any:
    fields = {"name": name, "number": number, "target": str(cast.street.public_id)}
    return client.post(reverse("members:enter", args=["ask"]), fields)


def admit_at_desk(client: Client, cast: Cast, number: str, name: str = "某某") -> Any:
    fields = {"name": name, "number": number, "union": str(cast.street.public_id), "joined_on": today().isoformat()}
    return client.post(reverse("members:enter", args=["admit"]), fields | {"worker_kind": "contract", "work_state": "1"})


def ask_by_api(client: Client, cast: Cast, number: str, name: str = "某某") -> Any:
    body = {"name": name, "number": number, "target": str(cast.street.public_id)}
    return client.post("/api/v1/transfers", body, content_type="application/json")


def join(client: Client, cast: Cast, number: str, name: str = "某某") -> Any:
    fields = {**FIVE, "name": name, "number": number, "region": "110101001"}
    return client.post(reverse("portal:join"), fields, follow=True)


def both(ask: Callable[..., Any], client: Client, cast: Cast, one: str, other: str, **more: str) -> tuple[Any, Any]:
    """The answers to two numbers, without the numbers."""

    def asked(number: str) -> Any:
        return answer(taken_back(lambda: ask(client, cast, number, **more)), number, checked(number).masked)

    return asked(one), asked(other)


# -- the same answer --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["某某", NAME])
def test_the_join_form_answers_everybody_alike(cast: Cast, known: Known, name: str) -> None:
    client = worker_signed_in(newcomer())
    one, other = both(join, client, cast, known.number, known.nobodys, name=name)
    assert one == other
    assert "申请已经交给工会" in one[2]


@pytest.mark.parametrize("ask", [ask_at_desk, ask_by_api])
def test_asking_by_number_without_the_name_tells_nothing(cast: Cast, known: Known, ask: Callable[..., Any]) -> None:
    client = signed_in(cast, "street_officer")
    if ask is ask_by_api:
        client = caller(cast, "street_officer").client
    one, other = both(ask, client, cast, known.number, known.nobodys)
    assert one == other
    assert "没有查到" in one[2]
    assert one[0] in (200, 422)


@pytest.mark.parametrize("ask", [ask_at_desk, ask_by_api])
def test_who_is_known_and_no_member_answers_like_nobody(cast: Cast, known: Known, ask: Callable[..., Any]) -> None:
    """With his name too: whether somebody has left a union elsewhere is not said."""
    with acting(SYSTEM):
        leave(known.member, actor=SYSTEM, on=today(), reason="测试")
    client = caller(cast, "street_officer").client if ask is ask_by_api else signed_in(cast, "street_officer")
    one, other = both(ask, client, cast, known.number, known.nobodys, name=NAME)
    assert one == other


def test_admitting_a_number_under_another_name_tells_neither_name_nor_membership(cast: Cast, known: Known) -> None:
    gone = records.member(cast, cast.next_street, "冯去", "13900009999")
    with acting(SYSTEM):
        leave(gone, actor=SYSTEM, on=today(), reason="测试")
        theirs = IdentityDocument.objects.unscoped(WHY).get(person=gone.person).number()
    one, other = both(admit_at_desk, signed_in(cast, "street_officer"), cast, known.number, theirs)
    assert one == other
    assert "登记的不符" in one[2]
    assert NAME not in one[2]
    assert taken_back(lambda: admit_at_desk(signed_in(cast, "street_officer"), cast, known.nobodys)).status_code == 302


def test_hidden_records_answer_like_missing_ones(cast: Cast) -> None:
    """Every noun of the area, asked by the street beside."""
    with acting(SYSTEM):
        moving = actions.request_transfer(cast.joint, actor=SYSTEM, person=cast.member.person)
    client = caller(cast, "outsider").client
    for noun, hidden in (("members", cast.member), ("applications", records.application(cast)), ("transfers", moving)):
        there, nowhere = (client.get(f"/api/v1/{noun}/{key}") for key in (hidden.public_id, MISSING))
        assert answer(there) == answer(nowhere)
        assert there.status_code == 404


def test_a_search_for_a_hidden_name_answers_like_one_for_nobody(cast: Cast, known: Known) -> None:
    api, desk = caller(cast, "street_officer").client, signed_in(cast, "street_officer")
    for client, url, key in ((api, "/api/v1/members", "name"), (desk, "/members/", "name"), (desk, "/search/", "q")):
        one, other = (answer(client.get(url, {key: name}), name, quote(name)) for name in (NAME, "无人"))
        assert one == other, url


def test_a_forged_card_of_a_member_is_refused_like_one_of_nobody(cast: Cast, known: Known) -> None:
    client = signed_in(cast, "street_officer")
    forged = []
    for key in (known.member.public_id, UUID(MISSING)):
        text = codes(key, now())[0].text
        forged.append(f"{text[:-20]}{'0' * 20}")
    one, other = (answer(client.post(reverse("members:scanner"), {"text": text}), text) for text in forged)
    assert one == other


# -- the same time ----------------------------------------------------------------------------------------------


def test_mann_whitney_is_the_published_one() -> None:
    """Against tables: equal samples, and the example of Mann & Whitney (1947) type with all of one side below the other."""
    rng = Random(7)
    one, other = ([rng.gauss(0, 1) for _number in range(60)] for _side in (0, 1))
    assert p_value(one, one) == pytest.approx(1)
    assert p_value(one, other) > 0.01
    assert p_value(one, [value + 2 for value in other]) < 1e-6
    assert p_value(range(5), range(5, 10)) == pytest.approx(0.009023, abs=1e-5)  # z = 2.6112
    assert p_value([1.0] * 9, [1.0] * 9) == 1


@pytest.mark.parametrize("ask", [join, ask_at_desk, ask_by_api])
def test_as_much_is_read_whether_somebody_is_known_or_not(cast: Cast, known: Known, ask: Callable[..., Any]) -> None:
    client = worker_signed_in(newcomer()) if ask is join else signed_in(cast, "street_officer")
    client = caller(cast, "street_officer").client if ask is ask_by_api else client
    counts = []
    for number in (known.nobodys, known.number, known.nobodys):  # the first request of a kind reads what is kept
        with CaptureQueriesContext(connection) as asked, transaction.atomic():
            ask(client, cast, number)
            transaction.set_rollback(True)
        counts.append(len(asked))
    assert counts[1] == counts[2]


def test_no_answer_takes_its_time_where_somebody_is_known(cast: Cast, known: Known) -> None:
    desk, api, worker = signed_in(cast, "street_officer"), caller(cast, "street_officer").client, worker_signed_in(newcomer())
    phone = Phone()

    def pair(ask: Callable[..., Any], client: Client) -> tuple[Callable[[], object], Callable[[], object]]:
        one, other = (
            lambda number=number: taken_back(lambda: ask(client, cast, number)) for number in (known.number, known.nobodys)
        )
        return one, other

    probes = {
        "join": pair(join, worker),
        "desk": pair(ask_at_desk, desk),
        "api": pair(ask_by_api, api),
        "code": (lambda: taken_back(lambda: phone.ask(WORKERS_PHONE)), lambda: taken_back(lambda: phone.ask("13755556666"))),
        "record": (
            lambda: api.get(f"/api/v1/members/{known.member.public_id}"),
            lambda: api.get(f"/api/v1/members/{MISSING}"),
        ),
    }
    for name, (there, nowhere) in probes.items():
        there(), nowhere()  # the first request of a kind reads its templates
        is_alike, figures = alike_in_time(there, nowhere, PAIRS)
        print(f"\n{name}: {figures}")
        assert is_alike, (name, figures)


def test_the_stopwatch_would_notice(cast: Cast) -> None:
    """Else it proves nothing."""
    assert not alike_in_time(lambda: sleep(0.008), lambda: sleep(0.001), 30)[0]


# -- so often an hour -------------------------------------------------------------------------------------------


def most() -> int:
    """How many look-ups an account has in an hour."""
    with acting(SYSTEM):
        found: int = parameter("history.look_ups_per_hour", today())
    return found


def excess() -> list[Reading]:
    with acting(SYSTEM):
        return list(Reading.objects.unscoped(WHY).filter(what=EXCESS).select_related("user"))


def test_thirty_look_ups_an_hour_and_the_administrator_sees_who_wanted_more(
    cast: Cast, known: Known, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, api = signed_in(cast, "street_officer"), caller(cast, "street_officer").client
    assert most() == 30
    for _time in range(10):
        assert "没有查到" in ask_at_desk(desk, cast, known.number).content.decode()
        assert ask_by_api(api, cast, known.nobodys).status_code == 422
        assert "登记的不符" in admit_at_desk(desk, cast, known.number).content.decode()
    page = signed_in(cast, "administrator").get(reverse("web:status")).content.decode()
    assert "按号码查人过多" not in page
    for number, name in ((known.number, "某某"), (known.number, NAME), (known.nobodys, "某某")):
        for ask in (ask_at_desk, admit_at_desk):
            assert "一小时内最多按号码查" in ask(desk, cast, number, name).content.decode(), (ask, number)
        refused = ask_by_api(api, cast, number, name)
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "3600")
        assert refused.json()["code"] == "too_often"
    assert [one.user for one in excess()] == [cast.users["street_officer"]]
    page = signed_in(cast, "administrator").get(reverse("web:status")).content.decode()
    assert "按号码查人过多" in page
    assert "周敏" in page
    assert ask_at_desk(signed_in(cast, "outsider"), cast, known.nobodys).status_code == 200  # others look up as before
    assert admit_at_desk(signed_in(cast, "department_officer"), cast, records.number()).status_code == 302
    later = now() + dt.timedelta(hours=1, minutes=1)
    monkeypatch.setattr("gonghui.core.accounts.limits.now", lambda: later)
    assert "没有查到" in ask_at_desk(desk, cast, known.number).content.decode()


def test_honest_work_uses_up_nothing(cast: Cast, known: Known) -> None:
    """Members whom nobody knew, slips of the pen, and one's own members."""
    desk = signed_in(cast, "street_officer")
    own = records.member(cast)
    with acting(SYSTEM):
        mine = IdentityDocument.objects.unscoped(WHY).get(person=own.person).number()
    for _time in range(most() + 1):
        assert taken_back(lambda: admit_at_desk(desk, cast, known.nobodys)).status_code == 302
    for _time in range(most() + 1):
        assert "已有会籍" in admit_at_desk(desk, cast, mine, own.person.name).content.decode()
        assert "校验码不符" in ask_at_desk(desk, cast, "110101198801011001").content.decode()
    assert excess() == []
    assert "没有查到" in ask_at_desk(desk, cast, known.nobodys).content.decode()


def test_a_second_document_and_the_counter_count_too(cast: Cast, known: Known) -> None:
    desk, mine = signed_in(cast, "street_officer"), records.member(cast)
    session = records.session(cast)
    document = reverse("members:member_step", args=[mine.public_id, "document"])
    take = reverse("members:counter_step", args=[session.public_id, "take"])
    typed = {"name": "某某", "number": known.number, "workplace": "某处", "worker_kind": "contract", "is_read": "on"}
    for _time in range(most() // 2):
        assert "已经登记" in desk.post(document, {"number": known.number}).content.decode()
        assert taken_back_but_counted(desk, take, typed)
    for answered in (desk.post(document, {"number": records.number()}), desk.post(take, typed | {"number": records.number()})):
        assert "一小时内最多按号码查" in answered.content.decode()


def taken_back_but_counted(desk: Client, url: str, typed: dict[str, str]) -> bool:
    """One entry at the counter; only one application of a number is open, so it is withdrawn."""
    response = desk.post(url, typed)
    with acting(SYSTEM):
        for one in Application.objects.unscoped(WHY).filter(state="pending"):
            with suppress(Refused):
                actions.withdraw_application(one, actor=SYSTEM)
    return response.status_code == 302
