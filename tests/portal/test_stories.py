"""Stories told in a browser, through the pages that people use: the worker on a phone, the officer at the desk.

GONGHUI_TEST_SHOTS names a directory for pictures.
"""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from gonghui.areas.members.actions import give_entitlement
from gonghui.areas.members.jobs import transfers_whose_time_has_come
from gonghui.core.actions.door import acting
from gonghui.core.organisations.models import Organisation
from tests.browser import browser, let_sign_in, needs_chromium, sign_in
from tests.cast import LONG_AGO, SYSTEM, found_cast
from tests.portal.pages import FIVE
from tests.portal.test_in_browser import PHONE, phone_of, pictured

pytestmark = [needs_chromium, pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NEW_NUMBER = "13900004001"


def at_the_desk(chromium: Browser, address: str, username: str) -> Page:
    """A desk at which this officer is signed in."""
    page = chromium.new_context(viewport={"width": 1366, "height": 768}).new_page()
    sign_in(page, address, username)
    return page


def test_a_worker_joins_without_scripts_the_street_agrees_and_the_card_is_there(live_server: Any) -> None:
    """From a number that nobody knows: a code, five fields, one question; the officer's one key; the card."""
    cast = found_cast()
    let_sign_in(cast.users["street_officer"])
    with browser() as chromium:
        worker = chromium.new_context(viewport=PHONE, is_mobile=True, has_touch=True, java_script_enabled=False).new_page()
        worker.goto(f"{live_server.url}/m/")
        worker.get_by_label("手机号").fill(NEW_NUMBER)
        worker.get_by_role("button", name="获取验证码").click()
        worker.get_by_label("验证码").fill(worker.locator(".told .code").inner_text())
        worker.get_by_role("button", name="登录").click()
        worker.get_by_role("link", name="申请入会").click()
        worker.get_by_label("姓名").fill("新职工")
        worker.get_by_label("身份证号", exact=True).fill(FIVE["number"])
        worker.get_by_label("在哪里上班").fill("拐角咖啡馆")
        worker.get_by_label("不清楚，或没有签").check()
        worker.get_by_label("我已看过告知书").check()
        worker.get_by_role("button", name="提交申请").click()
        pictured(worker, "joining-1-street")
        worker.get_by_label("上班的地方在哪个街道？").select_option(label="东华门街道")
        worker.get_by_role("button", name="提交申请").click()
        expect(worker.get_by_text("东华门街道总工会 审核")).to_be_visible()
        pictured(worker, "joining-2-progress")

        officer = at_the_desk(chromium, live_server.url, "street_officer")
        expect(officer.get_by_text("入会申请：新职工")).to_be_visible()  # among what is to do
        officer.get_by_role("link", name="入会申请", exact=True).click()
        officer.get_by_role("link", name="逐份审核").click()
        expect(officer.get_by_text("拐角咖啡馆")).to_be_visible()
        officer.keyboard.press("a")
        expect(officer.get_by_text("新职工 已入会")).to_be_visible()
        expect(officer.get_by_text("没有待审的入会申请")).to_be_visible()

        worker.get_by_role("link", name="消息").click()
        expect(worker.get_by_text("入会申请已通过")).to_be_visible()
        worker.get_by_role("link", name="首页").click()
        worker.get_by_role("link", name="出示会员码").click()
        expect(worker.get_by_text("东华门街道总工会")).to_be_visible()
        expect(worker.get_by_text("每 60 秒自动刷新")).to_be_visible()
        expect(worker.locator(".bigqr svg path").last).to_be_visible()
        pictured(worker, "joining-3-card")


def another_day(monkeypatch: pytest.MonkeyPatch, day: dt.date) -> None:
    """From now on today is this day, for the server's threads as well; then the job of that night runs."""
    real = timezone.localdate
    monkeypatch.setattr(timezone, "localdate", lambda value=None, tz=None: real(value, tz) if value else day)
    transfers_whose_time_has_come.func(timestamp=0)


def give_cake(union: Organisation) -> None:
    """What only the members of this union get."""
    with acting(SYSTEM):
        give_entitlement(union, actor=SYSTEM, name="生日蛋糕券", amount=200, since=LONG_AGO, basis="本工会规定")


def test_a_union_that_never_answers_does_not_keep_a_worker(live_server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked for on Wed 2026-09-23: 5 working days for the old union, 3 for the street above it, and from 10-13 on a member of the new
    one. What the old union gives is the worker's until the day before."""
    another_day(monkeypatch, dt.date(2026, 9, 23))
    cast = found_cast()
    give_cake(cast.own)
    let_sign_in(cast.users["street_officer"])
    with browser() as chromium:
        worker = phone_of(chromium, live_server.url, cast.users["worker"]).new_page()

        def the_phone_says(*sentences: str, cake: bool = True) -> None:
            worker.goto(f"{live_server.url}/m/entitlements/")
            expect(worker.get_by_text("生日蛋糕券")).to_have_count(1 if cake else 0)
            worker.goto(f"{live_server.url}/m/transfer/")
            for sentence in sentences:
                expect(worker.get_by_text(sentence).first).to_be_visible()
            pictured(worker, f"moving-{timezone.localdate():%m-%d}")

        worker.goto(f"{live_server.url}/m/mine/")
        worker.get_by_role("link", name="会籍接转").click()
        worker.get_by_label("新单位或新工会的名字").fill("王府井楼宇")
        worker.get_by_role("button", name="查找").click()
        worker.get_by_label("东华门街道王府井楼宇联合工会").check()
        worker.get_by_role("button", name="申请接转").click()
        expect(worker.get_by_text("已经向新工会提出接转")).to_be_visible()
        the_phone_says("等新工会接收", "办好之前，您在原工会的会员待遇照旧")

        officer = at_the_desk(chromium, live_server.url, "street_officer")
        officer.get_by_role("link", name="会籍接转", exact=True).click()
        officer.locator("tbody a").first.click()
        officer.get_by_role("link", name="打开全页").click()
        officer.get_by_role("link", name="接收", exact=True).click()
        officer.get_by_role("button", name="接收", exact=True).click()
        expect(officer.get_by_text("待转出").first).to_be_visible()
        the_phone_says("等 北京云帆数讯科技有限公司工会 转出", "最迟 2026年10月8日 答复", "最迟 2026年10月12日")

        another_day(monkeypatch, dt.date(2026, 10, 8))
        the_phone_says("等 北京云帆数讯科技有限公司工会 转出")  # its last day is still its own
        another_day(monkeypatch, dt.date(2026, 10, 9))
        the_phone_says("原工会没有答复，上级工会在办", "最迟 2026年10月12日，到期自动转出")
        another_day(monkeypatch, dt.date(2026, 10, 12))
        the_phone_says("原工会没有答复，上级工会在办")
        another_day(monkeypatch, dt.date(2026, 10, 13))
        the_phone_says("已接转", cake=False)
        worker.get_by_role("link", name="看会员卡").click()
        expect(worker.get_by_text("每 60 秒换一次")).to_be_visible()
        worker.get_by_role("link", name="首页").click()
        expect(worker.locator(".mc").get_by_text("东华门街道王府井楼宇联合工会")).to_be_visible()
        pictured(worker, "moving-new-card")
        worker.get_by_role("link", name="消息").click()
        expect(worker.get_by_text("您的会籍已转到东华门街道王府井楼宇联合工会")).to_be_visible()
