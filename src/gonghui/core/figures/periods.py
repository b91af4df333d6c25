"""The days a figure is asked about. A stock (what there was) is asked of one day, a flow (what happened) of several."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from django.utils.translation import gettext_lazy as _

from gonghui.kit.text import Text

Kind = Literal["day", "month", "quarter", "year", "free"]
KINDS: dict[Kind, Text] = {"year": _("年初至今"), "quarter": _("本季度"), "month": _("本月"), "free": _("自选起止")}
"""What a flow may be asked for. Each period ends on the day asked for; the last day of a month gives the whole month."""


@dataclass(frozen=True)
class Period:
    """The days from `start` to `end`, both included. ValueError where it ends before it starts."""

    start: dt.date
    end: dt.date
    kind: Kind = "free"

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"{self.start} is after {self.end}")

    @classmethod
    def day(cls, on: dt.date) -> "Period":
        """One day."""
        return cls(on, on, "day")

    @classmethod
    def ending(cls, on: dt.date, kind: Kind, start: dt.date | None = None) -> "Period":
        """The month, quarter or year up to a day; a free period starts where it is told to, at most on its last day."""
        first = {
            "day": on,
            "month": on.replace(day=1),
            "quarter": on.replace(month=(on.month - 1) // 3 * 3 + 1, day=1),
            "year": on.replace(month=1, day=1),
            "free": min(start or on, on),
        }[kind]
        return cls(first, on, kind)

    @property
    def before(self) -> dt.date:
        """The day before it starts."""
        return self.start - dt.timedelta(days=1)

    @property
    def a_year_earlier(self) -> "Period":
        """The same days of the year before."""
        return Period(year_before(self.start), year_before(self.end), self.kind)

    def __str__(self) -> str:
        return self.end.isoformat() if self.start == self.end else f"{self.start.isoformat()} — {self.end.isoformat()}"


When = dt.date | Period


def year_before(day: dt.date) -> dt.date:
    """The same day of the year before; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def month_ends(on: dt.date, months: int) -> list[dt.date]:
    """The last days of the months before the month of `on`, oldest first, and `on` itself: `months` days in all."""
    ends = [on]
    while len(ends) < months:
        ends.append(ends[-1].replace(day=1) - dt.timedelta(days=1))
    return ends[::-1]
