"""Two records of one union: made one with everything, and parted again so that no table can tell."""

from collections.abc import Callable
from typing import Any

import pytest

from gonghui.areas.members.actions import MemberRow, admit_member, request_transfer
from gonghui.areas.members.models import Membership, Spell
from gonghui.areas.members.tests.workbooks import number
from gonghui.areas.register.actions import (
    add_contact,
    cover_employer,
    cover_employers,
    merge_employers,
    merge_unions,
    tell_unions_apart,
    unmerge_employers,
    unmerge_unions,
)
from gonghui.areas.register.models import (
    Contact,
    Coverage,
    Holding,
    Placement,
)
from gonghui.core.access.actions import Invitee, grant_role, invite
from gonghui.core.access.models import Grant
from gonghui.core.accounts.actions import create_user
from gonghui.core.actions.action import NotAllowed, Refused
from gonghui.core.actions.door import acting
from gonghui.core.notices.actions import write_note
from gonghui.core.organisations.models import Kind, Organisation
from gonghui.core.people.actions import PersonRow
from gonghui.kit.dates import today
from gonghui.kit.identity import checked
from tests.cast import LONG_AGO, SYSTEM, Cast
from tests.merging.records import UNION_CODE, WHY, day, entered, everything, facts, fresh, number_of, own_union


def two_unions(cast: Cast) -> tuple[Organisation, Organisation]:
    """A joint union, and its second record in the next street, with everything that a union has."""
    values: dict[str, Any] = {"joint_basis": "building", "kind": Kind.JOINT}
    other = own_union(cast.next_street, "王府井楼宇工会联合会", uscc=UNION_CODE, code="110101-B1", **values)
    branch = own_union(other, "一分会", kind=Kind.BRANCH, document="")
    own_union(branch, "一小组", kind=Kind.GROUP, document="")
    cover_employers(other, actor=SYSTEM, employers=[cast.neighbour], since=day(2018))
    add_contact(other, actor=SYSTEM, post="chair", name="赵主席", phone="13900000002", since=day(2018))
    for sequence, union in enumerate((other, branch, cast.joint)):
        person = PersonRow(f"会员{sequence}", checked(number(sequence + 1)))
        admit_member(union, actor=SYSTEM, row=MemberRow(person, day(2020), employer=cast.neighbour))
    request_transfer(cast.own, actor=SYSTEM, person=Membership._base_manager.get(person__name="会员1").person)
    user = create_user(username="chair", name="赵主席", password=None)
    grant_role(other, actor=SYSTEM, user=user, role="enterprise_chair", since=LONG_AGO)
    invite(other, actor=SYSTEM, invitees=[Invitee("钱某", "13900000003", "enterprise_chair")])
    write_note(other, actor=cast.actor("outsider"), subject=other, text="留言")
    return fresh(cast.joint), fresh(other)


def test_merging_unions_carries_everything(cast: Cast) -> None:
    kept, dropped = two_unions(cast)
    officer = cast.actor("department_officer")
    with acting(officer):
        merge_unions(kept, actor=officer, dropped=dropped)
    kept, dropped = fresh(kept), fresh(dropped)
    assert (dropped.state, dropped.merged_into, dropped.uscc) == ("merged", kept, None)
    assert (kept.uscc, kept.code) == (UNION_CODE, "110101-B1")
    branch, group = (Organisation._base_manager.get(name=name) for name in ("一分会", "一小组"))
    assert (branch.parent, branch.path, group.path) == (
        kept,
        f"{kept.path}{branch.pk}.",
        f"{kept.path}{branch.pk}.{group.pk}.",
    )
    assert Placement._base_manager.get(union=group, valid__upper_inf=True).managing == cast.street
    neighbour = fresh(cast.neighbour)
    assert (neighbour.organisation, neighbour.organisation_path) == (kept, kept.path)
    assert facts(Coverage, neighbour, "organisation_id") == [(day(2018), None, kept.pk)]
    held = facts(Holding, neighbour, "organisation_id", "managing_id")
    assert held[-2:] == [(day(2018), today(), kept.pk, cast.next_street.pk), (today(), None, kept.pk, cast.street.pk)]
    member = Membership._base_manager.get(person__name="会员0")
    assert (member.organisation, member.person.organisation) == (kept, kept)
    spells = [(one.valid.lower, one.organisation, one.managing) for one in member.spells.unscoped(WHY).order_by("valid")]
    assert spells == [(day(2020), kept, cast.next_street), (today(), kept, cast.street)]
    assert Grant._base_manager.get(user__username="chair").organisation == kept
    assert Contact._base_manager.get(name="赵主席").union == kept


def test_parting_unions_puts_back_every_table(cast: Cast) -> None:
    kept, dropped = two_unions(cast)
    before = everything()
    merge = merge_unions(kept, actor=SYSTEM, dropped=dropped)
    assert everything() != before
    unmerge_unions(merge, actor=SYSTEM)
    after = everything()
    for table, rows in before.items():
        assert after[table] == rows, table


def test_a_double_union_has_never_counted_and_no_member_is_lost(cast: Cast) -> None:
    kept, dropped = two_unions(cast)
    unions, members = ([number_of(code, cast.district, on) for on in (day(2021), today())] for code in ("unions", "members"))
    merge_unions(kept, actor=SYSTEM, dropped=dropped)
    assert [number_of("unions", cast.district, on) for on in (day(2021), today())] == [one - 1 for one in unions]
    assert [number_of("members", cast.district, on) for on in (day(2021), today())] == members
    assert number_of("members", cast.next_street) == 0


def test_what_was_founded_below_since_goes_back_with_it(cast: Cast) -> None:
    kept, dropped = two_unions(cast)
    merge = merge_unions(kept, actor=SYSTEM, dropped=dropped)
    branch = Organisation._base_manager.get(name="一分会")
    second = own_union(branch, "二小组", kind=Kind.GROUP, document="")
    person = PersonRow("新会员", checked(number(9)))
    member = admit_member(branch, actor=SYSTEM, row=MemberRow(person, today(), employer=cast.neighbour))
    unmerge_unions(fresh(merge), actor=SYSTEM)
    assert fresh(second).path == f"{dropped.path}{branch.pk}.{second.pk}."
    assert Spell._base_manager.get(membership=member).managing == cast.next_street
    assert Placement._base_manager.get(union=second, valid__upper_inf=True).managing == cast.next_street


def kinds(cast: Cast) -> tuple[Organisation, Organisation]:
    return cast.joint, own_union(cast.street, "某工会")


UNLIKE: dict[str, tuple[Callable[[Cast], tuple[Organisation, Organisation]], str]] = {
    "two kinds": (kinds, "一个是联合工会，一个是单独建会"),
    "itself": (lambda cast: (cast.own, cast.own), "已经合并过"),
    "one below the other": (
        lambda cast: (
            (one := own_union(cast.own, "一分会", kind=Kind.BRANCH, document="")),
            own_union(one, "二分会", kind=Kind.BRANCH, document=""),
        ),
        "上级和下级",
    ),
}


@pytest.mark.parametrize("what", UNLIKE)
def test_unions_that_cannot_be_one_say_why(cast: Cast, what: str) -> None:
    make, sentence = UNLIKE[what]
    one, other = make(cast)
    with pytest.raises(Refused, match=sentence):
        merge_unions(one, actor=SYSTEM, dropped=other)


def test_a_transfer_between_the_two_is_settled_first(cast: Cast) -> None:
    other = own_union(cast.street, "云帆工会")
    request_transfer(other, actor=SYSTEM, person=cast.member.person)
    with pytest.raises(Refused, match="接转在办理"):
        merge_unions(cast.own, actor=SYSTEM, dropped=other)


def test_managing_unions_are_never_merged(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        merge_unions(cast.street, actor=SYSTEM, dropped=cast.next_street)


def test_the_unions_above_decide(cast: Cast) -> None:
    kept, dropped = two_unions(cast)
    for name in ("street_officer", "outsider", "enterprise_chair", "district_chair"):
        actor = cast.actor(name)
        for one, other in ((kept, dropped), (dropped, kept)):
            with acting(actor), pytest.raises(NotAllowed):
                merge_unions(one, actor=actor, dropped=other)
            with acting(actor), pytest.raises(NotAllowed):
                tell_unions_apart(one, actor=actor, other=other)
    merge = merge_unions(kept, actor=SYSTEM, dropped=dropped)
    actor = cast.actor("outsider")
    with acting(actor), pytest.raises(NotAllowed):
        unmerge_unions(merge, actor=actor)


def test_two_records_of_a_firm_with_two_of_its_union(cast: Cast) -> None:
    """First the unions, which then covers both records; then the employers."""
    one, other = (entered(cast.street, name, headcount=9) for name in ("甲", "乙"))
    first, second = (own_union(cast.street, f"{name}工会") for name in ("甲", "乙"))
    cover_employer(one, actor=SYSTEM, union=first, since=day(2020))
    cover_employer(other, actor=SYSTEM, union=second, since=day(2018))
    before = everything()
    unions = merge_unions(first, actor=SYSTEM, dropped=second)
    employers = merge_employers(fresh(one), actor=SYSTEM, dropped=fresh(other))
    assert facts(Coverage, one, "organisation_id") == [(day(2018), day(2020), first.pk), (day(2020), None, first.pk)]
    assert facts(Coverage, other) == []
    unmerge_employers(employers, actor=SYSTEM)
    unmerge_unions(fresh(unions), actor=SYSTEM)
    assert everything() == before
