"""Unified social credit codes (统一社会信用代码, GB 32100-2015) with an answer that says which character is wrong."""

from django.utils.translation import gettext as _
from stdnum.cn import uscc

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18
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
