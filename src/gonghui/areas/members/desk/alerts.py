"""Reminders to found a union: seen by the federation that holds the employer and by its street, by nobody at the employer."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from gonghui.areas.members import queries
from gonghui.areas.members.desk.members import page_of as member_page
from gonghui.areas.members.models import Alert
from gonghui.areas.members.sheets import ALERTS
from gonghui.core.actions.actor import Actor
from gonghui.core.reference.queries import parameter
from gonghui.kit.dates import today
from gonghui.kit.flow import State
from gonghui.web import desk
from gonghui.web.components import Empty, Fact, Link, Next
from gonghui.web.desk import DeskRequest, found
from gonghui.web.listing import Listing
from gonghui.web.records import offered_above, record_context

FOUND = "register.found_union"


def page_of(alert: Alert) -> str:
    return reverse("members:alert", args=[alert.public_id])


def open_state() -> State:
    """What a reminder is as long as it is listed."""
    return State("open", _("待建会"), "warn", "flag")


def count_words(count: int) -> str:
    """How many individual members there are."""
    return ngettext("%(count)s 名单体入会会员", "%(count)s 名单体入会会员", count) % {"count": count}


@desk.page("members.view")
def index(request: DeskRequest) -> HttpResponse:
    """The employers at which enough individual members work."""
    threshold = parameter("members.founding_threshold", today())
    text = _("同一单位单体入会会员达到 %(count)s 人时，会提醒归口工会和属地街道。") % {"count": threshold}
    empty = Empty(_("没有达到人数的单位"), text, "circle-check")
    listing = Listing(request, ALERTS, queries.alerts(request.actor), detail_url=page_of, empty=empty)
    return render(request, listing.template("members/desk/members.html"), {"listing": listing})


@desk.page("members.view")
def record(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """One reminder, with today's number and the names that the user may see."""
    actor, alert = request.actor, found(queries.alerts(request.actor), public_id)
    employer = alert.employer
    count = queries.counts_at([employer.pk])[employer.pk]
    context = {
        "title": employer.name,
        "sub": count_words(count),
        "state": open_state(),
        "state_note": _("%(day)s 达到人数") % {"day": alert.raised_on},
        "facts": facts(alert, count),
        "next": next_step(alert, actor),
    }
    if request.GET.get("drawer"):
        return render(request, "register/desk/drawer.html", context | {"url": page_of(alert)})
    people = [(one, member_page(one)) for one in queries.names_at(alert, actor)]
    crumbs = [Link(_("建会提醒"), reverse("members:alerts")), Link(employer.name)]
    context |= {"crumbs": crumbs, "people": people, "hidden": count - len(people), **record_context(alert, actor, [])}
    context["steps"] = offered_above(alert, actor)
    return render(request, "members/desk/alert.html", context)


def facts(alert: Alert, count: int) -> list[Fact]:
    """What the reminder is about."""
    employer = alert.employer
    return [
        Fact(_("用人单位"), employer.name, reverse("register:employer", args=[employer.public_id])),
        Fact(_("今天的人数"), str(count)),
        Fact(_("提醒人数"), str(parameter("members.founding_threshold", today()))),
        Fact(_("归口工会"), alert.holder_name),  # type: ignore[attr-defined]
        Fact(_("提醒日期"), alert.raised_on.isoformat()),
        Fact(_("职工人数"), "" if employer.headcount is None else str(employer.headcount)),
    ]


def next_step(alert: Alert, actor: Actor) -> Next | None:
    """To found the union, for who may."""
    if not actor.can_at(FOUND, alert.employer.organisation_path):
        return None
    url = reverse("register:employer_step", args=[alert.employer.public_id, "found"])
    return Next(pgettext("verb", "建会"), url, button=pgettext("verb", "单独建会"))
