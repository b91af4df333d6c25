"""After founding: the unions that are looked after, what they still have to do, and how it is done."""

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gonghui.areas.unionbuilding import actions, queries
from gonghui.areas.unionbuilding.desk.founding_steps import by_code, plain
from gonghui.areas.unionbuilding.forms import care as forms
from gonghui.areas.unionbuilding.models import Aftercare, Duty
from gonghui.areas.unionbuilding.rules.care import KNOWN
from gonghui.areas.unionbuilding.sheets import AFTERCARES, DUTIES
from gonghui.areas.unionbuilding.sheets.care import care_state, standing_of
from gonghui.core.actions.actor import Actor
from gonghui.core.files.actions import store_file
from gonghui.core.history.timeline import Part
from gonghui.core.notices.todo import DONE, MINE, TodoItem, TodoStep
from gonghui.core.organisations.models import Organisation
from gonghui.web import desk
from gonghui.web.components import Empty, Fact, Link
from gonghui.web.desk import DeskRequest, found
from gonghui.web.forms import DeskForm
from gonghui.web.listing import Listing
from gonghui.web.records import record_context
from gonghui.web.steps import StepPage, offered, step_page

MOST = 200
PARTS = (Part(Duty, "aftercare"),)


def finish(duty: Duty, actor: Actor, data: dict[str, Any]) -> None:
    """Done, with a file that shows it where one was sent."""
    sent = data.pop("file")
    file = None
    if sent:
        holder = duty.aftercare.organisation
        given = {"name": sent.name, "content": sent.read(), "purpose": str(_("佐证文件")), "permission": "unionbuilding.view"}
        file = store_file(holder, actor=actor, kept_days=None, **given)
    actions.finish_duty(duty, actor=actor, file=file, **data)


DUTY_STEPS = by_code(
    [
        StepPage(
            "finish",
            gettext_lazy("办结"),
            "unionbuilding.finish_duty",
            forms.FinishForm,
            finish,
            (),
            "check",
            gettext_lazy("已办结"),
            lambda one: one.done_on is None and one.kind not in KNOWN,
        ),
        StepPage(
            "reopen",
            gettext_lazy("重新打开"),
            "unionbuilding.reopen_duty",
            DeskForm,
            plain(actions.reopen_duty),
            (),
            "refresh",
            applies=lambda one: one.done_by_id is not None,
        ),
    ]
)


def page_of(care: Aftercare) -> str:
    return reverse("unionbuilding:aftercare", args=[care.public_id])


def duty_page(duty: Duty) -> str:
    return page_of(duty.aftercare)


def step_url(duty: Duty, code: str) -> str:
    return reverse("unionbuilding:duty_step", args=[duty.public_id, code])


@desk.page("unionbuilding.view")
def index(request: DeskRequest) -> HttpResponse:
    """The unions that were founded, with what they still have to do."""
    empty = Empty(_("还没有新建的工会"), _("建会办结后，工会会自动列入这里。"), "flag")
    rows = queries.aftercares(request.actor)
    listing = Listing(request, AFTERCARES, rows, detail_url=page_of, empty=empty)
    links = [Link(_("后续事项"), reverse("unionbuilding:duties"), detail="list-details")]
    return render(request, listing.template("members/desk/members.html"), {"listing": listing, "links": links})


@desk.page("unionbuilding.view")
def duties(request: DeskRequest) -> HttpResponse:
    """Everything that new unions have to do, one row each."""
    listing = Listing(request, DUTIES, queries.duties(request.actor), detail_url=duty_page, has_drawer=False)
    crumbs = [Link(_("建会后续"), reverse("unionbuilding:aftercares")), Link(DUTIES.label)]
    return render(request, listing.template("members/desk/members.html"), {"listing": listing, "crumbs": crumbs})


@desk.page("unionbuilding.view")
def record(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """One union with its duties."""
    actor, care = request.actor, found(queries.aftercares(request.actor), public_id)
    context: dict[str, Any] = {
        "title": care.union_name,
        "sub": care.holder_name,
        "state": care_state(care),
        "state_note": _("还有 %(count)s 项未完成") % {"count": care.left} if care.left else "",
        "facts": facts(care, actor),
    }
    if request.GET.get("drawer"):
        return render(request, "register/desk/drawer.html", context | {"url": page_of(care)})
    rows = list(queries.duties(actor).filter(aftercare=care).order_by("due_on", "pk"))
    context |= {
        "crumbs": [Link(_("建会后续"), reverse("unionbuilding:aftercares")), Link(care.union_name)],
        "duties": [(one, standing_of(one), steps_of(one, actor)) for one in rows],
        **record_context(care, actor, PARTS),
    }
    return render(request, "unionbuilding/desk/aftercare.html", context)


def steps_of(duty: Duty, actor: Actor) -> list[Link]:
    """What the user may do with a duty."""
    return offered(DUTY_STEPS, duty, actor, lambda code: step_url(duty, code))


def facts(care: Any, actor: Actor) -> list[Fact]:
    """What is known of the union after its founding."""
    union = Organisation.objects.visible_to(actor).filter(pk=care.union_id).first()
    url = reverse("register:union", args=[union.public_id]) if union else ""
    return [
        Fact(_("工会"), care.union_name, url),
        Fact(_("主管工会"), care.holder_name),
        Fact(_("建会日期"), care.founded_on.isoformat()),
        Fact(_("规范日期"), str(care.orderly_on or "")),
        Fact(_("活跃日期"), str(care.lively_on or "")),
    ]


@desk.page("unionbuilding.view")
def duty_step(request: DeskRequest, public_id: UUID, step: str) -> HttpResponse:
    """Finishes a duty, or opens it again."""
    duty = found(queries.duties(request.actor), public_id)
    crumbs = [Link(_("建会后续"), reverse("unionbuilding:aftercares")), Link(duty.union_name, duty_page(duty))]
    return step_page(request, DUTY_STEPS, step, duty, back=duty_page(duty), crumbs=crumbs)


# -- to-do list, and the union's own page -----------------------------------------------------------------------


def waiting_duties(actor: Actor) -> Any:
    """The open duties of the unions that the actor's own unions look after."""
    if not actor.can("unionbuilding.view") or not actor.can("unionbuilding.finish_duty"):
        return None
    return queries.own_duties(actor)


def duty_items(actor: Actor, tab: str, on: dt.date) -> Iterable[TodoItem]:
    """Those, and what the actor has done."""
    if (rows := waiting_duties(actor)) is None or tab not in (MINE, DONE):
        return
    if tab == DONE:
        rows = queries.duties(actor).filter(done_by=actor.user_id).order_by("-done_on")
    else:
        rows = rows.order_by("due_on", "pk")
    for row in rows[:MOST]:
        finish = TodoStep(_("办结"), step_url(row, "finish"), "a", is_primary=True, needs_form=True)
        yield TodoItem(
            area=_("后续"),
            title=_("%(union)s：%(duty)s") % {"union": row.union_name, "duty": row.get_kind_display()},
            detail=_("%(day)s 建会") % {"day": row.founded_on},
            url=duty_page(row),
            state=standing_of(row),
            due=row.due_on if tab == MINE else None,
            steps=(finish,) if tab == MINE and row.kind not in KNOWN else (),
        )


def link_on_union(union: Organisation, actor: Actor) -> Link | None:
    """On the page of a union that was founded here: what it still has to do."""
    care = queries.aftercares(actor).filter(union=union).first() if actor.can("unionbuilding.view") else None
    if care is None:
        return None
    words = _("建会后续：还有 %(count)s 项") % {"count": care.left} if care.left else _("建会后续：已完成")
    return Link(words, page_of(care), detail="list-check")
