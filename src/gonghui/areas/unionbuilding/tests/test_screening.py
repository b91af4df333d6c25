"""A firm that a list has no more is screened, with the list as evidence."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from gonghui.areas.register.actions import edit_employer
from gonghui.areas.unionbuilding import actions, queries
from gonghui.areas.unionbuilding.models import Edition, Prospect
from gonghui.areas.unionbuilding.tests.fieldwork import claimed, prospect_of, tried
from gonghui.areas.unionbuilding.tests.lists import firm, loaded
from gonghui.areas.unionbuilding.tests.test_matching import compared
from gonghui.core.actions.action import Refused
from gonghui.core.actions.door import acting
from tests.cast import SYSTEM, Cast
from tests.exchange.workbooks import credit_code

SPRING, SUMMER, AUTUMN = (dt.date(2026, month, 30) for month in (3, 6, 9))
CODE, OTHER = credit_code(1), credit_code(2)


@pytest.fixture
def prospect(cast: Cast) -> Iterator[Prospect]:
    """The mill, which the list of spring has and the one of summer has no more."""
    with acting(SYSTEM):
        edit_employer(cast.mill, actor=SYSTEM, uscc=CODE)
        found = prospect_of(cast.mill)
        listed(cast, SPRING, firm(CODE, cast.mill.name), firm(OTHER, "北京另一家公司"))
        listed(cast, SUMMER, firm(OTHER, "北京另一家公司"))
        yield found


def listed(cast: Cast, day: dt.date, *rows: list[object]) -> Edition:
    """A list of the enterprise register as of a day, compared with the employers."""
    with cast.act("department_officer") as actor:
        _batch, edition = loaded(cast.district, actor, "enterprise_list", rows)
        actions.correct_edition(edition, actor=actor, as_of=day)
    compared(cast, edition)
    return edition


def screened(cast: Cast) -> list[Any]:
    with cast.act("street_officer") as actor:
        return list(queries.screened(actor))


def test_a_firm_that_the_newest_list_has_no_more_is_screened_with_the_day(cast: Cast, prospect: Prospect) -> None:
    assert [(one.pk, one.gone_on) for one in screened(cast)] == [(prospect.pk, SUMMER)]


def test_one_that_is_back_is_not_gone(cast: Cast, prospect: Prospect) -> None:
    listed(cast, AUTUMN, firm(CODE, cast.mill.name))
    assert screened(cast) == []


def test_a_list_alone_gives_no_reason_to_strike_off(cast: Cast, prospect: Prospect) -> None:
    officer = cast.actor("street_officer")
    with acting(officer):
        (one,) = queries.screened(officer)
        with pytest.raises(Refused, match="请选择原因"):
            actions.propose_screened(one, actor=officer)
        proposal = actions.propose_screened(one, actor=officer, reason="dormant", note="物业说已搬空")
    assert "2026-06-30）：不再出现" in proposal.evidence
    assert "物业说已搬空" in proposal.evidence


def test_what_was_tried_besides_is_reason_enough(cast: Cast, prospect: Prospect) -> None:
    claimed(cast, prospect)
    tried(prospect, "no_answer")
    officer = cast.actor("street_officer")
    with acting(officer):
        (one,) = queries.screened(officer)
        assert actions.propose_screened(one, actor=officer).reason == "unreachable"
