"""Two records of one person: suggested with the evidence in words, made one with everything, and parted again."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest

from gonghui.areas.members.actions import (
    ApplicationRow,
    MemberRow,
    admit_member,
    leave,
    release_transfer,
    request_transfer,
    retain_member,
    take_application,
)
from gonghui.areas.members.models import Employment, Membership, Spell
from gonghui.areas.members.tests.workbooks import number
from gonghui.core.accounts.actions import create_user
from gonghui.core.accounts.models import User
from gonghui.core.actions.action import NotAllowed, Refused
from gonghui.core.actions.attached import attached_to
from gonghui.core.actions.door import acting
from gonghui.core.actions.suspecting import Suspicion
from gonghui.core.organisations.models import Organisation
from gonghui.core.people.actions import PersonRow, add_document, edit_person, merge_people, tell_apart, unmerge_people
from gonghui.core.people.duplicates import suspicions
from gonghui.core.people.models import Merge, Person
from gonghui.core.people.queries import person_with
from gonghui.kit.identity import checked
from tests.cast import SYSTEM, Cast, found_cast

pytestmark = pytest.mark.django_db
WHY = "kept for the test's own comparison"
JOINED = dt.date(2024, 1, 1)
PASSPORTS = (f"E{place * 7_919_737 % 10**8:08d}" for place in range(1, 10_000))


@pytest.fixture
def cast() -> Iterator[Cast]:
    found = found_cast()
    with acting(SYSTEM):
        yield found


def member(
    union: Organisation,
    name: str,
    document: str,
    *,
    kind: str = "",
    phone: str = "",
    born: dt.date | None = None,
    since: dt.date = JOINED,
    **work: Any,
) -> Membership:
    """Somebody admitted with this document."""
    values = {"born_on": born} if born else {}
    person = PersonRow(name, checked(document, kind), phone, values)
    return admit_member(union, actor=SYSTEM, row=MemberRow(person, since, **work))


def stranger(union: Organisation, name: str, **more: Any) -> Membership:
    """Somebody with a passport."""
    return member(union, name, next(PASSPORTS), kind="passport", **more)


def words(found: list[Suspicion[Person]]) -> list[str]:
    return [one.words for one in found]


def person(key: int) -> Person:
    found: Person = Person.objects.unscoped(WHY).get(pk=key)
    return found


def everything() -> list[Any]:
    """Every row that may hang on a person, and every person, as the database has them."""
    models: list[Any] = [Person, *(kind.model for kind in attached_to(Person))]
    skipped = {"phone_sealed", "last_login"}
    return [
        sorted(
            tuple(sorted((name, str(value)) for name, value in row.items() if name not in skipped))
            for row in model._base_manager.values()
        )
        for model in models
    ]


BORN = dt.date(1960, 1, 1)


def test_the_same_name_and_birthday_are_suggested_and_a_name_alone_is_not(cast: Cast) -> None:
    member(cast.own, "王小明", number(1))
    stranger(cast.joint, "王小明", born=BORN)
    stranger(cast.joint, "王小明", born=dt.date(1985, 7, 9))
    assert words(suspicions(SYSTEM)) == ["姓名相同；出生日期相同"]


def test_a_name_by_its_sound_and_a_telephone(cast: Cast) -> None:
    stranger(cast.own, "单丽娜", phone="13900000001", born=BORN)
    stranger(cast.own, "单莉娜", phone="13900000001")
    stranger(cast.own, "完全不同", phone="13900000001", born=dt.date(1999, 9, 9))
    assert words(suspicions(SYSTEM)) == ["手机号相同；姓名读音相同"]


def test_fifteen_digits_and_eighteen_are_one_number(cast: Cast) -> None:
    full = number(1)
    member(cast.own, "李大山", full)
    member(cast.own, "李大山", full[:6] + full[8:17], kind="passport", born=BORN)
    (found,) = suspicions(SYSTEM)
    assert "15 位" in found.words
    assert "姓名相同" in found.words


def test_a_slip_of_the_pen_in_the_number(cast: Cast) -> None:
    member(cast.own, "赵四", number(1))
    member(cast.own, "赵四", number(2))
    (found,) = suspicions(SYSTEM)
    assert "只差一位" in found.words


def test_a_crowd_at_one_telephone_says_nothing(cast: Cast) -> None:
    for place in range(25):
        stranger(cast.own, f"张三{chr(0x4E00 + place)}", phone="13900000001", born=BORN + dt.timedelta(days=40 * place))
    assert suspicions(SYSTEM) == []


def test_nobody_is_suggested_who_is_kept_elsewhere(cast: Cast) -> None:
    stranger(cast.own, "王小明", born=BORN)
    stranger(cast.next_street, "王小明", born=BORN)
    officer = cast.actor("street_officer")
    with acting(officer):
        assert suspicions(officer) == []
    assert len(suspicions(SYSTEM)) == 1


def test_who_was_told_apart_is_not_suggested_again(cast: Cast) -> None:
    one, other = (stranger(cast.own, "王小明", born=BORN).person for _time in range(2))
    officer = cast.actor("street_officer")
    with acting(officer):
        assert len(suspicions(officer)) == 1
        assert tell_apart(other, actor=officer, other=one) == tell_apart(one, actor=officer, other=other)
        assert suspicions(officer) == []


def pair(cast: Cast) -> tuple[Person, Person]:
    """A former member with an account, documents and an application; and the record that was entered anew at another union."""
    old = member(cast.joint, "王小明", number(1), phone="13900000001", employer=cast.shop, since=dt.date(2020, 1, 1))
    leave(old, actor=SYSTEM, on=dt.date(2022, 1, 1), reason="个人要求")
    add_document(old.person, actor=SYSTEM, document=checked(next(PASSPORTS), "passport"))
    edit_person(old.person, actor=SYSTEM, education="bachelor")
    user = create_user(username="w1", name="王小明", password=None)
    user.person = old.person
    user.save(update_fields=["person"])
    application = take_application(cast.own, actor=SYSTEM, row=ApplicationRow("王小明", number(1), "某店"))
    application.person = old.person
    application.save(update_fields=["person"])
    new = stranger(cast.own, "王小明", born=BORN, employer=cast.firm)
    return person(new.person_id), person(old.person_id)


def test_merging_carries_everything(cast: Cast) -> None:
    kept, dropped = pair(cast)
    officer = cast.actor("street_officer")
    with acting(officer):
        merge_people(kept, actor=officer, dropped=dropped)
    kept, dropped = person(kept.pk), person(dropped.pk)
    assert dropped.merged_into == kept
    assert (kept.phone(), kept.education, kept.sex) == ("13900000001", "bachelor", "male")
    assert person_with(checked(number(1))) == kept
    assert kept.documents.unscoped(WHY).count() == 3
    assert {one.state for one in Membership.objects.unscoped(WHY).filter(person=kept)} == {"active", "left"}
    assert Employment.objects.unscoped(WHY).filter(person=kept).count() == 2
    assert Spell.objects.unscoped(WHY).filter(person=kept).count() == 2
    assert User.objects.get(username="w1").person == kept
    assert kept.applications.unscoped(WHY).count() == 1
    for kind in attached_to(Person):
        assert not kind.rows(dropped).exists(), kind.label
    assert suspicions(SYSTEM) == []


def test_the_other_way_round_the_keeper_follows_the_membership(cast: Cast) -> None:
    new, old = pair(cast)
    merge_people(old, actor=SYSTEM, dropped=new)
    assert person(old.pk).organisation == cast.own
    assert Membership.objects.unscoped(WHY).get(person=old, state="active").organisation == cast.own


@pytest.mark.parametrize("is_turned", [False, True])
def test_parting_puts_back_every_row_as_it_was(cast: Cast, is_turned: bool) -> None:
    kept, dropped = reversed(pair(cast)) if is_turned else pair(cast)
    before = everything()
    merge = merge_people(kept, actor=SYSTEM, dropped=dropped)
    assert everything() != before
    unmerge_people(merge, actor=SYSTEM)
    assert everything() == before
    assert person(dropped.pk).phone() == ("" if is_turned else "13900000001")
    with pytest.raises(Refused, match="已经拆开"):
        unmerge_people(merge, actor=SYSTEM)


def test_work_at_one_employer_on_the_same_days_is_recorded_once(cast: Cast) -> None:
    old = member(cast.own, "王小明", number(1), employer=cast.firm, since=dt.date(2020, 1, 1))
    leave(old, actor=SYSTEM, on=dt.date(2023, 1, 1), reason="个人要求")
    new = stranger(cast.own, "王小明", born=BORN, employer=cast.firm)
    before = everything()
    merge = merge_people(new.person, actor=SYSTEM, dropped=old.person)
    assert Employment.objects.unscoped(WHY).filter(person=new.person).count() == 1
    unmerge_people(merge, actor=SYSTEM)
    assert everything() == before


def test_two_memberships_are_not_made_one(cast: Cast) -> None:
    one, other = member(cast.own, "王小明", number(1)), stranger(cast.joint, "王小明", born=BORN)
    with pytest.raises(Refused, match="都有会籍"):
        merge_people(one.person, actor=SYSTEM, dropped=other.person)


def test_nobody_is_merged_with_himself_or_twice(cast: Cast) -> None:
    kept, dropped = pair(cast)
    with pytest.raises(Refused):
        merge_people(kept, actor=SYSTEM, dropped=kept)
    merge_people(kept, actor=SYSTEM, dropped=dropped)
    with pytest.raises(Refused):
        merge_people(kept, actor=SYSTEM, dropped=dropped)


def test_both_records_must_be_ones_own(cast: Cast) -> None:
    one, other = stranger(cast.own, "王小明", born=BORN), stranger(cast.joint, "王小明", born=BORN)
    leave(other, actor=SYSTEM, on=dt.date(2025, 1, 1), reason="个人要求")
    for name in ("enterprise_chair", "outsider", "district_chair"):
        actor = cast.actor(name)
        with acting(actor), pytest.raises(NotAllowed):
            merge_people(one.person, actor=actor, dropped=other.person)
        with acting(actor), pytest.raises(NotAllowed):
            tell_apart(one.person, actor=actor, other=other.person)
    merge = merge_people(one.person, actor=SYSTEM, dropped=other.person)
    chair = cast.actor("enterprise_chair")
    with acting(chair), pytest.raises(NotAllowed):
        unmerge_people(merge, actor=chair)


LATER: dict[str, Any] = {
    "a step of the membership": lambda cast, kept: retain_member(
        Membership.objects.unscoped(WHY).get(person=kept, state="active"),
        actor=SYSTEM,
        on=dt.date(2026, 1, 1),
        why="retired",
    ),
    "a correction of the person": lambda cast, kept: edit_person(kept, actor=SYSTEM, native_place="北京"),
    "another document": lambda cast, kept: add_document(kept, actor=SYSTEM, document=checked(next(PASSPORTS), "passport")),
    "a transfer": lambda cast, kept: release_transfer(request_transfer(cast.street, actor=SYSTEM, person=kept), actor=SYSTEM),
}


@pytest.mark.parametrize("what", LATER)
def test_nothing_is_parted_on_which_something_stands(cast: Cast, what: str) -> None:
    kept, dropped = pair(cast)
    merge = merge_people(kept, actor=SYSTEM, dropped=dropped)
    LATER[what](cast, person(kept.pk))
    before = everything()
    with pytest.raises(Refused, match="不能拆开"):
        unmerge_people(Merge.objects.unscoped(WHY).get(pk=merge.pk), actor=SYSTEM)
    assert everything() == before
