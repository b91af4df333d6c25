"""Dated parameters: every value with its days and the document it rests on."""

import json
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gonghui.core.actions.action import Refused
from gonghui.core.exchange.exports import exportable
from gonghui.core.reference.actions import revise_parameter
from gonghui.core.reference.models import Parameter
from gonghui.kit.columns import Column, Sheet
from gonghui.kit.text import enumerated
from gonghui.web import desk
from gonghui.web.components import Link
from gonghui.web.desk import DeskRequest, found
from gonghui.web.forms import DayField, DeskForm
from gonghui.web.listing import Listing
from gonghui.web.steps import StepPage, step_page


def shown(value: Any) -> str:
    """A value as staff write it."""
    return enumerated(value) if isinstance(value, list) else str(value)


PARAMETERS = Sheet(
    "reference.parameters",
    _("参数"),
    columns=(
        Column("label", _("名称"), sort="label", link=True),
        Column("value", _("取值"), accessor=lambda row: shown(row.value)),
        Column("unit", pgettext_lazy("of a number", "单位")),
        Column("since", _("起"), kind="date", accessor="valid.lower", sort="valid"),
        Column("until", _("止"), kind="date", accessor="valid.upper"),
        Column("basis", _("依据"), p3=True),
    ),
    default_sort="label",
    unit=_("项"),
)


class ReviseForm(DeskForm):
    """A new value."""

    value = forms.CharField(label=_("新的取值"), max_length=200, help_text=_("多个数用顿号隔开"))
    since = DayField(label=_("生效日期"), is_today=False)
    basis = forms.CharField(label=_("依据的文件"), max_length=200)

    def prepare(self) -> None:
        self.fill(value=shown(self.subject.value))


exportable(PARAMETERS, permission="reference.view", rows=Parameter.objects.visible_to)


def parsed(text: str, like: Any) -> Any:
    """The value in the type of the former one. Refused where it is none."""
    words = [word.strip() for word in text.replace(",", "、").replace("，", "、").split("、") if word.strip()]
    try:
        numbers = [json.loads(word) for word in words]
    except ValueError:
        numbers = []
    if not numbers or not all(isinstance(number, int | float) and not isinstance(number, bool) for number in numbers):
        raise Refused(_("请填数字"), field="value")
    if isinstance(like, list):
        if numbers != sorted(set(numbers)):
            raise Refused(_("请从小到大填写，不要重复"), field="value")
        return numbers
    if len(numbers) != 1:
        raise Refused(_("只能填一个数"), field="value")
    return numbers[0]


def _revise(parameter: Parameter, actor: Any, data: dict[str, Any]) -> Parameter:
    data["value"] = parsed(data["value"], parameter.value)
    return revise_parameter(parameter, actor=actor, **data)


STEPS = {"revise": StepPage("revise", _("修订参数"), "reference.revise_parameter", ReviseForm, _revise)}


@desk.page("reference.view")
def index(request: DeskRequest) -> HttpResponse:
    """All parameters and their former values."""
    listing = Listing(
        request,
        PARAMETERS,
        Parameter.objects.visible_to(request.actor),
        detail_url=lambda row: reverse("web:revise_parameter", args=[row.public_id]),
    )
    return render(request, listing.template("web/list.html"), {"listing": listing})


@desk.page("reference.view")
def revise(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Gives a parameter a new value from a day on."""
    parameter = found(Parameter.objects.visible_to(request.actor), public_id)
    crumbs = [Link(str(_("参数")), reverse("web:parameters"))]
    return step_page(request, STEPS, "revise", parameter, back=reverse("web:parameters"), crumbs=crumbs)
