"""When an employer gets its own union, those who joined individually move into it together: one step, and one step back.

Nobody joins anew, so no figure of new members moves, and nothing of a card changes: it hangs on the membership, which stays what it is.
Source: 工会会员会籍管理办法 (2016) art. 3 (会籍随劳动关系流动，一次入会、动态接转).
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from gonghui.areas.members.actions.membership import spell_values
from gonghui.areas.members.actions.telling import MOVED_BACK, MOVED_IN, tell_of_move
from gonghui.areas.members.actions.threshold import watch
from gonghui.areas.members.models import Membership, Move, Spell
from gonghui.areas.members.queries import current_employments, movers
from gonghui.areas.register.models import Coverage, Employer
from gonghui.core.actions.action import Refused, action, change
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.copying import update_many
from gonghui.core.actions.dated import supersede
from gonghui.core.actions.door import beyond_scope, context_id
from gonghui.core.actions.undoing import Sentences, events_of, first_events, remove, restore, snapshots, untouched
from gonghui.core.organisations.models import Organisation
from gonghui.core.people.models import Person
from gonghui.kit.dates import today
from gonghui.kit.text import enumerated

WHY = "members of one employer move to its new union together, whoever holds them"
CARD = {"card_state", "card_masked"}  # what of a membership is the card's: it blocks nothing and is never put back
MOST_NAMES = 10
SENTENCES = Sentences(
    later=_("“%(name)s”在转入之后又办过事，不能撤销"),
    used=_("“%(name)s”已有别的记录用到，不能撤销"),
    unknown=_("“%(name)s”转入前的样子没有留下来，不能撤销"),
)


@action("members.move_in", label=_("单体会员转入"))
def move_in(union: Organisation, *, actor: Actor, employer: Employer, on: dt.date) -> Move:
    """The members who joined individually and work at this employer are the union's from a day on, those of the joint union that covered
    it until then as well; who joined later, from his own first day. Whose transfer is under way stays where he is."""
    covers = Coverage.objects.unscoped(WHY).filter(organisation=union, employer=employer, valid__upper_inf=True)
    if union.state != "active" or not covers.exists():
        raise Refused(_("“%(union)s”没有覆盖这个单位，不能转入会员") % {"union": union.name})
    if on > today():
        raise Refused(_("日期不能晚于今天"), field="on")
    with beyond_scope(WHY):
        memberships = locked(movers(employer, union, on))
        if not memberships:
            raise Refused(_("没有可以转入的会员"))
        hold_at(union, memberships, on)
        move = Move(organisation=union, employer=employer, moved=[one.pk for one in memberships], context=context_id())
        move.moved_on, move.moved_by_id = on, actor.user_id
        move.save(force_insert=True)
        count_anew([one.person for one in memberships])
    tell_of_move(MOVED_IN, [one.person for one in memberships], union)
    return move


def locked(keys: Iterable[int]) -> list[Membership]:
    """These memberships, locked, with their persons."""
    rows = Membership.objects.unscoped(WHY).filter(pk__in=list(keys)).order_by("pk")
    return list(rows.select_for_update(of=("self",)).select_related("person"))


def hold_at(union: Organisation, memberships: Sequence[Membership], on: dt.date) -> None:
    """The memberships and their persons are this union's; each spell from the day on, or from its own beginning where that is later."""
    values = spell_values([union])[union.pk]
    people = {one.pk: one.person_id for one in memberships}
    rows = Spell.objects.unscoped(WHY).filter(membership__in=people, valid__upper_inf=True)
    begun: dict[dt.date, list[int]] = defaultdict(list)
    for key, days in rows.values_list("membership", "valid"):
        begun[max(on, days.lower)].append(key)
    for day, keys in begun.items():
        supersede(Spell, "membership", keys, day, {key: values | {"person_id": people[key]} for key in keys})
    for one in memberships:
        one.organisation, one.is_individual = union, values["is_individual"]
        one.person.organisation = union
    update_many(memberships, ["organisation", "is_individual"])
    update_many([one.person for one in memberships], ["organisation"])


def count_anew(people: Sequence[Person]) -> None:
    """The numbers of individual members at their employers; the reminder of one that has its union by now ends as founded."""
    works = current_employments(people)
    watch(one.employer for person in people for one in works.get(person.pk, []) if one.employer)


@action("members.undo_move", label=_("撤销会员转入"), asks_second_factor=True)
def undo_move(move: Move, *, actor: Actor) -> list[Membership]:
    """Puts the members back where they were, days and all. Who has had something done to his membership since stays, and is answered; where
    that is everybody, the step is refused. Bookings, cards and cases hang on the person or the card and never stand in the way."""
    if move.undone_on:
        raise Refused(_("这次转入已经撤销"))
    with beyond_scope(WHY):
        memberships = locked(move.moved)
        later = touched(move)
        going, staying = ([one for one in memberships if (one.pk in later) == side] for side in (False, True))
        if not going:
            raise Refused(_("%(names)s转入之后又办过会籍业务，不能撤销。请逐人办理会籍接转") % {"names": names_of(staying)})
        put_back(move, going)
        change(move, undone_on=today(), undone_by_id=actor.user_id, stayed=[one.pk for one in staying])
        count_anew([one.person for one in going])
    tell_of_move(MOVED_BACK, [one.person for one in going], move.organisation)
    return staying


def names_of(memberships: Sequence[Membership]) -> str:
    """Names as a sentence lists them, the first few."""
    words = [one.person.name for one in memberships[:MOST_NAMES]]
    return enumerated(words) + (
        str(_("等 %(count)s 人")) % {"count": len(memberships)} if len(memberships) > MOST_NAMES else ""
    )


def touched(move: Move) -> set[int]:
    """The memberships of a move with a later event of their own: another state, holder or day, or another spell."""
    spells = spells_of(move)
    found = {spells[key] for key in changed_since(Spell, list(spells), move.context, set())}
    return found | changed_since(Membership, move.moved, move.context, CARD)


def spells_of(move: Move) -> dict[int, int]:
    """The spells that a move has written, with their memberships."""
    events = events_of(Spell).filter(pgh_context_id=move.context)
    return dict(events.values_list("pgh_obj_id", "membership_id"))


def changed_since(model: Any, keys: Iterable[int], context: str, ignored: set[str]) -> set[int]:
    """The rows of which history knows something after this context that concerns a column which is not ignored; rows that are gone too."""
    keys = list(keys)
    left = dict(
        events_of(model).filter(pgh_context_id=context, pgh_obj_id__in=keys).values_list("pgh_obj_id").annotate(Max("pgh_id"))
    )
    own = {event.pgh_obj_id: event for event in events_of(model).filter(pgh_id__in=left.values())}
    later = events_of(model).filter(pgh_obj_id__in=keys).exclude(pgh_context_id=context)
    columns = [field.attname for field in model._meta.concrete_fields if field.name not in ignored]
    return {
        event.pgh_obj_id
        for event in later
        if event.pgh_id > left[event.pgh_obj_id]
        and (event.pgh_label == "delete" or differs(event, own[event.pgh_obj_id], columns))
    }


def differs(event: Any, other: Any, columns: Iterable[str]) -> bool:
    """Whether two events tell different values in a column that they keep."""
    return any(getattr(event, name, None) != getattr(other, name, None) for name in columns)


def put_back(move: Move, memberships: Sequence[Membership]) -> None:
    """The spells of these memberships, who holds them and who keeps their persons, as they were before the move; cards stay as they are."""
    keys = {one.pk for one in memberships}
    ours = [key for key, membership in spells_of(move).items() if membership in keys]
    made, changed = first_events(Spell, [move.context], SENTENCES)
    remove(Spell, [key for key in made if key in ours], SENTENCES, untouched)
    restore(Spell, {key: first for key, first in changed.items() if key in ours}, SENTENCES)
    restore_columns(Membership, ("organisation_id", "is_individual"), keys, move.context)
    restore_columns(Person, ("organisation_id",), {one.person_id for one in memberships}, move.context)


def restore_columns(model: Any, names: Sequence[str], keys: Iterable[int], context: str) -> None:
    """These columns of these rows, as history has them before the context."""
    _made, changed = first_events(model, [context], SENTENCES)
    firsts = {key: changed[key] for key in keys if key in changed}
    before = snapshots(model, firsts)
    rows = list(model.objects.unscoped(WHY).filter(pk__in=firsts))
    for row in rows:
        for name in names:
            setattr(row, name, getattr(before[row.pk], name))
    update_many(rows, [model._meta.get_field(name.removesuffix("_id")).name for name in names])
