"""Imports for programs: the same steps, rights, masks and refusals as on the desk, from the workbook to its undoing."""

import io
from collections.abc import Sequence
from typing import Any

import openpyxl
import pytest

from gonghui.areas.register.actions import edit_employer
from gonghui.areas.register.models import Contact, Employer
from gonghui.core.actions.door import acting
from gonghui.core.exchange.carrying import check_in_job, write_in_job
from gonghui.core.exchange.models import Batch
from tests.api.calls import MISSING, ROOT, Caller, caller
from tests.cast import SYSTEM, Cast
from tests.exchange.workbooks import HEADS, credit_code, csv_of, employer_row

EMPLOYERS = "register.employers"
NUMBER = "138000099991"


def started(one: Caller, cast: Cast, *rows: Sequence[Any], sheet: str = EMPLOYERS) -> dict[str, Any]:
    """An import of these rows at the street, as it is after its upload."""
    status, answer = one.upload("/imports", csv_of(rows), sheet=sheet, union=str(cast.street.public_id))
    assert status == 200, answer
    return dict(answer)


def checked(one: Caller, cast: Cast, *rows: Sequence[Any], sheet: str = EMPLOYERS) -> dict[str, Any]:
    """The same after its dry run, with the columns that were guessed."""
    batch = started(one, cast, *rows, sheet=sheet)
    done(one, "patch", f"/imports/{batch['id']}", {})
    return done(one, "post", f"/imports/{batch['id']}/check")


def done(one: Caller, method: str, path: str, body: Any = None) -> dict[str, Any]:
    """What a step that has to succeed answers."""
    status, answer = one.call(method, path, body)
    assert status == 200, answer
    return dict(answer)


def counts(batch: dict[str, Any]) -> tuple[int, int, int, int]:
    """New, changed, unchanged, wrong."""
    return batch["new"], batch["changed"], batch["unchanged"], batch["wrong"]


def test_a_workbook_goes_in_is_mended_and_is_taken_back(cast: Cast) -> None:
    one = caller(cast, "street_officer")
    batch = started(one, cast, HEADS, employer_row(1), employer_row(2, headcount="十二"))
    assert (batch["state"]["code"], batch["sheet_code"], batch["total"]) == ("uploaded", EMPLOYERS, 2)
    assert dict(zip(batch["heads"], batch["columns"], strict=True))["统一社会信用代码"] == "uscc"
    path = f"/imports/{batch['id']}"
    assert done(one, "patch", path, {"same_name": "new"})["state"]["code"] == "mapped"
    assert counts(done(one, "post", f"{path}/check")) == (1, 0, 0, 1)
    (line,) = one.get(f"{path}/lines")["items"]
    assert (line["row"], [(problem["column"], problem["text"]) for problem in line["problems"]]) == (3, [("headcount", "十二")])
    mended = done(one, "patch", f"{path}/lines", {"cells": [{"row": 3, "column": "headcount", "text": "12"}]})
    assert counts(mended) == (2, 0, 0, 0)
    assert done(one, "post", f"{path}/apply")["state"]["code"] == "done"
    records = {row["record"] for row in one.get(f"{path}/lines", outcome="new")["items"]}
    assert {row["id"] for row in one.get("/employers", name="商贸")["items"]} == records
    assert len(records) == 2
    assert done(one, "post", f"{path}/undo")["state"]["code"] == "undone"
    assert one.get("/employers", name="商贸")["items"] == []


def test_columns_are_chosen_by_code(cast: Cast) -> None:
    one = caller(cast, "street_officer")
    batch = started(one, cast, ["店", "几个人"], ["甲店", "3"])
    assert batch["columns"] == ["", ""]
    path = f"/imports/{batch['id']}"
    assert done(one, "patch", path, {"columns": ["name", "headcount"]})["columns"] == ["name", "headcount"]
    assert counts(done(one, "post", f"{path}/check")) == (1, 0, 0, 0)
    for columns in (["name", "secret"], ["name", "name"], ["name", "headcount", "uscc"]):
        status, said = one.call("patch", path, {"columns": columns})
        assert (status, said["code"]) == (422, "refused")
    assert one.call("patch", path, {"columns": ["state"]})[1]["field"] == "columns"


def test_the_head_row_may_be_named(cast: Cast) -> None:
    one = caller(cast, "street_officer")
    batch = started(one, cast, ["单位名称", "职工人数"], ["第二个表头", "人数"], ["甲店", "3"])
    changed = done(one, "patch", f"/imports/{batch['id']}", {"head_row": 2})
    assert (changed["head_row"], changed["heads"], changed["total"]) == (2, ["第二个表头", "人数"], 1)


def test_the_lists_are_told_with_their_columns(cast: Cast) -> None:
    sheets = {one["code"]: one["columns"] for one in caller(cast, "street_officer").get("/imports/sheets")["items"]}
    lists = {"register.employers", "register.unions", "register.contacts", "register.coverages", "members.roster"}
    lists |= {f"unionbuilding.{kind}_list" for kind in ("tax", "enterprise", "other")}
    assert set(sheets) == lists
    assert {one["code"] for one in sheets["register.contacts"] if one["is_personal"]} == {"phone"}
    assert {one["code"] for one in sheets[EMPLOYERS] if one["is_required"]} == {"name"}


def test_a_personal_cell_is_masked(cast: Cast) -> None:
    one = caller(cast, "street_officer")
    rows = [["姓名", "职务", "单位", "手机号码"], ["赵工", "主席", cast.mill.name, NUMBER]]
    batch = checked(one, cast, *rows, sheet="register.contacts")
    lines = one.get(f"/imports/{batch['id']}/lines")["items"]
    assert [problem["text"] for line in lines for problem in line["problems"]] == ["138****91"]
    cells = {"cells": [{"row": 2, "column": "phone", "text": NUMBER[:-1]}]}
    assert counts(done(one, "patch", f"/imports/{batch['id']}/lines", cells)) == (1, 0, 0, 0)
    done(one, "post", f"/imports/{batch['id']}/apply")
    with cast.act("street_officer") as actor:
        assert Contact.objects.visible_to(actor).get(name="赵工").phone() == NUMBER[:-1]


def test_the_workbook_comes_back_with_what_became_of_it(cast: Cast) -> None:
    one = caller(cast, "street_officer")
    batch = checked(one, cast, HEADS, employer_row(1), employer_row(2, headcount="许多"))
    done(one, "post", f"/imports/{batch['id']}/apply")
    for query, names in (({}, 2), ({"only_wrong": "true"}, 1)):
        content = one.fetch(f"/imports/{batch['id']}/result", **query)
        sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
        assert sheet.max_row == names + 1
        assert "错误原因" in [cell.value for cell in sheet[1]]


def test_a_retry_brings_only_what_was_wrong(cast: Cast) -> None:
    one = caller(cast, "street_officer")
    first = checked(one, cast, HEADS, employer_row(1, headcount="许多"))
    content = csv_of([HEADS, employer_row(1)])
    status, second = one.upload("/imports", content, sheet=EMPLOYERS, union=str(cast.street.public_id), retry_of=first["id"])
    assert status == 200, second
    with acting(SYSTEM):
        retried = Batch.objects.unscoped("test").get(public_id=second["id"]).retry_of
        assert retried is not None
        assert str(retried.public_id) == first["id"]


def test_a_long_workbook_is_a_job_that_can_be_watched_and_given_up(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gonghui.core.exchange.jobs.INLINE", 1)
    one, actor = caller(cast, "street_officer"), cast.actor("street_officer")
    batch = checked(one, cast, HEADS, employer_row(1), employer_row(2))
    path = f"/imports/{batch['id']}"
    assert batch["state"]["code"] == "mapped"
    with acting(SYSTEM):
        row = Batch.objects.unscoped("test").select_related("organisation", "file").get(public_id=batch["id"])
    check_in_job(row, actor)
    assert one.get(path)["state"]["code"] == "checked"
    assert done(one, "post", f"{path}/apply")["state"]["code"] == "importing"
    assert one.get(path)["done"] == 0
    assert done(one, "post", f"{path}/cancel")["state"]["code"] == "cancelled"
    write_in_job(row, actor)
    assert one.get("/employers", name="商贸")["items"] == []


def test_imports_are_listed_to_who_may_import(cast: Cast) -> None:
    one = caller(cast, "street_officer")
    batch = started(one, cast, HEADS, employer_row(1))
    rows = one.get("/imports", state="uploaded")["items"]
    assert [(row["id"], row["file_name"], row["started_by"]) for row in rows] == [
        (batch["id"], "名册.csv", cast.users["street_officer"].name)
    ]
    assert caller(cast, "outsider").get("/imports")["items"] == []
    assert caller(cast, "department_officer").get("/imports")["count"] == 1


@pytest.mark.parametrize("step", ["", "/lines", "/result"])
def test_what_others_import_is_not_there(cast: Cast, step: str) -> None:
    batch = started(caller(cast, "street_officer"), cast, HEADS, employer_row(1))
    other = caller(cast, "outsider")
    said = [other.call("get", f"/imports/{one}{step}") for one in (batch["id"], MISSING)]
    assert said[0] == said[1]
    assert said[0][0] == 404


@pytest.mark.parametrize("step", ["check", "apply", "cancel", "undo"])
def test_a_step_out_of_turn_or_out_of_sight_is_refused(cast: Cast, step: str) -> None:
    one = caller(cast, "street_officer")
    batch = started(one, cast, HEADS, employer_row(1))
    assert caller(cast, "outsider").call("post", f"/imports/{batch['id']}/{step}")[0] == 404
    assert (
        caller(cast, "street_officer", "exchange.view", "register.enter_employer").call(
            "post", f"/imports/{batch['id']}/{step}"
        )[0]
        == 403
    )
    done(one, "post", f"/imports/{batch['id']}/cancel")
    assert one.call("post", f"/imports/{batch['id']}/{step}")[0] == 422


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"sheet": "register.secrets"}, "sheet"),
        ({"sheet": "access.accounts"}, "sheet"),
        ({"union": MISSING}, "union"),
        ({"union": "next_street"}, "union"),
        ({"retry_of": MISSING}, "retry_of"),
        ({"colour": "red"}, "colour"),
        ({"file": b""}, "file"),
        ({"file": b"%PDF-1.7"}, "file"),
    ],
)
def test_an_upload_is_refused_with_its_field(cast: Cast, changed: dict[str, Any], field: str) -> None:
    fields = {"sheet": EMPLOYERS, "union": str(cast.street.public_id), "file": csv_of([HEADS, employer_row(1)])} | changed
    if fields["union"] == "next_street":
        fields["union"] = str(cast.next_street.public_id)
    status, said = caller(cast, "street_officer").upload("/imports", fields.pop("file"), **fields)
    assert (status, said["field"]) == (422, field)
    assert any("\u4e00" <= letter <= "\u9fff" for letter in said["detail"])


def test_a_file_that_is_too_big_is_not_read(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gonghui.core.exchange.reading.BIGGEST", 10)
    fields = {"sheet": EMPLOYERS, "union": str(cast.street.public_id)}
    status, said = caller(cast, "street_officer").upload("/imports", b"x" * 11, **fields)
    assert (status, said["field"]) == (422, "file")


def test_a_form_that_is_none_is_refused_as_json(cast: Cast) -> None:
    one = caller(cast, "street_officer")
    for content_type in ("multipart/form-data", "multipart/form-data; boundary=ä", "text/plain"):
        response = one.client.generic("POST", f"{ROOT}/imports", b"--x\r\nnothing", content_type=content_type)
        assert response.status_code in (400, 422), content_type
        assert response.headers["Content-Type"] == "application/problem+json"


def test_a_token_imports_what_it_may_write_and_nothing_else(cast: Cast) -> None:
    steps = [f"exchange.{step}" for step in ("view", "start_batch", "map_batch", "check_batch", "apply_batch")]
    with acting(SYSTEM):
        edit_employer(cast.mill, actor=SYSTEM, uscc=credit_code(7))
    rows: list[Sequence[Any]] = [HEADS, employer_row(1), employer_row(7, headcount=9)]
    assert caller(cast, "street_officer", *steps).get("/imports/sheets")["items"] == []
    adding = caller(cast, "street_officer", *steps, "register.enter_employer")
    assert counts(checked(adding, cast, *rows)) == (1, 0, 0, 1)
    both = caller(cast, "street_officer", *steps, "register.view", "register.enter_employer", "register.edit_employers")
    batch = checked(both, cast, *rows)
    assert counts(batch) == (1, 1, 0, 0)
    assert done(both, "post", f"/imports/{batch['id']}/apply")["state"]["code"] == "done"


def test_the_history_names_the_program_and_its_user(cast: Cast) -> None:
    one = caller(cast, "street_officer")
    batch = checked(one, cast, HEADS, employer_row(1))
    done(one, "post", f"/imports/{batch['id']}/apply")
    with cast.act("street_officer") as actor:
        made = Employer.objects.visible_to(actor).get(uscc=credit_code(1))
        event = made.events.get(pgh_label="insert")  # type: ignore[attr-defined]
        metadata = event.pgh_context.metadata
    assert (metadata["channel"], metadata["user"]) == ("api", cast.users["street_officer"].pk)
