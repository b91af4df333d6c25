"""Figures for programs: the numbers of the screens, their parts, and the rows behind them."""

from typing import Any

import pytest

from gonghui.core.actions.door import acting
from gonghui.core.figures.registry import Ratio, Scope, figures, value
from gonghui.kit.dates import today
from tests.api.calls import MISSING, caller
from tests.cast import Cast


def test_every_figure_is_described_and_answers_what_the_registry_says(cast: Cast) -> None:
    one, actor = caller(cast, "department_officer"), cast.actor("department_officer")
    described = {row["code"]: row for row in one.get("/figures")["items"]}
    assert set(described) == set(figures)
    for code, figure in figures.items():
        assert described[code]["definition"] == str(figure.definition)
        said = one.get(f"/figures/{code}")
        with acting(actor):
            wanted = value(figure, Scope(cast.district), today(), actor=actor)
        number = None if wanted.number is None else float(wanted.number)
        assert (said["number"], said["scope"]) == (number, str(cast.district.public_id))
        if isinstance(figure, Ratio):
            assert (said["above"], said["below"]) == (wanted.above, wanted.below)


@pytest.mark.parametrize("by", ["street", "form", "size_band"])
def test_cells_add_up_and_open_their_rows(cast: Cast, by: str) -> None:
    one = caller(cast, "department_officer")
    said = one.get("/figures/employers", by=by)
    assert len(said["cells"]) > 1
    assert sum(cell["number"] for cell in said["cells"]) == said["number"] == 4
    for cell in said["cells"]:
        rows = one.get("/figures/employers/rows", by=by, key=cell["key"])
        assert (len(rows["items"]), rows["count"]) == (cell["number"], cell["number"])
    if by == "street":
        assert {cell["key"] for cell in said["cells"]} == {str(cast.street.public_id), str(cast.next_street.public_id)}


def test_rows_of_a_past_day(cast: Cast) -> None:
    one = caller(cast, "street_officer")
    assert one.get("/figures/employers/rows")["count"] == 3
    assert one.get("/figures/employers", on="2014-12-31")["number"] == 0
    assert one.get("/figures/employers", on="2014-12-31")["on"] == "2014-12-31"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"on": "1900-01-01"}, "on"),
        ({"on": "2999-01-01"}, "on"),
        ({"by": "colour"}, "by"),
        ({"scope": MISSING}, "scope"),
        ({"scope": "x"}, "scope"),
        ({"basis": "heart"}, "basis"),
        ({"period": "free", "since": "0001-01-01"}, "since"),
    ],
)
def test_what_makes_no_sense_is_refused(cast: Cast, query: dict[str, Any], field: str) -> None:
    status, said = caller(cast, "street_officer").call("get", "/figures/employers", **query)
    assert (status, said["field"]) == (422, field)


def test_a_hidden_scope_answers_like_a_missing_one(cast: Cast) -> None:
    one = caller(cast, "outsider")
    hidden = one.call("get", "/figures/employers", scope=str(cast.street.public_id))
    assert hidden == one.call("get", "/figures/employers", scope=MISSING)
    assert hidden[0] == 422
    status, said = one.call("get", "/figures/employers/rows", by="managing", key=MISSING)
    assert (status, said["field"]) == (422, "key")


def test_an_unknown_figure_and_the_rows_of_a_ratio_are_not_there(cast: Cast) -> None:
    one = caller(cast, "street_officer")
    assert one.call("get", "/figures/happiness")[0] == 404
    assert one.call("get", "/figures/coverage_rate/rows")[0] == 404
