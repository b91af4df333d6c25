"""When the demo's people act: the door, opened for one of them at some hour of a day of the past."""

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from random import Random

from django.utils import timezone

from gonghui.core.access.queries import actor_for
from gonghui.core.accounts.models import User
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import acting
from gonghui.core.reference.calendar import SATURDAY, exceptions
from gonghui.kit.dates import as_if, today

MARK = "day:"  # how the id of a request begins that `load.settle` understands
KNOWN_DAYS = 300  # working days that can be asked for
NIGHT = dt.time(0, 15)


def worked_before(day: dt.date, count: int) -> list[dt.date]:
    """So many working days before a day, the newest first."""
    known = exceptions(day.year - 2, day.year)
    found: list[dt.date] = []
    while len(found) < count:
        day -= dt.timedelta(days=1)
        if known.get(day, day.weekday() < SATURDAY):
            found.append(day)
    return found


@contextmanager
def opened(actor: Actor, moment: dt.datetime) -> Iterator[Actor]:
    """The door at this moment; the history gets it too."""
    with as_if(moment):
        then = replace(actor, request_id=f"{MARK}{moment.isoformat()}")
        with acting(then):
            yield then


@dataclass
class Hours:
    """The working days before today, and who works on them."""

    users: Mapping[str, User]
    rng: Random
    days: list[dt.date] = field(init=False)  # by how many working days ago; the first is the day on which the demo begins
    actors: dict[str, Actor] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.days = [today(), *worked_before(today(), KNOWN_DAYS)]

    def day(self, ago: int) -> dt.date:
        """The day so many working days before today; 0 is today itself."""
        return self.days[ago]

    def moment(self, day: dt.date, at: dt.time) -> dt.datetime:
        """An instant in the system's time zone."""
        return timezone.make_aware(dt.datetime.combine(day, at))

    @contextmanager
    def by(self, username: str, ago: int) -> Iterator[Actor]:
        """One of the people at some hour of a working day."""
        if username not in self.actors:
            self.actors[username] = actor_for(self.users[username])
        morning = self.moment(self.day(ago), dt.time(8, 40))
        with opened(self.actors[username], morning + dt.timedelta(minutes=self.rng.randrange(510))) as actor:
            yield actor

    @contextmanager
    def by_night(self, code: str, day: dt.date) -> Iterator[Actor]:
        """The system's job at the beginning of a day."""
        with opened(Actor.system(code), self.moment(day, NIGHT)) as actor:
            yield actor
