"""What a new day does to union building."""

from gonghui.areas.unionbuilding.actions import advance_claims, check_shares, resume_rested, watch_nursery
from gonghui.core.access.jobs import nightly
from gonghui.core.actions.actor import Actor
from gonghui.kit.dates import today


@nightly("unionbuilding.advance_claims", cron="15 0 * * *")
def claims_whose_days_are_over(actor: Actor) -> None:
    """Where nobody was reached, somebody else may try."""
    advance_claims(actor, today())


@nightly("unionbuilding.resume_rested", cron="20 0 * * *")
def prospects_whose_rest_is_over(actor: Actor) -> None:
    """What rested until a date comes back by itself."""
    resume_rested(actor, today())


@nightly("unionbuilding.check_shares", cron="20 1 * * *")
def unions_with_members_enough(actor: Actor) -> None:
    """The duty of those whose members are enough of the workers by now is done."""
    check_shares(actor, today())


@nightly("unionbuilding.watch_nursery", cron="30 1 * * *")
def firms_that_have_grown(actor: Actor) -> None:
    """Firms of joint unions that have reached the number are proposed for a union of their own."""
    watch_nursery(actor, today())
