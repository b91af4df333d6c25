"""Two records of one employer: made one with everything, and parted again so that no table can tell."""

from collections.abc import Callable
from typing import Any

import pytest

from gonghui.areas.members.actions import MemberRow, admit_member
from gonghui.areas.members.models import Alert, Employment, Membership, Spell
from gonghui.areas.members.tests.workbooks import number
from gonghui.areas.register.actions import (
    add_contact,
    approve_strike_off,
    close_employer,
    cover_employer,
    edit_employer,
    end_contact,
    end_coverage,
    merge_employers,
    propose_strike_off,
    record_headcount,
    restore_employer,
    tell_employers_apart,
    unmerge_employers,
)
from gonghui.areas.register.models import (
    Contact,
    Coverage,
    Employer,
    Headcount,
    Holding,
    Standing,
)
from gonghui.core.actions.action import NotAllowed, Refused
from gonghui.core.actions.door import acting
from gonghui.core.people.actions import PersonRow
from gonghui.kit.dates import today
from gonghui.kit.identity import checked
from tests.cast import LONG_AGO, SYSTEM, Cast
from tests.merging.records import CODE, OTHER_CODE, day, entered, everything, facts, fresh, number_of, own_union


def pair(cast: Cast) -> tuple[Employer, Employer]:
    """The record that an import brought, and the old one with everything that an employer has."""
    old = entered(
        cast.street,
        "北京旧名商贸有限公司",
        day(2016),
        uscc=CODE,
        headcount=40,
        values={"address": "王府井1号", "industry": "F", "employer_class": "170", "has_party_organisation": True},
    )
    cover_employer(old, actor=SYSTEM, union=cast.joint, since=day(2017))
    record_headcount(old, actor=SYSTEM, count=44, on=day(2019), source="union")
    add_contact(old, actor=SYSTEM, post="chair", name="王主席", phone="13900000001", since=day(2016))
    new = entered(cast.street, "北京新名商贸有限公司", day(2022), headcount=60)
    past = propose_strike_off(new, actor=cast.actor("street_officer"), reason="unreachable", evidence="三次走访均无人")
    approve_strike_off(past, actor=cast.actor("district_chair"), on=day(2023))
    restore_employer(past, actor=SYSTEM, on=day(2024), reason="恢复营业")
    for sequence, employer in enumerate((old, new)):
        person = PersonRow(f"会员{sequence}", checked(number(sequence + 1)))
        admit_member(cast.joint, actor=SYSTEM, row=MemberRow(person, day(2023), employer=fresh(employer)))
    return fresh(new), fresh(old)


def test_of_each_day_the_kept_record_holds_and_else_the_other_one(cast: Cast) -> None:
    kept, dropped = pair(cast)
    officer = cast.actor("department_officer")
    with acting(officer):
        merge_employers(kept, actor=officer, dropped=dropped)
    kept, dropped = fresh(kept), fresh(dropped)
    assert facts(Standing, kept, "state") == [
        (day(2016), day(2022), "active"),
        (day(2022), day(2023), "active"),
        (day(2023), day(2024), "struck_off"),
        (day(2024), None, "active"),
    ]
    assert facts(Headcount, kept, "count") == [
        (day(2016), day(2019), 40),
        (day(2019), day(2022), 44),
        (day(2022), None, 60),
    ]
    assert facts(Coverage, kept, "organisation_id") == [(day(2017), None, cast.joint.pk)]
    held = facts(Holding, kept, "organisation_id", "street_id")
    assert held == [
        (day(2016), day(2017), cast.street.pk, cast.street.pk),
        (day(2017), day(2022), cast.joint.pk, cast.street.pk),
        (day(2022), None, cast.joint.pk, cast.street.pk),
    ]
    assert (kept.organisation, kept.coverage, kept.headcount, kept.headcount_on) == (cast.joint, "joint", 60, day(2022))


def test_what_was_unknown_is_filled_in_and_the_former_name_is_kept(cast: Cast) -> None:
    kept, dropped = pair(cast)
    merge_employers(kept, actor=SYSTEM, dropped=dropped)
    kept, dropped = fresh(kept), fresh(dropped)
    assert (kept.uscc, kept.address, kept.industry, kept.employer_class) == (CODE, "王府井1号", "F", "170")
    assert (kept.has_party_organisation, kept.is_non_public, kept.entered_on) == (True, True, day(2016))
    assert (kept.name, kept.former_names) == ("北京新名商贸有限公司", ["北京旧名商贸有限公司"])
    assert (dropped.state, dropped.merged_into, dropped.uscc, dropped.coverage) == ("merged", kept, None, "none")
    assert Contact._base_manager.get(name="王主席").employer == kept
    assert Employment._base_manager.filter(employer=kept).count() == 2


def test_what_the_kept_record_says_of_itself_stays(cast: Cast) -> None:
    kept = entered(cast.street, "甲", uscc=CODE, headcount=5, values={"industry": "I"})
    dropped = entered(cast.street, "乙", uscc=OTHER_CODE, headcount=7, values={"industry": "J"})
    merge_employers(kept, actor=SYSTEM, dropped=dropped)
    kept, dropped = fresh(kept), fresh(dropped)
    assert (kept.uscc, kept.industry, kept.headcount, dropped.uscc) == (CODE, "I", 5, OTHER_CODE)
    assert facts(Headcount, dropped, "count") == [(LONG_AGO, None, 7)]


@pytest.mark.parametrize("is_turned", [False, True])
def test_parting_employers_puts_back_every_table(cast: Cast, is_turned: bool) -> None:
    kept, dropped = reversed(pair(cast)) if is_turned else pair(cast)
    before = everything()
    merge = merge_employers(kept, actor=SYSTEM, dropped=dropped)
    assert everything() != before
    unmerge_employers(merge, actor=SYSTEM)
    assert everything() == before
    with pytest.raises(Refused, match="已经拆开"):
        unmerge_employers(merge, actor=SYSTEM)
    again = merge_employers(kept, actor=SYSTEM, dropped=dropped)
    unmerge_employers(again, actor=SYSTEM)
    assert everything() == before


def test_a_duplicate_has_never_counted(cast: Cast) -> None:
    days = [day(2018), day(2020), day(2023), today()]
    kept, dropped = pair(cast)
    numbers = [number_of("employers", cast.street, on) for on in days]
    covered = [number_of("covered_employers", cast.street, on) for on in days]
    merge = merge_employers(kept, actor=SYSTEM, dropped=dropped)
    assert [number_of("employers", cast.street, on) for on in days] == [numbers[0], numbers[1], numbers[2] - 1, numbers[3] - 1]
    found = [number_of("covered_employers", cast.street, on) for on in days]
    assert found == [covered[0], covered[1], covered[2] - 1, covered[3]], "struck off in 2023, and so not eligible"
    unmerge_employers(merge, actor=SYSTEM)
    assert [number_of("employers", cast.street, on) for on in days] == numbers


def test_members_cards_know_nothing_of_it(cast: Cast) -> None:
    kept, dropped = pair(cast)
    before = list(Membership._base_manager.order_by("pk").values()), list(Spell._base_manager.order_by("pk").values())
    merge_employers(kept, actor=SYSTEM, dropped=dropped)
    assert (list(Membership._base_manager.order_by("pk").values()), list(Spell._base_manager.order_by("pk").values())) == before


def test_the_reminder_to_found_a_union_counts_both(cast: Cast) -> None:
    one, other = (entered(cast.street, name) for name in ("甲", "乙"))
    for sequence in range(26):
        person = PersonRow(f"会员{sequence}", checked(number(sequence + 1)))
        admit_member(cast.street, actor=SYSTEM, row=MemberRow(person, day(2023), employer=(one, other)[sequence % 2]))
    assert not Alert._base_manager.exists()
    before = everything()
    merge = merge_employers(one, actor=SYSTEM, dropped=other)
    assert Alert._base_manager.get().employer == one
    unmerge_employers(merge, actor=SYSTEM)
    assert everything() == before


def covered_by_their_own(cast: Cast, *employers: Employer) -> None:
    for employer in employers:
        cover_employer(employer, actor=SYSTEM, union=own_union(cast.street, f"{employer}工会"), since=day(2020))


OBSTACLES: dict[str, tuple[Callable[[Cast, Employer, Employer], Any], str]] = {
    "covered by different unions": (
        covered_by_their_own,
        "不同的工会覆盖（甲工会、乙工会）",
    ),
    "a striking-off that waits": (
        lambda cast, one, other: propose_strike_off(
            other, actor=cast.actor("street_officer"), reason="unreachable", evidence="无人"
        ),
        "待审核的剔除申报",
    ),
    "the kept one is closed": (
        lambda cast, one, other: close_employer(one, actor=SYSTEM, on=today(), reason="注销"),
        "请保留另一条",
    ),
    "merged before": (lambda cast, one, other: merge_employers(other, actor=SYSTEM, dropped=one), "已经合并过"),
}


@pytest.mark.parametrize("what", OBSTACLES)
def test_employers_that_cannot_be_one_now_say_why(cast: Cast, what: str) -> None:
    one, other = (entered(cast.street, name) for name in ("甲", "乙"))
    prepare, sentence = OBSTACLES[what]
    prepare(cast, one, other)
    before = everything()
    with pytest.raises(Refused, match=sentence):
        merge_employers(one, actor=SYSTEM, dropped=other)
    assert everything() == before


def test_coverage_that_followed_on_another_is_one_history(cast: Cast) -> None:
    one, other = (entered(cast.street, name, headcount=9) for name in ("甲", "乙"))
    cover_employer(one, actor=SYSTEM, union=cast.joint, since=day(2016))
    own = own_union(cast.street, "甲工会", day(2020))
    cover_employer(other, actor=SYSTEM, union=own, since=day(2020))
    end_coverage(fresh(one), actor=SYSTEM, on=day(2020), reason="转为单独建会")
    merge_employers(fresh(one), actor=SYSTEM, dropped=other)
    assert facts(Coverage, one, "form") == [(day(2016), day(2020), "joint"), (day(2020), None, "own")]
    assert (fresh(one).organisation, fresh(one).coverage) == (own, "own")


LATER: dict[str, Any] = {
    "a number of workers": lambda kept, dropped: record_headcount(kept, actor=SYSTEM, count=3, on=today(), source="union"),
    "a correction": lambda kept, dropped: edit_employer(kept, actor=SYSTEM, address="别处"),
    "a correction of the dropped one": lambda kept, dropped: edit_employer(dropped, actor=SYSTEM, address="别处"),
    "the end of coverage": lambda kept, dropped: end_coverage(kept, actor=SYSTEM, on=today(), reason="测试"),
    "the end of a contact": lambda kept, dropped: end_contact(
        Contact._base_manager.get(name="王主席"), actor=SYSTEM, on=today()
    ),
}


@pytest.mark.parametrize("what", LATER)
def test_employers_are_not_parted_on_which_something_stands(cast: Cast, what: str) -> None:
    kept, dropped = pair(cast)
    merge = merge_employers(kept, actor=SYSTEM, dropped=dropped)
    LATER[what](fresh(kept), fresh(dropped))
    before = everything()
    with pytest.raises(Refused, match="合并之后又办过事"):
        unmerge_employers(fresh(merge), actor=SYSTEM)
    assert everything() == before


def test_two_streets_are_the_districts_matter(cast: Cast) -> None:
    kept, dropped = cast.mill, cast.neighbour
    for name in ("street_officer", "outsider", "enterprise_chair", "district_chair"):
        actor = cast.actor(name)
        for one, other in ((kept, dropped), (dropped, kept)):
            with acting(actor), pytest.raises(NotAllowed):
                merge_employers(one, actor=actor, dropped=other)
            with acting(actor), pytest.raises(NotAllowed):
                tell_employers_apart(one, actor=actor, other=other)
    officer = cast.actor("department_officer")
    with acting(officer):
        merge = merge_employers(kept, actor=officer, dropped=dropped)
    for name in ("street_officer", "outsider"):
        actor = cast.actor(name)
        with acting(actor), pytest.raises(NotAllowed):
            unmerge_employers(merge, actor=actor)
    with acting(officer):
        unmerge_employers(merge, actor=officer)
