"""Two records of one union become one, and two again (docs/decisions/0023).

Members, employers, contacts and unions below the dropped record are the kept one's, on past days too; where the two stood under
different managing unions, they count under the kept one's from the day of the merge on, as when a union is moved.
"""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from gonghui.areas.register.actions.unions import rehang, replace_managers, require_at_parent
from gonghui.areas.register.models import UnionDistinct, UnionMerge
from gonghui.core.actions import merging
from gonghui.core.actions.action import NotAllowed, Refused, action, change, next_state
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import beyond_scope
from gonghui.core.organisations.models import MANAGING, UNION_FLOW, Organisation
from gonghui.kit.dates import today

WHY = "two records turn out to be one union, wherever their rows are held"
CODES = ("uscc", "code")  # one union's at a time
PLAIN = (*CODES, "joint_basis", "keeps_own_funds", "proposed_on", "founded_on", "approval_document")


@action("register.merge_unions", label=_("合并重复工会"))
def merge_unions(kept: Organisation, *, actor: Actor, dropped: Organisation) -> UnionMerge:
    """Makes two records of one union one: what hangs on `dropped` is `kept`'s from now on, and what was unknown is filled in.

    The right must be held at the unions above both. The dropped record counts on no day any more and leads to the kept one.
    """
    dropped = merging.second(dropped, actor, "register.merge_unions")
    for union in (kept, dropped):
        require_at_parent(union, actor, "register.merge_unions")
    with beyond_scope(WHY):
        merging.refuse_obstacles(kept, dropped)
        target = next_state(UNION_FLOW, "merge", dropped.state)
        refuse_unlike(kept, dropped)
        values = merging.filled(kept, dropped, PLAIN)
        carry(kept, dropped, today())
        change(dropped, state=target, merged_into=kept, **{name: None for name in CODES if name in values})
        change(kept, **values)
        merge: UnionMerge = merging.noted(UnionMerge(kept=kept, dropped=dropped), actor)
        merging.count(kept, dropped)
    return merge


def refuse_unlike(kept: Organisation, dropped: Organisation) -> None:
    """Refuses unions that cannot be one: of two kinds, managing ones, one below the other, or one that is not active."""
    if kept.kind in MANAGING or dropped.kind in MANAGING:
        raise NotAllowed("register.merge_unions")
    if kept.kind != dropped.kind:
        raise Refused(
            _("一个是%(one)s，一个是%(other)s，不能合并")
            % {"one": kept.get_kind_display(), "other": dropped.get_kind_display()}
        )
    if kept.path.startswith(dropped.path) or dropped.path.startswith(kept.path):
        raise Refused(_("上级和下级不能合并"))
    if kept.state != "active":
        raise Refused(_("“%(name)s”已不是正常状态，请保留另一条记录") % {"name": kept.name})


def carry(kept: Organisation, dropped: Organisation, since: dt.date) -> None:
    """Moves everything that hangs on the dropped record; what stands below it moves in the tree as well."""
    below = list(Organisation.objects.unscoped(WHY).filter(parent=dropped))
    merging.carry(kept, dropped)
    for child in below:
        rehang(child.path, f"{kept.path}{child.pk}.")
    replace_managers(kept, since)


@action("register.unmerge_unions", label=_("拆开合并的工会"))
def unmerge_unions(merge: UnionMerge, *, actor: Actor) -> None:
    """Puts everything back where it was, the tree included. Refused where anything was done since to either record or to what was moved."""
    merging.require_both(merge, actor, "register.unmerge_unions")
    for union in (merge.kept, merge.dropped):
        require_at_parent(union, actor, "register.unmerge_unions")
    with beyond_scope(WHY):
        below = paths_below(merge.kept)
        merging.part(merge, actor)
        for child in Organisation.objects.unscoped(WHY).filter(parent=merge.dropped):
            rehang(below[child.pk], child.path)  # unions founded below it since
            replace_managers(child, today())
        merging.count(merge.kept, merge.dropped)


def paths_below(union: Organisation) -> dict[int, str]:
    """Where the unions just below this one stand, by key."""
    return dict(Organisation.objects.unscoped(WHY).filter(parent=union).values_list("pk", "path"))


@action("register.tell_unions_apart", label=_("不是同一个工会"))
def tell_unions_apart(one: Organisation, *, actor: Actor, other: Organisation) -> UnionDistinct:
    """Somebody has looked: these two are different unions. They are not suggested again."""
    found: UnionDistinct = merging.told_apart(UnionDistinct, one, other, actor, "register.tell_unions_apart")
    return found
