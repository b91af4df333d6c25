"""What was written under one request id is taken back: its history read backwards, rows made since deleted, others as they were."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.db.models import ProtectedError
from django.utils.translation import gettext_lazy as _

from gonghui.core.actions.action import Refused
from gonghui.core.actions.copying import update_many
from gonghui.core.actions.door import beyond_scope
from gonghui.core.notices.models import Note

WHY = "the rows that an import wrote, wherever they are held now"
OURS = "exchange"
LATER = _("“%(name)s”在导入之后又办过事，不能整批撤销。请逐条更正")
USED = _("“%(name)s”已有别的记录用到，不能整批撤销。请逐条更正")
NOTED = _("“%(name)s”已有人留言，不能整批撤销。请逐条更正")
UNKNOWN = _("“%(name)s”导入前的样子没有留下来，不能撤销")
CHUNK = 2000


def contexts_of(request: str) -> list[Any]:
    """The actions that ran under a request id (an index of migration 0001 finds them)."""
    with connection.cursor() as cursor:
        cursor.execute("select id from pghistory_context where metadata ->> 'request' = %s", [request])
        return [row[0] for row in cursor.fetchall()]


def tracked_models() -> Iterator[Any]:
    """Every model with history, those first whose rows point at the others; the batches themselves apart."""
    left = [model for model in apps.get_models() if hasattr(model, "events") and model._meta.app_label != OURS]
    while left:
        pointed = {field.related_model for model in left for field in model._meta.concrete_fields if field.is_relation}
        free = [model for model in left if model not in pointed] or left[:1]
        yield from free
        left = [model for model in left if model not in free]


def put_back(request: str) -> None:
    """Undoes everything written under this request id. Raises Refused where something stands on it."""
    contexts = contexts_of(request)
    with beyond_scope(WHY):
        made: list[tuple[Any, list[int]]] = []
        changed: list[tuple[Any, dict[int, int]]] = []
        for model in tracked_models():
            inserted, updated = first_events(model, contexts)
            refuse_later(model, [*inserted, *updated], contexts)
            made.append((model, inserted))
            changed.append((model, updated))
        for model, ids in made:
            remove(model, ids)
        for model, firsts in changed:
            restore(model, firsts)


def first_events(model: Any, contexts: list[Any]) -> tuple[list[int], dict[int, int]]:
    """Keys of rows that these actions made, and of rows that they changed with the key of the first event each."""
    inserted: list[int] = []
    updated: dict[int, int] = {}
    events = events_of(model).filter(pgh_context_id__in=contexts).order_by("pgh_id")
    for key, event, label in events.values_list("pgh_obj_id", "pgh_id", "pgh_label"):
        if label == "insert":
            inserted.append(key)
        elif label == "delete":
            raise Refused(UNKNOWN % {"name": model._meta.verbose_name})
        else:
            updated.setdefault(key, event)
    made = set(inserted)
    return inserted, {key: event for key, event in updated.items() if key not in made}


def events_of(model: Any) -> Any:
    """The history of a table."""
    return model.events.rel.related_model._base_manager


def refuse_later(model: Any, ids: list[int], contexts: list[Any]) -> None:
    """Refuses where another action changed one of the rows after these did."""
    for some in chunks(ids):
        own = events_of(model).filter(pgh_context_id__in=contexts, pgh_obj_id=models.OuterRef("pgh_obj_id"))
        later = events_of(model).filter(pgh_obj_id__in=some).exclude(pgh_context_id__in=contexts)
        later = later.filter(pgh_id__gt=models.Subquery(own.order_by("-pgh_id").values("pgh_id")[:1]))
        if (event := later.first()) is not None:
            raise Refused(LATER % {"name": name_of(model, event.pgh_obj_id)})


def name_of(model: Any, key: int) -> str:
    """How a row is called; the kind of record where it is gone."""
    return str(model._base_manager.filter(pk=key).first() or model._meta.verbose_name)


def remove(model: Any, ids: list[int]) -> None:
    """Deletes rows that these actions made; refused where a note or another record hangs on one.

    Rows that may point at each other go one by one, the newest first.
    """
    for some in chunks(sorted(ids, reverse=True), 1 if is_tree(model, ids) else CHUNK):
        noted = Note.objects.unscoped(WHY).filter(subject_model=model._meta.label_lower, subject_id__in=some).first()
        if noted is not None:
            raise Refused(NOTED % {"name": noted.subject_name})
        try:
            model.objects.unscoped(WHY).filter(pk__in=some).delete()
        except ProtectedError as error:
            using = next(iter(error.protected_objects))
            raise Refused(USED % {"name": held_by(using, model)}) from error


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


def restore(model: Any, firsts: dict[int, int]) -> None:
    """Gives rows the values that they had in the event before these actions' first."""
    tracked = [field for field in model._meta.concrete_fields if not field.primary_key]
    for some in chunks(list(firsts)):
        before = snapshots(model, {key: firsts[key] for key in some})
        rows = list(model._base_manager.filter(pk__in=some))
        for row in rows:
            if row.pk not in before:
                raise Refused(UNKNOWN % {"name": row})
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
