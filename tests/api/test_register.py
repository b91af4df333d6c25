"""Unions, employers and coverage for programs: the same rows, rights, checks and history as on the desk."""

import datetime as dt
from typing import Any

import pytest

from gonghui.areas.register.actions import EmployerRow, add_contact, enter_employers
from gonghui.areas.register.models import Coverage, Employer
from gonghui.core.actions.door import acting
from gonghui.core.organisations.models import Organisation
from gonghui.kit.dates import today
from gonghui.web.api import lists
from tests.api.calls import MISSING, Caller, caller
from tests.cast import LONG_AGO, SYSTEM, Cast


def walked(one: Caller, path: str, **query: Any) -> list[Any]:
    """Every row of a list, page by page."""
    found: list[Any] = []
    after: dict[str, Any] = {}
    while True:
        page = one.get(path, **query, **after)
        found += page["items"]
        if not page["next"]:
            return found
        after = {"after": page["next"]}


def entered(cast: Cast, count: int) -> None:
    rows = [EmployerRow(f"店{number:03}", LONG_AGO, region=cast.street.region, headcount=number) for number in range(count)]
    with acting(SYSTEM):
        enter_employers(cast.street, actor=SYSTEM, rows=rows)


# -- lists ------------------------------------------------------------------------------------------------------


def test_a_list_is_walked_to_its_end_once_each(cast: Cast) -> None:
    entered(cast, 25)
    one = caller(cast, "street_officer")
    first = one.get("/employers", size=10)
    assert first["count"] == 28
    assert one.get("/employers", size=10, after=first["next"])["count"] is None
    rows = walked(one, "/employers", size=10)
    assert len(rows) == len({row["id"] for row in rows}) == 28


def test_a_list_says_how_many_there_are_up_to_the_most_that_are_counted(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    one = caller(cast, "street_officer")
    monkeypatch.setattr(lists, "MOST_COUNTED", 3)
    assert one.get("/employers")["count"] == 3
    entered(cast, 1)
    assert one.get("/employers")["count"] is None


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"coverage": "own"}, ["北京云帆数讯科技有限公司"]),
        ({"coverage": ["own", "joint"]}, ["北京云帆数讯科技有限公司", "北京同心里文化传播有限公司"]),
        ({"workers_min": 100, "coverage": "none"}, ["北京博闻教育咨询有限公司"]),
        ({"name": "同心里"}, ["北京同心里文化传播有限公司"]),
        ({"dispatch": "true"}, []),
    ],
)
def test_conditions_are_those_of_the_sheet(cast: Cast, query: dict[str, Any], names: list[str]) -> None:
    assert sorted(row["name"] for row in caller(cast, "street_officer").get("/employers", **query)["items"]) == sorted(names)


def test_records_are_named_by_public_ids_only(cast: Cast) -> None:
    one = caller(cast, "department_officer")
    assert len(one.get("/employers", street=str(cast.street.public_id))["items"]) == 3
    assert [row["name"] for row in one.get("/unions", managing=str(cast.street.public_id), kind="own")["items"]] == [
        cast.own.name
    ]
    status, said = one.call("get", "/employers", street=cast.street.pk)
    assert (status, said["field"]) == (422, "street")


def test_only_the_columns_wanted(cast: Cast) -> None:
    row = caller(cast, "street_officer").get("/employers", cols=["name", "headcount"], size=1)["items"][0]
    assert set(row) == {"id", "name", "headcount"}
    assert isinstance(row["headcount"], int)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"coverage": "half"}, "coverage"),
        ({"class": "no such class"}, "class"),
        ({"workers_min": "viele"}, "workers_min"),
        ({"workers_min": 99999999999999999999}, "workers_min"),
        ({"size": 101}, "size"),
        ({"size": 0}, "size"),
        ({"after": MISSING}, "after"),
        ({"covrage": "own"}, "covrage"),
        ({"cols": "secret"}, "cols"),
    ],
)
def test_what_a_page_would_strike_through_is_refused(cast: Cast, query: dict[str, Any], field: str) -> None:
    status, said = caller(cast, "street_officer").call("get", "/employers", **query)
    assert (status, said["status"], said["field"]) == (422, 422, field)
    assert any("\u4e00" <= letter <= "\u9fff" for letter in said["detail"])


# -- writes -----------------------------------------------------------------------------------------------------


def test_an_employer_is_entered_corrected_counted_and_covered(cast: Cast) -> None:
    one = caller(cast, "street_officer")
    status, made = one.call("post", "/employers", {"union": str(cast.street.public_id), "name": "新店", "headcount": 7})
    assert status == 200, made
    assert (made["name"], made["state"]["code"], made["entered_on"]) == ("新店", "active", today().isoformat())
    assert made["region_code"] == "110101001"  # what the form would have shown
    path = f"/employers/{made['id']}"
    status, changed = one.call("patch", path, {"address": "王府井 1 号", "region_code": "x"})
    assert (status, changed["field"]) == (422, "region_code")
    status, changed = one.call("patch", path, {"address": "王府井 1 号"})
    assert (changed["address"], changed["name"]) == ("王府井 1 号", "新店")
    status, counted = one.call("post", f"{path}/headcounts", {"count": 9, "source": "union"})
    assert (status, [row["count"] for row in counted["items"]]) == (200, [9])
    cover = {"union": str(cast.joint.public_id), "since": today().isoformat(), "basis": "本人申请"}
    status, covered = one.call("post", f"{path}/coverage", cover)
    assert (status, covered["items"][0]["form"], covered["items"][0]["before"]) == (200, "joint", None)
    tomorrow = today() + dt.timedelta(days=1)
    status, ended = one.call("patch", f"{path}/coverage", {"on": tomorrow.isoformat(), "reason": "搬走"})
    assert (status, ended["items"][0]["before"]) == (200, tomorrow.isoformat())
    with acting(SYSTEM):
        events = Employer.objects.unscoped("test").get(public_id=made["id"]).events.all()  # type: ignore[attr-defined]
        told = {event.pgh_context.metadata["verb"]: event.pgh_context.metadata for event in events}
    assert {"register.enter_employer", "register.edit_employer", "register.cover_employer"} <= set(told)
    assert {one["channel"] for one in told.values()} == {"api"}
    assert {one["name"] for one in told.values()} == {cast.users["street_officer"].name}


def test_a_union_is_founded_and_corrected(cast: Cast) -> None:
    one = caller(cast, "street_officer")
    body = {"parent": str(cast.street.public_id), "name": "新店工会", "kind": "own", "document": "京工发〔2026〕9号"}
    status, made = one.call("post", "/unions", body)
    assert (status, made["parent"], made["state"]["code"]) == (200, cast.street.name, "active")
    status, changed = one.call("patch", f"/unions/{made['id']}", {"keeps_own_funds": True})
    assert (changed["keeps_own_funds"], changed["name"]) == (True, "新店工会")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "店", "headcount": -1}, "headcount"),
        ({"name": "店", "headcount": 10**30}, "headcount"),
        ({"name": ""}, "name"),
        ({}, "name"),
        ({"name": "长" * 121}, "name"),
        ({"name": "店", "on": "2026-13-01"}, "on"),
        ({"name": "店", "on": "9999-12-31"}, "on"),
        ({"name": "店", "uscc": "91110101MA00000000"}, "uscc"),
        ({"name": "店", "employer_class": "nope"}, "employer_class"),
        ({"name": "店", "region": "999999"}, "region"),
        ({"name": "店", "owner": "x"}, "owner"),
    ],
)
def test_input_is_refused_with_its_field(cast: Cast, body: dict[str, Any], field: str) -> None:
    one = caller(cast, "street_officer")
    status, said = one.call("post", "/employers", {"union": str(cast.street.public_id), **body})
    assert (status, said["field"]) == (422, field), said
    with acting(SYSTEM):
        assert Employer.objects.unscoped("test").count() == 4


@pytest.mark.parametrize("text", ["店\x00铺", "\ud800"])
def test_text_that_cannot_be_stored_is_refused(cast: Cast, text: str) -> None:
    body = {"union": str(cast.street.public_id), "name": text}
    status, said = caller(cast, "street_officer").call("post", "/employers", body)
    assert (status, said["code"]) == (400, "unstorable_text")


def test_nul_in_the_address_is_a_problem_too(cast: Cast) -> None:
    one = caller(cast, "street_officer")
    for path, query in (("/employers", {"name": "a\x00b"}), ("/figures/a%00b", {})):
        status, said = one.call("get", path, **query)
        assert (status, said["code"]) == (400, "unstorable_text")


def test_what_is_no_json_is_refused(cast: Cast) -> None:
    one = caller(cast, "street_officer")
    response = one.client.post("/api/v1/employers", b"{", content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (400, "unreadable")


def test_a_refused_write_leaves_nothing(cast: Cast) -> None:
    """The first action succeeds, the rule that refuses comes after it."""
    one = caller(cast, "street_officer")
    with acting(SYSTEM):
        before = Coverage.objects.unscoped("test").count()
    body = {"union": str(cast.joint.public_id), "since": "2014-01-01"}
    status, said = one.call("post", f"/employers/{cast.mill.public_id}/coverage", body)
    assert (status, said["code"], said["field"]) == (422, "refused", "since")
    with acting(SYSTEM):
        assert Coverage.objects.unscoped("test").count() == before


# -- whose it is ------------------------------------------------------------------------------------------------


def test_another_streets_records_answer_like_missing_ones(cast: Cast) -> None:
    one = caller(cast, "outsider")
    count, cover = {"count": 1, "source": "union"}, {"union": str(cast.joint.public_id)}
    calls: list[tuple[str, str, Any]] = [
        ("get", "/employers/{}", None),
        ("patch", "/employers/{}", {"name": "x"}),
        ("get", "/employers/{}/headcounts", None),
        ("post", "/employers/{}/headcounts", count),
        ("get", "/employers/{}/coverage", None),
        ("post", "/employers/{}/coverage", cover),
        ("patch", "/employers/{}/coverage", {"on": "2026-01-01", "reason": "x"}),
    ]
    for method, path, body in calls:
        hidden = one.call(method, path.format(cast.mill.public_id), body)
        assert hidden == one.call(method, path.format(MISSING), body), path
        assert hidden[0] == 404, path
    for method, body in (("get", None), ("patch", {"name": "x"})):
        hidden = one.call(method, f"/unions/{cast.own.public_id}", body)
        assert hidden == one.call(method, f"/unions/{MISSING}", body)
        assert hidden[0] == 404
    assert one.call("get", f"/employers/{cast.neighbour.public_id}")[0] == 200
    assert one.call("get", "/employers/1")[0] == 404


def test_a_hidden_record_in_the_body_answers_like_a_missing_one(cast: Cast) -> None:
    one = caller(cast, "outsider")
    for path, field, body in (
        ("/employers", "union", {"name": "店"}),
        ("/unions", "parent", {"name": "店工会", "kind": "own", "document": "x"}),
        (f"/employers/{cast.neighbour.public_id}/coverage", "union", {}),
    ):
        other = str(cast.joint.public_id if "coverage" in path else cast.street.public_id)
        status, hidden = one.call("post", path, {field: other, **body})
        assert (status, hidden["field"]) == (422, field)
        assert str(hidden).replace(other, MISSING) == str(one.call("post", path, {field: MISSING, **body})[1])


def test_lists_hold_ones_own_rows_only(cast: Cast) -> None:
    for name in ("street_officer", "outsider", "department_officer"):
        one = caller(cast, name)
        with acting(cast.actor(name)) as _:
            actor = cast.actor(name)
            employers = {str(row.public_id) for row in Employer.objects.visible_to(actor)}
            unions = {str(row.public_id) for row in Organisation.objects.visible_to(actor)}
        assert {row["id"] for row in walked(one, "/employers", size=2)} == employers
        assert {row["id"] for row in walked(one, "/unions", size=2)} == unions
        assert {row["employer"] for row in walked(one, "/coverage", size=1)} <= employers


def test_no_number_of_a_contact_is_answered(cast: Cast) -> None:
    with acting(SYSTEM):
        add_contact(cast.mill, actor=SYSTEM, post="chair", name="甲", phone="13800001234", since=LONG_AGO)
    one = caller(cast, "street_officer")
    for path in ("/employers", "/unions", "/coverage", f"/employers/{cast.mill.public_id}", f"/unions/{cast.own.public_id}"):
        said = str(one.get(path))
        assert "13800001234" not in said
        assert "13812342046" not in said


def test_coverage_of_a_day(cast: Cast) -> None:
    one = caller(cast, "street_officer")
    assert len(one.get("/coverage", on=today().isoformat())["items"]) == 2
    assert one.get("/coverage", on="2014-12-31")["items"] == []
    (row,) = one.get("/coverage", employer=str(cast.firm.public_id))["items"]
    assert (row["union"], row["form"]) == (str(cast.own.public_id), "own")
    assert one.get("/coverage", union=str(cast.joint.public_id))["count"] == 1
    assert one.call("get", "/coverage", after="nonsense")[1]["field"] == "after"


def test_a_form_is_no_json(cast: Cast) -> None:
    one = caller(cast, "street_officer")
    for path in ("/api/v1/employers", f"/api/v1/employers/{cast.mill.public_id}/coverage"):
        response = one.client.post(path, {"name": "店"})
        assert (response.status_code, response.json()["code"]) == (400, "unreadable")
