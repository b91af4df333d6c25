"""The counter: somebody without a telephone joins in one go, and everything entered is listed afterwards."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from gonghui.areas.members import actions
from gonghui.areas.members.actions import ApplicationRow
from gonghui.areas.members.counter_sessions import CounterSession
from gonghui.areas.members.models import Application, Membership, Spell
from gonghui.core.actions.action import NotAllowed, Refused
from gonghui.core.actions.door import acting
from gonghui.kit.dates import now, today
from tests.cast import SYSTEM, Cast
from tests.members import records
from tests.test_pages import signed_in

WHY = "kept for the test's own comparison"


def text(response: Any) -> str:
    return str(response.content.decode())


def expired(session: CounterSession) -> CounterSession:
    """The same session, an hour later."""
    with acting(SYSTEM):
        rows = CounterSession.objects.unscoped(WHY).filter(pk=session.pk)
        rows.update(begun_at=now() - dt.timedelta(hours=1), ends_at=now() - dt.timedelta(minutes=45))
    return records.fresh(session)  # type: ignore[no-any-return]


def take(cast: Cast, session: CounterSession, by: str = "street_officer", **values: Any) -> Application:
    """One entry."""
    actor = cast.actor(by)
    row = ApplicationRow(values.pop("name", "吴手"), values.pop("number", records.number()), "街边小店", **values)
    with acting(actor):
        return actions.take_at_counter(session, actor=actor, row=row)


def test_a_stand_makes_a_member_of_five_fields_on_the_spot(cast: Cast) -> None:
    """Begun with a purpose, five fields, approved at once, the card printed, counted in the street that evening."""
    client = signed_in(cast, "street_officer")
    begun = client.post(reverse("members:begin_counter"), {"purpose": "王府井流动服务点"}, follow=True)
    form_url = begun.redirect_chain[-1][0]
    data = {"name": "郑摊", "number": records.number(), "workplace": "王府井水果摊", "worker_kind": "contract"}
    assert "这个字段是必填项" in text(client.post(form_url, data))  # nobody joins without having agreed
    page = client.post(form_url, {**data, "is_read": "on", "approves": "on"}, follow=True)
    assert "郑摊 已入会" in text(page)
    card = client.post(page.context["entered"][0]["card"])
    assert (card.headers["Content-Type"], card.content[:4]) == ("application/pdf", b"%PDF")
    with acting(SYSTEM):
        (one,) = Membership.objects.unscoped(WHY).filter(person__name="郑摊")
        evening = Spell.objects.unscoped(WHY).filter(street=cast.street, valid__contains=today(), is_retained=False)
        assert (one.organisation, one.door, one.is_individual) == (cast.street, "counter", True)
        assert evening.filter(membership=one).exists()
        application = Application.objects.unscoped(WHY).get(name="郑摊")
        assert application.session is not None
        assert application.session.purpose == "王府井流动服务点"


def test_what_another_union_decides_is_listed_but_not_opened(cast: Cast) -> None:
    session = records.session(cast, "outsider", cast.next_street)
    client = signed_in(cast, "outsider")
    data = {"name": "王外", "number": records.number(), "workplace": "云帆", "worker_kind": "contract", "is_read": "on"}
    take_url = reverse("members:counter_step", args=[session.public_id, "take"])
    assert "名册里没有" in text(client.post(take_url, {**data, "employer": cast.firm.name}))  # not seen from the next street
    take(cast, session, "outsider", name="王外", employer=cast.firm)
    (entry,) = client.get(reverse("members:counter_session", args=[session.public_id])).context["entered"]
    assert (entry["row"].name, entry["row"].holder_name, entry["url"], entry["card"]) == ("王外", cast.own.name, "", "")


def test_a_session_ends_by_itself_and_takes_nothing_any_more(cast: Cast) -> None:
    session = expired(records.session(cast))
    assert not session.is_open
    with pytest.raises(Refused, match="已经结束"):
        take(cast, session)
    page = signed_in(cast, "street_officer").get(reverse("members:counter_session", args=[session.public_id]))
    assert (page.context["next"], page.context["steps"]) == (None, [])
    again = records.session(cast)
    assert again.is_open
    assert records.fresh(session).ended_at == session.ends_at


def test_one_has_one_session_and_nobody_enters_in_anothers(cast: Cast) -> None:
    session = records.session(cast)
    with pytest.raises(Refused, match="已有一个正在进行"):
        records.session(cast)
    with pytest.raises(NotAllowed):
        take(cast, session, "department_officer")
    with pytest.raises(NotAllowed):
        take(cast, session, "outsider")


def test_ending_it_early_is_final(cast: Cast) -> None:
    session, officer = records.session(cast), cast.actor("street_officer")
    with acting(officer):
        actions.end_counter(session, actor=officer)
        with pytest.raises(Refused, match="已经结束"):
            actions.end_counter(session, actor=officer)
    with pytest.raises(Refused, match="已经结束"):
        take(cast, session)


def test_a_session_says_for_what(cast: Cast) -> None:
    officer = cast.actor("street_officer")
    with acting(officer), pytest.raises(Refused, match="代为录入"):
        actions.begin_counter(cast.street, actor=officer, purpose=" ")
