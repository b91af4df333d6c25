"""Claiming a prospect; disputes about claims; who answers for which area."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from gonghui.areas.unionbuilding import actions, queries
from gonghui.areas.unionbuilding.desk.field import page_of as prospect_page
from gonghui.areas.unionbuilding.desk.field_steps import CHARGE_STEPS, DISPUTE_STEPS, UNION_STEPS
from gonghui.areas.unionbuilding.forms.fieldwork import ClaimForm, claiming_unions
from gonghui.areas.unionbuilding.models import Charge, Dispute
from gonghui.areas.unionbuilding.rules import CLAIM_FLOW, DISPUTE_FLOW
from gonghui.areas.unionbuilding.sheets import CHARGES, DISPUTES
from gonghui.core.actions.actor import Actor
from gonghui.core.organisations.models import Organisation
from gonghui.kit.text import beside
from gonghui.web import desk
from gonghui.web.components import Empty, Fact, Link, Next
from gonghui.web.desk import DeskRequest, found
from gonghui.web.listing import Listing
from gonghui.web.records import record_context
from gonghui.web.steps import offered, step_page


@desk.page("unionbuilding.claim")
def claim(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Claims a prospect in the name of the user's union; who has more than one says which."""
    prospect = found(queries.prospects(request.actor), public_id)
    label = CLAIM_FLOW.step("claim").label
    form = ClaimForm.of_request(request, actor=request.actor, subject=prospect)
    if form.is_valid():
        union = form.cleaned_data["union"]
        is_done, _claim = form.attempt(lambda: actions.claim(union, actor=request.actor, prospect=prospect))
        if is_done:
            messages.success(request, _("已认领"))
            return redirect(prospect_page(prospect))
    context = {
        "form": form,
        "title": label,
        "sub": prospect.name,
        "submit": label,
        "cancel_url": prospect_page(prospect),
        "crumbs": [
            Link(_("建会对象"), reverse("unionbuilding:prospects")),
            Link(prospect.name, prospect_page(prospect)),
            Link(label),
        ],
    }
    return render(request, "web/form.html", context)


# -- disputes -----------------------------------------------------------------------------------------------------


def dispute_page(dispute: Dispute) -> str:
    return reverse("unionbuilding:dispute", args=[dispute.public_id])


def dispute_url(dispute: Dispute, code: str) -> str:
    return reverse("unionbuilding:dispute_step", args=[dispute.public_id, code])


@desk.page("unionbuilding.view")
def disputes(request: DeskRequest) -> HttpResponse:
    """The disputes of the user's unions, on either side."""
    text = _("单位已被别的工会认领、而应由本工会负责的，可以提出异议，由区总工会裁定。")
    empty = Empty(_("没有认领异议"), text, "circle-check")
    listing = Listing(request, DISPUTES, queries.disputes(request.actor), detail_url=dispute_page, empty=empty)
    links = begins(request.actor, "dispute") if own_union(request.actor) else []
    return render(request, listing.template("unionbuilding/desk/list.html"), {"listing": listing, "links": links})


def own_union(actor: Actor) -> Organisation | None:
    """The street or system union in whose name the user disputes; a district, which decides, has none."""
    permission = "unionbuilding.raise_dispute"
    found: Organisation | None = claiming_unions(actor, permission).filter(path__in=actor.roots_for(permission)).first()
    return found


def begins(actor: Actor, code: str) -> list[Link]:
    """The button that begins something at one of the user's unions."""
    step = UNION_STEPS[code]
    return [Link(step.label, reverse(f"unionbuilding:begin_{code}"), detail=step.icon)] if actor.can(step.permission) else []


@desk.page("unionbuilding.raise_dispute")
def begin_dispute(request: DeskRequest) -> HttpResponse:
    """Disputes a claim in the name of the user's own street or system union."""
    place = own_union(request.actor)
    if place is None:
        return desk.refused(request)

    def raised(dispute: Dispute) -> HttpResponse:
        return redirect(dispute_page(dispute))

    crumbs = [Link(_("认领异议"), reverse("unionbuilding:disputes"))]
    return step_page(
        request, UNION_STEPS, "dispute", place, back=reverse("unionbuilding:disputes"), crumbs=crumbs, finish=raised
    )


@desk.page("unionbuilding.view")
def dispute(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """One dispute: what is said, and what was decided."""
    actor, one = request.actor, found(queries.disputes(request.actor), public_id)
    links = offered(DISPUTE_STEPS, one, actor, lambda code: dispute_url(one, code))
    ready = next((link for link in links if link.url == dispute_url(one, "uphold")), None)
    context: dict[str, Any] = {
        "title": one.name,
        "sub": one.claimant_name,
        "state": DISPUTE_FLOW.state(one.state),
        "facts": dispute_facts(one),
        "next": Next(_("裁定"), ready.url, button=ready.label) if ready else None,
    }
    if request.GET.get("drawer"):
        return render(request, "register/desk/drawer.html", context | {"url": dispute_page(one)})
    crumbs = [Link(_("认领异议"), reverse("unionbuilding:disputes")), Link(one.name)]
    context |= {"crumbs": crumbs, "steps": [link for link in links if link is not ready], **record_context(one, actor, [])}
    return render(request, "web/record.html", context)


def dispute_facts(one: Any) -> list[Fact]:
    """Both sides, and what was decided."""
    return [
        Fact(_("异议工会"), one.claimant_name),
        Fact(_("认领工会"), one.holder_name),
        Fact(_("理由"), one.reason),
        Fact(_("提出"), beside((one.raised_by.name if one.raised_by else "", one.raised_on.isoformat()))),
        Fact(_("裁定期限"), one.due_on.isoformat()),
        Fact(_("裁定"), beside((one.decided_by.name, str(one.decided_on))) if one.decided_by else ""),
        Fact(_("裁定意见"), one.decision),
    ]


@desk.page("unionbuilding.view")
def dispute_step(request: DeskRequest, public_id: UUID, step: str) -> HttpResponse:
    """The decision, or its withdrawal."""
    one = found(queries.disputes(request.actor), public_id)
    crumbs = [Link(_("认领异议"), reverse("unionbuilding:disputes"))]
    return step_page(request, DISPUTE_STEPS, step, one, back=dispute_page(one), crumbs=crumbs)


# -- charges ------------------------------------------------------------------------------------------------------


def charge_page(charge: Charge) -> str:
    return reverse("unionbuilding:charge", args=[charge.public_id])


@desk.page("unionbuilding.view")
def charges(request: DeskRequest) -> HttpResponse:
    """Who answers for which area."""
    text = _("每个街道、系统或片区定一位负责人，建会对象上会显示。")
    empty = Empty(_("还没有包片负责人"), text, "user-plus")
    listing = Listing(request, CHARGES, queries.charges(request.actor), detail_url=charge_page, empty=empty)
    context = {"listing": listing, "links": begins(request.actor, "charge")}
    return render(request, listing.template("unionbuilding/desk/list.html"), context)


@desk.page("unionbuilding.give_charge")
def begin_charge(request: DeskRequest) -> HttpResponse:
    """Somebody new answers for an area."""
    place = Organisation.objects.changeable_by(request.actor, "unionbuilding.give_charge").managing().active().order_by("path")
    if (first := place.first()) is None:
        return desk.refused(request)
    crumbs = [Link(_("包片"), reverse("unionbuilding:charges"))]
    return step_page(request, UNION_STEPS, "charge", first, back=reverse("unionbuilding:charges"), crumbs=crumbs)


@desk.page("unionbuilding.view")
def charge(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """One charge."""
    actor, one = request.actor, found(queries.charges(request.actor), public_id)
    steps = offered(CHARGE_STEPS, one, actor, lambda code: reverse("unionbuilding:charge_step", args=[one.public_id, code]))
    context: dict[str, Any] = {"title": one.user.name, "sub": one.area or one.union_name, "facts": charge_facts(one)}
    if request.GET.get("drawer"):
        return render(request, "register/desk/drawer.html", context | {"url": charge_page(one)})
    crumbs = [Link(_("包片"), reverse("unionbuilding:charges")), Link(one.user.name)]
    context |= {"crumbs": crumbs, "steps": steps, **record_context(one, actor, [])}
    return render(request, "web/record.html", context)


def charge_facts(one: Any) -> list[Fact]:
    """Who, where, since when."""
    return [
        Fact(_("负责人"), one.user.name),
        Fact(_("街道或系统工会"), one.union_name),
        Fact(_("片区"), one.area or _("全部")),
        Fact(_("起"), one.valid.lower.isoformat()),
        Fact(_("止"), one.valid.upper.isoformat() if one.valid.upper else ""),
    ]


@desk.page("unionbuilding.view")
def charge_step(request: DeskRequest, public_id: UUID, step: str) -> HttpResponse:
    """He does not answer for it any more."""
    one = found(queries.charges(request.actor), public_id)
    crumbs = [Link(_("包片"), reverse("unionbuilding:charges"))]
    return step_page(request, CHARGE_STEPS, step, one, back=charge_page(one), crumbs=crumbs)
