"""The working calendar's page: seen by who sees parameters, planned by the administrator; clocks follow it."""

import datetime as dt
from typing import Any

from django.urls import reverse

from gonghui.core.actions.door import acting
from gonghui.core.reference.calendar import working_days_after
from gonghui.core.reference.models import CalendarDay
from tests.cast import SYSTEM, Cast
from tests.test_pages import signed_in

MONDAY = dt.date(2026, 11, 30)


def plan(cast: Cast, name: str = "administrator", **data: str) -> Any:
    day = {"day": MONDAY.isoformat(), "is_working": "0", "occasion": "全市停工检修"}
    return signed_in(cast, name).post(reverse("web:plan_day"), day | data)


def test_a_day_that_is_planned_moves_the_clocks(cast: Cast) -> None:
    friday = dt.date(2026, 11, 27)
    with acting(SYSTEM):
        assert working_days_after(friday, 1).day == MONDAY
    assert plan(cast).status_code == 302
    with acting(SYSTEM):
        assert working_days_after(friday, 1).day == MONDAY + dt.timedelta(days=1)
    page = signed_in(cast, "administrator").get(reverse("web:calendar"), {"since": "2026-11-30"})
    assert "全市停工检修" in page.content.decode()


def test_what_stands_there_is_changed_not_doubled(cast: Cast) -> None:
    plan(cast)
    form = signed_in(cast, "administrator").get(reverse("web:plan_day"), {"q": MONDAY.isoformat()}).context["form"]
    assert form.initial["occasion"] == "全市停工检修"
    plan(cast, is_working="1", occasion="照常上班")
    with acting(SYSTEM):
        (row,) = CalendarDay.objects.unscoped("the test's own").filter(day=MONDAY)
    assert (row.is_working, row.occasion) == (True, "照常上班")


def test_only_the_administrator_plans(cast: Cast) -> None:
    assert plan(cast, "department_officer").status_code == 403
    page = signed_in(cast, "department_officer").get(reverse("web:calendar"))
    assert page.status_code == 200
    assert "安排一天" not in page.content.decode()
    assert signed_in(cast, "street_officer").get(reverse("web:calendar")).status_code == 403


def test_an_address_that_is_no_day_opens_an_empty_form(cast: Cast) -> None:
    for query in ("2026-13-45", "明天", ""):
        page = signed_in(cast, "administrator").get(reverse("web:plan_day"), {"q": query})
        assert page.context["form"].initial.get("occasion", "") == ""
