"""Two records of one person become one, with everything that hangs on them; and two again, as they were."""

from django.utils.translation import gettext_lazy as _

from gonghui.core.actions import merging
from gonghui.core.actions.action import action, change
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.attached import attached_to
from gonghui.core.actions.door import beyond_scope
from gonghui.core.people.models import Distinct, Merge, Person

WHY = "two records turn out to be one person, wherever their rows are held"
FILLED = ("sex", "born_on", "ethnicity", "education", "politics", "household", "household_place", "native_place", "skill_level")


@action("people.merge_people", label=_("合并重复人员"))
def merge_people(kept: Person, *, actor: Actor, dropped: Person) -> Merge:
    """Makes two records one: what hangs on `dropped` is `kept`'s from now on, and what was unknown of `kept` is filled in.

    Refused where both have what one person has once only. Everything is noted, so that it can be put back.
    """
    dropped = merging.second(dropped, actor, "people.merge_people")
    with beyond_scope(WHY):
        merging.refuse_obstacles(kept, dropped, already=_("这两条记录已经是同一个人"))
        new = merging.filled(kept, dropped, FILLED)
        values = new | merging.settled(kept, dropped)
        before = {name: getattr(kept, name) for name in values if name not in new}
        merge = Merge(kept=kept, dropped=dropped, filled=sorted(new), before=before)
        merge.carried = dict(merging.carry(kept, dropped))
        change(kept, **values)
        _take_phone(kept, dropped, merge)
        change(dropped, merged_into=kept)
        merging.noted(merge, actor)
        merging.count(kept, dropped)
    return merge


def _take_phone(kept: Person, dropped: Person, merge: Merge) -> None:
    """A telephone that only the other record has; sealed anew, since a seal is bound to its row."""
    if kept.phone_masked or not dropped.phone_masked:
        return
    _set_phone(kept, dropped.phone())
    merge.filled = [*merge.filled, "phone"]


def _set_phone(person: Person, number: str) -> None:
    person.set_phone(number)
    change(person, **person.phone_columns)


@action("people.unmerge_people", label=_("拆开合并的人员"))
def unmerge_people(merge: Merge, *, actor: Actor) -> None:
    """Puts everything back where it was. Refused where anything was done since to a record of either, new ones included."""
    merging.require_both(merge, actor, "people.unmerge_people")
    with beyond_scope(WHY):
        merging.part(merge, actor, watched=attached_to(Person))
        if "phone" in merge.filled:  # history does not keep what is sealed
            _set_phone(merge.kept, "")
        merging.count(merge.kept, merge.dropped)


@action("people.tell_apart", label=_("不是同一个人"))
def tell_apart(one: Person, *, actor: Actor, other: Person) -> Distinct:
    """Somebody has looked: these two are different persons. They are not suggested again."""
    found: Distinct = merging.told_apart(Distinct, one, other, actor, "people.tell_apart")
    return found
