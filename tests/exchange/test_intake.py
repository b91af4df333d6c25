"""Cells as people keep them, read or refused in words."""

import datetime as dt
from contextlib import suppress

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from gonghui.kit import intake
from gonghui.kit.columns import BadValue
from gonghui.kit.text import beside, enumerated, together

DAYS = {
    "2018-05-01": dt.date(2018, 5, 1),
    "2018.5.1": dt.date(2018, 5, 1),
    "2018/5/1": dt.date(2018, 5, 1),
    "２０１８年５月１日": dt.date(2018, 5, 1),
    "2018年5月": dt.date(2018, 5, 1),
    "2018.5": dt.date(2018, 5, 1),
    "2018-05-01 00:00:00": dt.date(2018, 5, 1),
    "20180501": dt.date(2018, 5, 1),
    "43221": dt.date(2018, 5, 1),
}


@pytest.mark.parametrize("text", DAYS)
def test_days(text: str) -> None:
    assert intake.day(text) == DAYS[text]


@pytest.mark.parametrize(
    ("text", "why"),
    [("2018-02-30", "没有"), ("2018.1", "分不清"), ("去年", "不是日期"), ("1018-05-01", "年份"), ("9999999999", "不是日期")],
)
def test_what_is_no_day(text: str, why: str) -> None:
    with pytest.raises(BadValue, match=why):
        intake.day(text)


@given(st.dates(dt.date(1954, 10, 5), dt.date(2119, 1, 1)))
def test_excels_numbers_of_days(value: dt.date) -> None:
    assert intake.day(str((value - dt.date(1899, 12, 30)).days)) == value


@pytest.mark.parametrize(("text", "number"), [("12", 12), ("１２", 12), ("1,200", 1200), ("12.0", 12), ("12人", 12), ("0", 0)])
def test_whole_numbers(text: str, number: int) -> None:
    assert intake.whole(text) == number


@pytest.mark.parametrize("text", ["十二", "-1", "1.5", "99999999999999999999", "2147483648", "1e3", ""])
def test_what_is_no_whole_number(text: str) -> None:
    with pytest.raises(BadValue):
        intake.whole(text)


@pytest.mark.parametrize("text", ["1.10102E+17", "1.10105199003071E+17", "9.1E17"])
def test_a_code_that_excel_has_rounded_is_named_as_such(text: str) -> None:
    with pytest.raises(BadValue, match="后几位丢了"):
        intake.code(text)


def test_phones() -> None:
    assert intake.phone("+86 138-1234-2046") == "13812342046"
    assert intake.phone("010-66668888") == "01066668888"
    for text in ("138123420460", "1381234204", "电话", "123"):
        with pytest.raises(BadValue):
            intake.phone(text)


def test_choices_are_written_as_code_or_label_or_both() -> None:
    options = [("170", "私营企业"), ("400", "事业")]
    for text in ("170", "私营企业", "170 私营企业", "１７０", "170私营企业"):
        assert intake.one_of(text, options) == "170"
    with pytest.raises(BadValue, match="可填：私营企业、事业"):
        intake.one_of("私人", options)


@given(st.text(max_size=40))
def test_no_text_breaks_a_reader(text: str) -> None:
    for reader in (intake.day, intake.whole, intake.code, intake.phone, intake.yes_no, intake.words(10)):
        with suppress(BadValue):
            reader(text)


def test_texts_stand_side_by_side_as_the_language_writes_them() -> None:
    with translation.override("zh-hans"):
        assert (enumerated("甲乙"), beside(["甲", "", None, "乙"]), together("甲乙")) == ("甲、乙", "甲，乙", "甲；乙")
    with translation.override("en"):
        assert (enumerated("AB"), beside("AB"), together("AB")) == ("A, B", "A, B", "A; B")
