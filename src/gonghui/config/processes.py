"""Runs the web server and the worker in the foreground: starts what died again, stops everything in order."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from gonghui.config.embedded_postgres import Server, locked

STOP_SECONDS = 20  # a job that runs may finish; after that it is killed, and taken up again at the next start
TOO_SOON_SECONDS = 5  # what dies this soon after its start would die again
DATABASE_CHECK_SECONDS = 5


def tied(command: list[str]) -> list[str]:
    """The same command, but told to end when we are killed without a chance to stop it (where Linux's setpriv is at hand)."""
    return ["setpriv", "--pdeathsig", "TERM", *command] if shutil.which("setpriv") else command


def wait(command: list[str]) -> int:
    """Runs a command that deals with Ctrl-C by itself."""
    process = subprocess.Popen(command)
    while True:
        with contextlib.suppress(KeyboardInterrupt):
            return process.wait()


def gonghui(*arguments: str) -> list[str]:
    """This very program with other arguments, for a process of its own."""
    return [sys.executable, "-m", "gonghui.config.cli", *arguments]


def web(host: str, port: int) -> list[str]:
    """The web server: two processes of four threads each, so at most eight database connections."""
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)]
    command += ["--workers", "2", "--blocking-threads", "4", "--no-ws", "--log-level", "warning"]
    return [*command, "--respawn-failed-workers", "--workers-kill-timeout", "10", "gonghui.config.wsgi:application"]


@dataclass
class Child:
    """One process that has to run as long as we do."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] = field(init=False)
    started: float = field(init=False)

    def start(self) -> None:
        """Starts it in a session of its own: Ctrl-C reaches only us, and we stop the children in order."""
        self.process = subprocess.Popen(tied(self.command), stdin=subprocess.DEVNULL, start_new_session=True)
        self.started = time.monotonic()

    def stop(self) -> None:
        """Asks it to end, and ends it if it does not."""
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def mend(self) -> None:
        """Starts it again if it died; what dies at once has a reason that a restart does not remove."""
        code = self.process.poll()
        if code is None:
            return
        if time.monotonic() - self.started < TOO_SOON_SECONDS:
            raise SystemExit(f"The {self.name} ended at once (exit status {code}).")
        print(f"The {self.name} ended (exit status {code}); starting it again.", file=sys.stderr)
        self.start()


told_to_end = False
"""What a signal raises may be lost (Python drops it inside a destructor or a weak reference's callback); this is not."""


@contextlib.contextmanager
def orderly_end() -> Iterator[None]:
    """SIGTERM ends the block like Ctrl-C does, so that everything started inside is stopped."""

    def leave(*_: object) -> None:
        global told_to_end
        told_to_end = True
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)  # one is enough: cleaning up is not interrupted
        raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, leave)
    with contextlib.suppress(KeyboardInterrupt):
        yield


@contextlib.contextmanager
def database(server: Server | None) -> Iterator[None]:
    """The embedded server for as long as the block runs; one that already ran goes on running."""
    if server is None or server.is_running():
        yield
        return
    server.start()
    try:
        yield
    finally:
        server.stop()


def serve(host: str, port: int, server: Server | None, ready: Callable[[], None]) -> None:
    """The web server and the workers until we are told to end; `ready` is called once the web server was started.

    The workers come after that: whoever waits for the first page has the processors for it. Messages have a worker of their own: a
    sign-in code is good for minutes, an import may take longer.
    """
    children = [
        Child("web server", web(host, port)),
        Child("worker", gonghui("worker")),
        Child("message worker", gonghui("worker", "--queue", "messages")),
    ]
    started: list[Child] = []
    try:
        for child in children:
            child.start()
            started.append(child)
            if len(started) == 1:
                ready()
        watch(children, server)
    finally:
        for child in started:
            child.stop()


def watch(children: list[Child], server: Server | None) -> None:
    """Looks after the children, and after the embedded server if there is one, until interrupted."""
    checked = time.monotonic()
    while True:
        if told_to_end:
            raise KeyboardInterrupt
        time.sleep(0.5)
        is_any_dead = any(child.process.poll() is not None for child in children)
        if server and (is_any_dead or time.monotonic() - checked > DATABASE_CHECK_SECONDS):
            checked = time.monotonic()
            if not server.is_running():
                print("The database ended; starting it again.", file=sys.stderr)
                server.start()
        for child in children:
            child.mend()


def require_free_port(host: str, port: int) -> None:
    """Says plainly that the port is taken instead of letting the web server die."""
    try:
        with socket.create_server((host, port)):
            pass
    except OSError as error:
        raise SystemExit(f"Cannot listen on {host}:{port}: {error.strerror}. Choose another with --port.") from None


@contextlib.contextmanager
def only_one(data: Path, url: str) -> Iterator[None]:
    """Refuses a second `gonghui start` on the same data, and tells `stop` and `status` who runs."""
    file = data / "running"
    with locked(file, wait=False) as got:
        if not got:
            raise SystemExit(f"gonghui already runs on this data: {file.read_text().strip()}")
        file.write_text(f"{os.getpid()} {url}\n")
        yield


def running(data: Path) -> tuple[int, str] | None:
    """The process and address of the `gonghui start` that runs on this data; the lock tells, not the file."""
    file = data / "running"
    if not file.exists():
        return None
    with locked(file, wait=False) as got:
        if got:
            return None
    process, _, url = file.read_text().strip().partition(" ")
    return int(process), url


def stop(data: Path) -> None:
    """Asks the `gonghui start` on this data to end and waits until it did."""
    found = running(data)
    if found is None:
        return
    os.kill(found[0], signal.SIGTERM)
    with locked(data / "running"):
        pass
