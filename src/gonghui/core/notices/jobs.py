"""Messages leave the system after what they tell of was committed."""

from gonghui.core.access.jobs import job, nightly
from gonghui.core.accounts.limits import forget_past
from gonghui.core.accounts.sign_in import forget_codes
from gonghui.core.actions.actor import Actor
from gonghui.core.notices import sending

QUEUE = "messages"  # a worker of its own serves it, so that a long import holds up no code


@job("notices.send_message", queue=QUEUE)
def send_message(actor: Actor, message: str) -> None:
    """Sends a message; harmless the second time."""
    sending.send(message)


@nightly("notices.send_due", cron="* * * * *", queue=QUEUE)
def send_due(actor: Actor) -> None:
    """Every minute: what is to be tried again, and what a worker that died has left."""
    for message in sending.due():
        send_message.defer(message=str(message))


@nightly("notices.forget_codes", cron="40 3 * * *")
def forget_codes_and_counts(actor: Actor) -> None:
    """What sign-ins leave behind."""
    forget_codes()
    forget_past()
