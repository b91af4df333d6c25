"""Two records of one employer become one, and two again (docs/decisions/0023).

Of each day the kept record's facts hold; of days of which it says nothing, the dropped one's do. The dropped record has then never
counted: figures of past days are corrected, nothing is closed.
"""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from gonghui.areas.register.actions.employers import derived
from gonghui.areas.register.actions.repetition import repeat_today
from gonghui.areas.register.models import (
    Coverage,
    Employer,
    EmployerDistinct,
    EmployerMerge,
    Headcount,
    Holding,
    Standing,
)
from gonghui.areas.register.rules import EMPLOYER_FLOW, Extent
from gonghui.core.actions import merging
from gonghui.core.actions.action import Refused, action, change, next_state
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.attached import attached_to
from gonghui.core.actions.copying import insert_many, update_many
from gonghui.core.actions.door import beyond_scope
from gonghui.kit.dates import DateRange, overlap, today, without

WHY = "two records turn out to be one employer, wherever their rows are held"
DATED = (Standing, Holding, Headcount, Coverage)
PLAIN = ("uscc", "address", "has_party_organisation", "is_dispatch_firm")
TOGETHER = (("employer_class", "is_state_controlled"), ("industry", "industry_edition"))
"""Columns of which the second says nothing without the first."""


@action("register.merge_employers", label=_("合并重复单位"))
def merge_employers(kept: Employer, *, actor: Actor, dropped: Employer) -> EmployerMerge:
    """Makes two records of one employer one: what hangs on `dropped` is `kept`'s from now on, and what was unknown is filled in.

    The dropped record counts on no day any more and leads to the kept one. Refused where different unions cover the two, or while a
    striking-off of either waits for its decision.
    """
    dropped = merging.second(dropped, actor, "register.merge_employers")
    with beyond_scope(WHY):
        merging.refuse_obstacles(kept, dropped)
        target = next_state(EMPLOYER_FLOW, "merge", dropped.state)
        if kept.state != "active" and dropped.state == "active":
            raise Refused(_("“%(name)s”已不是正常状态，请保留另一条记录") % {"name": kept.name})
        values = known_of(kept, dropped)
        moved = merging.carry(kept, dropped)
        take_over(kept, dropped, moved.get(Coverage._meta.label_lower, []))
        released = {"uscc": None} if "uscc" in values else {}
        change(dropped, state=target, merged_into=kept, **released)
        change(kept, **values, **holder_of(kept))
        repeat_today([kept, dropped])
        merge: EmployerMerge = merging.noted(EmployerMerge(kept=kept, dropped=dropped), actor)
        merging.count(kept, dropped)
    return merge


def known_of(kept: Employer, dropped: Employer) -> dict[str, Any]:
    """The plain columns of the kept record as they will be."""
    values = merging.filled(kept, dropped, PLAIN)
    for first, second in TOGETHER:
        if not getattr(kept, first) and getattr(dropped, first):
            values |= {first: getattr(dropped, first), second: getattr(dropped, second)}
    if kept.region_id is None and kept.street_id == dropped.street_id:
        values["region"] = dropped.region
    names = [*kept.former_names, dropped.name, *dropped.former_names]
    values["former_names"] = [name for name in dict.fromkeys(names) if name != kept.name]
    values["entered_on"] = min(kept.entered_on, dropped.entered_on)
    return values | {"is_non_public": derived(values, today(), kept)}


def holder_of(kept: Employer) -> dict[str, Any]:
    """Who holds the employer today, by the dated facts."""
    holding = rows_of(Holding, kept).filter(valid__upper_inf=True).first()
    return {"organisation_id": holding.organisation_id} if holding else {}


def rows_of(model: Any, employer: Employer) -> Any:
    """The facts of one employer, wherever they are held."""
    return model.objects.unscoped(WHY).filter(employer=employer).order_by("valid")


def take_over(kept: Employer, dropped: Employer, carried: list[int]) -> None:
    """Gives the kept record what the dropped one says of days of which it says nothing itself; the rest of the dropped one's facts stays
    with it and no longer counts. `carried` are the keys of coverages that have moved as they were."""
    copies = {model: list(missing(model, kept, dropped)) for model in DATED}
    for rows in copies.values():
        insert_many(rows)
    covers = [*rows_of(Coverage, kept).filter(pk__in=carried), *copies[Coverage]]
    hold_where_covered(kept, dropped, [one.valid for one in covers if one.extent == Extent.WHOLE])
    standings, coverages = list(rows_of(Standing, dropped)), list(rows_of(Coverage, dropped))
    for one in standings:
        one.state = "merged"
    for one in coverages:
        one.valid = DateRange(empty=True)
    update_many(standings, ["state"])
    update_many(coverages, ["valid"])


def missing(model: Any, kept: Employer, dropped: Employer) -> Iterator[Any]:
    """Copies of the dropped record's facts for the days of which the kept one says nothing; not yet saved."""
    known = list(rows_of(model, kept))
    for row in rows_of(model, dropped):
        for days in without(row.valid, [one.valid for one in known if is_alike(one, row)]):
            yield copy_of(row, employer_id=kept.pk, valid=days)


def is_alike(one: Any, other: Any) -> bool:
    """Whether two facts of one day say the same kind of thing. Of coverages: both of the whole unit, or both by one union."""
    if not isinstance(one, Coverage):
        return True
    return bool(one.organisation_id == other.organisation_id or one.extent == other.extent == Extent.WHOLE)


def copy_of(row: Any, **values: Any) -> Any:
    """The same fact with other values, not yet saved; when it was known is now."""
    names = [field.attname for field in row._meta.concrete_fields if not field.primary_key and field.name != "recorded_at"]
    return type(row)(**{name: getattr(row, name) for name in names} | values)


def hold_where_covered(kept: Employer, dropped: Employer, covered: list[DateRange]) -> None:
    """On days on which the kept record is covered by what covered the dropped one, it is held as that was; its street stays its own."""
    theirs = [(row, both) for row in rows_of(Holding, dropped) for days in covered if (both := overlap(row.valid, days))]
    changed, added = [], []
    for row in rows_of(Holding, kept):
        taken = [(one, both) for one, days in theirs if (both := overlap(row.valid, days))]
        if not taken:
            continue
        pieces = [copy_of(row, valid=days) for days in without(row.valid, [days for _one, days in taken])]
        for one, days in taken:
            pieces.append(copy_of(row, valid=days, organisation_id=one.organisation_id, managing_id=one.managing_id))
        pieces[0].pk = row.pk
        changed.append(pieces[0])
        added += pieces[1:]
    update_many(changed, ["valid", "organisation", "managing"])
    insert_many(added)


@action("register.unmerge_employers", label=_("拆开合并的单位"))
def unmerge_employers(merge: EmployerMerge, *, actor: Actor) -> None:
    """Puts everything back where it was. Refused where anything was done since to either record, to what was moved, or to the facts of
    the kept one."""
    merging.require_both(merge, actor, "register.unmerge_employers")
    with beyond_scope(WHY):
        merging.part(merge, actor, watched=[kind for kind in attached_to(Employer) if kind.model in DATED])
        repeat_today([merge.kept, merge.dropped])
        merging.count(merge.kept, merge.dropped)


@action("register.tell_employers_apart", label=_("不是同一家单位"))
def tell_employers_apart(one: Employer, *, actor: Actor, other: Employer) -> EmployerDistinct:
    """Somebody has looked: these two are different employers. They are not suggested again."""
    found: EmployerDistinct = merging.told_apart(EmployerDistinct, one, other, actor, "register.tell_employers_apart")
    return found
