"""Claiming a prospect for some working days (认领): who reaches nobody in that time gives it back.

Of two unions that press at the same moment one gets it, because the prospect is read open and locked in one statement; the other
waits for it and then reads who holds it until when.
"""

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gonghui.areas.register.rules import CoverageState
from gonghui.areas.unionbuilding.actions.prospects import pass_to
from gonghui.areas.unionbuilding.models import Claim, Prospect
from gonghui.areas.unionbuilding.rules import CLAIM_FLOW, CLAIMANTS, ENDED, UNDECIDED
from gonghui.core.actions.action import Refused, action, change, next_state
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import beyond_scope
from gonghui.core.organisations.models import Organisation
from gonghui.core.organisations.queries import districts_of, managing_union
from gonghui.core.reference.calendar import working_days_after
from gonghui.core.reference.queries import parameter
from gonghui.kit.dates import today
from gonghui.kit.text import Text

WHY = "a prospect passes between unions that do not see each other's records"


@action("unionbuilding.claim", label=pgettext_lazy("verb", "认领"))
def claim(union: Organisation, *, actor: Actor, prospect: Prospect) -> Claim:
    """A street or system union works on a prospect from today on. Refused where another one holds it, with who and until when."""
    refuse_unfit(union)
    with beyond_scope(WHY):
        return begin(locked_open(prospect), union, actor)


@action("unionbuilding.assign_claim", label=_("指派认领"))
def assign_claim(prospect: Prospect, *, actor: Actor, union: Organisation, reason: str) -> Claim:
    """The district says who works on an unclaimed prospect."""
    refuse_unfit(union)
    if not prospect.is_open:
        raise Refused(held_words(prospect))
    with beyond_scope(WHY):
        return begin(prospect, union, actor, reason=reason)


@action("unionbuilding.reassign_claim", label=_("改派"))
def reassign_claim(present: Claim, *, actor: Actor, union: Organisation, reason: str) -> Claim:
    """The district gives a claimed prospect to another union; the days begin anew."""
    state = next_state(CLAIM_FLOW, "reassign", present.state)
    refuse_unfit(union)
    refuse_silence(reason)
    if present.organisation_id == union.pk:
        raise Refused(_("已经由这个工会认领"), field="union")
    with beyond_scope(WHY):
        change(present, state=state, ended_on=today(), reason=reason.strip())
        return begin(present.prospect, union, actor, origin=present.origin, reason=reason)


@action("unionbuilding.keep_claim", label=_("确认认领"))
def keep_claim(present: Claim, *, actor: Actor) -> None:
    """Somebody was reached, or somebody was there: the prospect stays."""
    change(present, state=next_state(CLAIM_FLOW, "keep", present.state))


@action("unionbuilding.release_claim", label=_("放弃认领"))
def release_claim(present: Claim, *, actor: Actor, reason: str) -> None:
    """The union gives the prospect back before its days are over, and says why."""
    refuse_silence(reason)
    if present.prospect.state not in UNDECIDED:
        raise Refused(_("已进入筹备，不能放弃认领；需要换人请区总工会改派"))
    give_back(present, "release", reason)


@action("unionbuilding.advance_claims", label=_("到期办理认领"))
def advance_claim(present: Claim, *, actor: Actor, on: dt.date) -> None:
    """What a day that has come does to a claim: it lapses when nobody was reached, and is settled when its prospect has ended."""
    if present.prospect.state in ENDED:
        change(present, state=next_state(CLAIM_FLOW, "settle", present.state), ended_on=on)
    elif present.state == "held" and present.until < on:
        give_back(present, "lapse", "")


def advance_claims(actor: Actor, on: dt.date) -> int:
    """The claims whose days are over, one after another; how many there were."""
    rows = Claim.objects.visible_to(actor).running().order_by("until", "pk")
    due = [*rows.filter(state="held", until__lt=on), *rows.filter(prospect__state__in=ENDED)]
    for one in {one.pk: one for one in due}.values():
        advance_claim(one, actor=actor, on=on)
    return len(due)


# -- the steps they share ---------------------------------------------------------------------------------------


def locked_open(prospect: Prospect) -> Prospect:
    """The prospect as it is now, unclaimed, locked until the transaction ends. Whoever comes a moment later waits here and is refused."""
    rows = Prospect.objects.unscoped(WHY).filter(pk=prospect.pk, is_open=True)
    fresh: Prospect | None = rows.select_for_update(of=("self",), no_key=True).first()
    if fresh is None:
        raise Refused(held_words(prospect))
    return fresh


def begin(
    prospect: Prospect, union: Organisation, actor: Actor, *, origin: Organisation | None = None, reason: str = ""
) -> Claim:
    """The claim of an unclaimed prospect; called beyond scope."""
    refuse_covered_elsewhere(prospect, union)
    refuse_other_district(prospect, union)
    last = working_days_after(today(), parameter("unionbuilding.claim_working_days", today()))
    made = Claim(
        prospect=prospect,
        employer_id=prospect.employer_id,
        organisation=union,
        origin=origin or prospect.organisation,
        claimed_on=today(),
        until=last.day,
        remind_on=last.day - dt.timedelta(days=parameter("unionbuilding.claim_reminder_days", today())),
        is_tentative=last.is_tentative,
        claimed_by_id=actor.user_id,
        reason=reason.strip(),
        call_on=today(),
    )
    made.save(force_insert=True)
    pass_to(prospect, union, is_open=False)
    return made


def give_back(present: Claim, step: str, reason: str) -> None:
    """The prospect may be claimed again and goes back to the union that managed it before; what was tried stays with the employer."""
    state = next_state(CLAIM_FLOW, step, present.state)
    with beyond_scope(WHY):
        change(present, state=state, ended_on=today(), reason=reason.strip() or present.reason)
        pass_to(present.prospect, present.origin, is_open=True)


def running_claim(prospect: Prospect) -> Claim:
    """The claim that holds a prospect, locked. Refused where nobody has claimed it: who works on a firm says so first."""
    rows = Claim.objects.unscoped("the claim of a prospect that an action has locked").running()
    found: Claim | None = rows.filter(prospect=prospect).select_for_update(of=("self",), no_key=True).first()
    if found is None:
        raise Refused(_("还没有认领这个单位，请先认领"))
    return found


# -- refusals ---------------------------------------------------------------------------------------------------


def held_words(prospect: Prospect) -> str:
    """Who holds a prospect and until when, for whoever wanted it too."""
    with beyond_scope("who wanted a prospect a moment too late is told who has it"):
        rows: Any = Claim.objects.unscoped("who wanted a prospect a moment too late is told who has it").running()
        present = rows.filter(prospect=prospect).select_related("organisation").first()
        if present is None:
            return _now("“%(name)s”现在不能认领，请刷新后再看") % {"name": prospect.name}
        said = {"name": prospect.name, "union": present.organisation.name, "day": present.until}
    if present.state == "kept":
        return _now("“%(name)s”已由“%(union)s”认领，并已联系上") % said
    return _now("“%(name)s”已由“%(union)s”认领，到 %(day)s 为止") % said


def refuse_unfit(union: Organisation) -> None:
    """Streets and systems claim; a district assigns."""
    if union.kind not in CLAIMANTS or union.state != "active":
        raise Refused(_("由街道或系统工会认领；区总工会请用“指派认领”"), field="union")


def refuse_other_district(prospect: Prospect, union: Organisation) -> None:
    """Streets and systems claim what stands in their own district."""
    districts = districts_of([prospect.organisation_path])
    if districts and not union.path.startswith(districts[-1]):
        raise Refused(_("这个单位在别的区，由那里的工会认领"), field="union")


def refuse_covered_elsewhere(prospect: Prospect, union: Organisation) -> None:
    """An employer that a joint union covers is worked on by the union that manages it: nobody else sees it."""
    employer = prospect.employer
    if employer.coverage == CoverageState.NONE or employer.organisation.path.startswith(union.path):
        return
    manager: Text = managing_union(employer.organisation).name
    raise Refused(_("由联合工会覆盖的单位，由它的主管工会“%(union)s”认领") % {"union": manager}, field="union")


def refuse_silence(reason: str) -> None:
    """A reason is asked for."""
    if not reason.strip():
        raise Refused(_("请写明原因"), field="reason")
