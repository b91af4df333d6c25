"""A worker joins on his phone in five fields, the street approves, the card is there; and what may go otherwise on the way."""

import datetime as dt
import re
import threading

import pytest
from django.db import connection
from django.test import Client

from gonghui.areas.members.actions import approve_application, refuse_transfer, release_transfer, return_application
from gonghui.areas.members.cards import slot_at
from gonghui.areas.members.models import Application, Correction, Membership, Transfer
from gonghui.areas.members.portal.forms import NONE_OF_THEM
from gonghui.core.actions.door import acting
from gonghui.core.history.models import Reading
from gonghui.kit.dates import as_if, now
from tests.cast import SYSTEM, WORKERS_NUMBER, Cast, found_cast
from tests.portal.pages import FIVE, newcomer, number, opened, sent, signed_in

WHY = "compared with the pages"
STREET = "110101001"


def newest(model: type) -> object:
    """The record that was written last."""
    with acting(SYSTEM):
        return model.objects.unscoped(WHY).latest("pk")  # type: ignore[attr-defined]


def application() -> Application:
    found = newest(Application)
    assert isinstance(found, Application)
    return found


def joined(client: Client, **changed: str) -> str:
    """The five fields, sent; the page they lead to."""
    return sent(client, "join", **{**FIVE, **changed})


def test_five_fields_then_the_street_approves_then_the_card_is_there(cast: Cast) -> None:
    client = signed_in(newcomer())
    assert "还没有会员卡" in opened(client, "home")
    page = joined(client)
    assert "还差一步" in page
    assert "上班的地方在哪个街道" in page
    assert 'value="拐角咖啡馆"' in page
    page = joined(client, region=STREET)
    assert "申请已经交给工会" in page
    assert "东华门街道总工会 审核" in page
    assert "最迟" in page
    with cast.act("street_officer") as officer:
        approve_application(application(), actor=officer)
    page = opened(client, "home")
    assert "新职工" in page
    assert "出示会员码" in page
    assert "已入会" in opened(client, "application")
    with acting(SYSTEM):
        member = Membership.objects.unscoped(WHY).get(person__name="新职工")
    assert (member.organisation_id, member.is_individual) == (cast.street.pk, True)


@pytest.mark.django_db(transaction=True)
def test_two_taps_are_one_application_and_both_lead_to_it() -> None:
    found_cast()
    user, start = newcomer(), threading.Barrier(2)
    pages: list[str] = []

    def tap() -> None:
        client = signed_in(user)
        start.wait()
        pages.append(joined(client, region=STREET))
        connection.close()

    threads = [threading.Thread(target=tap) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ["东华门街道总工会 审核" in page for page in pages] == [True, True]
    with acting(SYSTEM):
        assert Application.objects.unscoped(WHY).count() == 1


def test_the_code_on_the_card_is_good_and_fifteen_follow(cast: Cast) -> None:
    page = opened(signed_in(cast.users["worker"]), "card")
    following = re.search(r'data-codes="([^"]+)"', page)
    assert following is not None
    assert len(following[1].split()) == 15
    slot = re.search(r'data-slot="(\d+)"', page)
    assert slot is not None
    assert int(slot[1]) == slot_at(now())
    assert '<noscript><meta http-equiv="refresh" content="60"></noscript>' in page


def test_a_place_of_work_that_is_on_the_register_is_asked_for_once(cast: Cast) -> None:
    client = signed_in(newcomer())
    page = joined(client, workplace="云帆数讯")
    assert "您上班的是哪一家" in page
    assert "北京云帆数讯科技有限公司（" in page
    page = joined(client, workplace="云帆数讯", which_workplace=str(cast.firm.public_id))
    assert "北京云帆数讯科技有限公司工会 审核" in page
    assert application().employer_id == cast.firm.pk
    assert application().workplace == cast.firm.name


def test_the_whole_name_needs_no_question(cast: Cast) -> None:
    assert "北京云帆数讯科技有限公司工会 审核" in joined(signed_in(newcomer()), workplace=cast.firm.name)


def test_none_of_the_names_found_is_an_answer_too(cast: Cast) -> None:
    page = joined(signed_in(newcomer()), workplace="云帆数讯", which_workplace=NONE_OF_THEM)
    assert "上班的地方在哪个街道" in page
    assert "您上班的是哪一家" in page


@pytest.mark.parametrize("contract", ["other", "unknown"])
def test_the_contract_may_be_with_another_employer_or_unknown(cast: Cast, contract: str) -> None:
    client = signed_in(newcomer())
    joined(client, workplace=cast.shop.name, contract=contract, employer=cast.mill.name)
    asked = application()
    assert asked.host_id == cast.shop.pk
    assert asked.employer_id == (cast.mill.pk if contract == "other" else None)
    assert asked.organisation_id == cast.joint.pk


def test_a_contract_employer_that_nobody_knows_is_told_to_the_union(cast: Cast) -> None:
    joined(signed_in(newcomer()), workplace=cast.shop.name, contract="other", employer="远方人力资源")
    assert application().workplace == "北京同心里文化传播有限公司（合同：远方人力资源）"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"number": "11010119920202001"}, "18 位"),
        ({"number": number(1)[:-1] + ("0" if number(1)[-1] != "0" else "1")}, "校验码不符"),
        ({"name": ""}, "请填写姓名"),
        ({"consent": ""}, "需要您同意告知书"),
        ({"contract": "other"}, "请填写签合同的单位"),
    ],
)
def test_a_mistake_is_named_and_nothing_typed_is_lost(cast: Cast, changed: dict[str, str], words: str) -> None:
    page = joined(signed_in(newcomer()), **changed)
    assert words in page
    assert 'value="拐角咖啡馆"' in page
    with acting(SYSTEM):
        assert not Application.objects.unscoped(WHY).exists()


def test_who_was_sent_back_mends_and_asks_again_without_typing_the_number(cast: Cast) -> None:
    client = signed_in(newcomer())
    joined(client, region=STREET)
    with cast.act("street_officer") as officer:
        return_application(application(), actor=officer, note="请写单位全称")
    assert "请写单位全称" in opened(client, "home")
    assert "请写单位全称" in opened(client, "join")
    page = joined(client, number="", workplace=cast.firm.name)
    assert "北京云帆数讯科技有限公司工会 审核" in page
    assert application().document_number() == number(1)


def test_an_application_may_be_taken_back_and_sent_once_more(cast: Cast) -> None:
    client = signed_in(newcomer())
    joined(client, region=STREET)
    assert "审核" in opened(client, "join")  # the open one, not another form
    assert "申请已经撤回" in sent(client, "withdraw_application")
    assert "还没有会员卡" in opened(client, "home")
    assert "审核" in joined(client, region=STREET)


def test_who_is_late_is_told_that_he_may_ask(cast: Cast) -> None:
    client = signed_in(newcomer())
    joined(client, region=STREET)
    with as_if(application().due_on + dt.timedelta(days=1)):
        assert "超过了答复期限" in opened(client, "application")


def test_a_member_elsewhere_is_told_until_when_and_keeps_his_card(cast: Cast) -> None:
    """The account is nobody's yet; the number is that of the cast's worker, who has an account of his own."""
    client = signed_in(newcomer("李想", "13900004009"))
    joined(client, name="李想", number=WORKERS_NUMBER, workplace=cast.shop.name)
    with cast.act("street_officer") as officer:
        approve_application(application(), actor=officer, is_checked=True)
    assert "该职工会籍在其他单位，已发出接转申请" in application().note
    worker = signed_in(cast.users["worker"])
    assert "接转中" in opened(worker, "home")
    assert "等 北京云帆数讯科技有限公司工会 转出" in opened(worker, "transfer")


# -- moving, correcting, calling ----------------------------------------------------------------------------------


def test_a_worker_moves_his_membership_and_loses_nothing_on_the_way(cast: Cast) -> None:
    client = signed_in(cast.users["worker"])
    page = opened(client, "transfer", q="王府井楼宇")
    assert "东华门街道王府井楼宇联合工会" in page
    page = sent(client, "transfer", q="王府井楼宇", goal_id=str(cast.joint.public_id))
    assert "等新工会接收" in page
    assert "撤回接转" in page
    assert "出示会员码" in opened(client, "home")
    assert "接转已经撤回" in sent(client, "withdraw_transfer")
    assert "正常" in opened(client, "home")


def test_a_new_place_of_work_leads_to_its_union(cast: Cast) -> None:
    client = signed_in(cast.users["worker"])
    sent(client, "transfer", q="同心里文化", goal_id=str(cast.shop.public_id))
    asked = newest(Transfer)
    assert isinstance(asked, Transfer)
    with acting(SYSTEM):
        assert (asked.target, asked.employer) == (cast.joint, cast.shop)


def test_the_reason_of_a_refusal_is_shown_and_one_may_ask_again(cast: Cast) -> None:
    client = signed_in(cast.users["worker"])
    with acting(SYSTEM):
        release = Transfer.objects.unscoped(WHY)
        assert not release.exists()
    sent(client, "transfer", q="王府井楼宇", goal_id=str(cast.joint.public_id))
    asked = newest(Transfer)
    assert isinstance(asked, Transfer)
    with acting(SYSTEM):
        asked.state = "requested"
        asked.save(update_fields=["state"])
        refuse_transfer(asked, actor=SYSTEM, reason="还在本单位上班")
    page = opened(client, "transfer")
    assert "还在本单位上班" in page
    assert "再办一次接转" in page
    sent(client, "transfer", q="王府井楼宇", goal_id=str(cast.joint.public_id))
    again = newest(Transfer)
    assert isinstance(again, Transfer)
    with acting(SYSTEM):
        again.state = "requested"
        again.save(update_fields=["state"])
        release_transfer(again, actor=SYSTEM)
    assert "王府井楼宇联合工会" in opened(client, "union")


def test_data_are_corrected_on_request_and_the_request_may_be_taken_back(cast: Cast) -> None:
    client = signed_in(cast.users["worker"])
    page = sent(client, "correct", name="李想", phone="", education="master", politics="", skill_level="")
    assert "已经交给工会核对" in page
    wish = newest(Correction)
    assert isinstance(wish, Correction)
    assert wish.values() == {"education": "master"}
    assert "学历：硕士研究生" in page
    assert "申请已经撤回" in sent(client, "withdraw_correction", kind="correction")
    assert "没有要更正的内容" in sent(client, "correct", name="李想")
    assert "手机号应为 11 位数字" in sent(client, "correct", name="李想", phone="123")


def test_erasure_is_asked_for_once(cast: Cast) -> None:
    client = signed_in(cast.users["worker"])
    assert "请先勾选" in sent(client, "erase")
    assert "删除资料" in sent(client, "erase", sure="on")
    assert "删除资料" in opened(client, "erase")  # leads to the open one
    wish = newest(Correction)
    assert isinstance(wish, Correction)
    assert wish.kind == "erasure"


def test_the_copy_of_my_data_is_complete_and_masked(cast: Cast) -> None:
    response = signed_in(cast.users["worker"]).get("/m/data/download/")
    sections = response.json()["sections"]
    assert list(sections) == ["account", "person", "employments", "memberships", "spells"]
    assert sections["person"][0]["document_masked"] == "110105********002X"
    assert sections["employments"][0]["workplace"] == cast.firm.name
    assert sections["memberships"][0]["union"] == cast.own.name
    assert WORKERS_NUMBER not in response.content.decode()
    assert "attachment" in response.headers["Content-Disposition"]


def test_the_number_of_an_officer_is_shown_on_request_and_the_reading_is_logged(cast: Cast) -> None:
    client = signed_in(cast.users["worker"])
    page = opened(client, "union")
    assert "孙佳怡" in page
    assert "13812342046" not in page
    assert "13812342046" in sent(client, "officer_phone", post="chair", name="孙佳怡")
    with acting(SYSTEM):
        reading = Reading.objects.unscoped(WHY).get()
    assert (reading.user, reading.organisation_id, reading.reason) == (cast.users["worker"], cast.own.pk, "会员联系本工会")
    assert "不向会员公开" in sent(client, "officer_phone", post="finance", name="孙佳怡")
