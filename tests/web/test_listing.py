"""What the address of a list means. Nothing that can stand in it may raise."""

import uuid
from types import SimpleNamespace
from typing import Any

import pytest
from django.http import QueryDict
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from gonghui.kit.columns import AtLeast, Choice, Column, Contains, SavedFilter, Sheet, Since, YesNo
from gonghui.web.address import Address
from gonghui.web.components import Empty
from gonghui.web.listing import Listing
from tests.web.rows import Noted

ASKED: list[Any] = []


def streets(actor: Any) -> list[tuple[str, str]]:
    ASKED.append(actor)
    return [("1", "德胜"), ("2", "什刹海")]


SHEET = Sheet(
    "lab.firms",
    "单位",
    columns=(
        Column("name", "名称", sort="name_pinyin", link=True, filter=Contains("name", "名称")),
        Column("street", "街道", accessor="street", sort=("street__code", "-name"), p3=True),
        Column("headcount", "职工", kind="number", sort="headcount"),
        Column("uscc", "代码", shown=False),
    ),
    filters=(
        Choice("street", "街道", choices=streets),
        AtLeast("min", "职工", path="headcount", unit="人"),
        Since("since", "走访"),
        YesNo("has", "有会员"),
    ),
    saved=(SavedFilter("big", "百人以上", {"min": "100", "street": ["2", "1"]}), SavedFilter("here", "德胜", {"street": "1"})),
    default_sort="name",
    unit="家",
)
FIRM = SimpleNamespace(public_id=uuid.UUID(int=1), pk=1, name="甲<b>", street="德胜", headcount=1204, uscc="9")


def listing(query: str, counts: tuple[int, ...] | None = (1, 1001, 0), session: Any = None, **more: Any) -> Listing:
    request: Any = RequestFactory().get(f"/firms/?{query}")
    if session is not None:
        request.session = session
    rows: Any = Noted((FIRM,), counts)
    return Listing(request, SHEET, rows, detail_url=lambda firm: f"/firms/{firm.pk}/", **more)


def read(query: str) -> Address:
    return Address.read(SHEET, QueryDict(query))


def test_the_address_round_trips() -> None:
    query = "?name=%E7%A7%91&street=1&street=2&min=100&sort=-headcount&cols=name&cols=headcount&size=20&page=3"
    address = read(query.removeprefix("?"))
    assert address.url(page=address.page) == query


def test_what_is_not_known_is_left_out() -> None:
    address = read("sort=nothing&size=7&cols=zz&page=-3&name=&page=x")
    assert (address.words, address.sort, address.size, address.cols, address.page) == ({}, "name", 50, (), 1)
    assert address.url() == "?"


def test_what_the_page_around_the_list_was_asked_is_passed_on() -> None:
    seen = listing("on=2026-11-20&min=5&open=1&scope=x&sort=-headcount", (120, 0, 0))
    assert seen.next_url == "?on=2026-11-20&scope=x&min=5&sort=-headcount&page=2"
    assert seen.clear_url == "?on=2026-11-20&scope=x&sort=-headcount"
    assert seen.query == "min=5"
    assert ("on", "2026-11-20") in seen.address.hidden


@pytest.mark.parametrize("page", ["99999999999999999999999", "9" * 5000, "1000000000"])
def test_a_page_beyond_the_last_is_the_last(page: str) -> None:
    assert listing(f"page={page}", (120, 0, 0)).page == 3


@pytest.mark.parametrize("page", ["0", "-1", "x", "1.5", "²", ""])
def test_a_page_that_is_none_is_the_first(page: str) -> None:
    assert listing(f"page={page}", (120, 0, 0)).page == 1


@given(
    st.dictionaries(
        st.sampled_from(["name", "street", "min", "since", "has", "sort", "cols", "page", "size", "tab"]), st.text()
    )
)
def test_no_address_raises(params: dict[str, str]) -> None:
    query = QueryDict(mutable=True)
    query.update(params)
    seen = listing(query.urlencode())
    assert seen.chips is not None
    assert seen.tabs
    assert seen.rows is not None
    assert seen.fields


def test_a_bad_value_becomes_a_chip_that_says_so_and_narrows_nothing() -> None:
    seen = listing("min=abc&street=1")
    assert [(chip.label, bool(chip.error)) for chip in seen.chips] == [("街道", False), ("职工", True)]
    assert len(seen.found.filters) == 1  # type: ignore[attr-defined]


def test_a_chip_takes_its_condition_out_and_keeps_the_rest() -> None:
    seen = listing("min=100&street=1&street=2&sort=-headcount&page=4")
    assert [chip.text for chip in seen.chips] == ["德胜、什刹海", "≥ 100 人"]
    assert seen.chips[0].url == "?min=100&sort=-headcount"
    assert seen.clear_url == "?sort=-headcount"


def test_tabs_are_counted_in_one_query_and_capped() -> None:
    seen = listing("street=1&street=2&min=100", (3, 1001, 7))
    assert [(tab.label, tab.count, tab.current) for tab in seen.tabs] == [
        ("全部", "", False),
        ("百人以上", "1,000+", True),
        ("德胜", "7", False),
    ]
    assert seen.total == 3
    assert seen.base.queries == 1  # type: ignore[attr-defined]


def test_a_tab_by_its_name_stands_for_its_conditions() -> None:
    assert listing("tab=here").address.words == {"street": ["1"]}
    assert listing("tab=here&min=5").address.words == {"min": ["5"]}
    assert listing("tab=nothing").address.words == {}


def test_own_filters_become_tabs() -> None:
    own: Any = [SimpleNamespace(label=label, query="min=5&evil=1", is_pinned=label == "最前") for label in ("我的", "最前")]
    made = listing("min=5", (1, 0, 0, 2, 2))
    made.own = own
    assert [str(tab.label) for tab in made.tabs] == ["全部", "最前", "百人以上", "德胜", "我的"]
    assert made.tabs[-1].current


def test_more_than_can_be_counted_is_said() -> None:
    seen = listing("page=9999", (10_001, 0, 0))
    assert (seen.total, seen.total_words, seen.is_capped, seen.page) == (10_000, "10,000+", True, 200)


def test_only_the_rows_of_the_page_are_read_in_a_total_order() -> None:
    seen = listing("sort=-street&page=2&size=20", (45, 0, 0))
    assert seen.rows[0].key == str(FIRM.public_id)
    assert seen.found.slices[-1] == slice(20, 40)  # type: ignore[attr-defined]
    assert seen.found.order == ("-street__code", "name", "pk")  # type: ignore[attr-defined]


def test_choices_are_asked_for_once_a_page() -> None:
    ASKED.clear()
    seen = listing("street=1")
    assert seen.tabs
    assert seen.fields
    assert len(ASKED) == 1


def test_heads_turn_the_order_round() -> None:
    heads = {head.column.code: (head.url, head.direction) for head in listing("sort=headcount").heads}
    assert heads["headcount"] == ("?sort=-headcount", "ascending")
    assert heads["name"] == ("?", "")


def test_columns_of_the_address_win_over_those_kept_which_win_over_the_sheets() -> None:
    session: dict[str, Any] = {}
    assert codes(listing("", session=session)) == ["name", "street", "headcount"]
    assert codes(listing("keep=1&cols=uscc&cols=name", session=session)) == ["name", "uscc"]
    assert codes(listing("", session=session)) == ["name", "uscc"]
    assert codes(listing("cols=street,headcount", session=session)) == ["street", "headcount"]
    assert codes(listing("", session=session)) == ["name", "uscc"]
    assert codes(listing("keep=1", session=session)) == ["name", "street", "headcount"]


def codes(seen: Listing) -> list[str]:
    return [column.code for column in seen.columns]


def test_keeping_columns_does_not_travel_with_links() -> None:
    assert listing("keep=1&cols=uscc&min=5", session={}).address.url(page=2) == "?min=5&page=2"


def test_an_empty_list_is_not_an_empty_search() -> None:
    nothing = Empty("今天没有单位")
    assert listing("", (0, 0, 0), empty=nothing).empty == nothing
    searched = listing("min=5", (0, 0, 0), empty=nothing).empty
    assert searched is not None
    assert searched.link is not None
    assert searched.link.url == "?"
    assert listing("", None).total == 0
