"""Employers: list, record, steps."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gonghui.areas.register import queries
from gonghui.areas.register.desk.steps import EMPLOYER_STEPS
from gonghui.areas.register.models import Contact, Coverage, Employer, EmployerMerge, Headcount, Holding, Standing, StrikeOff
from gonghui.areas.register.rules import EMPLOYER_FLOW, CoverageState
from gonghui.areas.register.sheets import COVERAGE_STATES, EMPLOYERS, class_name, industry_name
from gonghui.core.actions.actor import Actor
from gonghui.core.history.timeline import Part
from gonghui.core.organisations.models import Organisation
from gonghui.core.reference.queries import names
from gonghui.kit.dates import today
from gonghui.kit.text import beside, enumerated
from gonghui.web import desk
from gonghui.web.components import Fact, Link, Next
from gonghui.web.desk import DeskRequest, found
from gonghui.web.listing import Listing
from gonghui.web.records import offered_above, record_context
from gonghui.web.steps import offered, step_page

PARTS = [
    *(Part(model, "employer") for model in (Standing, Holding, Headcount, Coverage, Contact, StrikeOff)),
    *(Part(EmployerMerge, side) for side in ("kept", "dropped")),
]


def page_of(employer: Employer) -> str:
    return reverse("register:employer", args=[employer.public_id])


def union_url(union: Organisation | None) -> str:
    """The page of a union that the user sees."""
    return reverse("register:union", args=[union.public_id]) if union else ""


@desk.page("register.view")
def index(request: DeskRequest) -> HttpResponse:
    """The employers of the user's unions."""
    listing = Listing(
        request,
        EMPLOYERS,
        queries.employers(request.actor),
        detail_url=page_of,
    )
    context = {"listing": listing, "can_enter": request.actor.can("register.enter_employer")}
    return render(request, listing.template("register/desk/employers.html"), context)


@desk.page("register.enter_employer")
def enter(request: DeskRequest) -> HttpResponse:
    """Enters an employer at the user's own managing union."""
    holders = Organisation.objects.changeable_by(request.actor, "register.enter_employer").managing().active()
    if (holder := holders.order_by("path").first()) is None:
        return desk.refused(request)
    return redirect("register:union_step", holder.public_id, "enter")


@desk.page("register.view")
def record(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """One employer."""
    employer = found(queries.employers(request.actor).select_related("region__parent"), public_id)
    state = EMPLOYER_FLOW.state(employer.state)
    context: dict[str, Any] = {"employer": employer, "title": employer.name, "sub": subtitle(employer), "state": state}
    context |= {
        "facts": facts(employer, request.actor),
        "state_note": merged_note(employer, request.actor),
        "next": next_step(employer, request.actor),
    }
    if request.GET.get("drawer"):
        return render(request, "register/desk/drawer.html", context | {"url": page_of(employer)})
    crumbs = [Link(_("单位"), reverse("register:employers")), Link(employer.name)]
    steps = offered(EMPLOYER_STEPS, employer, request.actor, lambda code: step_url(employer, code), context["next"])
    steps = [*offered_above(employer, request.actor), *steps]
    dated = queries.facts_of(employer, request.actor)
    unions = queries.seen([one.organisation_id for one in dated["coverages"]], request.actor)
    coverages = [(one, union_url(unions.get(one.organisation_id))) for one in dated["coverages"]]
    context |= {"crumbs": crumbs, "steps": steps, "dated": dated, "coverages": coverages, "today": today()}
    context |= record_context(employer, request.actor, PARTS)
    return render(request, "register/desk/employer.html", context)


def step_url(employer: Employer, code: str) -> str:
    return reverse("register:employer_step", args=[employer.public_id, code])


@desk.page("register.view")
def step(request: DeskRequest, public_id: UUID, step: str) -> HttpResponse:
    """One step on an employer."""
    employer = found(queries.employers(request.actor).select_related("region__parent"), public_id)
    crumbs = [Link(_("单位"), reverse("register:employers"))]
    return step_page(request, EMPLOYER_STEPS, step, employer, back=page_of(employer), crumbs=crumbs)


def subtitle(employer: Employer) -> str:
    """Code, place, headcount in one line."""
    place = employer.region.name if employer.region else (employer.street_name or "")
    count = _("职工 %(count)s 人") % {"count": employer.headcount} if employer.headcount is not None else ""
    return beside((employer.uscc or _("无代码"), place, count))


def facts(employer: Employer, actor: Actor) -> list[Fact]:
    """What is known of the employer itself."""
    unions = queries.seen([employer.organisation_id, employer.street_id], actor)
    kept = kept_of(employer, actor)
    return [
        *([Fact(_("并入"), kept.name, page_of(kept))] if kept else []),
        Fact(_("建会"), state=COVERAGE_STATES[CoverageState(employer.coverage)]),
        Fact(_("归口工会"), employer.holder_name, union_url(unions.get(employer.organisation_id))),
        Fact(_("属地街道"), employer.street_name or "", union_url(unions.get(employer.street_id or 0))),
        Fact(_("信用代码"), employer.uscc, copy=employer.uscc or ""),
        Fact(_("单位类别"), class_name(employer)),
        Fact(_("非公"), _("是") if employer.is_non_public else _("否")),
        Fact(_("行业"), industry_name(employer)),
        Fact(_("地址"), employer.address),
        Fact(_("党组织"), _("有") if employer.has_party_organisation else _("没有")),
        Fact(_("劳务派遣"), _("派遣单位") if employer.is_dispatch_firm else _("否")),
        Fact(_("曾用名"), enumerated(employer.former_names)),
        Fact(_("入册日期"), employer.entered_on.isoformat()),
        Fact(_("职工人数"), headcount_words(employer, actor)),
    ]


def kept_of(employer: Employer, actor: Actor) -> Employer | None:
    """The record that this one was merged into, if the actor sees it."""
    return Employer.objects.visible_to(actor).filter(pk=employer.merged_into_id).first() if employer.merged_into_id else None


def merged_note(employer: Employer, actor: Actor) -> str:
    """Where what is known of a merged employer stands now."""
    if employer.state != "merged":
        return ""
    kept = kept_of(employer, actor)
    return _("并入“%(name)s”，不再计数") % {"name": kept.name} if kept else _("并入别处的记录，不再计数")


def headcount_words(employer: Employer, actor: Actor) -> str:
    """The number that holds, where it comes from and since when."""
    present = Headcount.objects.visible_to(actor).filter(employer=employer, valid__upper_inf=True).first()
    if present is None:
        return ""
    source = names("headcount_source").get(present.source, "")
    return beside((_("%(count)s 人") % {"count": f"{present.count:,}"}, source, present.valid.lower.isoformat()))


def next_step(employer: Employer, actor: Actor) -> Next | None:
    """What to do next: build a union where there is none."""
    if employer.state != "active" or employer.coverage != CoverageState.NONE:
        return None
    if not actor.can_at("register.found_union", employer.organisation_path):
        return None
    return Next(pgettext("verb", "建会"), step_url(employer, "found"), button=pgettext("verb", "单独建会"))
