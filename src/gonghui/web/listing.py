"""One list on one page: rows, chips, tabs, columns and counts from a sheet, an address and the rows the actor may see."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import IntegerField, QuerySet, Subquery
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from gonghui.core.exchange.exports import lists
from gonghui.core.exchange.importers import importers
from gonghui.core.reference.queries import choices
from gonghui.kit.columns import Column, Filter, Options, Sheet
from gonghui.kit.dates import today
from gonghui.kit.flow import State
from gonghui.web.address import SIZES, Address, Condition, Words, as_words, conditions_of, read_condition
from gonghui.web.bulk import BulkStep, offered_steps
from gonghui.web.components import Empty, Link
from gonghui.web.models import SavedFilter, own_filters

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MOST = 10_000  # rows counted and reachable by page
MOST_IN_TAB = 1_000
MOST_BOXES = 20  # choices shown as boxes; more become a list to open


class Counted(Subquery):
    """The number of rows of a query, as one value of another."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()
    empty_result_set_value = 0

    def __init__(self, rows: QuerySet[Any], most: int) -> None:
        super().__init__(rows.order_by().values("pk")[: most + 1])


@dataclass(frozen=True)
class Chip:
    """An active condition and the list without it."""

    label: "StrOrPromise"
    text: str
    url: str
    error: str = ""


@dataclass(frozen=True)
class Head:
    """A column's head; `url` turns the order round, `direction` is "ascending", "descending" or ""."""

    column: Column
    url: str = ""
    direction: str = ""


@dataclass(frozen=True)
class Cell:
    """A value in words, or a state; `url` makes a link of it."""

    css: str
    text: str
    state: State | None = None
    url: str = ""


@dataclass(frozen=True)
class Row:
    """One row: its key in the address (`?open=`), the page it opens, its cells."""

    key: str
    url: str
    cells: Sequence[Cell]
    name: str


@dataclass(frozen=True)
class Field:
    """A control of the filter form."""

    filter: Filter
    words: Sequence[str]
    options: Options
    error: str

    @property
    def word(self) -> str:
        """What a single control shows."""
        return self.words[-1] if self.words else ""

    @property
    def has_boxes(self) -> bool:
        """Whether a few boxes serve better than a list to open."""
        return self.filter.widget == "choice" and len(self.options) <= MOST_BOXES


class Listing:
    """A list as a page shows it. Three queries: the user's own filters, every count, the page's rows."""

    def __init__(
        self,
        request: HttpRequest,
        sheet: Sheet,
        rows: QuerySet[Any],
        *,
        detail_url: Callable[[Any], str] | None = None,
        empty: Empty | None = None,
        has_drawer: bool = True,
        is_counted: bool = True,
    ) -> None:
        self.request, self.sheet, self.detail_url = request, sheet, detail_url
        self.actor = getattr(request, "actor", None)
        self.address = Address.read(sheet, request.GET)
        self._options: dict[str, Options] = {}
        self.conditions = self._read(self.address.words)
        self.base = rows
        self.found = self._narrowed(self.conditions)
        self._empty, self.has_drawer = empty, has_drawer
        self.is_counted = is_counted  # the number of rows stands beside the heading
        self.source = f"list:{sheet.code}"  # the name by which exports and bulk actions find the list again (seen.py)
        self.columns = self._columns()

    def options(self, one: Filter) -> Options:
        """What may be chosen in a condition; asked for once a page."""
        if one.code not in self._options:
            self._options[one.code] = one.options(self.actor)
        return self._options[one.code]

    def _read(self, words: Words) -> list[Condition]:
        named = [one for one in self.sheet.all_filters if one.code in words]
        return [read_condition(one, words[one.code], self.options(one)) for one in named]

    def _narrowed(self, conditions: list[Condition]) -> QuerySet[Any]:
        """The rows that meet the conditions; without those that are hidden until their condition is asked."""
        asked = {one.filter.code for one in conditions if not one.error}
        hidden = {code: value for code, value in self.sheet.hidden.items() if code not in asked}
        rows = self.base.exclude(**hidden) if hidden else self.base
        return narrowed(rows, conditions)

    def template(self, whole: str) -> str:
        """The template for this request: the part that htmx asked for, or the whole page."""
        return "web/list.html#list" if self.is_part else whole

    @property
    def is_part(self) -> bool:
        """Whether htmx asks for the list alone."""
        htmx: Any = getattr(self.request, "htmx", None)
        return bool(htmx and htmx.target == "list" and not htmx.history_restore_request)

    @cached_property
    def own(self) -> list[SavedFilter]:
        """The filters that the user saved for this list."""
        return list(own_filters(self.actor, self.sheet.code)) if self.actor else []

    # -- counts -------------------------------------------------------------------------------------------------

    @cached_property
    def _saved(self) -> list[tuple["StrOrPromise", Words]]:
        """The filters that stand as tabs: the user's pinned ones, the system's, the user's others."""
        system: list[tuple[StrOrPromise, Words]] = [(saved.label, as_words(saved.params)) for saved in self.sheet.saved]
        pinned, others = ([self._own(saved) for saved in self.own if saved.is_pinned is is_first] for is_first in (True, False))
        return [*pinned, *system, *others]

    def _own(self, saved: SavedFilter) -> tuple["StrOrPromise", Words]:
        return saved.label, conditions_of(self.sheet, QueryDict(saved.query))

    @cached_property
    def _counts(self) -> list[int]:
        """The total, then one count a tab, all in one query."""
        counts = [Counted(self.found, MOST)]
        for _label, words in self._saved:
            counts.append(Counted(self._narrowed(self._read(words)), MOST_IN_TAB))
        named = {f"listing_{place}": count for place, count in enumerate(counts)}
        found = list(self.base.order_by().annotate(**named).values_list(*named)[:1])
        return list(found[0]) if found else [0] * len(counts)

    @property
    def total(self) -> int:
        """The rows found, up to the most that are counted."""
        return min(self._counts[0], MOST)

    @property
    def total_words(self) -> str:
        """The rows found, in words ("10,000+")."""
        return capped(self._counts[0], MOST)

    @property
    def is_capped(self) -> bool:
        """Whether there are more rows than can be paged through."""
        return self._counts[0] > MOST

    @property
    def most(self) -> str:
        """How many rows can be paged through, in words."""
        return f"{MOST:,}"

    # -- conditions ---------------------------------------------------------------------------------------------

    @property
    def tabs(self) -> list[Link]:
        """All rows, then the saved filters; current is the one whose conditions are in force."""
        now = self.address.words
        tabs = [Link(_("全部"), self.address.url(words={}), current=not now)]
        for (label, words), count in zip(self._saved, self._counts[1:], strict=True):
            tabs.append(Link(label, self.address.url(words=words), capped(count, MOST_IN_TAB), same(now, words)))
        return tabs

    @property
    def chips(self) -> list[Chip]:
        """The active conditions; one that was not understood says so."""
        return [
            Chip(
                one.filter.label,
                "" if one.error else one.filter.chip(one.value, one.options),
                self.address.without(one.filter.code),
                one.error,
            )
            for one in self.conditions
        ]

    @property
    def clear_url(self) -> str:
        """The list without any condition."""
        return self.address.url(words={})

    @cached_property
    def fields(self) -> list[Field]:
        """The controls of the filter form."""
        active = {one.filter.code: one for one in self.conditions}
        fields = []
        for one in self.sheet.all_filters:
            condition = active.get(one.code)
            words, error = (condition.words, condition.error) if condition else ((), "")
            fields.append(Field(one, words, self.options(one), error))
        return fields

    @property
    def query(self) -> str:
        """The conditions as the address writes them, for saving them under a name."""
        return urlencode(list(self.address.words.items()), doseq=True)

    # -- columns ------------------------------------------------------------------------------------------------

    def _columns(self) -> list[Column]:
        """The columns to show: those of the address, else those this user chose here, else the sheet's."""
        session = getattr(self.request, "session", None)
        chosen: Sequence[str] = self.address.cols
        if session is not None and self.address.keep:
            session["columns"] = {**session.get("columns", {}), self.sheet.code: list(chosen)}
        elif session is not None and not chosen:
            chosen = session.get("columns", {}).get(self.sheet.code, ())
        shown = [column for column in self.sheet.columns if (column.code in chosen if chosen else column.shown)]
        return shown or [column for column in self.sheet.columns if column.shown]

    @property
    def chooser(self) -> list[tuple[Column, bool]]:
        """Every column, and whether it is shown."""
        return [(column, column in self.columns) for column in self.sheet.columns]

    @property
    def reset_url(self) -> str:
        """The list with the sheet's own columns again."""
        plain = self.address.url()
        return f"{plain}&keep=1" if len(plain) > 1 else "?keep=1"

    @property
    def heads(self) -> list[Head]:
        """The heads of the columns shown, with the address that orders by them."""
        now = self.address.sort
        heads = []
        for column in self.columns:
            if not column.order:
                heads.append(Head(column))
                continue
            direction = {column.code: "ascending", f"-{column.code}": "descending"}.get(now, "")
            turned = f"-{column.code}" if direction == "ascending" else column.code
            heads.append(Head(column, self.address.url(sort=turned), direction))
        return heads

    # -- rows ---------------------------------------------------------------------------------------------------

    @property
    def pages(self) -> int:
        """How many pages there are; one even when it is empty."""
        return max(-(-self.total // self.address.size), 1)

    @property
    def page(self) -> int:
        """The page shown: the one asked for, or the last."""
        return min(self.address.page, self.pages)

    @property
    def first(self) -> int:
        """How many rows stand before this page."""
        return (self.page - 1) * self.address.size

    @cached_property
    def rows(self) -> list[Row]:
        """The rows of this page, and no others."""
        end = min(self.first + self.address.size, MOST)
        if not self.total:
            return []
        # the keys first: an order over a whole register must not carry every joined column along
        keys = list(self.ordered().values_list("pk", flat=True)[self.first : end])
        found = {row.pk: row for row in self.base.filter(pk__in=keys)}
        return [self._row(found[key]) for key in keys if key in found]

    def ordered(self) -> QuerySet[Any]:
        """The rows found, in the order asked for."""
        return self.found.order_by(*self._order())

    def _order(self) -> list[str]:
        code = self.address.sort
        column = self.sheet.column(code.removeprefix("-"))
        paths = column.order if column else ()
        return [turned(path) if code.startswith("-") else path for path in paths] + ["pk"]

    def _row(self, row: Any) -> Row:
        url = self.detail_url(row) if self.detail_url else ""
        cells = [cell(column, row, url) for column in self.columns]
        name = next((one.text for one in cells if one.url), cells[0].text)
        return Row(str(getattr(row, "public_id", row.pk)), url, cells, name)

    @property
    def empty(self) -> Empty | None:
        """Why there are no rows: nothing found, or nothing there yet."""
        if self.rows:
            return None
        if self.conditions:
            text = _("去掉一个条件，或者清空全部条件再看。")
            return Empty(
                _("没有符合条件的%(what)s") % {"what": self.sheet.label},
                text,
                "search-off",
                Link(_("清空条件"), self.clear_url),
            )
        return self._empty or Empty(_("还没有%(what)s") % {"what": self.sheet.label})

    # -- what may be done with all of it ------------------------------------------------------------------------

    @property
    def import_url(self) -> str:
        """The page that brings rows of this list in from a workbook, for who may."""
        one = importers.get(self.sheet.code)
        if one is None or not (self.actor and self.actor.can("exchange.start_batch") and self.actor.can(one.permission)):
            return ""
        return f"{reverse('web:start_import')}?sheet={self.sheet.code}"

    @property
    def seen_query(self) -> str:
        """The list as it is seen, as an address writes it: conditions, order, columns."""
        cols = [column.code for column in self.columns]
        parts = [*self.address.carried, *self.address.words.items(), ("sort", self.address.sort), ("cols", cols)]
        return urlencode(parts, doseq=True)

    @property
    def export_url(self) -> str:
        """Where what is seen is exported; nowhere without the right, or where nobody has said how the list is read again."""
        kind, _colon, code = self.source.partition(":")
        if (kind == "list" and code not in lists) or not self.actor or not self.actor.can("exchange.export_list"):
            return ""
        return f"{reverse('web:export', args=[self.source])}?{self.seen_query}"

    @property
    def purposes(self) -> Options:
        """What an export may be for."""
        return choices("export_purpose", today())

    @cached_property
    def bulk_steps(self) -> list[BulkStep]:
        """What may be done with many rows at once, by this actor."""
        return offered_steps(self.source, self.actor)

    @property
    def bulk_url(self) -> str:
        """Where the rows chosen are sent."""
        return f"{reverse('web:bulk', args=[self.source])}?{self.seen_query}"

    # -- pager --------------------------------------------------------------------------------------------------

    @property
    def previous_url(self) -> str:
        """The page before, if any."""
        return self.address.url(page=self.page - 1) if self.page > 1 else ""

    @property
    def next_url(self) -> str:
        """The page after, if any."""
        return self.address.url(page=self.page + 1) if self.page < self.pages else ""

    @property
    def sizes(self) -> list[Link]:
        """The page sizes."""
        return [Link(str(size), self.address.url(size=size), current=size == self.address.size) for size in SIZES]


def narrowed(rows: QuerySet[Any], conditions: Iterable[Condition]) -> QuerySet[Any]:
    """The rows that meet all conditions that were understood."""
    for one in conditions:
        if not one.error:
            rows = one.filter.narrow(rows, one.value)
    return rows


def same(one: Words, other: Words) -> bool:
    """Whether both are the same conditions, in whatever order."""
    return one.keys() == other.keys() and all(set(words) == set(other[code]) for code, words in one.items())


def capped(count: int, most: int) -> str:
    """A count that was not counted to its end says so."""
    return f"{most:,}+" if count > most else f"{count:,}"


def turned(path: str) -> str:
    """The same path in the other direction."""
    return path.removeprefix("-") if path.startswith("-") else f"-{path}"


def cell(column: Column, row: Any, url: str) -> Cell:
    """One column of one row."""
    css = " ".join(name for name, has in (("num", column.kind == "number"), ("p3", column.p3), ("cut", column.link)) if has)
    value = column.value(row)
    if isinstance(value, State):
        return Cell(css, str(value.label), value)
    return Cell(css, column.words(value), url=url if column.link else "")
