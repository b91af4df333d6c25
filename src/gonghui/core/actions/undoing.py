"""What actions wrote is taken back: their history read backwards, rows made since deleted, others as they were (docs/decisions/0008).

What an action writes is undone without this module knowing of it. Whoever asks says in his own words why it may not be done.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import ProtectedError

from gonghui.core.actions.action import Refused
from gonghui.core.actions.copying import update_many
from gonghui.kit.text import Text

WHY = "the rows that the actions wrote which are taken back, wherever they are held now"
CHUNK = 2000


@dataclass(frozen=True)
class Sentences:
    """What a refusal says: another action has changed a row, another record uses it, or what was before is not known. `%(name)s` is the
    row, `%(what)s` its kind."""

    later: Text
    used: Text
    unknown: Text

    def refusal(self, sentence: Text, model: Any, key: int) -> Refused:
        """The sentence about one row."""
        return Refused(str(sentence) % {"name": name_of(model, key), "what": model._meta.verbose_name})


def untouched(model: Any, ids: list[int]) -> None:
    """For undoings that nothing but foreign keys can stand in the way of."""


def tracked_models(apart: Callable[[Any], bool]) -> Iterator[Any]:
    """Every model with history but those set apart, those first whose rows point at the others."""
    left = [model for model in apps.get_models() if hasattr(model, "events") and not apart(model)]
    while left:
        pointed = {field.related_model for model in left for field in model._meta.concrete_fields if field.is_relation}
        free = [model for model in left if model not in pointed] or left[:1]
        yield from free
        left = [model for model in left if model not in free]


def put_back(
    contexts: Sequence[Any],
    sentences: Sentences,
    *,
    apart: Callable[[Any], bool],
    check_removal: Callable[[Any, list[int]], None] = untouched,
    first: Sequence[Any] = (),
    wholes: Collection[type[models.Model]] = (),
) -> None:
    """Undoes everything that the actions with these history contexts wrote, in all tables but those set apart; to be asked beyond scope.

    `check_removal` refuses to delete rows of a model that something hangs on which is no foreign key. The records in `first` are put back
    one by one before all others: what one gives back, such as a code, the next may take. Rows of `wholes` are what was written itself:
    steps taken on them since stand in nobody's way. Raises Refused where another action has touched one of the other rows since, or
    another record points at one that is to go.
    """
    made: list[tuple[Any, list[int]]] = []
    changed: list[tuple[Any, dict[int, int]]] = []
    for model in tracked_models(apart):
        inserted, updated = first_events(model, contexts, sentences)
        if model not in wholes:
            refuse_later(model, [*inserted, *updated], contexts, sentences)
        made.append((model, inserted))
        changed.append((model, updated))
    for model, ids in made:
        remove(model, ids, sentences, check_removal)
    by_model = dict(changed)
    for record in first:
        if event := by_model[type(record)].pop(record.pk, None):
            restore(type(record), {record.pk: event}, sentences)
    for model, firsts in changed:
        restore(model, firsts, sentences)


def first_events(model: Any, contexts: Sequence[Any], sentences: Sentences) -> tuple[list[int], dict[int, int]]:
    """Keys of rows that these actions made, and of rows that they changed with the key of the first event each."""
    inserted: list[int] = []
    updated: dict[int, int] = {}
    events = events_of(model).filter(pgh_context_id__in=contexts).order_by("pgh_id")
    for key, event, label in events.values_list("pgh_obj_id", "pgh_id", "pgh_label"):
        if label == "insert":
            inserted.append(key)
        elif label == "delete":
            raise sentences.refusal(sentences.unknown, model, key)
        else:
            updated.setdefault(key, event)
    made = set(inserted)
    return inserted, {key: event for key, event in updated.items() if key not in made}


def events_of(model: Any) -> Any:
    """The history of a table."""
    return model.events.rel.related_model._base_manager


def refuse_later(model: Any, ids: list[int], contexts: Sequence[Any], sentences: Sentences) -> None:
    """Refuses where another action changed one of the rows after these did, and it is not as it was again."""
    for some in chunks(ids):
        own = events_of(model).filter(pgh_context_id__in=contexts, pgh_obj_id=models.OuterRef("pgh_obj_id"))
        later = events_of(model).filter(pgh_obj_id__in=some).exclude(pgh_context_id__in=contexts)
        later = later.filter(pgh_id__gt=models.Subquery(own.order_by("-pgh_id").values("pgh_id")[:1]))
        for key in altered(model, later):
            raise sentences.refusal(sentences.later, model, key)


def altered(model: Any, later: Any) -> Iterator[int]:
    """Of the rows that these later events are about, those that are another than before the first of them; what was itself taken back
    since, such as a second merge, stands in nobody's way."""
    first: dict[int, int] = {}
    newest: dict[int, Any] = {}
    for event in later.order_by("pgh_id"):
        first.setdefault(event.pgh_obj_id, event.pgh_id)
        newest[event.pgh_obj_id] = event
    before = snapshots(model, first)
    names = [field.attname for field in model._meta.concrete_fields]
    for key, event in newest.items():
        was = before.get(key)
        is_gone = event.pgh_label == "delete"
        if was is None and is_gone:
            continue
        if was is None or is_gone or any(getattr(was, name, None) != getattr(event, name, None) for name in names):
            yield key


def name_of(model: Any, key: int) -> str:
    """How a row is called; the kind of record where it is gone."""
    return str(model._base_manager.filter(pk=key).first() or model._meta.verbose_name)


def remove(model: Any, ids: list[int], sentences: Sentences, check_removal: Callable[[Any, list[int]], None]) -> None:
    """Deletes rows that these actions made; refused where another record hangs on one.

    Rows that may point at each other go one by one, the newest first.
    """
    for some in chunks(sorted(ids, reverse=True), 1 if is_tree(model, ids) else CHUNK):
        check_removal(model, some)
        try:
            model.objects.unscoped(WHY).filter(pk__in=some).delete()
        except ProtectedError as error:
            using = next(iter(error.protected_objects))
            raise Refused(str(sentences.used) % {"name": held_by(using, model), "what": model._meta.verbose_name}) from error


def is_tree(model: Any, ids: list[int]) -> bool:
    """Whether any of these rows stands under another row of its table."""
    names = [field.name for field in model._meta.concrete_fields if field.is_relation and field.related_model is model]
    rows = model._base_manager.filter(pk__in=ids)
    return any(rows.filter(**{f"{name}__isnull": False}).exists() for name in names)


def held_by(using: Any, model: Any) -> str:
    """The name of the row of `model` that another record points at."""
    for field in using._meta.concrete_fields:
        if field.is_relation and field.related_model is model:
            return name_of(model, getattr(using, field.attname))
    return str(using)


def restore(model: Any, firsts: dict[int, int], sentences: Sentences) -> None:
    """Gives rows the values that they had in the event before these actions' first."""
    tracked = [field for field in model._meta.concrete_fields if not field.primary_key]
    for some in chunks(list(firsts)):
        before = snapshots(model, {key: firsts[key] for key in some})
        rows = list(model._base_manager.filter(pk__in=some))
        for row in rows:
            if row.pk not in before:
                raise sentences.refusal(sentences.unknown, model, row.pk)
        fields = [field.attname for field in tracked if rows and hasattr(before[rows[0].pk], field.attname)]
        for row in rows:
            for name in fields:
                setattr(row, name, getattr(before[row.pk], name))
        names = [field.name for field in tracked if field.attname in fields]
        if rows:
            update_many(rows, names)


def snapshots(model: Any, firsts: dict[int, int]) -> dict[int, Any]:
    """The last event of each row before the one named."""
    rows = events_of(model).filter(pgh_obj_id__in=firsts).order_by("pgh_obj_id", "pgh_id")
    found: dict[int, Any] = {}
    for event in rows:
        if event.pgh_id < firsts[event.pgh_obj_id]:
            found[event.pgh_obj_id] = event
    return found


def chunks(keys: Iterable[int], size: int = CHUNK) -> Iterator[list[int]]:
    """The keys, some at a time."""
    all_keys = list(keys)
    for start in range(0, len(all_keys), size):
        yield all_keys[start : start + size]
