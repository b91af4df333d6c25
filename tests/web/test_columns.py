"""Declared columns and conditions: what they understand, what they say, how they narrow."""

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.db.models import Q

from gonghui.kit.columns import (
    AtLeast,
    AtMost,
    BadValue,
    Choice,
    Column,
    Contains,
    Equals,
    Filter,
    SavedFilter,
    Sheet,
    Since,
    Until,
    YesNo,
)
from gonghui.kit.flow import State
from tests.web.rows import Noted

STREETS = (("1", "德胜"), ("2", "什刹海"))


def narrowed_by(one: Filter, value: Any) -> list[Any]:
    rows: Any = Noted()
    one.narrow(rows, value)
    return rows.filters  # type: ignore[no-any-return]


@pytest.mark.parametrize(("word", "number"), [("100", 100), (" 1,204 ", 1204), ("0", 0), ("２０", 20), ("1，000", 1000)])
def test_numbers_as_people_type_them(word: str, number: int) -> None:
    assert AtLeast("min", "职工").parse([word], ()) == number


@pytest.mark.parametrize("word", ["abc", "-1", "1.5", "2147483648", "9" * 5000, "1e3", "٣x"])
def test_numbers_that_cannot_be(word: str) -> None:
    with pytest.raises(BadValue):
        AtLeast("min", "职工").parse([word], ())


@pytest.mark.parametrize("word", ["2026-11-20", "2026/11/20", "2026.11.20", " 2026-11-20"])
def test_days_as_people_type_them(word: str) -> None:
    assert Since("since", "走访").parse([word], ()) == dt.date(2026, 11, 20)


@pytest.mark.parametrize("word", ["2026-13-01", "2026-02-30", "昨天", "20", "0000-01-01"])
def test_days_that_cannot_be(word: str) -> None:
    with pytest.raises(BadValue):
        Until("until", "走访").parse([word], ())


def test_a_bad_value_says_how_to_mend_it() -> None:
    with pytest.raises(BadValue, match="abc.*100"):
        AtMost("max", "职工").parse(["abc"], ())
    with pytest.raises(BadValue, match="2026-11-20"):
        Since("since", "走访").parse(["昨天"], ())


def test_a_choice_takes_several_and_refuses_what_is_not_offered() -> None:
    street = Choice("street", "街道", choices=STREETS)
    assert street.parse(["1", "2", "1"], STREETS) == ["1", "2"]
    assert street.chip(["1", "2"], STREETS) == "德胜、什刹海"
    with pytest.raises(BadValue):
        street.parse(["1", "3"], STREETS)


def test_choices_may_depend_on_the_actor() -> None:
    assert Choice("street", "街道", choices=lambda actor: [(actor, actor)]).options("德胜") == [("德胜", "德胜")]


def test_every_word_must_be_contained_and_case_matters_only_where_there_is_one() -> None:
    name = Contains("name", "名称", path=("name", "name_pinyin"))
    assert narrowed_by(name, "科技 ab") == [
        Q(name__contains="科技") | Q(name_pinyin__contains="科技"),
        Q(name__icontains="ab") | Q(name_pinyin__icontains="ab"),
    ]


def test_a_condition_may_bring_its_own_way_to_narrow() -> None:
    assert narrowed_by(Contains("name", "名称", path=lambda rows, word: rows.filter(named=word)), "德 胜") == [
        {"named": "德"},
        {"named": "胜"},
    ]
    assert narrowed_by(YesNo("has", "有会员", path=lambda rows, value: rows.filter(members=value)), True) == [{"members": True}]


def test_the_path_defaults_to_the_code() -> None:
    assert narrowed_by(Equals("uscc", "代码"), "x") == [Q(uscc__exact="x")]
    assert narrowed_by(AtLeast("min", "职工", path="headcount"), 5) == [Q(headcount__gte=5)]
    assert narrowed_by(Choice("street", "街道"), ["1"]) == [Q(street__in=["1"])]


def test_chips_are_words() -> None:
    assert AtLeast("min", "职工", unit="人").chip(1204, ()) == "≥ 1,204 人"
    assert Since("since", "走访").chip(dt.date(2026, 1, 2), ()) == "2026-01-02 起"
    has = YesNo("has", "党组织", yes="有", no="无")
    assert has.chip(has.parse(["0"], ()), has.options(None)) == "无"


def test_a_text_is_cut_and_trimmed() -> None:
    assert Contains("name", "名称").parse([" 北京 " + "x" * 500], ()) == "北京 " + "x" * 97


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("text", None, ""),
        ("number", 0, "0"),
        ("number", 15815, "15,815"),
        ("number", Decimal("42600.00"), "42,600.00"),
        ("number", "99.01 %", "99.01 %"),
        ("bool", False, "否"),
        ("date", dt.date(2026, 11, 20), "2026-11-20"),
        ("date", dt.datetime(2026, 11, 20, 20, tzinfo=dt.UTC), "2026-11-21"),
        ("state", State("new", "未联系"), "未联系"),
    ],
)
def test_values_in_words(kind: Any, value: Any, text: str) -> None:
    assert Column("x", "列", kind=kind).text(SimpleNamespace(x=value)) == text


def test_accessors_follow_dots_call_and_stop_at_nothing() -> None:
    row = SimpleNamespace(street=None, get_kind_display=lambda: "企业", of={"name": "德胜"})
    assert Column("street", "街道", accessor="street.name").text(row) == ""
    assert Column("kind", "类别", accessor="get_kind_display").text(row) == "企业"
    assert Column("of", "所在", accessor="of__name").text(row) == "德胜"
    assert Column("two", "二", accessor=lambda row: 2, kind="number").text(row) == "2"


def test_a_sheet_refuses_what_would_confuse_addresses() -> None:
    column = Column("name", "名称", filter=Contains("name", "名称"))
    with pytest.raises(ValueError, match="twice"):
        Sheet("s", "单", columns=(column, column))
    with pytest.raises(ValueError, match="twice"):
        Sheet("s", "单", columns=(column,), filters=(Equals("name", "名称"),))
    with pytest.raises(ValueError, match="unknown"):
        Sheet("s", "单", columns=(column,), saved=(SavedFilter("x", "x", {"y": "1"}),))
    with pytest.raises(ValueError, match="itself"):
        Equals("page", "页")
