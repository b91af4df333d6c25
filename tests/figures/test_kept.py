"""What is kept for figures says what counting says: at every step of a random history, worked in or not, for any day and scope."""

import datetime as dt
import random
from contextlib import suppress
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gonghui.areas.members import actions as members
from gonghui.areas.members.models import Membership, MemberTally
from gonghui.areas.register import actions as register
from gonghui.areas.register.models import ChangedEmployer, Employer, Span
from gonghui.core.actions.action import NotAllowed, Refused
from gonghui.core.actions.door import acting
from gonghui.core.figures.kept import work_in
from gonghui.core.figures.registry import Figure, Scope, cross_table, figures, value
from gonghui.core.figures.tallies import DAY, NEW, YEAR
from gonghui.core.people.actions import PersonRow
from gonghui.kit.dates import today
from gonghui.kit.identity import check_character, checked
from tests.cast import SYSTEM, Cast
from tests.figures.test_properties import Story

OWN = "the test's own"
OF_MEMBERS = ("members", "individual_members", "retained_members")
FIRST = today() - dt.timedelta(days=1200)


def row(sequence: int, on: dt.date, cast: Cast) -> members.MemberRow:
    number = f"11010119920101{sequence:03d}"
    return members.MemberRow(PersonRow(f"会员{sequence}", checked(number + check_character(number))), on, cast.shop)


def story_of_members(cast: Cast, seed: int, steps: int) -> None:
    """What people do to memberships, at random, one day after another; what the rules refuse does not happen."""
    rng, day, unions = random.Random(seed), FIRST, [cast.own, cast.joint, cast.street, cast.next_street]
    for step in range(steps):
        day = min(day + dt.timedelta(days=rng.randrange(1 + 2400 // steps)), today())
        with suppress(Refused, NotAllowed, IndexError), acting(SYSTEM):
            some = list(Membership.objects.unscoped(OWN).order_by("pk"))
            one, verb = (rng.choice(some) if some else None), rng.randrange(8)
            if verb < 3 or one is None:
                members.admit_member(rng.choice(unions), actor=SYSTEM, row=row(step, day, cast))
            elif verb == 3:
                members.retain_member(one, actor=SYSTEM, on=day, why="unemployed")
            elif verb == 4:
                members.resume_member(one, actor=SYSTEM, on=day)
            elif verb == 5:
                members.leave(one, actor=SYSTEM, on=day, reason="本人申请")
            elif verb == 6:
                cast.joint.refresh_from_db()
                register.move_union(cast.joint, actor=SYSTEM, parent=rng.choice([cast.street, cast.next_street]), since=day)
            else:
                asked = members.request_transfer(rng.choice(unions), actor=SYSTEM, person=one.person)
                members.release_transfer(asked, actor=SYSTEM)
        if step % 17 == 0:
            with acting(SYSTEM):
                work_in(day)


def agree(cast: Cast, days: list[dt.date], codes: list[str]) -> int:
    """Totals and cross tables are the same from what is kept and by counting; how many were compared."""
    places = [cast.district, cast.street, cast.next_street, cast.own]
    scopes, compared = [*map(Scope, places), Scope(cast.street, "place")], 0
    for code in codes:
        kept = figures[code]
        assert isinstance(kept, Figure)
        counted = replace(kept, kept=lambda scope, on: None)
        for scope in scopes:
            for day in days:
                assert value(kept, scope, day, actor=SYSTEM) == value(counted, scope, day, actor=SYSTEM), (code, scope, day)
                for by in (["managing"], [*kept.dimensions]):
                    found = [cross_table(one, scope, day, by, actor=SYSTEM) for one in (kept, counted)]
                    assert found[0] == found[1], (code, scope, day, by)
                    compared += len(found[0])
    return compared


@pytest.mark.parametrize("seed", [1, 2])
def test_the_tally_of_members_is_what_counting_finds(cast: Cast, seed: int) -> None:
    story_of_members(cast, seed, steps=80)
    days = [FIRST, *(today() - dt.timedelta(days=back) for back in (900, 200, 1, 0)), dt.date(today().year, 1, 1)]
    with acting(SYSTEM):
        numbers = MemberTally.objects.unscoped(OWN)
        assert {*numbers.values_list("grain", flat=True)} == {NEW, DAY, YEAR}
        assert agree(cast, days, [*OF_MEMBERS])
        work_in(today())
        assert not numbers.filter(grain=NEW).exists()
        assert numbers.filter(grain=YEAR, day=dt.date(today().year, 1, 1)).exists()
        assert agree(cast, days, [*OF_MEMBERS])
        before = sorted(numbers.values_list("grain", "managing", "day", "number"))
        work_in(today())
        assert sorted(numbers.values_list("grain", "managing", "day", "number")) == before


def test_the_spans_of_employers_are_what_counting_finds(cast: Cast) -> None:
    story = Story(cast, random.Random(5))
    story.tell()
    assert story.merges > 2
    days = [story.day, *(today() - dt.timedelta(days=back) for back in (300, 0))]
    codes = [one.code for one in figures.values() if isinstance(one, Figure) and one.sheet.code == "register.figure_employers"]
    codes = [code for code in codes if not figures[code].is_flow]
    assert len(codes) >= 12
    with acting(SYSTEM):
        assert agree(cast, days, codes)
        work_in(today())
        assert not ChangedEmployer.objects.unscoped(OWN).exists()
        assert Span.objects.unscoped(OWN).values("employer").distinct().count() >= len(story.employers)
        assert agree(cast, days, codes)
        for _number in range(3):
            story.recount()
        register.edit_employer(story.employers[0], actor=SYSTEM, industry="R")
        noted = {*ChangedEmployer.objects.unscoped(OWN).values_list("employer", flat=True)}
        assert story.employers[0].pk in noted
        assert len(noted) < Employer.objects.unscoped(OWN).count()
        assert agree(cast, days[-1:], codes)
        with CaptureQueriesContext(connection) as asked:
            value(figures["workers"], Scope(cast.district), today(), actor=SYSTEM)
        reading = [one["sql"] for one in asked.captured_queries if "register_span" in one["sql"]]
        assert len(reading) == 1, "parts read one after the other may miss what a job moves between them"
        assert reading[0].count("UNION ALL") == 2
        story.merge_somebody()
        assert agree(cast, days, codes)
        work_in(today())
        assert agree(cast, days, codes)


def test_what_is_kept_wrongly_is_told(cast: Cast) -> None:
    story_of_members(cast, 3, steps=20)
    with acting(SYSTEM):
        work_in(today())
        assert agree(cast, [today()], ["members", "employers"])
        MemberTally.objects.unscoped(OWN).filter(grain=DAY, number__gt=0).delete()
        with pytest.raises(AssertionError):
            agree(cast, [today()], ["members"])
        Span.objects.unscoped(OWN).filter(employer=cast.shop).delete()
        with pytest.raises(AssertionError):
            agree(cast, [today()], ["employers"])


def test_the_database_keeps_up_however_rows_are_written(cast: Cast) -> None:
    with acting(SYSTEM):
        members.admit_member(cast.street, actor=SYSTEM, row=row(1, FIRST, cast))
        work_in(today())
        later = FIRST + dt.timedelta(days=9)
        with connection.cursor() as cursor:
            for statement in (
                "update members_spell set valid = daterange(%(first)s, %(later)s)",
                "update members_spell set valid = 'empty'",
                "delete from members_spell",
                "update register_headcount set valid = daterange(null, %(later)s)",
                "delete from register_coverage",
                "update register_standing set valid = daterange(%(first)s, null)",
                "update register_employer set is_dispatch_firm = true",
            ):
                cursor.execute(statement, {"first": FIRST, "later": later})
                assert agree(cast, [FIRST, later, today()], ["members", "workers", "dispatch_workers", "covered_employers"])
        work_in(today())
        assert agree(cast, [FIRST, later, today()], ["workers", "dispatch_workers"])
