"""From agreement to a union: what each step asks for, what founding does, and the members who move with it."""

import datetime as dt
import threading
import time
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from django.db import connection

from gonghui.areas.members.actions import (
    MemberRow,
    admit_members,
    leave,
    move_in,
    print_member,
    record_card,
    request_transfer,
    undo_move,
)
from gonghui.areas.members.models import Alert, Membership, Move, Spell
from gonghui.areas.members.queries import movers
from gonghui.areas.register.models import Coverage, Employer
from gonghui.areas.unionbuilding import actions
from gonghui.areas.unionbuilding.models import Aftercare, Candidate, Founding, Paper, Prospect
from gonghui.areas.unionbuilding.queries import numbers
from gonghui.areas.unionbuilding.rules.founding import Post, Tie
from gonghui.areas.unionbuilding.tests.founding import (
    APPROVED,
    ELECTED,
    PREPARED,
    REVIEWED,
    WAY,
    WHY,
    agreed,
    founded,
    fresh,
    led,
    prepared,
    standing,
    votes,
)
from gonghui.core.actions.action import NotAllowed, Refused
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import acting
from gonghui.core.figures.registry import Period, Scope, figures, value
from gonghui.core.organisations.models import Organisation
from gonghui.core.people.actions import PersonRow
from gonghui.core.people.models import Person
from gonghui.core.reference.actions import revise_parameter
from gonghui.core.reference.models import Parameter
from gonghui.kit.identity import check_character, checked
from tests.cast import SYSTEM, Cast, found_cast

core_action = import_module("gonghui.core.actions.action")
pytestmark = pytest.mark.django_db
CARD = "6217000012345670"


@pytest.fixture
def cast() -> Iterator[Cast]:
    found = found_cast()
    with acting(SYSTEM):
        yield found


def people(
    cast: Cast, count: int, employer: Employer, union: Organisation | None = None, joined: dt.date = dt.date(2020, 1, 1)
) -> list[Membership]:
    """So many members, in the street unless another union is named, who work at an employer."""
    bases = [f"11010119900101{number:03d}" for number in range(1, count + 1)]
    persons = [PersonRow(f"职工{place}", checked(base + check_character(base))) for place, base in enumerate(bases)]
    rows = [MemberRow(person, joined, employer=employer) for person in persons]
    return admit_members(union or cast.street, actor=SYSTEM, rows=rows)


# -- the steps --------------------------------------------------------------------------------------------------


def test_a_firm_is_led_from_agreement_to_a_union_with_an_account(cast: Cast) -> None:
    officer = cast.actor("street_officer")
    prospect = agreed(cast)
    with acting(officer):
        for step in WAY:
            step(fresh(prospect), officer)
    prospect = fresh(prospect)
    founding = Founding.objects.unscoped(WHY).get(prospect=prospect)
    union, employer = founding.union, Employer.objects.unscoped(WHY).get(pk=cast.mill.pk)
    assert union is not None
    assert (prospect.state, prospect.ended_on, prospect.is_open) == ("complete", APPROVED, False)
    assert (union.state, union.parent, union.founded_on, union.keeps_own_funds) == ("active", cast.street, APPROVED, True)
    assert (employer.organisation, employer.coverage) == (union, "own")
    assert Coverage.objects.unscoped(WHY).get(employer=employer).valid.lower == APPROVED
    assert founding.account_masked == "**** 5678"
    assert [one.kind for one in Paper.objects.unscoped(WHY).order_by("pk")] == ["preparation", "result"]
    assert union.contacts.unscoped(WHY).get().name == "刘敏"


def test_the_fields_of_the_election_are_kept_and_who_got_too_few_votes_is_not_elected(cast: Cast) -> None:
    prospect = led(agreed(cast), 3)
    founding = Founding.objects.unscoped(WHY).get(prospect=prospect)
    assert (founding.due, founding.present, founding.election_on) == (60, 50, ELECTED)
    rows = {(one.name, one.post): one for one in Candidate.objects.unscoped(WHY).filter(founding=founding)}
    assert (rows["钱进", "member"].votes, rows["钱进", "member"].is_elected) == (20, False)
    assert sum(one.is_elected for one in rows.values()) == len(rows) - 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"present": 39}, "不到应到 60 人的3分之2"),
        ({"present": 61}, "不能多于应到"),
        ({"due": 61}, "应到人数应在 1 至会员人数 60"),
        ({"meeting": "delegates"}, "会员不足 100 人"),
        ({"刘敏": 30}, "没有人以过半数票当选工会主席"),
        ({"刘敏": 51}, "得票不能多于实到人数"),
        ({"钱进": 44, "周婷": 44}, ""),
        ({"钱进": 45}, "得票相同"),
    ],
)
def test_an_election_stands_only_by_the_rules(cast: Cast, change: dict[str, Any], words: str) -> None:
    prospect = led(agreed(cast), 2)
    given: dict[str, Any] = {"meeting": "members", "due": 60, "present": 50}
    names = {key: number for key, number in change.items() if key not in given}
    given |= {key: number for key, number in change.items() if key in given}
    expectation: Any = pytest.raises(Refused, match=words) if words else pytest.raises(Refused, match="得票相同")
    with expectation:
        actions.record_election(prospect, actor=SYSTEM, on=ELECTED, votes=votes(prospect, **names), **given)


def test_half_of_those_due_is_not_more_than_half(cast: Cast) -> None:
    prospect = led(agreed(cast), 2)
    given: dict[str, Any] = {"meeting": "members", "due": 60, "present": 40}
    few = {one.pk: 30 for one in Candidate.objects.unscoped(WHY)}
    with pytest.raises(Refused, match="没有人以过半数票"):
        actions.record_election(prospect, actor=SYSTEM, on=ELECTED, votes=few, **given)
    assert (
        actions.record_election(prospect, actor=SYSTEM, on=ELECTED, votes=few | votes_of({"刘敏": 31}), **given)[0].name
        == "刘敏"
    )


def votes_of(names: dict[str, int]) -> dict[int, int]:
    return {one.pk: names[one.name] for one in Candidate.objects.unscoped(WHY).filter(name__in=names)}


@pytest.mark.parametrize(
    ("tie", "post", "words"),
    [
        (Tie.RELATIVE, Post.MEMBER, "候选人都符合任职条件"),
        (Tie.LEGAL, Post.CHAIR, "候选人都符合任职条件"),
        (Tie.LEGAL, Post.MEMBER, ""),
        (Tie.HUMAN_RESOURCES, Post.CHAIR, "不宜任职的已说明理由"),
        (Tie.RELATIVE, Post.WOMEN_MEMBER, ""),
    ],
)
def test_who_is_tied_to_the_leader_is_barred_or_needs_a_reason(cast: Cast, tie: str, post: str, words: str) -> None:
    prospect = led(agreed(cast), 1)
    standing(prospect)
    one = Candidate.objects.unscoped(WHY).filter(post=post).first()
    assert one is not None
    actions.edit_candidate(one, actor=SYSTEM, tie=tie)
    if not words:
        actions.approve_candidates(prospect, actor=SYSTEM, on=REVIEWED)
        return
    with pytest.raises(Refused, match=words):
        actions.approve_candidates(prospect, actor=SYSTEM, on=REVIEWED)
    actions.edit_candidate(one, actor=SYSTEM, reason="职工代表一致推荐")
    if tie == Tie.HUMAN_RESOURCES:  # a warning passes with a reason, a bar does not
        actions.approve_candidates(prospect, actor=SYSTEM, on=REVIEWED)
    else:
        with pytest.raises(Refused, match=words):
            actions.approve_candidates(prospect, actor=SYSTEM, on=REVIEWED)


@pytest.mark.parametrize(
    ("left_out", "words"),
    [
        ([("刘敏", Post.CHAIR)], "有工会主席候选人"),
        ([("钱进", Post.MEMBER)], "委员会候选人不少于 6 人"),
        ([("吴刚", Post.AUDIT_HEAD)], "经审会候选人 3–11 人，含主任"),
        ([("王芳", Post.WOMEN_HEAD)], "女职工满 25 人"),
    ],
)
def test_bodies_that_are_too_small_are_named(cast: Cast, left_out: list[tuple[str, Post]], words: str) -> None:
    prospect = led(agreed(cast), 1)
    standing(prospect, SYSTEM, *left_out)
    with pytest.raises(Refused, match=words):
        actions.approve_candidates(prospect, actor=SYSTEM, on=REVIEWED)


def test_fewer_women_need_a_delegate_and_few_members_one_auditor(cast: Cast) -> None:
    prospect = agreed(cast)
    prepared(prospect, women=24, members=20, seats=5)
    left_out = [("王芳", Post.WOMEN_HEAD), ("郑洁", Post.WOMEN_MEMBER), ("吴刚", Post.AUDIT_HEAD), ("冯雪", Post.AUDIT_MEMBER)]
    standing(prospect, SYSTEM, *left_out)
    actions.approve_candidates(prospect, actor=SYSTEM, on=REVIEWED)


def test_after_a_void_election_candidates_are_put_down_anew(cast: Cast) -> None:
    prospect = led(agreed(cast), 2)
    chair = Candidate.objects.unscoped(WHY).get(post=Post.CHAIR)
    with pytest.raises(Refused, match="已经审核"):
        actions.remove_candidate(chair, actor=SYSTEM)
    actions.reopen_candidates(prospect, actor=cast.actor("street_officer"))
    actions.remove_candidate(chair, actor=SYSTEM)
    with pytest.raises(Refused, match="有工会主席候选人"):
        actions.approve_candidates(fresh(prospect), actor=SYSTEM, on=REVIEWED)


def test_the_size_of_a_committee_follows_the_members() -> None:
    with acting(SYSTEM):
        sizes = {members: numbers(APPROVED).committee(members) for members in (10, 25, 200, 201, 1000, 1001, 6000, 20000)}
    assert sizes == {
        10: (3, 5),
        25: (3, 7),
        200: (3, 7),
        201: (7, 15),
        1000: (7, 15),
        1001: (15, 21),
        6000: (21, 29),
        20000: (29, 37),
    }


def test_the_day_that_counts_is_a_dated_setting(cast: Cast) -> None:
    rule = Parameter.objects.unscoped(WHY).get(key="unionbuilding.counting_day")
    revise_parameter(rule, actor=SYSTEM, value=1, since=dt.date(2026, 1, 1), basis="某号文")
    union = founded(led(agreed(cast), 4))
    assert union.founded_on == PREPARED


def test_a_day_before_the_step_before_is_refused(cast: Cast) -> None:
    prospect = led(agreed(cast), 3)
    with pytest.raises(Refused, match="不能早于上一步"):
        actions.approve_result(prospect, actor=SYSTEM, document="8号", on=REVIEWED)


def test_another_street_founds_nothing_here(cast: Cast) -> None:
    prospect = led(agreed(cast), 4)
    with pytest.raises(NotAllowed), cast.act("outsider") as actor:
        founded(prospect, actor)
    with pytest.raises(NotAllowed), cast.act("district_chair") as actor:
        founded(prospect, actor)


def test_a_dispatching_firm_says_how_many_it_dispatches(cast: Cast) -> None:
    Employer.objects.unscoped(WHY).filter(pk=cast.mill.pk).update(is_dispatch_firm=True)
    cast.mill.refresh_from_db()
    prospect = agreed(cast)
    assert prospect.stream == "dispatch"
    with pytest.raises(Refused, match="派遣职工人数"):
        prepared(prospect)
    prepared(prospect, dispatched=90, hosts="北京云帆数讯科技有限公司")
    founding = Founding.objects.unscoped(WHY).get()
    assert (founding.dispatched, founding.hosts) == (90, "北京云帆数讯科技有限公司")


# -- threshold to union -----------------------------------------------------------------------------------------


def facts_of(cast: Cast) -> dict[int, tuple[Any, ...]]:
    """Of every individual member what may not change with the move: number, bank card, day of joining; of some the code on the card."""
    rows = Membership.objects.unscoped(WHY).filter(person__name__startswith="职工").order_by("pk")
    printed = {one.pk: print_member(one, actor=SYSTEM, what="比对") for one in rows[:3]}
    return {
        one.pk: (one.public_id, one.card_state, one.card_masked, one.card(), one.joined_on, printed.get(one.pk)) for one in rows
    }


def holders() -> set[str]:
    rows = Membership.objects.unscoped(WHY).filter(person__name__startswith="职工")
    kept = Person.objects.unscoped(WHY).filter(name__startswith="职工")
    return {f"{one.organisation.name} {one.is_individual}" for one in rows} | {one.organisation.name for one in kept}


def days() -> list[tuple[int, str, Any]]:
    rows = Spell.objects.unscoped(WHY).filter(person__name__startswith="职工").select_related("organisation")
    return sorted((one.membership_id, one.organisation.name, (one.valid.lower, one.valid.upper)) for one in rows)


def new_members(cast: Cast, on: dt.date) -> int:
    return int(value(figures["new_members"], Scope(cast.district), Period(on, on), actor=SYSTEM).number or 0)


def test_the_twenty_five_move_in_one_step_and_back_and_again(cast: Cast) -> None:
    """Threshold to union: new members +0 on that day, cards unchanged; undo; redo."""
    members = people(cast, 25, cast.mill)
    record_card(members[0], actor=SYSTEM, state="issued", number=CARD)
    alert = Alert.objects.unscoped(WHY).get(employer=cast.mill)
    assert alert.state == "open"
    before, places, spells = facts_of(cast), holders(), days()
    officer = cast.actor("street_officer")
    with acting(officer):
        union = founded(led_to_founding(cast, officer), officer)
    own = f"{union.name} False"
    assert holders() == {own, union.name}
    assert facts_of(cast) == before
    assert new_members(cast, APPROVED) == 0
    alert.refresh_from_db()
    assert alert.state == "founded"
    move = Move.objects.unscoped(WHY).get()
    assert (len(move.moved), move.organisation, move.moved_on) == (25, union, APPROVED)
    with acting(officer):
        assert undo_move(move, actor=officer) == []
    assert (holders(), days(), facts_of(cast)) == (places, spells, before)
    assert new_members(cast, APPROVED) == 0
    with pytest.raises(Refused, match="已经撤销"):
        undo_move(move, actor=officer)
    with acting(officer):
        move_in(union, actor=officer, employer=cast.mill, on=APPROVED)
    assert holders() == {own, union.name}
    assert facts_of(cast) == before
    assert new_members(cast, APPROVED) == 0


def led_to_founding(cast: Cast, officer: Actor) -> Prospect:
    with acting(SYSTEM):
        return led(agreed(cast), 4)


def test_who_has_left_since_stays_and_is_named_and_a_card_blocks_nothing(cast: Cast) -> None:
    members = people(cast, 25, cast.mill)
    founded(led(agreed(cast), 4))
    gone, carded = (Membership.objects.unscoped(WHY).get(pk=one.pk) for one in members[:2])
    leave(gone, actor=SYSTEM, on=dt.date(2026, 7, 1), reason="个人要求")
    record_card(carded, actor=SYSTEM, state="issued", number=CARD)
    move = Move.objects.unscoped(WHY).get()
    assert [one.person.name for one in undo_move(move, actor=SYSTEM)] == ["职工0"]
    move.refresh_from_db()
    assert move.stayed == [gone.pk]
    carded.refresh_from_db()
    assert (carded.organisation, carded.card_masked, carded.card()) == (cast.street, f"**** {CARD[-4:]}", CARD)
    gone.refresh_from_db()
    assert (gone.state, gone.organisation) == ("left", move.organisation)


def test_who_joined_after_the_day_that_counts_moves_from_his_own_first_day(cast: Cast) -> None:
    people(cast, 1, cast.mill, joined=dt.date(2026, 6, 15))
    places, spells = holders(), days()
    union = founded(led(agreed(cast), 4))
    ((_key, name, (since, until)),) = days()
    assert (name, since, until) == (union.name, dt.date(2026, 6, 15), None)
    assert new_members(cast, dt.date(2026, 6, 15)) == 1
    undo_move(Move.objects.unscoped(WHY).get(), actor=SYSTEM)
    assert (holders(), days()) == (places, spells)
    assert new_members(cast, dt.date(2026, 6, 15)) == 1


def test_who_joins_at_the_street_later_may_move_later(cast: Cast) -> None:
    union = founded(led(agreed(cast), 4))
    people(cast, 2, cast.mill)
    move_in(union, actor=cast.actor("street_officer"), employer=cast.mill, on=APPROVED)
    assert Membership.objects.unscoped(WHY).filter(organisation=union).count() == 2
    with pytest.raises(Refused, match="没有可以转入的会员"):
        move_in(union, actor=SYSTEM, employer=cast.mill, on=APPROVED)
    with pytest.raises(Refused, match="没有覆盖这个单位"):
        move_in(cast.own, actor=SYSTEM, employer=cast.mill, on=APPROVED)


def test_a_member_whose_transfer_is_under_way_stays_where_he_is(cast: Cast) -> None:
    members = people(cast, 2, cast.mill)
    request_transfer(cast.next_street, actor=SYSTEM, person=members[0].person)
    founded(led(agreed(cast), 4))
    assert Move.objects.unscoped(WHY).get().moved == [members[1].pk]


def test_where_everybody_has_gone_on_nothing_is_undone(cast: Cast) -> None:
    members = people(cast, 1, cast.mill)
    founded(led(agreed(cast), 4))
    leave(Membership.objects.unscoped(WHY).get(pk=members[0].pk), actor=SYSTEM, on=dt.date(2026, 7, 1), reason="个人要求")
    with pytest.raises(Refused, match="职工0转入之后又办过会籍业务"):
        undo_move(Move.objects.unscoped(WHY).get(), actor=SYSTEM)


def test_members_of_the_joint_union_move_along_when_its_firm_converts(cast: Cast) -> None:
    members = people(cast, 3, cast.shop, cast.joint)
    assert movers(cast.shop, None, APPROVED) == [one.pk for one in members]
    prospect = agreed(cast, cast.shop)
    assert prospect.stream == "conversion"
    prepared(prospect, women=0)
    for step in WAY[1:4]:
        step(prospect)
    union = founded(fresh(prospect))
    assert Membership.objects.unscoped(WHY).filter(organisation=union).count() == 3
    former, own = Coverage.objects.unscoped(WHY).filter(employer=cast.shop).order_by("valid")
    assert (former.valid.upper, own.valid.lower, own.form) == (APPROVED, APPROVED, "own")


# -- other ends -------------------------------------------------------------------------------------------------


def test_a_joint_union_covers_and_no_own_one_does(cast: Cast) -> None:
    prospect = agreed(cast)
    with pytest.raises(Refused, match="请选联合工会"):
        actions.cover_jointly(prospect, actor=SYSTEM, union=cast.own, since=APPROVED)
    actions.cover_jointly(prospect, actor=SYSTEM, union=cast.joint, since=APPROVED, basis="纪要")
    assert (fresh(prospect).state, fresh(prospect).ended_on) == ("covered", APPROVED)
    assert Coverage.objects.unscoped(WHY).get(employer=cast.mill).form == "joint"


def test_who_belongs_to_a_union_already_is_put_under_it(cast: Cast) -> None:
    prospect = agreed(cast)
    actions.join_existing(prospect, actor=cast.actor("street_officer"), union=cast.joint, since=APPROVED)
    assert fresh(prospect).state == "joined"


# -- twice at once ----------------------------------------------------------------------------------------------


def press_together(prospect: Prospect, count: int = 2) -> list[str]:
    """What becomes of 建会 pressed by so many at the same moment."""
    start, found = threading.Barrier(count), []

    def press() -> None:
        start.wait()
        try:
            with acting(SYSTEM):
                actions.found(prospect, actor=SYSTEM)
            found.append("")
        except Refused as refusal:
            found.append(str(refusal))
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(found)


def unlocked(subject: Any, actor: Actor, permission: str) -> Any:
    """As `locked`, without its lock, and slow enough for the other one to read the same."""
    found = type(subject).objects.changeable_by(actor, permission).filter(pk=subject.pk).first()
    time.sleep(0.3 if isinstance(subject, Prospect) else 0)
    return found


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("has_lock", [True, False])
def test_pressing_twice_founds_once(has_lock: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other one reads that it is done. Without the lock he does not, and only the constraint on coverage stands in his way."""
    with acting(SYSTEM):
        prospect = led(agreed(found_cast()), 4)
    if not has_lock:
        monkeypatch.setattr(core_action, "locked", unlocked)
    first, second = press_together(prospect)
    assert first == ""
    assert ("现在的状态不能“建会”" in second) == has_lock
    with acting(SYSTEM):
        assert Organisation.objects.unscoped(WHY).filter(name=prospect.founding.union_name).count() == 1
        assert Aftercare.objects.unscoped(WHY).count() == 1
