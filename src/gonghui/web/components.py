"""What components are given: plain data, never queries. Each class names the component that shows it."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.forms import BaseForm, BoundField
from django.utils.translation import ngettext

from gonghui.kit.flow import Need, State

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Link:
    """`<c-crumb>`, `<c-tabs>` and the rows of side columns; a crumb without url is where we are."""

    label: "StrOrPromise"
    url: str = ""
    count: str = ""
    current: bool = False
    detail: "StrOrPromise" = ""


@dataclass(frozen=True)
class Next:
    """`<c-block>`: the next step, what it needs, and its button. `url` is where the step is taken (a form's page)."""

    label: "StrOrPromise"
    url: str
    needs: Sequence[Need] = ()
    button: "StrOrPromise" = ""

    @property
    def words(self) -> "StrOrPromise":
        """What the button says."""
        return self.button or self.label

    @property
    def missing(self) -> int:
        """How many needs are not met."""
        return sum(not need.is_met for need in self.needs)

    @property
    def missing_words(self) -> str:
        """What the locked button says."""
        return ngettext("还差 %(count)s 项", "还差 %(count)s 项", self.missing) % {"count": self.missing}


@dataclass(frozen=True)
class Bar:
    """`<c-flow>`: one step; `when` is "done", "now" or "" for what is to come."""

    label: "StrOrPromise"
    note: "StrOrPromise" = ""
    when: str = ""


@dataclass(frozen=True)
class Fact:
    """`<c-facts>`: one line. `url` makes a link of the value; `state` shows a state instead of it."""

    label: "StrOrPromise"
    value: Any = ""
    url: str = ""
    state: State | None = None
    link: Link | None = None  # a second thing to do beside the value: 查看, 续期
    copy: str = ""  # what a copy button beside the value puts on the clipboard


@dataclass(frozen=True)
class Change:
    """A field before and after."""

    label: "StrOrPromise"
    old: str
    new: str


@dataclass(frozen=True)
class Entry:
    """One entry of the timeline."""

    sentence: "StrOrPromise"
    icon: str = "flag"
    changes: Sequence[Change] = ()
    meta: "StrOrPromise" = ""
    text: str = ""
    url: str = ""


@dataclass(frozen=True)
class Day:
    """`<c-timeline>`: the entries of one day."""

    label: "StrOrPromise"
    entries: Sequence[Entry]


@dataclass(frozen=True)
class Part:
    """What a figure is made of."""

    label: "StrOrPromise"
    value: str
    url: str = ""


@dataclass(frozen=True)
class FigureCard:
    """`<c-figure>`: a number that opens its rows and says what it counts and as of which day."""

    label: "StrOrPromise"
    value: str
    as_of: dt.date
    definition: "StrOrPromise"
    unit: "StrOrPromise" = ""
    url: str = ""
    parts: Sequence[Part] = ()
    state: State | None = None
    compared: "StrOrPromise" = ""
    is_stale: bool = False
    page_url: str = ""
    explain_url: str = ""


@dataclass(frozen=True)
class Empty:
    """`<c-empty>`: why there is nothing, and the next step."""

    title: "StrOrPromise"
    text: "StrOrPromise" = ""
    icon: str = "inbox"
    link: Link | None = None


@dataclass(frozen=True)
class TodoStep:
    """What may be done with a to-do item at once. `key` is its key on the current row."""

    label: "StrOrPromise"
    url: str
    key: str = ""
    primary: bool = False


@dataclass(frozen=True)
class TodoItem:
    """One line of the to-do page."""

    due: dt.date | None
    left: State  # time left in words with its colour and icon
    area: "StrOrPromise"
    title: str
    url: str
    state: State
    detail: str = ""
    steps: Sequence[TodoStep] = ()


@dataclass(frozen=True)
class TodoGroup:
    """The items of one deadline group."""

    label: "StrOrPromise"
    items: Sequence[TodoItem]


@dataclass(frozen=True)
class Section:
    """One section of a side column: a small table (`heads`, `rows` of links) or a list of links."""

    title: "StrOrPromise"
    note: "StrOrPromise" = ""
    heads: Sequence["StrOrPromise"] = ()
    rows: Sequence[tuple["StrOrPromise", Sequence[Link]]] = ()
    links: Sequence[Link] = ()
    more: Link | None = None


@dataclass(frozen=True)
class Hit:
    """One answer of the search; `why` says what matched."""

    label: str
    url: str
    detail: str = ""
    why: "StrOrPromise" = ""
    icon: str = "building"


@dataclass(frozen=True)
class HitGroup:
    """The answers of one kind."""

    label: "StrOrPromise"
    hits: Sequence[Hit]


@dataclass(frozen=True)
class FieldGroup:
    """Fields of a form under one heading."""

    label: "StrOrPromise"
    fields: Sequence[BoundField]
    note: "StrOrPromise" = field(default="")


def field_groups(form: BaseForm, *groups: tuple["StrOrPromise", Iterable[str]]) -> list[FieldGroup]:
    """The form's fields under these headings; visible fields that no group names come last, without one."""
    named = [(label, list(names)) for label, names in groups]
    taken = {name for label, names in named for name in names}
    result = [FieldGroup(label, [form[name] for name in names]) for label, names in named]
    rest = [bound for bound in form.visible_fields() if bound.name not in taken]
    return [*result, FieldGroup("", rest)] if rest else result
