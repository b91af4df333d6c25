"""Targets: what a figure shall reach, by which document, and every version of it."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from gonghui.core.figures.actions import revise_target, set_target
from gonghui.core.figures.models import Target
from gonghui.core.figures.queries import targets
from gonghui.kit.columns import Column, Sheet, YesNo
from gonghui.kit.dates import from_day, today
from gonghui.web import desk
from gonghui.web.components import Fact, Link
from gonghui.web.desk import DeskRequest, found
from gonghui.web.forms import DayField, DeskForm
from gonghui.web.listing import Listing
from gonghui.web.pages.published import FIGURE_COLUMN, figure_name, figure_step, number_words
from gonghui.web.records import days
from gonghui.web.steps import StepPage, offered, step_page

TARGETS = Sheet(
    "figures.targets",
    _("目标"),
    columns=(
        Column("basis", _("依据"), sort="basis", link=True),
        FIGURE_COLUMN,
        Column("scope", _("范围"), accessor="scope_name", sort="organisation_path"),
        Column("since", _("起"), kind="date", accessor="period.lower", sort="period"),
        Column("until", _("止"), kind="date", accessor="period.upper", p3=True),
        Column("number", _("目标值"), accessor=number_words, kind="number", sort="number"),
        Column("version", _("版本"), kind="number", sort="version", p3=True),
        Column("set_on", _("下达日期"), kind="date", sort="set_on", p3=True),
        Column("is_current", _("现行"), kind="bool", filter=YesNo("current", _("现行"), path="is_current")),
    ),
    default_sort="-since",
    unit=_("项"),
)


class TargetForm(DeskForm):
    """A value and the document it rests on."""

    number = forms.DecimalField(label=_("目标值"), min_value=0, max_digits=16, decimal_places=2)
    basis = forms.CharField(label=_("依据的文件"), max_length=200, help_text=_("名称和文号"))


class NewTargetForm(TargetForm):
    """A first version for some days."""

    since = DayField(label=_("起"), is_today=False)
    until = DayField(label=_("止（当天不再计）"), is_today=False)

    def prepare(self) -> None:
        year = today().replace(month=1, day=1)
        self.fill(since=year, until=year.replace(year=year.year + 1))


class RevisionForm(TargetForm):
    """A new version."""

    def prepare(self) -> None:
        self.fill(number=self.subject.number)


def _set(code: str, organisation: Any, actor: Any, data: dict[str, Any]) -> Target:
    period = from_day(data.pop("since"), data.pop("until"))
    return set_target(organisation, actor=actor, figure=code, period=period, **data)


TARGET_STEPS = {
    "revise": StepPage(
        "revise",
        _("修订目标"),
        "figures.revise_target",
        RevisionForm,
        lambda one, actor, data: revise_target(one, actor=actor, **data),
        applies=lambda one: bool(one.is_current),
    )
}


@desk.page("figures.set_target")
def set_one(request: DeskRequest, code: str) -> HttpResponse:
    """Sets a target for a figure of a scope."""
    step = StepPage(
        "set",
        _("下达目标"),
        "figures.set_target",
        NewTargetForm,
        lambda organisation, actor, data: _set(code, organisation, actor, data),
    )
    return figure_step(request, code, step, "web:target")


@desk.page("figures.view")
def index(request: DeskRequest) -> HttpResponse:
    """Every version of every target."""
    listing = Listing(
        request,
        TARGETS,
        targets(request.actor),
        detail_url=lambda row: reverse("web:target", args=[row.public_id]),
        has_drawer=False,
    )
    return render(request, listing.template("web/list.html"), {"listing": listing})


@desk.page("figures.view")
def record(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """One version, and what was done about it."""
    target = found(targets(request.actor), public_id)
    facts = [
        Fact(_("数据指标"), figure_name(target)),
        Fact(_("目标值"), number_words(target)),
        Fact(_("范围"), target.scope_name),
        Fact(_("版本"), str(target.version)),
        Fact(_("起"), date_format(target.period.lower)),
        Fact(_("止"), date_format(target.period.upper)),
        Fact(_("下达日期"), date_format(target.set_on)),
        Fact(_("现行"), _now("是") if target.is_current else _now("否")),
    ]
    context = {
        "title": target.basis,
        "sub": figure_name(target),
        "facts": facts,
        "crumbs": [Link(_now("目标"), reverse("web:targets")), Link(target.basis)],
        "steps": offered(TARGET_STEPS, target, request.actor, lambda code: reverse("web:target_step", args=[public_id, code])),
        "days": days(target, request.actor, []),
    }
    return render(request, "web/record.html", context)


@desk.page("figures.revise_target")
def step(request: DeskRequest, public_id: UUID, step: str) -> HttpResponse:
    """A new version of a target."""
    target = found(targets(request.actor), public_id)
    crumbs = [Link(_now("目标"), reverse("web:targets"))]
    back = reverse("web:target", args=[public_id])
    return step_page(
        request,
        TARGET_STEPS,
        step,
        target,
        back=back,
        crumbs=crumbs,
        finish=lambda made: redirect("web:target", made.public_id),
    )
