"""What of the field work waits for whom, and what the lists say of it."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from gonghui.areas.register.models import StrikeOff
from gonghui.areas.unionbuilding import actions
from gonghui.areas.unionbuilding.desk import field_todo
from gonghui.areas.unionbuilding.models import Claim
from gonghui.areas.unionbuilding.tests.fieldwork import WHY, claim_of, claimed, firm, stored, system_officer, tried
from gonghui.core.actions.door import acting
from gonghui.core.notices.todo import MINE, STARTED, todo
from gonghui.kit.dates import as_if, now, today
from gonghui.web.models import RunRow
from tests.cast import SYSTEM, Cast
from tests.test_pages import signed_in


def titles(cast: Cast, name: str, tab: str = MINE) -> list[str]:
    """What stands in somebody's to-do list, of claims."""
    field_todo.connect()
    with cast.act(name) as actor:
        return [str(item.title) for item in todo(actor, tab, today()) if str(item.area) == "认领"]


def test_the_last_days_an_appointment_and_a_visit_wait_for_the_claimant(cast: Cast) -> None:
    with acting(SYSTEM):
        ending, appointed, door, fresh = (
            firm(cast, name, phone="13700000001") for name in ("快到期", "约好的", "要上门", "刚认领")
        )
        with as_if(today() - dt.timedelta(days=30)):
            claimed(cast, ending)
        for one in (appointed, door, fresh):
            claimed(cast, one)
        Claim.objects.unscoped(WHY).filter(prospect=ending).update(until=today(), remind_on=today())
        tried(appointed, "appointment", appointment_at=now() + dt.timedelta(seconds=20))
        Claim.objects.unscoped(WHY).filter(prospect=appointed).update(call_on=today())
        tried(door, "nobody", "visit")
    assert sorted(titles(cast, "street_officer")) == ["约好今天联系：约好的", "认领即将到期：快到期", "需上门：要上门"]
    assert titles(cast, "outsider") == titles(cast, "enterprise_chair") == []
    page = signed_in(cast, "street_officer").get("/").content.decode()
    assert "认领即将到期：快到期" in page


def test_a_dispute_waits_for_the_district_and_stands_with_whoever_raised_it(cast: Cast) -> None:
    with acting(SYSTEM):
        system_officer(cast)
        prospect = firm(cast, "有争议的店")
        claimed(cast, prospect)
    with cast.act("system_officer") as actor:
        actions.raise_dispute(cast.education, actor=actor, firm="有争议的店", reason="归口教育")
    assert titles(cast, "department_officer") == ["认领异议：有争议的店"]
    assert titles(cast, "system_officer", STARTED) == ["认领异议：有争议的店"]
    assert titles(cast, "street_officer") == []


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"mine": "1"}, {"快到期", "要上门", "没号码"}),
        ({"mine": "1", "expiring": "1"}, {"快到期"}),
        ({"mine": "1", "visit": "1"}, {"要上门", "没号码"}),
        ({"unclaimed": "1"}, {"没认领"}),
    ],
)
def test_the_list_finds_ones_own_what_ends_and_what_is_to_be_visited(
    cast: Cast, query: dict[str, str], names: set[str]
) -> None:
    with acting(SYSTEM):
        system_officer(cast)
        ending, door, other = (firm(cast, name, phone="13700000001") for name in ("快到期", "要上门", "教育的"))
        silent, _open = firm(cast, "没号码"), firm(cast, "没认领")
        for one in (ending, door, silent):
            claimed(cast, one)
        claimed(cast, other, cast.education)
        Claim.objects.unscoped(WHY).filter(prospect=ending).update(until=today(), remind_on=today())
        tried(door, "nobody", "visit")
    context: Any = signed_in(cast, "street_officer").get(reverse("unionbuilding:prospects"), query).context
    assert {row.name for row in context["listing"].rows} == names


def test_many_are_claimed_at_once_and_given_back_at_once(cast: Cast) -> None:
    with acting(SYSTEM):
        prospects = [firm(cast, f"成批{number}店") for number in range(3)]
        claimed(cast, prospects[2], cast.next_street)
    client = signed_in(cast, "street_officer")
    url = reverse("web:bulk", args=["list:unionbuilding.prospects"])
    started = client.post(url, {"step": "claim", "all": "1"})
    run = started.headers["Location"]
    client.post(run, {})
    confirmed = client.post(f"{run}start/", {})
    assert confirmed.status_code == 302
    with acting(SYSTEM):
        rows = {row.outcome: row.sentence for row in RunRow.objects.unscoped(WHY)}
        assert set(rows) == {"done", "refused"}
        assert "景山街道总工会" in rows["refused"]
        assert all(stored(claim_of(one)).organisation_id == cast.street.pk for one in prospects[:2])
    client.post(f"{run}undo/", {})
    with acting(SYSTEM):
        assert [stored(one).is_open for one in prospects] == [True, True, False]


def test_what_was_screened_is_proposed_in_bulk(cast: Cast) -> None:
    with acting(SYSTEM):
        prospect = firm(cast, "找不到的店")
        claimed(cast, prospect)
        for number in range(3):
            with as_if(today() - dt.timedelta(days=number)):
                tried(prospect, "no_answer")
        tried(prospect, "nobody", "visit")
    client = signed_in(cast, "street_officer")
    assert "找不到的店" in client.get(reverse("unionbuilding:screening")).content.decode()
    run = client.post(reverse("web:bulk", args=["list:unionbuilding.screening"]), {"step": "strike-off", "all": "1"}).headers[
        "Location"
    ]
    client.post(run, {"reason": "", "note": "街道会议审过"})
    client.post(f"{run}start/", {})
    with acting(SYSTEM):
        proposal = StrikeOff.objects.unscoped(WHY).get()
    assert (proposal.reason, proposal.evidence.startswith("街道会议审过；")) == ("unreachable", True)
