"""Member's cards: shown to staff, printed, and the bank's card (京卡)."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from stdnum import luhn

from gonghui.areas.members.cards import BadCard, CardCode, owners, read_code, read_number
from gonghui.areas.members.models import CardReading, Membership
from gonghui.areas.members.rules import COUNTED, LIVING, MEMBERSHIP_FLOW, CardState
from gonghui.core.actions.action import Refused, action, change
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import beyond_scope
from gonghui.core.history.actions import log_reading
from gonghui.core.organisations.models import Organisation
from gonghui.kit.ciphers import masked_name
from gonghui.kit.dates import now
from gonghui.kit.flow import State

WHY = "whether a card that is shown is good, whoever holds the membership"
CARD_DIGITS = (16, 19)  # the shortest and the longest number of a bank card in use (GB/T 14504, ISO/IEC 7812)


@dataclass(frozen=True)
class Shown:
    """What staff learn from a good card: enough to see that it is the person's own, and that he is a member."""

    name: str
    union: str
    is_member: bool
    membership: Membership
    is_printed: bool = False

    @property
    def state(self) -> State:
        """How the membership stands."""
        return MEMBERSHIP_FLOW.state(self.membership.state)


@action("members.read_card", label=_("查验会员卡"))
def read_card(organisation: Organisation, *, actor: Actor, text: str) -> Shown:
    """Takes a code that a member shows at this union. Refused: forged, too old, taken before. One on paper may be shown again."""
    try:
        code = code_of(text)
    except BadCard as error:
        raise Refused(str(error), field="text") from error
    with beyond_scope(WHY):
        rows = Membership.objects.unscoped(WHY).select_related("person", "organisation")
        membership = rows.filter(public_id=code.membership).first()
        if membership is None:
            raise Refused(_("没有这张会员卡"), field="text")
        slot = -int(now().timestamp() * 1_000_000) if code.slot is None else code.slot  # each showing of a paper card is a row
        reading = CardReading(organisation=organisation, membership=membership, slot=slot, read_by_id=actor.user_id)
        reading.save(force_insert=True)
        return Shown(
            masked_name(membership.person.name),
            membership.organisation.name,
            membership.state in COUNTED,
            membership,
            code.slot is None,
        )


def code_of(text: str) -> CardCode:
    """What was scanned, or typed off a telephone. Raises BadCard."""
    between = owners(text)
    if between is None:
        return read_code(text, now())
    with beyond_scope(WHY):
        rows = Membership.objects.unscoped(WHY).filter(public_id__range=between)
        return read_number(text, rows.values_list("public_id", flat=True), now())


@action("members.print_member", label=_("打印会员卡或名册"), asks_second_factor=True)
def print_member(membership: Membership, *, actor: Actor, what: str) -> str:
    """The code for a card of paper, or a line of a printed roster; what leaves on paper is logged. Empty where it is no card any more."""
    log_reading(membership, actor=actor, organisation_id=membership.organisation_id, what=what, reason=what, is_limited=False)
    return CardCode(membership.public_id, None).text if membership.state in LIVING else ""


@action("members.record_card", label=_("登记京卡"))
def record_card(membership: Membership, *, actor: Actor, state: str, number: str = "") -> None:
    """Notes how it stands with the bank's card; its number, with its check digit (Luhn) right, is sealed. An empty one stays."""
    digits = number.replace(" ", "").replace("-", "")
    if digits and not (digits.isascii() and digits.isdigit() and CARD_DIGITS[0] <= len(digits) <= CARD_DIGITS[1]):
        raise Refused(_("京卡卡号应为 16 至 19 位数字，现在是 %(count)s 位") % {"count": len(digits)}, field="number")
    if digits and not luhn.is_valid(digits):
        raise Refused(_("京卡卡号的校验位不对，请对照卡面逐位核对"), field="number")
    if state == CardState.ISSUED and not (digits or membership.card_masked):
        raise Refused(_("已发卡的请填写卡号"), field="number")
    if digits or state == CardState.NONE:
        membership.set_card(digits if state != CardState.NONE else "")
    change(
        membership,
        card_state=CardState(state),
        card_sealed=membership.card_sealed,
        card_masked=membership.card_masked,
    )
