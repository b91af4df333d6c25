"""Asking to join, in five fields; how far it has come; asking again."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gonghui.areas.members import own
from gonghui.areas.members.actions import apply, joining_limits, recognise_member, withdraw_application
from gonghui.areas.members.actions.applying import CONSENT
from gonghui.areas.members.models import Application, Membership
from gonghui.areas.members.portal.forms import JoinForm
from gonghui.areas.members.rules import APPLICATION_FLOW, OPEN_TRANSFER
from gonghui.core.accounts.limits import take
from gonghui.core.actions.actor import Actor
from gonghui.kit.dates import today
from gonghui.web import portal
from gonghui.web.portal import PortalRequest


@portal.page("members.apply")
def join(request: PortalRequest) -> HttpResponse:
    """The form. Who has a membership or an open application is led to it; who was sent back finds what he had typed."""
    actor = request.actor
    newest: Application | None = own.applications(actor).first()
    if own.membership(actor):
        return redirect("portal:card")
    if newest and newest.state == "pending":
        return redirect("portal:application")
    phone = own.phone(actor)
    former = newest if newest and newest.state == "returned" else None
    form = JoinForm(portal.posted(request), actor=actor, subject=former)
    if phone and form.is_valid():
        take(joining_limits(own.user(actor)))
        _is_done, result = form.attempt(lambda: entered(form, actor))
        if isinstance(result, Membership):
            messages.success(request, _("您已是%(union)s的会员") % {"union": result.organisation.name})
            return redirect("portal:card")
        if result:
            messages.success(request, _("申请已经交给工会"))
            return redirect("portal:application")
    if form.errors and own.applications(actor).filter(state="pending").exists():  # the first of two taps came through meanwhile
        return redirect("portal:application")
    return render(request, "members/portal/join.html", {"tab": "home", "form": form, "phone": phone, "former": former})


def entered(form: JoinForm, actor: Actor) -> Membership | Application | None:
    """A member is recognised; of others the application, once every question is answered."""
    user, row = own.user(actor), form.row()
    return recognise_member(user, actor=actor, row=row) or (None if form.asked else apply(user, actor=actor, row=row))


@portal.page()
def notice(request: PortalRequest) -> HttpResponse:
    """What is done with a worker's data, in full (个人信息保护法 (2021) art. 17, 29, 30)."""
    return render(request, "members/portal/notice.html", {"tab": "home", "version": CONSENT})


@portal.page()
def application(request: PortalRequest) -> HttpResponse:
    """How far the newest application has come, until when it is answered, and what can be done now."""
    found: Application | None = own.applications(request.actor).first()
    if found is None:
        return redirect("portal:card" if own.membership(request.actor) else "portal:join")
    context = {"tab": "mine", "application": found, "state": APPLICATION_FLOW.state(found.state)}
    context["is_late"] = found.state == "pending" and today() > found.due_on
    context["transfer"] = transfer_of(request.actor) if found.state == "approved" else None
    return render(request, "members/portal/application.html", context)


def transfer_of(actor: Actor) -> object:
    """The transfer that an application led to, where somebody was a member elsewhere."""
    newest = own.latest_transfer(actor)
    return newest if newest and newest.state in OPEN_TRANSFER else None


@require_POST
@portal.page("members.withdraw_application")
def withdraw(request: PortalRequest) -> HttpResponse:
    """Takes the open application back."""
    found = own.applications(request.actor).filter(state__in=["pending", "returned"]).first()
    if found:
        withdraw_application(found, actor=request.actor)
        messages.success(request, _("申请已经撤回，随时可以再交"))
    return redirect("portal:home")
