"""Working days: weekdays, without public holidays, with the weekends worked to make up for them."""

import datetime as dt
from dataclasses import dataclass

from gonghui.core.reference.models import CalendarDay

SATURDAY = 5
WHY = "the working calendar is public"
LONGEST_BREAK = 12  # days without work one after another are fewer than this


@dataclass(frozen=True)
class Deadline:
    """A last day. It is tentative (暂定) while the holidays of one of the years on the way are not published."""

    day: dt.date
    is_tentative: bool = False


def exceptions(first: int, last: int) -> dict[dt.date, bool]:
    """Day → whether it is worked, for the days of these years that differ from their weekday."""
    rows = CalendarDay.objects.unscoped(WHY).filter(day__year__range=(first, last))
    return dict(rows.values_list("day", "is_working"))


def published_until() -> int | None:
    """The last year whose public holidays are known; None where none are."""
    newest = CalendarDay.objects.unscoped(WHY).order_by("-day").values_list("day", flat=True).first()
    return newest.year if newest else None


def working_days_after(day: dt.date, count: int) -> Deadline:
    """The last of `count` working days that begin the day after `day`, which itself does not count (民法典 (2020) art. 201)."""
    longest = day + dt.timedelta(days=2 * count + LONGEST_BREAK)
    known = exceptions(day.year, longest.year)
    end = day
    while count > 0:
        end += dt.timedelta(days=1)
        count -= known.get(end, end.weekday() < SATURDAY)
    published = {one.year for one in known}
    return Deadline(end, not published.issuperset(range(day.year, end.year + 1)))
