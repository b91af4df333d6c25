"""Filters kept under a name: saved from a list, renamed, pinned, forgotten."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from gonghui.core.accounts.models import User
from gonghui.core.actions.actor import Actor
from gonghui.web import desk
from gonghui.web.actions import delete_filter, pin_filter, rename_filter, save_filter, unpin_filter
from gonghui.web.desk import DeskRequest, back, found
from gonghui.web.forms import DeskForm
from gonghui.web.models import SavedFilter
from gonghui.web.pages.home import SHEETS
from gonghui.web.steps import StepPage, step_page


class FilterForm(forms.ModelForm):  # type: ignore[type-arg]
    """A name for the conditions of a list."""

    class Meta:
        model = SavedFilter
        fields = ("sheet", "label", "query")

    def validate_constraints(self) -> None:
        """The database refuses a double name; asking it first would look into hidden rows."""


class NameForm(DeskForm):
    """Another name; `subject` is the filter."""

    label = forms.CharField(label=gettext_lazy("名称"), max_length=40)

    def prepare(self) -> None:
        self.fill(label=self.subject.label)


def plainly(action: Any) -> Any:
    """Runs an action that asks nothing."""

    def run(saved: SavedFilter, actor: Actor, data: dict[str, Any]) -> None:
        action(saved, actor=actor, **data)

    return run


FILTER_STEPS = {
    step.code: step
    for step in (
        StepPage("rename", gettext_lazy("改名"), "web.rename_filter", NameForm, plainly(rename_filter)),
        StepPage("pin", gettext_lazy("钉到最前"), "web.pin_filter", DeskForm, plainly(pin_filter), icon="pin"),
        StepPage("unpin", gettext_lazy("取消钉住"), "web.unpin_filter", DeskForm, plainly(unpin_filter), icon="pin"),
        StepPage(
            "delete",
            gettext_lazy("删除筛选"),
            "web.delete_filter",
            DeskForm,
            plainly(delete_filter),
            icon="trash",
            said=gettext_lazy("已删除"),
        ),
    )
}


@require_POST
@desk.page("web.save_filter")
def save(request: DeskRequest) -> HttpResponse:
    """Keeps the conditions of a list for the user."""
    form, user = FilterForm(request.POST), User.objects.filter(pk=request.actor.user_id or 0).first()
    if user is None:
        raise Http404
    if not form.is_valid():
        messages.error(request, _("请给这个筛选起个名字，不超过 40 个字"))
        return redirect(back(request))
    saved = save_filter(user, actor=request.actor, **form.cleaned_data)
    messages.success(request, _("已存为“%(name)s”") % {"name": saved.label})
    return redirect(back(request))


@desk.page("web.save_filter")
def step(request: DeskRequest, public_id: UUID, step: str) -> HttpResponse:
    """Renames, pins, puts back or forgets a filter of one's own."""
    saved = found(SavedFilter.objects.visible_to(request.actor), public_id)
    shown = f"{SHEETS[saved.sheet]}?{saved.query}" if saved.sheet in SHEETS else reverse("web:home")
    return step_page(request, FILTER_STEPS, step, saved, back=shown if step == "rename" else back(request))
