"""The chair's page and the duplicates' page, as they are used."""

import datetime as dt
import html
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from gonghui.areas.members.actions import (
    ApplicationRow,
    MemberRow,
    admit_member,
    admit_members,
    leave,
    refuse_transfer,
    request_correction,
    request_own_transfer,
    request_transfer,
    take_application,
)
from gonghui.areas.members.models import Membership, Transfer
from gonghui.areas.members.tests.test_month import HEADS, hr_row, person
from gonghui.areas.members.tests.workbooks import csv_of, number
from gonghui.core.actions.door import acting
from gonghui.core.exchange.models import Batch
from gonghui.core.people.models import Distinct, Merge, Person
from tests.cast import SYSTEM, WORKERS_NUMBER, Cast
from tests.test_pages import signed_in

pytestmark = pytest.mark.django_db
WHY = "kept for the test's own comparison"
MONTH = "/members/month/"


def text_of(response: Any) -> str:
    return html.unescape(response.content.decode())


def test_an_empty_month_says_so(cast: Cast) -> None:
    page = text_of(signed_in(cast, "enterprise_chair").get(MONTH))
    assert "本月没有要办的" in page
    assert 'type="file"' in page


def test_every_kind_of_matter_has_one_button_that_does_it(cast: Cast) -> None:
    with acting(SYSTEM):
        take_application(cast.own, actor=SYSTEM, row=ApplicationRow("申请人", number(1), "某店", employer=cast.firm))
        retired = MemberRow(person(2), dt.date(2020, 1, 1), employer=cast.firm, work_state="4")
        admit_member(cast.own, actor=SYSTEM, row=retired)
        out = admit_member(cast.own, actor=SYSTEM, row=MemberRow(person(3), dt.date(2020, 1, 1)))
        request_transfer(cast.joint, actor=SYSTEM, person=out.person)
        coming = admit_member(cast.joint, actor=SYSTEM, row=MemberRow(person(4), dt.date(2020, 1, 1)))
        request_own_transfer(coming, actor=SYSTEM, target=cast.own)
        kept = admit_member(cast.joint, actor=SYSTEM, row=MemberRow(person(5), dt.date(2020, 1, 1)))
        asked = request_transfer(cast.own, actor=SYSTEM, person=kept.person)
        refuse_transfer(asked, actor=SYSTEM, reason="仍在本单位上班")
    with cast.act("worker") as worker:
        request_correction(cast.member.person, actor=worker, values={"native_place": "天津"})
    client = signed_in(cast, "enterprise_chair")
    page = text_of(client.get(MONTH))
    for words in ("同意入会", "办理保留会籍", "转出", "接收", "再次请求接转", "同意更正", "仍在本单位上班"):
        assert words in page, words
    buttons = [part.split('"')[0] for part in page.split('action="')[1:] if part.startswith("/members/month/")]
    assert len(buttons) == 6
    for url in buttons:
        assert client.get(url).status_code == 302
        assert client.post(url, follow=True).status_code == 200
    assert "本月没有要办的" in text_of(client.get(MONTH))
    with acting(SYSTEM):
        states = {one.person.name: one.state for one in Membership.objects.unscoped(WHY).select_related("person")}
        assert states["申请人"] == "active"
        assert states["职工2"] == "retained"
        assert states["职工3"] == "active"
        assert Transfer.objects.unscoped(WHY).filter(state="requested").count() == 2


def test_nobody_does_what_is_anothers(cast: Cast) -> None:
    with acting(SYSTEM):
        application = take_application(cast.joint, actor=SYSTEM, row=ApplicationRow("申请人", number(1), "某店"))
    client = signed_in(cast, "enterprise_chair")
    assert client.post(f"/members/month/application/{application.public_id}/").status_code == 404
    assert client.post(f"/members/month/nothing/{application.public_id}/").status_code == 404
    assert signed_in(cast, "street_officer").get(MONTH).status_code == 403


def test_the_list_goes_in_and_is_confirmed_page_by_page(cast: Cast) -> None:
    with acting(SYSTEM):
        admit_members(
            cast.own, actor=SYSTEM, rows=[MemberRow(person(one), dt.date(2024, 1, 1), employer=cast.firm) for one in (1, 2)]
        )
    client = signed_in(cast, "enterprise_chair")
    rows = [["李想", WORKERS_NUMBER, "13900002046", ""], hr_row(1), hr_row(9)]
    file = SimpleUploadedFile("花名册.csv", csv_of(HEADS, rows))
    started: Any = client.post("/imports/start/?sheet=members.staff", {"organisation": str(cast.own.public_id), "file": file})
    mapping = {"sheet_at": 0, "head_at": 1, "encoding": "utf-8", "same_name": "ask"}
    mapping |= {f"column_{place}": code for place, code in enumerate(("name", "document", "phone", ""))}
    page = text_of(client.post(started.url, mapping, follow=True))
    assert [word for word in ("未变", "新入", "变更", "接转", "有误", "离开") if word not in page] == []
    assert "请选择" in page
    assert "职工2" in page
    assert "1 人待填原因" in page
    assert "名单比对" in text_of(client.get(MONTH))
    assert "1 人离开的原因还没有填" in text_of(client.get(MONTH))
    with acting(SYSTEM):
        batch = Batch.objects.unscoped(WHY).get()
        leaver = Membership.objects.unscoped(WHY).get(person__name="职工2")
    url = reverse("web:import", args=[batch.public_id])
    answer = {"show": "leaving", f"why-{leaver.public_id}": "retired", f"on-{leaver.public_id}": "2026-01-05"}
    assert "已填" in text_of(client.post(f"{url}answer/", answer, follow=True))
    asked = text_of(client.post(f"{url}apply/"))
    assert "3 名会员中有 1 人离开，超过 10%" in asked
    assert "is_sure" in asked
    done = text_of(client.post(f"{url}apply/", {"is_sure": "on"}, follow=True))
    assert "已导入" in done
    with acting(SYSTEM):
        leaver.refresh_from_db()
        assert (leaver.state, leaver.retained) == ("retained", "retired")
        assert Membership.objects.unscoped(WHY).filter(person__name="职工9", state="active").exists()


def twins(cast: Cast) -> None:
    """Two records of one name, birthday and union; the one left long ago."""
    with acting(SYSTEM):
        admit_member(cast.own, actor=SYSTEM, row=MemberRow(person(1), dt.date(2020, 1, 1)))
        copy = admit_member(cast.own, actor=SYSTEM, row=MemberRow(person(2), dt.date(2020, 1, 1)))
        leave(copy, actor=SYSTEM, on=dt.date(2021, 1, 1), reason="个人要求")
        Person.objects.unscoped(WHY).filter(name="职工2").update(name="职工1", name_pinyin="zhi gong 1", name_initials="zg1")


def posted(page: str, verb: str) -> tuple[str, dict[str, str]]:
    """Where the first form of a verb is posted to, and what with it."""
    form = next(part for part in page.split("<form")[1:] if f"/{verb}/" in part.split(">")[0])
    return form.split('action="')[1].split('"')[0], {"other": form.split('name="other" value="')[1].split('"')[0]}


def test_two_records_are_merged_and_parted_on_the_page(cast: Cast) -> None:
    twins(cast)
    client = signed_in(cast, "street_officer")
    page = text_of(client.get("/members/duplicates/"))
    assert "姓名相同；出生日期相同" in page
    assert number(1) not in page
    for key in "abn":
        assert f'data-key="{key}"' in page
    url, data = posted(page, "merge")
    assert client.post(url).status_code == 404
    assert client.get(url).status_code == 302
    merged = text_of(client.post(url, data, follow=True))
    assert "没有疑似重复的人员" in merged
    assert "拆开" in merged
    with acting(SYSTEM):
        merge = Merge.objects.unscoped(WHY).get()
    assert "姓名相同" in text_of(client.post(f"/members/duplicates/{merge.public_id}/part/", follow=True))


def test_told_apart_on_the_page(cast: Cast) -> None:
    twins(cast)
    client = signed_in(cast, "street_officer")
    url, data = posted(text_of(client.get("/members/duplicates/")), "apart")
    assert signed_in(cast, "outsider").post(url, data).status_code == 404
    assert "没有疑似重复的人员" in text_of(client.post(url, data, follow=True))
    with acting(SYSTEM):
        assert Distinct.objects.unscoped(WHY).count() == 1
