"""What programs read of foundings, aftercare and awards."""

import datetime as dt

import pytest

from gonghui.areas.unionbuilding import actions
from gonghui.areas.unionbuilding.models import Aftercare
from gonghui.areas.unionbuilding.tests.founding import WHY, agreed, led
from gonghui.core.actions.door import acting
from tests.api.calls import caller
from tests.cast import SYSTEM, Cast

pytestmark = pytest.mark.django_db


def test_a_program_reads_a_founding_without_the_account(cast: Cast) -> None:
    with acting(SYSTEM):
        prospect = led(agreed(cast), 7)
        care = Aftercare.objects.unscoped(WHY).get()
        award = actions.compute_award(cast.street, actor=SYSTEM, since=dt.date(2026, 1, 1), before=dt.date(2026, 7, 1))
    program = caller(cast, "street_officer")
    answer = program.get(f"/prospects/{prospect.public_id}/founding")
    assert (answer["union_name"], answer["counts_from"], len(answer["papers"])) == (
        "北京博闻教育咨询有限公司工会",
        "2026-06-10",
        2,
    )
    assert {one["name"] for one in answer["candidates"] if not one["is_elected"]} == {"钱进"}
    assert "5678" not in str(answer)
    assert program.get("/aftercares")["items"][0]["orderly_on"] == "2026-07-15"
    assert len(program.get(f"/aftercares/{care.public_id}")["duties"]) == 8
    assert {one["state"]["code"] for one in program.get("/duties", standing="done")["items"]} == {"done"}
    assert {one["result"] for one in program.get(f"/awards/{award.public_id}")["lines"]} == {"own", "large"}


def test_a_founding_elsewhere_is_no_founding(cast: Cast) -> None:
    with acting(SYSTEM):
        prospect = led(agreed(cast), 1)
    path = f"/prospects/{prospect.public_id}/founding"
    assert caller(cast, "outsider").call("get", path)[0] == 404
