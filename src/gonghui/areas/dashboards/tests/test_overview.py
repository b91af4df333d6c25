"""The leader's page: gaps with names, every street a row, cells that open as many rows as they say, one sheet of paper."""

import datetime as dt
import html
import re
import subprocess
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from gonghui.areas.register.actions import EmployerRow, cover_employers, enter_employers
from gonghui.core.actions.door import acting
from gonghui.core.figures.actions import set_target
from gonghui.core.organisations.models import Organisation
from gonghui.kit import paper
from gonghui.kit.dates import from_day, today
from tests.cast import LONG_AGO, SYSTEM, Cast, region
from tests.test_pages import signed_in

YESTERDAY = today() - dt.timedelta(days=1)


@pytest.fixture
def target(cast: Cast) -> None:
    """The district aims at 80 per cent; Donghuamen has eight of ten, Jingshan none of three, the education union nothing."""
    year = from_day(dt.date(2015, 1, 1), today() + dt.timedelta(days=400))
    with acting(SYSTEM):
        set_target(
            cast.district, actor=SYSTEM, figure="coverage_rate", period=year, number=Decimal(80), basis="东工〔2026〕1号"
        )
        for street, count, covered in ((cast.street, 7, 6), (cast.next_street, 2, 0)):
            names = [f"{street.name[:2]}店{number}" for number in range(count)]
            rows = [EmployerRow(name, LONG_AGO, region=street.region, headcount=10 * place) for place, name in enumerate(names)]
            firms = enter_employers(street, actor=SYSTEM, rows=rows)
            if covered:
                cover_employers(cast.joint, actor=SYSTEM, employers=firms[:covered], since=YESTERDAY)


def text(response: Any) -> str:
    """A page as it is read."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def overview(client: Client, query: str = "") -> Any:
    response = client.get(f"{reverse('dashboards:overview')}{query}")
    assert response.status_code == 200
    return response


def lines(response: Any) -> dict[str, list[Any]]:
    """The grid: name → cells."""
    return {str(row.name): row.cells for row in response.context["rows"]}


def test_the_page_opens_with_what_is_missing_and_who_would_close_the_gap(cast: Cast, target: None) -> None:
    said = text(overview(signed_in(cast, "district_chair")))
    # Jingshan: none of three, 2.4 wanted; the whole: 8 of 13, 10.4 wanted
    assert "东城区总工会还差 3 家达标" in said
    assert "景山街道总工会 还差 3 家 达到 80%： 景山店1 、 北京景山西街茶庄 、 景山店0" in said
    assert "东华门街道总工会 还差" not in said


def test_every_union_is_a_row_the_widest_gap_first_and_zero_rows_too(cast: Cast, target: None) -> None:
    by_managing = lines(overview(signed_in(cast, "department_officer")))
    assert list(by_managing) == ["景山街道总工会", "东华门街道总工会", "东城区教育工会"]
    assert [cell.text for cell in by_managing["东城区教育工会"]] == ["—", "—", "0", "0", "0"]
    assert [cell.depth for cell in by_managing["景山街道总工会"]][:1] == [3]
    by_place = lines(overview(signed_in(cast, "department_officer"), "?basis=place"))
    assert set(by_place) == {"景山街道总工会", "东华门街道总工会"}


def test_a_school_stands_in_the_row_of_its_system_or_of_its_street(cast: Cast) -> None:
    with acting(SYSTEM):
        enter_employers(cast.education, actor=SYSTEM, rows=[EmployerRow("景山小学", LONG_AGO, region=cast.next_street.region)])
        enter_employers(cast.district, actor=SYSTEM, rows=[EmployerRow("无街道单位", LONG_AGO, region=region("110101"))])
    client = signed_in(cast, "district_chair")
    lacking = {name: cells[-1].text for name, cells in lines(overview(client)).items()}
    assert lacking == {"东城区总工会": "1", "东华门街道总工会": "1", "景山街道总工会": "1", "东城区教育工会": "1"}
    lacking = {name: cells[-1].text for name, cells in lines(overview(client, "?basis=place")).items()}
    assert lacking == {"东华门街道总工会": "1", "景山街道总工会": "2", "未定": "1"}


@pytest.mark.parametrize("query", ["", "?basis=place", f"?on={YESTERDAY}&kind=month", "?kind=free&from=2014-01-01"])
def test_a_cell_opens_as_many_rows_as_it_says(cast: Cast, target: None, query: str) -> None:
    client = signed_in(cast, "district_chair")
    shown, opened = overview(client, query), 0
    for row in [*shown.context["rows"], shown.context["total"]]:
        for cell in row.cells:
            listing = client.get(cell.url).context["listing"]
            if cell.state is None and "%" not in cell.text and cell.text != "—" and "." not in cell.text:
                assert listing.total == int(cell.text.replace(",", "").replace("−", "-")), (row.name, cell.url)
                opened += 1
    for gap in shown.context["gaps"]:
        assert client.get(gap.url).context["listing"].total >= int(gap.count)
    assert opened >= 9


def test_a_rate_opens_the_units_it_counts_and_the_filters_survive(cast: Cast, target: None) -> None:
    client = signed_in(cast, "district_chair")
    cells = lines(overview(client, f"?on={YESTERDAY}"))["东华门街道总工会"]
    response = client.get(cells[0].url)
    assert response.context["listing"].total == 8
    assert YESTERDAY.isoformat() in text(response)
    assert response.context["ask"].on == YESTERDAY


def test_at_most_six_figures_each_with_definition_day_target_and_last_year(cast: Cast, target: None) -> None:
    cards = overview(signed_in(cast, "district_chair")).context["cards"]
    assert len(cards) <= 6
    for card in cards:
        labels = [str(part.label) for part in card.parts]
        assert str(card.definition)
        assert card.as_of == today()
        assert "去年同期" in labels
    assert "目标" in [str(part.label) for part in cards[0].parts]


def test_the_trend_has_a_table_of_its_numbers(cast: Cast, target: None) -> None:
    response = overview(signed_in(cast, "district_chair"))
    assert "<svg" in response.content.decode()
    assert "本年和上年每月末的数值，见下表" in text(response)
    ((_this, now), (_last, then), _difference) = response.context["trend_rows"]
    assert (len(now), len(then)) == (12, 12)
    assert now[-1] == "61.54"  # 8 of 13
    assert now[0] == "15.38"  # 2 of 13: six are covered since yesterday


@pytest.mark.parametrize("name", ["district_chair", "department_officer", "street_officer"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_page_opens_in_both_languages(cast: Cast, name: str, language: str) -> None:
    client = signed_in(cast, name)
    client.cookies["django_language"] = language
    overview(client)


def test_a_street_sees_its_own_row_and_the_rate_that_the_district_set(cast: Cast, target: None) -> None:
    response = overview(signed_in(cast, "outsider"))
    assert list(lines(response)) == ["景山街道总工会"]
    assert "东华门店" not in text(response)
    assert response.context["has_target"]


@pytest.mark.parametrize("name", ["enterprise_chair", "administrator"])
def test_others_do_not_lead(cast: Cast, name: str) -> None:
    assert signed_in(cast, name).get(reverse("dashboards:overview")).status_code == 403


def test_another_districts_scope_falls_back_to_ones_own(cast: Cast) -> None:
    response = overview(signed_in(cast, "street_officer"), f"?scope={cast.next_street.public_id}")
    assert response.context["ask"].scope.organisation == cast.street


def pdf(client: Client, tmp_path: Path, query: str = "") -> Path:
    """The page on paper."""
    response = client.get(f"{reverse('dashboards:paper')}{query}")
    assert response["Content-Type"] == "application/pdf"
    file = tmp_path / "overview.pdf"
    file.write_bytes(response.content)
    return file


def told(*command: str) -> str:
    """What a tool says of a PDF."""
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_one_sheet_of_paper_in_the_shipped_font(cast: Cast, target: None, tmp_path: Path) -> None:
    file = pdf(signed_in(cast, "district_chair"), tmp_path)
    content = file.read_bytes()
    assert content.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type ?/Page\b", content)) == 1
    embedded = set(re.findall(rb"/BaseFont ?/[A-Z]{6}\+([\w-]+)", content))
    assert embedded == {b"NotoSansSC-Regular", b"NotoSansSC-Bold"}


@pytest.mark.skipif(not Path("/usr/bin/pdffonts").exists(), reason="poppler reads the PDF back")
def test_the_paper_says_what_the_page_says(cast: Cast, target: None, tmp_path: Path) -> None:
    with acting(SYSTEM):
        Organisation.objects.unscoped("a name that would be markup").filter(pk=cast.next_street.pk).update(
            name="#panic() *景山*"
        )
    file = str(pdf(signed_in(cast, "district_chair"), tmp_path))
    fonts = [line.split() for line in told("pdffonts", file).splitlines()[2:]]
    assert fonts
    assert all("NotoSansSC" in line[0] and "yes" in line for line in fonts)
    said = "".join(told("pdftotext", "-layout", file, "-").split())
    for word in ("数据总览", "东城区总工会", "#panic()*景山*还差3家达到80%", "景山店1", "61.54", "达标"):
        assert word in said, word


def test_the_font_writes_what_gbk_holds() -> None:
    assert (paper.FONTS / "OFL.txt").read_text(encoding="utf-8").count("SIL OPEN FONT LICENSE")
    assert {one.name for one in paper.FONTS.glob("*.ttf")} == {"NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf"}
