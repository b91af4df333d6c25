"""What workers want corrected or erased: list, record, the answer."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from gonghui.areas.members import queries
from gonghui.areas.members.desk.steps import CORRECTION_STEPS
from gonghui.areas.members.models import Correction, Membership
from gonghui.areas.members.rules import CORRECTION_FLOW, LIVING
from gonghui.areas.members.sheets import CORRECTIONS
from gonghui.core.actions.actor import Actor
from gonghui.kit.dates import today
from gonghui.web import desk
from gonghui.web.components import Fact, Link, Next
from gonghui.web.desk import DeskRequest, found
from gonghui.web.listing import Listing
from gonghui.web.pages.home import left
from gonghui.web.records import record_context
from gonghui.web.steps import offered, step_page


def page_of(correction: Correction) -> str:
    return reverse("members:correction", args=[correction.public_id])


def step_url(correction: Correction, code: str) -> str:
    return reverse("members:correction_step", args=[correction.public_id, code])


def crumb() -> Link:
    """The list."""
    return Link(_("资料更正"), reverse("members:corrections"))


@desk.page("members.view")
def index(request: DeskRequest) -> HttpResponse:
    """The requests to the user's unions."""
    rows = queries.corrections(request.actor)
    listing = Listing(request, CORRECTIONS, rows, detail_url=page_of)
    return render(request, listing.template("members/desk/members.html"), {"listing": listing})


@desk.page("members.view")
def record(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """One request."""
    actor, correction = request.actor, found(queries.corrections(request.actor), public_id)
    is_asked = correction.state == "asked"
    may_answer = is_asked and actor.can_at("members.make_correction", correction.organisation_path)
    following = Next(CORRECTION_STEPS["do"].label, step_url(correction, "do")) if may_answer else None
    context = {
        "title": correction.person.name,
        "sub": correction.get_kind_display(),
        "state": CORRECTION_FLOW.state(correction.state),
        "state_note": left(correction.due_on, today()).label if is_asked else "",
        "facts": facts(correction, actor),
        "next": following,
    }
    if request.GET.get("drawer"):
        return render(request, "register/desk/drawer.html", context | {"url": page_of(correction)})
    context |= {
        "crumbs": [crumb(), Link(correction.person.name)],
        "steps": offered(CORRECTION_STEPS, correction, actor, lambda code: step_url(correction, code), following),
        **record_context(correction, actor, []),
    }
    return render(request, "web/record.html", context)


@desk.page("members.view")
def step(request: DeskRequest, public_id: UUID, step: str) -> HttpResponse:
    """The answer."""
    correction = found(queries.corrections(request.actor), public_id)
    return step_page(request, CORRECTION_STEPS, step, correction, back=page_of(correction), crumbs=[crumb()])


def facts(correction: Correction, actor: Actor) -> list[Fact]:
    """What is asked, and what was answered."""
    member = Membership.objects.visible_to(actor).filter(person=correction.person_id, state__in=LIVING).first()
    return [
        Fact(_("职工"), correction.person.name, reverse("members:member", args=[member.public_id]) if member else ""),
        Fact(_("事项"), correction.get_kind_display()),
        Fact(_("内容"), correction.what),
        Fact(_("申请日期"), correction.asked_on.isoformat()),
        Fact(_("答复期限"), correction.due_on.isoformat()),
        Fact(_("答复日期"), str(correction.decided_on or "")),
        Fact(_("答复"), correction.note),
    ]
