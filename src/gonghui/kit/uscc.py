"""Unified social credit codes (统一社会信用代码, GB 32100-2015) with an answer that says which character is wrong."""

from django.utils.translation import gettext as _
from stdnum.cn import uscc

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
VALUES = {character: value for value, character in enumerate(ALPHABET)}
LENGTH = 18
WEIGHTS = (*(pow(3, place, 31) for place in range(LENGTH - 1)), 1)
LOOKALIKES = str.maketrans("IOSVZ", "105U2")  # the letters left out, and what they are read for
UNION_PREFIX = "81"  # 8 the union department, 1 a grass-roots union


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
    code = normal(text)
    if len(code) != LENGTH:
        raise BadCode(_("统一社会信用代码应为 18 位，现在是 %(count)s 位") % {"count": len(code)})
    for position, character in enumerate(code, 1):
        if character not in ALPHABET:
            raise BadCode(
                _("第 %(position)s 位“%(character)s”不能用：代码里没有字母 I、O、S、V、Z")
                % {"position": position, "character": character}
            )
        if 3 <= position <= 8 and not character.isdigit():
            raise BadCode(
                _("第 %(position)s 位“%(character)s”应为数字：第 3 至 8 位是登记地的行政区划码")
                % {"position": position, "character": character}
            )
    expected = uscc.calc_check_digit(code[:-1])
    if expected != code[-1]:
        raise BadCode(
            _("第 18 位校验码不符：按前 17 位应为“%(expected)s”，现在是“%(found)s”，请核对有没有看错的字")
            % {"expected": expected, "found": code[-1]}
        )
    return code


def is_right(text: str) -> bool:
    """Whether this is a valid code."""
    try:
        checked(text)
    except BadCode:
        return False
    return True


def fits(code: str) -> bool:
    """Whether a code of full length satisfies its check character: the weighted sum is divisible by 31 (GB 32100, 附录 A)."""
    known = all(one in VALUES for one in code)
    return known and sum(weight * VALUES[one] for weight, one in zip(WEIGHTS, code, strict=True)) % 31 == 0


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
    return {one for one in slips[len(code)] if one != code and fits(one) and is_right(one)}
