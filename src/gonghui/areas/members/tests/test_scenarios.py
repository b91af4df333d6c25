"""The promises of membership, day by day: the transfer's clocks, the threshold, two doors and one record."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from gonghui.areas.members.actions import (
    ApplicationRow,
    MemberRow,
    admit_member,
    admit_members,
    advance_transfers,
    approve_application,
    leave,
    refuse_transfer,
    release_transfer,
    request_transfer,
    retain_member,
    take_application,
)
from gonghui.areas.members.models import Alert, Membership, Spell, Transfer
from gonghui.core.actions.action import NotAllowed, Refused
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import acting
from gonghui.core.organisations.models import Organisation
from gonghui.core.people.actions import PersonRow
from gonghui.core.people.models import Person
from gonghui.core.reference.calendar import working_days_after
from gonghui.kit.dates import as_if
from gonghui.kit.identity import check_character, checked
from tests.cast import SYSTEM, Cast, found_cast

pytestmark = pytest.mark.django_db
WHY = "kept for the test's own comparison"


@pytest.fixture
def cast() -> Iterator[Cast]:
    found = found_cast()
    with acting(SYSTEM):
        yield found


def number(sequence: int, born: str = "19900101") -> str:
    """A resident ID of nobody, with its check character."""
    base = f"110101{born}{sequence:03d}"
    return base + check_character(base)


def row(sequence: int, **work: object) -> MemberRow:
    person = PersonRow(f"职工{sequence}", checked(number(sequence)), f"1391000{sequence:04d}")
    return MemberRow(person, dt.date(2020, 1, 1), **work)  # type: ignore[arg-type]


def membership(key: int) -> Membership:
    return Membership.objects.unscoped(WHY).get(pk=key)


def held_on(member: Membership, day: dt.date) -> Organisation:
    """The union that holds a membership on a day."""
    return Spell.objects.unscoped(WHY).get(membership=member, valid__contains=day).organisation  # type: ignore[no-any-return]


def test_a_silent_union_loses_the_member_after_both_clocks(cast: Cast) -> None:
    member = admit_member(cast.own, actor=SYSTEM, row=row(1, employer=cast.firm))
    with as_if(dt.date(2026, 9, 23)):
        transfer = request_transfer(cast.joint, actor=cast.actor("street_officer"), person=member.person, employer=cast.shop)
    assert (transfer.answer_by, transfer.superior_by) == (dt.date(2026, 10, 8), dt.date(2026, 10, 12))
    for day, state in ((8, "requested"), (9, "escalated"), (12, "escalated"), (13, "completed")):
        with as_if(dt.date(2026, 10, day)):
            advance_transfers(Actor.system("members.advance_transfers"), dt.date(2026, 10, day))
            transfer.refresh_from_db()
            assert transfer.state == state, day
    member = membership(member.pk)
    assert (member.state, member.organisation) == ("active", cast.joint)
    assert held_on(member, dt.date(2026, 10, 12)) == cast.own
    assert held_on(member, dt.date(2026, 10, 13)) == cast.joint
    works = member.person.employments.unscoped(WHY)
    assert [one.employer for one in works.current()] == [cast.shop]


def test_a_refusal_with_a_reason_stops_the_rule(cast: Cast) -> None:
    member = admit_member(cast.own, actor=SYSTEM, row=row(1, employer=cast.firm))
    with as_if(dt.date(2026, 9, 23)):
        transfer = request_transfer(cast.joint, actor=SYSTEM, person=member.person)
        with pytest.raises(Refused):
            refuse_transfer(transfer, actor=cast.actor("enterprise_chair"), reason=" ")
        refuse_transfer(transfer, actor=cast.actor("enterprise_chair"), reason="仍在本单位上班")
    with as_if(dt.date(2026, 11, 1)):
        advance_transfers(Actor.system("members.advance_transfers"), dt.date(2026, 11, 1))
    assert (membership(member.pk).state, membership(member.pk).organisation) == ("active", cast.own)


def test_only_the_holder_releases_and_only_once(cast: Cast) -> None:
    member = admit_member(cast.own, actor=SYSTEM, row=row(1))
    transfer = request_transfer(cast.joint, actor=SYSTEM, person=member.person)
    with pytest.raises(NotAllowed):
        release_transfer(transfer, actor=cast.actor("outsider"))
    release_transfer(transfer, actor=cast.actor("enterprise_chair"))
    with pytest.raises((Refused, NotAllowed)):
        release_transfer(transfer, actor=cast.actor("street_officer"))


def test_asking_twice_is_once(cast: Cast) -> None:
    member = admit_member(cast.own, actor=SYSTEM, row=row(1))
    first = request_transfer(cast.joint, actor=SYSTEM, person=member.person)
    assert request_transfer(cast.joint, actor=SYSTEM, person=member.person) == first
    with pytest.raises(Refused):
        request_transfer(cast.street, actor=SYSTEM, person=member.person)


def test_nobody_is_a_member_twice(cast: Cast) -> None:
    admit_member(cast.own, actor=SYSTEM, row=row(1))
    with pytest.raises(Refused):
        admit_member(cast.joint, actor=SYSTEM, row=row(1))
    assert Membership.objects.unscoped(WHY).filter(person__name="职工1").count() == 1
    assert Person.objects.unscoped(WHY).filter(name="职工1").count() == 1


def test_who_left_may_join_again_and_stays_one_person(cast: Cast) -> None:
    member = admit_member(cast.own, actor=SYSTEM, row=row(1))
    leave(member, actor=SYSTEM, on=dt.date(2021, 1, 1), reason="个人要求")
    with as_if(dt.date(2022, 1, 1)):
        again = admit_member(
            cast.joint, actor=SYSTEM, row=MemberRow(PersonRow("职工1", checked(number(1))), dt.date(2022, 1, 1))
        )
    assert again.person == member.person
    assert Person.objects.unscoped(WHY).get(name="职工1").organisation == cast.joint


def test_the_number_that_is_reached_raises_one_alert(cast: Cast) -> None:
    """24 active, one pending, one retired: nothing; the pending one approved: one alert, held by the federation."""
    rows = [row(sequence, employer=cast.mill) for sequence in range(1, 26)]
    members = admit_members(cast.street, actor=SYSTEM, rows=rows[:25])
    assert Alert.objects.unscoped(WHY).filter(state="open").count() == 1
    retain_member(members[24], actor=SYSTEM, on=dt.date(2021, 1, 1), why="retired")
    assert Alert.objects.unscoped(WHY).filter(state="open").count() == 0
    pending = take_application(
        cast.street, actor=SYSTEM, row=ApplicationRow("新来的", number(99), "博闻教育", employer=cast.mill)
    )
    assert Alert.objects.unscoped(WHY).filter(state="open").count() == 0
    approve_application(pending, actor=cast.actor("street_officer"))
    alert = Alert.objects.unscoped(WHY).get(state="open")
    assert (alert.count, alert.organisation, alert.employer) == (25, cast.street, cast.mill)
    admit_member(cast.street, actor=SYSTEM, row=row(40, employer=cast.mill))
    assert Alert.objects.unscoped(WHY).filter(state="open").count() == 1


def test_an_individual_member_is_hidden_from_the_employers_own_union(cast: Cast) -> None:
    admit_member(cast.street, actor=SYSTEM, row=row(1, employer=cast.firm))
    chair = cast.actor("enterprise_chair")
    with acting(chair):
        assert [one.person.name for one in Membership.objects.visible_to(chair)] == ["李想"]
        assert [one.name for one in Person.objects.visible_to(chair)] == ["李想"]


def test_an_application_goes_to_the_union_of_the_contract_then_of_the_host_then_of_the_street(cast: Cast) -> None:
    officer = cast.actor("street_officer")
    places: dict[Organisation, dict[str, Any]] = {
        cast.own: {"employer": cast.firm, "host": cast.shop},
        cast.joint: {"employer": cast.mill, "host": cast.shop},
        cast.street: {"employer": cast.mill},
    }
    for sequence, (union, work) in enumerate(places.items()):
        done = take_application(cast.street, actor=officer, row=ApplicationRow("某人", number(sequence), "", **work))
        assert done.organisation == union


def test_a_member_of_another_union_is_asked_for_and_told_neutrally(cast: Cast) -> None:
    admit_member(cast.own, actor=SYSTEM, row=row(1))
    asked = take_application(
        cast.next_street, actor=SYSTEM, row=ApplicationRow("职工1", number(1), "茶庄", host=cast.neighbour)
    )
    with as_if(dt.date(2026, 9, 23)):
        approve_application(asked, actor=cast.actor("outsider"))
    asked.refresh_from_db()
    assert asked.note == "该职工会籍在其他单位，已发出接转申请，最迟 10月12日答复"
    assert Transfer.objects.unscoped(WHY).get().target == cast.next_street


def test_working_days_leave_out_holidays_and_count_weekends_worked() -> None:
    with acting(SYSTEM):
        assert working_days_after(dt.date(2026, 9, 23), 5).day == dt.date(2026, 10, 8)
        assert working_days_after(dt.date(2026, 10, 9), 1).day == dt.date(2026, 10, 10)
        assert not working_days_after(dt.date(2026, 10, 9), 1).is_tentative
        assert working_days_after(dt.date(2026, 12, 30), 5).is_tentative
