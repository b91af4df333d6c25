"""P4, employers: a workbook of ROWS employers, 3.5 % bad, becomes records with history behind both walls, with a report of every row.

Sides, in the same run and interleaved: ours (upload, dry run and import: every row is judged twice) · openpyxl with a careful
bulk_create into the same tables, each row judged once and only in its own cells. Every round is rolled back.
"""

import io
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gonghui.config.embedded_postgres import Server

ROWS, ROUNDS, BAD = 20_000, 5, 28  # every 28th row is bad: 3.5 %
HEADS = ["单位名称", "统一社会信用代码", "所属街道", "职工人数", "单位性质", "入册日期"]


def prepare() -> None:
    """A migrated database of the benchmark's own, and Django on it as the application role."""
    server = Server(Path(tempfile.gettempdir()) / f"gonghui-bench-rosters-{os.getuid()}")
    if not server.is_running():
        server.start()
    os.environ |= {"DATABASE_URL": server.app_url, "DATABASE_OWNER_URL": server.owner_url, "GONGHUI_DEBUG": "1"}
    os.environ |= {"DJANGO_SETTINGS_MODULE": "gonghui.config.settings", "GONGHUI_FILES": tempfile.mkdtemp()}
    migrate = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
    subprocess.run(migrate, env=os.environ | {"GONGHUI_AS_OWNER": "1"}, check=True)
    __import__("django").setup()


def workbook(rows: int) -> bytes:
    """The list, seeded: names, codes with their check characters, four kinds of mistakes."""
    from stdnum.cn import uscc

    from gonghui.core.exchange.writing import Head, Table, write_workbook

    def row(number: int) -> list[object]:
        base = f"91110101MA{number:07d}"
        cells: list[object] = [f"北京第{number}商贸有限公司", base + uscc.calc_check_digit(base), "东华门街道"]
        cells += [str(number % 400), "私营企业", "2020-05-01"]
        if number % BAD == 0:
            place = number // BAD % 4
            cells[place] = ("", cells[1][:-1] + "I", "户外街道", "许多")[place]  # type: ignore[index]
        return cells

    target = io.BytesIO()
    write_workbook(target, [Table("名册", [Head(head) for head in HEADS], map(row, range(1, rows + 1)))])
    return target.getvalue()


def ours(street: Any, actor: Any, content: bytes) -> tuple[int, int]:
    """Upload, dry run, import."""
    from gonghui.core.exchange.actions import apply_batch, check_batch, map_batch, start_batch
    from gonghui.core.exchange.carrying import carry_out

    batch = start_batch(street, actor=actor, sheet="register.employers", name="x.xlsx", content=content)
    map_batch(batch, actor=actor, mapping=batch.mapped)
    check_batch(batch, actor=actor)
    apply_batch(batch, actor=actor)
    carry_out(batch, actor)
    batch.refresh_from_db()
    return batch.new, batch.wrong


def bulk_create(street: Any, actor: Any, content: bytes) -> tuple[int, int]:
    """What a careful Django programmer writes."""
    import datetime as dt

    import openpyxl

    from gonghui.areas.register.actions.employers import EmployerRow, enter_employers
    from gonghui.core.reference.queries import choices
    from gonghui.kit import uscc
    from gonghui.kit.dates import today

    classes = {name: code for code, name in choices("employer_class", today())}
    sheet = openpyxl.load_workbook(io.BytesIO(content), read_only=True).worksheets[0]
    rows, report = [], []
    for number, cells in enumerate(sheet.iter_rows(min_row=2, values_only=True), 2):
        name, code, place, count, kind, day = (str(cell or "").strip() for cell in cells)
        problems = [] if name else ["没有名称"]
        try:
            uscc.checked(code)
        except uscc.BadCode as error:
            problems.append(str(error))
        problems += [] if place == "东华门街道" else ["没有这个街道"]
        problems += [] if count.isdigit() else ["人数不是整数"]
        if not problems:
            values = {"employer_class": classes[kind]}
            on = dt.date.fromisoformat(day)
            rows.append(EmployerRow(name, on, uscc=code, region=street.region, headcount=int(count), values=values))
        report.append((number, problems))
    enter_employers(street, actor=actor, rows=rows)
    return len(rows), sum(1 for _number, problems in report if problems)


def timed(side: Callable[..., tuple[int, int]], expected: tuple[int, int], content: bytes) -> tuple[float, float]:
    """Seconds by the clock and of this process; the round is taken back."""
    from django.db import transaction

    from gonghui.core.actions.actor import Actor
    from gonghui.core.actions.door import acting
    from tests.cast import SYSTEM, found_cast

    with transaction.atomic():
        street = found_cast().street
        actor = Actor("bench", scopes={"*": frozenset({"*"})})
        with acting(SYSTEM):
            start, cpu = time.perf_counter(), time.process_time()
            found = side(street, actor, content)
            taken = time.perf_counter() - start, time.process_time() - cpu
        transaction.set_rollback(True)
    if found != expected:
        raise SystemExit(f"{side.__name__}: {found} instead of {expected}")
    return taken


def main(rows: int = ROWS) -> None:
    """Prints median and range of both sides, their ratio, and the peak memory."""
    prepare()
    content, bad = workbook(rows), rows // BAD
    found: dict[str, list[tuple[float, float]]] = {"ours": [], "bulk_create": []}
    for _round in range(ROUNDS):
        for name, side in (("ours", ours), ("bulk_create", bulk_create)):
            found[name].append(timed(side, (rows - bad, bad), content))
    medians = {}
    for name, taken in found.items():
        wall, cpu = ([one[place] for one in taken] for place in (0, 1))
        medians[name] = statistics.median(wall)
        print(f"{name:12} {medians[name]:6.1f} s ({min(wall):.1f}–{max(wall):.1f}), CPU {statistics.median(cpu):.1f} s")
    ratios = [theirs[0] / own[0] for own, theirs in zip(found["ours"], found["bulk_create"], strict=True)]
    print(
        f"{rows:,} rows, {bad} bad: ours is {statistics.median(ratios):.2f} × bulk_create ({min(ratios):.2f}–{max(ratios):.2f})"
    )
    peaks = [resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(f"peak memory {peaks[0]:.0f} MB, of a child {peaks[1]:.0f} MB")


if __name__ == "__main__":
    main(*(int(one) for one in sys.argv[1:2]))
