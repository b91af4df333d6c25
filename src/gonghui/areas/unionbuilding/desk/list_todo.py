"""What lists leave to be done: pairs to be decided, matters of the tax check to be answered; an item each for a list."""

import datetime as dt
from collections.abc import Iterable
from functools import cache
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from gonghui.areas.unionbuilding import queries
from gonghui.areas.unionbuilding.desk import lists as list_pages
from gonghui.areas.unionbuilding.models import Edition, TaxMatter
from gonghui.areas.unionbuilding.rules import EDITION_FLOW, MATCH_STATES, TAX_MATTER_FLOW
from gonghui.areas.unionbuilding.sheets.incoming import INCOMING
from gonghui.core.actions.actor import Actor
from gonghui.core.exchange.models import Batch
from gonghui.core.notices.todo import MINE, TodoItem, record_page, todo_source
from gonghui.web.components import Link
from gonghui.web.pages import home
from gonghui.web.records import offer


def waiting_pairs(actor: Actor) -> Any:
    """The editions with pairs that wait for the actor's verdict."""
    if not actor.can("unionbuilding.view") or not actor.can("unionbuilding.decide_match"):
        return None
    pairs = queries.to_review(actor).filter(edition=OuterRef("pk")).order_by().values("pk")
    return queries.editions(actor).filter(Exists(pairs), state="matched")


def pair_items(actor: Actor, tab: str, on: dt.date) -> Iterable[TodoItem]:
    """An item for each list with unsure pairs."""
    rows = waiting_pairs(actor) if tab == MINE else None
    if rows is None:
        return
    for edition in rows.order_by("-as_of"):
        count = queries.to_review(actor).filter(edition=edition).count()
        yield TodoItem(
            area=_("名单"),
            title=_("名单比对待判：%(edition)s") % {"edition": edition},
            detail=_("%(count)s 对拿不准是不是同一家") % {"count": count},
            url=list_pages.review_url(edition),
            state=MATCH_STATES["review"],
        )


def uncompared(actor: Actor) -> Any:
    """The editions that the actor has to compare with the register."""
    if not actor.can("unionbuilding.view"):
        return None
    rows = Edition.objects.changeable_by(actor, "unionbuilding.match_edition").filter(state="loaded")
    return rows.filter(organisation_path__in=actor.roots_for("unionbuilding.match_edition"))


def uncompared_items(actor: Actor, tab: str, on: dt.date) -> Iterable[TodoItem]:
    """An item for each of them."""
    rows = uncompared(actor) if tab == MINE else None
    for edition in () if rows is None else rows.order_by("-as_of"):
        yield TodoItem(
            area=_("名单"),
            title=_("名单待比对：%(edition)s") % {"edition": edition},
            detail=edition.problem or _("%(firms)s 家") % {"firms": f"{edition.firms:,}"},
            url=list_pages.page_of(edition),
            state=EDITION_FLOW.state("loaded"),
        )


def link_on_import(batch: Batch, actor: Actor) -> Link | None:
    """The edition that an import has loaded."""
    if batch.sheet not in LISTS or not actor.can("unionbuilding.view"):
        return None
    edition = queries.editions(actor).filter(batch_code=batch.public_id).first()
    return Link(_("打开这份名单"), list_pages.page_of(edition), detail="list") if edition else None


LISTS = {sheet.code for sheet in INCOMING.values()}


def open_matters(actor: Actor) -> Any:
    """What the actor's unions have to answer of the newest tax lists."""
    rows = TaxMatter.objects.changeable_by(actor, "unionbuilding.answer_tax_matter").filter(state="open")
    return rows.filter(edition__in=queries.newest_tax_editions(actor))


def waiting_matters(actor: Actor) -> Any:
    """The editions with matters that wait for the actor's answer."""
    if not actor.can("unionbuilding.view") or not actor.can("unionbuilding.answer_tax_matter"):
        return None
    matters = open_matters(actor).filter(edition=OuterRef("pk")).values("pk")
    return queries.newest_tax_editions(actor).filter(Exists(matters))


def matter_items(actor: Actor, tab: str, on: dt.date) -> Iterable[TodoItem]:
    """An item for each tax list of which something is to be answered."""
    rows = waiting_matters(actor) if tab == MINE else None
    if rows is None:
        return
    for edition in rows:
        count = open_matters(actor).filter(edition=edition).count()
        url = f"{reverse('unionbuilding:tax_matters')}?edition={edition.pk}&state=open"
        yield TodoItem(
            area=_("名单"),
            title=_("税务核对待答复：%(edition)s") % {"edition": edition},
            detail=_("%(count)s 件缴费与建会情况对不上") % {"count": count},
            url=url,
            state=TAX_MATTER_FLOW.state("open"),
        )


@cache
def connect() -> None:
    """Registers the sources, once."""
    offer("exchange.batch", link_on_import)
    todo_source(uncompared_items, waiting=uncompared)
    todo_source(pair_items, waiting=waiting_pairs)
    todo_source(matter_items, waiting=waiting_matters)
    record_page("unionbuilding.edition", "unionbuilding:edition")
    record_page("unionbuilding.taxmatter", "unionbuilding:tax_matter")
    home.SHEETS["unionbuilding.ledger"] = "/unionbuilding/ledger/"
    for code, place in (
        ("editions", ""),
        ("entries", "entries/"),
        ("differences", "changes/"),
        ("matches", "matches/"),
        ("tax_matters", "tax-check/"),
    ):
        home.SHEETS[f"unionbuilding.{code}"] = f"/unionbuilding/lists/{place}"
