"""The only clock, and half-open ranges of days: `[start, end)`, where "as of d" means the range contains d."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

__all__ = ["DateRange", "as_if", "from_day", "now", "today", "until"]

_moved: ContextVar[dt.date | None] = ContextVar("moved", default=None)


def now() -> dt.datetime:
    """This instant, aware."""
    return timezone.now()


def today() -> dt.date:
    """Today in the system's time zone (Asia/Shanghai)."""
    return _moved.get() or timezone.localdate()


@contextmanager
def as_if(day: dt.date) -> Iterator[None]:
    """Inside, today is another day: for the demo's past months and for tests of deadlines; no surface uses it."""
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
