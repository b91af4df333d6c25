"""The wizard as a user walks it: 2,000 rows with 40 bad ones in two uploads, through the pages alone."""

import io
import re
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from gonghui.areas.register.models import Employer
from gonghui.core.actions.door import acting
from gonghui.core.exchange.carrying import check_in_job, undo_in_job, write_in_job
from gonghui.core.exchange.models import Batch
from tests.cast import SYSTEM, Cast
from tests.exchange.test_employers import BAD, ROWS, WHY, roster
from tests.exchange.workbooks import HEADS, csv_of, employer_row, xlsx_of
from tests.test_pages import signed_in


def upload(client: Client, content: bytes, name: str, query: str = "") -> Any:
    """Posts a file to the first page; the page of columns it leads to."""
    url = f"{reverse('web:start_import')}?sheet=register.employers{query}"
    page: Any = client.get(url)
    assert page.status_code == 200
    organisation = page.context["form"].initial["organisation"]
    return client.post(url, {"organisation": organisation, "file": SimpleUploadedFile(name, content)})


def filled(page: Any) -> dict[str, Any]:
    """What the form of columns proposes."""
    form = page.context["form"]
    return {name: form.get_initial_for_field(one, name) for name, one in form.fields.items()}


def walk(client: Client, content: bytes, name: str, query: str = "") -> Any:
    """Upload, columns, dry run, import; the page of the result."""
    columns: Any = client.get(upload(client, content, name, query).headers["Location"])
    checked: Any = client.post(columns.request["PATH_INFO"], filled(columns), follow=True)
    assert checked.context["batch"].state == "checked"
    public_id = checked.context["batch"].public_id
    return client.post(reverse("web:import_step", args=[public_id, "apply"]), follow=True)


def in_scope(**conditions: Any) -> int:
    """Employers, counted beside the pages."""
    with acting(SYSTEM):
        return int(Employer.objects.unscoped(WHY).filter(**conditions).count())


def test_the_list_is_finished_in_two_uploads(cast: Cast) -> None:
    client, before = signed_in(cast, "street_officer"), in_scope()
    first = walk(client, csv_of(roster(), "gb18030"), "名册.csv")
    batch = first.context["batch"]
    assert (batch.state, batch.new, batch.wrong) == ("done", ROWS - BAD, BAD)
    assert in_scope() == before + ROWS - BAD
    body = first.content.decode()
    assert "本区没有“户外街道”" in body
    assert "后几位丢了" in body
    back = client.get(f"{reverse('web:import_result', args=[batch.public_id])}?only=wrong")
    sheet = openpyxl.load_workbook(io.BytesIO(back.content)).worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    rows = [[*employer_row(5000 + number), "否", "改好了", ""] for number in range(sheet.max_row - 1)]
    retry = re.search(r'href="[^"]*(&amp;retry=[0-9a-f-]{36})"', body)
    assert retry
    second = walk(client, xlsx_of(heads, rows), "改好.xlsx", retry[1].replace("&amp;", "&"))
    assert (second.context["batch"].new, second.context["batch"].wrong) == (BAD, 0)
    assert in_scope() == before + ROWS

    assert client.post(reverse("web:import_step", args=[second.context["batch"].public_id, "undo"])).status_code == 302
    assert in_scope() == before + ROWS - BAD
    listed: Any = client.get(reverse("web:imports"))
    assert listed.context["listing"].total == 2


def test_a_file_that_is_no_table_is_refused_beside_its_field(cast: Cast) -> None:
    client = signed_in(cast, "street_officer")
    response = upload(client, b"<html><table><tr><td>1</td></tr></table></html>", "x.xls")
    assert response.status_code == 200
    assert "其实是网页" in response.context["form"].errors["file"][0]


def test_another_row_of_heads_is_taken_when_named(cast: Cast) -> None:
    client = signed_in(cast, "street_officer")
    content = csv_of([["甲", "乙"], ["名字", "人"], ["某店", "3"]])
    columns: Any = client.get(upload(client, content, "x.csv").headers["Location"])
    form = filled(columns) | {"head_at": 2}
    again: Any = client.post(columns.request["PATH_INFO"], form, follow=True)
    assert again.context["batch"].heads == ["名字", "人"]
    assert again.context["batch"].state == "mapped"


def test_a_template_can_be_filled_and_imported(cast: Cast) -> None:
    client = signed_in(cast, "street_officer")
    for sheet in ("employers", "unions", "contacts", "coverages"):
        response = client.get(f"{reverse('web:import_template')}?sheet=register.{sheet}")
        assert openpyxl.load_workbook(io.BytesIO(response.content)).worksheets[0].max_column >= 4
    heads = [
        cell.value
        for cell in openpyxl.load_workbook(
            io.BytesIO(client.get(f"{reverse('web:import_template')}?sheet=register.employers").content)
        ).worksheets[0][1]
    ]
    row = ["填好的店" if head == "单位名称*" else "" for head in heads]
    assert walk(client, xlsx_of(heads, [row]), "模板.xlsx").context["batch"].new == 1


def test_a_long_import_is_a_job_that_shows_how_far_it_is(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gonghui.core.exchange.jobs.INLINE", 1)
    client = signed_in(cast, "street_officer")
    rows: list[list[Any]] = [HEADS, *(employer_row(number) for number in range(3))]
    columns: Any = client.get(upload(client, csv_of(rows), "x.csv").headers["Location"])
    waiting: Any = client.post(columns.request["PATH_INFO"], filled(columns), follow=True)
    batch = waiting.context["batch"]
    assert (waiting.status_code, batch.state) == (200, "mapped")
    actor = cast.actor("street_officer")
    check_in_job(batch, actor)
    running: Any = client.post(reverse("web:import_step", args=[batch.public_id, "apply"]), follow=True)
    assert running.context["batch"].state == "importing"
    write_in_job(running.context["batch"], actor)
    with acting(actor):
        assert Batch.objects.visible_to(actor).get(pk=batch.pk).state == "done"
    page: Any = client.post(reverse("web:import_step", args=[batch.public_id, "undo"]), follow=True)
    assert page.context["batch"].state == "undoing"
    assert "正在撤销 3 行" in page.content.decode()
    undo_in_job(page.context["batch"], actor)
    with acting(actor):
        assert Batch.objects.visible_to(actor).get(pk=batch.pk).state == "undone"
        assert not Employer.objects.visible_to(actor).filter(name=rows[1][HEADS.index("单位名称*")]).exists()


def test_the_lists_lead_to_their_import(cast: Cast) -> None:
    client = signed_in(cast, "street_officer")
    for name in ("employers", "unions", "contacts"):
        assert f"?sheet=register.{name}" in client.get(reverse(f"register:{name}")).content.decode()
    reader = signed_in(cast, "district_chair")
    assert "/imports/start/" not in reader.get(reverse("register:employers")).content.decode()
    assert reader.get(reverse("web:start_import")).status_code == 403
