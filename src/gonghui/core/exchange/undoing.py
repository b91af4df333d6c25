"""What an import wrote under one request id is taken back by its history (core/actions/undoing.py)."""

from collections.abc import Collection
from typing import Any

from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from gonghui.core.actions.action import Refused
from gonghui.core.actions.door import beyond_scope
from gonghui.core.actions.undoing import Sentences, put_back
from gonghui.core.notices.models import Note

WHY = "the rows that an import wrote, wherever they are held now"
OURS = "exchange"
SENTENCES = Sentences(
    later=_("“%(name)s”在导入之后又办过事，不能整批撤销。请逐条更正"),
    used=_("“%(name)s”已有别的记录用到，不能整批撤销。请逐条更正"),
    unknown=_("“%(name)s”导入前的样子没有留下来，不能撤销"),
)
NOTED = _("“%(name)s”已有人留言，不能整批撤销。请逐条更正")


def contexts_of(request: str) -> list[Any]:
    """The actions that ran under a request id (an index of migration 0001 finds them)."""
    with connection.cursor() as cursor:
        cursor.execute("select id from pghistory_context where metadata ->> 'request' = %s", [request])
        return [row[0] for row in cursor.fetchall()]


def put_back_import(request: str, wholes: Collection[type[models.Model]] = ()) -> None:
    """Undoes everything written under this request id, the batches themselves apart. Raises Refused where something stands on it; steps
    taken since on rows of `wholes`, which are the import itself, are no such thing."""
    contexts = contexts_of(request)
    with beyond_scope(WHY):
        put_back(
            contexts, SENTENCES, apart=lambda model: model._meta.app_label == OURS, check_removal=refuse_noted, wholes=wholes
        )


def refuse_noted(model: Any, ids: list[int]) -> None:
    """Refuses where a note hangs on one of the rows."""
    rows = Note.objects.unscoped(WHY).filter(subject_model=model._meta.label_lower, subject_id__in=ids)
    if (noted := rows.first()) is not None:
        raise Refused(NOTED % {"name": noted.subject_name})
