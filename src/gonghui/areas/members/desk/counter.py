"""The counter: a short session in which staff enter what people without a telephone tell them, and what was entered in it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from gonghui.areas.members import queries
from gonghui.areas.members.actions import neutral
from gonghui.areas.members.counter_sessions import CounterSession
from gonghui.areas.members.desk.steps import BEGIN_STEPS, COUNTER_STEPS
from gonghui.areas.members.models import Membership, Transfer
from gonghui.areas.members.rules import APPLICATION_FLOW
from gonghui.areas.members.sheets import COUNTER_SESSIONS, session_state
from gonghui.core.actions.actor import Actor
from gonghui.core.organisations.models import Organisation
from gonghui.web import desk
from gonghui.web.components import Empty, Fact, Link, Next
from gonghui.web.desk import DeskRequest, found
from gonghui.web.listing import Listing
from gonghui.web.records import record_context
from gonghui.web.steps import offered, step_page


def page_of(session: CounterSession) -> str:
    return reverse("members:counter_session", args=[session.public_id])


def step_url(session: CounterSession, code: str) -> str:
    return reverse("members:counter_step", args=[session.public_id, code])


def crumb() -> Link:
    """The list."""
    return Link(_("现场受理"), reverse("members:counter"))


def clock(at: Any) -> str:
    """A moment as a person writes it down."""
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M") if at else ""


@desk.page("members.view")
def index(request: DeskRequest) -> HttpResponse:
    """The sessions at the user's unions."""
    text = _("职工没带手机或不会用手机时，由工作人员代为录入；全程记录，到时自动结束。")
    listing = Listing(
        request,
        COUNTER_SESSIONS,
        queries.counter_sessions(request.actor),
        detail_url=page_of,
        empty=Empty(_("还没有现场受理"), text, "user-plus"),
        has_drawer=False,
    )
    step = BEGIN_STEPS["begin"]
    links = [Link(step.label, reverse("members:begin_counter"), detail=step.icon)] if request.actor.can(step.permission) else []
    return render(request, listing.template("members/desk/members.html"), {"listing": listing, "links": links})


@desk.page("members.begin_counter")
def begin(request: DeskRequest) -> HttpResponse:
    """Begins a session at the user's topmost union; goes on to the first entry."""
    place = Organisation.objects.changeable_by(request.actor, "members.begin_counter").active().order_by("path").first()
    if place is None:
        return desk.refused(request)

    def begun(session: CounterSession) -> HttpResponse:
        return redirect(step_url(session, "take"))

    return step_page(request, BEGIN_STEPS, "begin", place, back=reverse("members:counter"), crumbs=[crumb()], finish=begun)


@desk.page("members.view")
def record(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """One session, and everything that was entered in it."""
    actor, session = request.actor, found(queries.counter_sessions(request.actor), public_id)
    is_own = session.is_open and session.user_id == actor.user_id and actor.can("members.take_at_counter")
    following = Next(COUNTER_STEPS["take"].label, step_url(session, "take")) if is_own else None
    context = {
        "session": session,
        "title": session.purpose,
        "sub": session.user.name if session.user else "",
        "state": session_state(session),
        "state_note": _("%(time)s 自动结束") % {"time": clock(session.ends_at)} if session.is_open else "",
        "facts": facts(session),
        "next": following,
        "crumbs": [crumb(), Link(session.purpose)],
        "entered": entries(session, actor),
        "steps": offered(COUNTER_STEPS, session, actor, lambda code: step_url(session, code), following) if is_own else [],
        **record_context(session, actor, []),
    }
    return render(request, "members/desk/counter_session.html", context)


def facts(session: Any) -> list[Fact]:
    """Who sat there, for what, from when until when."""
    return [
        Fact(_("受理人"), session.user.name if session.user else ""),
        Fact(_("受理工会"), session.holder_name),
        Fact(_("开始时间"), clock(session.begun_at)),
        Fact(_("结束时间"), "" if session.is_open else clock(session.over_at)),
    ]


def entries(session: CounterSession, actor: Actor) -> list[dict[str, Any]]:
    """What was entered, with a way to the record and to the card where the user sees them."""
    rows = queries.entered_in(session)
    seen = set(queries.applications(actor).filter(session=session).values_list("pk", flat=True))
    people = [row.person_id for row in rows if row.person_id]
    members = {one.person_id: one for one in Membership.objects.visible_to(actor).filter(person__in=people)}
    return [
        {
            "row": row,
            "state": APPLICATION_FLOW.state(row.state),
            "url": reverse("members:application", args=[row.public_id]) if row.pk in seen else "",
            "card": reverse("members:member_step", args=[members[row.person_id].public_id, "print"])
            if row.person_id in members
            else "",
        }
        for row in rows
    ]


@desk.page("members.view")
def step(request: DeskRequest, public_id: UUID, step: str) -> HttpResponse:
    """One more entry, or the end. After an approval on the spot the card is one click away."""
    session = found(queries.counter_sessions(request.actor), public_id)
    back = page_of(session)

    def taken(result: Any) -> HttpResponse:
        application, answer = result
        if isinstance(answer, Membership):
            messages.success(request, _("%(name)s 已入会，可以打印会员卡") % {"name": application.name})
        elif isinstance(answer, Transfer):
            messages.success(request, neutral(answer))
        else:
            day = application.due_on
            messages.success(request, _("已受理，最迟 %(day)s 答复") % {"day": day})
        return redirect(back)

    finish = taken if step == "take" else None
    return step_page(request, COUNTER_STEPS, step, session, back=back, crumbs=[crumb()], finish=finish)
