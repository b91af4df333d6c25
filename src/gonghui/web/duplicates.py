"""Two records side by side with what speaks for one subject, decided by keys; what was merged lately can be parted again.

An area says in a `Comparison` which records it compares and which actions decide; its views are one line each.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from gonghui.core.actions.actor import Actor
from gonghui.core.actions.suspecting import Suspicion
from gonghui.kit.text import Text
from gonghui.web.components import Empty
from gonghui.web.desk import DeskRequest, found

RECENT = 10  # merges shown to be parted again


@dataclass(frozen=True)
class Addresses:
    """The names of a comparison's addresses: the page, and what each of its buttons posts to."""

    index: str
    merge: str
    apart: str
    part: str


@dataclass(frozen=True)
class Comparison:
    """Records of one kind that may be of one subject.

    `facts` tells a record in words, the same labels for each; `merge(kept, actor=…, dropped=…)`, `apart(one, actor=…, other=…)` and
    `part(merge, actor=…)` are the actions, and `permission` that of the first.
    """

    title: Text
    different: Text  # what the button says that finds them to be two
    note: Text
    empty: Empty
    addresses: Addresses
    permission: str
    model: Any
    merges: Any  # a table of merges, as MergeRecord
    suspicions: Callable[[Actor], Sequence[Suspicion[Any]]]
    facts: Callable[[Any, Actor], Sequence[tuple[Text, str]]]
    merge: Callable[..., Any]
    apart: Callable[..., Any]
    part: Callable[..., Any]
    detail: Callable[[Any], str]  # of a merge, in the list of the latest


@dataclass(frozen=True)
class Compared:
    """One line of the comparison: what both records say of the same thing."""

    label: Text
    one: str
    other: str

    @property
    def is_same(self) -> bool:
        """Whether both say the same, or one says nothing."""
        return self.one == self.other or not self.one or not self.other


@dataclass(frozen=True)
class Merged:
    """A merge as the list of the latest shows it."""

    merge: Any
    detail: str
    url: str


def index_page(request: DeskRequest, comparison: Comparison) -> HttpResponse:
    """The pair that speaks loudest, or the one at `?place=`; below it what was merged lately."""
    actor = request.actor
    pairs = comparison.suspicions(actor)
    place = min(max(whole(request.GET.get("place", "")), 0), max(len(pairs) - 1, 0))
    context: dict[str, Any] = {"comparison": comparison, "merges": latest(actor, comparison)}
    if pairs:
        context |= shown(actor, comparison, pairs[place]) | {
            "place": place + 1,
            "count": len(pairs),
            "skip_url": f"?place={place + 1}" if place + 1 < len(pairs) else "",
            "previous_url": f"?place={place - 1}" if place else "",
        }
    return render(request, "web/duplicates.html", context)


def whole(text: str) -> int:
    """A place in the list; 0 for what is no number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def latest(actor: Actor, comparison: Comparison) -> list[Merged]:
    """What was merged lately and stands."""
    rows = comparison.merges.objects.visible_to(actor).filter(undone_on=None).select_related("kept", "dropped", "merged_by")
    return [
        Merged(merge, comparison.detail(merge), reverse(comparison.addresses.part, args=[merge.public_id]))
        for merge in rows[:RECENT]
    ]


def shown(actor: Actor, comparison: Comparison, pair: Suspicion[Any]) -> dict[str, Any]:
    """Both records line by line, the evidence, and what may be decided."""
    one, other = (comparison.facts(record, actor) for record in (pair.one, pair.other))
    lines = [Compared(label, text, dict(other)[label]) for label, text in one]
    addresses = comparison.addresses
    return {
        "pair": pair,
        "lines": [line for line in lines if line.one or line.other],
        "keep_one_url": reverse(addresses.merge, args=[pair.one.public_id]),
        "keep_other_url": reverse(addresses.merge, args=[pair.other.public_id]),
        "apart_url": reverse(addresses.apart, args=[pair.one.public_id]),
    }


def two(request: DeskRequest, comparison: Comparison, public_id: UUID) -> tuple[Any, Any]:
    """The record of the address, and the one that is posted with it; None where nothing is posted."""
    rows = comparison.model.objects.changeable_by(request.actor, comparison.permission)
    one = found(rows, public_id)
    if request.method != "POST":
        return one, None
    try:
        return one, found(rows, UUID(request.POST.get("other", "")))
    except ValueError:
        raise Http404 from None


def merge_posted(request: DeskRequest, comparison: Comparison, public_id: UUID) -> HttpResponse:
    """Keeps the record of the address, and merges the other into it."""
    one, other = two(request, comparison, public_id)
    if other is not None:
        comparison.merge(one, actor=request.actor, dropped=other)
        messages.success(request, _("已合并到“%(name)s”，可以在下面拆开") % {"name": one.name})
    return redirect(comparison.addresses.index)


def apart_posted(request: DeskRequest, comparison: Comparison, public_id: UUID) -> HttpResponse:
    """Remembers that these are two."""
    one, other = two(request, comparison, public_id)
    if other is not None:
        comparison.apart(one, actor=request.actor, other=other)
        messages.success(request, _("已记下：%(what)s") % {"what": comparison.different})
    return redirect(comparison.addresses.index)


def part_posted(request: DeskRequest, comparison: Comparison, public_id: UUID) -> HttpResponse:
    """Takes a merge back."""
    merge = found(comparison.merges.objects.visible_to(request.actor), public_id)
    if request.method == "POST":
        comparison.part(merge, actor=request.actor)
        messages.success(request, _("已拆开，两条记录和合并前一样"))
    return redirect(comparison.addresses.index)
