"""What a day that has come does to memberships."""

from gonghui.areas.members.actions.retention import erase_unsuccessful
from gonghui.areas.members.actions.transfers import advance_transfers
from gonghui.core.access.jobs import nightly
from gonghui.core.actions.actor import Actor
from gonghui.kit.dates import today


@nightly("members.advance_transfers", cron="10 0 * * *")
def transfers_whose_time_has_come(actor: Actor) -> None:
    """Silence of a union, and of its parent, is decided by the rule."""
    advance_transfers(actor, today())


@nightly("members.erase_numbers", cron="50 3 * * *")
def numbers_that_nobody_needs(actor: Actor) -> None:
    """Who did not join leaves no number behind."""
    erase_unsuccessful(actor, today())
