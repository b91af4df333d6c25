"""Random histories through the actions: cells add up to values, drill-downs to cells, and terms to differences."""

import datetime as dt
import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import combinations

import pytest

from gonghui.areas.register import actions as register
from gonghui.areas.register.actions import EmployerRow
from gonghui.areas.register.models import Employer, EmployerMerge, StrikeOff, UnionMerge
from gonghui.core.actions.action import NotAllowed, Refused
from gonghui.core.actions.door import acting, beyond_scope
from gonghui.core.figures.explanation import amounts, explain
from gonghui.core.figures.registry import Figure, Period, Ratio, Scope, breakdown, figures, rows, value
from gonghui.core.organisations.models import Kind, Organisation
from gonghui.kit.dates import today
from tests.cast import SYSTEM, Cast

DAYS, EVENTS = 500, 150
FIRST = today() - dt.timedelta(days=DAYS)


@dataclass
class Story:
    """A seeded sequence of what people do, one day after another; what the rules refuse does not happen."""

    cast: Cast
    rng: random.Random
    employers: list[Employer] = field(default_factory=list)
    unions: list[Organisation] = field(default_factory=list)
    day: dt.date = FIRST
    merges: int = 0

    def tell(self) -> None:
        holders = [self.cast.street, self.cast.next_street, self.cast.education]
        for place in holders:
            self.unions.append(self.found(place, Kind.JOINT))
        verbs: list[Callable[[], object]] = [
            *[self.enter] * 5,
            *[self.organise] * 4,
            *[self.join] * 3,
            self.end,
            self.close,
            self.move_out,
            *[self.strike_off] * 2,
            self.restore,
            self.withdraw,
            self.relocate,
            self.recount,
            self.recount,
            self.move_union,
        ]
        for _number in range(EVENTS):
            self.day = min(self.day + dt.timedelta(days=self.rng.randrange(2 * DAYS // EVENTS)), today())
            with suppress(Refused, NotAllowed, IndexError), acting(SYSTEM):
                self.rng.choice(verbs)()
        for verb in (*[self.merge] * 12, self.part, *[self.merge_unions] * 4, self.part_unions, self.merge):
            with suppress(Refused, NotAllowed, IndexError), acting(SYSTEM):
                verb()

    def found(self, place: Organisation, kind: str) -> Organisation:
        values = {"joint_basis": "sector"} if kind == Kind.JOINT else {}
        with acting(SYSTEM):
            return register.found_union(
                place, actor=SYSTEM, name=f"工会{len(self.unions)}", kind=kind, on=self.day, document="号", **values
            )

    def one(self) -> Employer:
        found = self.rng.choice([self.cast.firm, self.cast.shop, self.cast.mill, self.cast.neighbour, *self.employers])
        found.refresh_from_db()
        return found

    def enter(self) -> None:
        holder = self.rng.choice([self.cast.street, self.cast.next_street, self.cast.education])
        place = self.rng.choice([self.cast.street, self.cast.next_street])
        headcount = self.rng.choice([None, 8, 60, 140, 260])
        values = {"employer_class": self.rng.choice(["170", "400"]), "industry": self.rng.choice("IJP")}
        row = EmployerRow(f"单位{len(self.employers)}", self.day, region=place.region, headcount=headcount, values=values)
        self.employers.append(register.enter_employer(holder, actor=SYSTEM, row=row))

    def organise(self) -> None:
        employer = self.one()
        place = next(
            one
            for one in (self.cast.street, self.cast.next_street, self.cast.education, self.cast.street)
            if employer.organisation.path.startswith(one.path)
        )
        union = self.found(place, Kind.OWN)
        register.cover_employer(employer, actor=SYSTEM, union=union, since=self.day)
        self.unions.append(union)

    def join(self) -> None:
        register.cover_employer(self.one(), actor=SYSTEM, union=self.rng.choice(self.unions), since=self.day)

    def end(self) -> None:
        register.end_coverage(self.one(), actor=SYSTEM, on=self.day, reason="测试")

    def close(self) -> None:
        register.close_employer(self.one(), actor=SYSTEM, on=self.day, reason="测试")

    def move_out(self) -> None:
        register.move_out_employer(self.one(), actor=SYSTEM, on=self.day, reason="测试")

    def strike_off(self) -> None:
        proposer = self.cast.actor("department_officer")
        proposal = register.propose_strike_off(self.one(), actor=proposer, reason="dormant", evidence="无人")
        register.approve_strike_off(proposal, actor=self.cast.actor("district_chair"), on=self.day)

    def struck(self) -> StrikeOff:
        return self.rng.choice(list(StrikeOff.objects.visible_to(SYSTEM).filter(state="approved").order_by("pk")))

    def restore(self) -> None:
        register.restore_employer(self.struck(), actor=SYSTEM, on=self.day, reason="恢复营业")

    def withdraw(self) -> None:
        register.withdraw_strike_off(self.struck(), actor=SYSTEM, reason="误剔")

    def relocate(self) -> None:
        place = self.rng.choice([self.cast.street, self.cast.next_street])
        assert place.region
        register.relocate_employer(self.one(), actor=SYSTEM, region=place.region, on=self.day)

    def recount(self) -> None:
        register.record_headcount(self.one(), actor=SYSTEM, count=self.rng.randrange(300), on=self.day, source="union")

    def move_union(self) -> None:
        parent = self.rng.choice([self.cast.street, self.cast.next_street])
        union = self.rng.choice(self.unions)
        union.refresh_from_db()
        register.move_union(union, actor=SYSTEM, parent=parent, since=self.day)

    def merge(self) -> None:
        register.merge_employers(self.one(), actor=SYSTEM, dropped=self.one())
        self.merges += 1

    def merge_somebody(self) -> None:
        """As `merge`, of two that can be."""
        before = self.merges
        while self.merges == before:
            with suppress(Refused, NotAllowed):
                self.merge()

    def part(self) -> None:
        rows = EmployerMerge.objects.visible_to(SYSTEM).filter(undone_on=None).order_by("pk")
        register.unmerge_employers(self.rng.choice(list(rows)), actor=SYSTEM)

    def merge_unions(self) -> None:
        kept, dropped = self.rng.sample(self.unions, 2)
        register.merge_unions(kept, actor=SYSTEM, dropped=dropped)
        self.merges += 1

    def part_unions(self) -> None:
        rows = UnionMerge.objects.visible_to(SYSTEM).filter(undone_on=None).order_by("pk")
        register.unmerge_unions(self.rng.choice(list(rows)), actor=SYSTEM)


@pytest.fixture(params=[2016, 2017, 2018])
def story(cast: Cast, request: pytest.FixtureRequest) -> Story:
    made = Story(cast, random.Random(request.param))
    made.tell()
    return made


def scopes(cast: Cast) -> Iterator[Scope]:
    for one in (cast.district, cast.street, cast.next_street, cast.education):
        one.refresh_from_db()
        yield Scope(one)
    yield from (Scope(one, "place") for one in (cast.street, cast.next_street))


DATES = [FIRST - dt.timedelta(days=1), *(FIRST + dt.timedelta(days=DAYS * part // 4) for part in (1, 2, 3)), today()]


def test_cells_add_up_to_the_value_and_rows_to_the_cell(story: Story) -> None:
    compared = 0
    with acting(SYSTEM):
        for scope in list(scopes(story.cast))[::2]:  # the district, the next street, a street by place
            for figure in figures.values():
                compared += check_cells(figure, scope, Period(DATES[1], DATES[3]))
    assert compared > 200
    assert len(story.employers) > 10
    assert story.merges > 1


def check_cells(figure: Figure | Ratio, scope: Scope, period: Period) -> int:
    """The number of cells that were compared."""
    total, compared = value(figure, scope, period, actor=SYSTEM), 0
    for by in figure.dimensions:
        if isinstance(figure, Ratio) and by not in figure.above.dimensions:
            continue
        cells = breakdown(figure, scope, period, by, actor=SYSTEM)
        if isinstance(figure, Ratio):
            assert sum(cell.value.above or 0 for cell in cells) == total.above, (figure.code, by)
            assert sum(cell.value.below or 0 for cell in cells) == total.below, (figure.code, by)
            continue
        assert sum(cell.value.number or 0 for cell in cells) == total.number, (figure.code, by, scope)
        with beyond_scope("the test counts the rows behind a cell"):
            for cell in cells:
                behind = rows(figure, scope, period, actor=SYSTEM, by=by, key=cell.key).order_by()
                found = behind.aggregate(value=figure.measure)["value"] or 0
                assert found == cell.value.number, (figure.code, by, cell.key)
                assert behind.values("pk").distinct().count() == behind.count(), figure.code
                compared += 1
    return compared


def test_start_and_terms_make_the_end(story: Story) -> None:
    terms: set[str] = set()
    with acting(SYSTEM):
        for scope in list(scopes(story.cast))[::2]:
            for figure in figures.values():
                if figure.is_flow:
                    continue
                for start, end in ((DATES[0], DATES[2]), (DATES[1], DATES[3]), (DATES[2], DATES[4]), (DATES[0], DATES[4])):
                    explained = explain(figure, scope, start, end, actor=SYSTEM)
                    assert explained.start == value(figure, scope, start, actor=SYSTEM), figure.code
                    assert explained.end == value(figure, scope, end, actor=SYSTEM), figure.code
                    for part in explained.parts:
                        assert part.start + sum(line.amount for line in part.lines) == part.end, (figure.code, part)
                        moved = [key for line in part.lines for key in line.rows]
                        assert len(moved) == len(set(moved)), "a row has one reason"
                        terms |= {line.code for line in part.lines}
    print(f"\n{sorted(terms)}")
    assert {"came", "left", "altered", "-altered"} & terms == set(), "a reason that is none"
    assert terms >= {"entered", "organised", "recounted", "-struck_off", "into_scope", "-out_of_scope"}


def test_amounts_are_the_value(story: Story) -> None:
    with acting(SYSTEM), beyond_scope("the test counts what the figures count"):
        for scope in scopes(story.cast):
            for figure in figures.values():
                if isinstance(figure, Figure):
                    found = value(figure, scope, today(), actor=SYSTEM).number
                    assert sum(amounts(figure, scope, today()).values()) == found, figure.code


def test_net_loss_is_the_difference_of_the_register(story: Story) -> None:
    with acting(SYSTEM):
        for scope in scopes(story.cast):
            for start, end in combinations(DATES, 2):
                period = Period(start + dt.timedelta(days=1), end)
                then, now = (value(figures["employers"], scope, day, actor=SYSTEM).number for day in (start, end))
                assert value(figures["net_loss"], scope, period, actor=SYSTEM).number == (then or 0) - (now or 0)  # type: ignore[operator]
