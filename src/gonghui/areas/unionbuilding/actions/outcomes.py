"""The steps of a prospect that talking to it leads to: verified, talked to, willing, resting, closed."""

import datetime as dt

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gonghui.areas.unionbuilding.actions.calls import AttemptRow, record_attempt
from gonghui.areas.unionbuilding.actions.prospects import advance
from gonghui.areas.unionbuilding.models import Claim, Prospect
from gonghui.areas.unionbuilding.rules import CLOSINGS, PROSPECT_FLOW, REFUSALS
from gonghui.core.actions.action import Refused, action, next_state
from gonghui.core.actions.actor import Actor
from gonghui.core.reference.queries import choices, parameter
from gonghui.kit.dates import today


@action("unionbuilding.verify_prospect", label=_("核实"))
def verify_prospect(prospect: Prospect, *, actor: Actor) -> None:
    """It was found that the employer is there."""
    advance(prospect, "verify")


@action("unionbuilding.record_talk", label=pgettext_lazy("verb", "沟通"))
def record_talk(prospect: Prospect, *, actor: Actor, row: AttemptRow) -> None:
    """Somebody in charge was talked to about founding a union."""
    next_state(PROSPECT_FLOW, "talk", prospect.state)
    if not row.note.strip():
        raise Refused(_("请写明和谁谈的、谈了什么"), field="note")
    record_attempt(prospect, actor=actor, row=row)
    advance(prospect, "talk")


@action("unionbuilding.agree", label=_("同意筹备"))
def agree(prospect: Prospect, *, actor: Actor) -> None:
    """The employer wants a union."""
    advance(prospect, "agree")


@action("unionbuilding.refuse", label=_("登记暂不同意"))
def refuse(prospect: Prospect, *, actor: Actor, reason: str, rests_until: dt.date | None = None) -> None:
    """The employer does not want one now: with a reason of the list, until a date on which it comes back by itself."""
    next_state(PROSPECT_FLOW, "refuse", prospect.state)
    if reason not in dict(choices(REFUSALS, today())):
        raise Refused(_("请选择不同意的原因"), field="reason")
    until = rests_until or today() + dt.timedelta(days=parameter("unionbuilding.refusal_days", today()))
    if until <= today():
        raise Refused(_("暂缓到的日期须晚于今天"), field="rests_until")
    advance(prospect, "refuse", reason=reason, refused_until=until)


@action("unionbuilding.resume", label=_("恢复建会工作"))
def resume(prospect: Prospect, *, actor: Actor) -> None:
    """It is worked on again, and called again, before its date or because it has come."""
    advance(prospect, "resume", reason="", refused_until=None)
    claims = Claim.objects.unscoped("the claim of a prospect that an action has locked").running()
    claims.filter(prospect=prospect).update(call_on=today(), call_at=None)


@action("unionbuilding.close_prospect", label=pgettext_lazy("prospect", "了结"))
def close_prospect(prospect: Prospect, *, actor: Actor, reason: str) -> None:
    """It is no longer looked for a union, for a reason of the list."""
    if reason not in dict(choices(CLOSINGS, today())):
        raise Refused(_("请选择了结的原因"), field="reason")
    advance(prospect, "close", reason=reason)


def resume_rested(actor: Actor, on: dt.date) -> int:
    """The prospects whose rest is over, one after another; how many there were."""
    rows = Prospect.objects.visible_to(actor).filter(state="refused", refused_until__lte=on)
    due = list(rows.order_by("refused_until", "pk"))
    for prospect in due:
        resume(prospect, actor=actor)
    return len(due)
