"""What every page of a record shows: its timeline with notes, and the form for the next note."""

import datetime as dt
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any

from django import forms
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gonghui.core.actions.actor import Actor
from gonghui.core.history.timeline import Entry as Happened
from gonghui.core.history.timeline import Part, timeline
from gonghui.core.notices.queries import notes_on
from gonghui.kit.text import beside
from gonghui.web.components import Change, Day, Entry, Link
from gonghui.web.forms import DayField

Offer = Callable[[Any, Actor], Link | None]
offers: dict[str, list[Offer]] = {}  # model label → what areas above offer on the page of such a record


def offer(label: str, one: Offer) -> None:
    """An area above puts a way to a page of its own on the page of a record below: `(record, actor) → link`, None where it does not
    apply; the link's `detail` is its icon."""
    offers.setdefault(label, []).append(one)


def offered_above(record: Model, actor: Actor) -> list[Link]:
    """What areas above offer on the page of a record."""
    found = (one(record, actor) for one in offers.get(record._meta.label_lower, ()))
    return [link for link in found if link]


class NoteForm(forms.Form):
    """A note; with a day it comes back into the to-do list."""

    text = forms.CharField(label=gettext_lazy("留言"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    remind_on = DayField(
        label=gettext_lazy("提醒我"), required=False, is_today=False, help_text=gettext_lazy("到这一天出现在待办里")
    )


def record_context(subject: Any, actor: Actor, parts: Sequence[Part], *extra: Model) -> dict[str, Any]:
    """`days`, `note_form` and `note_url` for the aside of a detail page."""
    return {
        "days": days(subject, actor, parts),
        "note_form": NoteForm() if actor.can("notices.write_note") else None,
        "note_url": reverse("web:write_note", args=[subject._meta.label_lower, subject.public_id]),
    }


def days(subject: Any, actor: Actor, parts: Sequence[Part]) -> list[Day]:
    """The timeline by day, newest first."""
    happened = [(entry.at, shown(entry)) for entry in timeline(subject, parts)]
    for note in notes_on(subject, actor):
        remind = _("，%(day)s 提醒") % {"day": note.remind_on} if note.remind_on else ""
        remind += _("，已移交 %(name)s") % {"name": note.passed_to.name} if note.passed_to else ""
        meta = f"{time(note.written_at)}，{note.author.name}{remind}"
        happened.append((note.written_at, Entry(_("留言"), "message-circle", (), meta, note.text)))
        if note.passed_to:
            happened += [(entry.at, shown(entry)) for entry in timeline(note, []) if entry.changes]
    happened.sort(key=lambda pair: pair[0], reverse=True)
    return [
        Day(day_label(day), [entry for _at, entry in pairs])
        for day, pairs in groupby(happened, key=lambda pair: timezone.localdate(pair[0]))
    ]


def shown(entry: Happened) -> Entry:
    """An entry of the history as the component takes it."""
    meta = beside((time(entry.at), entry.who, entry.where))
    changes = [Change(change.label, change.old, change.new) for change in entry.changes]
    return Entry(entry.sentence, entry.icon, changes, meta, "\n".join(entry.details))


def time(at: dt.datetime) -> str:
    """The clock time of an instant."""
    return timezone.localtime(at).strftime("%H:%M")


def day_label(day: dt.date) -> str:
    """A day's heading."""
    return _("今天") if day == timezone.localdate() else date_format(day, _("Y 年 n 月 j 日，D"))
