"""What is open of a person: the reminders that nobody else may finish."""

from django.db.models import Q
from django.urls import resolve
from django.utils.translation import gettext_lazy as _

from gonghui.core.access.open_work import OpenItem, OpenWork, Succession, open_work
from gonghui.core.actions.actor import Actor
from gonghui.core.notices.models import Note, minded_by
from gonghui.core.notices.todo import urls


def waiting(succession: Succession) -> Q:
    """His reminders on records that the organisation he leaves holds or sees."""
    path = succession.organisation.path
    here = Q(organisation_path__startswith=path) | Q(street_path__startswith=path)
    return minded_by(succession.leaver.pk) & here & Q(remind_on__isnull=False, done_on=None)


def shown(note: Note, actor: Actor) -> OpenItem:
    """The note; its record with it for who may open the page of such records."""
    page = urls.get(note.subject_model)
    url = page(note.subject_public_id) if page else ""
    if not url or not actor.can(getattr(resolve(url).func, "permission", "")):
        return OpenItem(note.text)
    return OpenItem(f"{note.text}（{note.subject_name}）", url)


open_work(
    OpenWork(
        "notices.reminders",
        _("未办结的提醒"),
        Note,
        waiting,
        lambda succession: {"passed_to": succession.successor},
        shown,
    )
)
