"""P5: the employer list (50 rows), one employer, the worker's home and the API's list of members, at 500,000 employers and 500,000
members, signed in, over HTTP.

Sides, in the same run and interleaved: ours (granian, 2 workers × 4 threads, persistent connections, both walls) · gunicorn with
2 sync workers and Django's default connections · ours with both walls off (the price of the walls).
"""

import secrets
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg

from bench.district import fill, server
from bench.serving import PORTS, Page, connected, member, memory, officer, opened, running, session_of, shown

ROUNDS, REQUESTS, CLIENTS = 5, 96, (4, 32)
SLOW = (4, (4,))  # requests and clients for a page that takes a second
COUNTING = "/api/v1/members"  # the first page says how many there are in all
GOAL_PAGES, GOAL_API, GOAL_WALLS = 1.1, 1.3, 15  # times gunicorn, per cent
MANY = 1_000_000  # calls that a token may make in a minute, so that the limit is not what is measured


def asked(side: str, page: Page, count: int) -> list[float]:
    """One client's requests one after another, in milliseconds each."""
    connection = connected(side)
    return [shown(connection, page, side) for _number in range(count)]


def burst(side: str, page: Page, clients: int, requests: int) -> tuple[float, float]:
    """Requests a second and the 95th percentile, with that many clients at once."""
    began = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        each = max(requests // clients, 1)
        times = [one for result in pool.map(lambda _n: asked(side, page, each), range(clients)) for one in result]
    return len(times) / (time.perf_counter() - began), statistics.quantiles(times, n=20)[18]


def pages(token: str) -> list[Page]:
    """The list, one record, the worker's home, the API's first page of members and a later one."""
    from gonghui.areas.members.models import Membership
    from gonghui.areas.register.models import Employer
    from gonghui.core.actions.actor import Actor
    from gonghui.core.actions.door import acting

    with acting(Actor.system("bench.pages")):
        employer = Employer.objects.unscoped("bench").get(pk=77)
        last, following = Membership.objects.unscoped("bench").filter(pk__in=[250_000, 250_001]).order_by("pk")
    person, worker = member(77)
    desk = {"Cookie": session_of(officer("bench_district", 1, "department_officer"))}
    program = {"Authorization": f"Bearer {token}"}
    return [
        Page("list of 50", "/register/employers/", "10,000+", desk),
        Page("one employer", f"/register/employers/{employer.public_id}/", employer.name, desk),
        Page("worker's home", "/m/", person.name, {"Cookie": session_of(worker)}),
        Page("API, first 50 members and how many", COUNTING, '"count": 500000', program),
        Page("API, 50 members further on", f"/api/v1/members?after={last.public_id}", str(following.public_id), program),
    ]


def new_token(url: str) -> str:
    """A token that reads members, and that may call as often as this needs."""
    import datetime as dt

    from gonghui.core.access.actions import issue_token
    from gonghui.core.access.queries import actor_for
    from gonghui.core.actions.door import acting
    from gonghui.kit.dates import today

    with psycopg.connect(url) as connection:
        connection.execute("set session_replication_role = replica")
        connection.execute(
            "update reference_parameter set value = to_jsonb(%s::int) where key = 'access.calls_per_minute'", [MANY]
        )
    user = officer("bench_district", 1, "department_officer")
    actor = actor_for(user)
    with acting(actor):
        expires = today() + dt.timedelta(days=1)
        return issue_token(
            user, actor=actor, label=f"bench {secrets.token_hex(4)}", permissions=["members.view"], expires_on=expires
        )[1]


def measure(page: Page, clients: int, requests: int) -> None:
    """Interleaved rounds of all sides; medians, ranges and ratios."""
    found: dict[str, list[tuple[float, float]]] = {side: [] for side in PORTS}
    for side in PORTS:
        burst(side, page, 4, requests)
    for _round in range(ROUNDS):
        for side in PORTS:
            found[side].append(burst(side, page, clients, requests))
    rate = {side: statistics.median(one[0] for one in runs) for side, runs in found.items()}
    for side, runs in found.items():
        rates = sorted(one[0] for one in runs)
        p95 = statistics.median(one[1] for one in runs)
        print(f"  {side:10} {rate[side]:7.1f} req/s ({rates[0]:.1f}–{rates[-1]:.1f}), p95 {p95:6.0f} ms at {clients} clients")
    goal = GOAL_API if page.path.startswith("/api/") else GOAL_PAGES
    print(f"  ours / gunicorn with default connections: {rate['ours'] / rate['gunicorn']:.2f} × (goal ≥ {goal})")
    print(f"  price of both walls: {100 * (rate['no walls'] / rate['ours'] - 1):.0f} % (goal ≤ {GOAL_WALLS} %)", flush=True)


def main(*wanted: str) -> None:
    """Prepares the district, then measures: all pages, or those whose address holds one of these words."""
    database = server()
    environment: dict[str, Any] = opened(database)
    fill(database.owner_url)
    chosen = [
        page for page in pages(new_token(database.superuser_url)) if not wanted or any(one in page.path for one in wanted)
    ]
    with running(environment, list(PORTS)) as started:
        for page in chosen:
            requests, at_once = SLOW if page.path == COUNTING else (REQUESTS, CLIENTS)
            for clients in at_once:
                print(f"{page.name}, {page.path}")
                measure(page, clients, requests)
        print(f"memory of ours: {memory(started['ours']):.0f} MB")


if __name__ == "__main__":
    main(*sys.argv[1:])
