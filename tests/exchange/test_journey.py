"""The wizard in a real browser: a GB18030 list with bad rows, finished in two uploads, without a line in the console."""

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import browser, let_sign_in, needs_chromium, sign_in
from tests.cast import found_cast
from tests.exchange.test_employers import bad_rows
from tests.exchange.workbooks import HEADS, csv_of, employer_row

SHOTS = os.environ.get("GONGHUI_TEST_SHOTS", "")  # a directory to leave pictures in, for the eye


def picture(page: Page, name: str) -> None:
    """What the page looks like now."""
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"))


@needs_chromium
@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_list_is_finished_in_two_uploads(live_server: Any, tmp_path: Path) -> None:
    cast = found_cast()
    let_sign_in(cast.users["street_officer"])
    rows = [*(employer_row(number) for number in range(60)), *bad_rows()]
    first, second = tmp_path / "东华门单位名册.csv", tmp_path / "改好.csv"
    first.write_bytes(csv_of([["东华门街道单位名册"], HEADS, *rows], "gb18030"))
    second.write_bytes(csv_of([HEADS, *(employer_row(5000 + number) for number in range(40))]))
    with browser() as chromium:
        page = chromium.new_context(viewport={"width": 1366, "height": 768}).new_page()
        errors: list[str] = []
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        sign_in(page, live_server.url, "street_officer")
        page.goto(f"{live_server.url}/register/employers/")
        page.get_by_role("link", name="导入", exact=True).click()
        picture(page, "upload")
        page.get_by_label("文件").set_input_files(first)
        page.get_by_role("button", name="上传").click()
        expect(page.get_by_role("heading", name="每一列导入到哪里")).to_be_visible()
        picture(page, "map")
        page.get_by_role("button", name="下一步：核对").click()
        expect(page.get_by_text("本区没有“户外街道”").first).to_be_visible()
        picture(page, "check")
        mended = page.locator("#line-68")
        mended.get_by_label("第 68 行 职工").fill("12")
        mended.get_by_label("第 68 行 职工").press("Tab")
        expect(mended.get_by_text("已改好")).to_be_visible()
        expect(page.get_by_role("button", name="导入无误的 61 行")).to_be_visible()
        expect(page.get_by_role("link", name="下载这 39 行")).to_be_visible()
        page.set_viewport_size({"width": 375, "height": 812})
        assert page.evaluate("document.documentElement.scrollWidth") == 375
        page.set_viewport_size({"width": 1366, "height": 768})
        mended.get_by_role("button", name="还原").click()
        expect(mended.get_by_text("已改好")).to_have_count(0)
        page.get_by_role("button", name="导入无误的 60 行").click()
        retry = page.get_by_role("link", name="重传改好的 40 行")
        expect(retry).to_be_visible()
        picture(page, "done")
        retry.click()
        page.get_by_label("文件").set_input_files(second)
        page.get_by_role("button", name="上传").click()
        page.get_by_role("button", name="下一步：核对").click()
        page.get_by_role("button", name="导入无误的 40 行").click()
        expect(page.get_by_text("已导入").first).to_be_visible()
        page.get_by_role("link", name="撤销导入").click()
        picture(page, "undo")
        page.get_by_role("button", name="撤销导入").click()
        expect(page.get_by_text("已撤销，名册和导入前一样")).to_be_visible()
        page.goto(f"{live_server.url}/imports/")
        expect(page.locator("tbody tr")).to_have_count(2)
        picture(page, "list")
        if SHOTS:
            page.set_viewport_size({"width": 375, "height": 812})
            page.locator("tbody a").last.click()
            picture(page, "phone-done")
        assert errors == []
