"""What a cell that cannot be read might say instead. A mender may guess freely: `Intake.suggestions` offers only what can be read."""

import datetime as dt
import difflib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from gonghui.kit import uscc
from gonghui.kit.text import Text, plain

SHOWN = 20  # characters of a suggestion that its button repeats
CLOSE = 0.5  # of difflib's ratio: half of the characters of two short names
MOST = 3  # suggestions for one cell
DIGITS = "〇一二三四五六七八九"
UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10_000}
NUMERALS = re.compile(f"[零{DIGITS}{''.join(UNITS)}]+")


@dataclass(frozen=True)
class Suggestion:
    """A text that a cell might hold, and the words of the button that puts it there; `column` where it is another cell of the row."""

    text: str
    label: Text
    column: str = ""


Mender = Callable[[str], Iterable[Suggestion]]


def nothing(text: str) -> Iterable[Suggestion]:
    """For a column of which nothing can be guessed."""
    return ()


def instead(text: str) -> Suggestion:
    """Another text."""
    return Suggestion(text, _("改为“%(text)s”") % {"text": text[:SHOWN]})


def nearest(text: str, words: Sequence[str]) -> list[str]:
    """The words most like a text, several where they are equally like it; none where none is."""
    close = difflib.get_close_matches(text, words, n=MOST, cutoff=CLOSE)
    best = [likeness(text, word) for word in close[:1]]
    return [word for word in close if likeness(text, word) in best]


def likeness(text: str, word: str) -> float:
    """How like they are, from 0 to 1, as `nearest` finds it."""
    return difflib.SequenceMatcher(None, word, text).ratio()


# -- numbers and days -------------------------------------------------------------------------------------------


def arabic(text: str) -> str:
    """The text with its Chinese numbers in digits: 二〇一八年十一月 is 2018年11月."""
    return NUMERALS.sub(lambda found: number_of(found[0]), plain(text))


def number_of(numerals: str) -> str:
    """A Chinese number in digits, spoken with units (一百二十) or digit by digit (二〇一八)."""
    numerals = numerals.replace("零", "〇")
    if not any(one in UNITS for one in numerals):
        return "".join(str(DIGITS.index(one)) for one in numerals)
    total = section = digit = 0
    for one in numerals:
        if one in DIGITS:
            digit = DIGITS.index(one)
        elif one == "万":
            total, section, digit = (section + digit) * UNITS[one], 0, 0
        else:
            section, digit = section + (digit or 1) * UNITS[one], 0
    return str(total + section + digit)


def a_number(text: str) -> Iterator[Suggestion]:
    """The one number in a text: 约 120 人, 十二."""
    numbers = re.findall(r"\d+", arabic(text).replace(",", ""))
    if len(numbers) == 1:
        yield instead(numbers[0])


def a_day(text: str) -> Iterator[Suggestion]:
    """The day that three numbers name: the year is the one of four digits; of the others each may be the month where it stands last."""
    numbers = re.findall(r"\d+", arabic(text))
    if len(numbers) != 3 or [len(one) == 4 for one in numbers] not in ([True, False, False], [False, False, True]):
        return
    is_year_first = len(numbers[0]) == 4
    year, first, second = map(int, numbers if is_year_first else (numbers[2], *numbers[:2]))
    days = [day for month, date in ((first, second), (second, first)) if (day := day_of(year, month, date))]
    for day in days[:1] if is_year_first else dict.fromkeys(days):
        yield instead(day.isoformat())


def day_of(year: int, month: int, date: int) -> dt.date | None:
    """The day, if there is one."""
    try:
        return dt.date(year, month, date)
    except ValueError:
        return None


# -- codes ------------------------------------------------------------------------------------------------------


def a_mobile(text: str) -> Iterator[Suggestion]:
    """A mobile number with a digit too many at its end, or a zero before it."""
    digits = re.sub(r"\D", "", plain(text))
    if len(digits) == 12 and digits.startswith("0"):
        yield Suggestion(digits[1:], _("去掉开头的 0"))
    elif len(digits) == 12:
        yield Suggestion(digits[:-1], _("去掉末位"))


def a_credit_code(text: str) -> Iterator[Suggestion]:
    """The one code that is right without one of the characters, or with digits for the letters that the standard leaves out."""
    code = uscc.normal(text)
    shorter = {code[:at] + code[at + 1 :]: at + 1 for at in range(len(code)) if len(code) == uscc.LENGTH + 1}
    right = [one for one in shorter if uscc.is_right(one)]
    if len(right) == 1:
        position = shorter[right[0]]
        is_last = position == len(code)
        yield Suggestion(right[0], _("去掉末位") if is_last else _("去掉第 %(position)s 位") % {"position": position})
    elif uscc.is_right(alike := code.translate(uscc.LOOKALIKES)):
        yield instead(alike)
