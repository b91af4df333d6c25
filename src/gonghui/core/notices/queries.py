"""Reads of notes."""

from typing import Any

from gonghui.core.actions.actor import Actor
from gonghui.core.notices.models import Note


def notes_on(subject: Any, actor: Actor) -> list[Note]:
    """The notes on a record that the actor may see, newest first."""
    notes = Note.objects.visible_to(actor).filter(subject_model=subject._meta.label_lower, subject_id=subject.pk)
    return list(notes.select_related("author", "passed_to").order_by("-written_at")[:100])
