"""What of union building waits for somebody, and what the search finds of it."""

from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy

from gonghui.areas.unionbuilding import queries
from gonghui.areas.unionbuilding.desk import care
from gonghui.areas.unionbuilding.desk.field import page_of
from gonghui.core.notices.todo import record_page, todo_source
from gonghui.web.components import Hit
from gonghui.web.pages import figures, home, search
from gonghui.web.records import offer


def prospect_hit(row: Any) -> Hit:
    return Hit(row.name, page_of(row), row.holder_name, icon="building")


@cache
def connect() -> None:
    """Registers the sources, once."""
    todo_source(care.duty_items, waiting=care.waiting_duties)
    offer("organisations.organisation", care.link_on_union)
    for label, page in (
        ("prospect", "prospect"),
        ("aftercare", "aftercare"),
        ("award", "award"),
        ("lettertemplate", "template"),
    ):
        record_page(f"unionbuilding.{label}", f"unionbuilding:{page}")
    search.sources.append(search.Source(gettext_lazy("建会对象"), "unionbuilding.view", queries.prospects, prospect_hit))
    figures.detail_urls["unionbuilding.figure_prospects"] = "unionbuilding:prospect"
    home.SHEETS["unionbuilding.prospects"] = "/unionbuilding/"
    for sheet, place in (
        ("aftercares", "aftercare"),
        ("duties", "duties"),
        ("awards", "awards"),
        ("letter_templates", "templates"),
    ):
        home.SHEETS[f"unionbuilding.{sheet}"] = f"/unionbuilding/{place}/"
