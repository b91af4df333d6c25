"""The rush to join: many workers who are signed in send the five fields of the join form at once, over HTTP.

A quarter of them taps twice. Meanwhile a desk list and a worker's home are asked for one after another. Sides, in the same run and
interleaved: ours · gunicorn with 2 sync workers and Django's default connections, which gets a quarter of the workers. Every request
must be answered (200 or 302), every application be stored once, under its own number, and nobody's twice.
`python3 dev.py bench joining [WORKERS]`; it takes three minutes at most.
"""

import random
import statistics
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import psycopg

from bench.district import EMPLOYERS, fill, server
from bench.serving import Answer, Page, asked, connected, member, memory, officer, opened, running, session_of, shown

WORKERS, CLIENTS, ROUNDS, TWICE, PEER = 2_000, 32, 4, 4, 4  # every fourth taps twice; the peer gets every fourth worker
QUIET = 15  # times that each of the two pages is asked for before the rush
WARM = 16  # times that each is asked for before anything is measured, so that every worker of a server has begun
MOST = 120  # seconds after which no further round begins
SIDES = ("ours", "gunicorn")
CSRF = "b" * 32
ANSWERED = (200, 302)
GOAL_P99, GOAL_PAGE = 1000, 2.0  # milliseconds; times quiet


@dataclass(frozen=True)
class Joiner:
    """A worker who wants to join: his account, the digest by which his number is found, what he sends."""

    user: int
    index: str
    page: Page


@dataclass
class Found:
    """What one side gave: the answers of the rush and how long it took; the two pages, quiet and meanwhile, in milliseconds."""

    answers: list[Answer] = field(default_factory=list)
    applications: int = 0
    seconds: float = 0.0
    quiet: dict[str, list[float]] = field(default_factory=dict)
    meanwhile: dict[str, list[float]] = field(default_factory=dict)


def joiners(count: int) -> list[Joiner]:
    """So many workers with accounts, telephones and sessions, who have not joined yet; the same ones in every run."""
    from gonghui.areas.members.tests.workbooks import number
    from gonghui.areas.register.models import Employer
    from gonghui.core.accounts.models import User
    from gonghui.core.actions.actor import Actor
    from gonghui.core.actions.door import acting
    from gonghui.core.people.models import IdentityDocument
    from gonghui.kit.identity import checked

    chance = random.Random(2_026)
    covered = [key for key in chance.sample(range(1, EMPLOYERS), count * 2) if key % 10 < 6][:count]
    with acting(Actor.system("bench.joining")):
        names = dict(Employer.objects.unscoped("bench").filter(pk__in=covered).values_list("pk", "name"))
        users = accounts(count)
    found = []
    for sequence, user in enumerate(users):
        form = {
            "name": f"王{chr(19968 + sequence)}",
            "number": number(sequence),
            "workplace": names[covered[sequence % len(covered)]],
            "contract": "same",
            "consent": "on",
            "csrfmiddlewaretoken": CSRF,
        }
        cookie = {"Cookie": f"{session_of(user)}; csrftoken={CSRF}"}
        page = Page("join", "/m/join/", "", cookie, form)
        found.append(Joiner(user.pk, IdentityDocument.index_of(checked(form["number"])), page))
    assert User.objects.filter(pk__in=[one.user for one in found], is_worker=True).count() == count
    return found


def accounts(count: int) -> list[Any]:
    """So many workers' accounts; those that the run before has made are taken again."""
    from gonghui.core.accounts.models import Phone, User
    from gonghui.core.actions.copying import insert_many
    from gonghui.kit.dates import now

    present = {user.username: user for user in User.objects.filter(username__startswith="bench_joiner_")}
    fresh = [
        User(username=f"bench_joiner_{number}", name="职工", is_worker=True)
        for number in range(count)
        if f"bench_joiner_{number}" not in present
    ]
    for user in fresh:
        user.set_unusable_password()
    insert_many(fresh)
    phones = []
    for user in fresh:
        phone = Phone(user=user, proven_at=now())
        phone.set_number(f"137{int(user.username.rpartition('_')[2]):08d}")
        phones.append(phone)
    insert_many(phones)
    present |= {user.username: user for user in fresh}
    return [present[f"bench_joiner_{number}"] for number in range(count)]


def forget(url: str) -> None:
    """Takes away what a run before has stored."""
    with psycopg.connect(url) as connection:
        connection.execute("set session_replication_role = replica")
        connection.execute(
            "delete from members_application where user_id in"
            " (select id from accounts_user where username like 'bench_joiner_%')"
        )


@contextmanager
def meanwhile(side: str, pages: Sequence[Page], taken: dict[str, list[float]]) -> Any:
    """Inside, the pages are asked for one after another by somebody else."""
    is_over = threading.Event()

    def ask() -> None:
        connection = connected(side)
        while not is_over.is_set():
            for page in pages:
                taken.setdefault(page.name, []).append(shown(connection, page, side))

    with ThreadPoolExecutor(1) as pool:
        asking = pool.submit(ask)
        try:
            yield
        finally:
            is_over.set()
        asking.result()


def send(side: str, pages: Sequence[Page]) -> list[Answer]:
    """Everything at once, with so many clients."""
    own = threading.local()

    def one(page: Page) -> Answer:
        if not hasattr(own, "connection"):
            own.connection = connected(side)
        return asked(own.connection, page)

    with ThreadPoolExecutor(CLIENTS) as pool:
        return list(pool.map(one, pages))


def rush(side: str, some: Sequence[Joiner], pages: Sequence[Page], found: Found) -> None:
    """One round of one side: the pages while it is quiet, then the rush."""
    connection = connected(side)
    for page in pages:
        found.quiet.setdefault(page.name, []).extend(shown(connection, page, side) for _time in range(QUIET // ROUNDS + 1))
    sent = [page for place, one in enumerate(some) for page in [one.page] * (2 if place % TWICE == 0 else 1)]
    with meanwhile(side, pages, found.meanwhile):
        began = time.perf_counter()
        found.answers += send(side, sent)
        found.seconds += time.perf_counter() - began
    found.applications += len(some)


def check(url: str, joined: Sequence[Joiner], found: dict[str, Found]) -> None:
    """Ends the run where a request stayed without an answer, or an application is missing, there twice, or another one's."""
    for side, one in found.items():
        if wrong := [answer for answer in one.answers if answer.status not in ANSWERED]:
            raise SystemExit(f"{side}: {len(wrong)} requests with status {wrong[0].status}")
        if strays := [answer for answer in one.answers if answer.status == 302 and answer.location != "/m/application/"]:
            raise SystemExit(f"{side}: led to {strays[0].location}")
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "select user_id, document_index from members_application where state = 'pending' and user_id in"
            " (select id from accounts_user where username like 'bench_joiner_%')"
        ).fetchall()
    if sorted(rows) != sorted((one.user, one.index) for one in joined):
        raise SystemExit(f"{len(joined)} applied, {len(rows)} applications are stored, {len(set(rows))} different ones")
    print(f"{len(rows):,} workers applied, as many applications are stored, nobody's twice")


def p95(values: Sequence[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(values, n=20, method="inclusive")[18]


def tell(side: str, found: Found) -> None:
    """What one side took."""
    times = sorted(answer.milliseconds for answer in found.answers)
    refused = sum(answer.status == 200 for answer in found.answers)
    p99 = statistics.quantiles(times, n=100, method="inclusive")[98]
    print(
        f"{side}: {found.applications:,} applications in {found.seconds:.1f} s, {found.applications / found.seconds:.1f} a second; "
        f"{len(times):,} answers, {refused} of them a page that says why not; p95 {p95(times):.0f} ms, p99 {p99:.0f} ms, "
        f"longest {times[-1]:.0f} ms at {CLIENTS} clients"
    )
    if side == "ours":
        print(f"  goal p99 < {GOAL_P99} ms: {'met' if p99 < GOAL_P99 else 'MISSED'}")
    for name, quiet in found.quiet.items():
        busy = found.meanwhile[name]
        ratio = p95(busy) / p95(quiet)
        print(
            f"  {name}: p95 quiet {p95(quiet):.0f} ms, meanwhile {p95(busy):.0f} ms (n={len(busy)}): {ratio:.1f} × (goal < {GOAL_PAGE})"
        )


def main(workers: int = WORKERS) -> None:
    """Prepares the district and the workers, then lets them rush."""
    database = server()
    environment = opened(database)
    fill(database.owner_url)
    forget(database.superuser_url)
    everybody = joiners(workers + workers // PEER)
    shares = {"ours": everybody[:workers], "gunicorn": everybody[workers:]}
    person, user = member(77)
    pages = [
        Page(
            "desk list",
            "/register/employers/",
            "10,000+",
            {"Cookie": session_of(officer("bench_district", 1, "department_officer"))},
        ),
        Page("worker's home", "/m/", person.name, {"Cookie": session_of(user)}),
    ]
    found, joined = {side: Found() for side in SIDES}, list[Joiner]()
    with running(environment, SIDES) as started:
        for side in SIDES:
            send(side, [page for page in pages for _time in range(WARM)])
        began = time.monotonic()
        for number in range(ROUNDS):
            if time.monotonic() > began + MOST:
                break
            for side in SIDES:
                some = shares[side][number::ROUNDS]
                rush(side, some, pages, found[side])
                joined += some
        print(f"memory of ours: {memory(started['ours']):.0f} MB")
    check(database.superuser_url, joined, found)
    for side, one in found.items():
        tell(side, one)
    rates = {side: one.applications / one.seconds for side, one in found.items()}
    print(f"ours / gunicorn with default connections: {rates['ours'] / rates['gunicorn']:.2f} × applications a second")


if __name__ == "__main__":
    main(*(int(one.replace("_", "")) for one in sys.argv[1:2]))
