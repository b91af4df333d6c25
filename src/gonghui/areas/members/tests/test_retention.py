"""Who did not join leaves no number behind, neither in the table nor in its history."""

import datetime as dt

import pytest
from django.db import connection

from gonghui.areas.members.actions import (
    ApplicationRow,
    Sealed,
    erase_unsuccessful,
    return_application,
    reveal,
    take_application,
    withdraw_application,
)
from gonghui.areas.members.jobs import numbers_that_nobody_needs
from gonghui.areas.members.models import Application
from gonghui.core.actions.action import Refused
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import acting, beyond_scope
from gonghui.kit.dates import as_if, today
from tests.cast import SYSTEM, Cast
from tests.portal.pages import FIVE, newcomer, number, opened, sent, signed_in

WHY = "what is left of an application"
JOB = Actor.system("members.erase_numbers")
DAYS = 180


def later(days: int) -> dt.date:
    return today() + dt.timedelta(days=days)


@pytest.fixture
def asked(cast: Cast) -> list[Application]:
    """Four applications: returned, withdrawn, still open, returned a day later."""
    rows = [ApplicationRow(f"申请{n}", number(n), "拐角咖啡馆", "13900004001") for n in range(1, 5)]
    with acting(SYSTEM):
        found = [take_application(cast.street, actor=SYSTEM, row=row) for row in rows]
        return_application(found[0], actor=SYSTEM, note="请写单位全称")
        withdraw_application(found[1], actor=SYSTEM)
        with as_if(later(1)):
            return_application(found[3], actor=SYSTEM, note="请写单位全称")
    return found


def sealed_columns(application: Application) -> tuple[bytes, str, bytes]:
    with acting(SYSTEM), beyond_scope(WHY):
        row = Application.objects.unscoped(WHY).get(pk=application.pk)
    return bytes(row.document_sealed), row.document_index, bytes(row.phone_sealed)


def test_numbers_go_after_so_many_days_and_not_before(cast: Cast, asked: list[Application]) -> None:
    before = [sealed_columns(one) for one in asked]
    with acting(JOB):
        assert erase_unsuccessful(JOB, later(DAYS)) == 0
        assert [sealed_columns(one) for one in asked] == before
        assert erase_unsuccessful(JOB, later(DAYS + 1)) == 2
        assert erase_unsuccessful(JOB, later(DAYS + 1)) == 0
    nothing = (b"", "", b"")
    assert [sealed_columns(one) for one in asked] == [nothing, nothing, before[2], before[3]]


def test_the_job_of_the_night_does_it(cast: Cast, asked: list[Application]) -> None:
    with as_if(later(DAYS + 2)):
        numbers_that_nobody_needs(0)
    assert [bool(sealed_columns(one)[1]) for one in asked] == [False, False, True, False]


def test_history_tells_of_it_and_holds_no_number(cast: Cast, asked: list[Application]) -> None:
    known = [text for one in asked for text in (one.document_index, one.document_number(), "13900004001")]
    with acting(JOB):
        erase_unsuccessful(JOB, later(DAYS + 1))
    with acting(SYSTEM), connection.cursor() as cursor:
        cursor.execute(
            "select e::text, c.metadata->>'verb' from members_applicationevent e join pghistory_context c on c.id = e.pgh_context_id"
        )
        events = cursor.fetchall()
        cursor.execute("select column_name from information_schema.columns where table_name = 'members_applicationevent'")
        columns = {name for (name,) in cursor.fetchall()}
    assert not columns & {"document_sealed", "document_index", "phone_sealed"}
    assert [verb for _row, verb in events].count("members.erase_numbers") == 2
    assert not [text for text in known for row, _verb in events if text in row]


def test_what_is_gone_cannot_be_shown_and_the_masks_stay(cast: Cast, asked: list[Application]) -> None:
    with acting(JOB):
        erase_unsuccessful(JOB, later(DAYS + 1))
    with cast.act("street_officer") as officer:
        application = Application.objects.visible_to(officer).get(pk=asked[0].pk)
        for what in (Sealed.DOCUMENT, Sealed.PHONE):
            with pytest.raises(Refused, match="没有登记这个号码"):
                reveal(application, actor=officer, what=what, reason="other")
        assert (application.document_number(), application.phone()) == ("", "")
        assert application.document_masked.startswith("110101")
        assert application.phone_masked == "139****4001"


def test_who_was_sent_back_long_ago_types_his_number_again(cast: Cast) -> None:
    client = signed_in(newcomer())
    sent(client, "join", **FIVE, region="110101001")
    with acting(SYSTEM):
        return_application(Application.objects.unscoped(WHY).get(), actor=SYSTEM, note="请写单位全称")
        erase_unsuccessful(JOB, later(DAYS + 1))
    assert "不改就空着" not in opened(client, "join")
    again = {**FIVE, "workplace": cast.shop.name}
    assert "请填写证件号码" in sent(client, "join", **{**again, "number": ""})
    assert "申请已经交给工会" in sent(client, "join", **again)
