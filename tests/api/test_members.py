"""Members, applications and transfers for programs: the same rows, masks, rights and actions as on the desk."""

import json
from typing import Any

import pytest

from gonghui.areas.members import actions as members
from gonghui.core.actions.door import acting
from tests.api.calls import MISSING, caller
from tests.cast import SYSTEM, Cast
from tests.members import records


def test_members_are_listed_masked(cast: Cast) -> None:
    records.member(cast)
    page = caller(cast, "street_officer").get("/members", name="赵新")
    (row,) = page["items"]
    assert (row["name"], row["phone"], row["state"]["code"]) == ("赵新", "139****7777", "active")
    assert row["document"].startswith("110101********")
    assert records.PHONE not in json.dumps(page)
    assert caller(cast, "outsider").get("/members")["items"] == []


@pytest.mark.parametrize(("union", "count"), [("own", 1), ("street", 2), ("next_street", 0)])
def test_members_are_asked_for_below_a_union(cast: Cast, union: str, count: int) -> None:
    records.member(cast, cast.street)
    query = {"managing": str(getattr(cast, union).public_id)}
    assert caller(cast, "street_officer").get("/members", **query)["count"] == count


def test_one_member_with_the_transfer_under_way(cast: Cast) -> None:
    one = records.transfer(cast)
    member = records.member_of(one)
    answer = caller(cast, "street_officer").get(f"/members/{member.public_id}")
    assert (answer["union"], answer["transfer"]) == (str(cast.own.public_id), str(one.public_id))
    assert caller(cast, "outsider").call("get", f"/members/{member.public_id}")[0] == 404


def test_a_member_is_registered_and_asked_for_by_another_union(cast: Cast) -> None:
    number = records.number()
    body = {
        "name": "郑接",
        "number": number,
        "union": str(cast.joint.public_id),
        "phone": "13700002222",
        "employer": cast.shop.name,
    }
    status, made = caller(cast, "street_officer").call("post", "/members", body)
    assert (status, made["organisation"], made["place"]) == (200, cast.joint.name, cast.shop.name)
    other = caller(cast, "outsider")
    wish = {"name": "郑接", "number": number, "target": str(cast.next_street.public_id)}
    assert other.call("post", "/transfers", wish | {"name": "别人"})[0] == 422
    status, asked = other.call("post", "/transfers", wish)
    assert (status, asked["state"]["code"], asked["member"]) == (200, "requested", None)
    assert other.call("post", "/members", body | {"number": records.number()})[0] == 422  # no right at that union


def test_an_application_is_approved_or_sent_back(cast: Cast) -> None:
    first, second = records.application(cast), records.application(cast, "孙二")
    one = caller(cast, "street_officer")
    assert [row["name"] for row in one.get("/applications", state="pending")["items"]] == ["钱来", "孙二"]
    status, answer = one.call("post", f"/applications/{first.public_id}/approve")
    assert (status, answer["application"]["state"]["code"], answer["transfer"]) == (200, "approved", None)
    assert one.get(f"/members/{answer['member']}")["name"] == "钱来"
    assert one.call("post", f"/applications/{first.public_id}/approve")[0] == 422
    status, answer = one.call("post", f"/applications/{second.public_id}/return", {"note": "请补劳动合同"})
    assert (status, answer["state"]["code"], answer["note"]) == (200, "returned", "请补劳动合同")
    assert one.call("post", f"/applications/{second.public_id}/return", {"note": ""})[0] == 422
    assert caller(cast, "outsider").call("post", f"/applications/{second.public_id}/approve")[0] == 404


def test_approving_somebody_held_elsewhere_says_the_neutral_sentence(cast: Cast) -> None:
    with acting(SYSTEM):
        number = cast.member.person.documents.unscoped("the test's own").get().number()
        row = members.ApplicationRow("李想", number, "茶庄", "", host=cast.neighbour)
        asked = members.take_application(cast.next_street, actor=SYSTEM, row=row)
    _status, answer = caller(cast, "outsider").call("post", f"/applications/{asked.public_id}/approve")
    assert answer["member"] is None
    assert answer["said"].startswith("该职工会籍在其他单位")


def test_each_side_answers_a_transfer(cast: Cast) -> None:
    officer, other = caller(cast, "street_officer"), caller(cast, "outsider")
    one = records.transfer(cast)
    path = f"/transfers/{one.public_id}"
    assert other.get(path)["member"] is None
    assert officer.get(path)["member"] == str(records.member_of(one).public_id)
    assert other.call("post", f"{path}/release")[0] == 403
    assert officer.call("post", f"{path}/refuse", {"reason": " "})[0] == 422
    assert officer.call("post", f"{path}/release")[1]["state"]["code"] == "completed"
    second = records.transfer(cast, "周留")
    refused = officer.call("post", f"/transfers/{second.public_id}/refuse", {"reason": "仍在本单位上班"})[1]
    assert (refused["state"]["code"], refused["reason"]) == ("refused", "仍在本单位上班")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("get", "/members/{}", None),
        ("get", "/applications/{}", None),
        ("post", "/applications/{}/approve", None),
        ("post", "/applications/{}/return", {"note": "不在"}),
        ("get", "/transfers/{}", None),
        ("post", "/transfers/{}/accept", None),
        ("post", "/transfers/{}/decline", {"reason": "不在"}),
    ],
)
def test_what_is_not_there_is_404(cast: Cast, method: str, path: str, body: Any) -> None:
    assert caller(cast, "street_officer").call(method, path.format(MISSING), body)[0] == 404
