"""Who is a member where: as many as the articles say, each in the union that covers his employer. All of them are made up."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gonghui.areas.members.actions import MemberRow, admit_members
from gonghui.areas.members.rules import WorkerKind
from gonghui.areas.register.models import Employer
from gonghui.core.organisations.models import Organisation
from gonghui.core.people.actions import PersonRow
from gonghui.demo.facts import District
from gonghui.demo.names import Inventor, weighted
from gonghui.demo.plan import Firm, allotted
from gonghui.demo.register import ACTOR, Register
from gonghui.kit.identity import Document, DocumentKind, check_character

NO_SUCH_PLACE = "110000"  # how every made-up number begins: nobody is registered in a city as a whole
BORN = (dt.date(1962, 1, 1), dt.date(2000, 12, 31))
MIGRANTS = 0.3
EDUCATION = {"bachelor": 5, "college": 4, "secondary": 4, "junior": 2, "master": 1}
POLITICS = {"masses": 12, "party": 3, "league": 2}


@dataclass(frozen=True)
class Workplace:
    """A covered employer, the union that covers it, and since when."""

    firm: Firm
    employer: Employer
    union: Organisation
    since: dt.date


def workplaces(register: Register) -> Iterator[Workplace]:
    """Those of a street on the article's day."""
    for place, (firm, employer) in enumerate(zip(register.plan.firms, register.employers, strict=True)):
        if place in register.owns and firm.own_since:
            yield Workplace(firm, employer, register.owns[place], firm.own_since)
        elif firm.joint and firm.joint_since:
            yield Workplace(firm, employer, register.joints[firm.joint.name], firm.joint_since)


def write_members(district: District, registers: Sequence[Register], inventor: Inventor) -> None:
    """The members of a district: those who joined in the article's year, and those before."""
    year = dt.date(district.as_of.year, 1, 1)
    places = [(register, place) for register in registers for place in workplaces(register)]
    if district.growth is None:
        for register in registers:
            own = [place for at, place in places if at is register]
            admit(register, own, spread([one.firm.workers for one in own], register.plan.street.members), inventor, None)
        return
    old = [one.firm.workers if one.since < year else 0 for _register, one in places]
    before = spread(old, district.members - district.growth.members)
    left = [one.firm.workers - taken for (_register, one), taken in zip(places, before, strict=True)]
    new = spread(left, district.growth.members)
    for register in registers:
        mine = [at for at, (one, _place) in enumerate(places) if one is register]
        here = [places[at][1] for at in mine]
        admit(register, here, [before[at] for at in mine], inventor, year)
        admit(register, here, [new[at] for at in mine], inventor, None, year)


def spread(room: Sequence[int], total: int) -> list[int]:
    """A total over places with so much room each, in proportion; ValueError where there is not enough."""
    if sum(room) < total:
        raise ValueError(f"{total} members, and {sum(room)} workers")
    return allotted(total, room) if total else [0] * len(room)


def admit(
    register: Register,
    places: Sequence[Workplace],
    numbers: Sequence[int],
    inventor: Inventor,
    before: dt.date | None,
    since: dt.date | None = None,
) -> None:
    """Admits so many at each place, on days from its coverage (or `since`) until the article's day (or `before`)."""
    last = before or register.plan.street.as_of
    rows = [
        member(inventor, place, max(place.since, since or place.since), last)
        for place, number in zip(places, numbers, strict=True)
        for _one in range(number)
    ]
    if rows:
        admit_members(register.street, actor=ACTOR, rows=rows)


def member(inventor: Inventor, place: Workplace, first: dt.date, last: dt.date) -> MemberRow:
    """One made-up member who joins on a day from `first` to the day before `last`."""
    rng = inventor.rng
    on = first + dt.timedelta(days=rng.randrange(max(1, (last - first).days)))
    kind = WorkerKind.DISPATCH if place.firm.identity.is_dispatch else WorkerKind.CONTRACT
    values = {
        "is_synthetic": True,
        "is_migrant": rng.random() < MIGRANTS,
        "education": weighted(rng, EDUCATION),
        "politics": weighted(rng, POLITICS),
    }
    person = PersonRow(inventor.person(), document(inventor), f"100{rng.randrange(10**8):08}", values)
    return MemberRow(person, on, place.employer, worker_kind=kind, union=place.union)


def document(inventor: Inventor) -> Document:
    """An identity number of nobody, with its check character right."""
    born = BORN[0] + dt.timedelta(days=inventor.rng.randrange((BORN[1] - BORN[0]).days))
    first = inventor.fresh(lambda: f"{NO_SUCH_PLACE}{born:%Y%m%d}{inventor.rng.randrange(1000):03}")
    sex = "male" if int(first[16]) % 2 else "female"
    return Document(DocumentKind.RESIDENT, first + check_character(first), born, sex)
