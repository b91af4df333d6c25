"""Backups that were really restored: the same rows, the same history, a number that can be read; and what is refused."""

import datetime as dt
import json
import os
import shutil
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gonghui.config.backups import manifest
from gonghui.config.embedded_postgres import Server
from gonghui.kit import backups
from tests.operation.installation import PHONE, STORED, Installation

POSTGRES_15 = Path("/usr/lib/postgresql/15/bin")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A filled installation that no test changes."""
    one = Installation(tmp_path_factory.mktemp("origin") / "data").fill()
    yield one
    one.server.stop()


@pytest.fixture(scope="module")
def backup(origin: Installation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of it."""
    return made(origin, tmp_path_factory.mktemp("backups"))


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Installation]:
    """An empty place."""
    one = Installation(tmp_path / "elsewhere")
    yield one
    one.server.stop()


def made(origin: Installation, to: Path, *arguments: object) -> Path:
    """The newest backup after one more was made."""
    done = origin.gonghui("backup", "--to", to, *arguments)
    assert done.returncode == 0, done.stderr
    return manifest.backups(to)[-1]


def copied(backup: Path, to: Path) -> Path:
    """A copy to damage."""
    return Path(shutil.copytree(backup, to / backup.name))


# -- making -----------------------------------------------------------------------------------------------------


def test_a_backup_says_what_it_holds_and_is_for_its_owner_only(origin: Installation, backup: Path) -> None:
    found = manifest.verified(backup)
    assert found.rows == {table: len(rows) for table, rows in origin.contents().items()}
    assert found.rows["register_employerevent"] > 0
    assert (found.files, found.sealed["register_contact.phone_sealed"]) == (len(STORED), 1)
    assert stat.S_IMODE(backup.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in backup.iterdir()} == {0o600}
    assert PHONE.encode() not in (backup / manifest.DATABASE).read_bytes()


def test_only_the_newest_are_kept(origin: Installation, backup: Path, tmp_path: Path) -> None:
    stale = copied(backup, tmp_path).rename(tmp_path / "gonghui-20200101T000000Z")
    unfinished = tmp_path / "unfinished-gonghui-20200102T000000Z"
    unfinished.mkdir()
    newest = [made(origin, tmp_path, "--keep", 2), made(origin, tmp_path, "--keep", 2)]
    assert manifest.backups(tmp_path)[-1] == newest[-1]
    assert len(manifest.backups(tmp_path)) <= 2
    assert not stale.exists()
    assert not unfinished.exists()


def test_a_backup_that_fails_removes_nothing(origin: Installation, backup: Path, tmp_path: Path) -> None:
    former = copied(backup, tmp_path)
    done = origin.gonghui("backup", "--to", tmp_path, "--keep", 1, GONGHUI_DATA_KEY="another one")
    assert done.returncode == 1
    assert manifest.backups(tmp_path) == [former]


def test_missing_keys_are_refused_and_none_is_made(origin: Installation, tmp_path: Path) -> None:
    for name in ("secret_key", "data_key"):
        key = origin.data / name
        hidden = key.rename(tmp_path / name)
        done = origin.gonghui("backup", "--to", tmp_path / "backups")
        assert not key.exists()
        hidden.rename(key)
        assert done.returncode == 1
        assert f"{name} is missing" in done.stderr
    assert not (tmp_path / "backups").exists()


def test_keys_that_everybody_knows_are_refused(origin: Installation, tmp_path: Path) -> None:
    for name in ("GONGHUI_SECRET_KEY", "GONGHUI_DATA_KEY"):
        done = origin.gonghui("backup", "--to", tmp_path, **{name: "insecure-key-for-development-only"})
        assert done.returncode == 1
        assert f"{name} is the developers' one" in done.stderr
    assert manifest.backups(tmp_path) == []


def test_a_data_key_that_does_not_fit_the_database_is_refused(origin: Installation, tmp_path: Path) -> None:
    done = origin.gonghui("backup", "--to", tmp_path, GONGHUI_DATA_KEY="long and random, but another one")
    assert done.returncode == 1
    assert "does not open what the database holds" in done.stderr
    assert manifest.backups(tmp_path) == []


# -- restoring --------------------------------------------------------------------------------------------------


def test_restored_it_is_the_same(origin: Installation, backup: Path, elsewhere: Installation) -> None:
    done = elsewhere.gonghui("restore", backup)
    assert done.returncode == 0, done.stderr
    assert "1 of register_contact.phone_sealed" in done.stdout
    elsewhere.server.start()
    assert elsewhere.contents() == origin.contents()
    assert elsewhere.files() == STORED
    assert elsewhere.phone() == origin.phone() == f"['{PHONE}']"
    assert stat.S_IMODE((elsewhere.data / "data_key").stat().st_mode) == 0o600
    refused = [line for line in elsewhere.gonghui("check").stderr.splitlines() if line.startswith("- ")]
    assert refused == []  # roles, walls and keys are those of a real installation


def test_a_drill_says_what_it_saw_and_leaves_nothing(origin: Installation, backup: Path) -> None:
    before, record = sorted(os.listdir(origin.data)), origin.data / "backup.json"
    done = origin.gonghui("restore", "--check", backup.parent)
    assert done.returncode == 0, done.stderr
    assert "The backup is good" in done.stdout
    assert sorted(os.listdir(origin.data)) == before
    noted = backups.read(record)
    assert noted is not None
    assert noted.drilled_at is not None
    made(origin, backup.parent)
    again = backups.read(record)
    assert again is not None
    assert again.drilled_at == noted.drilled_at  # a newer backup does not forget the drill


def test_what_is_there_is_not_replaced_unless_told_so(backup: Path, elsewhere: Installation) -> None:
    elsewhere.data.mkdir()
    (elsewhere.data / "data_key").write_text("the former key")
    done = elsewhere.gonghui("restore", backup)
    assert done.returncode == 1
    assert "is not empty: data_key" in done.stderr
    assert os.listdir(elsewhere.data) == ["running", "data_key"] or set(os.listdir(elsewhere.data)) == {"running", "data_key"}
    done = elsewhere.gonghui("restore", backup, "--replace")
    assert done.returncode == 0, done.stderr
    (aside,) = elsewhere.data.glob("replaced-*")
    assert (aside / "data_key").read_text() == "the former key"
    assert (elsewhere.data / "data_key").read_text() != "the former key"


def test_a_running_installation_is_not_touched(backup: Path, elsewhere: Installation) -> None:
    elsewhere.data.mkdir()
    with socket.create_server(("127.0.0.1", 0)) as found:
        port = found.getsockname()[1]
    words = [sys.executable, "-m", "gonghui.config.cli", "start", "--data", str(elsewhere.data), "--port", str(port)]
    running = subprocess.Popen(words, env=elsewhere.environment(), stdout=subprocess.PIPE, text=True)
    try:
        assert running.stdout is not None
        assert "gonghui runs" in running.stdout.readline()
        done = elsewhere.gonghui("restore", backup, "--replace")
        assert done.returncode == 1
        assert "already runs on this data" in done.stderr
    finally:
        running.terminate()
        running.wait(60)


def flip(file: Path) -> None:
    """One bit of one byte in the middle."""
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def cut(file: Path) -> None:
    """The last byte is missing."""
    file.write_bytes(file.read_bytes()[:-1])


@pytest.mark.parametrize("damage", [flip, cut, Path.unlink], ids=lambda one: one.__name__)
@pytest.mark.parametrize("name", [*manifest.PARTS, manifest.FILE])
def test_a_damaged_backup_is_refused(backup: Path, elsewhere: Installation, tmp_path: Path, name: str, damage: object) -> None:
    damaged = copied(backup, tmp_path)
    assert callable(damage)
    damage(damaged / name)
    for arguments in (["restore", damaged], ["restore", "--check", damaged]):
        done = elsewhere.gonghui(*arguments)
        assert done.returncode == 1
        assert name in done.stderr
        assert "Traceback" not in done.stderr
    assert not (elsewhere.data / "postgres").exists()


def forged(backup: Path, **changes: object) -> None:
    """A manifest that fits its checksum and says something else."""
    content = json.loads((backup / manifest.FILE).read_text()) | changes
    content.pop("sha256")
    (backup / manifest.FILE).write_text(json.dumps(content | {"sha256": manifest.checksum(content)}))


def test_a_restore_that_fails_puts_back_what_was_there(backup: Path, elsewhere: Installation, tmp_path: Path) -> None:
    done = elsewhere.gonghui("restore", backup)
    assert done.returncode == 0, done.stderr
    key = (elsewhere.data / "data_key").read_text()
    wrong = copied(backup, tmp_path)
    rows = json.loads((wrong / manifest.FILE).read_text())["rows"]
    forged(wrong, rows=rows | {"register_employer": 4000})
    done = elsewhere.gonghui("restore", wrong, "--replace")
    assert done.returncode == 1
    assert "register_employer: 4 rows instead of 4000" in done.stderr
    assert (elsewhere.data / "data_key").read_text() == key
    assert list(elsewhere.data.glob("replaced-*")) == []
    elsewhere.server.start()
    assert elsewhere.phone() == f"['{PHONE}']"


def test_a_key_that_is_not_the_backups_is_noticed(backup: Path, elsewhere: Installation, tmp_path: Path) -> None:
    done = elsewhere.gonghui("restore", backup, GONGHUI_DATA_KEY="another one")
    assert "GONGHUI_DATA_KEY names another key" in done.stderr
    wrong = copied(backup, tmp_path)
    (wrong / manifest.KEYS).write_text(json.dumps({"secret_key": "x", "data_key": "y"}))
    part = manifest.measured(wrong / manifest.KEYS)
    parts = json.loads((wrong / manifest.FILE).read_text())["parts"]
    forged(wrong, parts=parts | {manifest.KEYS: {"size": part.size, "sha256": part.sha256}})
    done = elsewhere.gonghui("restore", "--check", wrong)
    assert done.returncode == 1
    assert "The restored data key does not open the restored database" in done.stderr


def test_a_backup_of_a_newer_version_is_refused(backup: Path, elsewhere: Installation, tmp_path: Path) -> None:
    newer = copied(backup, tmp_path)
    forged(newer, gonghui="99.0")
    done = elsewhere.gonghui("restore", newer)
    assert "made by gonghui 99.0" in done.stderr


# -- another PostgreSQL -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("binaries", ["", str(POSTGRES_15)], ids=["bundled", "15"])
def test_another_postgresql_is_backed_up_and_restored(
    origin: Installation, backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, binaries: str
) -> None:
    if binaries:
        if not POSTGRES_15.exists():
            pytest.skip("PostgreSQL 15 is not installed here")
        monkeypatch.setenv("PG_BIN_DIR", binaries)
    server = Server(tmp_path / "another")
    server.start()
    monkeypatch.delenv("PG_BIN_DIR", raising=False)
    one = Installation(tmp_path / "data", server)
    try:
        done = one.gonghui("restore", backup)  # into the empty database
        assert done.returncode == 0, done.stderr
        assert one.contents() == origin.contents()
        assert one.phone() == f"['{PHONE}']"
        again = made(one, tmp_path / "backups")
        assert manifest.verified(again).rows == manifest.verified(backup).rows
        assert "The backup is good" in one.gonghui("restore", "--check", again).stdout
        assert "is not empty" in one.gonghui("restore", again).stderr
        done = one.gonghui("restore", again, "--replace")
        assert done.returncode == 0, done.stderr
        assert "The former database is kept as gonghui_before_" in done.stdout
        assert one.contents() == origin.contents()
        assert one.gonghui("check").returncode == 0
    finally:
        if binaries:
            monkeypatch.setenv("PG_BIN_DIR", binaries)
        server.stop()


# -- what is said of them ---------------------------------------------------------------------------------------


NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("hours", "is_on_same_disk", "problems"),
    [(26, False, []), (27, False, ["old"]), (1, True, ["same_disk"]), (48, True, ["old", "same_disk"])],
)
def test_what_is_wrong_with_the_newest_backup(hours: int, is_on_same_disk: bool, problems: list[str]) -> None:
    made_at = NOW - dt.timedelta(hours=hours)
    assert backups.problems(backups.Backup("gonghui-x", "/mnt", made_at, 1, is_on_same_disk), NOW) == problems


def test_a_system_without_a_backup_has_that_problem(tmp_path: Path) -> None:
    assert backups.problems(backups.read(tmp_path / "backup.json"), NOW) == ["none"]


def test_status_warns(origin: Installation, backup: Path) -> None:
    record = origin.data / "backup.json"
    fresh = backups.read(record)
    assert fresh is not None
    said = origin.gonghui("status").stdout
    assert ("same disk" in said) == fresh.is_on_same_disk
    assert "older" not in said
    text = record.read_text()
    record.write_text(text.replace(fresh.made_at.isoformat(), (fresh.made_at - dt.timedelta(days=2)).isoformat()))
    assert "older than 26 hours" in origin.gonghui("status").stdout
    record.write_text(text)
