"""Moving one's own membership to another union."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gonghui.areas.members import own
from gonghui.areas.members.actions import request_own_transfer, withdraw_transfer
from gonghui.areas.members.models import Membership, Transfer
from gonghui.areas.members.portal.forms import TransferForm
from gonghui.areas.members.rules import MEMBERSHIP_FLOW, OPEN_TRANSFER, TRANSFER_FLOW
from gonghui.web import portal
from gonghui.web.portal import PortalRequest


@portal.page("members.request_own_transfer")
def transfer(request: PortalRequest) -> HttpResponse:
    """What is under way with its limits, or the search for the new union."""
    membership, newest = own.membership(request.actor), own.latest_transfer(request.actor)
    context: dict[str, Any] = {"tab": "mine", "membership": membership, "transfer": newest}
    if newest:
        context["state"] = TRANSFER_FLOW.state(newest.state)
    if membership and MEMBERSHIP_FLOW.allows("request_transfer", membership.state):
        return ask(request, membership, context)
    context["is_open"] = newest is not None and newest.state in OPEN_TRANSFER
    return render(request, "members/portal/transfer.html", context)


def ask(request: PortalRequest, membership: Membership, context: dict[str, Any]) -> HttpResponse:
    """The search, its hits, and the question itself; folded behind the card once a transfer is done, until another one is wanted."""
    query = request.GET.get("q", "")[:60]
    form = TransferForm(portal.posted(request), actor=request.actor, subject=membership, query=query)
    if form.is_valid() and (goal := form.goal()):
        is_done, _transfer = form.attempt(
            lambda: request_own_transfer(membership, actor=request.actor, target=goal.union, employer=goal.employer)
        )
        if is_done:
            messages.success(request, _("已经向新工会提出接转"))
            return redirect("portal:transfer")
    newest: Transfer | None = context["transfer"]
    is_wanted = form.is_bound or bool({"q", "again"} & set(request.GET))
    context |= {
        "form": form,
        "query": query,
        "is_short": len(query.strip()) < own.SHORTEST,
        "is_folded": newest is not None and newest.state == "completed" and not is_wanted,
    }
    return render(request, "members/portal/transfer.html", context)


@require_POST
@portal.page("members.withdraw_transfer")
def withdraw(request: PortalRequest) -> HttpResponse:
    """Takes the open transfer back; the membership stays where it is."""
    newest = own.latest_transfer(request.actor)
    if newest and newest.state in OPEN_TRANSFER:
        withdraw_transfer(newest, actor=request.actor)
        messages.success(request, _("接转已经撤回，会籍还在原工会"))
    return redirect("portal:transfer")
