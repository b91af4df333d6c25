"""Figures of prospects: the funnel of any day, and why it changed."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from gonghui.areas.register.models import Employer
from gonghui.areas.unionbuilding import actions
from gonghui.areas.unionbuilding.actions import FindingRow, open_prospects
from gonghui.areas.unionbuilding.actions.prospects import advance, pass_to
from gonghui.areas.unionbuilding.models import Prospect
from gonghui.areas.unionbuilding.rules import Outcome
from gonghui.areas.unionbuilding.tests.fieldwork import claimed, prospect_of, stored
from gonghui.core.actions.door import acting
from gonghui.core.figures.actions import set_target
from gonghui.core.figures.explanation import explain
from gonghui.core.figures.periods import Period
from gonghui.core.figures.registry import Scope, breakdown, named, rows, value
from gonghui.core.organisations.models import Organisation
from gonghui.kit.dates import as_if, from_day, today
from tests.cast import SYSTEM, Cast
from tests.test_pages import signed_in

pytestmark = pytest.mark.django_db
MONDAY = dt.date(2026, 3, 2)


def days(count: int) -> dt.date:
    return MONDAY + dt.timedelta(days=count)


def opened(cast: Cast, *employers: Employer) -> list[Prospect]:
    with acting(SYSTEM):
        return open_prospects(cast.district, actor=SYSTEM, employers=employers)


def step(prospect: Prospect, code: str, **values: Any) -> None:
    with acting(SYSTEM):
        advance(Prospect.objects.unscoped("a test's own").get(pk=prospect.pk), code, **values)


def counts(code: str, union: Organisation, on: dt.date, by: str = "stage") -> dict[str, Any]:
    with acting(SYSTEM):
        return {cell.key: cell.value.number for cell in breakdown(named(code), Scope(union), on, by, actor=SYSTEM)}


def test_the_funnel_of_a_past_day_stays_what_it_was(cast: Cast) -> None:
    with as_if(MONDAY):
        mill, neighbour = opened(cast, cast.mill, cast.neighbour)
    with as_if(days(10)):
        step(mill, "verify")
    with as_if(days(40)):
        step(mill, "agree")
        step(neighbour, "close", reason="已注销")
    assert counts("prospects_running", cast.district, days(5)) == {"to_verify": 2}
    assert counts("prospects_running", cast.district, days(20)) == {"to_verify": 1, "verified": 1}
    assert counts("prospects_running", cast.district, days(41)) == {"agreed": 1}
    assert counts("prospects_running", cast.district, days(35), by="age") == {"0": 1, "30": 1}


def test_a_figure_of_prospects_explains_itself(cast: Cast) -> None:
    with as_if(MONDAY):
        mill, neighbour = opened(cast, cast.mill, cast.neighbour)
    with as_if(days(9)):
        step(neighbour, "close")
    with as_if(days(10)), acting(SYSTEM):
        pass_to(Prospect.objects.unscoped("a test's own").get(pk=mill.pk), cast.education, is_open=False)
    with acting(SYSTEM):
        found = explain(named("prospects_running"), Scope(cast.street), days(5), days(12), actor=SYSTEM)
        (part,) = found.parts
        assert {line.term.code: line.amount for line in part.lines} == {"taken_over": -1}
        whole = explain(named("prospects_running"), Scope(cast.district), days(5), days(12), actor=SYSTEM)
        assert {line.term.code: line.amount for line in whole.parts[0].lines} == {"closed": -1}
        assert (whole.start.number, whole.end.number) == (2, 1)


def test_what_came_to_a_union_in_a_period_is_counted_on_its_day(cast: Cast) -> None:
    with as_if(MONDAY):
        (mill,) = opened(cast, cast.mill)
    with as_if(days(20)):
        step(mill, "cover")
    won = named("prospects_won")
    with acting(SYSTEM):
        month = Period(MONDAY, days(30))
        assert value(won, Scope(cast.street), month, actor=SYSTEM).number == 1
        assert [row.name for row in rows(won, Scope(cast.street), month, actor=SYSTEM)] == [cast.mill.name]
        assert value(won, Scope(cast.street), Period(days(21), days(30)), actor=SYSTEM).number == 0
        assert value(won, Scope(cast.next_street), month, actor=SYSTEM).number == 0


def test_reasons_against_are_counted_where_the_employer_was_held(cast: Cast) -> None:
    with acting(SYSTEM), as_if(MONDAY):
        prospect = prospect_of(cast.mill)
        claimed(cast, prospect)
        row = FindingRow("visit", Outcome.EXISTS, MONDAY, note="已见到负责人")
        actions.record_finding(stored(prospect), actor=SYSTEM, row=row)
    with acting(SYSTEM), as_if(days(3)):
        row = FindingRow("visit", Outcome.REFUSED, days(3), reason="too_few", note="只有二十几人")
        actions.record_finding(stored(prospect), actor=SYSTEM, row=row)
    figure = named("reasons_against")
    with acting(SYSTEM):
        month = Period(MONDAY, days(30))
        cells = breakdown(figure, Scope(cast.street), month, "reason", actor=SYSTEM)
        assert [(cell.key, cell.label, cell.value.number) for cell in cells] == [("too_few", "职工人数少", 1)]
        assert value(figure, Scope(cast.next_street), month, actor=SYSTEM).number == 0
        assert [row.name for row in rows(figure, Scope(cast.street), month, actor=SYSTEM)] == [cast.mill.name]


def test_progress_adds_up_against_the_target_of_the_whole(cast: Cast) -> None:
    with acting(SYSTEM):
        for union, number in ((cast.district, 9), (cast.street, 2)):
            period = from_day(dt.date(today().year, 1, 1), dt.date(today().year + 1, 1, 1))
            set_target(union, actor=SYSTEM, figure="newly_organised", period=period, number=Decimal(number), basis="纪要")
    opened(cast, cast.mill, cast.neighbour)
    places = signed_in(cast, "department_officer").get(reverse("unionbuilding:progress")).context["places"]
    assert [(one.name, one.target) for one in places if one.target] == [(cast.street.name, "2"), ("合计", "9")]
    total = places[-1]
    assert total.is_total
    assert int(total.running) == sum(int(one.running) for one in places[:-1]) == 2
