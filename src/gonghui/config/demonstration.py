"""The demo: its own data directory and embedded database, made once, then started in seconds."""

import hashlib
import importlib.metadata
import json
import os
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

from gonghui.config import processes
from gonghui.config.embedded_postgres import Server

PACKAGE = Path(__file__).resolve().parent.parent
FOREIGN = ("DATABASE_URL", "DATABASE_OWNER_URL", "GONGHUI_SECRET_KEY", "GONGHUI_DATA_KEY")
HOST = "127.0.0.1"
READY_SECONDS = 60


def environment() -> None:
    """A demo never touches a database, key or address that the environment names for a real installation."""
    for name in FOREIGN:
        os.environ.pop(name, None)
        os.environ.pop(f"{name}_FILE", None)
    os.environ |= {
        "GONGHUI_DEMO": "1",
        "GONGHUI_HTTPS": "0",
        "GONGHUI_HOSTS": "localhost,127.0.0.1",
        "GONGHUI_BRAND": "示例市总工会",
    }


def version() -> str:
    """Changes with our code and with every installed package: then the database has to be migrated again."""
    digest = hashlib.sha256()
    for file in sorted(PACKAGE.rglob("*")):
        if file.suffix in {".py", ".sql", ".csv", ".toml", ".json"} and "static" not in file.parts:
            digest.update(file.read_bytes())
    for package in sorted(f"{one.name}=={one.version}" for one in importlib.metadata.distributions()):
        digest.update(package.encode())
    return digest.hexdigest()


def run(data: Path, port: int, server: Server, verbs: Callable[[], ModuleType], *, is_fresh: bool) -> int:
    """Makes or opens the demo, serves it, and says where it is and who may sign in."""
    begun = time.monotonic()

    def ready() -> None:
        wait_until_answering(port)
        print(f"\ngonghui demo: http://{HOST}:{port}/   (ready in {time.monotonic() - begun:.1f} s; Ctrl-C stops it)\n")
        print("\n".join(verbs().sign_ins()), flush=True)

    with processes.only_one(data, f"http://{HOST}:{port}/"), processes.orderly_end():
        processes.require_free_port(HOST, port)
        forget(data, server, is_fresh=is_fresh)
        with processes.database(server):
            fill(data)
            processes.serve(HOST, port, server, ready)
    return 0


def forget(data: Path, server: Server, *, is_fresh: bool) -> None:
    """Throws away a demo that was not loaded to the end, or that is no longer wanted; never a real installation's data."""
    mark = data / "demo.json"
    if server.data.exists() and not mark.exists():
        raise SystemExit(f"{data} holds the data of a real installation; choose another directory for the demo.")
    if server.data.exists() and (is_fresh or not read(mark).get("is_loaded")):
        server.stop()
        shutil.rmtree(server.data)
    if not server.data.exists():
        mark.write_text("{}")


def read(mark: Path) -> dict[str, object]:
    """What is known about the demo's database."""
    known: dict[str, object] = json.loads(mark.read_text() or "{}")
    return known


def fill(data: Path) -> None:
    """Migrates when the code changed and loads the demo's facts once, as the application role."""
    mark = data / "demo.json"
    known, wanted = read(mark), version()
    if known.get("version") != wanted:
        step(data, "migrate", "Preparing the database …")
    if not known.get("is_loaded"):
        step(data, "demo-load", "Loading the demo …")
        step(data, "demo-settle", "Dating its history …")
    mark.write_text(json.dumps({"version": wanted, "is_loaded": True}))


def step(data: Path, verb: str, words: str) -> None:
    """One verb in a process of its own, with its time."""
    print(words, end=" ", flush=True)
    begun = time.monotonic()
    if code := subprocess.run(processes.gonghui(verb, "--data", str(data))).returncode:
        raise SystemExit(f"`gonghui {verb}` failed (exit status {code}).")
    print(f"{time.monotonic() - begun:.1f} s", flush=True)


def wait_until_answering(port: int) -> None:
    """Waits for the first healthy answer."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + READY_SECONDS
    while True:
        try:
            direct.open(f"http://{HOST}:{port}/healthz", timeout=5).close()
            return
        except urllib.error.HTTPError as error:
            raise SystemExit(f"The web server answers {error.code} to /healthz.") from None
        except OSError:
            if time.monotonic() > deadline:
                raise SystemExit(f"The web server did not answer within {READY_SECONDS} s.") from None
            time.sleep(0.1)
