"""`gonghui link`, as it is called: neither a database nor Django."""

from pathlib import Path

import duckdb
import pytest

from gonghui.config import cli
from gonghui.linkage.tests.lists import firms, write


def test_the_command_writes_pairs_and_tells_its_progress(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, out, weights = write(tmp_path / "a.csv", firms(20)), tmp_path / "out.parquet", tmp_path / "weights.json"
    assert cli.main(["link", str(file), str(file), "--out", str(out), "--memory", "1GB", "--save-weights", str(weights)]) == 0
    told = duckdb.connect().execute(f"select a_id, b_id, score, band, evidence_zh, evidence_en from '{out}'")
    assert len(told.fetchall()) == 20
    said = capsys.readouterr().err
    assert "read a" in said
    assert "expected precision" in said
    assert cli.main(["link", str(file), "--dedupe", "--out", str(tmp_path / "c.csv"), "--weights", str(weights)]) == 0
    with pytest.raises(SystemExit, match="two lists"):
        cli.main(["link", str(file), "--out", str(out)])
    with pytest.raises(SystemExit, match="no such file"):
        cli.main(["link", str(file), "none.csv", "--out", str(out)])
    with pytest.raises(SystemExit, match="no amount of memory"):
        cli.main(["link", str(file), str(file), "--out", str(out), "--memory", "much"])
