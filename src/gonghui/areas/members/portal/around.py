"""What is published for workers: intake points of the district, and what unions give their members."""

from django.http import HttpResponse
from django.shortcuts import render

from gonghui.areas.members import own
from gonghui.areas.members.models import IntakePoint, Membership
from gonghui.kit.dates import today
from gonghui.web import portal
from gonghui.web.portal import PortalRequest


@portal.page()
def points(request: PortalRequest) -> HttpResponse:
    """Where to join or ask, by street: those of my own street first, the other streets folded."""
    rows = list(own.points(request.actor))
    membership = own.membership(request.actor) if rows else None
    near: dict[str, list[IntakePoint]] = {}
    others: dict[str, list[IntakePoint]] = {}
    for row in rows:
        groups = near if is_near(row, membership) else others
        groups.setdefault(row.holder_name, []).append(row)  # type: ignore[attr-defined]
    return render(request, "members/portal/points.html", {"tab": "services", "near": near.items(), "others": others.items()})


def is_near(point: IntakePoint, membership: Membership | None) -> bool:
    """Whether it is one of the unions above one's own."""
    return membership is not None and membership.organisation_path.startswith(point.organisation_path)


@portal.page()
def entitlements(request: PortalRequest) -> HttpResponse:
    """What is mine today."""
    membership = own.membership(request.actor)
    rows = own.entitlements(request.actor, membership, today())
    context = {"tab": "services", "membership": membership, "entitlements": rows, "on": today()}
    return render(request, "members/portal/entitlements.html", context)
