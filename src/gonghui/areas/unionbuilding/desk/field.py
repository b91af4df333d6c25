"""What the field work shows of a prospect on its page, and the page that asks what was found out."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gonghui.areas.register.models import Contact, Employer
from gonghui.areas.unionbuilding import queries
from gonghui.areas.unionbuilding.desk.field_steps import FINDING_STEPS, is_claimed
from gonghui.areas.unionbuilding.models import Attempt, Claim, Finding, Prospect
from gonghui.areas.unionbuilding.models.fieldwork import reason_words
from gonghui.areas.unionbuilding.rules import RUNNING_CLAIM, UNDECIDED, Outcome
from gonghui.core.actions.actor import Actor
from gonghui.core.history.timeline import Part
from gonghui.kit.dates import today
from gonghui.kit.flow import Need
from gonghui.kit.text import enumerated
from gonghui.web import desk
from gonghui.web.components import Fact, Link, Next
from gonghui.web.desk import DeskRequest, found
from gonghui.web.steps import offered

FIELD_PARTS = [Part(Claim, "prospect"), Part(Attempt, "prospect"), Part(Finding, "prospect")]
RECORD = "unionbuilding.record_finding"


def page_of(prospect: Prospect) -> str:
    return reverse("unionbuilding:prospect", args=[prospect.public_id])


def step_url(prospect: Prospect, code: str) -> str:
    return reverse("unionbuilding:prospect_step", args=[prospect.public_id, code])


def claim_url(prospect: Prospect) -> str:
    return reverse("unionbuilding:claim", args=[prospect.public_id])


def verify_url(prospect: Prospect) -> str:
    return reverse("unionbuilding:verify", args=[prospect.public_id])


def may_record(prospect: Prospect, actor: Actor) -> bool:
    """Whether the actor writes down what was found out here."""
    return is_claimed(prospect) and actor.can_at(RECORD, prospect.organisation_path)


@desk.page(RECORD)
def verify(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """What was found out? Each answer leads to its own short form."""
    prospect = found(queries.prospects(request.actor), public_id)
    steps = offered(FINDING_STEPS, prospect, request.actor, lambda code: step_url(prospect, code))
    crumbs = [Link(_("建会对象"), reverse("unionbuilding:prospects")), Link(prospect.name, page_of(prospect)), Link(_("核实"))]
    following = next_step(prospect, request.actor) if prospect.is_open else None
    context = {"prospect": prospect, "steps": steps, "crumbs": crumbs, "back": page_of(prospect), "next": following}
    return render(request, "unionbuilding/desk/verify.html", context)


def links(prospect: Prospect, actor: Actor) -> list[Link]:
    """What may be done in the field beside the steps: to claim it, to say what was found out."""
    made = []
    if prospect.is_open and actor.can("unionbuilding.claim"):
        made.append(Link(pgettext("verb", "认领"), claim_url(prospect), detail="flag"))
    if prospect.state in UNDECIDED and may_record(prospect, actor):
        made.append(Link(_("登记核实结论"), verify_url(prospect), detail="clipboard-check"))
    return made


def next_step(prospect: Any, actor: Actor) -> Next | None:
    """What is next in the field, and what is missing for it."""
    if prospect.is_open:
        return Next(pgettext("verb", "认领"), claim_url(prospect)) if actor.can("unionbuilding.claim") else None
    if not may_record(prospect, actor):
        return None
    if double := doubled(prospect, actor):
        return double
    if prospect.state == "to_verify":
        return Next(_("核实"), verify_url(prospect), button=_("登记核实结论"))
    if prospect.state == "verified":
        return Next(pgettext("verb", "沟通"), step_url(prospect, "talk"), needs=[contact_known(prospect, actor)])
    if prospect.state == "contacted":
        return Next(_("同意筹备"), step_url(prospect, "agree"), needs=[headcount_known(prospect)])
    if prospect.state == "refused":
        return Next(_("%(day)s 自动恢复") % {"day": prospect.refused_until}, step_url(prospect, "resume"), button=_("现在恢复"))
    return None


def employer_of(prospect: Prospect, actor: Actor) -> Employer | None:
    """The employer, for who sees it."""
    found: Employer | None = Employer.objects.visible_to(actor).filter(pk=prospect.employer_id).first()
    return found


def contact_known(prospect: Prospect, actor: Actor) -> Need:
    """Somebody to talk to."""
    employer = employer_of(prospect, actor)
    rows = Contact.objects.visible_to(actor).filter(employer=prospect.employer_id, valid__contains=today())
    mend = reverse("register:employer_step", args=[employer.public_id, "contact"]) if employer else ""
    return Need(_("知道找谁谈"), rows.exists(), mend_url=mend, mend_label=_("登记联系人"))


def headcount_known(prospect: Prospect) -> Need:
    """How many workers there are decides what kind of union."""
    is_met = prospect.headcount is not None
    return Need(_("知道职工人数"), is_met, mend_url=verify_url(prospect), mend_label=_("登记核实结论"))


def doubled(prospect: Prospect, actor: Actor) -> Next | None:
    """Two records of one employer are made one on the employer's page, where merging is (`register.merge_employers`)."""
    last = queries.findings_of(prospect, actor).first()
    employer = employer_of(prospect, actor)
    if last is None or last.outcome != Outcome.DUPLICATE or employer is None or prospect.state not in UNDECIDED:
        return None
    return Next(_("合并重复的单位"), reverse("register:employer", args=[employer.public_id]), button=_("打开单位"))


def state_note(prospect: Any) -> str:
    """Who has it until when."""
    if prospect.is_open:
        return _("待认领")
    if prospect.claim_state == "held":
        return _("%(union)s 认领，到 %(day)s 为止") % {"union": prospect.holder_name, "day": prospect.claim_until}
    return _("%(union)s 认领") % {"union": prospect.holder_name} if prospect.claim_state in RUNNING_CLAIM else ""


def sees_employer(prospect: Prospect, actor: Actor) -> bool:
    """Whether the actor sees the employer: of an unclaimed prospect elsewhere nothing is told but its own columns of today."""
    return employer_of(prospect, actor) is not None


def facts(prospect: Any, actor: Actor) -> list[Fact]:
    """What the field work adds to what is known of it."""
    chiefs = enumerated(dict.fromkeys(one.user.name for one in queries.chiefs(prospect, actor)))
    told = (
        Fact(_("包片负责人"), chiefs),
        Fact(_("上门期限"), prospect.visit_due_on.isoformat() if prospect.visit_due_on else ""),
        Fact(_("原因"), reason_words(prospect.reason)),
        Fact(_("暂缓至"), prospect.refused_until.isoformat() if prospect.refused_until else ""),
    )
    return [fact for fact in told if fact.value]


def context_of(prospect: Prospect, actor: Actor) -> dict[str, Any]:
    """The tables of the field work: attempts, findings, claims, as far as the actor sees the employer."""
    return {
        "attempts": list(queries.attempts_of(prospect, actor)[:50]),
        "findings": [(one, reason_words(one.reason)) for one in queries.findings_of(prospect, actor)[:50]],
        "claims": list(queries.claims(actor).filter(prospect=prospect).order_by("-pk")[:20]),
    }
