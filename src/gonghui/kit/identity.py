"""Numbers of identity documents: the resident ID (GB 11643), residence permits, passports.

The first six digits of a resident ID are never compared with today's divisions: who was registered in a district that is abolished
by now (崇文, 宣武) keeps his number for life.
"""

import datetime as dt
import re
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from stdnum.cn import ric

from gonghui.kit.dates import today

LONGEST_LIFE = 130  # years


class DocumentKind(TextChoices):
    """What kind of document it is."""

    RESIDENT = "resident", _("居民身份证")
    HMT_RESIDENCE = "hmt_residence", _("港澳台居民居住证")
    HM_PERMIT = "hm_permit", _("港澳居民来往内地通行证")
    TW_PERMIT = "tw_permit", _("台湾居民来往大陆通行证")
    FOREIGNER = "foreigner", _("外国人永久居留身份证")
    PASSPORT = "passport", _("护照")


FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}  # → ASCII
BETWEEN = re.compile(r"[\s\-]")  # what people type between digits
HMT_REGIONS = ("81", "82", "83")  # 香港、澳门、台湾 in the first two digits (GB/T 2260)
PATTERNS = {
    DocumentKind.HM_PERMIT: re.compile(r"[HM]\d{8}(\d{2})?"),
    DocumentKind.TW_PERMIT: re.compile(r"\d{8}|\d{10}"),
    DocumentKind.FOREIGNER: re.compile(r"[A-Z]{3}\d{12}|9\d{17}"),
    DocumentKind.PASSPORT: re.compile(r"[A-Z0-9]{5,17}"),
}


class BadNumber(ValueError):
    """A number that cannot be right; the message says where and why, and never repeats it."""


@dataclass(frozen=True)
class Document:
    """A checked number, and what it tells about its holder (None and empty: nothing)."""

    kind: str
    number: str
    born: dt.date | None = None
    sex: str = ""

    @property
    def masked(self) -> str:
        """First six and last four characters of an 18-digit number (110102********123X); of others the first and the last two."""
        if len(self.number) == 18:
            return f"{self.number[:6]}********{self.number[-4:]}"
        return f"{self.number[:1]}{'*' * (len(self.number) - 3)}{self.number[-2:]}"


def kind_of(number: str) -> str:
    """The likeliest kind of a number that is typed without one; one digit too few or too many makes no passport of a resident ID."""
    number = compact(number)
    if re.fullmatch(r"\d{11,}X?", number):
        return DocumentKind.HMT_RESIDENCE if number.startswith(HMT_REGIONS) and len(number) == 18 else DocumentKind.RESIDENT
    for kind in (DocumentKind.HM_PERMIT, DocumentKind.FOREIGNER):
        if PATTERNS[kind].fullmatch(number):
            return kind
    return DocumentKind.PASSPORT


def compact(text: str) -> str:
    """Capital letters and digits, full width folded, without the blanks and dashes people type."""
    return BETWEEN.sub("", text.translate(FULL_WIDTH)).upper()


def checked(text: str, kind: str = "") -> Document:
    """A document from what was typed; without a kind the likeliest one. Raises BadNumber."""
    number = compact(text)
    kind = kind or kind_of(number)
    if kind in (DocumentKind.RESIDENT, DocumentKind.HMT_RESIDENCE):
        return _with_check_character(number, kind)
    if not PATTERNS[DocumentKind(kind)].fullmatch(number):
        raise BadNumber(_now("不像%(kind)s的号码，请核对证件类别和号码") % {"kind": DocumentKind(kind).label})
    return Document(kind, number)


def check_character(number: str) -> str:
    """The 18th character that the first 17 ask for (GB 11643; ISO 7064 MOD 11-2)."""
    return str(ric.calc_check_digit(f"{number[:17]}0"))


def _with_check_character(number: str, kind: str) -> Document:
    if kind == DocumentKind.RESIDENT and re.fullmatch(r"\d{15}", number):
        number = f"{number[:6]}19{number[6:]}"  # before 1999: two digits of the year, no check character
        number += check_character(number)
    if not re.fullmatch(r"\d{17}[\dX]", number):
        raise BadNumber(_now("证件号码应为 18 位（最后一位可以是 X），现在是 %(count)s 位") % {"count": len(number)})
    if (kind == DocumentKind.HMT_RESIDENCE) != number.startswith(HMT_REGIONS):
        raise BadNumber(_now("证件类别与号码不符：81、82、83 开头的是港澳台居民居住证"))
    try:
        born = dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise BadNumber(_now("第 7 至 14 位不是一个日期，请核对出生日期")) from None
    if not 0 <= today().year - born.year <= LONGEST_LIFE:
        raise BadNumber(_now("第 7 至 10 位的出生年份不对，请核对"))
    if check_character(number) != number[17]:
        raise BadNumber(_now("最后一位校验码不符，请核对有没有看错的字"))
    return Document(kind, number, born, "male" if int(number[16]) % 2 else "female")
