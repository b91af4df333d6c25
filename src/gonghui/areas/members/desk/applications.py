"""Applications: list, record, steps, and the queue that is worked by keyboard."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from gonghui.areas.members import queries
from gonghui.areas.members.actions import neutral
from gonghui.areas.members.desk import members as member_pages
from gonghui.areas.members.desk.steps import APPLICATION_STEPS
from gonghui.areas.members.models import Application, Transfer
from gonghui.areas.members.rules import APPLICATION_FLOW
from gonghui.areas.members.sheets import APPLICATIONS, limit_words
from gonghui.core.actions.actor import Actor
from gonghui.core.reference.queries import names
from gonghui.kit.dates import today
from gonghui.web import desk
from gonghui.web.components import Empty, Fact, Link, Next
from gonghui.web.desk import DeskRequest, found
from gonghui.web.listing import Listing
from gonghui.web.pages.home import left
from gonghui.web.records import record_context
from gonghui.web.steps import offered, step_page

QUEUE = "queue"  # said in the address of a step that was begun in the queue, which it leads back to
DECISIONS = ("return", "forward")  # beside approval


def page_of(application: Application) -> str:
    return reverse("members:application", args=[application.public_id])


def step_url(application: Application, code: str) -> str:
    return reverse("members:application_step", args=[application.public_id, code])


def crumb() -> Link:
    """The list."""
    return Link(_("入会申请"), reverse("members:applications"))


@desk.page("members.view")
def index(request: DeskRequest) -> HttpResponse:
    """The applications of the user's unions."""
    listing = Listing(
        request,
        APPLICATIONS,
        queries.applications(request.actor),
        detail_url=page_of,
    )
    context = {"listing": listing, "can_review": request.actor.can("members.approve_application")}
    return render(request, listing.template("members/desk/applications.html"), context)


@desk.page("members.view")
def record(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """One application."""
    application = found(queries.applications(request.actor), public_id)
    context: dict[str, Any] = shown(application, request.actor)
    if request.GET.get("drawer"):
        return render(request, "register/desk/drawer.html", context | {"url": page_of(application)})
    context |= {
        "crumbs": [crumb(), Link(application.name)],
        "steps": offered(
            APPLICATION_STEPS, application, request.actor, lambda code: step_url(application, code), context["next"]
        ),
        **record_context(application, request.actor, []),
    }
    return render(request, "members/desk/application.html", context)


def shown(application: Any, actor: Actor) -> dict[str, Any]:
    """What record, drawer and queue show alike."""
    is_pending = application.state == "pending"
    may_approve = is_pending and actor.can_at("members.approve_application", application.organisation_path)
    limit = left(application.due_on, today()).label if is_pending else ""
    return {
        "application": application,
        "title": application.name,
        "sub": application.workplace,
        "state": APPLICATION_FLOW.state(application.state),
        "state_note": f"{limit}{_('（暂定）')}" if is_pending and application.is_tentative else limit,
        "facts": facts(application, actor),
        "next": Next(APPLICATION_STEPS["approve"].label, step_url(application, "approve")) if may_approve else None,
    }


def facts(application: Any, actor: Actor) -> list[Fact]:
    """What somebody told who wants to join."""
    may_reveal = application.erased_on is None and actor.can_at("members.reveal", application.organisation_path)
    look = Link(_("查看"), step_url(application, "reveal")) if may_reveal else None
    told = [
        Fact(_("姓名"), application.name),
        Fact(_("证件号码"), application.document_masked, link=look),
        Fact(_("证件类别"), application.get_document_kind_display()),
        Fact(_("手机号"), application.phone_masked, link=look if application.phone_masked else None),
        Fact(_("工作单位"), application.workplace),
        Fact(_("用工形式"), application.get_worker_kind_display()),
        Fact(_("受理工会"), application.holder_name),
        Fact(_("入会方式"), application.get_door_display()),
        Fact(_("申请日期"), application.applied_on.isoformat()),
        Fact(_("答复期限"), limit_words(application)),
    ]
    later = (
        Fact(_("新就业形态行业"), names("trade").get(application.trade, application.trade)),
        Fact(_("答复日期"), str(application.decided_on or "")),
        Fact(_("答复"), application.note),
        Fact(_("号码删除日期"), str(application.erased_on or "")),
    )
    return told + [fact for fact in later if fact.value]


@desk.page("members.approve_application")
def review(request: DeskRequest) -> HttpResponse:
    """The queue: one application after the other, the nearest limit first; those skipped come round again at the end."""
    waiting = queries.to_review(request.actor)
    keys = list(waiting.values_list("public_id", flat=True))
    place = place_of(keys, request.GET.get("after", ""))
    if not keys:
        empty = Empty(_("没有待审的入会申请"), _("新的申请会出现在待办里。"), "circle-check", crumb())
        return render(request, "members/desk/reviewed.html", {"empty": empty, "title": _("逐份审核")})
    application = found(waiting, keys[place])
    context = shown(application, request.actor)
    context |= {
        "place": place + 1,
        "count": len(keys),
        "crumbs": [crumb(), Link(_("逐份审核"))],
        "approve_url": f"{step_url(application, 'approve')}?{QUEUE}=1",
        "decisions": [
            (
                APPLICATION_STEPS[code].label,
                f"{step_url(application, code)}?{QUEUE}=1",
                APPLICATION_STEPS[code].icon,
                code[0].upper(),
            )
            for code in DECISIONS
        ],
        "skip_url": f"?after={application.public_id}" if len(keys) > 1 else "",
    }
    return render(request, "members/desk/review.html", context)


def place_of(keys: list[UUID], after: str) -> int:
    """Which of the queue is shown: the first, or the one behind the application that was skipped."""
    known = {str(key): number for number, key in enumerate(keys)}
    return (known.get(after, -1) + 1) % len(keys) if keys else 0


@desk.page("members.view")
def step(request: DeskRequest, public_id: UUID, step: str) -> HttpResponse:
    """The answer, or a look at a full number; what was begun in the queue goes on there."""
    application = found(queries.applications(request.actor), public_id)
    is_in_queue = QUEUE in request.GET and step != "reveal"
    back = reverse("members:review") if is_in_queue else page_of(application)

    def approved(result: Any) -> HttpResponse:
        if isinstance(result, Transfer):
            messages.success(request, neutral(result))
            return redirect(back)
        is_new = not found(queries.applications(request.actor), public_id).note
        said = _("%(name)s 已入会") if is_new else _("%(name)s 已是会员，会籍不变")
        messages.success(request, said % {"name": application.name})
        return redirect(back if is_in_queue else member_pages.page_of(result))

    def number(value: str) -> HttpResponse:
        crumbs = [crumb(), Link(application.name, back), Link(APPLICATION_STEPS["reveal"].label)]
        return render(request, "web/number.html", {"title": application.name, "number": value, "back": back, "crumbs": crumbs})

    def forwarded(result: None) -> HttpResponse:
        messages.success(request, str(APPLICATION_STEPS["forward"].said))
        return redirect(back if is_in_queue else reverse("members:applications"))  # it may be out of sight now

    ends: dict[str, Callable[[Any], HttpResponse]] = {"approve": approved, "reveal": number, "forward": forwarded}
    return step_page(request, APPLICATION_STEPS, step, application, back=back, crumbs=[crumb()], finish=ends.get(step))
