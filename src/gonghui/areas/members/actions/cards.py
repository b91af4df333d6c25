"""Showing a member's card to staff."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from gonghui.areas.members.cards import BadCard, read_code
from gonghui.areas.members.models import CardReading, Membership
from gonghui.areas.members.rules import COUNTED
from gonghui.core.actions.action import Refused, action
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import beyond_scope
from gonghui.core.organisations.models import Organisation
from gonghui.kit.ciphers import masked_name
from gonghui.kit.dates import now

WHY = "whether a card that is shown is good, whoever holds the membership"


@dataclass(frozen=True)
class Shown:
    """What staff learn from a good card: enough to see that it is the person's own, and that he is a member."""

    name: str
    union: str
    is_member: bool
    membership: Membership


@action("members.read_card", label=_("查验会员卡"))
def read_card(organisation: Organisation, *, actor: Actor, text: str) -> Shown:
    """Takes a code that a member shows at this union. Refused: forged, too old, taken before."""
    try:
        code = read_code(text, now())
    except BadCard as error:
        raise Refused(str(error), field="text") from error
    with beyond_scope(WHY):
        rows = Membership.objects.unscoped(WHY).select_related("person", "organisation")
        membership = rows.filter(public_id=code.membership).first()
        if membership is None:
            raise Refused(_("没有这张会员卡"), field="text")
        reading = CardReading(organisation=organisation, membership=membership, slot=code.slot, read_by_id=actor.user_id)
        reading.save(force_insert=True)
        return Shown(masked_name(membership.person.name), membership.organisation.name, membership.state in COUNTED, membership)
