"""Periods, and the command line that asks for them."""

import datetime as dt
import json

import pytest

from gonghui.core.figures import cli
from gonghui.core.figures.periods import KINDS, Kind, Period, month_ends, year_before
from gonghui.core.figures.registry import figures
from tests.cast import Cast

DAY = dt.date(2016, 11, 30)


@pytest.mark.parametrize(
    ("kind", "start"),
    [
        ("day", DAY),
        ("month", dt.date(2016, 11, 1)),
        ("quarter", dt.date(2016, 10, 1)),
        ("year", dt.date(2016, 1, 1)),
        ("free", dt.date(2016, 9, 22)),
    ],
)
def test_every_kind_ends_on_the_day_asked_for(kind: Kind, start: dt.date) -> None:
    period = Period.ending(DAY, kind, dt.date(2016, 9, 22))
    assert (period.start, period.end, period.before) == (start, DAY, start - dt.timedelta(days=1))


def test_a_period_that_ends_before_it_starts_is_none() -> None:
    with pytest.raises(ValueError, match="is after"):
        Period(DAY, DAY - dt.timedelta(days=1))
    assert Period.ending(DAY, "free", DAY + dt.timedelta(days=1)) == Period(DAY, DAY)
    assert set(KINDS) == {"year", "quarter", "month", "free"}


@pytest.mark.parametrize(("day", "before"), [(dt.date(2024, 2, 29), dt.date(2023, 2, 28)), (DAY, dt.date(2015, 11, 30))])
def test_the_year_before(day: dt.date, before: dt.date) -> None:
    assert year_before(day) == before
    assert Period.day(day).a_year_earlier == Period.day(before)


def test_the_ends_of_months() -> None:
    ends = month_ends(dt.date(2016, 3, 15), 4)
    assert ends == [dt.date(2015, 12, 31), dt.date(2016, 1, 31), dt.date(2016, 2, 29), dt.date(2016, 3, 15)]


def test_a_stock_takes_the_last_day_and_a_flow_that_is_asked_of_a_day_its_year() -> None:
    stock, flow = figures["employers"], figures["newly_organised"]
    assert stock.period(Period(dt.date(2016, 1, 1), DAY)) == Period.day(DAY)
    assert flow.period(DAY) == Period(dt.date(2016, 1, 1), DAY, "year")
    assert figures["coverage_rate"].period(DAY) == Period.day(DAY)


def run(capsys: pytest.CaptureFixture[str], **asked: object) -> tuple[int, str, str]:
    code = cli.run(**{"name": "newly_organised", "organisation": "110101", **asked})  # type: ignore[arg-type]
    said = capsys.readouterr()
    return code, said.out, said.err


def test_a_flow_on_the_command_line(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    asked = {"since": dt.date(2014, 6, 1), "as_of": dt.date(2015, 6, 1), "by": "form", "json_output": True}
    code, said, _error = run(capsys, **asked)
    answer = json.loads(said)
    assert (code, answer["value"], answer["from"], answer["as_of"]) == (0, 2, "2014-06-01", "2015-06-01")
    assert {cell["key"]: cell["value"] for cell in answer["form"]} == {"own": 1, "joint": 1}
    assert run(capsys, as_of=dt.date(2016, 6, 1))[1].startswith("东城区总工会 新增建会单位 0家 (2016-01-01 — 2016-06-01)")


def test_days_in_the_wrong_order_are_told(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    code, _said, error = run(capsys, since=dt.date(2016, 6, 1), as_of=dt.date(2015, 6, 1))
    assert (code, error) == (2, "2016-06-01 is after 2015-06-01\n")
