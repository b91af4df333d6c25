"""`gonghui import`."""

import io
from pathlib import Path

import openpyxl
import pytest

from gonghui.areas.register.models import Employer
from gonghui.config.cli import parser
from gonghui.core.actions.door import acting
from gonghui.core.exchange.cli import run
from tests.cast import SYSTEM, Cast
from tests.exchange.test_employers import WHY
from tests.exchange.workbooks import HEADS, csv_of, employer_row


def employers() -> int:
    """How many there are."""
    with acting(SYSTEM):
        return int(Employer.objects.unscoped(WHY).count())


def test_a_workbook_comes_in_and_its_rows_come_back(cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, result, before = tmp_path / "a.csv", tmp_path / "b.xlsx", employers()
    file.write_bytes(csv_of([HEADS, employer_row(1), employer_row(2, headcount="许多"), employer_row(3)], "gb18030"))
    told = {"file": file, "sheet": "register.employers", "organisation": "110101001"}
    assert run(**told, only_check=True) == 1  # type: ignore[arg-type]
    assert employers() == before
    assert run(**told, result=result) == 1  # type: ignore[arg-type]
    assert employers() == before + 2
    assert "new 2  changed 0  unchanged 0  wrong 1  (done)" in capsys.readouterr().out
    rows = list(openpyxl.load_workbook(io.BytesIO(result.read_bytes())).worksheets[0].values)
    assert [row[-3] for row in rows] == ["是否导入成功", "是", "否", "是"]


def test_what_cannot_be_is_said(cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "a.xls"
    file.write_bytes(b"<html>")
    for sheet, organisation, why in (
        ("nowhere", "110101001", "unknown list"),
        ("register.employers", "999", "no organisation"),
        ("register.employers", "110101001", "其实是网页"),
    ):
        assert run(file=file, sheet=sheet, organisation=organisation) == 2
        assert why in capsys.readouterr().err


def test_the_verb_takes_its_options() -> None:
    options = parser().parse_args(["import", "a.csv", "--sheet", "x", "--organisation", "1", "--only-check"])
    assert (options.file, options.only_check) == (Path("a.csv"), True)
