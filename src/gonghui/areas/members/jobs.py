"""What a day that has come does to memberships."""

from gonghui.areas.members.actions.transfers import advance_transfers
from gonghui.core.access.jobs import nightly
from gonghui.core.actions.actor import Actor
from gonghui.kit.dates import today


@nightly("members.advance_transfers", cron="10 0 * * *")
def transfers_whose_time_has_come(actor: Actor) -> None:
    """Silence of a union, and of its parent, is decided by the rule."""
    advance_transfers(actor, today())
