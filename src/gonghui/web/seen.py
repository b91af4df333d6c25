"""What somebody sees of a list, rebuilt from the list's name and its address: for exports and bulk actions, in a page or in a job."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, QueryDict
from django.utils.translation import gettext as _

from gonghui.core.actions.actor import Actor
from gonghui.core.exchange.exports import Export, explained, lists
from gonghui.kit.text import Text, together
from gonghui.web.listing import Listing


@dataclass(frozen=True)
class Seen:
    """One list as an actor sees it. Its rows are to be evaluated inside `around()`."""

    title: Text
    listing: Listing
    permission: str
    definition: Text = ""
    around: Callable[[], AbstractContextManager[Any]] = nullcontext

    def keys(self, most: int | None = None) -> list[Any]:
        """The primary keys of the rows found, in the list's order."""
        with self.around():
            return list(self.listing.ordered().values_list("pk", flat=True)[:most])

    def count(self) -> int:
        """How many rows there are, counted to the end."""
        with self.around():
            return int(self.listing.found.count())

    def read(self, keys: Sequence[Any]) -> Mapping[Any, Any]:
        """The rows with these keys, as many as there still are."""
        with self.around():
            return {row.pk: row for row in self.listing.base.filter(pk__in=keys)}

    @property
    def conditions(self) -> str:
        """The filter in words."""
        return together(f"{chip.label} {chip.text}" for chip in self.listing.chips if not chip.error)

    @property
    def order(self) -> str:
        """The order in words."""
        code = self.listing.address.sort
        column = self.listing.sheet.column(code.removeprefix("-"))
        if column is None:
            return ""
        return (_("%(column)s，从大到小") if code.startswith("-") else _("%(column)s，从小到大")) % {"column": column.label}

    def export(self, actor: Actor, purpose: str) -> Export:
        """All of it, not only the page: the columns shown, the rows found, in the list's order, explained."""
        keys = self.keys()
        notes = explained(
            actor,
            title=self.title,
            count=len(keys),
            conditions=self.conditions,
            order=self.order,
            definition=self.definition,
            purpose=purpose,
        )
        return Export(self.title, self.listing.columns, keys, self.read, notes)


Source = Callable[[HttpRequest, str], Seen]
sources: dict[str, Source] = {}


def source(name: str) -> Callable[[Source], Source]:
    """Registers a function `(request, code) → Seen` for lists that are named `name:code`. It raises Http404 for what is not there."""

    def wrap(function: Source) -> Source:
        sources[name] = function
        return function

    return wrap


def asked(query: str, actor: Actor) -> HttpRequest:
    """A request for a list as this actor would send it."""
    request = HttpRequest()
    request.GET = QueryDict(query)
    request.actor = actor  # type: ignore[attr-defined]
    return request


def seen(name: str, query: str, actor: Actor) -> Seen:
    """What the actor sees now of the list with this name, under the conditions, order and columns of an address. Http404 if nothing."""
    kind, _colon, code = name.partition(":")
    if kind not in sources:
        raise Http404
    return sources[kind](asked(query, actor), code)


@source("list")
def of_a_list(request: HttpRequest, code: str) -> Seen:
    """A list that its area has registered."""
    one, actor = lists.get(code), request.actor  # type: ignore[attr-defined]
    if one is None or not actor.can(one.permission):
        raise Http404
    return Seen(one.sheet.label, Listing(request, one.sheet, one.rows(actor)), one.permission, one.definition)
