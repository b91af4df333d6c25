"""What the area shows on the portal's first page: the card, or the way to one; and what is under way."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from gonghui.areas.members import own
from gonghui.areas.members.models import Membership
from gonghui.areas.members.portal.card import face
from gonghui.areas.members.rules import CORRECTION_FLOW, OPEN_TRANSFER, TRANSFER_FLOW
from gonghui.core.actions.actor import Actor
from gonghui.kit.dates import today
from gonghui.kit.flow import State
from gonghui.web.portal import Part, PortalRequest

SHOWN = 3  # entitlements on the first page; the others stand on their own page


@dataclass(frozen=True)
class Matter:
    """One thing under way: what, where it stands, until when it is answered."""

    title: str
    detail: str
    url: str
    state: State


def first_page(request: PortalRequest) -> Iterator[Part]:
    """The card or the way to one; then matters that wait for an answer; then the first of what the unions above give today."""
    membership = own.membership(request.actor)
    yield head(request.actor, membership)
    if rows := list(under_way(request.actor)):
        yield Part("members/portal/matters.html", {"matters": rows})
    if given := own.entitlements(request.actor, membership, today()):
        yield Part("members/portal/today.html", {"entitlements": given[:SHOWN]})


def head(actor: Actor, membership: Membership | None) -> Part:
    """The card of a member; to others how to become one, or how far the application has come."""
    if membership:
        return Part("members/portal/card_face.html", face(actor, membership), is_head=True)
    newest = own.applications(actor).first()
    is_asked = newest is not None and newest.state != "withdrawn"
    return Part("members/portal/no_card.html", {"application": newest if is_asked else None}, is_head=True)


def under_way(actor: Actor) -> Iterator[Matter]:
    """Transfers and wishes, each with the day until which it is answered; how far an application is, the card itself says."""
    if actor.person_id:
        for one in own.own_transfers(actor).filter(state__in=OPEN_TRANSFER)[:1]:
            yield Matter(_("会籍接转"), until(one.due_on), reverse("portal:transfer"), TRANSFER_FLOW.state(one.state))
        for one in own.corrections(actor).filter(state="asked"):
            yield Matter(one.get_kind_display(), until(one.due_on), reverse("portal:data"), CORRECTION_FLOW.state(one.state))


def until(day: Any) -> str:
    """By when it is answered, as people say it."""
    return _("最迟 %(month)s月%(day)s日答复") % {"month": day.month, "day": day.day}
