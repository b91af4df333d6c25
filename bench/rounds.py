"""What the benchmarks of imports share: rounds of two sides, each in a process of its own, and what they took.

A round begins with the standing cast in a migrated database of the benchmark's own and is rolled back; foreign keys are checked inside
the time. Both sides must have stored the same. The seconds of dated facts, which stand under exclusion constraints, are also told
apart, so that the rest can be compared without them.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gonghui.config.embedded_postgres import Server

BAD = 28  # every 28th row is bad: 3.5 %


@dataclass
class Clock:
    """Seconds that went into dated facts."""

    facts: float = 0.0

    @contextmanager
    def on_facts(self) -> Iterator[None]:
        """Inside, dated facts are written; foreign keys written before are checked before."""
        check_keys()
        start = time.perf_counter()
        yield
        check_keys()
        self.facts += time.perf_counter() - start


def check_keys() -> None:
    """Checks the foreign keys written so far, which a transaction does at its end."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        cursor.execute("set constraints all deferred")


Side = Callable[[Any, Any, bytes, Clock], Any]  # union, actor, workbook, clock → the batch


@dataclass(frozen=True)
class Contest:
    """One import, done by ours and by bulk_create.

    `fingerprint` is SQL that says what a round has stored, of the parameters union and batch; `facts` is how many dated facts
    hang on a sound row.
    """

    module: str
    what: str
    facts: int
    sizes: Sequence[tuple[int, int]]  # rows, rounds
    tables: Sequence[str]
    union: str  # of the cast
    officer: str  # of the cast
    workbook: Callable[[int], bytes]
    sides: Mapping[str, Side]
    fingerprint: str
    goal: float  # times bulk_create, without the facts

    def run(self, arguments: Sequence[str]) -> None:
        """All sizes, or those named; or one round of one side (its name, the workbook)."""
        if arguments and arguments[0] in self.sides:
            print(json.dumps(one_round(self, self.sides[arguments[0]], arguments[1])))
            return
        wanted = [int(one.replace("_", "")) for one in arguments]
        prepare(self.module)
        for rows, rounds in self.sizes:
            if not wanted or rows in wanted:
                compare(self, rows, rounds)
        for rows in sorted(set(wanted) - {rows for rows, _rounds in self.sizes}):
            compare(self, rows, self.sizes[0][1])


def imported(union: Any, actor: Any, sheet: str, content: bytes) -> Any:
    """Upload, columns, dry run, import, as a user does it. The batch."""
    from gonghui.core.exchange.actions import apply_batch, check_batch, map_batch, start_batch
    from gonghui.core.exchange.carrying import carry_out

    batch = start_batch(union, actor=actor, sheet=sheet, name="x.xlsx", content=content)
    map_batch(batch, actor=actor, mapping=batch.mapped)
    check_batch(batch, actor=actor)
    apply_batch(batch, actor=actor)
    carry_out(batch, actor)
    return batch


# -- the database -----------------------------------------------------------------------------------------------


def server(module: str) -> Server:
    """The benchmark's own, started if need be."""
    found = Server(Path(tempfile.gettempdir()) / f"gonghui-{module.replace('.', '-')}-{os.getuid()}")
    if not found.is_running():
        found.start()
    return found


def prepare(module: str) -> None:
    """A migrated database of the benchmark's own."""
    own = server(module)
    os.environ |= {"DATABASE_URL": own.app_url, "DATABASE_OWNER_URL": own.owner_url, "GONGHUI_DEBUG": "1"}
    os.environ |= {"DJANGO_SETTINGS_MODULE": "gonghui.config.settings", "GONGHUI_FILES": tempfile.mkdtemp()}
    migrate = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
    subprocess.run(migrate, env=os.environ | {"GONGHUI_AS_OWNER": "1"}, check=True)
    __import__("django").setup()


def clear(contest: Contest) -> None:
    """Clears away what the round before has left and taken back, so that every round finds the same."""
    import psycopg

    with psycopg.connect(server(contest.module).owner_url, autocommit=True) as connection:
        for table in (*contest.tables, "exchange_batchline"):
            connection.execute(f"vacuum analyze {table}".encode())


# -- one round of one side, in a process of its own -------------------------------------------------------------


def one_round(contest: Contest, side: Side, path: str) -> dict[str, Any]:
    """Seconds, memory and what was stored; then everything is taken back."""
    __import__("django").setup()
    from django.db import connection, transaction

    from tests.cast import found_cast

    content, clock = Path(path).read_bytes(), Clock()
    with transaction.atomic():
        cast = found_cast()
        union = getattr(cast, contest.union)
        with cast.act(contest.officer) as actor:
            check_keys()
            start, cpu = time.perf_counter(), time.process_time()
            batch = side(union, actor, content, clock)
            check_keys()
            everything = time.perf_counter() - start
            cpu = time.process_time() - cpu
            with connection.cursor() as cursor:
                cursor.execute(contest.fingerprint, {"union": union.pk, "batch": batch.pk})
                stored = [str(one) for one in cursor.fetchone() or ()]
        transaction.set_rollback(True)
    own, child = (resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return {
        "alone": everything - clock.facts,
        "everything": everything,
        "facts": clock.facts,
        "cpu": cpu,
        "memory": max(own, child),
        "stored": stored,
    }


# -- the run ----------------------------------------------------------------------------------------------------


def measured(contest: Contest, side: str, path: Path) -> dict[str, Any]:
    """One round of one side."""
    clear(contest)
    command = [sys.executable, "-m", contest.module, side, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    found: dict[str, Any] = json.loads(done.stdout)
    told = ", ".join(f"{key} {found[key]:.1f}" for key in ("alone", "everything", "facts", "cpu", "memory"))
    print(f"{side}: {told}", file=sys.stderr, flush=True)
    return found


def spread(values: Sequence[float], form: str = "{:.1f}") -> str:
    """Median and range."""
    return f"{form} ({form}–{form})".format(statistics.median(values), min(values), max(values))


def compare(contest: Contest, rows: int, rounds: int) -> None:
    """Prints what the two sides took for one size, and their ratios."""
    bad = rows // BAD
    found: dict[str, list[dict[str, Any]]] = {side: [] for side in contest.sides}
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "list.xlsx"
        path.write_bytes(contest.workbook(rows))
        for _round in range(rounds):
            for side in contest.sides:
                found[side].append(measured(contest, side, path))
    stored = {json.dumps(one["stored"]) for ones in found.values() for one in ones}
    expected = f"new {rows - bad}, wrong {bad}"
    if len(stored) != 1 or expected not in next(iter(stored)):
        raise SystemExit(f"the sides stored different things: {stored}")
    print(f"\n{rows:,} rows, {bad} bad, {rounds} rounds; seconds: median (range)")
    for side, ones in found.items():
        parts = "  ".join(f"{key} {spread([one[key] for one in ones])}" for key in ("alone", "everything", "facts", "cpu"))
        print(f"{side:12} {parts}  memory {max(one['memory'] for one in ones):.0f} MB")
    alone, everything = (
        [theirs[key] / own[key] for own, theirs in zip(found["ours"], found["bulk_create"], strict=True)]
        for key in ("alone", "everything")
    )
    verdict = "met" if statistics.median(alone) >= contest.goal else "MISSED"
    print(f"{contest.what} alone, dated facts taken off both sides: ours is {spread(alone, '{:.2f}')} × bulk_create")
    print(f"  (goal ≥ {contest.goal} ×: {verdict})")
    print(f"XLSX to the end: ours is {spread(everything, '{:.2f}')} × bulk_create")
    facts = contest.facts * (rows - bad)
    print(f"dated facts, no ratio: ours {spread([one['facts'] for one in found['ours']])} s for {facts:,} rows")
