"""Every write of the area."""

from gonghui.areas.members.actions.applying import (
    ApplicationRow,
    apply,
    forward_application,
    return_application,
    take_application,
    withdraw_application,
)
from gonghui.areas.members.actions.approving import approve_application
from gonghui.areas.members.actions.cards import Shown, print_member, read_card, record_card
from gonghui.areas.members.actions.corrections import (
    decline_correction,
    make_correction,
    request_correction,
    withdraw_correction,
)
from gonghui.areas.members.actions.counter import approve_here, begin_counter, end_counter, take_at_counter
from gonghui.areas.members.actions.following import follow_placement
from gonghui.areas.members.actions.membership import (
    MemberRow,
    admit_member,
    admit_members,
    deem_left,
    expel,
    leave,
    record_death,
    resume_member,
    retain_member,
)
from gonghui.areas.members.actions.moving import move_in, undo_move
from gonghui.areas.members.actions.officers import show_officer_phone
from gonghui.areas.members.actions.points import (
    close_point,
    edit_entitlement,
    edit_point,
    end_entitlement,
    give_entitlement,
    open_point,
)
from gonghui.areas.members.actions.recognising import joining_limits, recognise_member
from gonghui.areas.members.actions.reporting import Reported, report_in_full, report_member
from gonghui.areas.members.actions.retention import erase_numbers, erase_unsuccessful
from gonghui.areas.members.actions.reveal import Sealed, reveal
from gonghui.areas.members.actions.rosters import MemberChange, Settlement, compare_staff, edit_members
from gonghui.areas.members.actions.threshold import watch
from gonghui.areas.members.actions.transfers import (
    accept_transfer,
    advance_transfer,
    advance_transfers,
    ask_for,
    decline_transfer,
    hand_over,
    neutral,
    refuse_transfer,
    release_transfer,
    request_own_transfer,
    request_transfer,
    withdraw_transfer,
)

__all__ = [
    "ApplicationRow",
    "MemberChange",
    "MemberRow",
    "Reported",
    "Sealed",
    "Settlement",
    "Shown",
    "accept_transfer",
    "admit_member",
    "admit_members",
    "advance_transfer",
    "advance_transfers",
    "apply",
    "approve_application",
    "approve_here",
    "ask_for",
    "begin_counter",
    "close_point",
    "compare_staff",
    "decline_correction",
    "decline_transfer",
    "deem_left",
    "edit_entitlement",
    "edit_members",
    "edit_point",
    "end_counter",
    "end_entitlement",
    "erase_numbers",
    "erase_unsuccessful",
    "expel",
    "follow_placement",
    "forward_application",
    "give_entitlement",
    "hand_over",
    "joining_limits",
    "leave",
    "make_correction",
    "move_in",
    "neutral",
    "open_point",
    "print_member",
    "read_card",
    "recognise_member",
    "record_card",
    "record_death",
    "refuse_transfer",
    "release_transfer",
    "report_in_full",
    "report_member",
    "request_correction",
    "request_own_transfer",
    "request_transfer",
    "resume_member",
    "retain_member",
    "return_application",
    "reveal",
    "show_officer_phone",
    "take_application",
    "take_at_counter",
    "undo_move",
    "watch",
    "withdraw_application",
    "withdraw_correction",
    "withdraw_transfer",
]
