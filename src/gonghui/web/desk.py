"""The desk's door: every staff page opens its transaction as the actor, renders inside it, and answers refusals in one way."""

import functools
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from gonghui.core.access.queries import actor_for, may_sign_in_by_phone
from gonghui.core.accounts.models import User
from gonghui.core.accounts.second_factor import began_by_phone, has_second_factor, is_code_fresh, is_light
from gonghui.core.actions.action import NotAllowed, Refused, SecondFactorNeeded, demand_second_factor
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import acting
from gonghui.core.notices.todo import todo_count
from gonghui.web import second_factor

Inputs = ParamSpec("Inputs")
Row = TypeVar("Row", bound=Model)


class DeskRequest(HttpRequest):
    """A request that has come through the door."""

    actor: Actor
    todo_count: Callable[[], int]  # asks when first called; there as long as the door is open


View = Callable[Concatenate[DeskRequest, Inputs], HttpResponse]


def page(permission: str) -> Callable[[View[Inputs]], Callable[..., HttpResponse]]:
    """A staff page that takes this permission (held anywhere; which rows is the querysets' matter)."""

    def wrap(view: View[Inputs]) -> Callable[..., HttpResponse]:
        @functools.wraps(view)
        def run(request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not is_admitted(request):
                return turned_away(request)
            if second_factor.is_sent(request):
                enter(request)
                if answer := second_factor.answered(request):
                    return answer
            try:
                with acting(enter(request)):
                    if not request.actor.can(permission):
                        return refused(request)
                    demand_second_factor(request.actor, permission)
                    request.todo_count = functools.cache(lambda: todo_count(request.actor, timezone.localdate()))
                    try:
                        return view(request, *args, **kwargs)
                    finally:
                        del request.todo_count
            except SecondFactorNeeded as needed:
                return second_factor.asked(request, str(needed))
            except NotAllowed:
                return refused(request)
            except Refused as refusal:
                messages.error(request, str(refusal))
                return redirect(back(request))

        run.permission = permission  # type: ignore[attr-defined]
        return run

    return wrap


def is_admitted(request: Any) -> bool:
    """Whether the session has shown enough for the desk: password and second factor; or, on that day, the telephone of somebody whom the
    grants of this moment let in by telephone."""
    if began_by_phone(request):
        return is_code_fresh(request) and may_sign_in_by_phone(request.user)
    return has_second_factor(request)


def turned_away(request: Any) -> HttpResponse:
    """Leads to where whoever is signed in may go on from here."""
    if is_worker_only(request.user):
        return redirect("portal:home")
    if not began_by_phone(request):
        return redirect("mfa_activate_totp")
    if may_sign_in_by_phone(request.user):
        return redirect_to_login(request.get_full_path(), reverse("account_phone"))
    return render(request, "account/turned_away.html", status=403)


def is_worker_only(user: User) -> bool:
    """Whether the account is a worker's who holds no role: his door is the portal."""
    return user.is_worker and not actor_for(user).scopes


def enter(request: Any) -> Actor:
    """Reads the user's rights for this request."""
    request.actor = replace(actor_for(request.user), is_light=is_light(request))
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
