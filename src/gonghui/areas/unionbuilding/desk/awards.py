"""Awards: what streets and systems have earned with their founding results, row by row."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gonghui.areas.unionbuilding import actions, queries
from gonghui.areas.unionbuilding.desk.founding_steps import by_code, plain
from gonghui.areas.unionbuilding.forms import care as forms
from gonghui.areas.unionbuilding.models import Award
from gonghui.areas.unionbuilding.rules.awards import AWARD_FLOW
from gonghui.areas.unionbuilding.sheets import AWARDS
from gonghui.core.actions.actor import Actor
from gonghui.core.organisations.models import Organisation
from gonghui.kit.text import enumerated
from gonghui.web import desk
from gonghui.web.components import Empty, Fact, Link, Next
from gonghui.web.desk import DeskRequest, found
from gonghui.web.forms import DeskForm
from gonghui.web.listing import Listing
from gonghui.web.records import record_context
from gonghui.web.steps import StepPage, Steps, offered, step_page


def compute(_place: Organisation, actor: Actor, data: dict[str, Any]) -> Award:
    """For the union that was chosen; the last day counts."""
    before = data["until"] + dt.timedelta(days=1)
    return actions.compute_award(data["organisation"], actor=actor, since=data["since"], before=before)


def of_flow(code: str, action: Any, icon: str) -> StepPage:
    """A step of the flow."""
    step = AWARD_FLOW.step(code)
    return StepPage(code, step.label, step.action, DeskForm, plain(action), step.sources, icon)


AWARD_STEPS = by_code(
    [of_flow("confirm", actions.confirm_award, "check"), of_flow("recompute", actions.recompute_award, "refresh")]
)
PLACE_STEPS = by_code(
    [
        StepPage(
            "compute",
            gettext_lazy("计算奖补"),
            "unionbuilding.compute_award",
            forms.ComputeForm,
            compute,
            (),
            "plus",
            gettext_lazy("已计算"),
        )
    ]
)


def page_of(award: Award) -> str:
    return reverse("unionbuilding:award", args=[award.public_id])


def step_url(award: Award, code: str) -> str:
    return reverse("unionbuilding:award_step", args=[award.public_id, code])


@desk.page("unionbuilding.view")
def index(request: DeskRequest) -> HttpResponse:
    """Every award the user sees."""
    empty = Empty(_("还没有计算过"), _("按街道或系统和期间，把建会成果折算成得分和支持资金。"), "award")
    listing = Listing(request, AWARDS, queries.awards(request.actor), detail_url=page_of, empty=empty)
    may = request.actor.can("unionbuilding.compute_award")
    links = [Link(_("计算奖补"), reverse("unionbuilding:compute_award"), detail="plus")] if may else []
    return render(request, listing.template("members/desk/members.html"), {"listing": listing, "links": links})


@desk.page("unionbuilding.compute_award")
def compute_one(request: DeskRequest) -> HttpResponse:
    """Asks for whom and for which days."""
    rows = Organisation.objects.changeable_by(request.actor, "unionbuilding.compute_award").active().order_by("path")
    place = rows.first()
    if place is None:
        return desk.refused(request)
    back = reverse("unionbuilding:awards")

    def finish(award: Award) -> HttpResponse:
        return redirect(page_of(award))

    return step_page(request, PLACE_STEPS, "compute", place, back=back, crumbs=[Link(_("建会奖补"), back)], finish=finish)


@desk.page("unionbuilding.view")
def record(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """One award with its lines."""
    actor, award = request.actor, found(queries.awards(request.actor), public_id)
    context: dict[str, Any] = {
        "title": award.holder_name,
        "sub": award.days,
        "state": AWARD_FLOW.state(award.state),
        "state_note": _("须由计算人以外的人确认") if award.state == "computed" else "",
        "facts": facts(award),
        "next": next_step(award, actor),
    }
    if request.GET.get("drawer"):
        return render(request, "register/desk/drawer.html", context | {"url": page_of(award)})
    lines = queries.award_lines(award, actor)
    context["facts"].append(Fact(_("依据"), enumerated(dict.fromkeys(line.basis for line in lines))))
    context |= {
        "crumbs": [Link(_("建会奖补"), reverse("unionbuilding:awards")), Link(award.holder_name)],
        "steps": offered(steps_for(award, actor), award, actor, lambda code: step_url(award, code), context["next"]),
        "lines": lines,
        "award": award,
        **record_context(award, actor, []),
    }
    return render(request, "unionbuilding/desk/award.html", context)


def steps_for(award: Award, actor: Actor) -> Steps:
    """The steps of an award; whoever computed it does not confirm it."""
    is_own = award.computed_by_id is not None and award.computed_by_id == actor.user_id
    return {code: step for code, step in AWARD_STEPS.items() if code != "confirm" or not is_own}


def next_step(award: Award, actor: Actor) -> Next | None:
    """To confirm it, for another person than the one who computed it."""
    step = steps_for(award, actor).get("confirm")
    if step is None or not step.is_offered(award) or not actor.can_at(step.permission, award.organisation_path):
        return None
    return Next(step.label, step_url(award, "confirm"))


def facts(award: Award) -> list[Fact]:
    """Sums, and who answers for them."""
    return [
        Fact(_("得分"), f"{award.points:,}"),
        Fact(_("支持资金（元）"), f"{award.yuan:,}"),
        Fact(_("期间"), award.days),
        Fact(_("计算人"), award.computed_by.name if award.computed_by else ""),
        Fact(_("计算日期"), award.computed_on.isoformat()),
        Fact(_("确认人"), award.confirmed_by.name if award.confirmed_by else ""),
        Fact(_("确认日期"), str(award.confirmed_on or "")),
    ]


@desk.page("unionbuilding.view")
def step(request: DeskRequest, public_id: UUID, step: str) -> HttpResponse:
    """Confirms an award, or counts it again."""
    award = found(queries.awards(request.actor), public_id)
    crumbs = [Link(_("建会奖补"), reverse("unionbuilding:awards"))]
    return step_page(request, AWARD_STEPS, step, award, back=page_of(award), crumbs=crumbs)
