"""The scanner page: what is good, what is forged, old, used, or of paper, in words."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from gonghui.areas.members import actions
from gonghui.areas.members.cards import CardCode, codes
from gonghui.areas.members.models import CardReading
from gonghui.core.actions.door import acting
from gonghui.core.history.models import Reading
from gonghui.kit.dates import now, today
from tests.cast import SYSTEM, Cast
from tests.members import records
from tests.test_pages import signed_in


def shown(cast: Cast, code: str, name: str = "street_officer") -> tuple[str, str]:
    """What the page says to a code: its kind of outcome, and the text."""
    response: Any = signed_in(cast, name).post(reverse("members:scanner"), {"text": code})
    page = response.context.get("said") or response.context["refusal"]
    return page.code, f"{page.label} {response.content.decode()}"


def test_a_good_card_shows_the_name_masked_and_the_union(cast: Cast) -> None:
    kind, page = shown(cast, codes(cast.member.public_id, now())[0].text)
    assert kind == "member"
    assert "有效，是会员" in page
    assert "李*" in page
    assert "李想" not in page
    assert cast.own.name in page


def test_used_forged_old_and_other_codes_are_refused_in_words(cast: Cast) -> None:
    good = codes(cast.member.public_id, now())[0]
    shown(cast, good.text)
    old = CardCode(cast.member.public_id, (good.slot or 0) - 9).text
    forged = good.text[:-1] + ("0" if good.text[-1] != "0" else "1")
    for code, words in (
        (good.text, "刚刚用过"),
        (forged, "可能是仿造的"),
        (old, "已过期"),
        ("1234567890", "这不是会员码"),
        ("", "必填"),
    ):
        kind, page = shown(cast, code)
        assert kind == "refused"
        assert words in page


def test_a_card_of_somebody_who_left_is_genuine_and_says_that_he_left(cast: Cast) -> None:
    one = records.member(cast)
    with acting(SYSTEM):
        actions.leave(one, actor=SYSTEM, on=today(), reason="个人要求")
    kind, page = shown(cast, codes(one.public_id, now())[0].text)
    assert kind == "no_member"
    assert "已退会" in page


def test_a_card_of_paper_may_be_shown_again_and_asks_for_a_document(cast: Cast) -> None:
    with acting(SYSTEM):
        code = actions.print_member(cast.member, actor=SYSTEM, what="打印会员卡")
    for _time in range(2):
        kind, page = shown(cast, code.lower())
        assert kind == "member"
        assert "请核对身份证件" in page
    changed = code.replace(".P.", f".{int(now().timestamp()) // 60}.")
    assert shown(cast, changed)[0] == "refused"
    with acting(SYSTEM):
        assert CardReading.objects.unscoped("the log").filter(membership=cast.member).count() == 2


def test_printing_is_logged(cast: Cast) -> None:
    signed_in(cast, "enterprise_chair").post(reverse("members:member_step", args=[cast.member.public_id, "print"]))
    with acting(SYSTEM):
        assert [row.what for row in Reading.objects.unscoped("the log")] == ["打印会员卡"]


def test_no_card_is_printed_of_who_is_no_member_any_more(cast: Cast) -> None:
    one = records.member(cast)
    with acting(SYSTEM):
        actions.leave(one, actor=SYSTEM, on=today() - dt.timedelta(days=1), reason="个人要求")
        one.refresh_from_db()
        assert actions.print_member(one, actor=SYSTEM, what="打印会员卡") == ""


@pytest.mark.parametrize("name", ["administrator", "district_chair"])
def test_who_does_no_business_checks_no_cards(cast: Cast, name: str) -> None:
    assert signed_in(cast, name).get(reverse("members:scanner")).status_code == 403
