"""Unified social credit codes (统一社会信用代码, GB 32100-2015) with an answer that says which character is wrong."""

import re
from operator import mul

from django.utils.translation import gettext as _
from stdnum.cn import uscc

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
VALUES = {character: value for value, character in enumerate(ALPHABET)}
LENGTH = 18
SHAPE = re.compile(f"[{ALPHABET}]{{2}}[0-9]{{6}}[{ALPHABET}]{{10}}")
WEIGHTS = [pow(3, place, 31) for place in range(LENGTH - 1)]
LOOKALIKES = str.maketrans("IOSVZ", "105U2")  # the letters left out, and what they are read for


class BadCode(ValueError):
    """A code that cannot be right; the message says where and why."""


def normal(text: str) -> str:
    """Upper case, without the blanks and dashes people type."""
    return str(uscc.compact(text))


def checked(text: str) -> str:
    """The normal form of a valid code.

    Raises BadCode: a wrong length, a letter that the standard leaves out (I O S V Z), a letter among the six digits of the
    place, or a check character that does not fit, each with its position counted from 1.
    """
    code = text if SHAPE.fullmatch(text) else normal(text)
    if not SHAPE.fullmatch(code):
        raise BadCode(what_is_wrong(code))
    if (expected := check_character(code[:-1])) != code[-1]:
        raise BadCode(
            _("第 18 位校验码不符：按前 17 位应为“%(expected)s”，现在是“%(found)s”，请核对有没有看错的字")
            % {"expected": expected, "found": code[-1]}
        )
    return code


def what_is_wrong(code: str) -> str:
    """Why a text has not the shape of a code."""
    if len(code) != LENGTH:
        return _("统一社会信用代码应为 18 位，现在是 %(count)s 位") % {"count": len(code)}
    position, character = next(
        (position, character)
        for position, character in enumerate(code, 1)
        if character not in ALPHABET or (3 <= position <= 8 and not character.isdigit())
    )
    if character not in ALPHABET:
        sentence = _("第 %(position)s 位“%(character)s”不能用：代码里没有字母 I、O、S、V、Z")
    else:
        sentence = _("第 %(position)s 位“%(character)s”应为数字：第 3 至 8 位是登记地的行政区划码")
    return sentence % {"position": position, "character": character}


def check_character(first: str) -> str:
    """The 18th character that belongs to the first seventeen: modulus 31, weights 3ⁱ (GB 32100-2015, 5.5)."""
    return ALPHABET[-sum(map(mul, map(VALUES.__getitem__, first), WEIGHTS)) % 31]


def is_right(text: str) -> bool:
    """Whether this is a valid code."""
    try:
        checked(text)
    except BadCode:
        return False
    return True


def near(text: str) -> set[str]:
    """The valid codes that are one slip away: a character wrong, missing or too many, or two neighbours turned round."""
    code = normal(text)
    if not LENGTH - 1 <= len(code) <= LENGTH + 1:
        return set()
    places = range(len(code))
    slips = {
        LENGTH: {code[:at] + one + code[at + 1 :] for at in places for one in ALPHABET}
        | {code[:at] + code[at : at + 2][::-1] + code[at + 2 :] for at in places},
        LENGTH - 1: {code[:at] + one + code[at:] for at in (*places, len(code)) for one in ALPHABET},
        LENGTH + 1: {code[:at] + code[at + 1 :] for at in places},
    }
    return {one for one in slips[len(code)] if one != code and is_right(one)}
