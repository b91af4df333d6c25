"""P6: from a fresh clone to the first page of the demo (with installation), and from a stopped demo to its first page again.

No peer: the physical limit is the embedded server's own start, measured in the same run.
"""

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gonghui.config.embedded_postgres import Server

ROOT = Path(__file__).resolve().parent.parent
PORT, RESTARTS, LIMIT = 8321, 5, 300


def first_page(began: float) -> float:
    """Seconds since `began` at which the sign-in page is there."""
    while time.monotonic() < began + LIMIT:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/accounts/login/", timeout=2) as answer:
                if answer.status == 200 and "login" in answer.read().decode():
                    return time.monotonic() - began
        except (OSError, urllib.error.URLError):
            time.sleep(0.05)
    raise SystemExit(f"no page within {LIMIT} s")


@contextmanager
def demo(clone: Path, data: Path) -> Iterator[float]:
    """The demo of a clone while it runs; gives the seconds to its first page."""
    command = [sys.executable, "dev.py", "demo", "--data", str(data), "--port", str(PORT)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "GONGHUI_"))}
    began = time.monotonic()
    process = subprocess.Popen(command, cwd=clone, env=environment, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        yield first_page(began)
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(60)


def embedded(data: Path) -> float:
    """Seconds for the database alone, warm."""
    server = Server(data)
    began = time.monotonic()
    server.start()
    taken = time.monotonic() - began
    server.stop()
    return taken


def main() -> None:
    """Clones what is committed, starts it once cold and several times warm."""
    with tempfile.TemporaryDirectory(prefix="gonghui-start-") as place:
        clone, data = Path(place) / "clone", Path(place) / "data"
        subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
        with demo(clone, data) as cold:
            print(f"first run, installation and loading included: {cold:.1f} s (goal < 180)")
        warm = []
        for _number in range(RESTARTS):
            with demo(clone, data) as taken:
                warm.append(taken)
        database = embedded(Path(place) / "database") and embedded(Path(place) / "database")
        middle = statistics.median(warm)
        print(f"later runs: {middle:.2f} s ({min(warm):.2f}–{max(warm):.2f}) (goal < 5); the database alone {database:.2f} s")
        if middle >= 5 or cold >= 180:
            raise SystemExit("slower than the goal")


if __name__ == "__main__":
    main()
