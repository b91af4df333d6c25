"""What may be done to many firms of a list, or many differences, at once."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from gonghui.areas.register.models import Employer
from gonghui.areas.unionbuilding import queries
from gonghui.areas.unionbuilding.actions import enter_firm, of_import, open_prospects
from gonghui.areas.unionbuilding.models import Entry
from gonghui.areas.unionbuilding.rules import Origin
from gonghui.core.actions.action import Refused
from gonghui.core.actions.actor import Actor
from gonghui.core.organisations.queries import managing_union
from gonghui.web.bulk import BulkStep, Given, register
from gonghui.web.forms import DeskForm

WITH_LIST = _("做错了可以撤销这份名单的导入，由它带来的都一起撤销。")


def employer_of(row: Any, actor: Actor) -> Employer | None:
    """The employer that a firm of a list, a difference or a tax matter is about, as far as the actor sees it."""
    key = getattr(row, "employer_key", None) or getattr(row, "employer_id", None)
    if key is None and isinstance(row, Entry):
        key = queries.taken_for(actor, row.pk).values_list("employer", flat=True).first()
    return Employer.objects.visible_to(actor).select_related("organisation").filter(pk=key).first() if key else None


def open_from_list(row: Any, actor: Actor, given: Given) -> None:
    """Makes the employer a prospect, as part of the list's import."""
    employer = employer_of(row, actor)
    if employer is None:
        raise Refused(_("“%(name)s”还没有对上在册的单位，请先入册或判定比对") % {"name": row.name})
    union = managing_union(employer.organisation)
    if not open_prospects(union, actor=of_import(row.edition, actor), employers=[employer], origin=Origin.LIST):
        raise Refused(_("“%(name)s”已经是建会对象") % {"name": employer.name})


def enter(row: Any, actor: Actor, given: Given) -> None:
    """Enters the firm as an employer."""
    entry = row if isinstance(row, Entry) else row.entry
    if entry is None:
        raise Refused(_("“%(name)s”不再出现在名单里，不能入册") % {"name": row.name})
    enter_firm(entry, actor=actor)


def open_uncovered(row: Any, actor: Actor, given: Given) -> None:
    """Makes an employer of the ledger a prospect."""
    employer = Employer.objects.visible_to(actor).select_related("organisation").get(pk=row.pk)
    if not open_prospects(managing_union(employer.organisation), actor=actor, employers=[employer]):
        raise Refused(_("“%(name)s”已经是建会对象") % {"name": employer.name})


OPEN_UNCOVERED = BulkStep("prospect", _("列为建会对象"), "unionbuilding.open_prospect", DeskForm, open_uncovered, "flag")
OPEN = BulkStep("prospect", _("列为建会对象"), "unionbuilding.open_prospect", DeskForm, open_from_list, "flag", note=WITH_LIST)
ENTER = BulkStep("enter", _("入册"), "unionbuilding.enter_firm", DeskForm, enter, "plus", note=WITH_LIST)


def connect() -> None:
    """Gives the lists their verbs, once."""
    register("list:unionbuilding.entries", "unionbuilding:entry", OPEN, ENTER)
    register("list:unionbuilding.differences", "unionbuilding:difference", OPEN, ENTER)
    register("list:unionbuilding.ledger", "register:employer", OPEN_UNCOVERED)
    register("list:unionbuilding.tax_matters", "unionbuilding:tax_matter", OPEN)
