from decimal import Decimal

import pytest

from gonghui.areas.dashboards.chart import bounds, chart, stretches
from gonghui.areas.dashboards.rules import Reading
from gonghui.core.figures.registry import Value, figures

RATE, COUNT = figures["coverage_rate"], figures["newly_organised"]


@pytest.mark.parametrize(
    ("above", "below", "target", "state", "missing"),
    [
        (985, 1000, "98.5", "met", 0),
        (984, 1000, "98.5", "close", 1),
        (970, 1000, "98.5", "behind", 15),
        (7, 10, "98.5", "behind", 3),
        (9850, 10001, "98.5", "close", 1),  # 98.49 %, which no rounding may turn into 98.5
    ],
)
def test_a_rate_lacks_what_brings_it_to_its_target(above: int, below: int, target: str, state: str, missing: int) -> None:
    reading = Reading(RATE, Value.of_parts(above, below), Decimal(target))
    assert reading.state
    assert (reading.state.code, reading.missing) == (state, missing)
    reached = Reading(RATE, Value.of_parts(above + missing, below), Decimal(target))
    assert (reached.missing, reached.depth) == (0, 0)


def test_a_number_lacks_the_difference() -> None:
    assert Reading(COUNT, Value(2500), Decimal(2520)).missing == 20
    assert Reading(COUNT, Value(2617), Decimal(2520)).missing == 0


def test_nothing_is_said_without_target_or_value() -> None:
    assert Reading(RATE, Value.of_parts(1, 2)).state is None
    empty = Reading(RATE, Value.of_parts(0, 0), Decimal(90))
    assert (empty.state, empty.depth, empty.missing) == (None, 0, 0)


def test_the_deeper_gap_is_shown_deeper() -> None:
    depths = [Reading(RATE, Value.of_parts(above, 100), Decimal(100)).depth for above in (100, 99, 98, 50)]
    assert depths == [0, 1, 2, 3]


@pytest.mark.parametrize("values", [[97.42, 99.01, 95.8], [0], [100, 100], [0, 3512], [-120, 40], [0.01, 0.02]])
def test_the_scale_holds_every_value(values: list[float]) -> None:
    bottom, top, step = bounds(values)
    assert bottom <= min(values) <= max(values) <= top
    assert 1 <= round((top - bottom) / step) <= 7


def test_a_month_without_a_value_breaks_the_line() -> None:
    assert stretches([(1, 2), (3, 4), None, (5, 6)]) == ["1,2 3,4", "5,6"]
    drawn = chart(["1", "2", "3"], [None, Decimal(90), Decimal(95)], [None, None, None], Decimal(98), ("本年", "上年"))
    assert drawn
    assert [len(drawn.this.dots), len(drawn.last.dots)] == [2, 0]
    assert drawn.this.end
    assert drawn.this.end.label == "本年 95"
    assert all(0 <= mark.y <= drawn.height for mark in [*drawn.scale, *drawn.this.dots])


def test_nothing_is_drawn_without_values() -> None:
    assert chart(["1"], [None], [Decimal(1)], None, ("本年", "上年")) is None
