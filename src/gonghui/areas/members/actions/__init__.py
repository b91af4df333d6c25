"""Every write of the area."""

from gonghui.areas.members.actions.applying import (
    ApplicationRow,
    apply,
    approve_application,
    forward_application,
    return_application,
    take_application,
    withdraw_application,
)
from gonghui.areas.members.actions.cards import Shown, read_card
from gonghui.areas.members.actions.corrections import (
    decline_correction,
    make_correction,
    request_correction,
    withdraw_correction,
)
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
from gonghui.areas.members.actions.points import close_point, edit_point, end_entitlement, give_entitlement, open_point
from gonghui.areas.members.actions.threshold import watch
from gonghui.areas.members.actions.transfers import (
    accept_transfer,
    advance_transfer,
    advance_transfers,
    decline_transfer,
    neutral,
    refuse_transfer,
    release_transfer,
    request_own_transfer,
    request_transfer,
    withdraw_transfer,
)

__all__ = [
    "ApplicationRow",
    "MemberRow",
    "Shown",
    "accept_transfer",
    "admit_member",
    "admit_members",
    "advance_transfer",
    "advance_transfers",
    "apply",
    "approve_application",
    "close_point",
    "decline_correction",
    "decline_transfer",
    "deem_left",
    "edit_point",
    "end_entitlement",
    "expel",
    "forward_application",
    "give_entitlement",
    "leave",
    "make_correction",
    "neutral",
    "open_point",
    "read_card",
    "record_death",
    "refuse_transfer",
    "release_transfer",
    "request_correction",
    "request_own_transfer",
    "request_transfer",
    "resume_member",
    "retain_member",
    "return_application",
    "take_application",
    "watch",
    "withdraw_application",
    "withdraw_correction",
    "withdraw_transfer",
]
