"""A token from its page to its end, in a real browser and by a real program."""

import datetime as dt
import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from gonghui.kit.dates import today
from tests.api.calls import Caller
from tests.browser import browser, let_sign_in, needs_chromium, sign_in
from tests.cast import found_cast

SHOTS = os.environ.get("GONGHUI_SHOTS", "")


def seen(page: Page, name: str) -> None:
    """A picture to look at, where one is wanted."""
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png")


@needs_chromium
@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_an_officer_makes_a_token_calls_with_it_and_ends_it(live_server: Any) -> None:
    cast = found_cast()
    for name in ("street_officer", "administrator"):
        let_sign_in(cast.users[name])
    with browser() as chromium:
        page = chromium.new_page(viewport={"width": 1366, "height": 768})
        sign_in(page, live_server.url, "street_officer")
        page.goto(f"{live_server.url}/tokens/")
        seen(page, "none")
        page.get_by_role("link", name="建立接口令牌").click()
        page.get_by_label("用途").fill("区数据平台")
        page.locator('input[value="register.view"]').check()
        page.get_by_label("到期日期").fill((today() + dt.timedelta(days=30)).isoformat())
        seen(page, "form")
        page.get_by_role("button", name="建立接口令牌").click()
        secret = page.locator("code").inner_text()
        seen(page, "secret")
        assert Caller(secret).get("/employers")["count"] == 3
        page.get_by_role("link", name="返回").click()
        assert secret not in page.content()
        seen(page, "list")
        page.set_viewport_size({"width": 375, "height": 812})
        seen(page, "phone")
        page.get_by_role("link", name="区数据平台").click()
        page.get_by_role("button", name="停用接口令牌").click()
        assert "已停用" in page.content()
        assert Caller(secret).call("get", "/employers")[0] == 401
        page.context.clear_cookies()
        page.set_viewport_size({"width": 1366, "height": 768})
        sign_in(page, live_server.url, "administrator")
        page.goto(f"{live_server.url}/status/")
        assert "还没有备份" in page.content()
        seen(page, "status")
