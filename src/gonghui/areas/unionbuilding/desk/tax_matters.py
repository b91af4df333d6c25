"""The tax check: what payments and register do not agree about, and the answers."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from gonghui.areas.register.models import Employer
from gonghui.areas.unionbuilding import queries
from gonghui.areas.unionbuilding.actions.tax_matters import BRANCH_ROUTE
from gonghui.areas.unionbuilding.desk.list_steps import TAX_MATTER_STEPS
from gonghui.areas.unionbuilding.desk.lists import crumb as lists_crumb
from gonghui.areas.unionbuilding.desk.lists import entry_page
from gonghui.areas.unionbuilding.desk.lists import page_of as edition_page
from gonghui.areas.unionbuilding.models import Entry, TaxMatter
from gonghui.areas.unionbuilding.rules import TAX_MATTER_FLOW, TaxMatterKind
from gonghui.areas.unionbuilding.sheets import TAX_MATTERS
from gonghui.core.actions.actor import Actor
from gonghui.core.reference.queries import names
from gonghui.kit.text import beside
from gonghui.web import desk
from gonghui.web.components import Empty, Fact, Link, Next
from gonghui.web.desk import DeskRequest, found
from gonghui.web.listing import Listing
from gonghui.web.records import record_context
from gonghui.web.steps import offered, step_page


def page_of(matter: TaxMatter) -> str:
    return reverse("unionbuilding:tax_matter", args=[matter.public_id])


def step_url(matter: TaxMatter, code: str) -> str:
    return reverse("unionbuilding:tax_matter_step", args=[matter.public_id, code])


def crumb() -> Link:
    """The list."""
    return Link(_("税务核对"), reverse("unionbuilding:tax_matters"))


@desk.page("unionbuilding.view")
def index(request: DeskRequest) -> HttpResponse:
    """What payments and register do not agree about."""
    text = _("税务代收名单与单位名册比对后，缴费与建会情况对不上的会列在这里。")
    empty = Empty(_("没有税务核对事项"), text, "circle-check", lists_crumb())
    listing = Listing(
        request, TAX_MATTERS, queries.tax_matters(request.actor), detail_url=page_of, empty=empty, has_drawer=False
    )
    return render(request, listing.template("web/list.html"), {"listing": listing})


@desk.page("unionbuilding.view")
def record(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """One matter."""
    actor, matter = request.actor, found(queries.tax_matters(request.actor), public_id)
    may_answer = matter.state == "open" and actor.can_at("unionbuilding.answer_tax_matter", matter.organisation_path)
    following = Next(TAX_MATTER_STEPS["answer"].label, step_url(matter, "answer")) if may_answer else None
    context = {
        "title": matter.name,
        "sub": beside((matter.get_kind_display(), matter.holder_name)),
        "state": TAX_MATTER_FLOW.state(matter.state),
        "state_note": BRANCH_ROUTE if matter.kind == TaxMatterKind.BRANCH else "",
        "next": following,
        "facts": facts(matter, actor),
        "crumbs": [crumb(), Link(matter.name)],
        "steps": offered(TAX_MATTER_STEPS, matter, actor, lambda code: step_url(matter, code), following),
        **record_context(matter, actor, []),
    }
    return render(request, "web/record.html", context)


def facts(matter: TaxMatter, actor: Actor) -> list[Fact]:
    """What list and register say, and what was answered."""
    entry = Entry.objects.visible_to(actor).filter(pk=matter.entry_id or 0).first()
    employer = Employer.objects.visible_to(actor).filter(pk=matter.employer_id or 0).first()
    unpaid = _("%(count)s 期") % {"count": matter.unpaid_periods} if matter.unpaid_periods is not None else ""
    return [
        Fact(_("事项"), matter.get_kind_display()),
        Fact(_("名单版次"), str(matter.edition), edition_page(matter.edition)),
        Fact(_("名单企业"), entry.name if entry else "", entry_page(entry) if entry else ""),
        Fact(
            _("用人单位"),
            employer.name if employer else "",
            reverse("register:employer", args=[employer.public_id]) if employer else "",
        ),
        Fact(_("实缴工会经费"), f"{matter.paid:,.2f}"),
        Fact(_("连续未缴"), unpaid),
        Fact(_("职工人数"), "" if matter.headcount is None else f"{matter.headcount:,}"),
        Fact(_("答复"), names("tax_matter_answer").get(matter.answer, "")),
        Fact(_("说明"), matter.note),
        Fact(_("答复人"), matter.answered_by.name if matter.answered_by else ""),
        Fact(_("答复日期"), str(matter.answered_on or "")),
    ]


@desk.page("unionbuilding.view")
def step(request: DeskRequest, public_id: UUID, step: str) -> HttpResponse:
    """The answer, or another one."""
    matter = found(queries.tax_matters(request.actor), public_id)
    return step_page(request, TAX_MATTER_STEPS, step, matter, back=page_of(matter), crumbs=[crumb()])
