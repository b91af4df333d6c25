"""What memberships repeat of the tree follows the tree."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.dispatch import receiver

from gonghui.areas.members.actions.membership import spell_values
from gonghui.areas.members.models import Spell
from gonghui.areas.register.events import unions_placed
from gonghui.core.actions.copying import update_many
from gonghui.core.actions.dated import supersede
from gonghui.core.actions.door import beyond_scope

WHY = "memberships count where the union that holds them stands"


@receiver(unions_placed)
def follow_placement(sender: Any, *, unions: Sequence[int], since: dt.date, **_more: Any) -> None:
    """From a day on, the memberships held at these unions count under their new managing union and in their new street; those that
    began later, from their own first day."""
    with beyond_scope(WHY):
        spells = displaced(unions)
        later = [one for one in spells if one.valid.lower > since]
        update_many(later, ["managing", "street"])
        earlier = {one.membership_id: held_as(one) for one in spells if one.valid.lower <= since}
        supersede(Spell, "membership", earlier, since, earlier)


def displaced(unions: Iterable[int]) -> list[Spell]:
    """The running spells at these unions that say another place than the union has now; each says the new one, not yet saved."""
    rows = Spell.objects.unscoped(WHY).filter(organisation__in=unions, valid__upper_inf=True)
    spells = list(rows.select_related("organisation"))
    places = spell_values({one.organisation for one in spells})
    found = []
    for one in spells:
        place = places[one.organisation_id]
        if (one.managing_id, one.street_id) != (place["managing_id"], place["street_id"]):
            one.managing_id, one.street_id = place["managing_id"], place["street_id"]
            found.append(one)
    return found


def held_as(spell: Spell) -> dict[str, Any]:
    """What a spell says, without its days."""
    names = ("person_id", "organisation_id", "managing_id", "street_id", "is_retained", "is_individual")
    return {name: getattr(spell, name) for name in names}
