"""The command `gonghui`, run as an administrator runs it: in a process of its own, with a data directory of its own."""

import os
import signal
import socket
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from gonghui.config.embedded_postgres import PROVISION, Server

pytestmark = pytest.mark.slow

COMMAND = [sys.executable, "-m", "gonghui.config.cli"]
OURS = ("GONGHUI_", "DATABASE_", "DJANGO_")


def environment(**more: str) -> dict[str, str]:
    """The environment without anything that the tests themselves run with."""
    return {name: value for name, value in os.environ.items() if not name.startswith(OURS)} | more


def gonghui(*arguments: object, **more: str) -> subprocess.CompletedProcess[str]:
    """One verb, run to its end."""
    words = [*COMMAND, *(str(argument) for argument in arguments)]
    return subprocess.run(words, env=environment(**more), capture_output=True, text=True, stdin=subprocess.DEVNULL)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    """A data directory whose server is stopped afterwards."""
    yield tmp_path / "data"
    Server(tmp_path / "data" / "postgres").stop()


def test_every_verb_says_what_it_is_for() -> None:
    said = gonghui("--help").stdout
    for verb in (
        "start",
        "check",
        "stop",
        "status",
        "provision",
        "migrate",
        "worker",
        "createadmin",
        "settings",
        "demo",
        "figure",
    ):
        assert f"\n    {verb}" in said
    assert "demo-load" not in said


def test_provision_prints_what_the_embedded_server_runs() -> None:
    assert gonghui("provision").stdout == PROVISION.read_text(encoding="utf-8")


def test_settings_are_printed_with_their_meaning_and_without_secrets(data: Path) -> None:
    secrets = {"GONGHUI_SECRET_KEY": "tell-nobody", "DATABASE_URL": "postgresql://app:tell-nobody@127.0.0.1/x"}
    said = gonghui("settings", "--data", data, GONGHUI_HOSTS="union.example.cn", **secrets).stdout
    assert "union.example.cn" in said
    assert "host names the system answers to" in said
    assert "GONGHUI_SECRET_KEY     set" in said
    assert "tell-nobody" not in said


def test_a_setting_that_cannot_be_understood_is_one_sentence(data: Path) -> None:
    done = gonghui("settings", "--data", data, GONGHUI_HTTPS="perhaps")
    assert done.returncode == 1
    assert done.stderr.strip() == "GONGHUI_HTTPS: expected yes or no"


def test_the_keys_are_made_once_and_are_for_the_owner_of_the_data_only(data: Path) -> None:
    gonghui("settings", "--data", data)
    files = [data / "secret_key", data / "data_key"]
    before = [file.read_text() for file in files]
    gonghui("settings", "--data", data)
    assert [file.read_text() for file in files] == before
    assert before[0] != before[1]
    assert all(len(key) >= 50 for key in before)
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_nothing_runs_in_a_new_directory(data: Path) -> None:
    done = gonghui("status", "--data", data)
    assert done.returncode == 1
    assert "web       does not run" in done.stdout
    assert "database  does not run" in done.stdout


def test_stop_also_stops_a_server_that_another_verb_left_running(data: Path) -> None:
    assert gonghui("check", "--data", data).returncode == 0
    assert "database  runs" in gonghui("status", "--data", data).stdout
    gonghui("stop", "--data", data)
    assert "database  does not run" in gonghui("status", "--data", data).stdout


def test_the_demo_never_touches_a_real_installation(data: Path) -> None:
    gonghui("check", "--data", data)
    done = gonghui("demo", "--data", data, "--port", free_port())
    assert done.returncode == 1
    assert "real installation" in done.stderr


def test_a_taken_port_is_one_sentence(data: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = gonghui("start", "--data", data, "--port", taken.getsockname()[1])
    assert done.returncode == 1
    assert "--port" in done.stderr
    assert "Traceback" not in done.stderr


def wait_for(url: str, seconds: float = 60) -> int:
    """The status of the first answer."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with direct.open(url, timeout=5) as answer:
                status: int = answer.status
                return status
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"no answer from {url}")


@pytest.mark.slow
def test_the_first_administrator_is_made_once_and_with_a_good_password_only(data: Path) -> None:
    assert gonghui("migrate", "--data", data).returncode == 0
    words = [*COMMAND, "createadmin", "--data", str(data), "--username", "chen"]

    def answer(password: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(words, env=environment(), input=f"{password}\n", capture_output=True, text=True)

    assert answer("short").returncode == 1
    assert answer("a long enough sentence").returncode == 0
    again = answer("a long enough sentence")
    assert again.returncode == 1
    assert again.stderr.strip() == "chen exists already (这个登录名已有人使用)."


@pytest.mark.slow
def test_started_it_serves_until_it_is_told_to_stop(data: Path) -> None:
    port = free_port()
    log = data.with_name("log")
    with log.open("w") as output:
        words = [*COMMAND, "start", "--data", str(data), "--port", str(port)]
        process = subprocess.Popen(words, env=environment(), stdout=output, stderr=output)
    try:
        assert wait_for(f"http://127.0.0.1:{port}/healthz") == 200, log.read_text()
        assert f"http://127.0.0.1:{port}/" in gonghui("status", "--data", data).stdout
        assert "already runs" in gonghui("start", "--data", data, "--port", free_port()).stderr
        database = int((data / "postgres" / "cluster" / "postmaster.pid").read_text().splitlines()[0])
        os.kill(database, signal.SIGKILL)
        time.sleep(8)
        assert wait_for(f"http://127.0.0.1:{port}/healthz") == 200, log.read_text()
        gonghui("stop", "--data", data)
        assert process.wait(30) == 0, log.read_text()
        assert gonghui("status", "--data", data).stdout.count("does not run") == 2
    finally:
        process.kill()
        process.wait()


LOST = """
import os, signal, weakref
from gonghui.config.processes import orderly_end, watch

class Held: pass

with orderly_end():
    held = Held()
    reference = weakref.ref(held, lambda _: os.kill(os.getpid(), signal.SIGTERM))
    del held  # what the signal raises is dropped here
    print("goes on", flush=True)
    watch([], None)
print("ended")
"""


def test_a_signal_whose_exception_is_lost_ends_it_all_the_same() -> None:
    done = subprocess.run([sys.executable, "-c", LOST], capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout.split("\n")[:2] == ["goes on", "ended"]
    assert "Exception ignored" in done.stderr
