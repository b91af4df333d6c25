"""The field work where it is done: forty calls an hour by keyboard, and what was found out on a phone in front of the door; in Chromium.

GONGHUI_TEST_SHOTS names a directory for pictures.
"""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Request, ViewportSize, expect

from gonghui.areas.unionbuilding.models import Attempt, Finding
from gonghui.areas.unionbuilding.tests.fieldwork import WHY, claimed, firm, prospect_of
from gonghui.core.actions.door import acting
from tests.browser import browser, let_sign_in, needs_chromium, sign_in
from tests.cast import SYSTEM, Cast, found_cast
from tests.portal.test_in_browser import LOOK, faults, pictured

pytestmark = [needs_chromium, pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DESK: ViewportSize = {"width": 1366, "height": 768}
PHONE: ViewportSize = {"width": 375, "height": 812}
FIRMS = 12
KEYS = ["1", "2", "3", "4", "5"]
PIXEL = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")


@contextmanager
def officer(address: str, viewport: ViewportSize, *, has_script: bool = True) -> Iterator[tuple[Cast, Page]]:
    """The street's officer, signed in; nothing may be reported to the console."""
    cast = found_cast()
    let_sign_in(cast.users["street_officer"])
    with browser() as chromium:
        page = chromium.new_context(viewport=viewport, java_script_enabled=has_script).new_page()
        errors: list[str] = []
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        sign_in(page, address, "street_officer")
        yield cast, page
        assert errors == []


def queue(cast: Cast) -> list[str]:
    """Firms that wait for a call, in the order in which they come."""
    names = [f"待联系{number:02d}店" for number in range(FIRMS)]
    with acting(SYSTEM):
        for number, name in enumerate(names):
            claimed(cast, firm(cast, name, phone=f"1370000{number:04d}"))
    return names


def test_a_firm_takes_one_key_and_one_request(live_server: Any) -> None:
    """The bar is forty firms an hour, two keys and one round trip each: whatever the call itself takes, the desk adds next to nothing."""
    with officer(live_server.url, DESK) as (cast, page):
        names = queue(cast)
        page.goto(f"{live_server.url}/unionbuilding/calls/")
        pictured(page, "calls-before")
        page.keyboard.press("1")
        expect(page.locator("[data-number]")).to_have_text("13700000000")
        pictured(page, "calls")
        assert page.evaluate(LOOK, {"parts": ["frame", "contrast"], "language": "zh-CN"}) == []
        sent: list[str] = []
        page.on("request", lambda request: sent.append(request.url) if is_of_the_page(request) else None)
        for number, name in enumerate(names[:-1]):
            expect(page.locator("#call h2")).to_have_text(name)
            page.keyboard.press(KEYS[number % len(KEYS)])
            expect(page.locator("[data-number]")).to_have_text(f"1370000{number + 1:04d}")
        assert len(sent) == FIRMS - 1
        page.get_by_label("说明").fill("前台说老板下周回来")
        page.get_by_role("button", name="约时间").click()
        expect(page.get_by_text("现在没有要打的电话")).to_be_visible()
        pictured(page, "calls-after")
    with acting(SYSTEM):
        attempts = Attempt.objects.unscoped(WHY)
        assert attempts.count() == FIRMS
        assert attempts.filter(note="前台说老板下周回来", result="appointment", appointment_at__isnull=False).exists()


def is_of_the_page(request: Request) -> bool:
    """Whether a request asks the application, not for a file of the page."""
    return "/static/" not in request.url


def test_typing_a_note_is_no_key(live_server: Any) -> None:
    with officer(live_server.url, DESK) as (cast, page):
        names = queue(cast)
        page.goto(f"{live_server.url}/unionbuilding/calls/")
        page.keyboard.press("1")
        page.get_by_label("说明").fill("")
        page.get_by_label("说明").press_sequentially("15 人，2 楼")
        expect(page.locator("#call h2")).to_have_text(names[0])
        expect(page.get_by_label("说明")).to_have_value("15 人，2 楼")


@pytest.mark.parametrize("has_script", [True, False], ids=["with script", "without"])
def test_what_was_found_is_written_down_at_the_door(live_server: Any, tmp_path: Path, has_script: bool) -> None:
    """On a phone: what is the matter, a few fields, a photo; the prospect is verified and the number of workers counts."""
    photo = tmp_path / "door.png"
    photo.write_bytes(PIXEL)
    with officer(live_server.url, PHONE, has_script=has_script) as (cast, page):
        with acting(SYSTEM):
            prospect = prospect_of(cast.mill)
            claimed(cast, prospect)
        page.goto(f"{live_server.url}/unionbuilding/{prospect.public_id}/")
        pictured(page, f"prospect-phone-{has_script}")
        page.locator("main").get_by_role("link", name="登记核实结论").first.click()
        pictured(page, f"verify-{has_script}")
        if has_script:
            assert faults(page, "zh-hans") == []
        page.get_by_role("link", name="在此正常经营").click()
        page.get_by_label("所见职工人数").fill("137")
        page.get_by_label("照片").set_input_files(str(photo))
        pictured(page, f"found-{has_script}")
        if has_script:
            assert faults(page, "zh-hans") == []
        page.get_by_role("button", name="在此正常经营").click()
        expect(page.get_by_text("已登记核实结论")).to_be_visible()
        pictured(page, f"prospect-verified-{has_script}")
        if has_script:
            assert faults(page, "zh-hans") == []
            page.set_viewport_size(DESK)
            pictured(page, "prospect-desk")
    with acting(SYSTEM):
        finding = Finding.objects.unscoped(WHY).get()
        prospect.refresh_from_db()
        cast.mill.refresh_from_db()
        assert finding.photo is not None
        assert (finding.method, finding.headcount, prospect.state, cast.mill.headcount) == ("visit", 137, "verified", 137)
