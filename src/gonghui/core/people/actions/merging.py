"""Two records of one person become one, with everything that hangs on them; and two again, as they were."""

from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from gonghui.core.actions.action import NotAllowed, Refused, action, change
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import beyond_scope
from gonghui.core.people.attached import Attached, attached
from gonghui.core.people.models import Distinct, Merge, Person
from gonghui.kit.dates import today

WHY = "two records turn out to be one person, wherever their rows are held"
FILLED = ("sex", "born_on", "ethnicity", "education", "politics", "household", "household_place", "native_place", "skill_level")
LATER = _("“%(name)s”合并之后又办过事（%(what)s），不能拆开。请逐项更正")


@action("people.merge_people", label=_("合并重复人员"))
def merge_people(kept: Person, *, actor: Actor, dropped: Person) -> Merge:
    """Makes two records one: what hangs on `dropped` is `kept`'s from now on, and what was unknown of `kept` is filled in.

    Refused where both have what one person has once only. Everything is noted, so that it can be put back.
    """
    _require(dropped, actor, "people.merge_people")
    with beyond_scope(WHY):
        dropped = Person.objects.unscoped(WHY).select_for_update().get(pk=dropped.pk)
        _refuse_obstacles(kept, dropped)
        values = _filled(kept, dropped)
        for kind in attached.values():
            values |= kind.settles(kept, dropped)
        before = {name: getattr(kept, name) for name in values if name not in _unfilled(kept)}
        carried = {kind.label: list(_carry(kind, kept, dropped)) for kind in attached.values()}
        merge = Merge(
            kept=kept,
            dropped=dropped,
            carried={label: keys for label, keys in carried.items() if keys},
            filled=sorted(set(values) - set(before)),
            before=before,
            context=_context(),
            merged_on=today(),
            merged_by_id=actor.user_id,
        )
        change(kept, **values)
        _take_phone(kept, dropped, merge)
        change(dropped, merged_into=kept)
        merge.save(force_insert=True)
        _count(kept, dropped)
    return merge


def _require(person: Person, actor: Actor, permission: str) -> None:
    """The right at the second person, as the action has asked for it at the first."""
    if not Person.objects.changeable_by(actor, permission).filter(pk=person.pk).exists():
        raise NotAllowed(permission)


def _refuse_obstacles(kept: Person, dropped: Person) -> None:
    """One record cannot be merged with itself, nor with one that is merged already, nor where an area says no."""
    if kept.pk == dropped.pk or kept.merged_into_id or dropped.merged_into_id:
        raise Refused(_("这两条记录已经是同一个人"))
    for kind in attached.values():
        if sentence := kind.obstacle(kept, dropped):
            raise Refused(sentence)


def _unfilled(person: Person) -> set[str]:
    """The plain columns of which nothing is known."""
    return {name for name in FILLED if getattr(person, name) in ("", None)}


def _filled(kept: Person, dropped: Person) -> dict[str, Any]:
    """What the other record knows and this one does not."""
    return {name: getattr(dropped, name) for name in _unfilled(kept) if getattr(dropped, name) not in ("", None)}


def _take_phone(kept: Person, dropped: Person, merge: Merge) -> None:
    """A telephone that only the other record has; sealed anew, since a seal is bound to its row."""
    if kept.phone_masked or not dropped.phone_masked:
        return
    _set_phone(kept, dropped.phone())
    merge.filled = [*merge.filled, "phone"]


def _set_phone(person: Person, number: str) -> None:
    person.set_phone(number)
    change(person, **person.phone_columns)


def _carry(kind: Attached, kept: Person, dropped: Person) -> Iterator[int]:
    """Moves the rows of one table that do not stay; their keys."""
    staying = set(kind.stays(kept, dropped))
    for row in kind.rows(dropped):
        if row.pk not in staying:
            change(row, **{kind.field: kept})
            yield row.pk


def _count(*people: Person) -> None:
    for kind in attached.values():
        for person in people:
            kind.counted(person)


def _context() -> str:
    """The id under which history keeps what this action writes."""
    with connection.cursor() as cursor:
        cursor.execute("select current_setting('pghistory.context_id')")
        return str((cursor.fetchone() or ("",))[0])


@action("people.unmerge_people", label=_("拆开合并的人员"))
def unmerge_people(merge: Merge, *, actor: Actor) -> None:
    """Puts everything back where it was. Refused where anything was done since to a record of either, new ones included."""
    if merge.undone_on:
        raise Refused(_("这次合并已经拆开"))
    both = Person.objects.changeable_by(actor, "people.unmerge_people").filter(pk__in=[merge.kept_id, merge.dropped_id])
    if both.count() != 2:
        raise NotAllowed("people.unmerge_people")
    with beyond_scope(WHY):
        kept, dropped = merge.kept, merge.dropped
        _refuse_later(merge)
        for label, keys in merge.carried.items():
            kind = attached[label]
            for row in kind.model._base_manager.filter(pk__in=keys).order_by("pk"):
                change(row, **{kind.field: dropped})
        empty = {name: None if name == "born_on" else "" for name in merge.filled if name != "phone"}
        if values := empty | merge.before:
            change(kept, **values)
        if "phone" in merge.filled:
            _set_phone(kept, "")
        change(dropped, merged_into=None)
        change(merge, undone_on=today(), undone_by_id=actor.user_id)
        _count(kept, dropped)


def _refuse_later(merge: Merge) -> None:
    """Refuses where history knows of the two persons, or of what hangs on the kept one, something after the merge."""
    people = [merge.kept_id, merge.dropped_id]
    tables: list[tuple[Any, list[int]]] = [(Person, people)]
    tables += [(kind.model, list(kind.rows(merge.kept).values_list("pk", flat=True))) for kind in attached.values()]
    for model, keys in tables:
        events = model.events.rel.related_model._base_manager
        own = events.filter(pgh_context_id=merge.context)
        last = own.aggregate(last=Max("pgh_id"))["last"]
        later = events.filter(pgh_obj_id__in=keys).exclude(pgh_context_id=merge.context)
        later = later.filter(pgh_id__gt=last) if last else later.filter(pgh_created_at__gt=merge.merged_at)
        if later.exists():
            raise Refused(LATER % {"name": merge.kept.name, "what": model._meta.verbose_name})


@action("people.tell_apart", label=_("不是同一个人"))
def tell_apart(one: Person, *, actor: Actor, other: Person) -> Distinct:
    """Somebody has looked: these two are different persons. They are not suggested again."""
    _require(other, actor, "people.tell_apart")
    first, second = sorted((one, other), key=lambda person: person.pk)
    found = Distinct.objects.unscoped(WHY).filter(one=first, other=second).first()
    if found is None:
        found = Distinct(one=first, other=second, decided_on=today(), decided_by_id=actor.user_id)
        found.save(force_insert=True)
    return found
