"""Reads of notes and messages."""

import datetime as dt
from typing import Any

from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import beyond_scope
from gonghui.core.notices.models import Channel, Message, MessageState, Note
from gonghui.kit.dates import now

STUCK = "how many messages did not leave the system; says nothing about whose"


def notes_on(subject: Any, actor: Actor) -> list[Note]:
    """The notes on a record that the actor may see, newest first."""
    notes = Note.objects.visible_to(actor).filter(subject_model=subject._meta.label_lower, subject_id=subject.pk)
    return list(notes.select_related("author", "passed_to").order_by("-written_at")[:100])


def messages(actor: Actor) -> Any:
    """The inbox of whoever acts, newest first; each row has `title`, `text`, `written_at`, `is_unread` and `words.page`."""
    return Message.objects.visible_to(actor).filter(channel=Channel.INBOX, user=actor.user_id)


def unread(actor: Actor) -> int:
    """How many of them he has not read."""
    count: int = messages(actor).exclude(state=MessageState.READ).count()
    return count


def undelivered(actor: Actor) -> tuple[int, int]:
    """How many messages wait to be sent, and how many of the last thirty days have failed; for whoever sees the status of the system."""
    if not actor.can("web.view"):
        return 0, 0
    with beyond_scope(STUCK):
        rows = Message.objects.unscoped(STUCK)
        failed = rows.filter(state=MessageState.FAILED, written_at__gte=now() - dt.timedelta(days=30))
        return rows.filter(state=MessageState.QUEUED).count(), failed.count()
