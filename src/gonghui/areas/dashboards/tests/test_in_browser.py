"""From the leader's page to the rows behind it, as a person clicks, in a real browser."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import expect

from gonghui.areas.register.actions import EmployerRow, cover_employers, enter_employers
from gonghui.core.actions.door import acting
from gonghui.core.figures.actions import set_target
from gonghui.kit.dates import from_day, today
from tests.browser import browser, let_sign_in, needs_chromium, sign_in
from tests.cast import LONG_AGO, SYSTEM, Cast, found_cast

WEEK_AGO = today() - dt.timedelta(days=7)


def facts(cast: Cast) -> None:
    """Jingshan, which covered none of three until a week ago, covers one of them since; the district aims at 80 per cent."""
    year = from_day(dt.date(2015, 1, 1), today() + dt.timedelta(days=400))
    with acting(SYSTEM):
        set_target(
            cast.district, actor=SYSTEM, figure="coverage_rate", period=year, number=Decimal(80), basis="东工〔2026〕1号"
        )
        rows = [EmployerRow(f"景山店{number}", LONG_AGO, region=cast.next_street.region, headcount=10) for number in range(2)]
        firms = enter_employers(cast.next_street, actor=SYSTEM, rows=rows)
        cover_employers(cast.joint, actor=SYSTEM, employers=firms[:1], since=WEEK_AGO)


@needs_chromium
@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_red_cell_opens_its_rows_and_one_click_says_why_the_rate_changed(live_server: Any) -> None:
    cast = found_cast()
    facts(cast)
    let_sign_in(cast.users["district_chair"])
    with browser() as chromium:
        page = chromium.new_page(viewport={"width": 1366, "height": 768})
        errors: list[str] = []
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        sign_in(page, live_server.url, "district_chair")

        page.get_by_role("link", name="数据总览").click()
        red = page.get_by_role("row", name="景山街道总工会").get_by_role("link", name="未建会单位")
        lacking = red.inner_text()
        red.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("未建会单位")
        expect(page.locator("tbody tr")).to_have_count(int(lacking))
        page.go_back()

        page.get_by_role("link", name="怎么变的").first.click()
        page.get_by_label("从").fill((WEEK_AGO - dt.timedelta(days=1)).isoformat())
        page.get_by_role("button", name="查看").click()
        why = page.get_by_role("row", name="新增建会")
        expect(why).to_contain_text("+1")
        expect(why).to_contain_text("景山店0")
        why.get_by_role("link", name="景山店0").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("景山店0")
        assert errors == []
