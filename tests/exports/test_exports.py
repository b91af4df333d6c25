"""What is exported is what is seen: the same rows, in the same order and columns, and not one more."""

import argparse
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import override

from gonghui.areas.register.actions import EmployerRow, add_contact, edit_employer, enter_employers
from gonghui.areas.register.sheets import EMPLOYERS as EMPLOYERS_SHEET
from gonghui.config import verbs
from gonghui.core.access.actions import end_grant
from gonghui.core.access.roles import ROLES
from gonghui.core.actions.door import acting
from gonghui.core.exchange.exports import lists
from gonghui.core.figures.registry import Ratio, figures
from gonghui.core.files.models import StoredFile
from gonghui.kit.dates import today
from gonghui.web import runs
from gonghui.web.jobs import carry_out
from gonghui.web.listing import MOST
from gonghui.web.models import Run
from gonghui.web.pages import exports
from tests.cast import LONG_AGO, SYSTEM, Cast
from tests.exports.books import do_jobs, export, newest, opened
from tests.files.test_files import grant_of
from tests.test_budgets import lists as list_pages
from tests.test_pages import signed_in

EMPLOYERS = "/exports/list:register.employers/"


def more_employers(cast: Cast, count: int) -> None:
    with acting(SYSTEM):
        rows = [
            EmployerRow(f"第{number:04d}店", LONG_AGO, region=cast.street.region, headcount=number) for number in range(count)
        ]
        enter_employers(cast.street, actor=SYSTEM, rows=rows)


def listing(client: Any, url: str) -> Any:
    return client.get(url).context["listing"]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "coverage=none",
        "workers_min=100&sort=-headcount",
        "name=北京&cols=name&cols=uscc&cols=headcount&cols=entered_on",
        "coverage=nonsense&workers_max=abc&sort=nonsense&cols=nonsense",
        "tab=big_uncovered",
    ],
)
def test_an_export_is_the_list_row_for_row(cast: Cast, query: str) -> None:
    more_employers(cast, 60)  # more than a page
    client = signed_in(cast, "street_officer")
    url = f"{reverse('register:employers')}?{query}"
    shown = listing(client, url)
    pages = [listing(client, f"{url}&page={page}") for page in range(1, shown.pages + 1)]
    cells = [[cell.text for cell in row.cells] for page in pages for row in page.rows]
    keys = [row.key for page in pages for row in page.rows]
    lines, notes = export(client, shown.export_url)
    assert lines[0] == [str(column.label) for column in shown.columns] + ["记录编号"]
    assert [line[-1] for line in lines[1:]] == keys
    assert [[in_words(value) for value in line[:-1]] for line in lines[1:]] == [
        [text.replace(",", "") for text in row] for row in cells
    ]
    assert notes["条数"] == f"{len(keys):,}"


def in_words(value: Any) -> str:
    """A cell of the workbook as the screen writes it."""
    return "" if value is None else f"{value:%Y-%m-%d}" if hasattr(value, "year") else str(value)


def test_the_second_sheet_says_what_it_is(cast: Cast) -> None:
    client = signed_in(cast, "street_officer")
    _lines, notes = export(client, f"{EMPLOYERS}?coverage=none&workers_min=100&sort=-headcount", "report_up")
    assert notes["列表"] == "单位"
    assert notes["条件"] == "建会 未建会；职工 ≥ 100 人"
    assert notes["排序"] == "职工，从大到小"
    assert notes["条数"] == "1"
    assert notes["用途"] == "上报上级工会"
    assert notes["导出人"] == "周敏，街道（系统）工会干部，东华门街道总工会"
    assert {"口径", "导出时间", "再导入"} <= set(notes)


def test_identifiers_are_texts_days_are_days_numbers_are_numbers(cast: Cast) -> None:
    with acting(SYSTEM):
        edit_employer(cast.mill, actor=SYSTEM, uscc="91110000100003962Y", address="=1+1")
    lines, _notes = export(
        signed_in(cast, "street_officer"), f"{EMPLOYERS}?name=博闻&cols=uscc&cols=headcount&cols=entered_on&cols=address"
    )
    assert lines[0] == ["统一社会信用代码", "职工", "地址", "入册日期", "记录编号"]
    code, workers, address, entered, record = lines[1]
    assert (code, workers, address) == ("91110000100003962Y", 142, "=1+1")
    assert entered.date() == LONG_AGO
    assert record == str(cast.mill.public_id)


FORMULAS = ["=1+1", "+1", "-1", "@x", "\t=1", '=HYPERLINK("http://x")', "＝1+1", "=cmd|' /C calc'!A0"]


@pytest.mark.parametrize("name", FORMULAS)
def test_a_name_that_looks_like_a_formula_is_a_text(cast: Cast, name: str) -> None:
    with acting(SYSTEM):
        edit_employer(cast.mill, actor=SYSTEM, name=name, address=name)
    client = signed_in(cast, "street_officer")
    lines, _notes = export(client, f"{EMPLOYERS}?coverage=none&cols=name&cols=address")
    assert lines[1][:2] == [name, name]
    _file, content = newest()
    assert b"<f>" not in b"".join(sheets(content))


def sheets(content: bytes) -> list[bytes]:
    book = ZipFile(BytesIO(content))
    return [book.read(name) for name in book.namelist() if "worksheets" in name]


def test_masked_values_stay_masked(cast: Cast) -> None:
    with acting(SYSTEM):
        add_contact(cast.mill, actor=SYSTEM, post="chair", name="李想", phone="13912345678", since=LONG_AGO)
    lines, _notes = export(signed_in(cast, "street_officer"), "/exports/list:register.contacts/")
    assert {line[3] for line in lines[1:]} == {"138****2046", "139****5678"}
    assert b"13912345678" not in b"".join(sheets(newest()[1]))


# -- purpose and rights -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("purpose", ["", "nonsense"])
def test_nothing_leaves_without_a_purpose(cast: Cast, purpose: str) -> None:
    response = signed_in(cast, "street_officer").post(EMPLOYERS, {"purpose": purpose})
    assert response.status_code == 200
    assert "id_purpose_error" in response.content.decode()
    with acting(SYSTEM):
        assert not StoredFile.objects.unscoped("any file").exists()


def test_the_file_is_the_users_own_for_a_week_and_tells_its_purpose(cast: Cast) -> None:
    export(signed_in(cast, "street_officer"), EMPLOYERS)
    file, _content = newest()
    assert file.owner == cast.users["street_officer"]
    assert file.organisation is None
    assert file.purpose == "核对名册"
    assert file.scope == [cast.street.path]
    assert file.kept_until is not None
    assert (file.kept_until - timezone.localdate(file.stored_at)).days == 7
    assert file.name.startswith("单位_")


def test_everybody_exports_what_he_sees_and_nothing_else(cast: Cast) -> None:
    seen = {}
    for name in ("street_officer", "outsider", "enterprise_chair", "department_officer"):
        lines, _notes = export(signed_in(cast, name), EMPLOYERS)
        seen[name] = {line[-1] for line in lines[1:]}
    ours = {str(one.public_id) for one in (cast.firm, cast.shop, cast.mill)}
    assert seen["street_officer"] == ours
    assert seen["outsider"] == {str(cast.neighbour.public_id)}
    assert seen["enterprise_chair"] == {str(cast.firm.public_id)}
    assert seen["department_officer"] == ours | {str(cast.neighbour.public_id)}


def test_lists_one_may_not_see_are_not_there(cast: Cast) -> None:
    answers = {
        (name, code): signed_in(cast, name).post(f"/exports/list:{code}/", {"purpose": "check"}).status_code
        for name in ("administrator", "street_officer")
        for code in ("register.employers", "access.grants", "no.such")
    }
    assert answers == {
        ("administrator", "register.employers"): 404,
        ("administrator", "access.grants"): 302,
        ("administrator", "no.such"): 404,
        ("street_officer", "register.employers"): 302,
        ("street_officer", "access.grants"): 404,
        ("street_officer", "no.such"): 404,
    }
    assert signed_in(cast, "street_officer").post("/exports/nonsense/", {"purpose": "check"}).status_code == 404


NOT_EXPORTED = {
    "web.runs": "notes about work, not records",
    "exchange.imports": "notes about work, not records",
    "access.tokens": "what opens the API stays here",
    "figures.frozen": "a published figure is read with its definition, on its own page",
    "figures.reported": "a reported value is read with its source, on its own page",
    "figures.targets": "a target is read with its basis, on its own page",
}


def test_every_list_with_a_page_exports(cast: Cast) -> None:
    """A new list is exported as soon as its sheet is registered; one that has no button has not been."""
    found: set[str] = set()
    for name in ("department_officer", "administrator"):
        client = signed_in(cast, name)
        for _address, url in list_pages(client):
            shown = listing(client, url)
            if shown.sheet.code in NOT_EXPORTED:
                continue
            assert shown.export_url, f"{url} has no export: register its sheet with `exportable`"
            lines, _notes = export(client, shown.export_url)
            assert len(lines) - 1 >= min(shown.total, MOST)
            found.add(shown.sheet.code)
    print(f"\nexported: {sorted(found)}")
    assert set(lists) - found == {"register.coverages"}  # read on the pages of unions; exported by the command line


def test_every_role_that_sees_a_list_may_export_it() -> None:
    assert {role.code for role in ROLES.values() if "exchange.export_list" not in role.permissions} == set()


# -- figures ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [code for code, figure in figures.items() if not isinstance(figure, Ratio)])
def test_the_rows_behind_a_figure_export(cast: Cast, code: str) -> None:
    client = signed_in(cast, "street_officer")
    shown = listing(client, f"{reverse('web:figure_rows', args=[code])}?scope={cast.street.public_id}")
    lines, notes = export(client, shown.export_url)
    assert [line[-1] for line in lines[1:]] == [row.key for row in shown.rows]
    assert notes["口径"] == str(figures[code].definition)
    assert cast.street.name in notes["列表"]


def test_the_rows_of_a_cell_export_as_that_cell(cast: Cast) -> None:
    client = signed_in(cast, "department_officer")
    url = f"{reverse('web:figure_rows', args=['employers'])}?scope={cast.district.public_id}&by=managing&key={cast.next_street.pk}"
    lines, _notes = export(client, listing(client, url).export_url)
    assert [line[-1] for line in lines[1:]] == [str(cast.neighbour.public_id)]


@pytest.mark.parametrize("query", ["by=nonsense&key=1", "by=managing&key=nonsense", "scope=nonsense&on=nonsense"])
def test_nonsense_in_the_address_is_no_error(cast: Cast, query: str) -> None:
    client = signed_in(cast, "street_officer")
    assert client.get(f"/exports/figure:employers/?{query}").status_code in (200, 404)
    assert client.get("/exports/figure:coverage_rate/").status_code == 404
    assert client.get("/exports/figure:no_such/").status_code == 404


# -- as a job ---------------------------------------------------------------------------------------------------


def long_export(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> tuple[Any, Run]:
    """An export that is too long for its page, its job not yet done."""
    monkeypatch.setattr(exports, "MOST_AT_ONCE", 2)
    client = signed_in(cast, "street_officer")
    response = client.post(f"{EMPLOYERS}?coverage=none", {"purpose": "check"})
    with acting(SYSTEM):
        run: Run = Run.objects.unscoped("the run just begun").latest("pk")
    assert response.headers["Location"] == f"/runs/{run.public_id}/"
    return client, run


def test_a_long_list_is_exported_by_a_job(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    more_employers(cast, 25)
    monkeypatch.setattr("gonghui.core.exchange.exports.CHUNK", 10)
    told: list[int] = []
    note = runs.note

    def noting(run: Run, actor: Any, **values: Any) -> None:
        told.append(values.get("done", 0))
        note(run, actor, **values)

    monkeypatch.setattr(runs, "note", noting)
    client, run = long_export(cast, monkeypatch)
    page = client.get(f"/runs/{run.public_id}/").content.decode()
    assert 'hx-trigger="every 2s"' in page
    assert do_jobs() == 1
    after = client.get(f"/runs/{run.public_id}/")
    assert "hx-trigger" not in after.content.decode()
    run = after.context["run"]
    assert (run.state, run.total, run.done) == ("done", 26, 26)
    assert {10, 20, 26} <= set(told)
    lines, notes = opened(client.post(f"/files/{run.file.public_id}/").content)
    assert len(lines) == 27
    assert notes["条件"] == "建会 未建会"


def test_a_job_reads_the_rights_of_now(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    more_employers(cast, 5)
    _client, run = long_export(cast, monkeypatch)
    with acting(SYSTEM):
        end_grant(grant_of(cast, "street_officer"), actor=SYSTEM, on=today())
    do_jobs()
    with acting(SYSTEM):
        run.refresh_from_db()
        assert (run.state, run.file) == ("failed", None)
        assert "权限" in run.problem


def test_a_stopped_export_leaves_no_file(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    more_employers(cast, 5)
    client, run = long_export(cast, monkeypatch)
    assert client.post(f"/runs/{run.public_id}/stop/").status_code == 302
    do_jobs()
    assert client.get(f"/runs/{run.public_id}/").context["run"].state == "stopped"
    with acting(SYSTEM):
        assert not StoredFile.objects.unscoped("any file").exists()


def test_a_job_that_runs_twice_makes_one_file(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    more_employers(cast, 5)
    _client, run = long_export(cast, monkeypatch)
    for _time in range(2):
        carry_out.func(user_id=cast.users["street_officer"].pk, run=str(run.public_id))
    with acting(SYSTEM):
        assert StoredFile.objects.unscoped("every file").count() == 1


def test_anothers_run_is_not_there(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    more_employers(cast, 5)
    _client, run = long_export(cast, monkeypatch)
    for name in ("outsider", "department_officer"):
        client = signed_in(cast, name)
        assert client.get(f"/runs/{run.public_id}/").status_code == 404
        for step in ("start", "stop", "undo"):
            assert client.post(f"/runs/{run.public_id}/{step}/").status_code == 404


def test_an_export_speaks_its_users_language(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    more_employers(cast, 5)
    monkeypatch.setattr(exports, "MOST_AT_ONCE", 2)
    client = signed_in(cast, "street_officer")
    client.cookies["django_language"] = "en"
    with override("zh-hans"):  # the language of this thread stands again afterwards
        client.post(EMPLOYERS, {"purpose": "check"})
        translation.activate("zh-hans")
        do_jobs()
    lines, _notes = opened(newest()[1])
    assert lines[0][0] == "Employer name"


# -- on the command line ----------------------------------------------------------------------------------------


def command(tmp_path: Path, sheet: str, code: str) -> tuple[int, Path]:
    target = tmp_path / "out.xlsx"
    return verbs.export(argparse.Namespace(sheet=sheet, organisation=code, to=target)), target


def test_the_command_line_writes_one_organisations_list_in_every_column(cast: Cast, tmp_path: Path) -> None:
    status, target = command(tmp_path, "register.employers", cast.next_street.code or "")
    assert status == 0
    lines, notes = opened(target.read_bytes())
    assert lines[0] == [str(column.label) for column in EMPLOYERS_SHEET.columns] + ["记录编号"]
    assert [line[-1] for line in lines[1:]] == [str(cast.neighbour.public_id)]
    assert notes["条数"] == "1"


@pytest.mark.parametrize(("sheet", "code"), [("no.such", "110101001"), ("register.employers", "999999")])
def test_the_command_line_says_what_it_does_not_know(cast: Cast, tmp_path: Path, sheet: str, code: str) -> None:
    status, target = command(tmp_path, sheet, code)
    assert status == 2
    assert not target.exists()
