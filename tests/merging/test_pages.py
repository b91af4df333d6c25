"""The pages of duplicates: two side by side, one afterwards, two again."""

import pytest
from django.test import Client
from django.urls import reverse

from gonghui.areas.register.actions import merge_employers
from gonghui.areas.register.models import Employer
from tests.cast import SYSTEM, Cast
from tests.merging.records import day, entered, fresh, own_union
from tests.test_pages import signed_in

NAME = "北京宏达商贸有限公司"


@pytest.fixture
def officer(cast: Cast) -> Client:
    return signed_in(cast, "department_officer")


@pytest.fixture
def pair(cast: Cast) -> tuple[Employer, Employer]:
    return entered(cast.street, NAME, headcount=9), entered(cast.street, NAME, day(2020), values={"address": "王府井1号"})


def said(client: Client, name: str, *arguments: object) -> str:
    return client.get(reverse(f"register:{name}", args=arguments)).content.decode()


def test_a_pair_is_merged_and_parted_from_its_page(officer: Client, pair: tuple[Employer, Employer]) -> None:
    one, other = pair
    page = said(officer, "duplicate_employers")
    assert "名称相同；同一街道" in page
    assert "第 1 对，共 1 对" in page
    answer = officer.post(reverse("register:merge_employer", args=[one.public_id]), {"other": other.public_id}, follow=True)
    assert f"已合并到“{NAME}”" in answer.content.decode()
    assert "没有疑似重复的单位" in answer.content.decode()
    assert (fresh(other).merged_into, fresh(one).address) == (one, "王府井1号")
    merge = answer.context["merges"][0]
    assert merge.detail == f"{NAME} → {NAME}"
    assert "和合并前一样" in officer.post(merge.url, follow=True).content.decode()
    assert fresh(other).state == "active"


def test_told_apart_from_its_page(officer: Client, pair: tuple[Employer, Employer]) -> None:
    one, other = pair
    url = reverse("register:tell_employer_apart", args=[one.public_id])
    assert "已记下：不是同一家单位" in officer.post(url, {"other": other.public_id}, follow=True).content.decode()
    assert "没有疑似重复的单位" in said(officer, "duplicate_employers")


def test_a_merged_record_is_out_of_the_list_and_leads_to_the_kept_one(officer: Client, pair: tuple[Employer, Employer]) -> None:
    one, other = pair
    step = reverse("register:employer_step", args=[other.public_id, "merge"])
    assert "无代码，东华门街道总工会" in officer.get(step).content.decode(), "the two have one name"
    officer.post(step, {"kept": one.public_id})
    page = said(officer, "employer", other.public_id)
    assert f"并入“{NAME}”，不再计数" in page
    assert reverse("register:employer", args=[one.public_id]) in page
    assert "修改资料" not in page
    assert f"{NAME} → {NAME}" in said(officer, "employer", one.public_id), "the timeline tells it"
    listed = reverse("register:employers")
    for query, keys in (("", {one.pk}), ("?state=merged", {other.pk}), ("?state=active", {one.pk})):
        rows = officer.get(f"{listed}{query}").context["listing"].found
        assert {row.pk for row in rows.filter(name=NAME)} == keys, query
    officer.post(reverse("register:employer_step", args=[other.public_id, "unmerge"]))
    assert fresh(other).state == "active"


def test_who_does_not_see_the_kept_one_learns_only_that_there_is_one(cast: Cast) -> None:
    merge_employers(cast.mill, actor=SYSTEM, dropped=cast.neighbour)
    page = said(signed_in(cast, "outsider"), "employer", cast.neighbour.public_id)
    assert "并入别处的记录，不再计数" in page
    assert cast.mill.name not in page


def test_unions_are_merged_from_theirs(cast: Cast, officer: Client) -> None:
    one, other = (own_union(cast.street, name) for name in ("宏达商贸工会", "北京宏达商贸工会委员会"))
    assert "去掉地名和组织形式后名称相同" in said(officer, "duplicate_unions")
    officer.post(reverse("register:union_step", args=[other.public_id, "merge"]), {"kept": one.public_id})
    assert f"并入“{one.name}”，不再计数" in said(officer, "union", other.public_id)
    assert {row.name for row in officer.get(reverse("register:unions")).context["listing"].found} >= {one.name}
    assert other.name not in {row.name for row in officer.get(reverse("register:unions")).context["listing"].found}
    officer.post(reverse("register:union_step", args=[other.public_id, "unmerge"]))
    assert fresh(other).state == "active"


@pytest.mark.parametrize("name", ["street_officer", "outsider"])
def test_streets_do_not_merge(cast: Cast, pair: tuple[Employer, Employer], name: str) -> None:
    client = signed_in(cast, name)
    one, other = pair
    assert client.get(reverse("register:duplicate_employers")).status_code == 403
    url = reverse("register:merge_employer", args=[one.public_id])
    assert client.post(url, {"other": other.public_id}).status_code == 403
    assert fresh(other).state == "active"
