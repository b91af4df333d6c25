"""The desk of members, page by page: what opens for whom, what it shows and what it hides."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from gonghui.areas.members import actions
from gonghui.areas.members.models import Entitlement, IntakePoint
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import acting
from gonghui.core.history.models import Reading
from gonghui.core.notices.todo import MINE, todo, todo_count
from gonghui.kit.dates import as_if, today
from tests.cast import LONG_AGO, SYSTEM, Cast
from tests.members import records
from tests.test_pages import signed_in

LISTS = ("members", "applications", "transfers", "corrections", "alerts", "points", "entitlements", "counter")


def text(response: Any) -> str:
    return str(response.content.decode())


@pytest.fixture
def filled(cast: Cast) -> Cast:
    """One of everything."""
    records.member(cast, cast.street, "单小丹", employer=cast.mill)
    records.application(cast)
    records.transfer(cast)
    records.correction(cast)
    records.session(cast)
    with acting(SYSTEM):
        actions.open_point(
            cast.street, actor=SYSTEM, name="王府井站", kind="station", address="一号", hours="周一", opened_on=LONG_AGO
        )
        actions.give_entitlement(cast.street, actor=SYSTEM, since=LONG_AGO, name="健康体检", basis="东工〔2026〕1号")
    return cast


@pytest.mark.parametrize("name", LISTS)
def test_every_list_opens_with_its_rows(filled: Cast, name: str) -> None:
    response = signed_in(filled, "street_officer").get(reverse(f"members:{name}"))
    assert response.status_code == 200
    assert response.context["listing"].total == (0 if name == "alerts" else response.context["listing"].total or -1)


def test_every_record_and_every_step_opens(filled: Cast) -> None:
    client, opened = signed_in(filled, "street_officer"), 0
    for name in set(LISTS) - {"alerts"}:
        rows = client.get(reverse(f"members:{name}")).context["listing"].rows
        page = client.get(rows[0].url)
        assert page.status_code == 200, rows[0].url
        assert client.get(f"{rows[0].url}?drawer=1").status_code == 200
        for link in page.context["steps"]:
            assert client.get(link.url).status_code == 200, link.url
            opened += 1
    assert opened > 15


@pytest.mark.parametrize("name", ["review", "scanner", "begin_counter", "open_point", "give_entitlement"])
def test_every_other_page_opens(filled: Cast, name: str) -> None:
    assert signed_in(filled, "street_officer").get(reverse(f"members:{name}"), follow=True).status_code == 200


def test_a_member_is_found_by_name_and_by_pinyin(cast: Cast) -> None:
    records.member(cast, name="单小丹")
    client = signed_in(cast, "enterprise_chair")
    for query in ("单小", "sxd"):
        (group,) = client.get(reverse("web:search"), {"q": query}).context["groups"]
        assert [hit.label for hit in group.hits] == ["单小丹"]
    assert not list(signed_in(cast, "outsider").get(reverse("web:search"), {"q": "单小"}).context["groups"])


def test_numbers_are_masked_everywhere_until_they_are_asked_for(cast: Cast) -> None:
    one = records.member(cast)
    client = signed_in(cast, "enterprise_chair")
    page = text(client.get(reverse("members:member", args=[one.public_id])))
    assert records.PHONE not in page
    assert "139****7777" in page


def reveal(cast: Cast, one: Any, name: str = "enterprise_chair", **data: str) -> Any:
    url = reverse("members:member_step", args=[one.public_id, "reveal"])
    return signed_in(cast, name).post(url, {"what": "phone", "reason": "contact"} | data)


def test_a_reading_is_logged_before_the_number_is_shown(cast: Cast) -> None:
    one = records.member(cast)
    assert records.PHONE not in text(reveal(cast, one, reason=""))
    with acting(SYSTEM):
        assert not Reading.objects.unscoped("the log").exists()
    shown = reveal(cast, one)
    assert records.PHONE in text(shown)
    assert shown.headers["Cache-Control"] == "private, no-store"
    with acting(SYSTEM):
        (row,) = Reading.objects.unscoped("the log")
        assert (row.subject_id, row.what, row.reason) == (one.pk, "手机号", "工作联系")
    assert "查看手机号" in text(signed_in(cast, "enterprise_chair").get(reverse("members:member", args=[one.public_id])))
    assert reveal(cast, one, "outsider").status_code == 404


def test_no_more_numbers_are_shown_than_the_hour_allows(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    one = records.member(cast)
    monkeypatch.setattr("gonghui.core.history.actions.parameter", lambda key, on: 2)
    answers = [text(reveal(cast, one)) for _time in range(3)]
    assert [records.PHONE in answer for answer in answers] == [True, True, False]
    assert "一小时内最多查看 2 个" in answers[2]


def test_the_number_of_a_document_is_shown_and_that_of_a_card_only_once_there_is_one(cast: Cast) -> None:
    one = records.member(cast)
    assert "110101198801" in text(reveal(cast, one, what="document"))
    assert "没有登记这个号码" in text(reveal(cast, one, what="card"))


def test_a_bank_card_is_checked_sealed_and_masked(cast: Cast) -> None:
    one = records.member(cast)
    client, url = signed_in(cast, "enterprise_chair"), reverse("members:member_step", args=[one.public_id, "card"])
    assert "已发卡的请填写卡号" in text(client.post(url, {"state": "issued", "number": ""}))
    assert "校验位不对" in text(client.post(url, {"state": "issued", "number": "6222020200112233447"}))
    assert "16 至 19 位" in text(client.post(url, {"state": "issued", "number": "62220"}))
    assert client.post(url, {"state": "issued", "number": "6222 0202 0011 2233 446"}).status_code == 302
    kept = records.fresh(one)
    assert (kept.card_state, kept.card_masked) == ("issued", "**** 3446")
    assert records.CARD_NUMBER.encode() not in bytes(kept.card_sealed)
    assert records.CARD_NUMBER in text(reveal(cast, one, what="card"))
    assert client.post(url, {"state": "lost", "number": ""}).status_code == 302
    assert records.fresh(one).card_masked == "**** 3446"


def test_a_membership_rests_resumes_and_ends_by_its_pages(cast: Cast) -> None:
    one, client = records.member(cast), signed_in(cast, "enterprise_chair")

    def take(code: str, day: str, **data: str) -> Any:
        return client.post(reverse("members:member_step", args=[one.public_id, code]), {"on": day, **data}, follow=True)

    take("retain", "2026-01-05", why="retired")
    page = client.get(reverse("members:member", args=[one.public_id]))
    assert (records.fresh(one).state, page.context["next"].label) == ("retained", "恢复会籍")
    take("resume", "2026-02-05")
    assert records.fresh(one).state == "active"
    assert "这个字段是必填项" in text(take("leave", "2026-03-05", reason="  "))
    assert "日期须晚于会籍开始的" in text(take("leave", "2026-02-05", reason="个人要求"))
    take("leave", "2026-03-05", reason="个人要求")
    assert records.fresh(one).state == "left"
    assert "个人要求" in text(client.get(reverse("members:member", args=[one.public_id])))


def test_a_person_is_corrected_and_the_timeline_tells_it(cast: Cast) -> None:
    one, client = records.member(cast), signed_in(cast, "enterprise_chair")
    url = reverse("members:member_step", args=[one.public_id, "edit"])
    assert "手机号应为 11 位" in text(client.post(url, {"name": "赵新", "phone": "123"}))
    assert client.post(url, {"name": "赵鑫", "phone": "", "education": "college"}).status_code == 302
    page = text(client.get(reverse("members:member", args=[one.public_id])))
    assert "赵鑫" in page
    assert "<del>赵新</del>" in page
    assert "139****7777" in page


def test_a_transfer_shows_the_name_only_to_who_does_not_see_the_member(cast: Cast) -> None:
    one = records.transfer(cast, on=dt.date(2026, 9, 23))
    url = reverse("members:transfer", args=[one.public_id])
    holder, asking = signed_in(cast, "enterprise_chair").get(url), signed_in(cast, "outsider").get(url)
    assert reverse("members:members") in text(holder)
    for page in (holder, asking):
        assert "2026-10-08" in text(page)
        assert "2026-10-12" in text(page)
        assert "孙走" in text(page)
    member = reverse("members:member", args=[records.member_of(one).public_id])
    assert member in text(holder)
    assert member not in text(asking)
    assert [link.label for link in asking.context["steps"]] == ["撤回"]
    assert holder.context["next"].label == "转出"


def test_who_left_is_listed_for_the_union_that_he_left_and_tells_no_more_than_where_to(cast: Cast) -> None:
    one = records.transfer(cast)
    with acting(SYSTEM):
        actions.release_transfer(one, actor=SYSTEM)
    url, gone = reverse("members:transfers"), {"state": "completed", "way": "out"}
    listed = {
        name: [row.name for row in signed_in(cast, name).get(url, gone).context["listing"].rows]
        for name in ("enterprise_chair", "street_officer", "outsider", "department_officer")
    }
    assert listed == {"enterprise_chair": ["孙走"], "street_officer": ["孙走"], "outsider": [], "department_officer": []}
    arrived = signed_in(cast, "outsider").get(url, {**gone, "way": "in"}).context["listing"]
    assert [row.name for row in arrived.rows] == ["孙走"]
    client = signed_in(cast, "enterprise_chair")
    assert "已转出" in text(client.get(url))
    page = text(client.get(reverse("members:transfer", args=[one.public_id])))
    member = reverse("members:member", args=[records.member_of(one).public_id])
    assert cast.next_street.name in page
    assert member not in page
    assert client.get(member).status_code == 404


def test_limits_beyond_the_published_calendar_are_called_tentative(cast: Cast) -> None:
    with as_if(dt.date(2026, 12, 30)):
        one = records.transfer(cast)
    page = text(signed_in(cast, "enterprise_chair").get(reverse("members:transfer", args=[one.public_id])))
    assert "（暂定）" in page


def test_each_side_answers_by_its_own_buttons(cast: Cast) -> None:
    one = records.transfer(cast)
    release = reverse("members:transfer_step", args=[one.public_id, "release"])
    assert signed_in(cast, "outsider").post(release).status_code == 403
    assert signed_in(cast, "enterprise_chair").post(release).status_code == 302
    assert records.fresh(one).state == "completed"


def test_a_union_asks_for_a_member_by_name_and_number_and_learns_no_more(cast: Cast) -> None:
    one = records.member(cast, name="周转")
    with acting(SYSTEM):
        document = one.person.documents.unscoped("the test's own").get().number()
    client, url = signed_in(cast, "outsider"), reverse("members:enter", args=["ask"])
    form = client.get(url).context["form"]
    target = form.fields["target"].choices[0][0]
    wrong = text(client.post(url, {"name": "别人", "number": document, "target": target}))
    unknown = text(client.post(url, {"name": "周转", "number": records.number(), "target": target}))
    for answer in (wrong, unknown):
        assert "没有查到姓名和证件号码都相符的会员" in answer
    done = client.post(url, {"name": "周转", "number": document, "target": target}, follow=True)
    assert "该职工会籍在其他单位，已发出接转申请" in text(done)
    assert cast.own.name not in text(done)  # nor later on the page of the transfer, before the member is theirs


def test_a_correction_is_carried_out_by_the_union(cast: Cast) -> None:
    one = records.correction(cast, native_place="河北")
    url = reverse("members:correction_step", args=[one.public_id, "do"])
    assert signed_in(cast, "enterprise_chair").post(url).status_code == 302
    assert records.fresh(cast.member.person).native_place == "河北"


def test_points_and_entitlements_are_opened_corrected_and_closed(cast: Cast) -> None:
    client = signed_in(cast, "street_officer")
    place = client.get(reverse("members:open_point")).headers["Location"]
    data = {"name": "新站", "kind": "station", "address": "一号", "hours": "周三", "opened_on": "2026-01-05"}
    assert client.post(place, data).status_code == 302
    with acting(SYSTEM):
        point = IntakePoint.objects.unscoped("the one just opened").get()
    step = reverse("members:point_step", args=[point.public_id, "edit"])
    assert client.post(step, {**data, "hours": "周四"}).status_code == 302
    assert client.post(reverse("members:point_step", args=[point.public_id, "close"]), {"on": "2026-02-01"}).status_code == 302
    assert (records.fresh(point).hours, records.fresh(point).closed_on) == ("周四", dt.date(2026, 2, 1))
    give = client.get(reverse("members:give_entitlement")).headers["Location"]
    data = {"name": "体检", "basis": "东工〔2026〕1号", "since": "2026-01-01", "amount": "300"}
    assert client.post(give, data).status_code == 302
    with acting(SYSTEM):
        one = Entitlement.objects.unscoped("the one just given").get()
    end = reverse("members:entitlement_step", args=[one.public_id, "end"])
    assert "日期须晚于" in text(client.post(end, {"on": "2025-01-01"}))
    assert client.post(end, {"on": "2026-07-01"}).status_code == 302
    assert records.fresh(one).valid.upper == dt.date(2026, 7, 1)


def test_the_reminder_is_the_federations_and_never_the_employers(cast: Cast) -> None:
    for sequence in range(25):
        records.member(cast, cast.street, f"单体{sequence}", "", employer=cast.mill)
    officer = cast.actor("street_officer")
    with acting(officer):
        (item,) = [one for one in todo(officer, MINE, today()) if "博闻" in str(one.title)]
    page = text(signed_in(cast, "street_officer").get(item.url))
    assert "25 名单体入会会员" in page
    assert "单体24" in page
    assert "单独建会" in page
    for name in ("enterprise_chair", "outsider"):
        assert signed_in(cast, name).get(item.url).status_code == 404
        actor = cast.actor(name)
        with acting(actor):
            assert not [one for one in todo(actor, MINE, today()) if "博闻" in str(one.title)]


def test_what_waits_stands_in_the_to_do_list_of_who_answers_and_is_counted_at_once(cast: Cast) -> None:
    assert reverse("web:home"), "the addresses bring the sources with them"
    actors = {name: cast.actor(name) for name in ("street_officer", "enterprise_chair", "outsider")}
    assert {name: counted(actor) for name, actor in actors.items()} == {
        "street_officer": 0,
        "enterprise_chair": 0,
        "outsider": 0,
    }
    records.application(cast)
    records.transfer(cast)
    records.correction(cast)
    found = {}
    for name, actor in actors.items():
        with acting(actor):
            found[name] = sorted(str(one.area) for one in todo(actor, MINE, today()))
    assert found == {
        "street_officer": ["入会", "接转", "更正"],
        "enterprise_chair": ["接转", "更正"],
        "outsider": [],
    }
    assert {name: counted(actor) for name, actor in actors.items()} == {name: len(items) for name, items in found.items()}


def counted(actor: Actor) -> int:
    """What stands beside the way to the to-do list."""
    with acting(actor):
        return todo_count(actor, today())


def test_many_members_rest_at_once_after_a_dry_run(cast: Cast) -> None:
    members = [records.member(cast, name=f"老{sequence}") for sequence in range(3)]
    client = signed_in(cast, "enterprise_chair")
    chosen = client.post(
        f"{reverse('web:bulk', args=['list:members.members'])}?sort=name",
        {"step": "retain", "chosen": [one.public_id for one in members]},
    )
    run = chosen.headers["Location"]
    checked = client.post(run, {"why": "retired", "on": today().isoformat()}, follow=True)
    assert "3 条可以，0 条不可以" in text(checked)
    assert {records.fresh(one).state for one in members} == {"active"}
    assert client.post(f"{run}start/").status_code == 302
    assert {records.fresh(one).state for one in members} == {"retained"}


def test_the_roster_and_the_cards_are_printed_as_files(cast: Cast) -> None:
    one, client = records.member(cast), signed_in(cast, "enterprise_chair")
    answer = client.post(reverse("members:member_step", args=[one.public_id, "print"]))
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    url = f"{reverse('web:bulk', args=['list:members.members'])}?sort=name"
    for code in ("roster", "cards"):
        run = client.post(url, {"step": code, "chosen": [one.public_id]}).headers["Location"]
        client.post(run)
        client.post(f"{run}start/")
        assert "1 条" in text(client.get(run))
    names = [row.name for row in client.get(reverse("web:files")).context["listing"].rows]
    assert sorted(name.split("_")[0] for name in names) == ["会员卡", "会员名册"]
    assert all(name.endswith(".pdf") for name in names)
