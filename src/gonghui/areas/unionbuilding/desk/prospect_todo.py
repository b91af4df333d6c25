"""What leads on from one step to the next at a street or system union: firms to claim, to call, to talk to, to lead to their union.

What there is a lot of is one item for a union, which opens its list; a founding under way is an item of its own with its next step.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from gonghui.areas.unionbuilding import queries
from gonghui.areas.unionbuilding.desk import foundings
from gonghui.areas.unionbuilding.models import Prospect
from gonghui.areas.unionbuilding.rules import CLAIM_FLOW, CLAIMANTS, PROSPECT_FLOW
from gonghui.areas.unionbuilding.rules.founding import ORDER
from gonghui.core.actions.actor import Actor
from gonghui.core.notices.todo import MINE, TodoItem, todo_source
from gonghui.core.organisations.models import Organisation
from gonghui.kit.flow import State
from gonghui.kit.text import Text

PERMISSION = "unionbuilding.record_attempt"
AREA = pgettext_lazy("index", "建会")
MOST = 200  # foundings under way


@dataclass(frozen=True)
class Heap:
    """Much of one kind: what there is of it for an actor, under which title it stands, where its list is."""

    rows: Callable[[Actor], Any]  # with a field `organisation`
    title: Text
    url: Callable[[], str]
    state: State

    def unions(self, actor: Actor) -> Any:
        """The actor's own unions that have some of it; a district does not do what is its streets' to do."""
        if not actor.can("unionbuilding.view") or not actor.can(PERMISSION):
            return None
        mine = Organisation.objects.changeable_by(actor, PERMISSION).active().filter(kind__in=CLAIMANTS)
        some = self.rows(actor).filter(organisation=OuterRef("pk")).order_by().values("pk")
        return mine.filter(Exists(some), path__in=actor.roots_for(PERMISSION))

    def items(self, actor: Actor, tab: str, on: dt.date) -> Iterator[TodoItem]:
        """One for each of these unions."""
        unions = self.unions(actor) if tab == MINE else None
        for union in () if unions is None else unions.order_by("path"):
            count = self.rows(actor).filter(organisation=union).count()
            detail = _("%(firms)s 家") % {"firms": f"{count:,}"}
            yield TodoItem(area=AREA, title=self.title, detail=detail, url=self.url(), state=self.state)


def prospects_url(**conditions: Any) -> str:
    """The list of prospects, narrowed."""
    return f"{reverse('unionbuilding:prospects')}?{urlencode(conditions, doseq=True)}"


def unclaimed(actor: Actor) -> Any:
    """What may be claimed."""
    return Prospect.objects.visible_to(actor).filter(is_open=True)


def to_call(actor: Actor) -> Any:
    """The claims of firms to call now."""
    return queries.due_now(queries.own_claims(actor))


TALKED_TO = ("verified", "contacted")


def to_talk_to(actor: Actor) -> Any:
    """What is known to be there and has not agreed yet."""
    return Prospect.objects.changeable_by(actor, PERMISSION).filter(is_open=False, state__in=TALKED_TO)


HEAPS = (
    Heap(
        unclaimed,
        gettext_lazy("待认领的建会对象"),
        lambda: prospects_url(unclaimed=1, here=1),
        State("unclaimed", gettext_lazy("待认领"), "warn", "flag"),
    ),
    Heap(to_call, gettext_lazy("现在要打的电话"), lambda: reverse("unionbuilding:calls"), CLAIM_FLOW.state("held")),
    Heap(
        to_talk_to,
        gettext_lazy("已核实，待谈建会"),
        lambda: prospects_url(mine=1, state=TALKED_TO),
        PROSPECT_FLOW.state("verified"),
    ),
)


UNDER_WAY = ORDER[: ORDER.index("founded")]  # what comes after are duties of the new union, with limits of their own


def waiting_foundings(actor: Actor) -> Any:
    """What the actor's own unions lead from agreement to the union."""
    if not actor.can("unionbuilding.view") or not actor.can("unionbuilding.found"):
        return None
    rows = Prospect.objects.changeable_by(actor, "unionbuilding.found")
    return rows.filter(state__in=UNDER_WAY, organisation_path__in=actor.roots_for("unionbuilding.found"))


def founding_items(actor: Actor, tab: str, on: dt.date) -> Iterable[TodoItem]:
    """One for each, with its next step."""
    rows = waiting_foundings(actor) if tab == MINE else None
    for prospect in () if rows is None else rows.order_by("pk")[:MOST]:
        step = foundings.step_after(prospect.state)
        said = {"step": step.label if step else "", "name": prospect.name}
        yield TodoItem(
            area=AREA,
            title=_("%(step)s：%(name)s") % said,
            detail=prospect.address,
            url=foundings.page_of(prospect),
            state=PROSPECT_FLOW.state(prospect.state),
        )


@cache
def connect() -> None:
    """Registers the sources, once."""
    for heap in HEAPS:
        todo_source(heap.items, waiting=heap.unions)
    todo_source(founding_items, waiting=waiting_foundings)
