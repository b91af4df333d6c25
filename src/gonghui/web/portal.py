"""The portal's door: every worker's page opens its transaction as himself alone, renders inside it, and answers refusals in one way.

Areas bring their part of the shell here, from their `portal/urls.py`: what stands on the first page, the lines of the tabs 服务 and
我的, and what is behind one of the four doors.
"""

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Concatenate, ParamSpec

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from gonghui.core.access.queries import actor_for
from gonghui.core.actions.action import NotAllowed, Refused
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import acting
from gonghui.core.notices.queries import unread
from gonghui.kit.text import Text

Inputs = ParamSpec("Inputs")
OWN = "own"  # what a page takes that only reads: one's own rows need no permission (docs/decisions/0014)


class PortalRequest(HttpRequest):
    """A request that has come through the door."""

    actor: Actor
    unread: int  # messages he has not read


View = Callable[Concatenate[PortalRequest, Inputs], HttpResponse]


def page(permission: str = OWN) -> Callable[[View[Inputs]], Callable[..., HttpResponse]]:
    """A worker's page; one that writes names the permission on his own rows that it takes.

    Whatever else the account may do as staff is left outside: in the portal nobody acts for a union.
    """

    def wrap(view: View[Inputs]) -> Callable[..., HttpResponse]:
        @functools.wraps(view)
        def run(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path(), reverse("portal:sign_in"))
            if not request.user.is_worker:
                return refused(request)
            request.actor = actor_for(request.user, channel="portal", only=())
            try:
                with acting(request.actor):
                    if permission != OWN and not request.actor.can(permission):
                        return refused(request)
                    request.unread = unread(request.actor)
                    return view(request, *args, **kwargs)
            except NotAllowed:
                return refused(request)
            except Refused as refusal:
                messages.error(request, str(refusal))
                return redirect(back(request))

        run.permission = permission  # type: ignore[attr-defined]
        return run

    return wrap


def refused(request: HttpRequest) -> HttpResponse:
    """The page for somebody whose door is another one."""
    return render(request, "portal/refused.html", status=403)


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with, be it nothing; None where none was sent."""
    return request.POST if request.method == "POST" else None


def back(request: HttpRequest) -> str:
    """The page he came from, or the first one."""
    came_from = request.META.get("HTTP_REFERER", "")
    is_ours = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure())
    return came_from if is_ours else reverse("portal:home")


# -- what areas bring ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Entry:
    """One line of a tab: what it is, where it leads, what it is for."""

    label: Text
    url_name: str
    icon: str
    detail: Text = ""


@dataclass(frozen=True)
class Door:
    """One of the four doors: its two characters and, beside them, one fact of today. `says` is what is behind it for now."""

    label: Text
    icon: str
    url_name: str
    fact: Text
    title: Text = ""
    says: Text = ""


@dataclass(frozen=True)
class Part:
    """A part of the first page: a template and what it shows; above the four doors (the card) or below them."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)
    is_head: bool = False


parts: list[Callable[[PortalRequest], Iterable[Part]]] = []  # what areas have for the first page
services: list[Entry] = []  # the lines of the tab 服务
mine: list[Entry] = []  # the lines of the tab 我的
doors: dict[str, Door] = {}  # the four doors by code; an area that opens one puts its own in place
