"""The PostgreSQL the tests run on: the one DATABASE_URL names, else an embedded one that is started here and stopped at the end.

Loaded as a pytest plugin, because the settings must be readable before any conftest is.
"""

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from gonghui.config.embedded_postgres import Server

started: list[Server] = []

files = tempfile.mkdtemp(prefix="gonghui-test-files-")
os.environ["GONGHUI_FILES"] = files
os.environ.setdefault("GONGHUI_DEMO", "1")
os.environ.setdefault("PYTEST_XDIST_AUTO_NUM_WORKERS", "2")
if "DATABASE_URL" not in os.environ:
    server = Server(Path(tempfile.gettempdir()) / f"gonghui-tests-{os.getuid()}")
    if not server.is_running():
        server.start()
        started.append(server)
    os.environ["DATABASE_URL"], os.environ["DATABASE_OWNER_URL"] = server.app_url, server.owner_url


def pytest_unconfigure(config: Any) -> None:
    """Only the process that started the server stops it."""
    for one in started:
        one.stop()
    shutil.rmtree(files, ignore_errors=True)
