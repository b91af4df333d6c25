"""P5: the employer list (50 rows) and one employer, at 500,000 employers, signed in, over HTTP.

Sides, in the same run and interleaved: ours (granian, 2 workers × 4 threads, persistent connections, both walls) · gunicorn with
2 sync workers and Django's default connections · ours with both walls off (the price of the walls).
"""

import http.client
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from bench.district import fill, server

ROUNDS, REQUESTS, CLIENTS = 5, 96, 32
PORTS = {"ours": 8301, "gunicorn": 8302, "no walls": 8303}
STREET, DISTRICT = "bench_street", "bench_district"


@dataclass
class Page:
    """One page: its address, and a text it must hold, so that a fast wrong answer fails."""

    name: str
    path: str
    holds: str


def command(side: str) -> list[str]:
    """How a side is started."""
    port = str(PORTS[side])
    if side == "gunicorn":
        return [sys.executable, "-m", "gunicorn", "-w", "2", "-b", f"127.0.0.1:{port}", "bench.peers:application"]
    module = "bench.peers:application" if side == "no walls" else "gonghui.config.wsgi:application"
    options = ["--interface", "wsgi", "--workers", "2", "--blocking-threads", "4", "--no-ws", "--log-level", "warning"]
    return [sys.executable, "-m", "granian", *options, "--port", port, module]


@contextmanager
def running(environment: dict[str, str]) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """All sides, ready to answer."""
    started = {}
    for side in PORTS:
        own = {**environment, "BENCH_SIDE": "default connections" if side == "gunicorn" else side}
        if side == "no walls":
            own["DATABASE_URL"] = environment["BENCH_SUPERUSER"]
        started[side] = subprocess.Popen(command(side), env=own)
    try:
        for side in PORTS:
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
            connection = http.client.HTTPConnection("127.0.0.1", PORTS[side], timeout=2)
            connection.request("GET", "/healthz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit(f"{side} does not answer")


def asked(side: str, page: Page, session: str, count: int) -> list[float]:
    """One client's requests one after another, in milliseconds each."""
    connection = http.client.HTTPConnection("127.0.0.1", PORTS[side], timeout=60)
    taken = []
    for _number in range(count):
        began = time.perf_counter()
        connection.request("GET", page.path, headers={"Cookie": f"sessionid={session}"})
        answer = connection.getresponse()
        body = answer.read().decode()
        if answer.status != 200 or page.holds not in body:
            raise SystemExit(f"{side} {page.path}: {answer.status}, wrong answer")
        taken.append((time.perf_counter() - began) * 1000)
        if answer.headers.get("Connection") == "close":
            connection.close()
    return taken


def burst(side: str, page: Page, session: str, clients: int) -> tuple[float, float]:
    """Requests a second and the 95th percentile, with that many clients at once."""
    began = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        each = max(REQUESTS // clients, 1)
        times = [one for result in pool.map(lambda _n: asked(side, page, session, each), range(clients)) for one in result]
    return len(times) / (time.perf_counter() - began), statistics.quantiles(times, n=20)[18]


def sign_in(name: str, root: int, role: str) -> str:
    """A user with this role and a session that has shown its second factor."""
    import datetime as dt

    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from gonghui.core.access.actions import grant_role
    from gonghui.core.accounts.actions import create_user
    from gonghui.core.accounts.models import User
    from gonghui.core.accounts.second_factor import KEY
    from gonghui.core.actions.actor import Actor
    from gonghui.core.actions.door import acting
    from gonghui.core.organisations.models import Organisation

    actor = Actor.system("bench.pages")
    user = User.objects.filter(username=name).first()
    if user is None:
        user = create_user(username=name, name=name, password=None)
        with acting(actor):
            union = Organisation.objects.unscoped("bench").get(pk=root)
            grant_role(union, actor=actor, user=user, role=role, since=dt.date(2016, 1, 1))
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session[KEY] = True
    session.save()
    return str(session.session_key)


def pages() -> list[Page]:
    """The list, a filtered list, one record."""
    from gonghui.areas.register.models import Employer
    from gonghui.core.actions.actor import Actor
    from gonghui.core.actions.door import acting

    with acting(Actor.system("bench.pages")):
        employer = Employer.objects.unscoped("bench").get(pk=77)
    return [
        Page("list of 50", "/register/employers/", "10,000+"),
        Page("one employer", f"/register/employers/{employer.public_id}/", employer.name),
    ]


def measure(page: Page, session: str, clients: int) -> None:
    """Interleaved rounds of all sides; medians, ranges and ratios."""
    found: dict[str, list[tuple[float, float]]] = {side: [] for side in PORTS}
    for side in PORTS:
        burst(side, page, session, 4)
    for _round in range(ROUNDS):
        for side in PORTS:
            found[side].append(burst(side, page, session, clients))
    rate = {side: statistics.median(one[0] for one in runs) for side, runs in found.items()}
    for side, runs in found.items():
        rates = sorted(one[0] for one in runs)
        p95 = statistics.median(one[1] for one in runs)
        print(f"  {side:10} {rate[side]:7.1f} req/s ({rates[0]:.1f}–{rates[-1]:.1f}), p95 {p95:6.0f} ms at {clients} clients")
    print(f"  ours / gunicorn with default connections: {rate['ours'] / rate['gunicorn']:.2f} × (goal ≥ 1.1)")
    print(f"  price of both walls: {100 * (rate['no walls'] / rate['ours'] - 1):.0f} % (goal ≤ 15 %)")


def memory(process: subprocess.Popen[bytes]) -> float:
    """Resident megabytes of a process and its children."""
    import psutil

    family = psutil.Process(process.pid)
    return float(sum(one.memory_info().rss for one in [family, *family.children(recursive=True)])) / 1e6


def main() -> None:
    """Prepares the district, then measures."""
    database = server()
    environment: dict[str, Any] = {
        **os.environ,
        "DATABASE_URL": database.app_url,
        "DATABASE_OWNER_URL": database.owner_url,
        "BENCH_SUPERUSER": database.superuser_url,
        "DJANGO_SETTINGS_MODULE": "gonghui.config.settings",
    }
    migrate = [sys.executable, "-m", "django", "migrate", "-v0"]
    subprocess.run(migrate, env={**environment, "GONGHUI_AS_OWNER": "1"}, check=True)
    fill(database.owner_url)
    os.environ.update(environment)
    import django

    django.setup()
    session = sign_in(DISTRICT, 1, "department_officer")
    with running(environment) as started:
        for page in pages():
            for clients in (4, CLIENTS):
                print(f"{page.name}, {page.path}")
                measure(page, session, clients)
        print(f"memory of ours: {memory(started['ours']):.0f} MB")


if __name__ == "__main__":
    main()
