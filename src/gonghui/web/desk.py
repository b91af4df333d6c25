"""The desk's door: every staff page opens its transaction as the actor, renders inside it, and answers refusals in one way."""

import functools
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from gonghui.core.access.queries import actor_for
from gonghui.core.accounts.models import User
from gonghui.core.accounts.second_factor import has_second_factor
from gonghui.core.actions.action import NotAllowed, Refused
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import acting
from gonghui.core.notices.todo import todo_count

Inputs = ParamSpec("Inputs")
Row = TypeVar("Row", bound=Model)


class DeskRequest(HttpRequest):
    """A request that has come through the door."""

    actor: Actor
    todo_count: int


View = Callable[Concatenate[DeskRequest, Inputs], HttpResponse]


def page(permission: str) -> Callable[[View[Inputs]], Callable[..., HttpResponse]]:
    """A staff page that takes this permission (held anywhere; which rows is the querysets' matter)."""

    def wrap(view: View[Inputs]) -> Callable[..., HttpResponse]:
        @functools.wraps(view)
        def run(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not has_second_factor(request):
                return redirect("portal:home" if is_worker_only(request.user) else "mfa_activate_totp")
            try:
                with acting(enter(request)):
                    if not request.actor.can(permission):
                        return refused(request)
                    request.todo_count = todo_count(request.actor, timezone.localdate())
                    return view(request, *args, **kwargs)
            except NotAllowed:
                return refused(request)
            except Refused as refusal:
                messages.error(request, str(refusal))
                return redirect(back(request))

        run.permission = permission  # type: ignore[attr-defined]
        return run

    return wrap


def is_worker_only(user: User) -> bool:
    """Whether the account is a worker's who holds no role: his door is the portal."""
    return user.is_worker and not actor_for(user).scopes


def enter(request: Any) -> Actor:
    """Reads the user's rights for this request."""
    request.actor = actor_for(request.user)
    return request.actor  # type: ignore[no-any-return]


def refused(request: HttpRequest) -> HttpResponse:
    """The page for "no right"."""
    return render(request, "web/refused.html", status=403)


def back(request: HttpRequest) -> str:
    """The page the user came from, or the first screen."""
    came_from = request.META.get("HTTP_REFERER", "")
    is_ours = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure())
    return came_from if is_ours else "/"


def found(rows: QuerySet[Row], public_id: UUID) -> Row:
    """The record with this id among the visible ones; the same 404 for one that is hidden and one that never was."""
    row = rows.filter(public_id=public_id).first()
    if row is None:
        raise Http404
    return row
