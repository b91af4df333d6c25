"""The call desk: whom it shows, what each result leads to, never one firm for two people; the sheet of paper."""

import datetime as dt
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from gonghui.areas.unionbuilding import actions
from gonghui.areas.unionbuilding.actions import calls as call_actions
from gonghui.areas.unionbuilding.models import Attempt, Claim, Prospect
from gonghui.areas.unionbuilding.queries import calls_due, numbers_of
from gonghui.areas.unionbuilding.tests.fieldwork import WHY, claim_of, claimed, contact_at, firm, tried
from gonghui.core.access.actions import grant_role
from gonghui.core.accounts.actions import create_user
from gonghui.core.actions.action import NotAllowed, Refused
from gonghui.core.actions.door import acting
from gonghui.core.history.models import Reading
from gonghui.core.reference.calendar import working_days_after
from gonghui.kit.dates import as_if, now, today
from tests.cast import LONG_AGO, SYSTEM, Cast, found_cast
from tests.test_pages import signed_in

CALLS = "/unionbuilding/calls/"


@pytest.fixture
def open_cast(cast: Cast) -> Iterator[Cast]:
    with acting(SYSTEM):
        yield cast


def queue(cast: Cast, count: int) -> list[Prospect]:
    """So many firms, each with a number, claimed by the street."""
    made = [firm(cast, f"待联系{number:02d}店", phone=f"1370000{number:04d}") for number in range(count)]
    for one in made:
        claimed(cast, one)
    return made


def claim_now(prospect: Prospect) -> Claim:
    found = claim_of(prospect)
    assert found is not None
    return found


def colleague(cast: Cast) -> None:
    """A second officer of the street."""
    cast.users["colleague"] = create_user(username="colleague", name="吴同", password=None)
    grant_role(cast.street, actor=SYSTEM, user=cast.users["colleague"], role="street_officer", since=LONG_AGO)


def readings() -> int:
    with acting(SYSTEM):
        return int(Reading.objects.unscoped(WHY).filter(subject_model="register.contact").count())


# -- what a result leads to ---------------------------------------------------------------------------------------


def test_after_three_days_without_an_answer_somebody_goes_there(open_cast: Cast) -> None:
    prospect = firm(open_cast, "没人接的店", phone="13700000001")
    day = dt.date(2026, 9, 18)
    with as_if(day):
        claimed(open_cast, prospect)
        for _same_day in range(2):
            tried(prospect, "no_answer")
        assert claim_now(prospect).call_on == dt.date(2026, 9, 20)  # a Sunday that is worked
    with as_if(dt.date(2026, 9, 20)):
        tried(prospect, "no_answer")
        assert claim_now(prospect).visit_due_on is None
    with as_if(dt.date(2026, 9, 21)):
        tried(prospect, "no_answer")
        claim = claim_now(prospect)
        assert (claim.call_on, claim.visit_due_on) == (None, dt.date(2026, 9, 29))


def test_an_empty_number_leads_to_the_other_one_and_then_to_the_door(open_cast: Cast) -> None:
    prospect = firm(open_cast, "换号的店", phone="13700000001")
    claimed(open_cast, prospect)
    first, second = (
        numbers_of(prospect.employer_id).first(),
        contact_at(prospect.employer, "13700000002", "finance"),
    )
    tried(prospect, "empty", contact=first)
    assert claim_now(prospect).call_on == today()
    assert numbers_of(prospect.employer_id).get().pk == second.pk
    tried(prospect, "empty", contact=second)
    assert claim_now(prospect).call_on is None
    assert claim_now(prospect).visit_due_on == working_days_after(today(), 5).day


def test_an_appointment_comes_back_at_its_time_and_not_before(open_cast: Cast) -> None:
    early, late = queue(open_cast, 2)
    at = now() + dt.timedelta(seconds=30)
    tried(late, "appointment", appointment_at=at)
    rows = Claim.objects.unscoped(WHY)
    assert [one.prospect_id for one in calls_due(rows, open_cast.street)] == [early.pk]
    Claim.objects.unscoped(WHY).filter(prospect=late).update(call_at=now())
    assert [one.prospect_id for one in calls_due(rows, open_cast.street)] == [late.pk, early.pk]
    with pytest.raises(Refused, match="晚于现在"):
        tried(early, "appointment", appointment_at=now())


def test_once_a_person_has_spoken_the_desk_lets_go(open_cast: Cast) -> None:
    one, other = queue(open_cast, 2)
    tried(one, "declined")
    assert [claim.prospect_id for claim in calls_due(Claim.objects.unscoped(WHY), open_cast.street)] == [other.pk]


def test_nothing_is_written_down_before_it_is_claimed(open_cast: Cast) -> None:
    prospect = firm(open_cast, "没认领的店")
    with pytest.raises(Refused, match="请先认领"):
        tried(prospect, "reached")


# -- one firm, one person -----------------------------------------------------------------------------------------


def test_a_colleague_is_shown_another_firm_until_the_minutes_are_over(open_cast: Cast) -> None:
    queue(open_cast, 2)
    colleague(open_cast)
    one, other = open_cast.actor("street_officer"), open_cast.actor("colleague")
    first, second = actions.take_call(open_cast.street, actor=one), actions.take_call(open_cast.street, actor=other)
    assert first is not None
    assert second is not None
    assert first.pk != second.pk
    again = actions.take_call(open_cast.street, actor=one)
    assert again is not None
    assert again.pk == first.pk
    with pytest.raises(NotAllowed):
        actions.show_number(first, actor=other)
    Claim.objects.unscoped(WHY).filter(pk=second.pk).update(call_on=None)
    assert actions.take_call(open_cast.street, actor=other) is None
    Claim.objects.unscoped(WHY).filter(pk=first.pk).update(caller_until=now())
    found = actions.take_call(open_cast.street, actor=other)
    assert found is not None
    assert found.pk == first.pk


def taken_together(cast: Cast) -> list[int]:
    """Two officers open the desk in the same second; which firms they are shown."""
    start, shown = threading.Barrier(2), list[int]()

    def take(name: str) -> None:
        start.wait()
        with cast.act(name) as actor:
            claim = actions.take_call(cast.street, actor=actor)
            assert claim is not None
            shown.append(claim.pk)
        connection.close()

    threads = [threading.Thread(target=take, args=[name]) for name in ("street_officer", "colleague")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return shown


def first_without_lock(due: Any, actor: Any, count: int, length: dt.timedelta) -> list[Claim]:
    """The control: read, then written."""
    claims: list[Claim] = list(due.exclude(caller_until__gt=now())[:count])
    BOTH.wait(timeout=10)
    for one in claims:
        one.caller_id, one.caller_until = actor.user_id, now() + length
        one.save(update_fields=["caller", "caller_until"])
    return claims


BOTH = threading.Barrier(2)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_locked", [True, False])
def test_two_that_open_the_desk_at_once_get_two_firms(monkeypatch: pytest.MonkeyPatch, is_locked: bool) -> None:
    """Without the lock both get the same one, else the harness is worthless (rule 12). Both hold the union's row one after the other, so
    the control takes the firms past the action."""
    cast = found_cast()
    with acting(SYSTEM):
        queue(cast, 2)
        colleague(cast)
    if not is_locked:
        monkeypatch.setattr(call_actions, "reserve", first_without_lock)
        monkeypatch.setattr(actions, "take_call", lambda union, actor: past_the_lock(union, actor))
    assert len(set(taken_together(cast))) == (2 if is_locked else 1)


def past_the_lock(union: Any, actor: Any) -> Claim:
    """What `take_call` does, without holding the union."""
    due = calls_due(Claim.objects.changeable_by(actor, call_actions.PERMISSION), union)
    return call_actions.reserve(due, actor, 1, call_actions.ON_THE_DESK)[0]


# -- the page -----------------------------------------------------------------------------------------------------


def begun(client: Client) -> str:
    """The desk with the first firm on it."""
    return client.post(CALLS, follow=True).content.decode()


def test_a_result_brings_the_next_firm_in_the_same_answer_and_its_number_is_logged_once(cast: Cast) -> None:
    with acting(SYSTEM):
        first, _second = queue(cast, 2)
    client = signed_in(cast, "street_officer")
    assert "13700000000" not in client.get(CALLS).content.decode()  # nothing is taken by looking
    assert "13700000000" in begun(client)
    assert "13700000000" in client.get(CALLS).content.decode()
    assert readings() == 1
    claim = str(claim_public_id(first))
    answer = client.post(CALLS, {"claim": claim, "result": "no_answer", "note": "占线"}, headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "13700000001" in page
    assert "<html" not in page
    assert readings() == 2
    with acting(SYSTEM):
        attempt = Attempt.objects.unscoped(WHY).get()
        assert (attempt.note, attempt.by_id, attempt.prospect_id) == ("占线", cast.users["street_officer"].pk, first.pk)


def test_a_time_that_is_past_is_refused_beside_the_field_and_the_firm_stays(cast: Cast) -> None:
    with acting(SYSTEM):
        (first,) = queue(cast, 1)
    client = signed_in(cast, "street_officer")
    begun(client)
    typed = {
        "claim": str(claim_public_id(first)),
        "result": "appointment",
        "appointment_at": "2020-01-01T10:00",
        "note": "老板出差",
    }
    page = client.post(CALLS, typed).content.decode()
    assert "请填约定的时间，须晚于现在" in page
    assert "老板出差" in page
    assert "13700000000" in page


def claim_public_id(prospect: Prospect) -> Any:
    with acting(SYSTEM):
        return claim_now(prospect).public_id


@pytest.mark.parametrize("name", ["outsider", "enterprise_chair", "worker"])
def test_nobody_else_writes_a_result(cast: Cast, name: str) -> None:
    with acting(SYSTEM):
        (first,) = queue(cast, 1)
    answer = signed_in(cast, name).post(CALLS, {"claim": str(claim_public_id(first)), "result": "reached"})
    assert answer.status_code in (302, 403, 404)
    with acting(SYSTEM):
        assert not Attempt.objects.unscoped(WHY).exists()


# -- paper --------------------------------------------------------------------------------------------------------


def test_a_printed_sheet_is_its_printers_and_its_results_are_entered_together(cast: Cast) -> None:
    with acting(SYSTEM):
        prospects = queue(cast, 3)
        colleague(cast)
    client = signed_in(cast, "street_officer")
    answer = client.post(reverse("unionbuilding:call_sheet"), {"count": "10"})
    assert answer.content.startswith(b"%PDF")
    assert readings() == 3
    assert "现在没有要打的电话" in signed_in(cast, "colleague").get(CALLS).content.decode()
    first, second, _third = (claim_public_id(one).hex for one in prospects)
    typed = {f"{first}-result": "reached", f"{first}-note": "愿意谈", f"{second}-result": "no_answer"}
    page = client.post(reverse("unionbuilding:call_entry"), typed, follow=True).content.decode()
    assert "已记下 2 家" in page
    assert "待联系02店" in page
    assert "待联系00店" not in page
