"""`gonghui members`: listed, shown, admitted on the command line."""

import json
from typing import Any

import pytest

from gonghui.areas.members import cli
from gonghui.areas.members.models import Membership
from gonghui.config.cli import parser
from gonghui.core.actions.door import acting
from tests.cast import SYSTEM, Cast
from tests.members import records


def test_members_of_a_union_are_listed_masked(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    records.member(cast, name="单小丹")
    assert cli.listed(SYSTEM, organisation="110101001", name="sxd", json_output=True) == 0
    said = capsys.readouterr().out
    assert [row["name"] for row in json.loads(said)] == ["单小丹"]
    assert records.PHONE not in said
    assert cli.listed(SYSTEM, organisation="110101002") == 0
    assert capsys.readouterr().out == ""
    assert cli.listed(SYSTEM, organisation="nowhere") == 2


def test_one_member_is_shown_with_where_he_was_held(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.shown(SYSTEM, member=cast.member.public_id) == 0
    said = capsys.readouterr().out
    assert "李想" in said
    assert f"  {cast.own.name}\t2020-03-01" in said
    assert cli.shown(SYSTEM, member=cast.own.public_id) == 2


def test_somebody_is_admitted_from_arguments(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    number = records.number()
    values: dict[str, Any] = {"organisation": "110101001", "name": "周令", "phone": "13700001111"}
    assert cli.admitted(SYSTEM, number=number, **values) == 0
    assert "周令" in capsys.readouterr().out
    with acting(SYSTEM):
        assert Membership.objects.unscoped("the one just admitted").filter(person__name="周令", state="active").count() == 1
    assert cli.admitted(SYSTEM, number=number, **values) == 2
    assert "已有会籍" in capsys.readouterr().err
    assert cli.admitted(SYSTEM, number=f"{number[:-1]}{'1' if number[-1] != '1' else '2'}", **values) == 2
    assert number not in capsys.readouterr().err


def test_the_command_takes_the_three_verbs() -> None:
    read = parser().parse_args
    assert read(["members", "list", "--organisation", "110101001"]).does == "list"
    assert read(["members", "show", "6f1d8b1e-0000-4000-8000-000000000000"]).does == "show"
    assert read(["members", "admit", "--organisation", "x", "--name", "n", "--number", "1"]).does == "admit"
    with pytest.raises(SystemExit):
        read(["members"])
