"""A street officer's morning, in a real browser."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser import browser, let_sign_in, needs_chromium, sign_in
from tests.cast import found_cast


@needs_chromium
@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_street_officer_signs_in_founds_a_union_covers_a_firm_and_reads_the_rate(live_server: Any) -> None:
    cast = found_cast()
    let_sign_in(cast.users["street_officer"])
    with browser() as chromium:
        page = chromium.new_context(viewport={"width": 1366, "height": 768}).new_page()
        errors: list[str] = []
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        sign_in(page, live_server.url, "street_officer")
        expect(page.get_by_role("heading", name="待办", exact=True)).to_be_visible()
        expect(page.get_by_role("link", name="66.67%")).to_be_visible()

        page.get_by_role("link", name="单位", exact=True).click()
        page.get_by_role("link", name="北京博闻教育咨询有限公司").click()
        page.goto(f"{live_server.url}/register/employers/{cast.mill.public_id}/")
        page.get_by_role("link", name="单独建会").click()
        page.get_by_label("批复文号").fill("东工发〔2026〕12号")
        page.get_by_role("button", name="单独建会").click()

        expect(page.get_by_text("已建会并覆盖本单位")).to_be_visible()
        timeline = page.get_by_role("complementary", name="时间线")
        expect(timeline.get_by_text("覆盖单位").first).to_be_visible()
        expect(timeline.get_by_text("周敏").first).to_be_visible()
        expect(page.get_by_role("link", name="北京博闻教育咨询有限公司工会").first).to_be_visible()

        page.goto(f"{live_server.url}/figures/coverage_rate/")
        expect(page.get_by_text("100.00").first).to_be_visible()
        page.get_by_role("link", name="3", exact=True).first.click()
        expect(page.locator("tbody tr")).to_have_count(3)
        assert errors == []
