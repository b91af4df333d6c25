"""Every write of union building, one function a verb."""

from gonghui.areas.unionbuilding.actions import following as following  # receives what happens in the register
from gonghui.areas.unionbuilding.actions.awards import compute_award, confirm_award, recompute_award
from gonghui.areas.unionbuilding.actions.calls import AttemptRow, Call, print_calls, record_attempt, show_number, take_call
from gonghui.areas.unionbuilding.actions.care import check_shares, finish_duty, reopen_duty
from gonghui.areas.unionbuilding.actions.charges import end_charge, give_charge
from gonghui.areas.unionbuilding.actions.claims import (
    advance_claim,
    advance_claims,
    assign_claim,
    claim,
    keep_claim,
    reassign_claim,
    release_claim,
)
from gonghui.areas.unionbuilding.actions.disputes import dismiss_dispute, raise_dispute, uphold_dispute, withdraw_dispute
from gonghui.areas.unionbuilding.actions.findings import FindingRow, record_finding
from gonghui.areas.unionbuilding.actions.founding import (
    approve_candidates,
    approve_preparation,
    approve_result,
    cover_jointly,
    edit_candidate,
    edit_plan,
    found,
    join_existing,
    nominate,
    record_account,
    record_election,
    record_registration,
    remove_candidate,
    reopen_candidates,
    reveal_account,
)
from gonghui.areas.unionbuilding.actions.lists import correct_edition, load_edition, of_import
from gonghui.areas.unionbuilding.actions.matching import (
    Found,
    PairRow,
    decide_match,
    finish_matching,
    match_edition,
    stop_matching,
    take_back_verdict,
)
from gonghui.areas.unionbuilding.actions.nursery import watch_nursery
from gonghui.areas.unionbuilding.actions.out_of_lists import enter_firm, take_headcounts, take_telephones
from gonghui.areas.unionbuilding.actions.outcomes import (
    agree,
    close_prospect,
    record_talk,
    refuse,
    resume,
    resume_rested,
    verify_prospect,
)
from gonghui.areas.unionbuilding.actions.papers import draw_up_paper, end_template, set_template, shipped
from gonghui.areas.unionbuilding.actions.prospects import open_prospects
from gonghui.areas.unionbuilding.actions.screening import propose_screened
from gonghui.areas.unionbuilding.actions.tax_matters import answer_tax_matter, reopen_tax_matter

__all__ = [
    "AttemptRow",
    "Call",
    "FindingRow",
    "Found",
    "PairRow",
    "advance_claim",
    "advance_claims",
    "agree",
    "answer_tax_matter",
    "approve_candidates",
    "approve_preparation",
    "approve_result",
    "assign_claim",
    "check_shares",
    "claim",
    "close_prospect",
    "compute_award",
    "confirm_award",
    "correct_edition",
    "cover_jointly",
    "decide_match",
    "dismiss_dispute",
    "draw_up_paper",
    "edit_candidate",
    "edit_plan",
    "end_charge",
    "end_template",
    "enter_firm",
    "finish_duty",
    "finish_matching",
    "found",
    "give_charge",
    "join_existing",
    "keep_claim",
    "load_edition",
    "match_edition",
    "nominate",
    "of_import",
    "open_prospects",
    "print_calls",
    "propose_screened",
    "raise_dispute",
    "reassign_claim",
    "recompute_award",
    "record_account",
    "record_attempt",
    "record_election",
    "record_finding",
    "record_registration",
    "record_talk",
    "refuse",
    "release_claim",
    "remove_candidate",
    "reopen_candidates",
    "reopen_duty",
    "reopen_tax_matter",
    "resume",
    "resume_rested",
    "reveal_account",
    "set_template",
    "shipped",
    "show_number",
    "stop_matching",
    "take_back_verdict",
    "take_call",
    "take_headcounts",
    "take_telephones",
    "uphold_dispute",
    "verify_prospect",
    "watch_nursery",
    "withdraw_dispute",
]
