"""Sending one message that is due, and what becomes of it.

The row is locked while its sender is at work, so nobody sends it beside. What is sent and then lost with the machine is sent once more:
better twice than never. A refusal is tried again after ever longer waits, and then given up for an administrator to see.
"""

import datetime as dt
from uuid import UUID

from django.utils import translation

from gonghui.core.actions.action import change
from gonghui.core.notices.models import Message, MessageState
from gonghui.core.notices.senders import NotSent, Outgoing, sender_for
from gonghui.kit.dates import now

WHY = "what is due, whoever it is for"
TOO_LATE = "too late"
MOST_OF_REASON = 120
WAITS = [dt.timedelta(seconds=seconds) for seconds in (30, 120, 600, 3600, 4 * 3600)]
"""How long after each refusal it is tried again; after the last one it has failed."""


def due() -> list[UUID]:
    """The messages that should be on their way by now, the oldest first."""
    rows = Message.objects.unscoped(WHY).filter(state=MessageState.QUEUED, due_at__lte=now())
    return list(rows.order_by("due_at", "pk").values_list("public_id", flat=True)[:500])


def send(public_id: UUID | str) -> None:
    """Sends one message, if it is due and nobody else is at it. Does nothing the second time."""
    rows = Message.objects.unscoped(WHY).select_for_update(skip_locked=True)
    message = rows.filter(public_id=public_id, state=MessageState.QUEUED, due_at__lte=now()).first()
    if message is None:
        return
    if not message.is_useful():
        close(message, MessageState.FAILED, failure=TOO_LATE)
    elif refusal := handed_over(message):
        put_off(message, refusal)
    else:
        close(message, MessageState.SENT, sent_at=now(), tries=message.tries + 1)


def handed_over(message: Message) -> str:
    """Hands the message to its sender; why it was not accepted, empty where it was."""
    try:
        sender = sender_for(message.channel)
        if sender is None:
            return "no sender is set up"
        sender.send(outgoing(message))
    except NotSent as refusal:
        return str(refusal)[:MOST_OF_REASON] or "refused"
    except Exception as error:  # a sender of somebody else's: what it says might repeat the number
        return type(error).__name__
    return ""


def outgoing(message: Message) -> Outgoing:
    """What a sender is given; outside the system everything is said in Chinese."""
    values = message.values()
    with translation.override("zh-hans"):
        return Outgoing(message.to(), message.words.say(values), message.kind, values)


def put_off(message: Message, failure: str) -> None:
    """After a refusal: when it is tried again, or that it has failed."""
    tries = message.tries + 1
    if message.tries < len(WAITS):
        change(message, tries=tries, failure=failure, due_at=now() + WAITS[message.tries])
    else:
        close(message, MessageState.FAILED, failure=failure, tries=tries)


def close(message: Message, state: str, **values: object) -> None:
    """It is out of the system, or never will be: whom it was for and what was in it is not kept."""
    change(message, state=state, to_sealed=b"", values_sealed=b"", **values)
