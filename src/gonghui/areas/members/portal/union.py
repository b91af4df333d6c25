"""One's own union: who stands above it, who holds its posts, and how to reach them."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from gonghui.areas.members import own
from gonghui.areas.members.actions import show_officer_phone
from gonghui.areas.members.models import Membership
from gonghui.kit.dates import today
from gonghui.web import portal
from gonghui.web.portal import PortalRequest


@portal.page()
def union(request: PortalRequest) -> HttpResponse:
    """My union and its officers; to somebody without one, where to join."""
    return shown(request, own.membership(request.actor))


@require_POST
@portal.page("members.show_officer_phone")
def phone(request: PortalRequest) -> HttpResponse:
    """The number of one officer, on the page and nowhere else; the reading is logged."""
    membership = own.membership(request.actor)
    if membership is None:
        return redirect("portal:union")
    post, name = request.POST.get("post", ""), request.POST.get("name", "")
    number = show_officer_phone(membership, actor=request.actor, post=post, name=name)
    return shown(request, membership, {(post, name): number})


def shown(
    request: PortalRequest, membership: Membership | None, numbers: dict[tuple[str, str], str] | None = None
) -> HttpResponse:
    """The page, with the numbers that were asked for."""
    context: dict[str, Any] = {"tab": "mine", "membership": membership}
    if membership:
        found = own.officers(membership, today())
        context["unions"] = own.above(membership)
        context["officers"] = [(one, (numbers or {}).get((one.post, one.name), "")) for one in found]
    return render(request, "members/portal/union.html", context)
