"""The app as servers over HTTP on this machine, for the benchmarks of pages: ours, and its peers; who signs in, and what is asked.

Ours is granian with 2 workers × 4 threads and persistent connections, as `gonghui start` runs it; `gunicorn` has 2 sync workers and
Django's default connections; `no walls` is ours with both walls off.
"""

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from gonghui.config.embedded_postgres import Server

PORTS = {"ours": 8301, "gunicorn": 8302, "no walls": 8303}
PATIENCE = 60  # seconds for one answer


def opened(database: Server) -> dict[str, str]:
    """Migrates a database and sets Django up on it; the environment of the sides."""
    environment = {
        **os.environ,
        "DATABASE_URL": database.app_url,
        "DATABASE_OWNER_URL": database.owner_url,
        "BENCH_SUPERUSER": database.superuser_url,
        "DJANGO_SETTINGS_MODULE": "gonghui.config.settings",
    }
    migrate = [sys.executable, "-m", "django", "migrate", "-v0"]
    subprocess.run(migrate, env={**environment, "GONGHUI_AS_OWNER": "1"}, check=True)
    os.environ.update(environment)
    __import__("django").setup()
    return environment


def command(side: str) -> list[str]:
    """How a side is started."""
    port = str(PORTS[side])
    if side == "gunicorn":
        return [sys.executable, "-m", "gunicorn", "-w", "2", "-b", f"127.0.0.1:{port}", "bench.peers:application"]
    module = "bench.peers:application" if side == "no walls" else "gonghui.config.wsgi:application"
    options = ["--interface", "wsgi", "--workers", "2", "--blocking-threads", "4", "--no-ws", "--log-level", "warning"]
    return [sys.executable, "-m", "granian", *options, "--port", port, module]


@contextmanager
def running(environment: Mapping[str, str], sides: Sequence[str]) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """The sides, ready to answer."""
    started = {}
    for side in sides:
        own = {**environment, "BENCH_SIDE": "default connections" if side == "gunicorn" else side}
        if side == "no walls":
            own["DATABASE_URL"] = environment["BENCH_SUPERUSER"]
        started[side] = subprocess.Popen(command(side), env=own)
    try:
        for side in sides:
            wait(side)
        yield started
    finally:
        for process in started.values():
            process.terminate()
        for process in started.values():
            process.wait(20)


def wait(side: str) -> None:
    """Until the side answers, thirty seconds at most."""
    for _attempt in range(150):
        try:
            if asked(connected(side), Page("", "/healthz", "")).status == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit(f"{side} does not answer")


def memory(process: subprocess.Popen[bytes]) -> float:
    """Resident megabytes of a process and its children."""
    import psutil

    family = psutil.Process(process.pid)
    return float(sum(one.memory_info().rss for one in [family, *family.children(recursive=True)])) / 1e6


# -- asking -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Page:
    """One page: its address, a text it must hold so that a fast wrong answer fails, who asks, what the form is sent with."""

    name: str
    path: str
    holds: str
    headers: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What came back: the status, where it leads, the page, milliseconds."""

    status: int
    location: str
    body: str
    milliseconds: float


def connected(side: str) -> http.client.HTTPConnection:
    """A connection of one client, kept open while the server keeps it."""
    return http.client.HTTPConnection("127.0.0.1", PORTS[side], timeout=PATIENCE)


def asked(connection: http.client.HTTPConnection, page: Page) -> Answer:
    """One request; a form is sent by POST."""
    body = urlencode(page.form) if page.form else None
    headers = {**page.headers, **({"Content-Type": "application/x-www-form-urlencoded"} if body else {})}
    began = time.perf_counter()
    connection.request("POST" if body else "GET", page.path, body, headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    taken = (time.perf_counter() - began) * 1000
    if answer.headers.get("Connection") == "close":
        connection.close()
    return Answer(answer.status, answer.headers.get("Location") or "", text, taken)


def shown(connection: http.client.HTTPConnection, page: Page, side: str) -> float:
    """One request of a page that must come, in milliseconds."""
    answer = asked(connection, page)
    if answer.status != 200 or page.holds not in answer.body:
        raise SystemExit(f"{side} {page.path}: {answer.status}, wrong answer")
    return answer.milliseconds


# -- who asks ---------------------------------------------------------------------------------------------------


def session_of(user: Any) -> str:
    """The cookie of a session that has shown its second factor."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from gonghui.core.accounts.second_factor import KEY

    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session[KEY] = True
    session.save()
    return f"sessionid={session.session_key}"


def officer(name: str, root: int, role: str) -> Any:
    """The user of this name, with this role at the union with this key."""
    import datetime as dt

    from gonghui.core.access.actions import grant_role
    from gonghui.core.accounts.actions import create_user
    from gonghui.core.accounts.models import User
    from gonghui.core.actions.actor import Actor
    from gonghui.core.actions.door import acting
    from gonghui.core.organisations.models import Organisation

    actor = Actor.system("bench.serving")
    user = User.objects.filter(username=name).first()
    if user is None:
        user = create_user(username=name, name=name, password=None)
        with acting(actor):
            union = Organisation.objects.unscoped("bench").get(pk=root)
            grant_role(union, actor=actor, user=user, role=role, since=dt.date(2016, 1, 1))
    return user


def member(key: int) -> Any:
    """The person with this key, and the account by which he signs in."""
    from gonghui.core.accounts.actions import create_user, prove_phone
    from gonghui.core.accounts.models import User
    from gonghui.core.actions.actor import Actor
    from gonghui.core.actions.door import acting
    from gonghui.core.people.models import Person

    name = f"bench_member_{key}"
    user = User.objects.filter(username=name).first()
    with acting(Actor.system("bench.serving")):
        person = Person.objects.unscoped("bench").get(pk=key)
    if user is None:
        user = create_user(username=name, name=name, password=None)
        prove_phone(user, f"138{key:08d}", person=person)
    return person, user
