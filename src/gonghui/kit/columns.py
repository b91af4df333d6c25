"""Lists as declarations: columns, filters and saved filters. List pages, exports, imports and the API follow from them."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gonghui.kit.text import enumerated

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from gonghui.kit.intake import Intake

Rows = QuerySet[Any]
Narrow = Callable[[Rows, Any], Rows]
Options = Sequence[tuple[str, "StrOrPromise"]]
Choices = Options | Callable[[Any], Options]
Kind = Literal["text", "number", "date", "state", "choice", "bool"]

RESERVED = frozenset({"sort", "cols", "keep", "page", "size", "tab", "open", "drawer"})
BIGGEST = 2_147_483_647
LONGEST = 100


class BadValue(ValueError):
    """A condition in the address that cannot be understood; the message says how to mend it."""


@dataclass(frozen=True)
class Filter:
    """One condition. `code` is its name in the address; `path` the field(s) it narrows, or a function that narrows."""

    code: str
    label: "StrOrPromise"
    path: str | tuple[str, ...] | Narrow = ""
    lookup: ClassVar[str] = "exact"
    widget: ClassVar[str] = "text"

    def __post_init__(self) -> None:
        if self.code in RESERVED:
            raise ValueError(f"{self.code} is a word of the list itself")

    def options(self, actor: Any) -> Options:
        """What may be chosen, for this actor."""
        return ()

    def parse(self, words: Sequence[str], options: Options) -> Any:
        """The value from the words of the address. Raises BadValue."""
        return words[-1].strip()[:LONGEST]

    def narrow(self, rows: Rows, value: Any) -> Rows:
        """The rows that meet the condition."""
        if callable(self.path):
            return self.path(rows, value)
        paths = self.path if isinstance(self.path, tuple) else (self.path or self.code,)
        condition = Q()
        for path in paths:
            condition |= Q(**{f"{path}__{self.lookup}": value})
        return rows.filter(condition)

    def chip(self, value: Any, options: Options) -> str:
        """The value in words."""
        return str(value)


@dataclass(frozen=True)
class Contains(Filter):
    """The text contains every word typed. Text without letter case (Chinese) is matched by LIKE, so that its index serves."""

    widget: ClassVar[str] = "text"

    def narrow(self, rows: Rows, value: Any) -> Rows:
        for word in str(value).split():
            if callable(self.path):
                rows = self.path(rows, word)
                continue
            lookup = "contains" if word.lower() == word.upper() else "icontains"
            condition = Q()
            for path in self.path if isinstance(self.path, tuple) else (self.path or self.code,):
                condition |= Q(**{f"{path}__{lookup}": word})
            rows = rows.filter(condition)
        return rows


@dataclass(frozen=True)
class Equals(Filter):
    """The text is the same, outer blanks aside."""


@dataclass(frozen=True)
class Choice(Filter):
    """One or more of a list of codes; several mean "any of them"."""

    choices: Choices = ()
    lookup: ClassVar[str] = "in"
    widget: ClassVar[str] = "choice"

    def options(self, actor: Any) -> Options:
        return self.choices(actor) if callable(self.choices) else self.choices

    def parse(self, words: Sequence[str], options: Options) -> list[str]:
        known = {code for code, label in options}
        for word in words:
            if word not in known:
                raise BadValue(_("没有“%(word)s”这一项，请从列表中选") % {"word": word[:20]})
        return list(dict.fromkeys(words))

    def chip(self, value: Any, options: Options) -> str:
        return enumerated(label for code, label in options if code in value)


@dataclass(frozen=True)
class AtLeast(Filter):
    """A whole number, as a lower limit."""

    unit: "StrOrPromise" = ""
    lookup: ClassVar[str] = "gte"
    widget: ClassVar[str] = "number"
    sign: ClassVar[str] = "≥"

    def parse(self, words: Sequence[str], options: Options) -> int:
        return whole_number(words[-1])

    def chip(self, value: Any, options: Options) -> str:
        return f"{self.sign} {value:,} {self.unit}".rstrip()


@dataclass(frozen=True)
class AtMost(AtLeast):
    """A whole number, as an upper limit."""

    lookup: ClassVar[str] = "lte"
    sign: ClassVar[str] = "≤"


@dataclass(frozen=True)
class Since(Filter):
    """A day, and all after it."""

    lookup: ClassVar[str] = "gte"
    widget: ClassVar[str] = "date"

    def parse(self, words: Sequence[str], options: Options) -> dt.date:
        return day(words[-1])

    def chip(self, value: Any, options: Options) -> str:
        return _("%(day)s 起") % {"day": value.isoformat()}


@dataclass(frozen=True)
class Until(Since):
    """A day, and all before it; the day itself is included."""

    lookup: ClassVar[str] = "lte"

    def chip(self, value: Any, options: Options) -> str:
        return _("%(day)s 止") % {"day": value.isoformat()}


@dataclass(frozen=True)
class YesNo(Filter):
    """A yes or a no; in the address 1 and 0."""

    yes: "StrOrPromise" = ""
    no: "StrOrPromise" = ""
    widget: ClassVar[str] = "one"

    def options(self, actor: Any) -> Options:
        return (("1", self.yes or _("是")), ("0", self.no or _("否")))

    def parse(self, words: Sequence[str], options: Options) -> bool:
        if words[-1] not in {"0", "1"}:
            raise BadValue(_("只能是“是”（1）或“否”（0）"))
        return words[-1] == "1"

    def chip(self, value: Any, options: Options) -> str:
        return str(dict(options)["1" if value else "0"])


def whole_number(word: str) -> int:
    """A whole number as people type it. Raises BadValue."""
    try:
        number = int(word[:40].replace(",", "").replace("，", ""))
    except ValueError:
        raise BadValue(_("“%(word)s”不是整数，请只填数字，例如 100") % {"word": word[:20]}) from None
    if not 0 <= number <= BIGGEST:
        raise BadValue(_("数字应在 0 到 %(biggest)s 之间") % {"biggest": f"{BIGGEST:,}"})
    return number


def day(word: str) -> dt.date:
    """A day as people type it: 2026-11-20, 2026/11/20 or 2026.11.20. Raises BadValue."""
    try:
        found = parse_date(word.strip()[:10].replace("/", "-").replace(".", "-"))
    except ValueError:
        found = None
    if found is None:
        raise BadValue(_("“%(word)s”不是日期，请写成 2026-11-20") % {"word": word[:20]})
    return found


def attribute(row: Any, path: str) -> Any:
    """`path` with dots (or ORM's double underscores) followed from the row; what can be called is called; None ends it."""
    value = row
    for name in path.replace("__", ".").split("."):
        value = value.get(name) if isinstance(value, Mapping) else getattr(value, name)
        value = value() if callable(value) else value
        if value is None:
            return None
    return value


@dataclass(frozen=True)
class Column:
    """One column. `accessor` defaults to the code; a column with `sort` can be ordered by these ORM paths.

    `intake` says how its cells are read from a workbook; a column without one is not imported.
    """

    code: str
    label: "StrOrPromise"
    accessor: str | Callable[[Any], Any] = ""
    kind: Kind = "text"
    sort: str | tuple[str, ...] = ()
    filter: Filter | None = None
    shown: bool = True
    p3: bool = False
    link: bool = False
    unit: "StrOrPromise" = ""
    intake: "Intake | None" = None

    def value(self, row: Any) -> Any:
        """The row's value in this column, as it is stored."""
        return self.accessor(row) if callable(self.accessor) else attribute(row, self.accessor or self.code)

    def words(self, value: Any) -> str:
        """A value of this column in words."""
        return words(value, self.kind)

    def text(self, row: Any) -> str:
        """The row's value in words, for the screen and for pasting into a sheet."""
        return self.words(self.value(row))

    @property
    def order(self) -> tuple[str, ...]:
        """The ORM paths of `sort`."""
        return (self.sort,) if isinstance(self.sort, str) else self.sort


def words(value: Any, kind: Kind) -> str:
    """A value as it is read; nothing is an empty text, never "None"."""
    if value is None or value == "":
        return ""
    if kind == "bool":
        return _("是") if value else _("否")
    if kind == "number" and isinstance(value, int | float | Decimal):
        return f"{value:,}"
    if isinstance(value, dt.date):
        return f"{timezone.localtime(value) if isinstance(value, dt.datetime) else value:%Y-%m-%d}"
    return str(getattr(value, "label", value))


@dataclass(frozen=True)
class SavedFilter:
    """A filter with a name that comes with the system; `params` are conditions as the address writes them."""

    code: str
    label: "StrOrPromise"
    params: Mapping[str, str | Sequence[str]]


@dataclass(frozen=True)
class Sheet:
    """One list: its columns, its conditions (those of columns first), its saved filters and what its rows are counted in."""

    code: str
    label: "StrOrPromise"
    columns: tuple[Column, ...]
    filters: tuple[Filter, ...] = ()
    saved: tuple[SavedFilter, ...] = ()
    default_sort: str = ""  # a column's code, with "-" for descending
    hidden: Mapping[str, str] = field(
        default_factory=dict
    )  # condition → the value whose rows are shown where it is asked for only
    unit: "StrOrPromise" = gettext_lazy("条")
    all_filters: tuple[Filter, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        own = tuple(column.filter for column in self.columns if column.filter)
        object.__setattr__(self, "all_filters", own + self.filters)
        _refuse_doubles(self.code, (column.code for column in self.columns))
        _refuse_doubles(self.code, (one.code for one in self.all_filters))
        unknown = {code for saved in self.saved for code in saved.params} - {one.code for one in self.all_filters}
        if unknown:
            raise ValueError(f"{self.code}: saved filters name unknown conditions {sorted(unknown)}")

    def column(self, code: str) -> Column | None:
        """The column of this code, if there is one."""
        return next((column for column in self.columns if column.code == code), None)


def _refuse_doubles(sheet: str, codes: Iterable[str]) -> None:
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            raise ValueError(f"{sheet}: {code} twice")
        seen.add(code)
