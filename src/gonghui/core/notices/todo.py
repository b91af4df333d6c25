"""The to-do list: each area registers where its waiting work comes from; the list is asked, never stored."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gonghui.core.actions.actor import Actor
from gonghui.core.notices.models import Note, minded_by
from gonghui.kit.flow import State
from gonghui.kit.text import Text

MINE, STARTED, DONE = "mine", "started", "done"


@dataclass(frozen=True)
class TodoStep:
    """A button on a to-do row: where it posts and its key."""

    label: Text
    url: str
    key: str = ""
    is_primary: bool = False
    needs_form: bool = False  # opens a page instead of posting


@dataclass(frozen=True)
class TodoItem:
    """One matter that waits."""

    area: Text
    title: Text
    detail: Text
    url: str
    state: State
    due: dt.date | None = None
    steps: tuple[TodoStep, ...] = ()


Source = Callable[[Actor, str, dt.date], Iterable[TodoItem]]
sources: list[Source] = []
urls: dict[str, Callable[[object], str]] = {}  # model label → page of a record


def todo_source(source: Source) -> Source:
    """Registers a function `(actor, tab, today) → items`."""
    sources.append(source)
    return source


def record_page(label: str, url_name: str) -> None:
    """Says which page shows records of a model, for links from notes."""
    urls[label] = lambda public_id: reverse(url_name, args=[public_id])


def todo(actor: Actor, tab: str, on: dt.date) -> list[TodoItem]:
    """Everything that waits for the actor (or was started or done by him), the nearest deadline first."""
    items = [item for source in sources for item in source(actor, tab, on)]
    return sorted(items, key=lambda item: (item.due is None, item.due or on))


REMINDER = State("reminder", _("提醒"), "info", "bell")
FINISHED = State("finished", _("已办结"), "ok", "circle-check")


@todo_source
def reminders(actor: Actor, tab: str, on: dt.date) -> Iterable[TodoItem]:
    """The notes that remind the actor."""
    if not actor.can("notices.view") or tab == STARTED:
        return
    notes = Note.objects.visible_to(actor).filter(minded_by(actor.user_id), remind_on__isnull=False)
    notes = notes.filter(done_on__isnull=tab == MINE).order_by("remind_on" if tab == MINE else "-done_on")
    for note in notes[:200]:
        page = urls.get(note.subject_model)
        finish = TodoStep(_("办结"), reverse("web:finish_note", args=[note.public_id]), "a", is_primary=True)
        yield TodoItem(
            area=_("提醒"),
            title=note.text,
            detail=note.subject_name,
            url=page(note.subject_public_id) if page else "",
            state=REMINDER if tab == MINE else FINISHED,
            due=note.remind_on,
            steps=(finish,) if tab == MINE else (),
        )
