"""In the demo an officer finds union building at work on every page."""

import datetime as dt
from collections import Counter
from typing import Any

from gonghui.areas.register.models import StrikeOff
from gonghui.areas.unionbuilding import queries
from gonghui.areas.unionbuilding.models import (
    Aftercare,
    Attempt,
    Award,
    Candidate,
    Charge,
    Claim,
    Crossing,
    Difference,
    Dispute,
    Duty,
    Edition,
    Finding,
    Founding,
    Paper,
    Prospect,
    TaxMatter,
)
from gonghui.areas.unionbuilding.rules import (
    PROSPECT_FLOW,
    AttemptResult,
    DifferenceKind,
    ListKind,
    Origin,
    Outcome,
    Stream,
    TaxMatterKind,
)
from gonghui.areas.unionbuilding.rules.founding import needs_of
from gonghui.core.access.queries import actor_for
from gonghui.core.accounts.models import User
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import acting
from gonghui.core.figures.models import Target
from gonghui.core.organisations.models import Organisation
from gonghui.kit.dates import now, today
from tests.demo.conftest import SYSTEM

STREET = "110101001"


def counted(model: Any, *names: str, **conditions: Any) -> Counter[Any]:
    """How many records there are of each value, or of each tuple of values."""
    rows = model.objects.visible_to(SYSTEM).filter(**conditions).order_by()
    return Counter(rows.values_list(*names, flat=len(names) == 1))


def officer(username: str) -> Actor:
    return actor_for(User.objects.get(username=username))


def street(actor: Actor) -> Organisation:
    return Organisation.objects.visible_to(actor).get(code=STREET)


def test_prospects_are_in_every_state_stream_and_of_every_origin_but_the_alert_which_waits(register: None) -> None:
    assert set(counted(Prospect, "state")) == set(PROSPECT_FLOW.codes)
    assert set(counted(Prospect, "stream")) == set(Stream.values)
    assert set(counted(Prospect, "origin")) == set(Origin.values) - {Origin.ALERT}
    assert counted(Prospect, "is_open")[True] >= 20


def test_claims_run_end_soon_lapse_and_are_given_back_or_passed_on(register: None) -> None:
    assert set(counted(Claim, "state")) == {"held", "kept", "lapsed", "released", "passed", "settled"}
    near = Claim.objects.visible_to(SYSTEM).filter(state="held", remind_on__lte=today())
    assert near.count() >= 2
    assert not Claim.objects.visible_to(SYSTEM).filter(state="held", until__lt=today()).exists()


def test_disputes_have_ended_in_every_way_and_two_wait(register: None) -> None:
    states = counted(Dispute, "state")
    assert states["raised"] == 2
    assert set(states) == {"raised", "upheld", "dismissed", "withdrawn"}


def test_every_result_of_a_call_or_visit_was_written_down_by_several_officers_on_its_day(register: None) -> None:
    assert set(counted(Attempt, "result")) == set(AttemptResult.values)
    assert len(counted(Attempt, "by__username")) >= 3
    attempts = Attempt.objects.visible_to(SYSTEM)
    assert all(one.at.astimezone(dt.timezone(dt.timedelta(hours=8))).date() == one.on < today() for one in attempts)


def test_the_call_desk_has_firms_that_are_due_to_be_tried_again_and_appointments_of_today(seconds: float) -> None:
    actor = officer("donghuamen")
    with acting(actor):
        due = queries.calls_due(queries.own_claims(actor), street(actor))
        assert due.count() >= 8
        tried = Attempt.objects.visible_to(actor).filter(result="no_answer", employer__in=due.values("employer"))
        assert tried.exists()
        agreed = queries.own_claims(actor).filter(call_at__isnull=False)
        assert agreed.filter(call_on=today()).count() == 2
        assert agreed.filter(call_at__gt=now()).exists()
        assert queries.to_visit(queries.own_claims(actor)).count() >= 3


def test_findings_have_every_outcome_and_refusals_many_reasons(register: None) -> None:
    assert set(counted(Finding, "outcome")) == set(Outcome.values)
    assert len(counted(Finding, "reason", outcome="refused")) >= 6
    assert all(one > today() for one in counted(Prospect, "refused_until", state="refused"))


def test_screening_has_firms_to_propose_and_proposals_with_their_evidence(seconds: float) -> None:
    actor = officer("donghuamen")
    with acting(actor):
        assert {one.outcome for one in queries.screened(actor)} == {None, "duplicate"}
        proposed = StrikeOff.objects.visible_to(actor).filter(state="proposed", employer__prospects__isnull=False)
        assert proposed.count() >= 3
        assert all("周敏" in one.evidence for one in proposed)


def test_somebody_answers_for_each_street_and_streets_have_targets(register: None) -> None:
    assert len(counted(Charge, "organisation", "area")) == 4
    assert len(counted(Target, "organisation", organisation__kind="street")) == 2


def test_the_tax_lists_differ_in_every_way(register: None) -> None:
    kinds = counted(Difference, "kind")
    assert set(kinds) == set(DifferenceKind.values)
    crossed = Difference.objects.visible_to(SYSTEM).filter(kind="band").values_list("old", "new")
    for floor in (25, 100, 200):
        assert any(int(old) < floor <= int(new) for old, new in crossed)
    assert counted(Edition, "kind", "state") == {(ListKind.TAX, "matched"): 2, (ListKind.REGISTRY, "matched"): 1}


def test_many_uncertain_pairs_wait_for_the_street_and_some_are_decided(seconds: float) -> None:
    actor = officer("donghuamen")
    with acting(actor):
        newest = queries.newest_tax_editions(actor).get()
        assert queries.to_review(actor).filter(edition=newest).count() >= 25
        decided = queries.matches(actor).filter(edition=newest, decided_by=actor.user_id)
        assert {one.state for one in decided} == {"confirmed", "rejected"}


def test_tax_matters_of_every_kind_are_open_and_answered(register: None) -> None:
    kinds = counted(TaxMatter, "kind", "state")
    assert set(kinds) == {(kind, state) for kind in TaxMatterKind.values for state in ("open", "answered")}


def test_foundings_stand_on_every_step_with_their_letters(register: None) -> None:
    states = counted(Founding, "prospect__state")
    assert set(states) == {"preparing", "nominated", "elected", "approved", "founded", "registered", "complete"}
    assert counted(Paper, "kind") == {"preparation": sum(states.values()), "result": counted(Paper, "kind")["result"]}
    preparing = Prospect.objects.visible_to(SYSTEM).filter(state="preparing")
    ready = {all(need.is_met for need in needs_of("nominate", queries.progress(one))) for one in preparing if stands(one)}
    assert ready == {True, False}


def stands(prospect: Prospect) -> bool:
    return Candidate.objects.visible_to(SYSTEM).filter(founding__prospect=prospect).exists()


def test_after_founding_duties_are_open_done_and_late_and_one_union_is_orderly_and_lively(register: None) -> None:
    duties = Duty.objects.visible_to(SYSTEM)
    assert duties.filter(done_on__isnull=False).exists()
    assert duties.filter(done_on=None, due_on__gt=today()).exists()
    assert duties.filter(done_on=None, due_on__lt=today()).exists()
    assert Aftercare.objects.visible_to(SYSTEM).filter(orderly_on__isnull=False, lively_on__isnull=False).count() == 1


def test_awards_are_confirmed_by_a_second_person_and_wait(register: None) -> None:
    assert counted(Award, "state") == {"confirmed": 2, "computed": 2}
    assert all(one.points > 0 for one in Award.objects.visible_to(SYSTEM))


def test_a_firm_of_a_joint_union_has_grown_and_prepares_its_own(register: None) -> None:
    assert counted(Crossing, "prospect__state")["preparing"] == 1
