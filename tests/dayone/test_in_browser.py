"""Accepting an invitation on a phone, in a real browser, without scripts: from the code on the screen to the first desk page."""

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from gonghui.core.access.actions import Invitee, invite, issue_invitation
from gonghui.core.access.models import Grant
from gonghui.core.actions.door import acting
from gonghui.web.letters import address_of
from tests.browser import PASSWORD, browser, needs_chromium
from tests.cast import SYSTEM, found_cast

SHOTS = os.environ.get("GONGHUI_TEST_SHOTS", "")  # a directory to leave pictures in, for the eye
WHY = "counted beside the pages"


def looked_at(page: Page, name: str) -> None:
    """Nothing sticks out sideways, and every control is big enough for a thumb."""
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)
    width, heights = page.evaluate(MEASURED)
    assert width <= 375
    assert min(heights) >= 44, name


MEASURED = """() => [document.documentElement.scrollWidth,
  [...document.querySelectorAll('main input:not([type=hidden]), main .btn')].map(one => one.getBoundingClientRect().height)]"""


@needs_chromium
@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_chair_opens_an_account_on_a_phone(live_server: Any, settings: Any, scheme: Any) -> None:
    settings.ADDRESS = live_server.url
    cast = found_cast()
    with cast.act("administrator") as actor:
        (one,) = invite(cast.own, actor=actor, invitees=[Invitee("孙佳怡", "138-0000-1234", "enterprise_chair", title="主席")])
        address = address_of(issue_invitation(one, actor=actor))
    with browser() as chromium:
        phone = chromium.new_context(
            viewport={"width": 375, "height": 812}, java_script_enabled=False, color_scheme=scheme, is_mobile=True
        )
        page = phone.new_page()
        page.goto(address)
        expect(page.get_by_text("孙*怡，您好")).to_be_visible()
        looked_at(page, f"accept-{scheme}")
        page.get_by_role("button", name="获取验证码").click()
        expect(page.get_by_text("验证码已发到 138****1234")).to_be_visible()
        code = page.locator(".code").inner_text()
        looked_at(page, f"accept-code-{scheme}")
        page.get_by_label("验证码").fill(f"{(int(code) + 1) % 1_000_000:06d}")
        page.get_by_label("密码", exact=True).fill(PASSWORD)
        page.get_by_label("再输一次密码").fill(PASSWORD)
        page.get_by_role("button", name="开通").click()
        expect(page.get_by_text("还可以试 4 次").first).to_be_visible()
        assert page.get_by_label("登录名").input_value() == "sunjiayi"
        looked_at(page, f"accept-wrong-{scheme}")
        page.get_by_label("验证码").fill(code)
        page.get_by_label("密码", exact=True).fill(PASSWORD)
        page.get_by_label("再输一次密码").fill(PASSWORD)
        page.get_by_role("button", name="开通").click()
        expect(page.get_by_role("heading", name="待办", exact=True)).to_be_visible()
        page.goto(address)
        expect(page.get_by_text("已经开通过账号，请直接登录")).to_be_visible()
    with acting(SYSTEM):
        assert Grant.objects.unscoped(WHY).filter(user__username="sunjiayi", organisation=cast.own).count() == 1
