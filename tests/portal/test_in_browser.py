"""The portal on a phone, in a real browser: how every page looks, the way from joining to the card, the card without a network.

GONGHUI_TEST_SHOTS names a directory for pictures.
"""

import os
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, ViewportSize, expect

from gonghui.areas.members.actions import give_entitlement, open_point, return_application
from gonghui.areas.members.models import Application
from gonghui.core.accounts.models import User
from gonghui.core.actions.door import acting
from gonghui.web.pages.portal_display import COOKIE
from tests.browser import browser, needs_chromium
from tests.cast import LONG_AGO, SYSTEM, Cast, found_cast
from tests.portal.pages import FIVE, PAGES, newcomer, signed_in

SHOTS = os.environ.get("GONGHUI_TEST_SHOTS", "")
LOOK = Path(__file__).parent.parent.joinpath("walk.js").read_text(encoding="utf-8")
PHONE: ViewportSize = {"width": 375, "height": 812}
WAYS = {
    "light": ("zh-hans", "light"),
    "dark": ("zh-hans", "dark"),
    "elder": ("zh-hans", "light.elder"),
    "en": ("en", "xl.dark"),
}
LANGUAGES = {"zh-hans": "zh-CN", "en": "en"}
WHY = "read beside the pages"

pytestmark = [needs_chromium, pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def furnished() -> tuple[Cast, User]:
    """The cast with something on every page, and somebody new."""
    cast = found_cast()
    with acting(SYSTEM):
        for union, name in ((cast.street, "王府井楼宇服务点"), (cast.next_street, "景山流动服务点")):
            values: dict[str, Any] = {"kind": "building", "address": "王府井大街 138 号一层大厅", "hours": "工作日 9:00–17:00"}
            open_point(union, actor=SYSTEM, name=name, phone="010-65120000", opened_on=LONG_AGO, persons="周敏", **values)
        give_entitlement(
            cast.district, actor=SYSTEM, name="职工互助保障", detail="住院、意外伤害", since=LONG_AGO, basis="京工发〔2026〕1号"
        )
        give_entitlement(cast.own, actor=SYSTEM, name="生日蛋糕券", amount=200, since=LONG_AGO, basis="本工会规定")
    return cast, newcomer()


def phone_of(chromium: Browser, address: str, user: User, **options: Any) -> BrowserContext:
    """A telephone on which this worker is signed in."""
    context = chromium.new_context(viewport=PHONE, device_scale_factor=2, is_mobile=True, has_touch=True, **options)
    session = signed_in(user).cookies[django_settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": django_settings.SESSION_COOKIE_NAME, "value": session, "url": address}])
    return context


def pictured(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


def faults(page: Page, language: str) -> list[str]:
    """What is wrong with the page that is open."""
    found: list[str] = page.evaluate(LOOK, {"parts": ["frame", "contrast", "targets"], "language": LANGUAGES[language]})
    return found


def too_small(page: Page) -> list[str]:
    """Controls of the page itself that are lower than 长辈版 promises."""
    found: list[str] = page.evaluate(SMALL, ELDERS)
    return found


ELDERS = 60  # pixels (ui.md)
SMALL = """least => [...document.querySelectorAll("main a, main button, main input:not([type=hidden]), main select, .tabbar a")]
  .map(one => one.closest("label") || one).filter(one => one.getBoundingClientRect().height < least - 0.5 && one.offsetParent)
  .map(one => `${one.getBoundingClientRect().height} px high: ${one.textContent.trim().slice(0, 20)}`)"""


@pytest.mark.parametrize("way", WAYS)
def test_every_page_is_right_on_a_phone(live_server: Any, way: str) -> None:
    cast, stranger = furnished()
    language, look = WAYS[way]
    wrong: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error":
            wrong.append(message.text)

    with browser() as chromium:
        for user in (cast.users["worker"], stranger):
            context = phone_of(chromium, live_server.url, user)
            context.add_cookies(
                [
                    {"name": COOKIE, "value": look, "url": live_server.url},
                    {"name": django_settings.LANGUAGE_COOKIE_NAME, "value": language, "url": live_server.url},
                ]
            )
            page = context.new_page()
            page.on("console", heard)
            for name in PAGES:
                if name != "download":
                    page.goto(f"{live_server.url}/m/{ADDRESSES.get(name, name + '/')}")
                    pictured(page, f"{way}-{user.username}-{name}")
                    found = faults(page, language) + (too_small(page) if way == "elder" else [])
                    wrong += [f"{way} {user.username} {name}: {one}" for one in found]
            context.close()
    assert not wrong, "\n".join(wrong)


ADDRESSES = {"home": "", "correct": "data/correct/", "erase": "data/erase/", "notice": "join/notice/"}


def test_the_card_goes_on_without_a_network_and_says_when_its_codes_are_used_up(live_server: Any) -> None:
    cast, _stranger = furnished()
    with browser() as chromium:
        context = phone_of(chromium, live_server.url, cast.users["worker"])
        page = context.new_page()
        page.clock.install()
        page.goto(f"{live_server.url}/m/card/")
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        page.goto(f"{live_server.url}/m/card/")  # by now the little program reads along
        first = drawn(page)
        page.clock.run_for(61_000)
        second = drawn(page)
        context.set_offline(True)
        page.reload()
        assert second == drawn(page) != first  # goes on where it was, by the time that has passed
        page.clock.run_for(3 * 60_000)
        assert drawn(page) not in (first, second)
        expect(page.get_by_text("这一组码用完了")).to_be_hidden()
        page.clock.run_for(12 * 60_000)
        expect(page.get_by_text("这一组码用完了")).to_be_visible()
        pictured(page, "card-used-up")


def drawn(page: Page) -> str:
    """The code that is shown."""
    return page.locator(".bigqr svg path").last.get_attribute("d") or ""


def test_states_that_an_address_alone_does_not_show_are_right_too(live_server: Any) -> None:
    """Mistakes, questions, what is under way, what was refused: on a phone, in the usual size and in 长辈版."""
    cast, stranger = furnished()
    wrong: list[str] = []
    with browser() as chromium:
        page = phone_of(chromium, live_server.url, stranger).new_page()

        def looked_at(name: str) -> None:
            for look in ("light", "dark.elder"):
                page.context.add_cookies([{"name": COOKIE, "value": look, "url": live_server.url}])
                page.reload()
                pictured(page, f"state-{name}-{look}")
                wrong.extend(f"{name} {look}: {one}" for one in faults(page, "zh-hans"))

        page.goto(f"{live_server.url}/m/join/")
        page.get_by_role("button", name="提交申请").click()
        looked_at("join-mistakes")
        filled_in(page, "有限公司")
        looked_at("join-which")
        page.get_by_label("北京云帆数讯科技有限公司（").check()
        page.get_by_role("button", name="提交申请").click()
        looked_at("application-pending")
        with acting(SYSTEM):
            return_application(
                Application.objects.unscoped(WHY).get(), actor=SYSTEM, note="请写单位全称，并带劳动合同到服务点核对"
            )
        looked_at("application-returned")
        page.goto(f"{live_server.url}/m/")
        looked_at("home-returned")
        page.context.close()
        page = phone_of(chromium, live_server.url, cast.users["worker"]).new_page()
        page.goto(f"{live_server.url}/m/transfer/?q=王府井楼宇")
        looked_at("transfer-hits")
        page.get_by_label("联合工会").check()
        page.get_by_role("button", name="申请接转").click()
        looked_at("transfer-proposed")
        page.goto(f"{live_server.url}/m/data/correct/")
        page.get_by_label("学历").select_option("bachelor")
        page.get_by_role("button", name="交给工会核对").click()
        looked_at("data-asked")
        page.goto(f"{live_server.url}/m/")
        looked_at("home-under-way")
        page.goto(f"{live_server.url}/m/union/")
        page.get_by_role("button", name="显示电话").click()
        expect(page.get_by_role("link", name="13812342046")).to_be_visible()
        pictured(page, "state-union-number")
        wrong += faults(page, "zh-hans")
    assert not wrong, "\n".join(wrong)


def filled_in(page: Page, workplace: str) -> None:
    """The five fields, and sent."""
    page.get_by_label("姓名").fill("新职工")
    page.get_by_label("身份证号", exact=True).fill(FIVE["number"])
    page.get_by_label("在哪里上班").fill(workplace)
    page.get_by_label("我已看过告知书").check()
    page.get_by_role("button", name="提交申请").click()
