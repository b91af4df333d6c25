"""What the address of a list says: conditions, order, columns, page. Whatever stands there, reading it never fails."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.http import urlencode

from gonghui.kit.columns import RESERVED, BadValue, Filter, Options, Sheet

SIZES = (20, 50, 100)
SIZE = 50
MOST_WORDS = 100  # values of one condition
DIGITS = 9
MOST_CARRIED = 12  # parameters of the page itself, which the list passes on

Words = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Condition:
    """One condition of the address: its words, and the value they mean or the sentence why they mean none."""

    filter: Filter
    words: Sequence[str]
    options: Options
    value: Any = None
    error: str = ""


@dataclass(frozen=True)
class Address:
    """The state of a list. Sending the address shows the same list to another person, within that person's rights."""

    sheet: Sheet
    words: Words
    sort: str
    cols: tuple[str, ...] = ()
    page: int = 1
    size: int = SIZE
    keep: bool = False
    carried: tuple[tuple[str, str], ...] = ()

    @classmethod
    def read(cls, sheet: Sheet, query: QueryDict) -> "Address":
        """The address in `query`. A tab's name stands for its conditions as long as no others are given."""
        words = conditions_of(sheet, query) or tab_conditions(sheet, query.get("tab", ""))
        return cls(
            sheet,
            words,
            sort=known_sort(sheet, query.get("sort", "")),
            cols=known_columns(sheet, query.getlist("cols")),
            page=max(number(query.get("page", "")), 1),
            size=size if (size := number(query.get("size", ""))) in SIZES else SIZE,
            keep="keep" in query,
            carried=carried(sheet, query),
        )

    def url(self, *, words: Words | None = None, sort: str | None = None, page: int = 1, size: int | None = None) -> str:
        """This list with something changed; it starts again at the first page unless one is named."""
        sort, size = self.sort if sort is None else sort, size or self.size
        parts: list[tuple[str, Any]] = [*self.carried, *(self.words if words is None else words).items()]
        if sort != self.sheet.default_sort:
            parts.append(("sort", sort))
        if self.cols and not self.keep:
            parts.append(("cols", self.cols))
        if size != SIZE:
            parts.append(("size", size))
        if page > 1:
            parts.append(("page", page))
        return f"?{urlencode(parts, doseq=True)}"

    def without(self, code: str) -> str:
        """This list without one of its conditions."""
        return self.url(words={name: words for name, words in self.words.items() if name != code})

    @property
    def hidden(self) -> list[tuple[str, str]]:
        """What a form about the conditions must carry along."""
        parts = list(self.carried)
        if not self.keep:
            parts += [("cols", code) for code in self.cols]
        if self.sort != self.sheet.default_sort:
            parts.append(("sort", self.sort))
        if self.size != SIZE:
            parts.append(("size", str(self.size)))
        return parts


def conditions_of(sheet: Sheet, query: QueryDict) -> dict[str, list[str]]:
    """The conditions of the sheet that the query names, without empty ones, in the sheet's order."""
    found: dict[str, list[str]] = {}
    for one in sheet.all_filters:
        words = [word for word in query.getlist(one.code)[:MOST_WORDS] if word.strip()]
        if words:
            found[one.code] = words
    return found


def carried(sheet: Sheet, query: QueryDict) -> tuple[tuple[str, str], ...]:
    """What the address says to the page around the list (the day of a figure, its scope) and links must not lose."""
    own = RESERVED | {one.code for one in sheet.all_filters}
    return tuple((name, str(word)[:MOST_WORDS]) for name, word in list(query.items())[:MOST_CARRIED] if name not in own)


def tab_conditions(sheet: Sheet, tab: str) -> dict[str, list[str]]:
    """The conditions of a saved filter that came with the system."""
    for saved in sheet.saved:
        if saved.code == tab:
            return as_words(saved.params)
    return {}


def as_words(params: Mapping[str, str | Sequence[str]]) -> dict[str, list[str]]:
    """Conditions as lists, however they were written."""
    return {code: [value] if isinstance(value, str) else list(value) for code, value in params.items()}


def number(text: str) -> int:
    """A whole number of the address; 0 for anything else. So long a page as has a name is beyond every last page."""
    text = text.strip()
    if not (text.isascii() and text.isdigit()):
        return 0
    return int(text) if len(text) <= DIGITS else 10**DIGITS


def known_sort(sheet: Sheet, text: str) -> str:
    """The order asked for, or the sheet's own."""
    column = sheet.column(text.removeprefix("-"))
    return text if column and column.order else sheet.default_sort


def known_columns(sheet: Sheet, texts: Sequence[str]) -> tuple[str, ...]:
    """The columns asked for, in the sheet's order; both `cols=a,b` and `cols=a&cols=b` are understood."""
    asked = {code for text in texts[:MOST_WORDS] for code in text.split(",")}
    return tuple(column.code for column in sheet.columns if column.code in asked)


def read_condition(one: Filter, words: Sequence[str], options: Options) -> Condition:
    """The condition with its value, or with the sentence that says what is wrong with it."""
    try:
        return Condition(one, words, options, value=one.parse(words, options))
    except BadValue as refusal:
        return Condition(one, words, options, error=str(refusal))
