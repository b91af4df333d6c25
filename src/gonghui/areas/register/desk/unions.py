"""Unions: list, record, steps."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from gonghui.areas.register import queries
from gonghui.areas.register.desk.steps import UNION_STEPS
from gonghui.areas.register.models import Contact, Coverage, Placement, UnionMerge
from gonghui.areas.register.sheets import UNIONS
from gonghui.core.history.timeline import Part
from gonghui.core.organisations.models import BASE, UNION_FLOW, Organisation
from gonghui.core.organisations.queries import ancestors
from gonghui.kit.dates import today
from gonghui.kit.text import beside
from gonghui.web import desk
from gonghui.web.components import Bar, Fact, Link, Next
from gonghui.web.desk import DeskRequest, found
from gonghui.web.listing import Listing
from gonghui.web.records import offered_above, record_context
from gonghui.web.steps import offered, step_page

PARTS = [
    *(Part(Placement, "union"), Part(Contact, "union"), Part(Coverage, "organisation")),
    *(Part(UnionMerge, side) for side in ("kept", "dropped")),
]
SHOWN = 50


def page_of(union: Organisation) -> str:
    return reverse("register:union", args=[union.public_id])


@desk.page("register.view")
def index(request: DeskRequest) -> HttpResponse:
    """The unions the user sees, each with its chair."""
    listing = Listing(request, UNIONS, queries.unions(request.actor), detail_url=page_of)
    context = {"listing": listing, "can_found": request.actor.can("register.found_union")}
    return render(request, listing.template("register/desk/unions.html"), context)


@desk.page("register.found_union")
def found_one(request: DeskRequest) -> HttpResponse:
    """Founds a union below the user's own one."""
    parent = queries.parent_unions(request.actor, "register.found_union").order_by("path").first()
    return redirect("register:union_step", parent.public_id, "found") if parent else desk.refused(request)


@desk.page("register.view")
def record(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """One union."""
    union = found(Organisation.objects.visible_to(request.actor).select_related("region"), public_id)
    above, kept = ancestors(union)[:-1], kept_of(union, request)
    context: dict[str, Any] = {
        "union": union,
        "title": union.name,
        "sub": beside((union.get_kind_display(), union.uscc)),
        "state": UNION_FLOW.state(union.state),
        "facts": facts(union, above, kept),
        "state_note": merged_note(union, kept),
        "next": next_step(union, request),
    }
    if request.GET.get("drawer"):
        return render(request, "register/desk/drawer.html", context | {"url": page_of(union)})
    visible = set(Organisation.objects.visible_to(request.actor).filter(pk__in=[one.pk for one in above]))
    crumbs = [Link(_("工会组织"), reverse("register:unions"))]
    crumbs += [Link(one.name, page_of(one) if one in visible else "") for one in above[1:]]
    below = Organisation.objects.visible_to(request.actor).filter(parent=union).exclude(state="merged")
    below = below.order_by("kind", "name_pinyin")
    covered = queries.covered_by(union, request.actor, today()) if union.kind in BASE else None
    steps = offered(UNION_STEPS, union, request.actor, lambda code: step_url(union, code), context["next"])
    context |= {
        "crumbs": [*crumbs, Link(union.name)],
        "steps": [*offered_above(union, request.actor), *steps],
        "bars": bars(union),
        "below": [(one, page_of(one)) for one in below[:SHOWN]],
        "below_count": below.count(),
        "covered": list(covered[:SHOWN]) if covered is not None else [],
        "covered_count": covered.count() if covered is not None else 0,
        "contacts": list(Contact.objects.visible_to(request.actor).filter(union=union).order_by("-valid")),
        "today": today(),
    }
    context |= record_context(union, request.actor, PARTS)
    return render(request, "register/desk/union.html", context)


def step_url(union: Organisation, code: str) -> str:
    return reverse("register:union_step", args=[union.public_id, code])


@desk.page("register.view")
def step(request: DeskRequest, public_id: UUID, step: str) -> HttpResponse:
    """One step on a union, or below it."""
    union = found(Organisation.objects.visible_to(request.actor).select_related("region__parent"), public_id)
    crumbs = [Link(_("工会组织"), reverse("register:unions"))]
    return step_page(request, UNION_STEPS, step, union, back=page_of(union), crumbs=crumbs)


def kept_of(union: Organisation, request: DeskRequest) -> Organisation | None:
    """The record that this one was merged into, if the user sees it."""
    rows = Organisation.objects.visible_to(request.actor)
    return rows.filter(pk=union.merged_into_id).first() if union.merged_into_id else None


def merged_note(union: Organisation, kept: Organisation | None) -> str:
    """Where what is known of a merged union stands now."""
    if union.state != "merged":
        return ""
    return _("并入“%(name)s”，不再计数") % {"name": kept.name} if kept else _("并入别处的记录，不再计数")


def facts(union: Organisation, above: list[Organisation], kept: Organisation | None) -> list[Fact]:
    """What the union's papers say."""
    return [
        *([Fact(_("并入"), kept.name, page_of(kept))] if kept else []),
        Fact(_("上级工会"), above[-1].name if above else ""),
        Fact(_("所在地区"), union.region.name if union.region else ""),
        Fact(_("信用代码"), union.uscc, copy=union.uscc or ""),
        Fact(_("批复文号"), union.approval_document),
        Fact(_("批复日期"), union.founded_on.isoformat() if union.founded_on else ""),
        Fact(_("单独建账"), _("是") if union.keeps_own_funds else _("否")),
        Fact(_("联合方式"), union.get_joint_basis_display() if union.joint_basis else ""),
        Fact(_("说明"), union.note),
    ]


def bars(union: Organisation) -> list[Bar]:
    """The steps of its life with their days."""
    if union.state == "merged":
        return []  # its life goes on in the kept record
    order = ["proposed", "active", "dissolved"]
    now = order.index("proposed" if union.state == "returned" else union.state)
    days = (union.proposed_on, union.founded_on, union.dissolved_on)
    return [
        Bar(
            UNION_FLOW.state(code).label,
            day.isoformat() if day else "",
            "done" if place < now else "now" if place == now else "",
        )
        for place, (code, day) in enumerate(zip(order, days, strict=True))
        if code != "dissolved" or union.state == "dissolved"
    ]


def next_step(union: Organisation, request: DeskRequest) -> Next | None:
    """Approval for what is proposed, mending for what came back."""
    for code in ("approve", "resubmit"):
        page = UNION_STEPS[code]
        parent_path = union.path.removesuffix(f"{union.pk}.")
        path = parent_path if code == "approve" else union.path
        if page.is_offered(union) and request.actor.can_at(page.permission, path):
            return Next(page.label, step_url(union, code))
    return None
