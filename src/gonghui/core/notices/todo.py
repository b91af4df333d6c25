"""The to-do list: each area registers where its waiting work comes from; the list is asked, never stored.

Every page counts what waits, so a source may also say which rows wait: those of all sources are counted in one query. To put that query
together takes several times as long as to answer it, and for the same rights in the same minute it is the same one.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from gonghui.core.actions.actor import Actor
from gonghui.core.notices.models import Note, minded_by
from gonghui.kit.dates import now
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
Waiting = Callable[[Actor], QuerySet[Any] | None]
"""The rows that wait for an actor, an item each; None where nothing can. Made of the actor and the time alone, without asking the database."""
sources: list[Source] = []
counters: dict[Source, Waiting] = {}
urls: dict[str, Callable[[object], str]] = {}  # model label → page of a record


def todo_source(source: Source, *, waiting: Waiting | None = None) -> Source:
    """Registers a function `(actor, tab, today) → items`, and where it is cheaper to count them, the rows they are made of."""
    sources.append(source)
    if waiting:
        counters[source] = waiting
    return source


def todo_count(actor: Actor, on: dt.date) -> int:
    """How many matters wait for the actor: one query for all sources that say which rows wait."""
    counted, question = 0, question_of(Asker.of(actor))
    if question:
        with connection.cursor() as cursor:
            cursor.execute(*question)
            counted = cursor.fetchall()[0][0]
    return counted + sum(1 for source in sources if source not in counters for _item in source(actor, MINE, on))


@dataclass(frozen=True)
class Asker:
    """Somebody with his rights, in one minute."""

    actor: Actor = field(compare=False)
    minute: dt.datetime
    rights: tuple[Any, ...]

    @classmethod
    def of(cls, actor: Actor) -> "Asker":
        """The actor, now."""
        rights = (actor.user_id, actor.person_id, actor.own, frozenset(actor.scopes.items()))
        return cls(actor, now().replace(second=0, microsecond=0), rights)


@lru_cache(maxsize=256)
def question_of(asker: Asker) -> tuple[str, tuple[Any, ...]] | None:
    """The SQL that counts the rows of all sources, and its values; None where nothing can wait. The answer is never kept."""
    found = [rows for waiting in counters.values() if (rows := waiting(asker.actor)) is not None]
    keys = [rows.order_by().values_list("pk") for rows in found]
    if not keys:
        return None
    try:
        sql, values = keys[0].union(*keys[1:], all=True).query.sql_with_params()
    except EmptyResultSet:
        return None
    return f"select count(*) from ({sql}) waiting", values


def record_page(label: str, url_name: str) -> None:
    """Says which page shows records of a model, for links from notes."""
    urls[label] = lambda public_id: reverse(url_name, args=[public_id])


def todo(actor: Actor, tab: str, on: dt.date) -> list[TodoItem]:
    """Everything that waits for the actor (or was started or done by him), the nearest deadline first."""
    items = [item for source in sources for item in source(actor, tab, on)]
    return sorted(items, key=lambda item: (item.due is None, item.due or on))


REMINDER = State("reminder", _("提醒"), "info", "bell")
FINISHED = State("finished", _("已办结"), "ok", "circle-check")


def reminding(actor: Actor, *, is_done: bool = False) -> QuerySet[Any] | None:
    """The notes that remind the actor, or did."""
    if not actor.can("notices.view"):
        return None
    rows = Note.objects.visible_to(actor).filter(minded_by(actor.user_id), remind_on__isnull=False)
    return rows.filter(done_on__isnull=not is_done)  # type: ignore[no-any-return]


def reminders(actor: Actor, tab: str, on: dt.date) -> Iterable[TodoItem]:
    """The notes that remind the actor."""
    notes = None if tab == STARTED else reminding(actor, is_done=tab == DONE)
    if notes is None:
        return
    notes = notes.order_by("remind_on" if tab == MINE else "-done_on")
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


todo_source(reminders, waiting=reminding)
