"""Writing notes, and addressing messages."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from gonghui.core.access.actions import issue_invitation
from gonghui.core.access.models import Invitation
from gonghui.core.actions.action import NotAllowed, Refused, action, change
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import beyond_scope
from gonghui.core.history.actions import log_reading
from gonghui.core.notices.models import Note
from gonghui.core.organisations.models import Organisation
from gonghui.kit.dates import today


@action("notices.write_note", label=_("留言"))
def write_note(organisation: Organisation, *, actor: Actor, subject: Any, text: str, remind_on: dt.date | None = None) -> Note:
    """Writes a note on a record; `organisation` is where the writer stands. The note is seen by whoever holds the record."""
    if not text.strip():
        raise Refused(_("请写下内容"), field="text")
    if remind_on and remind_on < today():
        raise Refused(_("提醒日期不能早于今天"), field="remind_on")
    if actor.user_id is None:
        raise NotAllowed("notices.write_note")
    note = Note(
        organisation_id=subject.holder_id,
        street_id=getattr(subject, "street_id", None),
        subject_model=subject._meta.label_lower,
        subject_id=subject.pk,
        subject_public_id=subject.public_id,
        subject_name=str(subject),
        author_id=actor.user_id,
        text=text.strip(),
        remind_on=remind_on,
    )
    with beyond_scope("a note stands with the holder of its record"):
        note.save(force_insert=True)
    return note


@action("notices.finish_note", label=_("办结提醒"))
def finish_note(note: Note, *, actor: Actor) -> None:
    """Takes a reminder out of the to-do list of whom it reminds."""
    if note.minder_id != actor.user_id:
        raise NotAllowed("notices.finish_note")
    if note.done_on:
        raise Refused(_("这条提醒已经办结"))
    change(note, done_on=today())


@action("notices.address_message", label=_("写入短信名单"))
def address_message(invitation: Invitation, *, actor: Actor, purpose: str) -> tuple[str, str]:
    """The full number of somebody invited and a fresh secret, for a message that another system will send; the reading is logged."""
    what, place = _now("手机号"), invitation.organisation_id
    log_reading(invitation, actor=actor, organisation_id=place, what=what, reason=purpose, is_limited=False)
    return invitation.phone(), issue_invitation(invitation, actor=actor)
