"""The pages of figures: explained in one click, frozen beside live, reported and aimed at; in two languages, within one's scope."""

import datetime as dt
import html
import re
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from gonghui.areas.register.models import Employer
from gonghui.core.actions.door import acting
from gonghui.core.figures.actions import freeze
from gonghui.core.figures.models import FrozenFigure, ReportedFigure, Target
from gonghui.core.figures.queries import target_numbers
from gonghui.core.figures.registry import figures
from gonghui.kit.dates import from_day, today
from tests.cast import SYSTEM, Cast
from tests.figures.test_scenarios import JUNE, MARCH, PAPER, bridge, june, late_and_withdrawn, strike_off
from tests.test_pages import signed_in

__all__ = ["bridge", "june"]


def text(response: Any) -> str:
    """A page as it is read, blanks squeezed."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def page(client: Client, name: str, code: str, cast: Cast, **query: str) -> Any:
    """A page of a figure of the education union, at the end of March unless told otherwise."""
    asked = {"scope": str(cast.education.public_id), "on": MARCH.end.isoformat(), **query}
    response = client.get(f"{reverse(f'web:{name}', args=[code])}?{urlencode(asked)}")
    assert response.status_code == 200, response.content[:500]
    return response


def links(response: Any, holding: str) -> list[str]:
    """The addresses on a page that hold a text."""
    return [html.unescape(url) for url in re.findall(r'href="([^"]+)"', response.content.decode()) if holding in url]


def test_why_in_one_click_from_the_figure_and_the_firms_in_one_more(cast: Cast, bridge: list[Employer]) -> None:
    client = signed_in(cast, "district_chair")
    figure = page(client, "figure", "coverage_rate", cast)
    (url, *_more) = links(figure, "/explained/")
    explained = client.get(url)
    told = text(explained)
    assert "建会率从 70.00% 到 88.89%" in told
    for name, counts in (("学校8", True), ("学校4", True), ("学校7", True), ("学校1 ", False), ("学校9", False)):
        assert (name in told) == counts, name
    terms = {}
    for url in dict.fromkeys(links(explained, "term=")):
        listing = client.get(url).context["listing"]
        terms[url.partition("term=")[2]] = [row.name for row in listing.rows]
    assert terms == {"organised": ["学校8"], "converted": ["学校4"], "-struck_off": ["学校7"]}


def test_the_rows_of_a_term_say_why_and_since_when(cast: Cast, bridge: list[Employer]) -> None:
    client = signed_in(cast, "department_officer")
    told = text(page(client, "figure_explained", "coverage_rate", cast, part="eligible_employers", term="-struck_off"))
    assert "剔除" in told
    assert "失联" in told
    assert f"{MARCH.end.year}-03-12" in told


def test_an_unknown_term_and_the_explanation_of_a_flow_are_missing(cast: Cast) -> None:
    client = signed_in(cast, "district_chair")
    assert client.get("/figures/coverage_rate/explained/?part=employers&term=x").status_code == 404
    assert client.get("/figures/coverage_rate/explained/?term=entered").status_code == 404
    assert client.get("/figures/newly_organised/explained/").status_code == 404


def test_a_value_is_frozen_on_the_desk_and_shown_beside_the_live_one(cast: Cast, bridge: list[Employer]) -> None:
    client = signed_in(cast, "department_officer")
    query = urlencode({"scope": str(cast.education.public_id), "on": JUNE.isoformat()})
    made = client.post(f"/figures/eligible_employers/freeze/?{query}", {"occasion": "半年工作回顾"}, follow=True)
    assert "半年工作回顾" in text(made)
    assert "与定稿一致" in text(made)
    with acting(SYSTEM):
        frozen = FrozenFigure.objects.visible_to(SYSTEM).get()
        strike_off(cast, bridge[9], JUNE, reason="duplicate")
    shown = client.get(reverse("web:frozen_figure", args=[frozen.public_id]))
    assert "−1 撤销" in text(shown)
    assert "学校9" in text(shown)
    (url, *_more) = links(shown, "term=")
    assert [row.name for row in client.get(url).context["listing"].rows] == ["学校9"]
    assert "半年工作回顾" in text(page(client, "figure", "eligible_employers", cast, on=JUNE.isoformat()))
    assert "半年工作回顾" in text(client.get(reverse("web:frozen_figures")))


def test_an_explanation_starts_from_what_was_published(cast: Cast, bridge: list[Employer]) -> None:
    actor = cast.actor("department_officer")
    with acting(actor):
        freeze(cast.education, actor=actor, figure="coverage_rate", when=MARCH.before, occasion="二月月报")
    told = text(page(signed_in(cast, "district_chair"), "figure_explained", "coverage_rate", cast))
    assert "定稿 70.00%" in told
    assert "此后没有变动" in told


def test_freezing_takes_the_right_and_an_occasion(cast: Cast) -> None:
    assert signed_in(cast, "street_officer").get("/figures/employers/freeze/").status_code == 403
    chair = signed_in(cast, "district_chair")
    assert chair.post("/figures/employers/freeze/", {"occasion": " "}).status_code == 200
    data = {"occasion": "年报"}
    assert chair.post("/figures/employers/freeze/", data).status_code == 302
    assert "请换一个用途" in text(chair.post("/figures/employers/freeze/", data))


def test_a_paper_is_kept_beside_the_computed_value(cast: Cast) -> None:
    client = signed_in(cast, "department_officer")
    data = {
        "number": "10893",
        "precision": "exact",
        "source": "西城区总工会2016年工作回顾（四）",
        "page": "标题",
        "until": "2016-11-30",
    }
    data |= {"since": "2016-01-01", "passage": "发展会员10893人"}
    made = client.post("/figures/newly_organised/report/", data, follow=True)
    assert "10,893.00" in text(made)
    with acting(SYSTEM):
        reported = ReportedFigure.objects.visible_to(SYSTEM).get()
        assert (reported.since, reported.until) == (dt.date(2016, 1, 1), dt.date(2016, 11, 30))
    data = {"number": "2617", "precision": "exact", "source": "西城区总工会2016年工作回顾（四）"}
    client.post(reverse("web:reported_step", args=[reported.public_id, "correct"]), data)
    told = text(client.get(reverse("web:reported_figure", args=[reported.public_id])))
    assert "2,617.00家" in told
    assert "更正见报数据" in told
    assert "西城区总工会2016年工作回顾" in text(client.get("/figures/newly_organised/?on=2016-11-30"))


def test_a_target_is_revised_and_its_versions_stay(cast: Cast) -> None:
    client = signed_in(cast, "department_officer")
    data = {"number": "98.5", "basis": PAPER, "since": f"{today().year}-01-01", "until": f"{today().year + 1}-01-01"}
    assert "98.50%" in text(client.post("/figures/coverage_rate/target/", data, follow=True))
    assert "已有目标" in text(client.post("/figures/coverage_rate/target/", data))
    with acting(SYSTEM):
        target = Target.objects.visible_to(SYSTEM).get()
    url = reverse("web:target_step", args=[target.public_id, "revise"])
    assert "99.00%" in text(client.post(url, {"number": "99", "basis": "东工〔2026〕2号"}, follow=True))
    assert "最新的一版" in text(client.post(url, {"number": "97", "basis": PAPER}))
    listing = client.get(reverse("web:targets")).context["listing"]
    assert listing.total == 2


def test_a_rate_is_aimed_at_by_all_below_and_a_number_by_its_own(cast: Cast) -> None:
    year = from_day(today().replace(month=1, day=1), today().replace(month=1, day=1, year=today().year + 1))
    with acting(SYSTEM):
        for one, code, number in (
            (cast.district, "coverage_rate", 98),
            (cast.street, "coverage_rate", 95),
            (cast.district, "newly_organised", 2520),
        ):
            Target(organisation=one, figure=code, period=year, number=number, basis=PAPER, set_on=today()).save(
                force_insert=True
            )
        unions = [cast.district, cast.street, cast.next_street]
        rates = target_numbers(figures["coverage_rate"], unions, today())
        assert [rates.get(one.pk) for one in unions] == [Decimal(98), Decimal(95), Decimal(98)]
        counts = target_numbers(figures["newly_organised"], unions, today())
        assert [counts.get(one.pk) for one in unions] == [Decimal(2520), None, None]


@pytest.mark.parametrize("name", ["figures", "frozen_figures", "reported_figures", "targets"])
def test_lists_open_in_english(cast: Cast, name: str) -> None:
    client = signed_in(cast, "department_officer")
    client.cookies["django_language"] = "en"
    assert client.get(reverse(f"web:{name}")).status_code == 200


def test_what_one_street_published_is_missing_to_the_next(cast: Cast) -> None:
    actor = cast.actor("department_officer")
    with acting(actor):
        frozen = freeze(cast.street, actor=actor, figure="workers", when=today(), occasion="月报")
    url = reverse("web:frozen_figure", args=[frozen.public_id])
    assert signed_in(cast, "street_officer").get(url).status_code == 200
    missing = reverse("web:frozen_figure", args=["6f1d8b1e-0000-4000-8000-000000000000"])
    outsider = signed_in(cast, "outsider")
    assert (outsider.get(url).status_code, outsider.get(url).content) == (404, outsider.get(missing).content)


@pytest.mark.parametrize(
    "query", ["kind=quarter", "kind=month&on=2016-11-30", "kind=free&from=2016-01-01", "kind=x&from=x&on=x"]
)
def test_every_period_can_be_asked(cast: Cast, query: str) -> None:
    client = signed_in(cast, "street_officer")
    for url in ("/figures/", "/figures/newly_organised/", "/figures/newly_organised/rows/", "/figures/coverage_rate/"):
        assert client.get(f"{url}?{query}").status_code == 200


@pytest.mark.parametrize(("language", "sentence"), [("zh-hans", "+1 补录，−1 撤销"), ("en", "+1 entered late, −1 withdrawn")])
def test_the_page_of_a_frozen_figure_tells_late_and_withdrawn_rows_though_totals_agree(
    cast: Cast, bridge: list[Employer], june: FrozenFigure, language: str, sentence: str
) -> None:
    late_and_withdrawn(cast, bridge)
    client = signed_in(cast, "district_chair")
    client.cookies["django_language"] = language
    shown = client.get(reverse("web:frozen_figure", args=[june.public_id]))
    assert sentence in text(shown).casefold()
    rows = {
        url.partition("term=")[2]: [row.name for row in client.get(url).context["listing"].rows]
        for url in links(shown, "term=")
    }
    assert rows == {"late": ["学校9"], "-withdrawn": ["学校0"]}
