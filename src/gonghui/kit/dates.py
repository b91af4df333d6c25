"""The only clock, and half-open ranges of days: `[start, end)`, where "as of d" means the range contains d."""

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

__all__ = ["DateRange", "as_if", "from_day", "now", "overlap", "today", "until", "without"]

_moved: ContextVar[dt.date | None] = ContextVar("moved", default=None)


def now() -> dt.datetime:
    """This instant, aware."""
    moved = _moved.get()
    return moved if isinstance(moved, dt.datetime) else timezone.now()


def today() -> dt.date:
    """Today in the system's time zone (Asia/Shanghai)."""
    moved = _moved.get()
    return timezone.localdate(moved) if isinstance(moved, dt.datetime) else moved or timezone.localdate()


@contextmanager
def as_if(day: dt.date) -> Iterator[None]:
    """Inside, today is another day, and given an aware datetime, now is that instant: for the demo's past months and for tests of
    deadlines; no surface uses it."""
    token = _moved.set(day)
    try:
        yield
    finally:
        _moved.reset(token)


def from_day(start: dt.date | None, end: dt.date | None = None) -> DateRange:
    """The days from `start` until the day before `end`; None leaves that side open."""
    return DateRange(start, end, "[)")


def until(days: DateRange, end: dt.date) -> DateRange:
    """The same range, closed before `end`."""
    return DateRange(days.lower, end, "[)")


def overlap(one: DateRange, other: DateRange) -> DateRange | None:
    """The days that are in both; None where there are none."""
    if one.isempty or other.isempty:
        return None
    start = max((day for day in (one.lower, other.lower) if day), default=None)
    end = min((day for day in (one.upper, other.upper) if day), default=None)
    return None if start and end and start >= end else from_day(start, end)


def without(days: DateRange, others: Iterable[DateRange]) -> list[DateRange]:
    """The days that are in none of the others, as ranges in their order."""
    left = [] if days.isempty else [days]
    for other in others:
        sides = [DateRange(None, other.lower, "()") if other.lower else None, from_day(other.upper) if other.upper else None]
        left = [
            both for one in left for side in (sides if overlap(one, other) else [one]) if side and (both := overlap(one, side))
        ]
    return left
