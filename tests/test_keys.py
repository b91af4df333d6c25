"""Credit codes and pinyin keys: what is computed quickly here is what the libraries of the field compute."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypinyin import Style, lazy_pinyin
from stdnum.cn import uscc as peer

from gonghui.kit import pinyin, uscc

FIRST = st.text(alphabet=uscc.ALPHABET, min_size=17, max_size=17)
NAMES = st.lists(
    st.one_of(
        st.sampled_from(["重庆", "长沙银行", "有限公司", "商贸", "A1", "２号楼", " ", "（北京）", "行", "·"]),
        st.text(max_size=3),
    ),
    max_size=6,
).map("".join)


@given(FIRST)
def test_check_characters_are_those_of_the_standard(first: str) -> None:
    assert uscc.check_character(first) == peer.calc_check_digit(first)


@given(FIRST, st.sampled_from(uscc.ALPHABET))
def test_codes_are_sound_when_the_peer_says_so(first: str, last: str) -> None:
    code = first + last
    if not code[2:8].isdigit():
        with pytest.raises(uscc.BadCode, match="应为数字"):
            uscc.checked(code)
    elif peer.calc_check_digit(first) != last:
        with pytest.raises(uscc.BadCode, match="校验码不符"):
            uscc.checked(code)
    else:
        assert uscc.checked(f" {code[:8]}-{code[8:].lower()} ") == code


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("", "应为 18 位，现在是 0 位"),
        ("91110101MA000000", "应为 18 位，现在是 16 位"),
        ("91110101MA000000IX", "第 17 位“I”不能用"),
        ("9111010XMA00000001", "第 8 位“X”应为数字"),
        ("9111010王MA00000001", "第 8 位“王”不能用"),
        ("9I11010XMA00000001", "第 2 位“I”不能用"),
    ],
)
def test_what_is_wrong_is_said_with_its_position(code: str, sentence: str) -> None:
    with pytest.raises(uscc.BadCode, match=sentence):
        uscc.checked(code)


@given(NAMES)
def test_keys_are_the_readings_of_the_whole_name(name: str) -> None:
    text = pinyin.normal(name)
    readings = lazy_pinyin(text, style=Style.NORMAL, errors=list)  # type: ignore[arg-type]
    assert pinyin.full(name) == " ".join(readings).lower()[: pinyin.MAXIMUM]
