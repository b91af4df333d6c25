"""The only clock, and half-open ranges of days: `[start, end)`, where "as of d" means the range contains d."""

import datetime as dt

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

__all__ = ["DateRange", "from_day", "now", "today", "until"]


def now() -> dt.datetime:
    """This instant, aware."""
    return timezone.now()


def today() -> dt.date:
    """Today in the system's time zone (Asia/Shanghai)."""
    return timezone.localdate()


def from_day(start: dt.date | None, end: dt.date | None = None) -> DateRange:
    """The days from `start` until the day before `end`; None leaves that side open."""
    return DateRange(start, end, "[)")


def until(days: DateRange, end: dt.date) -> DateRange:
    """The same range, closed before `end`."""
    return DateRange(days.lower, end, "[)")
