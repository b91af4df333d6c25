"""A district in March and a figure frozen in June, from end to end through the actions: what the explanations must say."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

import pytest

from gonghui.areas.register.actions import (
    EmployerRow,
    approve_strike_off,
    cover_employer,
    cover_employers,
    edit_employer,
    end_coverage,
    enter_employers,
    found_union,
    merge_employers,
    propose_strike_off,
    unmerge_employers,
)
from gonghui.areas.register.models import Employer
from gonghui.core.actions.door import acting
from gonghui.core.figures.actions import freeze
from gonghui.core.figures.explanation import Explained, Explanation, explain, explain_frozen
from gonghui.core.figures.models import FrozenFigure
from gonghui.core.figures.registry import Period, Scope, Value, figures, value
from gonghui.core.organisations.models import Kind, Organisation
from gonghui.kit.dates import today
from tests.cast import LONG_AGO, SYSTEM, Cast

YEAR = today().year - 1
MARCH = Period(dt.date(YEAR, 3, 1), dt.date(YEAR, 3, 31), "month")
PAPER = "东工〔2025〕8号"


def found(parent: Organisation, name: str, kind: str, on: dt.date) -> Organisation:
    values = {"joint_basis": "sector"} if kind == Kind.JOINT else {}
    return found_union(parent, actor=SYSTEM, name=name, kind=kind, on=on, document=PAPER, **values)


def strike_off(cast: Cast, employer: Employer, on: dt.date, reason: str = "unreachable") -> None:
    """Proposed by the department, approved by the chair from a day on."""
    employer.refresh_from_db()
    proposer = cast.actor("department_officer")
    proposal = propose_strike_off(employer, actor=proposer, reason=reason, evidence="三次走访均无人")
    approve_strike_off(proposal, actor=cast.actor("district_chair"), on=on)


def names(explained: Explained | None, code: str) -> set[str]:
    """The employers of one term."""
    line = explained.line(code) if explained else None
    with acting(SYSTEM):
        rows = Employer.objects.unscoped("the test reads what was listed").filter(pk__in=line.rows if line else ())
        return {row.name for row in rows}


def terms(explained: Explained | None) -> Mapping[str, int | Decimal]:
    """What each term adds."""
    return {line.code: line.amount for line in explained.lines} if explained else {}


def asked(cast: Cast, code: str, when: dt.date | Period) -> Value:
    """A figure of the education union, as the chair of the district asks for it."""
    actor = cast.actor("district_chair")
    with acting(actor):
        return value(figures[code], Scope(cast.education), when, actor=actor)


def why(cast: Cast, code: str) -> Explanation:
    """How it came from the end of February to the end of March."""
    actor = cast.actor("district_chair")
    with acting(actor):
        return explain(figures[code], Scope(cast.education), MARCH.before, MARCH.end, actor=actor)


def march(number: int) -> dt.date:
    return dt.date(YEAR, 3, number)


@pytest.fixture
def bridge(cast: Cast) -> list[Employer]:
    """Ten eligible employers of the education union, four with an own union, three in a joint one; then what March brought."""
    place = cast.education
    with acting(SYSTEM):
        rows = [EmployerRow(f"学校{number}", LONG_AGO, region=cast.street.region, headcount=30) for number in range(10)]
        schools = enter_employers(place, actor=SYSTEM, rows=rows)
        for school in schools[:4]:
            union = found(place, f"{school.name}工会", Kind.OWN, LONG_AGO)
            cover_employer(school, actor=SYSTEM, union=union, since=LONG_AGO)
        joint = found(place, "民办学校联合工会", Kind.JOINT, LONG_AGO)
        cover_employers(joint, actor=SYSTEM, employers=schools[4:7], since=LONG_AGO)
        own = found(place, "学校4工会", Kind.OWN, march(10))
        cover_employer(schools[4], actor=SYSTEM, union=own, since=march(10))
        strike_off(cast, schools[7], march(12))
        cover_employer(schools[8], actor=SYSTEM, union=joint, since=march(20))
    return schools


def test_bridge_values(cast: Cast, bridge: list[Employer]) -> None:
    before, after = asked(cast, "coverage_rate", MARCH.before), asked(cast, "coverage_rate", MARCH.end)
    assert (before.number, before.above, before.below) == (Decimal("70.00"), 7, 10)
    assert (after.number, after.above, after.below) == (Decimal("88.89"), 8, 9)
    for code, number in (("covered_own", 5), ("covered_joint", 3), ("eligible_employers", 9)):
        assert asked(cast, code, MARCH.end).number == number
    unscreened = asked(cast, "coverage_rate_unscreened", MARCH.end)
    assert (unscreened.number, unscreened.above, unscreened.below) == (Decimal("80.00"), 8, 10)


@pytest.mark.parametrize(
    ("code", "in_march", "before"),
    [
        ("newly_organised", 1, 7),
        ("own_unions_founded", 1, 4),
        ("conversions", 1, 0),
        ("newly_organised_large", 0, 0),
        ("own_unions_founded_large", 0, 0),
        ("net_loss", 0, -10),
    ],
)
def test_bridge_flows(cast: Cast, bridge: list[Employer], code: str, in_march: int, before: int) -> None:
    assert asked(cast, code, MARCH).number == in_march
    assert asked(cast, code, Period(LONG_AGO, MARCH.before)).number == before


def test_bridge_is_explained_by_exactly_these_schools(cast: Cast, bridge: list[Employer]) -> None:
    rate = why(cast, "coverage_rate")
    assert (rate.start.number, rate.end.number) == (Decimal("70.00"), Decimal("88.89"))
    covered, eligible = rate.part("covered_employers"), rate.part("eligible_employers")
    assert terms(covered) == {"organised": 1, "converted": 0}
    assert terms(eligible) == {"-struck_off": -1}
    assert names(covered, "organised") == {"学校8"}
    assert names(covered, "converted") == {"学校4"}
    assert names(eligible, "-struck_off") == {"学校7"}
    assert terms(why(cast, "covered_own").part("covered_own")) == {"converted": 1}
    assert terms(why(cast, "covered_joint").part("covered_joint")) == {"organised": 1, "-converted": -1}
    assert terms(why(cast, "uncovered_employers").part("uncovered_employers")) == {"-struck_off": -1, "-organised": -1}
    assert terms(why(cast, "struck_off_employers").part("struck_off_employers")) == {"struck_off": 1}


def test_bridge_tells_the_day_and_the_reason(cast: Cast, bridge: list[Employer]) -> None:
    part = why(cast, "coverage_rate").part("eligible_employers")
    line = part.line("-struck_off") if part else None
    assert line
    (cause,) = line.rows.values()
    assert (cause.on, cause.detail) == (march(12), "失联，经多次核实仍找不到")
    assert cause.recorded
    assert cause.recorded.date() > march(31)


JUNE = dt.date(YEAR, 6, 30)


@pytest.fixture
def june(cast: Cast, bridge: list[Employer]) -> FrozenFigure:
    """The units covered at the end of June, as published."""
    actor = cast.actor("department_officer")
    with acting(actor):
        return freeze(cast.education, actor=actor, figure="covered_employers", when=JUNE, occasion="半年工作回顾")


def live(cast: Cast, frozen: FrozenFigure) -> Explanation:
    actor = cast.actor("district_chair")
    with acting(actor):
        return explain_frozen(frozen, figures[frozen.figure], actor=actor)


def test_frozen_and_live_agree_while_nothing_is_entered(cast: Cast, june: FrozenFigure) -> None:
    explained = live(cast, june)
    assert [june.number, explained.start.number, explained.end.number] == [8, 8, 8]
    assert terms(explained.part("covered_employers")) == {}


def late_and_withdrawn(cast: Cast, bridge: list[Employer]) -> None:
    """After the freezing: a founding of June is entered, a duplicate that was covered is withdrawn."""
    late = dt.date(YEAR, 6, 20)
    with acting(SYSTEM):
        own = found(cast.education, "学校9工会", Kind.OWN, late)
        cover_employer(bridge[9], actor=SYSTEM, union=own, since=late)
        bridge[0].refresh_from_db()
        end_coverage(bridge[0], actor=SYSTEM, on=late, reason="重复登记")
        strike_off(cast, bridge[0], late, reason="duplicate")


def test_frozen_stays_while_live_gains_one_late_and_loses_one_withdrawn(
    cast: Cast, bridge: list[Employer], june: FrozenFigure
) -> None:
    late_and_withdrawn(cast, bridge)
    assert asked(cast, "covered_employers", JUNE).number == 8  # totals agree, the rows do not
    explained = live(cast, june)
    part = explained.part("covered_employers")
    assert (explained.start.number, explained.end.number) == (8, 8)
    assert terms(part) == {"late": 1, "-withdrawn": -1}
    assert names(part, "late") == {"学校9"}
    assert names(part, "-withdrawn") == {"学校0"}
    with acting(SYSTEM):
        again = FrozenFigure.objects.unscoped("the test reads what was kept").get(pk=june.pk)
        assert again.number == 8


def test_a_frozen_rate_keeps_both_parts(cast: Cast, bridge: list[Employer]) -> None:
    actor = cast.actor("department_officer")
    with acting(actor):
        frozen = freeze(cast.education, actor=actor, figure="coverage_rate", when=JUNE, occasion="半年工作回顾")
    with acting(SYSTEM):
        strike_off(cast, bridge[9], dt.date(YEAR, 6, 1), reason="duplicate")
    explained = live(cast, frozen)
    assert (frozen.number, explained.start.number, explained.end.number) == (
        Decimal("88.89"),
        Decimal("88.89"),
        Decimal("100.00"),
    )
    assert terms(explained.part("covered_employers")) == {}
    assert terms(explained.part("eligible_employers")) == {"-withdrawn": -1}


def test_a_merge_is_told_of_what_was_frozen_and_not_between_two_days(cast: Cast, bridge: list[Employer]) -> None:
    """The duplicate never counted: on both days there is one less, and only what was published before differs by it."""
    actor = cast.actor("department_officer")
    with acting(actor):
        frozen = freeze(cast.education, actor=actor, figure="eligible_employers", when=JUNE, occasion="半年工作回顾")
        merge = merge_employers(bridge[1], actor=actor, dropped=bridge[9])
    part = live(cast, frozen).part("eligible_employers")
    assert terms(part) == {"-merged": -1}
    assert names(part, "-merged") == {"学校9"}
    with acting(actor):
        between = explain(figures["eligible_employers"], Scope(cast.education), march(1), JUNE, actor=actor)
        assert terms(between.part("eligible_employers")) == {"-struck_off": -1}
        again = freeze(cast.education, actor=actor, figure="eligible_employers", when=JUNE, occasion="更正后")
        unmerge_employers(merge, actor=actor)
    assert terms(live(cast, frozen).part("eligible_employers")) == {}
    assert terms(live(cast, again).part("eligible_employers")) == {"parted": 1}


def test_an_edit_that_moves_a_row_is_a_correction(cast: Cast, bridge: list[Employer]) -> None:
    actor = cast.actor("department_officer")
    with acting(actor):
        edit_employer(bridge[0], actor=actor, employer_class="170")
        frozen = freeze(cast.education, actor=actor, figure="eligible_non_public", when=JUNE, occasion="半年工作回顾")
        edit_employer(bridge[0], actor=actor, employer_class="400")
        edit_employer(bridge[1], actor=actor, employer_class="170")
    part = live(cast, frozen).part("eligible_non_public")
    assert terms(part) == {"corrected": 1, "-corrected": -1}
    assert names(part, "corrected") == {"学校1"}
    assert names(part, "-corrected") == {"学校0"}


def test_a_flow_can_be_frozen(cast: Cast, bridge: list[Employer]) -> None:
    actor = cast.actor("department_officer")
    with acting(actor):
        frozen = freeze(cast.education, actor=actor, figure="newly_organised", when=MARCH, occasion="三月月报")
    with acting(SYSTEM):
        union = found(cast.education, "学校9工会", Kind.OWN, march(31))
        cover_employer(bridge[9], actor=SYSTEM, union=union, since=march(31))
    assert [frozen.number, frozen.period] == [1, Period(MARCH.start, MARCH.end)]
    assert names(live(cast, frozen).part("newly_organised"), "late") == {"学校9"}
