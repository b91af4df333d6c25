"""Prospects: list, record, steps."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from gonghui.areas.register.models import Employer
from gonghui.areas.register.queries import UNION_ENDING
from gonghui.areas.unionbuilding import queries
from gonghui.areas.unionbuilding.desk import field, foundings
from gonghui.areas.unionbuilding.desk.field import FIELD_PARTS, page_of, step_url
from gonghui.areas.unionbuilding.desk.steps import OFFERED_STEPS, PROSPECT_STEPS
from gonghui.areas.unionbuilding.models import Prospect
from gonghui.areas.unionbuilding.rules import PROSPECT_FLOW
from gonghui.areas.unionbuilding.sheets import PROSPECTS
from gonghui.core.actions.actor import Actor
from gonghui.core.history.timeline import Part
from gonghui.kit.text import beside
from gonghui.web import desk
from gonghui.web.components import Empty, Fact, Link
from gonghui.web.desk import DeskRequest, found
from gonghui.web.listing import Listing
from gonghui.web.records import record_context
from gonghui.web.steps import offered, step_page

PARTS: list[Part] = [*FIELD_PARTS, *foundings.PARTS]


@desk.page("unionbuilding.view")
def index(request: DeskRequest) -> HttpResponse:
    """The employers that shall come to be covered."""
    text = _("在“单位”里选中未建会的单位，列为建会对象；也可以从名单比对的结果列入。")
    empty = Empty(_("还没有建会对象"), text, "building")
    listing = Listing(request, PROSPECTS, queries.prospects(request.actor), detail_url=page_of, empty=empty)
    return render(request, listing.template("web/list.html"), {"listing": listing})


@desk.page("unionbuilding.view")
def record(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """One prospect."""
    actor, prospect = request.actor, found(queries.prospects(request.actor), public_id)
    context: dict[str, Any] = {
        "title": prospect.name,
        "sub": subtitle(prospect),
        "state": PROSPECT_FLOW.state(prospect.state),
        "state_note": field.state_note(prospect),
        "facts": facts(prospect, actor),
        **foundings.context_of(prospect, actor),
    }
    context["next"] = context["next"] or field.next_step(prospect, actor)
    if request.GET.get("drawer"):
        return render(request, "register/desk/drawer.html", context | {"url": page_of(prospect)})
    crumbs = [Link(_("建会对象"), reverse("unionbuilding:prospects")), Link(prospect.name)]
    steps = offered(OFFERED_STEPS, prospect, actor, lambda code: step_url(prospect, code), context["next"])
    above = [link for link in field.links(prospect, actor) if context["next"] is None or link.url != context["next"].url]
    context |= {"crumbs": crumbs, "steps": [*above, *steps], **record_context(prospect, actor, PARTS)}
    if not field.sees_employer(prospect, actor):
        context["days"] = []
    return render(request, "unionbuilding/desk/prospect.html", context | field.context_of(prospect, actor))


@desk.page("unionbuilding.view")
def step(request: DeskRequest, public_id: UUID, step: str) -> HttpResponse:
    """One step on a prospect."""
    prospect = found(queries.prospects(request.actor), public_id)
    crumbs = [Link(_("建会对象"), reverse("unionbuilding:prospects"))]
    return step_page(request, PROSPECT_STEPS, step, prospect, back=page_of(prospect), crumbs=crumbs)


def subtitle(prospect: Prospect) -> str:
    """Kind, place, headcount in one line."""
    count = _("职工 %(count)s 人") % {"count": prospect.headcount} if prospect.headcount is not None else ""
    return beside((prospect.get_stream_display(), street_of(prospect), count))


def street_of(prospect: Prospect) -> str:
    """The street it stands in; nothing where that is not known."""
    return (prospect.street_name or "").removesuffix(UNION_ENDING)


def facts(prospect: Prospect, actor: Actor) -> list[Fact]:
    """What is known of it; the employer's page for who sees it."""
    employer = Employer.objects.visible_to(actor).filter(pk=prospect.employer_id).first()
    url = reverse("register:employer", args=[employer.public_id]) if employer else ""
    return [
        Fact(_("用人单位"), prospect.name, url),
        Fact(_("负责工会"), prospect.holder_name),
        Fact(_("属地街道"), street_of(prospect)),
        Fact(_("地址"), prospect.address),
        Fact(_("来源"), prospect.get_origin_display()),
        Fact(_("列入日期"), prospect.opened_on.isoformat()),
        *field.facts(prospect, actor),
    ]
