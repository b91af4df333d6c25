"""Every write of the register, one function a verb."""

from gonghui.areas.register.actions.contacts import add_contact, add_contacts, check_contact, end_contact, reveal_phone
from gonghui.areas.register.actions.coverage import cover_employer, cover_employers, end_coverage
from gonghui.areas.register.actions.employer_merging import merge_employers, tell_employers_apart, unmerge_employers
from gonghui.areas.register.actions.employers import (
    EmployerRow,
    close_employer,
    edit_employer,
    enter_employer,
    enter_employers,
    move_out_employer,
    record_headcount,
    relocate_employer,
)
from gonghui.areas.register.actions.strike_offs import (
    approve_strike_off,
    propose_strike_off,
    restore_employer,
    return_strike_off,
    withdraw_strike_off,
)
from gonghui.areas.register.actions.union_merging import merge_unions, tell_unions_apart, unmerge_unions
from gonghui.areas.register.actions.unions import (
    UnionRow,
    approve_union,
    dissolve_union,
    edit_union,
    found_root,
    found_streets,
    found_union,
    found_unions,
    move_union,
    propose_union,
    resubmit_union,
    return_union,
)

__all__ = [
    "EmployerRow",
    "UnionRow",
    "add_contact",
    "add_contacts",
    "approve_strike_off",
    "approve_union",
    "check_contact",
    "close_employer",
    "cover_employer",
    "cover_employers",
    "dissolve_union",
    "edit_employer",
    "edit_union",
    "end_contact",
    "end_coverage",
    "enter_employer",
    "enter_employers",
    "found_root",
    "found_streets",
    "found_union",
    "found_unions",
    "merge_employers",
    "merge_unions",
    "move_out_employer",
    "move_union",
    "propose_strike_off",
    "propose_union",
    "record_headcount",
    "relocate_employer",
    "restore_employer",
    "resubmit_union",
    "return_strike_off",
    "return_union",
    "reveal_phone",
    "tell_employers_apart",
    "tell_unions_apart",
    "unmerge_employers",
    "unmerge_unions",
    "withdraw_strike_off",
]
