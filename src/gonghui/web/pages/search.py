"""One box for everything: areas register what it finds."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from gonghui.core.actions.actor import Actor
from gonghui.kit import pinyin
from gonghui.web import desk
from gonghui.web.components import Hit, HitGroup
from gonghui.web.desk import DeskRequest

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MOST = 8
SHORTEST = 2


@dataclass(frozen=True)
class Source:
    """One kind of record the search finds: its rows for an actor, and how a row reads."""

    label: "StrOrPromise"
    permission: str
    rows: Callable[[Actor], Any]
    hit: Callable[[Any], Hit]


sources: list[Source] = []


def why(row: Any, query: str) -> str:
    """What matched: nothing to say for a name, else the code or the initials."""
    if query in row.name:
        return ""
    if row.uscc and row.uscc.startswith(query.upper()):
        return _("代码 %(code)s") % {"code": row.uscc}
    return _("拼音首字母")


def groups_for(actor: Actor, query: str) -> Iterable[HitGroup]:
    """The hits of each source that the actor may search."""
    for source in sources:
        if actor.can(source.permission):
            rows = source.rows(actor).named(query).order_by("name_pinyin")[:MOST]
            if hits := [source.hit(row) for row in rows]:
                yield HitGroup(source.label, hits)


@desk.page("notices.view")
def search(request: DeskRequest) -> HttpResponse:
    """The search page; the palette asks for its results alone."""
    query = pinyin.normal(request.GET.get("q", ""))[:100]
    groups = list(groups_for(request.actor, query)) if len(query) >= SHORTEST else []
    is_part = bool(getattr(request, "htmx", False)) or request.headers.get("X-Requested-With") == "fetch"
    template = "web/search.html#results" if is_part else "web/search.html"
    return render(request, template, {"query": query, "groups": groups})
