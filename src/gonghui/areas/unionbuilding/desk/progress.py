"""How union building goes: the funnel, how long firms stand at a stage, and per street what is missing with the names that close the gap."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Case, Value, When
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from gonghui.areas.unionbuilding import queries
from gonghui.areas.unionbuilding.models import Prospect
from gonghui.areas.unionbuilding.rules import ENDED, PROSPECT_FLOW
from gonghui.core.actions.actor import Actor
from gonghui.core.figures.queries import target_numbers
from gonghui.core.figures.registry import Figure, breakdown, cross_table, named, value
from gonghui.core.organisations.models import Organisation
from gonghui.kit.flow import State
from gonghui.web import desk
from gonghui.web.components import Link
from gonghui.web.desk import DeskRequest
from gonghui.web.pages.figures import Asked, asked, card, page_url, rows_url, scope_context, words

CARDS = ("prospects_running", "prospects_unclaimed", "prospects_large", "prospects_refused", "prospects_won")
RUNNING = tuple(state for state in PROSPECT_FLOW.states if state.code not in ENDED)
WIDEST = 240  # of a bar, in pixels of the drawing
NAMED = 5


@dataclass(frozen=True)
class Bar:
    """A stage of the funnel: how many stand there, how many stand there or further on (the ghost behind the bar)."""

    state: State
    text: str
    url: str
    width: int
    ghost: int
    ages: Sequence[tuple[str, str]]  # how many have stood there for how long


@dataclass(frozen=True)
class Place:
    """A street or system: what it shall organise, what it has, and the prospects nearest to a union."""

    name: Any
    target: str
    done: str
    done_url: str
    missing: int
    running: str
    running_url: str
    nearest: Sequence[Link]
    is_total: bool = False


@desk.page("unionbuilding.view")
def progress(request: DeskRequest) -> HttpResponse:
    """One page: funnel, time at each stage, and what every street still lacks."""
    ask = asked(request)
    cards = [card(named(code), value(named(code), ask.scope, ask.when, actor=request.actor), ask) for code in CARDS]
    context = {
        **scope_context(request, ask),
        "cards": cards,
        "bars": funnel(ask, request.actor),
        "bands": list(named("prospects_running").dimensions["age"].names([0, 30, 90, 180]).values()),
        "places": places(ask, request.actor),
        "steps_url": page_url("figure", named("prospect_steps"), ask, by="stage"),
        "widest": WIDEST,
    }
    return render(request, "unionbuilding/desk/progress.html", context)


def funnel(ask: Asked, actor: Actor) -> list[Bar]:
    """The stages in their order. The ghost of a stage is everybody who has come at least so far and is still on the way."""
    figure = named("prospects_running")
    counts = {cell.key: cell.value.number or 0 for cell in breakdown(figure, ask.scope, ask.when, "stage", actor=actor)}
    ages = cross_table(figure, ask.scope, ask.when, ["stage", "age"], actor=actor)
    bands = list(figure.dimensions["age"].names([0, 30, 90, 180]))
    most = max(sum(counts.values()), 1)
    bars = []
    for place, state in enumerate(RUNNING):
        further = sum(counts.get(one.code, 0) for one in RUNNING[place:])
        bars.append(
            Bar(
                state,
                words(counts.get(state.code, 0)),
                rows_url(figure, by(ask, "stage"), state.code),
                round(WIDEST * int(counts.get(state.code, 0)) / int(most)),
                0 if state.code == "refused" else round(WIDEST * int(further) / int(most)),
                [(str(band), words(ages[state.code, band].number if (state.code, band) in ages else 0)) for band in bands],
            )
        )
    return bars


def by(ask: Asked, dimension: str) -> Asked:
    """The same, broken down."""
    return Asked(ask.scope, ask.on, dimension, ask.kind, ask.since)


def places(ask: Asked, actor: Actor) -> list[Place]:
    """The managing unions below, the widest gap first."""
    below = Organisation.objects.visible_to(actor).active().under(ask.scope.organisation)
    unions = list(below.managing().order_by("kind", "code", "path"))
    organised, running = named("newly_organised"), named("prospects_running")
    targets = target_numbers(organised, unions, ask.on)
    done, going = (counted(figure, ask, actor) for figure in (organised, running))
    nearest = nearest_prospects(actor)
    found = []
    for union in unions:
        is_whole = union.pk == ask.scope.organisation.pk and len(unions) > 1  # its target stands in the last row
        key, target = str(union.pk), None if is_whole else targets.get(union.pk)
        if target is None and key not in done and key not in going:
            continue
        urls = [rows_url(figure, by(ask, "managing"), key) for figure in (organised, running)]
        links = [Link(one.name, reverse("unionbuilding:prospect", args=[one.public_id])) for one in nearest.get(union.pk, [])]
        found.append(place_of(union.name, target, done.get(key, 0), going.get(key, 0), urls, links))
    rows = sorted(found, key=lambda place: -place.missing)
    return [*rows, total(ask, targets.get(ask.scope.organisation.pk), done, going)] if len(unions) > 1 else rows


def place_of(name: Any, target: Any, done: int, going: int, urls: Sequence[str], nearest: Sequence[Link] = ()) -> Place:
    """One row. `urls`: the rows of what is done and of what goes on."""
    aim = words(int(target)) if target is not None else ""
    return Place(name, aim, words(done), urls[0], max(int(target or 0) - done, 0), words(going), urls[1], nearest)


def total(ask: Asked, target: Any, done: Mapping[str, int], going: Mapping[str, int]) -> Place:
    """The last row: all of them together, against the target of the whole."""
    urls = [page_url("figure", named(code), ask, by="managing") for code in ("newly_organised", "prospects_running")]
    return replace(place_of(_("合计"), target, sum(done.values()), sum(going.values()), urls), is_total=True)


def counted(figure: Figure, ask: Asked, actor: Actor) -> dict[str, int]:
    """Key of a managing union → number."""
    return {one.key: int(one.value.number or 0) for one in breakdown(figure, ask.scope, ask.when, "managing", actor=actor)}


def nearest_prospects(actor: Actor) -> dict[int, list[Prospect]]:
    """Key of a union → the prospects it works on that have come farthest, the largest first: those that close its gap."""
    order = Case(*(When(state=state.code, then=Value(place)) for place, state in enumerate(RUNNING)), default=Value(-1))
    rows = queries.prospects(actor).running().exclude(state="refused").annotate(rank=order)
    found: dict[int, list[Prospect]] = {}
    for one in rows.order_by("-rank", "-headcount", "pk")[:2000]:
        names = found.setdefault(one.organisation_id, [])
        if len(names) < NAMED:
            names.append(one)
    return found
