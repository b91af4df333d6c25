"""The timeline of a record: one entry an action, with who, where from, and each change from old to new."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from gonghui.core.actions.action import verbs
from gonghui.core.history.models import Reading
from gonghui.kit.dates import DateRange
from gonghui.kit.text import Text, beside, enumerated

LIMIT = 200
HIDDEN = {"id", "public_id", "path", "recorded_at", "created_at", "is_synthetic"}
CHANNELS = {
    "desk": _("桌面端"),
    "portal": _("手机端"),
    "job": _("后台任务"),
    "cli": _("命令行"),
    "system": _("系统"),
    "api": _("接口"),
    "invitation": _("开通邀请"),
}


@dataclass(frozen=True)
class Change:
    """One field that changed, as shown."""

    label: Text
    old: str
    new: str


@dataclass
class Entry:
    """One thing that happened."""

    at: dt.datetime
    sentence: Text
    who: str = ""
    where: str = ""
    icon: str = "edit"
    changes: list[Change] = field(default_factory=list)
    details: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Part:
    """A tracked model whose rows belong to the subject through the foreign key named `link`; or, where `of` is given, to the record
    with that key, which the subject is about (a membership's person). "pgh_obj" as link is that record itself."""

    model: type[models.Model]
    link: str
    of: int | None = None


def events_of(model: Any, column: str, value: int) -> list[Any]:
    """The events of one table about one subject, oldest first; the database shows those of visible records only."""
    manager = model.events.rel.related_model._base_manager
    newest = manager.filter(**{column: value}).select_related("pgh_context").order_by("-pgh_id")[:LIMIT]
    return list(reversed(newest))


def timeline(subject: models.Model, parts: Sequence[Part]) -> list[Entry]:
    """What happened to the subject and its parts, newest first."""
    events = events_of(type(subject), "pgh_obj_id", subject.pk)
    for part in parts:
        events += events_of(part.model, f"{part.link}_id", part.of or subject.pk)
    entries = list(told(events)) + readings([subject])
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def readings(subjects: Iterable[models.Model]) -> list[Entry]:
    """Who looked at sensitive values of these records."""
    entries = []
    for subject in subjects:
        rows = Reading.objects.unscoped("the database shows readings of visible records").filter(
            subject_model=subject._meta.label_lower, subject_id=subject.pk
        )
        for row in rows.select_related("user")[:LIMIT]:
            sentence = _("查看%(what)s，事由：%(reason)s") % {"what": row.what, "reason": row.reason}
            entries.append(Entry(row.read_at, sentence, row.user.name if row.user else "", icon="eye"))
    return entries


def told(events: Sequence[Any]) -> Iterator[Entry]:
    """Events grouped by action and turned into entries."""
    before: dict[tuple[type, int], Any] = {}
    by_action: dict[Any, list[tuple[Any, Any]]] = defaultdict(list)
    for event in sorted(events, key=lambda event: (event.pgh_created_at, event.pgh_id)):
        key = (type(event), event.pgh_obj_id)
        by_action[event.pgh_context_id or event.pgh_id].append((before.get(key), event))
        before[key] = event
    names = Names(events)
    for pairs in by_action.values():
        yield entry_of(pairs, names)


def entry_of(pairs: list[tuple[Any, Any]], names: "Names") -> Entry:
    """One action: its sentence from the verb, then what it changed."""
    event = pairs[0][1]
    metadata = event.pgh_context.metadata if event.pgh_context else {}
    verb = verbs.get(metadata.get("verb", ""))
    channel = CHANNELS.get(metadata.get("channel", ""), "")
    entry = Entry(
        at=event.pgh_created_at,
        sentence=verb.label if verb else metadata.get("verb", "") or event.pgh_tracked_model._meta.verbose_name,
        who="" if metadata.get("channel") == "system" else metadata.get("name", ""),
        where=beside((metadata.get("place"), channel)),
    )
    if reason := metadata.get("reason"):
        entry.details.append(_("事由：%(reason)s") % {"reason": reason})
    for old, new in outcomes(pairs):
        model = new.pgh_tracked_model
        if new.pgh_label == "update" and old is not None:
            entry.changes += changes_between(old, new, names)
        elif describe := getattr(model, "describe", None):
            entry.details.append(str(describe(new, names)))
    return entry


def outcomes(pairs: list[tuple[Any, Any]]) -> Iterator[tuple[Any, Any]]:
    """What an action did to each record: one that it made and then changed is told once, as it came out."""
    last = {(type(new), new.pgh_obj_id): new for _old, new in pairs}
    made = {(type(new), new.pgh_obj_id) for old, new in pairs if old is None}
    for old, new in pairs:
        key = (type(new), new.pgh_obj_id)
        if old is None:
            yield None, last[key]
        elif key not in made:
            yield old, new


def changes_between(old: Any, new: Any, names: "Names") -> Iterator[Change]:
    """The shown fields that differ."""
    for column in new.pgh_tracked_model._meta.concrete_fields:
        if column.name in HIDDEN or is_unnamed(column) or not hasattr(new, column.attname):
            continue
        was, became = getattr(old, column.attname), getattr(new, column.attname)
        if was != became:
            yield Change(column.verbose_name, names.shown(column, was), names.shown(column, became))


def is_unnamed(column: Any) -> bool:
    """Whether a column was given no name for people: what it holds is for the machine."""
    return bool(column.verbose_name == column.name.replace("_", " "))


class Names:
    """Values as people read them; the records that foreign keys point at are looked up once for all events."""

    def __init__(self, events: Iterable[Any]) -> None:
        wanted: dict[type[models.Model], set[int]] = defaultdict(set)
        for event in events:
            for column in event.pgh_tracked_model._meta.concrete_fields:
                if column.is_relation and (value := getattr(event, column.attname, None)):
                    wanted[column.related_model].add(value)
        self._found = {
            (model, row.pk): str(row) for model, ids in wanted.items() for row in model._base_manager.filter(pk__in=ids)
        }

    def of(self, model: type[models.Model], pk: int | None) -> str:
        """The name of a record; a dash where the reader may not see it."""
        return self._found.get((model, pk), "—") if pk else ""

    def shown(self, column: Any, value: Any) -> str:
        """One value."""
        if value is None or value in ("", []):
            return _("空")
        if isinstance(value, list):
            return enumerated(value)
        if column.is_relation:
            return self.of(column.related_model, value)
        if isinstance(column, DateRangeField):
            return shown_days(value)
        if isinstance(value, bool):
            return _("是") if value else _("否")
        if column.choices:
            return str(dict(column.flatchoices).get(value, value))
        return date_format(value) if isinstance(value, dt.date) else str(value)


def shown_days(days: DateRange) -> str:
    """A range in words; the end is the first day that no longer counts. What ended on the day it began never held."""
    if days.isempty:
        return _("一天也没有")
    start = date_format(days.lower) if days.lower else _("一直")
    return _("%(start)s起") % {"start": start} if days.upper is None else f"{start} — {date_format(days.upper)}"
