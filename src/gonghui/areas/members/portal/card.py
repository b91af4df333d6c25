"""The member's card with its codes."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from gonghui.areas.members import own
from gonghui.areas.members.cards import AHEAD, SECONDS, codes
from gonghui.areas.members.models import Membership
from gonghui.areas.members.rules import MEMBERSHIP_FLOW
from gonghui.core.actions.actor import Actor
from gonghui.kit import qr
from gonghui.kit.dates import now
from gonghui.web import portal
from gonghui.web.portal import PortalRequest


@portal.page()
def card(request: PortalRequest) -> HttpResponse:
    """The code, large; a new one each minute, by the script or, without one, by loading the page again."""
    membership = own.membership(request.actor)
    if membership is None:
        return render(request, "members/portal/card_missing.html", {"tab": "home"}, status=200)
    return render(request, "members/portal/card.html", {"tab": "home", **face(request.actor, membership)})


def grouped(number: str) -> str:
    """A long number in fours, as people read it out."""
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))


def face(actor: Actor, membership: Membership) -> dict[str, Any]:
    """What the card says, with the codes of the next minutes for the script."""
    following = codes(membership.public_id, now())
    return {
        "membership": membership,
        "unions": own.above(membership)[-2:],
        "state": MEMBERSHIP_FLOW.state(membership.state),
        "code": following[0].text,
        "codes": " ".join(qr.packed(one.text) for one in following),
        "numbers": " ".join(one.number for one in following),
        "number": grouped(following[0].number),
        "slot": following[0].slot,
        "seconds": SECONDS,
        "minutes": AHEAD * SECONDS // 60,
    }
