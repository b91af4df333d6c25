"""The members' desk where people stand in front of it: the counter session, and cards read by camera; on a phone, in Chromium.

GONGHUI_TEST_SHOTS names a directory for pictures.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from gonghui.areas.members.cards import codes
from gonghui.kit.dates import now
from tests.browser import browser, let_sign_in, needs_chromium, sign_in
from tests.cast import Cast, found_cast
from tests.members import records
from tests.portal.test_in_browser import faults, pictured

pytestmark = [needs_chromium, pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE: ViewportSize = {"width": 375, "height": 812}
CAMERA = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
DECODER = """
window.BarcodeDetector = class {  // reads what the test put before the camera
  static getSupportedFormats() { return Promise.resolve(["qr_code"]); }
  constructor(options) { this.options = options; }
  async detect(source) {
    if (!(source instanceof HTMLVideoElement) || source.readyState < 2 || !this.options.formats.includes("qr_code")) return [];
    const shown = localStorage.getItem("shown");
    return shown ? [{ rawValue: shown }] : [];
  }
};"""


@contextmanager
def officer(address: str, *switches: str, script: str = "") -> Iterator[tuple[Cast, Page]]:
    """The street's officer, signed in on a phone; nothing may be reported to the console."""
    cast = found_cast()
    let_sign_in(cast.users["street_officer"])
    with browser(*switches) as chromium:
        context = chromium.new_context(viewport=PHONE)
        if script:
            context.add_init_script(script)
        page = context.new_page()
        errors: list[str] = []
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        sign_in(page, address, "street_officer")
        yield cast, page
        assert errors == []


def test_somebody_without_a_phone_goes_home_a_member_with_a_card(live_server: Any, tmp_path: Path) -> None:
    """A stand in the street: what for, the person's fields, agreed on the spot, the card printed, the session ended."""
    with officer(live_server.url) as (_cast, page):
        page.goto(f"{live_server.url}/members/counter/")
        page.get_by_role("link", name="开始现场受理").click()
        page.get_by_label("事由").fill("王府井流动服务点")
        page.get_by_role("button", name="开始现场受理").click()
        page.get_by_label("姓名").fill("郑摊")
        page.get_by_label("证件号码").fill(records.number())
        page.get_by_label("工作单位").fill("王府井水果摊")
        page.get_by_role("button", name="录入一份入会申请").click()
        expect(page.locator("#errors")).to_contain_text("已向本人说明告知书内容")  # nobody joins without having agreed
        expect(page.get_by_label("姓名")).to_have_value("郑摊")
        pictured(page, "counter-1-mistake")
        page.get_by_label("已向本人说明告知书内容").check()
        page.get_by_role("button", name="录入一份入会申请").click()
        expect(page.get_by_text("郑摊 已入会，可以打印会员卡")).to_be_visible()
        pictured(page, "counter-2-entered")
        assert faults(page, "zh-hans") == []
        print_it = page.locator("main").get_by_role("link", name="打印会员卡")
        expect(print_it).to_be_in_viewport(ratio=1)  # beside the name, nothing to scroll for
        print_it.click()
        with page.expect_download() as waited:
            page.get_by_role("button", name="打印会员卡").click()
        card = tmp_path / "card.pdf"
        waited.value.save_as(card)
        assert card.read_bytes().startswith(b"%PDF")
        page.goto(f"{live_server.url}/members/counter/")
        page.get_by_role("link", name="王府井流动服务点").click()
        page.get_by_role("link", name="结束现场受理").click()
        page.get_by_role("button", name="结束现场受理").click()
        expect(page.get_by_role("link", name="录入一份入会申请")).to_have_count(0)


def test_the_camera_reads_one_card_after_the_other(live_server: Any) -> None:
    """Every card once, though it stays in sight; after each the camera goes on by itself, until it is switched off."""
    with officer(live_server.url, *CAMERA, script=DECODER) as (cast, page):
        first, second = (code.text for code in codes(cast.member.public_id, now())[:2])
        page.goto(f"{live_server.url}/members/scanner/")
        page.get_by_role("button", name="用摄像头扫").click()
        expect(page.locator("video")).to_be_visible()
        page.evaluate("shown => localStorage.setItem('shown', shown)", first)
        expect(page.get_by_text("有效，是会员")).to_be_visible()
        expect(page.locator("video")).to_be_visible()
        page.wait_for_timeout(600)  # several looks at the card that is still held there
        expect(page.get_by_text("有效，是会员")).to_be_visible()
        pictured(page, "scanner-good")
        assert faults(page, "zh-hans") == []
        page.evaluate("localStorage.setItem('shown', 'https://example.cn/poster')")
        expect(page.get_by_text("这不是会员码")).to_be_visible()
        pictured(page, "scanner-refused")
        assert faults(page, "zh-hans") == []
        page.evaluate("shown => localStorage.setItem('shown', shown)", second)
        expect(page.get_by_text("有效，是会员")).to_be_visible()
        page.get_by_role("button", name="关摄像头").click()
        expect(page.locator("video")).to_be_hidden()
        page.reload()
        expect(page.get_by_role("button", name="用摄像头扫")).to_be_visible()
        expect(page.locator("video")).to_be_hidden()


@pytest.mark.parametrize(
    ("switches", "script", "is_tried", "words"),
    [
        (CAMERA, "delete window.BarcodeDetector", False, "这个浏览器不会认二维码"),
        ((), "delete Navigator.prototype.mediaDevices", False, "这台设备没有可用的摄像头"),
        (("--use-fake-device-for-media-stream=device-count=0", CAMERA[1]), DECODER, True, "这台设备没有可用的摄像头"),
        ((CAMERA[0], "--deny-permission-prompts"), DECODER, True, "浏览器没有得到使用摄像头的允许"),
    ],
    ids=["no decoder", "no secure address", "no camera", "no permission"],
)
def test_without_a_camera_the_page_says_what_to_do_and_takes_the_number(
    live_server: Any, switches: tuple[str, ...], script: str, is_tried: bool, words: str
) -> None:
    with officer(live_server.url, *switches, script=script) as (cast, page):
        page.goto(f"{live_server.url}/members/scanner/")
        button = page.get_by_role("button", name="用摄像头扫")
        if is_tried:
            button.click()
        expect(page.get_by_text(words)).to_be_visible()
        expect(button).to_be_visible(visible=is_tried)
        pictured(page, f"scanner-{words[:6]}")
        assert faults(page, "zh-hans") == []
        page.get_by_label("会员码").fill(codes(cast.member.public_id, now())[0].number)
        page.keyboard.press("Enter")
        expect(page.get_by_text("有效，是会员")).to_be_visible()
