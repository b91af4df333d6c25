"""Exporting, copying and acting on many rows as a person does, in a real browser."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser import browser, let_sign_in, needs_chromium, sign_in
from tests.cast import found_cast
from tests.exports.books import opened


def copied(page: Page) -> str:
    """What was put on the clipboard last."""
    return str(page.evaluate("() => navigator.clipboard.readText()"))


@needs_chromium
@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_street_officer_copies_exports_and_registers_many(live_server: Any) -> None:
    cast = found_cast()
    let_sign_in(cast.users["street_officer"])
    with browser() as chromium:
        context = chromium.new_context(viewport={"width": 1366, "height": 768}, accept_downloads=True)
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=live_server.url)
        page = context.new_page()
        errors: list[str] = []
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        sign_in(page, live_server.url, "street_officer")

        page.goto(f"{live_server.url}/register/employers/?coverage=none")
        page.locator("[data-copy-table]").click()
        assert copied(page).splitlines()[1].startswith("北京博闻教育咨询有限公司\t")
        page.goto(f"{live_server.url}/register/unions/{cast.joint.public_id}/")
        page.locator("section:has(h2:text('覆盖的单位')) [data-copy-table]").click()
        assert copied(page).startswith("北京同心里文化传播有限公司\t")

        page.goto(f"{live_server.url}/register/employers/?coverage=none")
        page.get_by_label("导出所见").click()
        page.get_by_label("用途").select_option(label="核对名册")
        page.get_by_role("button", name="导出", exact=True).click()
        expect(page.get_by_role("heading", name="单位_")).to_be_visible()
        with page.expect_download() as download:
            page.get_by_role("button", name="下载").click()
        with open(download.value.path(), "rb") as file:
            lines, notes = opened(file.read())
        assert (len(lines), notes["条件"]) == (2, "建会 未建会")

        page.goto(f"{live_server.url}/register/employers/")
        bar = page.get_by_role("form", name="批量办理")
        expect(bar).to_be_hidden()
        page.get_by_label("选中 北京博闻").check()
        page.get_by_label("选中 北京云帆").click(modifiers=["Shift"])
        expect(bar.get_by_text("已选 3 条")).to_be_visible()
        bar.get_by_role("button", name="登记党组织").click()
        page.get_by_label("有党组织", exact=True).check()
        page.get_by_role("button", name="试算").click()
        expect(page.get_by_text("试算：3 条可以，0 条不可以。")).to_be_visible()
        page.get_by_role("button", name="办理这 3 条").click()
        expect(page.get_by_text("已办 3 条，0 条没有办。")).to_be_visible()
        page.get_by_role("button", name="撤销已办的").click()
        expect(page.get_by_text("已撤销 3 条，0 条没有撤销。")).to_be_visible()
        assert errors == []
