"""A street officer leads a firm to its union by the pages alone, and sees what is missing and who moves."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from gonghui.areas.members.models import Move
from gonghui.areas.unionbuilding.actions import shipped
from gonghui.areas.unionbuilding.models import Aftercare, Candidate, Duty, Founding, LetterTemplate, Prospect
from gonghui.areas.unionbuilding.tests.founding import MEN, PLAN, STANDING, WAY, WHY, agreed
from gonghui.areas.unionbuilding.tests.test_founding import people
from gonghui.core.actions.door import acting
from tests.cast import SYSTEM, Cast
from tests.test_pages import signed_in

pytestmark = pytest.mark.django_db


def shown(client: Client, name: str, *arguments: Any) -> str:
    """A page."""
    answer = client.get(reverse(f"unionbuilding:{name}", args=arguments))
    assert answer.status_code == 200, (name, answer.status_code)
    return answer.content.decode()


def sent(client: Client, page: str, /, *arguments: Any, **data: Any) -> str:
    """The page that a form leads to; it must not be the form again."""
    answer = client.post(reverse(f"unionbuilding:{page}", args=arguments), data, follow=True)
    found = answer.content.decode()
    assert answer.redirect_chain, re.sub(r"<[^>]+>|\s+", " ", found)[:2000]
    return found


def test_from_agreement_to_the_account_by_forms(cast: Cast) -> None:
    with acting(SYSTEM):
        people(cast, 25, cast.mill)
        prospect = agreed(cast)
    client, key = signed_in(cast, "street_officer"), prospect.public_id
    page = sent(client, "prospect_step", key, "prepare", **PLAN, document="东华门工发〔2026〕3号", on="2026-05-06")
    assert "还差" in page
    assert "有工会主席候选人" in page
    assert reverse("unionbuilding:prospect_step", args=[key, "candidate"]) in page
    for name, post in STANDING:
        sex = "male" if name in MEN else "female"
        page = sent(client, "prospect_step", key, "candidate", name=name, post=post.value, sex=sex, tie="none")
    assert "还差" not in page
    sent(client, "prospect_step", key, "nominate", on="2026-05-20")
    with acting(SYSTEM):
        standing = Candidate.objects.unscoped(WHY).filter(founding__prospect=prospect)
        votes = {f"votes_{one.public_id}": 20 if one.name == "钱进" else 45 for one in standing}
    meeting = {"meeting": "members", "due": 60, "present": 50, "on": "2026-06-03"}
    page = sent(client, "prospect_step", key, "elect", **meeting, **votes)
    assert "未当选" in page
    sent(client, "prospect_step", key, "approve", document="东华门工发〔2026〕8号", on="2026-06-10")
    page = shown(client, "movers", key)
    assert "职工7" in page
    page = sent(client, "prospect_step", key, "found", name=PLAN["union_name"], moves="on")
    assert "已建会并覆盖本单位" in page
    sent(client, "prospect_step", key, "register", certificate="工法证字第1号", on="2026-07-01")
    page = sent(client, "prospect_step", key, "open_account", bank="北京银行", number="6222000012345678", on="2026-07-15")
    assert "**** 5678" in page
    assert "6222000012345678" not in page


@pytest.fixture
def complete(cast: Cast) -> Prospect:
    """A union founded with an account, and twenty-five members who moved."""
    with acting(SYSTEM):
        people(cast, 25, cast.mill)
        prospect = agreed(cast)
        for step in WAY:
            step(Prospect.objects.unscoped(WHY).get(pk=prospect.pk))
    return prospect


def one(model: Any, **which: Any) -> Any:
    with acting(SYSTEM):
        return model.objects.unscoped(WHY).select_related().get(**which)


def test_the_move_is_undone_and_done_again_by_its_buttons(cast: Cast, complete: Prospect) -> None:
    client, move = signed_in(cast, "street_officer"), one(Move)
    assert reverse("unionbuilding:move_step", args=[move.public_id, "undo"]) in shown(client, "movers", complete.public_id)
    page = sent(client, "move_step", move.public_id, "undo")
    assert "会员已转回原工会" in page
    assert reverse("unionbuilding:prospect_step", args=[complete.public_id, "move-in"]) in page
    assert "会员已转入" in sent(client, "prospect_step", complete.public_id, "move-in")


def test_names_of_those_who_move_are_shown_to_whoever_sees_them(cast: Cast, complete: Prospect) -> None:
    assert "职工7" in shown(signed_in(cast, "department_officer"), "movers", complete.public_id)
    for name in ("outsider", "enterprise_chair"):
        address = reverse("unionbuilding:movers", args=[complete.public_id])
        assert signed_in(cast, name).get(address).status_code in (403, 404)


def test_a_duty_is_done_with_a_file_that_shows_it(cast: Cast, complete: Prospect) -> None:
    client, care = signed_in(cast, "street_officer"), one(Aftercare)
    assert "开展首次活动" in shown(client, "aftercare", care.public_id)
    duty = one(Duty, kind="first_activity")
    photo = SimpleUploadedFile("合影.jpg", b"\xff\xd8\xff")
    page = sent(client, "duty_step", duty.public_id, "finish", on="2026-07-18", evidence="趣味运动会", file=photo)
    assert "趣味运动会" in page
    with acting(SYSTEM):
        done = Duty.objects.unscoped(WHY).select_related("file").get(kind="first_activity")
        union = Founding.objects.unscoped(WHY).select_related("union").get().union
    assert done.file is not None
    assert done.file.name == "合影.jpg"
    assert union is not None
    assert (
        reverse("unionbuilding:aftercare", args=[care.public_id])
        in client.get(reverse("register:union", args=[union.public_id])).content.decode()
    )


def test_duties_done_by_the_founding_itself_are_told_once(cast: Cast, complete: Prospect) -> None:
    page = shown(signed_in(cast, "street_officer"), "aftercare", one(Aftercare).public_id)
    assert re.search(r"<div>[^<]*选举产生工会委员会 选举产生：", page)
    assert "<ins>选举产生：" not in page


def test_the_full_number_of_an_account_takes_a_reason(cast: Cast, complete: Prospect) -> None:
    client, founding = signed_in(cast, "street_officer"), one(Founding)
    address = reverse("unionbuilding:founding_step", args=[founding.public_id, "account"])
    assert "6222000012345678" not in client.get(address).content.decode()
    reason = re.search(r'name="reason" value="(\w+)"', client.get(address).content.decode())
    assert reason is not None
    assert "6222000012345678" in client.post(address, {"reason": reason[1]}).content.decode()


def test_a_template_is_taken_from_the_shipped_one_and_sent_back(cast: Cast) -> None:
    client = signed_in(cast, "street_officer")
    content = client.get(reverse("unionbuilding:shipped_template", args=["notice"])).content
    assert content[:2] == b"PK"
    file = SimpleUploadedFile("通知.docx", shipped("notice"))
    page = sent(client, "place_template", cast.street.public_id, kind="notice", since="2026-01-01", file=file)
    assert "选举会议通知" in page
    template = one(LetterTemplate)
    assert "委员会候选人" in shown(client, "template", template.public_id)
    answer = client.post(
        reverse("unionbuilding:place_template", args=[cast.street.public_id]),
        {"kind": "notice", "since": "2026-02-01", "file": SimpleUploadedFile("x.docx", b"no")},
    )
    assert "这不是 Word 文档" in answer.content.decode()


def test_an_award_is_computed_and_confirmed_on_its_pages(cast: Cast, complete: Prospect) -> None:
    client = signed_in(cast, "department_officer")
    given = {"organisation": cast.street.public_id, "since": "2026-01-01", "until": "2026-06-30"}
    page = sent(client, "compute_award", **given)
    assert "百人以上单独建会" in page
    assert "5,000.00" in page
    assert "确认奖补" not in page
