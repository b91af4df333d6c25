"""Reads of stored files."""

from uuid import UUID

from gonghui.core.actions.actor import Actor
from gonghui.core.files.models import StoredFile, StoredFileQuerySet


def files(actor: Actor) -> StoredFileQuerySet:
    """The files the actor sees that have not run out, the newest first."""
    return StoredFile.objects.visible_to(actor).kept().select_related("made_by").order_by("-stored_at", "-pk")


def file_for(actor: Actor, public_id: UUID) -> StoredFile | None:
    """The file with this id if the actor may have it today: visible, kept, and all rights that its content takes still held."""
    file = files(actor).filter(public_id=public_id).first()
    return file if file and file.is_open_to(actor) else None
