"""What is kept beside dated rows so that figures need not count all of them; whoever keeps something says so here.

The database notes every change in the same transaction, by statement triggers that only append, so that nobody waits for anybody; a job
works the notes in. What a figure reads is right before and after: what was not worked in yet is counted besides.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction


@dataclass(frozen=True)
class Keeper:
    """SQL: `triggers` are made anew by the owner after each migrate; `work` works in what they noted, and may name `%(today)s`.

    `name` is the lock that lets one work at a time.
    """

    name: str
    triggers: Callable[[], Iterable[str]]
    work: Callable[[], Iterable[str]]


keepers: list[Keeper] = []


def install(**kwargs: Any) -> None:
    """Makes all triggers; connected to post_migrate."""
    with transaction.atomic(), connection.cursor() as cursor:
        for keeper in keepers:
            for statement in keeper.triggers():
                cursor.execute(statement)


def work_in(today: dt.date) -> None:
    """Works in what was noted until now, and opens the years begun until today. Safe to repeat at any time."""
    for keeper in keepers:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("select pg_advisory_xact_lock(hashtext(%s))", [keeper.name])
            for statement in keeper.work():
                cursor.execute(statement, {"today": today})
