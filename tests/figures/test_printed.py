"""A rate over what a paper printed stands beside the counted one, names its paper wherever it is shown, and is never mixed with it."""

import json
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from gonghui.areas.members.actions import MemberRow, admit_members
from gonghui.core.actions.door import acting
from gonghui.core.figures import cli
from gonghui.core.figures.actions import report
from gonghui.core.figures.models import ReportedFigure
from gonghui.core.figures.printed import against, cited, denominators
from gonghui.core.figures.registry import Ratio, Scope, Value, figures, value
from gonghui.core.people.actions import PersonRow
from gonghui.kit.dates import today
from gonghui.kit.identity import checked
from tests.api.calls import MISSING, caller
from tests.cast import LONG_AGO, SYSTEM, Cast
from tests.figures.test_pages import text
from tests.portal.pages import number
from tests.test_pages import signed_in

PAPER = "东华门街道2026年工作回顾"


@pytest.fixture
def rate() -> Ratio:
    found = figures["joining_rate"]
    assert isinstance(found, Ratio)
    return found


@pytest.fixture
def printed(cast: Cast) -> ReportedFigure:
    """What a paper says of the workers of one street; the register counts 198 of them and, with the cast's worker, three members."""
    rows = [MemberRow(PersonRow(f"会员{n}", checked(number(n))), LONG_AGO) for n in (1, 2)]
    with acting(SYSTEM):
        admit_members(cast.own, actor=SYSTEM, rows=rows)
        return report(
            cast.street,
            actor=SYSTEM,
            figure="covered_workers",
            when=today(),
            number=Decimal(400),
            source=PAPER,
            page="第 3 页",
            precision="about",
        )


def test_what_is_counted_is_divided_by_what_was_printed(cast: Cast, rate: Ratio, printed: ReportedFigure) -> None:
    scope = Scope(cast.street)
    with cast.act("street_officer") as actor:
        assert denominators(rate, scope, today(), actor) == [printed]
        assert against(rate, scope, today(), printed, actor=actor) == Value(Decimal("0.75"), 3, 400)
        assert value(rate, scope, today(), actor=actor) == Value(Decimal("1.52"), 3, 198)
        assert cited(printed) == f"分母见报（约）：{PAPER}，第 3 页"


def test_it_holds_for_its_own_scope_day_and_figure_only(cast: Cast, rate: Ratio, printed: ReportedFigure) -> None:
    with cast.act("department_officer") as actor:
        assert denominators(rate, Scope(cast.district), today(), actor) == []
        assert denominators(rate, Scope(cast.street), LONG_AGO, actor) == []
        assert denominators(figures["members"], Scope(cast.street), today(), actor) == []
        with pytest.raises(ValueError, match="no denominator"):
            against(rate, Scope(cast.district), today(), printed, actor=actor)


def page(client: Client, cast: Cast, **query: str) -> Any:
    asked = {"scope": str(cast.street.public_id), "on": today().isoformat(), **query}
    return client.get(f"/figures/joining_rate/?{urlencode(asked)}")


def test_the_page_offers_it_where_there_is_one_and_names_the_paper(cast: Cast, printed: ReportedFigure) -> None:
    client = signed_in(cast, "department_officer")
    counted = page(client, cast)
    assert "按登记数 按见报数" in text(counted)
    assert "1.52 %" in text(counted)
    assert "按见报数" not in text(page(client, cast, scope=str(cast.district.public_id)))
    shown = text(page(client, cast, below=str(printed.public_id)))
    assert "入会率（建会单位职工）（按见报数）" in shown
    assert "0.75 %" in shown
    assert "1.52" not in shown
    assert cited(printed) in shown
    assert "建会单位职工（见报） 400" in shown


def test_its_table_counts_and_does_not_divide_and_it_is_neither_frozen_nor_explained(
    cast: Cast, printed: ReportedFigure
) -> None:
    response = page(signed_in(cast, "department_officer"), cast, below=str(printed.public_id))
    assert response.context["heads"] == [figures["members"].label]
    assert "见报的分母没有分组" in text(response)
    assert "定稿" not in [link.label for link in response.context["steps"]]
    assert response.context["card"].explain_url == ""


def test_an_unknown_one_in_the_address_leaves_the_counted_rate(cast: Cast, printed: ReportedFigure) -> None:
    response = page(signed_in(cast, "department_officer"), cast, below=MISSING)
    assert "1.52 %" in text(response)


def test_programs_are_told_of_it_and_may_ask_for_it(cast: Cast, printed: ReportedFigure) -> None:
    one, street = caller(cast, "department_officer"), str(cast.street.public_id)
    counted = one.get("/figures/joining_rate", scope=street)
    assert (counted["below"], counted["divided_by"]) == (198, None)
    (told,) = counted["denominators"]
    assert (told["number"], told["source"], told["page"], told["precision"]) == (400, PAPER, "第 3 页", "about")
    said = one.get("/figures/joining_rate", scope=street, below=told["id"])
    assert (said["number"], said["above"], said["below"], said["divided_by"]) == (0.75, 3, 400, told["id"])
    for query, field in (({"below": MISSING}, "below"), ({"below": told["id"], "by": "managing"}, "by")):
        status, refused = one.call("get", "/figures/joining_rate", scope=street, **query)
        assert (status, field in str(refused)) == (422, True)


def test_the_command_line_names_the_paper(cast: Cast, printed: ReportedFigure, capsys: pytest.CaptureFixture[str]) -> None:
    asked: dict[str, Any] = {"name": "joining_rate", "organisation": cast.street.code}
    assert cli.run(**asked, printed_in=PAPER) == 0
    assert f"0.75% ({today()}) {cited(printed)}" in capsys.readouterr().out
    assert cli.run(**asked, printed_in=PAPER, json_output=True) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["value"], said["below"], said["below_printed"]["source"]) == (0.75, 400, PAPER)
    assert cli.run(**asked, printed_in="别的报纸") == 2
    assert PAPER in capsys.readouterr().err
    assert cli.run(**asked, printed_in=PAPER, by="managing") == 2
