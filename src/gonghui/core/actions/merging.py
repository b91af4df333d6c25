"""Two records of one subject become one, with everything that hangs on them; and two again, as they were (docs/decisions/0020, 0023).

Here is what needs no noun: the right at both records, what stands in the way, what is filled in, what is carried over, and how history
puts all of it back. An app with such a subject (a model with `merged_into`) has an action of its own for each of the two and a table
of its merges (`MergeRecord`).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.conf import settings
from django.db import OperationalError, models
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from gonghui.core.actions.action import NotAllowed, Refused, change
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.attached import Attached, attached_to
from gonghui.core.actions.copying import update_many
from gonghui.core.actions.door import beyond_scope, context_id
from gonghui.core.actions.models import Public
from gonghui.core.actions.undoing import Sentences, altered, events_of, put_back
from gonghui.kit.dates import today
from gonghui.kit.text import Text

WHY = "two records turn out to be of one subject, wherever their rows are held"
ALREADY = _("这两条记录已经合并过")
BUSY = _("另一条记录正有人在办理，请稍后再试")
PARTED = _("这次合并已经拆开")
SENTENCES = Sentences(
    later=_("“%(name)s”合并之后又办过事（%(what)s），不能拆开。请逐项更正"),
    used=_("“%(name)s”合并之后已有别的记录用到（%(what)s），不能拆开。请逐项更正"),
    unknown=_("“%(name)s”合并前的样子没有留下来，不能拆开"),
)
NOTHING_KNOWN: tuple[Any, ...] = ("", None, False)
"""Values by which a plain column says that nobody has entered anything."""


class MergeRecord(Public):
    """Two records of one subject were made one. A model of its own for each kind of subject, with the columns `kept` and `dropped`."""

    context = models.UUIDField(editable=False)
    merged_on = models.DateField(_("合并日期"))
    merged_at = models.DateTimeField(auto_now_add=True)
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("经办人")
    )
    undone_on = models.DateField(_("拆开日期"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("拆开人")
    )

    class Meta:
        abstract = True
        ordering = ["-merged_at", "-pk"]

    def __str__(self) -> str:
        return str(self.kept)  # type: ignore[attr-defined]

    @staticmethod
    def describe(event: Any, names: Any) -> str:
        model = event.pgh_tracked_model._meta.get_field("kept").related_model
        return f"{names.of(model, event.dropped_id)} → {names.of(model, event.kept_id)}"


class DistinctRecord(Public):
    """Two records of which somebody has found that they are of two subjects, so that nobody is asked again; `one` before `other`."""

    decided_on = models.DateField(_("判定日期"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("判定人")
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.one} / {self.other}"  # type: ignore[attr-defined]


# -- two records become one -------------------------------------------------------------------------------------------


def second(record: Any, actor: Actor, permission: str) -> Any:
    """The second record as it is now, locked; NotAllowed without the right at it, which the action has asked for at the first only.

    Two that are merged into each other at the same moment do not wait for each other: the later one is refused.
    """
    model = type(record)
    if not model.objects.changeable_by(actor, permission).filter(pk=record.pk).exists():
        raise NotAllowed(permission)
    try:
        with beyond_scope(WHY):
            return model.objects.unscoped(WHY).select_for_update(of=("self",), nowait=True).get(pk=record.pk)
    except OperationalError:
        raise Refused(BUSY) from None


def refuse_obstacles(kept: Any, dropped: Any, *, already: Text = ALREADY) -> None:
    """One record cannot be merged with itself, nor with one that is merged already, nor where an app says no."""
    if kept.pk == dropped.pk or kept.merged_into_id or dropped.merged_into_id:
        raise Refused(already)
    for kind in attached_to(type(kept)):
        if sentence := kind.obstacle(kept, dropped):
            raise Refused(sentence)


def unknown(record: Any, columns: Iterable[str]) -> set[str]:
    """Those of the plain columns of which nothing is known."""
    return {name for name in columns if getattr(record, name) in NOTHING_KNOWN}


def filled(kept: Any, dropped: Any, columns: Iterable[str]) -> dict[str, Any]:
    """What the other record knows and this one does not."""
    names = unknown(kept, columns) - unknown(dropped, columns)
    return {name: getattr(dropped, name) for name in columns if name in names}


def settled(kept: Any, dropped: Any) -> dict[str, Any]:
    """The plain columns that follow from what is carried over."""
    found: dict[str, Any] = {}
    for kind in attached_to(type(kept)):
        found |= kind.settles(kept, dropped)
    return found


def carry(kept: Any, dropped: Any) -> Mapping[str, list[int]]:
    """Moves the rows that do not stay; their keys by table. What stays is asked of all tables before anything moves."""
    kinds = attached_to(type(kept))
    staying = [set(kind.stays(kept, dropped)) for kind in kinds]
    moved: dict[str, list[int]] = defaultdict(list)
    for kind, stay in zip(kinds, staying, strict=True):
        rows = [row for row in kind.rows(dropped) if row.pk not in stay]
        for row in rows:
            setattr(row, kind.field, kept)
        update_many(rows, [kind.field])
        moved[kind.label] += [row.pk for row in rows]
    return {label: keys for label, keys in moved.items() if keys}


def count(*records: Any) -> None:
    """Tells whoever counts what hangs on these records that something has moved."""
    for kind in attached_to(type(records[0])):
        for record in records:
            kind.counted(record)


def noted(merge: Any, actor: Actor) -> Any:
    """Keeps the record of a merge, with the id under which history keeps what the action writes."""
    merge.context = context_id()
    merge.merged_on, merge.merged_by_id = today(), actor.user_id
    merge.save(force_insert=True)
    return merge


# -- and two again ----------------------------------------------------------------------------------------------------


def part(merge: Any, actor: Actor, *, watched: Iterable[Attached] = ()) -> None:
    """Puts back what the action that merged wrote. To be asked beyond scope, by an action whose subject is the merge.

    Refused where anything was done since to either record, to a row that was moved, or to a row of the `watched` tables that hangs on
    the kept record by now, a new one included.
    """
    kept, dropped = merge.kept, merge.dropped
    refuse_later(merge, type(kept), [kept.pk, dropped.pk])
    for kind in watched:
        refuse_later(merge, kind.model, kind.rows(kept).values_list("pk", flat=True))
    put_back([merge.context], SENTENCES, apart=lambda model: model is type(merge), first=(kept, dropped))
    for record in (kept, dropped):
        record.refresh_from_db()
    change(merge, undone_on=today(), undone_by_id=actor.user_id)


def require_both(merge: Any, actor: Actor, permission: str) -> None:
    """The right at both records; refused where the merge is taken back already."""
    if merge.undone_on:
        raise Refused(PARTED)
    rows = type(merge)._meta.get_field("kept").related_model.objects.changeable_by(actor, permission)
    if rows.filter(pk__in=[merge.kept_id, merge.dropped_id]).count() != 2:
        raise NotAllowed(permission)


def refuse_later(merge: Any, model: Any, keys: Iterable[int]) -> None:
    """Refuses where history knows of one of these rows something after the merge that was not taken back."""
    events = events_of(model)
    last = events.filter(pgh_context_id=merge.context).aggregate(last=Max("pgh_id"))["last"]
    later = events.filter(pgh_obj_id__in=list(keys)).exclude(pgh_context_id=merge.context)
    later = later.filter(pgh_id__gt=last) if last else later.filter(pgh_created_at__gt=merge.merged_at)
    if any(altered(model, later)):
        raise Refused(str(SENTENCES.later) % {"name": merge.kept, "what": model._meta.verbose_name})


# -- of two subjects --------------------------------------------------------------------------------------------------


def told_apart(model: Any, one: Any, other: Any, actor: Actor, permission: str) -> Any:
    """The record that these two are of two subjects, made once. NotAllowed without the right at the other one."""
    if not type(other).objects.changeable_by(actor, permission).filter(pk=other.pk).exists():
        raise NotAllowed(permission)
    first, last = sorted((one, other), key=lambda record: int(record.pk))
    found = model.objects.unscoped(WHY).filter(one=first, other=last).first()
    if found is None:
        found = model(one=first, other=last, decided_on=today(), decided_by_id=actor.user_id)
        found.save(force_insert=True)
    return found
