"""The first screen: what waits for me, sorted by deadline."""

import datetime as dt
from collections.abc import Sequence
from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from gonghui.core.figures.registry import Ratio, Scope, figures, value
from gonghui.core.notices.todo import DONE, MINE, STARTED, TodoItem, todo
from gonghui.core.organisations.queries import territories
from gonghui.kit.flow import State
from gonghui.web import components, desk
from gonghui.web.components import Empty, Link, Section, TodoGroup, TodoStep
from gonghui.web.desk import DeskRequest
from gonghui.web.models import pinned_filters
from gonghui.web.pages.figures import words

TABS = {MINE: gettext_noop("待我办"), STARTED: gettext_noop("我发起"), DONE: gettext_noop("已办")}
HOME_FIGURES = ("eligible_employers", "covered_employers", "coverage_rate", "workers")


def left(due: dt.date | None, today: dt.date) -> State:
    """Time left, in words with colour and icon."""
    if due is None:
        return State("none", _("不限期"), "", "calendar-event")
    days = (due - today).days
    if days < 0:
        return State("late", ngettext("逾期 %(days)s 天", "逾期 %(days)s 天", -days) % {"days": -days}, "bad", "alert-triangle")
    if days == 0:
        return State("today", _("今天到期"), "warn", "hourglass")
    return State("left", ngettext("还剩 %(days)s 天", "还剩 %(days)s 天", days) % {"days": days}, "", "calendar-event")


def group_of(item: TodoItem, today: dt.date) -> str:
    """The heading an item stands under."""
    if item.due is None:
        return _("不限期")
    if item.due < today:
        return _("已逾期")
    return _("今天到期") if item.due == today else _("以后")


def shown(item: TodoItem, today: dt.date, tab: str) -> components.TodoItem:
    """An item as the page takes it."""
    time_left = left(item.due, today) if tab == MINE else item.state
    steps = [TodoStep(step.label, step.url, step.key, step.is_primary) for step in item.steps]
    return components.TodoItem(
        due=item.due,
        left=time_left,
        area=item.area,
        title=str(item.title),
        url=item.url,
        state=item.state,
        detail=str(item.detail),
        steps=steps,
    )


def grouped(items: Sequence[TodoItem], today: dt.date, tab: str) -> list[TodoGroup]:
    """By deadline; finished and started work is one group."""
    if tab != MINE:
        return [TodoGroup(label, [shown(one, today, tab) for one in items]) for label in [_(TABS[tab])] if items]
    return [
        TodoGroup(label, [shown(one, today, tab) for one in group])
        for label, group in groupby(items, key=lambda one: group_of(one, today))
    ]


@desk.page("notices.view")
def home(request: DeskRequest) -> HttpResponse:
    """待办: what waits for the user, and the figures of his unions beside it."""
    today, actor = timezone.localdate(), request.actor
    tab = request.GET.get("tab", MINE)
    tab = tab if tab in TABS else MINE
    items = todo(actor, tab, today)
    tabs = [
        Link(_(label), f"?tab={code}", str(request.todo_count()) if code == MINE else "", code == tab)
        for code, label in TABS.items()
    ]
    empty = Empty(_("今天没有待办"), _("新的申报、批复和提醒会自动出现在这里。"), "circle-check")
    context = {
        "tabs": tabs,
        "groups": grouped(items, today, tab),
        "empty": empty,
        "sections": sections(request),
        "today": today,
    }
    return render(request, "web/todo.html", context)


def sections(request: DeskRequest) -> list[Section]:
    """The right column: my unions' figures, and the filters pinned here."""
    actor, today = request.actor, timezone.localdate()
    result = []
    unions = list(territories(actor)[:2]) if actor.can("figures.view") else []
    if unions:
        rows = []
        for code in HOME_FIGURES:
            figure = figures[code]
            links = []
            for union in unions:
                found = value(figure, Scope(union), today, actor=actor)
                unit = "%" if isinstance(figure, Ratio) and found.number is not None else ""
                page = f"{reverse('web:figure', args=[code])}?scope={union.public_id}"
                links.append(Link(f"{words(found.number)}{unit}", page))
            rows.append((figure.label, links))
        heads = [union.name.removesuffix("总工会") for union in unions]
        result.append(Section(_("我的辖区"), _("截至 %(day)s") % {"day": today.strftime("%m-%d")}, heads, rows))
    pins = [Link(pin.label, f"{SHEETS.get(pin.sheet, '')}?{pin.query}") for pin in pinned_filters(actor)]
    if pins:
        result.append(Section(_("钉住的筛选"), links=pins))
    return result


SHEETS: dict[str, str] = {}  # sheet code → address of its list, filled by the areas' urls
