"""The duplicate finder on the FEBRL sets: precision and recall against their truth.

The sets are Australian: name and birthday stand for themselves, the social security number takes the place of the telephone, the only
number that our finder compares by equality. Nothing else of them is used. Sides: ours · equal name and birthday alone. Records go in as
persons of one union and are found by the same queries as on the desk; everything is rolled back.
"""

import csv
import datetime as dt
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from itertools import combinations
from pathlib import Path
from typing import Any

from gonghui.config.embedded_postgres import Server

SETS = ("febrl_dataset1.csv", "febrl_dataset3.csv")
Pairs = set[tuple[str, str]]


def prepare() -> None:
    """A migrated database of the benchmark's own, and Django on it as the application role."""
    server = Server(Path(tempfile.gettempdir()) / f"gonghui-bench-duplicates-{os.getuid()}")
    if not server.is_running():
        server.start()
    os.environ |= {"DATABASE_URL": server.app_url, "DATABASE_OWNER_URL": server.owner_url, "GONGHUI_DEBUG": "1"}
    os.environ |= {"DJANGO_SETTINGS_MODULE": "gonghui.config.settings"}
    migrate = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
    subprocess.run(migrate, env=os.environ | {"GONGHUI_AS_OWNER": "1"}, check=True)
    __import__("django").setup()


def records(path: Path) -> list[dict[str, str]]:
    """The rows of a set, blanks taken off."""
    with path.open(encoding="utf-8", newline="") as file:
        return [{key.strip(): (value or "").strip() for key, value in row.items()} for row in csv.DictReader(file)]


def truth(rows: list[dict[str, str]]) -> Pairs:
    """The true pairs: `rec-223-org` and `rec-223-dup-0` are one person."""
    groups: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        groups[row["rec_id"].split("-")[1]].append(row["rec_id"])
    return {pair for group in groups.values() for pair in combinations(sorted(group), 2)}


def born(text: str) -> dt.date | None:
    """The birthday; None where the set has made none of it."""
    try:
        return dt.date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None


def by_name_and_birthday(rows: list[dict[str, str]]) -> Pairs:
    """The other side: what equal spelling and an equal day find."""
    groups: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for row in rows:
        key = (row["given_name"], row["surname"], row["date_of_birth"])
        if all(key):
            groups[key].append(row["rec_id"])
    return {pair for group in groups.values() for pair in combinations(sorted(group), 2)}


def enter(union: Any, rows: list[dict[str, str]]) -> dict[int, str]:
    """The records as persons; key → record of the set."""
    from gonghui.core.people.models import Person

    people = []
    for row in rows:
        name = f"{row['given_name']} {row['surname']}".strip() or "?"
        person = Person(organisation=union, name=name, born_on=born(row["date_of_birth"]))
        person.set_phone(row["soc_sec_id"])
        person.key_names()
        people.append(person)
    made = Person.objects.bulk_create(people, batch_size=1000)
    return {person.pk: row["rec_id"] for person, row in zip(made, rows, strict=True)}


def ours(rows: list[dict[str, str]]) -> tuple[Pairs, float]:
    """What the finder suggests, and its seconds."""
    from django.db import connection, transaction

    from gonghui.areas.register.actions import found_root
    from gonghui.core.actions.actor import Actor
    from gonghui.core.actions.door import acting
    from gonghui.core.organisations.models import Kind
    from gonghui.core.people import duplicates

    actor = Actor.system("bench.duplicates")
    with acting(actor):
        union = found_root(actor=actor, name="甲区总工会", kind=Kind.DISTRICT, on=dt.date(2015, 1, 1), code="B-DUP")
        keys = enter(union, rows)
        with connection.cursor() as cursor:
            cursor.execute("analyze people_person")
        begun = time.perf_counter()
        found = duplicates.suspicions(actor, most=len(rows) * 2)
        seconds = time.perf_counter() - begun
        transaction.set_rollback(True)
    pairs = {tuple(sorted((keys[one.one.pk], keys[one.other.pk]))) for one in found}
    return pairs, seconds  # type: ignore[return-value]


def told(side: str, found: Pairs, true: Pairs) -> str:
    """Precision and recall of one side."""
    right = len(found & true)
    precision = right / len(found) if found else 1.0
    return f"  {side:<28} {len(found):>6} pairs  precision {precision:.4f}  recall {right / len(true):.4f}"


def main() -> None:
    """Prints both sides for each set; says so and ends where the data are not there."""
    data = Path(os.environ.get("GONGHUI_TEST_DATA", "")) / "linkage"
    if not all((data / name).exists() for name in SETS):
        print("skipped: GONGHUI_TEST_DATA names no folder with linkage/febrl_dataset1.csv and febrl_dataset3.csv")
        return
    prepare()
    for name in SETS:
        rows = records(data / name)
        true = truth(rows)
        found, seconds = ours(rows)
        print(f"{name}: {len(rows)} records, {len(true)} true pairs, {seconds:.2f} s")
        print(told("ours", found, true))
        print(told("equal name and birthday", by_name_and_birthday(rows), true))


if __name__ == "__main__":
    main()
