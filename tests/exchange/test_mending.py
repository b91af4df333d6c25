"""Cells of problem rows are mended in the dry run: by the action, and through the page with and without htmx."""

import io
import re
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from gonghui.areas.register.models import Contact, Employer
from gonghui.areas.register.sheets import EMPLOYERS
from gonghui.core.actions.action import NotAllowed, Refused
from gonghui.core.actions.door import acting
from gonghui.core.actions.undoing import events_of
from gonghui.core.exchange.actions import apply_batch, map_batch, mend_batch, undo_batch
from gonghui.core.exchange.carrying import carry_out
from gonghui.core.exchange.jobs import forget_mended
from gonghui.core.exchange.models import Batch, BatchLine
from gonghui.core.exchange.results import result_workbook
from gonghui.core.files.actions import remove_file
from tests.cast import SYSTEM, Cast
from tests.exchange.test_employers import WHY, checked, counts, fresh
from tests.exchange.test_others import checked as checked_sheet
from tests.exchange.workbooks import HEADS, credit_code, csv_of, employer_row
from tests.test_pages import signed_in

NUMBER, MENDED_NUMBER = "138000099991", "13800009999"


def roster(*rows: list[Any]) -> bytes:
    """An employer list; its first row is Excel's row 2."""
    return csv_of([HEADS, *rows])


def uploaded(cast: Cast, content: bytes) -> Batch:
    """An employer list after its dry run, put there by the street's officer."""
    with cast.act("street_officer") as actor:
        return checked(cast, actor, content)


def cells_of(batch: Batch) -> list[tuple[int, str, str]]:
    """What the page of an import must list: row, column, sentence."""
    with acting(SYSTEM):
        lines = BatchLine.objects.unscoped(WHY).filter(batch=batch, outcome="wrong")
        return [(line.number, one["column"], one["sentence"]) for line in lines for one in line.problems]


def stored(batch: Batch) -> str:
    """Everything the database holds of a batch and of its lines and their history, as text."""
    with acting(SYSTEM), connection.cursor() as cursor:
        cursor.execute(
            "select to_jsonb(b)::text, encode(b.mended_sealed, 'escape') from exchange_batch b where id = %s", [batch.pk]
        )
        rows = cursor.fetchall()
        cursor.execute("select to_jsonb(l)::text from exchange_batchline l where batch_id = %s", [batch.pk])
        rows += cursor.fetchall()
        cursor.execute("select to_jsonb(e)::text from exchange_batchevent e where pgh_obj_id = %s", [batch.pk])
        return str(rows + cursor.fetchall())


def mend_url(batch: Batch) -> str:
    return reverse("web:mend_import", args=[batch.public_id])


def page(client: Client, batch: Batch) -> str:
    """The page of an import."""
    return client.get(reverse("web:import", args=[batch.public_id])).content.decode()


def test_a_row_is_mended_cell_by_cell_and_imported_and_undone(cast: Cast) -> None:
    with cast.act("street_officer") as actor:
        batch = checked(cast, actor, roster(employer_row(1), employer_row(2, headcount="十二", kind="私人企业")))
        assert counts(batch) == (1, 0, 0, 1)
        mend_batch(batch, actor=actor, cells={3: {"headcount": "12"}})
        assert counts(fresh(batch)) == (1, 0, 0, 1)
        assert [column for _row, column, _sentence in cells_of(batch)] == ["employer_class"]
        mend_batch(batch, actor=actor, cells={3: {"employer_class": "私营企业"}})
        assert (counts(fresh(batch)), fresh(batch).state) == ((2, 0, 0, 0), "checked")
        apply_batch(batch, actor=actor)
        carry_out(fresh(batch), actor)
        made = Employer.objects.visible_to(actor).get(uscc=credit_code(2))
        assert (made.headcount, made.employer_class) == (12, "170")
        assert (
            events_of(Employer).get(pgh_obj_id=made.pk, pgh_label="insert").pgh_context.metadata["request"]
            == batch.public_id.hex
        )
        undo_batch(fresh(batch), actor=actor)
        assert not Employer.objects.visible_to(actor).filter(uscc=credit_code(2)).exists()


def test_a_mended_cell_is_put_back(cast: Cast) -> None:
    with cast.act("street_officer") as actor:
        batch = checked(cast, actor, roster(employer_row(1, headcount="十二")))
        mend_batch(batch, actor=actor, cells={2: {"headcount": "12"}})
        mend_batch(batch, actor=actor, cells={2: {"headcount": None}})
        assert (counts(fresh(batch)), fresh(batch).mended()) == ((0, 0, 0, 1), {})
        mend_batch(batch, actor=actor, cells={2: {"headcount": ""}})
        assert counts(fresh(batch)) == (1, 0, 0, 0)


def test_a_row_that_says_the_same_as_another_is_mended(cast: Cast) -> None:
    rows = [employer_row(1), employer_row(2, uscc=credit_code(1)), employer_row(3)]
    with cast.act("street_officer") as actor:
        batch = checked(cast, actor, roster(*rows))
        assert [(row, column) for row, column, _sentence in cells_of(batch)] == [(3, "uscc")]
        mend_batch(batch, actor=actor, cells={3: {"uscc": credit_code(3)}})
        assert [(row, column) for row, column, _sentence in cells_of(batch)] == [(4, "uscc")]  # now it is the later one
        mend_batch(batch, actor=actor, cells={3: {"uscc": credit_code(2)}})
        assert counts(fresh(batch)) == (3, 0, 0, 0)


def test_a_row_that_says_what_is_there_stays_on_the_page(cast: Cast) -> None:
    with cast.act("street_officer") as actor:
        rows: list[list[object]] = [["记录编号", "单位名称", "职工人数"], [cast.mill.public_id, cast.mill.name, "许多"]]
        batch = checked(cast, actor, csv_of(rows))
        mend_batch(batch, actor=actor, cells={2: {"headcount": ""}})
        assert counts(fresh(batch)) == (0, 0, 1, 0)
    assert "已改好" in page(signed_in(cast, "street_officer"), batch)


def test_other_columns_discard_what_was_mended(cast: Cast) -> None:
    with cast.act("street_officer") as actor:
        batch = checked(cast, actor, roster(employer_row(1, headcount="十二")))
        mend_batch(batch, actor=actor, cells={2: {"headcount": "12"}})
        map_batch(batch, actor=actor, mapping=batch.mapped, same_name="new")
        assert fresh(batch).mended() == {2: {"headcount": "12"}}
        map_batch(batch, actor=actor, mapping={at: code for at, code in batch.mapped.items() if code != "employer_class"})
        assert fresh(batch).mended() == {}


def test_only_problem_rows_and_columns_that_are_read_are_mended(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with cast.act("street_officer") as actor:
        batch = checked(cast, actor, roster(employer_row(1), employer_row(2, headcount="十二")))
        for cells in ({2: {"headcount": "1"}}, {3: {"headcount": "1" * 501}}):
            with pytest.raises(Refused):
                mend_batch(batch, actor=actor, cells=cells)
        for code in ("state", "secret", ""):
            with pytest.raises(NotAllowed):
                mend_batch(batch, actor=actor, cells={3: {code: "x"}})
        monkeypatch.setattr("gonghui.core.exchange.actions.INLINE", 1)
        with pytest.raises(Refused, match="Excel"):
            mend_batch(batch, actor=actor, cells={3: {"headcount": "1"}})
        assert fresh(batch).mended() == {}


def test_the_result_workbook_says_what_was_mended(cast: Cast) -> None:
    rows = [["单位名称", "职工人数"], ["甲店", "十二"], ["乙店", "许多"], ["", "3"]]
    with cast.act("street_officer") as actor:
        batch = checked(cast, actor, csv_of(rows))
        mend_batch(
            batch,
            actor=actor,
            cells={2: {"headcount": "12"}, 3: {"headcount": "还是许多"}, 4: {"name": "丙店", "uscc": credit_code(9)}},
        )
        sheet = openpyxl.load_workbook(io.BytesIO(result_workbook(fresh(batch), actor))).worksheets[0]
        told = [[cell.value for cell in row][:4] for row in sheet.iter_rows()]
        label = next(str(column.label) for column in EMPLOYERS.columns if column.code == "uscc")
        assert told == [
            ["单位名称", "职工人数", label, "是否导入成功"],
            ["甲店", "12", None, "尚未导入"],
            ["乙店", "还是许多", None, "否"],
            ["丙店", "3", credit_code(9), "尚未导入"],
        ]


def test_a_personal_cell_is_never_shown_nor_stored_in_clear(cast: Cast) -> None:
    rows = [["姓名", "职务", "单位", "手机号码"], ["赵工", "主席", cast.mill.name, NUMBER]]
    with cast.act("street_officer") as actor:
        batch = checked_sheet(cast.street, actor, "contacts", rows)
    client = signed_in(cast, "street_officer")
    body = page(client, batch)
    assert 'placeholder="138****91"' in body
    assert client.post(mend_url(batch), {"cell-2-phone": ""}).status_code == 302
    assert fresh_in_scope(batch).mended() == {}
    client.post(mend_url(batch), {"cell-2-phone": MENDED_NUMBER + "1"})
    for number in (MENDED_NUMBER, "1" * 70 + MENDED_NUMBER, MENDED_NUMBER + "\ufffd", MENDED_NUMBER):
        client.post(mend_url(batch), {"cell-2-phone": number})
        for text in (page(client, batch), stored(batch)):
            assert MENDED_NUMBER not in text
    assert fresh_in_scope(batch).mended() == {2: {"phone": MENDED_NUMBER}}
    client.post(reverse("web:import_step", args=[batch.public_id, "apply"]))
    with cast.act("street_officer") as actor:
        assert Contact.objects.visible_to(actor).get(name="赵工").phone() == MENDED_NUMBER
    assert MENDED_NUMBER not in stored(batch)


def fresh_in_scope(batch: Batch) -> Batch:
    """The batch as it is now, read beside the pages."""
    with acting(SYSTEM):
        return fresh(batch)


def test_mending_takes_the_right(cast: Cast) -> None:
    batch = uploaded(cast, roster(employer_row(1, headcount="十二")))
    typed = {"cell-2-headcount": "12"}
    assert signed_in(cast, "outsider").post(mend_url(batch), typed).status_code == 404
    assert signed_in(cast, "enterprise_chair").post(mend_url(batch), typed).status_code in (403, 404)
    assert fresh_in_scope(batch).mended() == {}
    with cast.act("outsider") as actor, pytest.raises(NotAllowed):
        mend_batch(batch, actor=actor, cells={2: {"headcount": "12"}})


def test_a_page_without_scripts_sends_all_its_fields(cast: Cast) -> None:
    long_name = "长" * 121
    rows = [employer_row(1, headcount="十二"), employer_row(2, name=long_name), employer_row(3, kind=" 私人  企业\n")]
    batch, client = uploaded(cast, roster(*rows)), signed_in(cast, "street_officer")
    body = page(client, batch)
    fields = dict(re.findall(r'name="(cell-\d+-\w+)" form="mend" value="([^"]*)"', body))
    assert fields == {"cell-2-headcount": "十二", "cell-3-name": long_name, "cell-4-employer_class": "私人 企业"}
    after: Any = client.post(mend_url(batch), fields | {"cell-2-headcount": "12"}, follow=True)
    assert fresh_in_scope(batch).mended() == {2: {"headcount": "12"}}
    assert ("已改好" in after.content.decode(), after.context["batch"].new, after.context["batch"].wrong) == (True, 1, 2)
    client.post(mend_url(batch), fields | {"cell-2-headcount": "12", "put_back": "cell-2-headcount"})
    assert fresh_in_scope(batch).mended() == {}


def test_htmx_is_given_the_row_or_told_to_load_the_page(cast: Cast) -> None:
    rows = [employer_row(1, headcount="十二"), employer_row(2), employer_row(3, uscc=credit_code(2))]
    batch, client = uploaded(cast, roster(*rows)), signed_in(cast, "street_officer")
    one: Any = client.post(mend_url(batch), {"cell-2-headcount": "12"}, headers={"HX-Request": "true"})
    assert (one.status_code, 'id="line-2"' in one.content.decode()) == (200, True)
    other = client.post(mend_url(batch), {"cell-4-uscc": credit_code(1)}, headers={"HX-Request": "true"})
    assert "HX-Refresh" not in other.headers
    client.post(mend_url(batch), {"put_back": "cell-4-uscc"})
    client.post(mend_url(batch), {"cell-2-headcount": "十"})
    with cast.act("street_officer") as actor:
        mend_batch(batch, actor=actor, cells={2: {"uscc": credit_code(2)}})
    moved = client.post(mend_url(batch), {"cell-2-uscc": credit_code(1)}, headers={"HX-Request": "true"})
    assert moved.headers["HX-Refresh"] == "true"


def test_what_was_typed_goes_with_the_file(cast: Cast) -> None:
    batches = [uploaded(cast, roster(employer_row(4, headcount="许多"))) for _which in range(2)]
    with cast.act("street_officer") as actor:
        for one in batches:
            mend_batch(one, actor=actor, cells={2: {"headcount": "12"}})
    with acting(SYSTEM):
        file = fresh(batches[0]).file
        assert file
        remove_file(file, actor=SYSTEM)
    forget_mended.func(timestamp=0)
    with acting(SYSTEM):
        assert [bool(fresh(one).mended_sealed) for one in batches] == [False, True]
