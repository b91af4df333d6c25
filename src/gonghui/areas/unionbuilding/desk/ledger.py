"""The ledger of employers without a union, and how many of them each street and system has."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from gonghui.areas.unionbuilding import queries
from gonghui.areas.unionbuilding.sheets.ledger import BIG, LEDGER, managing_choices
from gonghui.core.actions.actor import Actor
from gonghui.web import desk
from gonghui.web.components import Empty, Link
from gonghui.web.desk import DeskRequest
from gonghui.web.listing import Listing


@dataclass(frozen=True)
class SubLedger:
    """One street or system: its name, how many employers of 100 workers and more, how many with a party organisation; both open theirs."""

    name: str
    big: Link
    party: Link


@desk.page("unionbuilding.view")
def index(request: DeskRequest) -> HttpResponse:
    """The employers without a union."""
    rows = queries.uncovered(request.actor)
    empty = Empty(_("没有未建会的单位"), _("在册的正常单位都已建会或由联合工会覆盖。"), "circle-check")
    listing = Listing(request, LEDGER, rows, detail_url=page_of, empty=empty, has_drawer=False)
    context: dict[str, Any] = {"listing": listing}
    if not listing.is_part:
        context["ledgers"] = sub_ledgers(request.actor)
    return render(request, listing.template("unionbuilding/desk/ledger.html"), context)


def page_of(row: Any) -> str:
    return reverse("register:employer", args=[row.public_id])


def sub_ledgers(actor: Actor) -> Sequence[SubLedger]:
    """The ledgers of the streets and systems that the actor sees; counted in one query."""
    unions = managing_choices(actor)
    counts = {}
    for place, (path, _name) in enumerate(unions):
        mine = queries.held_by_any([path])
        counts[f"big{place}"] = Count("pk", filter=mine & Q(headcount__gte=BIG))
        counts[f"party{place}"] = Count("pk", filter=mine & Q(has_party_organisation=True))
    found = queries.uncovered(actor).order_by().aggregate(**counts) if counts else {}
    return [
        SubLedger(
            name,
            Link(str(found[f"big{place}"]), ledger_url(union=path, workers=BIG)),
            Link(str(found[f"party{place}"]), ledger_url(union=path, party="1")),
        )
        for place, (path, name) in enumerate(unions)
    ]


def ledger_url(**conditions: str) -> str:
    """The ledger under conditions."""
    return f"{reverse('unionbuilding:ledger')}?{urlencode(conditions)}"
