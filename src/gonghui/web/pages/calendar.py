"""The working calendar: which days are worked other than their weekday says, and which years are not published yet."""

import datetime as dt
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from gonghui.core.access.actions import plan_day
from gonghui.core.actions.actor import Actor
from gonghui.core.exchange.exports import exportable
from gonghui.core.organisations.models import Organisation
from gonghui.core.reference.calendar import published_until
from gonghui.core.reference.models import CalendarDay
from gonghui.kit.columns import Choice, Column, SavedFilter, Sheet, Since, Until
from gonghui.kit.dates import today
from gonghui.kit.flow import State
from gonghui.web import desk
from gonghui.web.components import Link
from gonghui.web.desk import DeskRequest
from gonghui.web.forms import DayField, DeskForm
from gonghui.web.listing import Listing
from gonghui.web.steps import StepPage, step_page

AHEAD = 60  # days: limits reach about so far, so that the next year's holidays should be known by then
WORKED = State("worked", _("调休上班"), "warn", "briefcase")
FREE = State("free", _("放假"), "ok", "calendar-event")
WORKS = [("1", WORKED.label), ("0", FREE.label)]


def on_working(rows: Any, values: list[str]) -> Any:
    """Days that are worked, days that are free."""
    return rows.filter(is_working__in=[value == "1" for value in values])


CALENDAR = Sheet(
    "reference.calendar",
    _("工作日历"),
    columns=(
        Column("day", _("日期"), kind="date", sort="day", link=True),
        Column("weekday", _("星期"), accessor=lambda row: date_format(row.day, "l")),
        Column("occasion", _("事由"), sort="occasion"),
        Column(
            "is_working",
            _("安排"),
            kind="state",
            accessor=lambda row: WORKED if row.is_working else FREE,
            filter=Choice("works", _("安排"), path=on_working, choices=WORKS),
        ),
    ),
    filters=(Since("since", _("日期"), path="day"), Until("until", _("日期"), path="day")),
    saved=(SavedFilter("worked", WORKED.label, {"works": "1"}), SavedFilter("free", FREE.label, {"works": "0"})),
    default_sort="-day",
    unit=_("天"),
)
exportable(CALENDAR, permission="reference.view", rows=CalendarDay.objects.visible_to)


class DayPlanForm(DeskForm):
    """Whether a day is worked."""

    day = DayField(label=_("日期"), is_today=False)
    is_working = forms.ChoiceField(label=_("安排"), choices=WORKS, widget=forms.RadioSelect, initial="0")
    occasion = forms.CharField(label=_("事由"), max_length=40, help_text=_("例如：国庆节；依据国务院办公厅的放假通知"))

    def prepare(self) -> None:
        planned = parse_day(self.query)
        row = CalendarDay.objects.visible_to(self.actor).filter(day=planned).first() if planned else None
        if row:
            self.fill(day=row.day, is_working="1" if row.is_working else "0", occasion=row.occasion)

    def clean_is_working(self) -> bool:
        return bool(self.cleaned_data["is_working"] == "1")


def parse_day(text: str) -> dt.date | None:
    """A day of the address; None for what is none."""
    try:
        return parse_date(text)
    except ValueError:
        return None


def plan(federation: Any, actor: Actor, data: dict[str, Any]) -> CalendarDay:
    """Notes the day."""
    return plan_day(federation, actor=actor, **data)


STEPS = {
    "plan": StepPage("plan", _("安排一天"), "reference.plan_day", DayPlanForm, plan, (), "calendar-plus", _("已记入工作日历"))
}


@desk.page("reference.view")
def index(request: DeskRequest) -> HttpResponse:
    """The days that differ from their weekday, and until when the holidays are known."""
    may_plan = request.actor.can("reference.plan_day")
    listing = Listing(
        request,
        CALENDAR,
        CalendarDay.objects.visible_to(request.actor),
        detail_url=(lambda row: f"{reverse('web:plan_day')}?q={row.day}") if may_plan else None,
        has_drawer=False,
    )
    year, soon = published_until(), today() + dt.timedelta(days=AHEAD)
    note = _now("放假安排已登记到 %(year)s 年；跨到没有公布的年份，期限显示为“暂定”。") % {"year": year} if year else ""
    context = {"listing": listing, "may_plan": may_plan, "note": note, "is_late": bool(year and year < soon.year)}
    return render(request, listing.template("web/calendar.html"), context)


@desk.page("reference.plan_day")
def plan_one(request: DeskRequest) -> HttpResponse:
    """Plans a day, or changes what stands there."""
    rows = Organisation.objects.changeable_by(request.actor, "reference.plan_day").active()
    if (federation := rows.order_by("path").first()) is None:
        return desk.refused(request)
    back = reverse("web:calendar")
    return step_page(request, STEPS, "plan", federation, back=back, crumbs=[Link(str(CALENDAR.label), back)])
