"""Two unions want one prospect: one desk at the district decides, and both sides see what it said."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gonghui.areas.unionbuilding.actions.claims import reassign_claim, refuse_silence, refuse_unfit
from gonghui.areas.unionbuilding.models import Claim, Dispute
from gonghui.areas.unionbuilding.rules import DISPUTE_FLOW, UNDECIDED
from gonghui.core.actions.action import NotAllowed, Refused, action, change, next_state
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import beyond_scope
from gonghui.core.history.look_ups import Telling, look_up
from gonghui.core.organisations.models import Organisation
from gonghui.core.reference.calendar import working_days_after
from gonghui.core.reference.queries import parameter
from gonghui.kit.dates import today

WHY = "whoever disputes a claim does not see what another union has claimed"


@action("unionbuilding.raise_dispute", label=_("提出认领异议"))
def raise_dispute(union: Organisation, *, actor: Actor, firm: str, reason: str) -> Dispute:
    """Says that a prospect which another union has claimed is one's own. The firm is named in full or by its credit code, because whoever
    disputes it does not see it; each time counts as a look-up."""
    refuse_unfit(union)
    refuse_silence(reason)
    if actor.user_id is None:
        raise NotAllowed("unionbuilding.raise_dispute")
    with beyond_scope(WHY):
        present = claimed_elsewhere(firm.strip(), union)
        if present is None:
            said = _("没有查到由别的工会认领的这家单位，请核对全称或信用代码")
            raise Telling(said, actor=actor, organisation_id=union.pk, field="firm")
        last = working_days_after(today(), parameter("unionbuilding.dispute_working_days", today()))
        dispute = Dispute(
            claim=present,
            claimant=union,
            holder=present.organisation,
            name=present.employer.name,
            reason=reason.strip(),
            raised_on=today(),
            raised_by_id=actor.user_id,
            due_on=last.day,
        )
        dispute.save(force_insert=True)
    look_up(actor, union.pk)
    return dispute


def claimed_elsewhere(firm: str, union: Organisation) -> Claim | None:
    """The claim that another union has on the firm with this full name or credit code, while it is still open what becomes of it."""
    rows: Any = Claim.objects.unscoped(WHY).running().exclude(organisation=union).filter(prospect__state__in=UNDECIDED)
    named = rows.filter(Q(employer__name=firm) | Q(employer__uscc=firm.upper()))
    found: Claim | None = named.select_related("employer", "organisation").first() if firm else None
    return found


@action("unionbuilding.uphold_dispute", label=_("改由异议方认领"))
def uphold_dispute(dispute: Dispute, *, actor: Actor, decision: str) -> None:
    """The district gives the prospect to whoever disputed it; the days begin anew."""
    decide(dispute, "uphold", actor, decision)
    reassign_claim(dispute.claim, actor=actor, union=dispute.claimant, reason=decision)


@action("unionbuilding.dismiss_dispute", label=_("维持原认领"))
def dismiss_dispute(dispute: Dispute, *, actor: Actor, decision: str) -> None:
    """The prospect stays where it is, and the district says why."""
    decide(dispute, "dismiss", actor, decision)


@action("unionbuilding.withdraw_dispute", label=_("撤回异议"))
def withdraw_dispute(dispute: Dispute, *, actor: Actor) -> None:
    """Whoever disputed it does not any more."""
    with beyond_scope(WHY):
        path = dispute.claimant.path
    if not actor.can_at("unionbuilding.withdraw_dispute", path):
        raise NotAllowed("unionbuilding.withdraw_dispute")
    change(dispute, state=next_state(DISPUTE_FLOW, "withdraw", dispute.state), decided_on=today())


def decide(dispute: Dispute, step: str, actor: Actor, decision: str) -> None:
    """Writes down what was decided, by whom."""
    state = next_state(DISPUTE_FLOW, step, dispute.state)
    if not decision.strip():
        raise Refused(_("请写明裁定意见，双方都会看到"), field="decision")
    change(dispute, state=state, decision=decision.strip(), decided_on=today(), decided_by_id=actor.user_id)
