"""Claims: their days, what keeps them, where a prospect goes back to, and two unions that press at the same moment."""

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from gonghui.areas.register.actions import close_employer, cover_employer, found_root, found_union
from gonghui.areas.register.models import Employer, Holding
from gonghui.areas.unionbuilding import actions
from gonghui.areas.unionbuilding.actions import claims as claim_actions
from gonghui.areas.unionbuilding.models import Claim, Prospect
from gonghui.areas.unionbuilding.queries import attempts_of, disputes, prospects
from gonghui.areas.unionbuilding.tests.fieldwork import (
    WHY,
    claim_of,
    claimed,
    day,
    firm,
    prospect_of,
    stored,
    system_officer,
    tried,
)
from gonghui.core.actions.action import NotAllowed, Refused
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import acting
from gonghui.core.organisations.models import Kind
from gonghui.core.reference.models import Region
from gonghui.kit.dates import as_if, today
from tests.cast import LONG_AGO, SYSTEM, Cast, found_cast
from tests.test_pages import signed_in

NIGHT = Actor.system("unionbuilding.advance_claims")


@pytest.fixture
def open_cast(cast: Cast) -> Iterator[Cast]:
    with acting(SYSTEM):
        yield cast


def nights(until: dt.date, since: dt.date) -> None:
    """The nightly job of every day."""
    for number in range((until - since).days + 1):
        with as_if(since + dt.timedelta(days=number)):
            actions.advance_claims(NIGHT, since + dt.timedelta(days=number))


# -- ten working days over the holidays ---------------------------------------------------------------------------


def test_nobody_answers_for_ten_working_days_and_it_may_be_claimed_again(open_cast: Cast) -> None:
    """09-20 is worked, 09-25 and 10-01 to 10-07 are off: the last day is 10-09."""
    prospect = prospect_of(open_cast.mill)
    with as_if(day("09-18")):
        claim = claimed(open_cast, prospect)
    assert (claim.until, claim.is_tentative) == (day("10-09"), False)
    for text in ("09-21", "09-22", "10-08"):
        with as_if(day(text)):
            tried(prospect, "no_answer")
    nights(day("10-09"), day("09-18"))
    assert (stored(claim).state, stored(prospect).is_open) == ("held", False)
    nights(day("10-10"), day("10-10"))
    assert (stored(claim).state, stored(claim).ended_on, stored(prospect).is_open) == ("lapsed", day("10-10"), True)
    with as_if(day("10-12")):
        again = claimed(open_cast, stored(prospect), open_cast.education)
        assert again.organisation_id == open_cast.education.pk


def test_a_person_reached_the_day_before_keeps_it(open_cast: Cast) -> None:
    prospect = prospect_of(open_cast.mill)
    with as_if(day("09-18")):
        claim = claimed(open_cast, prospect)
    with as_if(day("10-08")):
        tried(prospect, "reached")
    nights(day("10-20"), day("09-18"))
    assert (stored(claim).state, stored(prospect).is_open) == ("kept", False)


@pytest.mark.parametrize(
    ("method", "result", "state"),
    [
        ("phone", "no_answer", "held"),
        ("phone", "empty", "held"),
        ("phone", "declined", "kept"),
        ("visit", "nobody", "kept"),
        ("visit", "met", "kept"),
    ],
)
def test_a_person_or_a_visit_keeps_it(open_cast: Cast, method: str, result: str, state: str) -> None:
    prospect = prospect_of(open_cast.mill)
    claim = claimed(open_cast, prospect)
    tried(prospect, result, method)
    assert stored(claim).state == state


# -- whose it is --------------------------------------------------------------------------------------------------


def test_what_is_claimed_is_held_by_the_claimant_and_goes_back_where_it_was(open_cast: Cast) -> None:
    prospect = prospect_of(open_cast.mill)
    claim = claimed(open_cast, prospect, open_cast.education)
    assert stored(open_cast.mill).organisation_id == stored(prospect).organisation_id == open_cast.education.pk
    tried(prospect, "no_answer", note="前台转接无人")
    actions.release_claim(stored(claim), actor=SYSTEM, reason="不属于教育系统")
    assert stored(open_cast.mill).organisation_id == stored(prospect).organisation_id == open_cast.street.pk
    holding = Holding.objects.unscoped(WHY).get(employer=open_cast.mill, valid__upper_inf=True)
    assert holding.managing_id == open_cast.street.pk
    officer = open_cast.actor("street_officer")
    with acting(officer):
        assert [one.note for one in attempts_of(stored(prospect), officer)] == ["前台转接无人"]


def test_a_district_assigns_and_passes_on(open_cast: Cast) -> None:
    prospect, district = prospect_of(open_cast.mill), open_cast.actor("department_officer")
    with pytest.raises(Refused, match="指派认领"):
        actions.claim(open_cast.district, actor=district, prospect=prospect)
    first = actions.assign_claim(prospect, actor=district, union=open_cast.education, reason="幼教机构")
    second = actions.reassign_claim(first, actor=district, union=open_cast.street, reason="属地更近")
    assert (stored(first).state, second.origin_id) == ("passed", open_cast.street.pk)
    assert stored(open_cast.mill).organisation_id == open_cast.street.pk
    with pytest.raises(NotAllowed), acting(open_cast.actor("street_officer")):
        actions.reassign_claim(second, actor=open_cast.actor("street_officer"), union=open_cast.education, reason="x")


def test_what_a_joint_union_covers_is_claimed_by_the_union_that_manages_it(open_cast: Cast) -> None:
    prospect = prospect_of(open_cast.shop)
    with pytest.raises(Refused, match="东华门街道总工会"):
        claimed(open_cast, prospect, open_cast.education)
    claimed(open_cast, prospect)
    assert stored(open_cast.shop).organisation_id == open_cast.joint.pk


def test_a_prospect_ends_with_its_employer_and_its_claim_at_night(open_cast: Cast) -> None:
    prospect = prospect_of(open_cast.mill)
    claim = claimed(open_cast, prospect)
    close_employer(open_cast.mill, actor=SYSTEM, on=today(), reason="吊销")
    assert (stored(prospect).state, stored(prospect).reason) == ("closed", "deregistered")
    actions.advance_claims(NIGHT, claim.claimed_on)
    assert stored(claim).state == "settled"


# -- at the same moment -------------------------------------------------------------------------------------------


def pressed_together(cast: Cast, prospect: Prospect) -> list[str]:
    """Street and system press 认领 in the same second; what each then reads."""
    start, pages = threading.Barrier(2), dict[str, str]()

    def press(name: str) -> None:
        client = signed_in(cast, name)
        start.wait()
        answer = client.post(reverse("unionbuilding:claim", args=[prospect.public_id]), follow=True)
        pages[name] = answer.content.decode()
        connection.close()

    threads = [threading.Thread(target=press, args=[name]) for name in ("street_officer", "system_officer")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [pages[name] for name in ("street_officer", "system_officer")]


def what_the_other_reads(
    monkeypatch: pytest.MonkeyPatch, read: Callable[[Prospect], Prospect] | None = None
) -> tuple[str, str]:
    """One claim stands; the page of whoever came too late, and what it should say: who holds it until when."""
    cast = found_cast()
    with acting(SYSTEM):
        system_officer(cast)
        prospect = prospect_of(cast.mill)
    if read:
        monkeypatch.setattr(claim_actions, "locked_open", read)
    pages = pressed_together(cast, prospect)
    with acting(SYSTEM):
        (claim,) = Claim.objects.unscoped(WHY).filter(prospect=prospect)
        winner, until = claim.organisation, claim.until
        assert Employer.objects.unscoped(WHY).get(pk=cast.mill.pk).organisation_id == winner.pk
    loser = pages[0 if winner == cast.education else 1]
    return loser, f"已由“{winner.name}”认领，到 {until} 为止"


def read_without_lock(prospect: Prospect) -> Prospect:
    """The control: what everybody writes at first. Both find it open."""
    rows = Prospect.objects.unscoped(WHY).filter(pk=prospect.pk, is_open=True)
    fresh: Any = rows.first()
    if fresh is None:
        raise Refused(claim_actions.held_words(prospect))
    BOTH.wait(timeout=10)
    return fresh  # type: ignore[no-any-return]


BOTH = threading.Barrier(2)


@pytest.mark.django_db(transaction=True)
def test_of_two_that_press_at_once_one_wins_and_the_other_reads_who_has_it_until_when(monkeypatch: pytest.MonkeyPatch) -> None:
    page, told = what_the_other_reads(monkeypatch)
    assert told in page


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_the_other_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the harness is worthless (rule 12): both find it open, and only the constraint keeps the second one out."""
    page, told = what_the_other_reads(monkeypatch, read_without_lock)
    assert told not in page
    assert "这个单位刚刚被认领" in page


# -- disputes -----------------------------------------------------------------------------------------------------


def test_a_dispute_is_decided_by_the_district_and_both_sides_see_it(open_cast: Cast) -> None:
    system_officer(open_cast)
    prospect = prospect_of(open_cast.mill)
    claimed(open_cast, prospect)
    system, district = open_cast.actor("system_officer"), open_cast.actor("department_officer")
    with acting(system):
        dispute = actions.raise_dispute(
            open_cast.education, actor=system, firm=open_cast.mill.name, reason="幼教机构归口教育系统"
        )
    with pytest.raises(NotAllowed), acting(open_cast.actor("street_officer")):
        actions.withdraw_dispute(dispute, actor=open_cast.actor("street_officer"))
    with acting(district):
        actions.uphold_dispute(dispute, actor=district, decision="按归口办")
    for name in ("street_officer", "system_officer"):
        with acting(open_cast.actor(name)):
            assert [one.decision for one in disputes(open_cast.actor(name))] == ["按归口办"]
    with acting(open_cast.actor("outsider")):
        assert not disputes(open_cast.actor("outsider")).exists()
    claim = claim_of(prospect)
    assert claim is not None
    assert claim.organisation_id == open_cast.education.pk


def test_whoever_names_a_firm_that_nobody_claimed_learns_nothing(open_cast: Cast) -> None:
    system_officer(open_cast)
    firm(open_cast, "没有认领的店")
    system = open_cast.actor("system_officer")
    said = set()
    for name in ("没有认领的店", "没有这样的店", ""):
        with pytest.raises(Refused) as refusal, acting(system):
            actions.raise_dispute(open_cast.education, actor=system, firm=name, reason="x")
        said.add(str(refusal.value))
    assert len(said) == 1


# -- who may claim at all -------------------------------------------------------------------------------------------


def test_what_stands_in_another_district_is_claimed_there_and_stands_in_no_list_here(open_cast: Cast) -> None:
    west = found_root(
        actor=SYSTEM,
        name="西城区总工会",
        kind=Kind.DISTRICT,
        on=LONG_AGO,
        region=Region.objects.get(code="110102"),
        code="110102",
    )
    street = found_union(west, actor=SYSTEM, name="展览路街道总工会", kind=Kind.STREET, on=LONG_AGO, document="1号")
    there = firm(open_cast, "展览路的店", at=street)
    here = firm(open_cast, "东华门的店")
    with pytest.raises(Refused, match="在别的区"):
        claimed(open_cast, there)
    officer = open_cast.actor("street_officer")
    with acting(officer):
        assert set(prospects(officer).values_list("pk", flat=True)) == {here.pk}
    assert claimed(open_cast, there, street).organisation == street


def test_what_a_joint_union_covers_only_its_managing_union_sees(open_cast: Cast) -> None:
    cover_employer(open_cast.mill, actor=SYSTEM, union=open_cast.joint, since=LONG_AGO)
    open_cast.mill.refresh_from_db()
    prospect = prospect_of(open_cast.mill)
    for name, sees in (("street_officer", True), ("outsider", False)):
        actor = open_cast.actor(name)
        with acting(actor):
            assert Prospect.objects.visible_to(actor).filter(pk=prospect.pk).exists() is sees
