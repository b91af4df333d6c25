"""How cells of a workbook are read: texts as people keep them become values, or a sentence that says what is wrong and how to mend it.

A column declares an `Intake`; the readers below raise BadValue. Digits may be full width, days may be texts or Excel's numbers of
days, a code that Excel has rounded is named as such instead of being taken for another one.
"""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from gonghui.kit import mending
from gonghui.kit.columns import BIGGEST, BadValue, Choices, Options
from gonghui.kit.mending import Mender, Suggestion, instead, nearest
from gonghui.kit.text import Text, enumerated, plain

Reader = Callable[[str], Any]

CLEARED = "清空"  # what empties a value; an empty cell keeps it
CLEARING = frozenset({CLEARED, "clear"})
NEW = "新"  # what stands for the code of a record that is not there yet, though one of the same name is
DECLARING_NEW = frozenset({NEW, "新增", "new"})
NOTES = ("注", "说明", "填表", "备注", "制表")  # what a note under a list begins with
SUMS = ("合计", "总计", "小计")  # what a line of sums begins with
SHOWN = 20  # characters of a bad value that are repeated in a sentence
MOST_TYPED = 500  # characters of a cell that are shown to be mended, and that may be typed into it
MOST_OF_CODE = 64
MOBILE = re.compile(r"1[3-9][0-9]{9}")
SCIENTIFIC = re.compile(r"\d(\.\d+)?[eE]\+?\d+")
REPLACEMENT = "\ufffd"
FIRST, LAST = dt.date(1900, 1, 1), dt.date(2200, 1, 1)
SERIAL_EPOCH = dt.date(1899, 12, 30)  # Excel's day 0, its day of 1900-02-29 that never was included
SERIALS = range(20_000, 80_000)  # 1954 to 2119: days as Excel counts them
YEAR_MONTH_DAY = re.compile(r"(\d{4})(?:[-/.年]|\s)(\d{1,2})(?:[-/.月]|\s)(\d{1,2})(?:日|号)?")
YEAR_MONTH = re.compile(r"(\d{4})(?:[-/年])(\d{1,2})月?")
DOTTED = re.compile(r"(\d{4})\.(\d{1,2})")
MOST_MONEY = Decimal("999999999999.99")  # as much as a column of money holds
MONEY = re.compile(r"-?\d+(\.\d+)?")
MONTHS = re.compile(r"(\d{4})(?:[-/.年])?(\d{1,2})月?")
QUARTER = re.compile(r"(\d{4})年?(?:第?([1-4一二三四])季度?|Q([1-4]))", re.IGNORECASE)
SPAN = re.compile(r"(.+?)(?:至|到|~|—|–|--)(.+)")
YES = frozenset({"是", "有", "√", "✓", "✔", "y", "yes", "true", "1", "对"})
NO = frozenset({"否", "无", "没有", "×", "x", "n", "no", "false", "0", "不是"})


def words(longest: int) -> Reader:
    """A text of at most so many characters, its blanks squeezed and otherwise as typed."""

    def read(text: str) -> str:
        text = " ".join(text.split())
        if REPLACEMENT in text:
            raise BadValue(_("有认不出或不能保存的字符，请重新输入这一格"))
        if len(text) > longest:
            raise BadValue(_("有 %(count)s 个字，最多 %(most)s 个") % {"count": len(text), "most": longest})
        return text

    return read


def code(text: str) -> str:
    """An identifier: capital letters and digits without blanks. A number that Excel has rounded is refused."""
    found = plain(text).replace(" ", "").upper()
    if SCIENTIFIC.fullmatch(found):
        raise BadValue(_("Excel 已把这个代码改成了数字，后几位丢了。请把这一列设为“文本”后重新填写"))
    if REPLACEMENT in found or len(found) > MOST_OF_CODE:
        raise BadValue(_("“%(word)s”不像一个代码，请核对") % {"word": found[:SHOWN]})
    return found


def phone(text: str) -> str:
    """A telephone number as digits, without dashes, blanks and the country's +86."""
    if REPLACEMENT in text or len(text) > MOST_OF_CODE:  # the sentence of a code would repeat what is personal
        raise BadValue(_("这不像一个电话号码，请核对"))
    found = re.sub(r"[\s\-()]", "", code(text)).removeprefix("+86")
    if not found.isdigit():
        raise BadValue(_("电话只能是数字，现在有别的字符"))
    if not 7 <= len(found) <= 12 or (found.startswith("1") and len(found) != 11 and len(found) > 8):
        raise BadValue(_("电话现在是 %(count)s 位；手机应为 11 位，固定电话 7 至 12 位") % {"count": len(found)})
    return found


def mobile(text: str) -> str:
    """A mobile number as eleven digits (工信部 numbering plan: 1, then 3 to 9), without dashes, blanks and the country's +86."""
    found = re.sub(r"[\s\-()]", "", code(text)).removeprefix("+86")
    if not MOBILE.fullmatch(found):
        digits = sum(letter.isdigit() for letter in found)
        raise BadValue(_("手机号应为 11 位数字，以 13 至 19 开头；现在有 %(count)s 位数字，请核对") % {"count": digits})
    return found


def whole(text: str) -> int:
    """A whole number as people keep it: 1,200, １２, 12.0, 12人."""
    found = re.sub(r"[\s,，]|[人名家个]$", "", plain(text)).removesuffix(".0")
    if not (found.isascii() and found.isdigit()):
        raise BadValue(_("“%(word)s”不是整数，请只填数字，例如 100") % {"word": text[:SHOWN]})
    if len(found) > 12 or int(found) > BIGGEST:
        raise BadValue(_("数字应在 0 到 %(biggest)s 之间") % {"biggest": f"{BIGGEST:,}"})
    return int(found)


def money(text: str) -> Decimal:
    """An amount in yuan as people keep it, with at most two decimals: 1,234.5, ￥1234.50, 1234元."""
    found = re.sub(r"[\s,，¥￥]|元$", "", plain(text))
    if not MONEY.fullmatch(found):
        raise BadValue(_("“%(word)s”不是金额，请只填数字，例如 1200.50") % {"word": text[:SHOWN]})
    value = Decimal(found)
    if value < 0:
        raise BadValue(_("金额不能是负数；退款请从原来那一期里减去"))
    if value > MOST_MONEY or value != round(value, 2):
        raise BadValue(_("“%(word)s”超出范围，或者小数超过两位，请核对") % {"word": text[:SHOWN]})
    return round(value, 2)


def period(text: str) -> tuple[dt.date, dt.date]:
    """A period as its first and last day: 2026-09, 202609, 2026年9月; 2026年3季度, 2026Q3; 2026-07-01至2026-09-30; 202607-202609."""
    found = plain(text).replace(" ", "")
    if match := QUARTER.fullmatch(found):
        quarter = "一二三四".find(match[2] or "-") + 1 or int(match[2] or match[3])
        return dt.date(int(match[1]), 3 * quarter - 2, 1), last_of_month(int(match[1]), 3 * quarter)
    if match := SPAN.fullmatch(found) or re.fullmatch(r"(\d{6}|\d{8})-(\d{6}|\d{8})", found):
        since, until = period_of(match[1], text)[0], period_of(match[2], text)[1]
        if since > until:
            raise BadValue(_("“%(word)s”的起止颠倒了，请核对") % {"word": text[:SHOWN]})
        return since, until
    return period_of(found, text)


def period_of(found: str, text: str) -> tuple[dt.date, dt.date]:
    """One month, or one day of a period that is given by its ends."""
    if (match := MONTHS.fullmatch(found)) and 1 <= int(match[2]) <= 12 and FIRST.year <= int(match[1]) < LAST.year:
        return dt.date(int(match[1]), int(match[2]), 1), last_of_month(int(match[1]), int(match[2]))
    try:
        one = day(found)
    except BadValue:
        raise BadValue(_("“%(word)s”不是所属期，请写成 2026-09 或 2026-07-01至2026-09-30") % {"word": text[:SHOWN]}) from None
    return one, one


def last_of_month(year: int, month: int) -> dt.date:
    """The last day of a month."""
    return dt.date(year + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)


def day(text: str) -> dt.date:
    """A day: 2018-05-01, 2018.5.1, 2018年5月1日, 20180501, Excel's 43221; a month alone (2018年5月) is its first day."""
    found = plain(text)
    if found.isdigit() and int(found) in SERIALS:
        return SERIAL_EPOCH + dt.timedelta(days=int(found))
    year, month, date = parts_of_day(found.partition(" ")[0] if ":" in found else found, text)
    try:
        value = dt.date(year, month, date)
    except ValueError:
        raise BadValue(_("没有“%(word)s”这一天，请核对") % {"word": text[:SHOWN]}) from None
    if not FIRST <= value < LAST:
        raise BadValue(_("“%(word)s”的年份不对，请核对") % {"word": text[:SHOWN]})
    return value


def parts_of_day(found: str, text: str) -> tuple[int, int, int]:
    """Year, month and day. Raises BadValue for what is no day, or a month that Excel may have shortened."""
    if match := YEAR_MONTH_DAY.fullmatch(found) or re.fullmatch(r"(\d{4})(\d\d)(\d\d)", found):
        return int(match[1]), int(match[2]), int(match[3])
    if match := YEAR_MONTH.fullmatch(found):
        return int(match[1]), int(match[2]), 1
    if match := DOTTED.fullmatch(found):
        if match[2] == "1":  # 2018.10 kept as a number is 2018.1
            raise BadValue(_("“%(word)s”分不清是 1 月还是 10 月，请写成 2018-01-01 的样子") % {"word": text[:SHOWN]})
        return int(match[1]), int(match[2]), 1
    raise BadValue(_("“%(word)s”不是日期，请写成 2026-11-20") % {"word": text[:SHOWN]})


def yes_no(text: str) -> bool:
    """Yes or no, as people write it."""
    found = plain(text).lower()
    if found not in YES | NO:
        raise BadValue(_("请填“是”或“否”，现在是“%(word)s”") % {"word": text[:SHOWN]})
    return found in YES


def one_of(text: str, options: Options) -> str:
    """The code of a choice, written as its code, its label or both ("170 私营企业"). Raises BadValue."""
    found = plain(text)
    for key, label in options:
        label_words = plain(str(label))
        if found in (key, label_words, f"{key} {label_words}", f"{key}{label_words}", f"{key}-{label_words}"):
            return key
    names = enumerated(label for _key, label in options[:8])
    more = _("等") if len(options) > 8 else ""
    raise BadValue(_("没有“%(word)s”这一项，可填：%(names)s%(more)s") % {"word": found[:SHOWN], "names": names, "more": more})


MENDERS: dict[Reader, Mender] = {
    day: mending.a_day,
    whole: mending.a_number,
    phone: mending.a_mobile,
    mobile: mending.a_mobile,
}
"""What may be guessed of a cell that one of these readers cannot read."""


@dataclass(frozen=True)
class Intake:
    """How a column is read from a workbook, and how it is shown in a template to be filled.

    `heads` are other words that stand over such a column. What is read of a column with `choices` must be one of them. A fixed one is
    given when a record is new; of an existing one it must say what is there. What is personal is never repeated in full. `mends`
    guesses what a cell might say that cannot be read.
    """

    reads: Reader = words(200)
    heads: Sequence[str] = ()
    choices: Choices = ()
    hint: Text = ""
    is_required: bool = False
    is_fixed: bool = False
    is_personal: bool = False
    mends: Mender | None = None

    def options(self, actor: Any) -> Options:
        """What may be chosen, for this actor."""
        return self.choices(actor) if callable(self.choices) else self.choices

    def value(self, text: str, options: Options) -> Any:
        """The value of a filled cell. Raises BadValue."""
        value = self.reads(text)
        return one_of(value, options) if options else value

    def suggestions(self, text: str, options: Options) -> list[Suggestion]:
        """What a cell that cannot be read might say instead: the nearest choices, or what can be made of it."""
        if options:
            return [instead(word) for word in nearest(plain(text), [str(label) for _key, label in options])]
        mends = self.mends or MENDERS.get(self.reads, mending.nothing)
        return [one for one in mends(text) if self.can_read(one.text)]

    def can_read(self, text: str) -> bool:
        """Whether a text is a value of this column."""
        try:
            self.reads(text)
        except BadValue:
            return False
        return True


def shown(text: str, intake: Intake) -> str:
    """A cell as it may be repeated in a list of problems."""
    if intake.is_personal and len(text) > 2:
        return f"{text[:3]}****{text[-2:]}" if len(text) > 7 else f"****{text[-2:]}"
    return text[:MOST_TYPED]
