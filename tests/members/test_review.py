"""The review queue: worked one after the other, by keyboard in a browser."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from gonghui.areas.members import actions
from gonghui.core.actions.action import Refused
from gonghui.core.actions.door import acting
from gonghui.kit.identity import checked
from tests.browser import browser, let_sign_in, needs_chromium, sign_in
from tests.cast import SYSTEM, Cast, found_cast
from tests.members import records
from tests.test_pages import signed_in


def text(response: Any) -> str:
    return str(response.content.decode())


def test_the_queue_goes_on_by_itself_until_it_is_empty(cast: Cast) -> None:
    waiting = [records.application(cast, name=name) for name in ("甲一", "乙二", "丙三")]
    client, queue = signed_in(cast, "street_officer"), reverse("members:review")
    assert "第 1 份，共 3 份" in text(client.get(queue))
    skipped = client.get(queue, {"after": str(waiting[0].public_id)})
    assert skipped.context["title"] == "乙二"
    answer = client.post(client.get(queue).context["approve_url"], follow=True)
    assert "甲一 已入会" in text(answer)
    assert answer.context["title"] == "乙二"
    url = next(url for label, url, _icon, key in answer.context["decisions"] if key == "R")
    answer = client.post(url, {"note": "请补劳动合同"}, follow=True)
    assert answer.context["title"] == "丙三"
    url = next(url for label, url, _icon, key in answer.context["decisions"] if key == "F")
    target = client.get(url).context["form"].fields["target"].choices[0][0]
    answer = client.post(url, {"target": target}, follow=True)
    assert [records.fresh(one).state for one in waiting] == ["approved", "returned", "pending"]
    assert records.fresh(waiting[2]).organisation_id != cast.street.pk


def test_the_doubt_is_shown_before_anybody_agrees(cast: Cast) -> None:
    with acting(SYSTEM):
        document = cast.member.person.documents.unscoped("the test's own").get().number()
        assert checked(document)
    waiting = records.application(cast, name="别名")
    assert "同意之前请核对" not in text(signed_in(cast, "street_officer").get(reverse("members:review")))
    with acting(SYSTEM):
        type(waiting).objects.unscoped("the test's own").filter(pk=waiting.pk).update(doubt="手机号与原登记的不同")
    assert "手机号与原登记的不同" in text(signed_in(cast, "street_officer").get(reverse("members:review")))


def test_an_application_in_doubt_is_agreed_to_by_who_says_it_was_checked_never_with_many_others(cast: Cast) -> None:
    with acting(SYSTEM):
        document = cast.member.person.documents.unscoped("the test's own").get().number()
        row = actions.ApplicationRow("别名", document, "新店")
        asked = actions.take_application(cast.street, actor=SYSTEM, row=row)
    assert asked.doubt == "同一证件号码已登记为另一个姓名，请当面核对证件"
    officer = cast.actor("street_officer")
    with acting(officer), pytest.raises(Refused, match="同一证件号码已登记为另一个姓名"):
        actions.approve_application(asked, actor=officer)
    client = signed_in(cast, "street_officer")
    url = reverse("members:application_step", args=[asked.public_id, "approve"])
    assert "已当面核对，确是本人" in text(client.post(url))
    assert records.fresh(asked).state == "pending"
    client.post(url, {"is_checked": "on"})
    assert records.fresh(asked).state == "approved"


def test_only_ones_own_are_in_the_queue(cast: Cast) -> None:
    records.application(cast)
    assert "没有待审的入会申请" in text(signed_in(cast, "outsider").get(reverse("members:review")))
    assert signed_in(cast, "district_chair").get(reverse("members:review")).status_code == 403


def test_approving_somebody_held_elsewhere_tells_the_neutral_sentence(cast: Cast) -> None:
    with acting(SYSTEM):
        document = cast.member.person.documents.unscoped("the test's own").get().number()
    with acting(SYSTEM):
        asked = actions.take_application(
            cast.street, actor=SYSTEM, row=actions.ApplicationRow("李想", document, "", employer=cast.mill)
        )
    url = reverse("members:application_step", args=[asked.public_id, "approve"])
    assert "该职工会籍在其他单位，已发出接转申请" in text(signed_in(cast, "street_officer").post(url, follow=True))


def test_approving_somebody_of_a_union_below_moves_nothing_while_no_new_employer_is_named(cast: Cast) -> None:
    with acting(SYSTEM):
        document = cast.member.person.documents.unscoped("the test's own").get().number()
        asked = actions.take_application(cast.street, actor=SYSTEM, row=actions.ApplicationRow("李想", document, "云帆"))
    url = reverse("members:application_step", args=[asked.public_id, "approve"])
    assert "李想 已是会员，会籍不变" in text(signed_in(cast, "street_officer").post(url, follow=True))


@needs_chromium
@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_queue_is_worked_without_a_mouse(live_server: Any) -> None:
    cast = found_cast()
    waiting = [records.application(cast, name=name) for name in ("甲一", "乙二", "丙三")]
    let_sign_in(cast.users["street_officer"])
    with browser() as chromium:
        page = chromium.new_context(viewport={"width": 1366, "height": 768}).new_page()
        errors: list[str] = []
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        sign_in(page, live_server.url, "street_officer")
        page.goto(f"{live_server.url}/members/applications/review/")
        expect(page.get_by_role("heading", name="甲一")).to_be_visible()
        page.keyboard.press("s")
        expect(page.get_by_role("heading", name="乙二")).to_be_visible()
        page.keyboard.press("a")
        expect(page.get_by_text("乙二 已入会")).to_be_visible()
        expect(page.get_by_role("heading", name="甲一")).to_be_visible()
        page.keyboard.press("r")
        page.get_by_label("退回的原因，或该找谁").wait_for()
        page.keyboard.type("请补劳动合同")  # the cursor stands there already
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="丙三")).to_be_visible()
        page.keyboard.press("a")
        expect(page.get_by_text("没有待审的入会申请")).to_be_visible()
        assert errors == []
    assert [records.fresh(one).state for one in waiting] == ["returned", "approved", "approved"]


@needs_chromium
@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_scanner_that_types_checks_one_card_after_the_other(live_server: Any) -> None:
    cast = found_cast()
    with acting(SYSTEM):
        code = actions.print_member(cast.member, actor=SYSTEM, what="打印会员卡")
    let_sign_in(cast.users["street_officer"])
    with browser() as chromium:
        page = chromium.new_context(viewport={"width": 375, "height": 812}).new_page()
        sign_in(page, live_server.url, "street_officer")
        page.goto(f"{live_server.url}/members/scanner/")
        page.keyboard.type(code)  # no click before: the cursor stands there
        page.keyboard.press("Enter")
        expect(page.get_by_text("有效，是会员")).to_be_visible()
        page.keyboard.type("12345")
        page.keyboard.press("Enter")
        expect(page.get_by_text("这不是会员码")).to_be_visible()
        expect(page.get_by_label("会员码")).to_have_value("")
