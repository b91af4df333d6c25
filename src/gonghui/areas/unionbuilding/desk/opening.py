"""How an employer becomes a prospect at the desk: from its own page, from the reminder of members, from the list."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gonghui.areas.members.models import Alert
from gonghui.areas.register.models import Employer
from gonghui.areas.register.rules import CoverageState
from gonghui.areas.unionbuilding import queries
from gonghui.areas.unionbuilding.actions import open_prospects
from gonghui.areas.unionbuilding.desk.field import page_of
from gonghui.areas.unionbuilding.models import Prospect
from gonghui.areas.unionbuilding.rules import PROSPECT_FLOW, Origin
from gonghui.core.actions.action import NotAllowed, Refused
from gonghui.core.actions.actor import Actor
from gonghui.core.organisations.models import Organisation
from gonghui.web import desk
from gonghui.web.components import Link
from gonghui.web.desk import DeskRequest, found
from gonghui.web.forms import DeskForm
from gonghui.web.records import offer
from gonghui.web.steps import StepPage, step_page

OPEN = PROSPECT_FLOW.step("open")


def open_one(employer: Employer, actor: Actor, data: dict[str, Any]) -> Prospect:
    """Makes a prospect of one employer, at the union that holds it; how it came about is what is known of it."""
    holder = Organisation.objects.changeable_by(actor, OPEN.action).filter(pk=employer.organisation_id).first()
    if holder is None:
        raise NotAllowed(OPEN.action)
    made = open_prospects(holder, actor=actor, employers=[employer], origin=origin_of(employer, actor))
    if not made:
        raise Refused(gettext_lazy("已经是建会对象"))
    return made[0]


def origin_of(employer: Employer, actor: Actor) -> str:
    """A joint union has nursed it, a reminder has named it, or it was found in the register."""
    if employer.coverage == CoverageState.JOINT:
        return Origin.NURSERY
    reminded = Alert.objects.visible_to(actor).filter(employer=employer, state="open").exists()
    return Origin.ALERT if reminded else Origin.REGISTER


OPEN_STEPS = {"open": StepPage("open", OPEN.label, OPEN.action, DeskForm, open_one, icon="flag")}


@desk.page("unionbuilding.open_prospect")
def open_employer(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Makes a prospect of an employer, and goes there."""
    employer = found(Employer.objects.visible_to(request.actor), public_id)
    back = reverse("register:employer", args=[employer.public_id])

    def opened(prospect: Prospect) -> HttpResponse:
        return redirect(page_of(prospect))

    crumbs = [Link(_("单位"), reverse("register:employers"))]
    return step_page(request, OPEN_STEPS, "open", employer, back=back, crumbs=crumbs, finish=opened)


def link_of(employer: Employer, actor: Actor) -> Link | None:
    """The prospect that an employer is, or the way to make it one."""
    running = queries.prospects(actor).running().filter(employer=employer).first()
    if running is not None:
        return Link(_("建会进度"), page_of(running), detail="flag")
    is_possible = employer.state == "active" and employer.coverage != CoverageState.OWN
    if not is_possible or not actor.can_at(OPEN.action, employer.organisation_path):
        return None
    return Link(OPEN.label, reverse("unionbuilding:open", args=[employer.public_id]), detail="flag")


def connect() -> None:
    """Puts the way on the pages of employers and reminders, once."""
    offer("register.employer", link_of)
    offer("members.alert", lambda alert, actor: link_of(alert.employer, actor))
