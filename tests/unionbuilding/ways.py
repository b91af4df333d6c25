"""How the flows of union building are tried: for each a record in every state, and for each step how its action is called."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from gonghui.areas.register import actions as register
from gonghui.areas.register.actions import EmployerRow
from gonghui.areas.unionbuilding import actions as building
from gonghui.areas.unionbuilding.actions import AttemptRow
from gonghui.areas.unionbuilding.actions.prospects import advance
from gonghui.areas.unionbuilding.models import Award, Claim, Dispute, Edition, Prospect, TaxMatter
from gonghui.areas.unionbuilding.rules import RUNNING_CLAIM
from gonghui.areas.unionbuilding.rules.firms import Firm
from gonghui.areas.unionbuilding.tests import founding
from gonghui.core.accounts.limits import give_back
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import acting
from gonghui.core.history.look_ups import limit_of
from gonghui.core.organisations.models import Organisation
from gonghui.kit.dates import today
from tests.cast import LONG_AGO, SYSTEM, Cast
from tests.way import NUMBERS, WHY, YESTERDAY, Way, the_joint_union, union


def unclaimed(cast: Cast) -> Prospect:
    """An employer of the street that may be claimed."""
    row = EmployerRow(f"被试对象{next(NUMBERS)}", LONG_AGO, region=cast.street.region, headcount=60)
    employer = register.enter_employer(cast.street, actor=SYSTEM, row=row)
    (prospect,) = building.open_prospects(cast.street, actor=SYSTEM, employers=[employer])
    return prospect


def claim_in(cast: Cast, state: str) -> Claim:
    """A claim of the street in a state."""
    prospect = unclaimed(cast)
    made = building.claim(cast.street, actor=SYSTEM, prospect=prospect)
    if state == "kept":
        building.keep_claim(made, actor=SYSTEM)
    elif state == "lapsed":
        building.advance_claim(made, actor=SYSTEM, on=made.until + dt.timedelta(days=1))
    elif state == "released":
        building.release_claim(made, actor=SYSTEM, reason="测试")
    elif state == "passed":
        building.reassign_claim(made, actor=SYSTEM, union=cast.next_street, reason="测试")
        building.reassign_claim(claim_on(prospect), actor=SYSTEM, union=cast.street, reason="测试")
    elif state == "settled":
        building.close_prospect(Prospect.objects.unscoped(WHY).get(pk=prospect.pk), actor=SYSTEM, reason="other")
        building.advance_claim(made, actor=SYSTEM, on=today())
    made.refresh_from_db()
    return made


def claim_on(prospect: Prospect) -> Claim:
    """The claim that holds a prospect."""
    found: Claim = Claim.objects.unscoped(WHY).get(prospect=prospect, state__in=RUNNING_CLAIM)
    return found


def to_claim(cast: Cast) -> Organisation:
    """The street, and something it may claim."""
    unclaimed(cast)
    return cast.street


def newest_prospect() -> Prospect:
    """What was opened last."""
    with acting(SYSTEM):
        return Prospect.objects.unscoped(WHY).filter(is_open=True).latest("pk")  # type: ignore[no-any-return]


def to_dispute(cast: Cast) -> Organisation:
    """The street, and something that the next one has claimed."""
    building.claim(cast.next_street, actor=SYSTEM, prospect=unclaimed(cast))
    return cast.street


def disputed(street: Organisation, actor: Actor) -> Dispute:
    """The street says that what was claimed last is its own."""
    with acting(SYSTEM):
        claimed = Claim.objects.unscoped(WHY).filter(state__in=RUNNING_CLAIM).exclude(organisation=street).latest("pk")
        name = claimed.employer.name
    return building.raise_dispute(street, actor=actor, firm=name, reason="测试")


def dispute_in(cast: Cast, state: str) -> Dispute:
    """A dispute of the street with the next one in a state."""
    officer = cast.actor("street_officer")
    dispute = disputed(to_dispute(cast), officer)
    give_back([limit_of(officer)])  # nobody raises as many in an hour as the flow is tried with
    if state == "upheld":
        building.uphold_dispute(dispute, actor=SYSTEM, decision="测试")
    elif state == "dismissed":
        building.dismiss_dispute(dispute, actor=SYSTEM, decision="测试")
    elif state == "withdrawn":
        building.withdraw_dispute(dispute, actor=SYSTEM)
    dispute.refresh_from_db()
    return dispute


def newly_opened(street: Organisation, actor: Actor) -> Prospect:
    """An employer without a union becomes a prospect."""
    with acting(SYSTEM):
        row = EmployerRow("新对象", LONG_AGO, region=street.region)
        employer = register.enter_employer(street, actor=SYSTEM, row=row)
    return building.open_prospects(street, actor=actor, employers=[employer])[0]


def prospect_in(cast: Cast, state: str) -> Prospect:
    """An employer that the street has claimed, so far on its way to a union."""
    prospect = unclaimed(cast)
    building.claim(cast.street, actor=SYSTEM, prospect=prospect)
    prospect = founding.fresh(prospect)
    for step in ("verify", "talk", "agree")[: EARLY.index(state) if state in EARLY else 3]:
        advance(prospect, step)
    if state in FROM_AGREED:
        for walk in founding.WAY[: FROM_AGREED.index(state)]:
            walk(founding.fresh(prospect))
    elif state not in EARLY:
        ENDS[state](prospect)
    return founding.fresh(prospect)


EARLY = ("to_verify", "verified", "contacted")
FROM_AGREED = ("agreed", "preparing", "nominated", "elected", "approved", "founded", "registered", "complete")
ENDS: dict[str, Callable[[Prospect], None]] = {
    "covered": lambda one: covered(one, SYSTEM),
    "joined": lambda one: joined(one, SYSTEM),
    "refused": lambda one: advance(one, "refuse"),
    "closed": lambda one: advance(one, "close"),
}


def covered(prospect: Prospect, actor: Actor) -> None:
    """The joint union covers it."""
    building.cover_jointly(prospect, actor=actor, union=the_joint_union(), since=today())


def joined(prospect: Prospect, actor: Actor) -> None:
    """It belongs to the joint union already."""
    building.join_existing(prospect, actor=actor, union=the_joint_union(), since=today())


def nominated(prospect: Prospect, actor: Actor) -> None:
    """The candidates are approved; they were put down before by somebody who may, if the state let him."""
    if prospect.state == "preparing":
        with acting(SYSTEM):
            founding.standing(prospect)
    building.approve_candidates(prospect, actor=actor, on=founding.REVIEWED)


def award_in(cast: Cast, state: str) -> Award:
    """What the street has earned."""
    award = computed(cast.street, SYSTEM)
    if state == "confirmed":
        building.confirm_award(award, actor=SYSTEM)
    award.refresh_from_db()
    return award


def computed(organisation: Organisation, actor: Actor) -> Award:
    """A month of its own, so that one may be computed again and again."""
    since = dt.date(1900, 1, 1) + dt.timedelta(days=next(NUMBERS))
    return building.compute_award(organisation, actor=actor, since=since, before=since + dt.timedelta(days=1))


def edition_of(union: Organisation, actor: Actor, kind: str = "registry") -> Edition:
    """A list with one firm."""
    firm = Firm("被载入的店", headcount=30)
    edition, _entries = building.load_edition(union, actor=actor, kind=kind, firms=[firm], lines=1, code=uuid4())
    return edition


def edition_in(cast: Cast, state: str) -> Edition:
    """A list of the street in a state."""
    edition = edition_of(cast.street, SYSTEM)
    if state != "loaded":
        building.match_edition(edition, actor=SYSTEM)
    if state == "matched":
        building.finish_matching(edition, actor=SYSTEM, found=building.Found([]))
    edition.refresh_from_db()
    return edition


def tax_matter_in(cast: Cast, state: str) -> TaxMatter:
    """What a tax list of the street says of an employer, in a state."""
    edition = edition_of(cast.street, SYSTEM, "tax")
    values = {"kind": "no_union", "employer": cast.mill, "name": cast.mill.name, "organisation": cast.street}
    matter = TaxMatter.objects.create(edition=edition, **values)
    if state == "answered":
        building.answer_tax_matter(matter, actor=SYSTEM, answer="has_union")
    matter.refresh_from_db()
    return matter


FLOWS: dict[str, Way] = {
    "prospect": Way(Prospect, prospect_in, lambda cast: cast.street),
    "claim": Way(Claim, claim_in, to_claim),
    "dispute": Way(Dispute, dispute_in, to_dispute, lambda one: one.claimant.path),
    "award": Way(Award, award_in, lambda cast: cast.street),
    "edition": Way(Edition, edition_in, lambda cast: cast.street),
    "tax_matter": Way(TaxMatter, tax_matter_in, lambda cast: cast.street),
}
TAKEN: dict[str, Callable[[Any, Actor], Any]] = {
    "unionbuilding.approve_preparation": founding.prepared,
    "unionbuilding.approve_candidates": nominated,
    "unionbuilding.reopen_candidates": lambda one, actor: building.reopen_candidates(one, actor=actor),
    "unionbuilding.record_election": founding.elected,
    "unionbuilding.approve_result": founding.approved,
    "unionbuilding.found": founding.founded,
    "unionbuilding.record_registration": founding.registered,
    "unionbuilding.record_account": founding.with_account,
    "unionbuilding.cover_jointly": covered,
    "unionbuilding.join_existing": joined,
    "unionbuilding.compute_award": computed,
    "unionbuilding.recompute_award": lambda one, actor: building.recompute_award(one, actor=actor),
    "unionbuilding.confirm_award": lambda one, actor: building.confirm_award(one, actor=actor),
    "unionbuilding.load_edition": edition_of,
    "unionbuilding.correct_edition": lambda one, actor: building.correct_edition(one, actor=actor, as_of=YESTERDAY),
    "unionbuilding.match_edition": lambda one, actor: building.match_edition(one, actor=actor),
    "unionbuilding.finish_matching": lambda one, actor: building.finish_matching(one, actor=actor, found=building.Found([])),
    "unionbuilding.stop_matching": lambda one, actor: building.stop_matching(one, actor=actor),
    "unionbuilding.answer_tax_matter": lambda one, actor: building.answer_tax_matter(one, actor=actor, answer="has_union"),
    "unionbuilding.reopen_tax_matter": lambda one, actor: building.reopen_tax_matter(one, actor=actor),
    "unionbuilding.open_prospect": newly_opened,
    "unionbuilding.verify_prospect": lambda one, actor: building.verify_prospect(one, actor=actor),
    "unionbuilding.record_talk": lambda one, actor: building.record_talk(
        one, actor=actor, row=AttemptRow("visit", "met", "测试")
    ),
    "unionbuilding.agree": lambda one, actor: building.agree(one, actor=actor),
    "unionbuilding.refuse": lambda one, actor: building.refuse(one, actor=actor, reason="too_few"),
    "unionbuilding.resume": lambda one, actor: building.resume(one, actor=actor),
    "unionbuilding.close_prospect": lambda one, actor: building.close_prospect(one, actor=actor, reason="other"),
    "unionbuilding.claim": lambda one, actor: building.claim(one, actor=actor, prospect=newest_prospect()),
    "unionbuilding.assign_claim": lambda one, actor: building.assign_claim(
        newest_prospect(), actor=actor, union=one, reason="测试"
    ),
    "unionbuilding.keep_claim": lambda one, actor: building.keep_claim(one, actor=actor),
    "unionbuilding.release_claim": lambda one, actor: building.release_claim(one, actor=actor, reason="测试"),
    "unionbuilding.reassign_claim": lambda one, actor: building.reassign_claim(
        one, actor=actor, union=union(code="110101002"), reason="测试"
    ),
    "unionbuilding.advance_claims": lambda one, actor: building.advance_claim(
        one, actor=actor, on=one.until + dt.timedelta(days=1)
    ),
    "unionbuilding.raise_dispute": disputed,
    "unionbuilding.uphold_dispute": lambda one, actor: building.uphold_dispute(one, actor=actor, decision="测试"),
    "unionbuilding.dismiss_dispute": lambda one, actor: building.dismiss_dispute(one, actor=actor, decision="测试"),
    "unionbuilding.withdraw_dispute": lambda one, actor: building.withdraw_dispute(one, actor=actor),
}
