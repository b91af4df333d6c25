"""Filters kept under a name."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gonghui.core.actions.action import sentence_for
from gonghui.web import desk
from gonghui.web.desk import DeskRequest, back, found
from gonghui.web.models import SavedFilter


class FilterForm(forms.ModelForm):  # type: ignore[type-arg]
    """A name for the conditions of a list."""

    class Meta:
        model = SavedFilter
        fields = ("sheet", "label", "query", "is_pinned")

    def validate_constraints(self) -> None:
        """The database refuses a double name; asking it first would look into hidden rows."""


@require_POST
@desk.page("notices.view")
def save(request: DeskRequest) -> HttpResponse:
    """Keeps the conditions of a list for the user."""
    form = FilterForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("请给这个筛选起个名字，不超过 40 个字"))
        return redirect(back(request))
    form.instance.user_id = request.actor.user_id
    try:
        with transaction.atomic():
            form.save()
        messages.success(request, _("已存为“%(name)s”") % {"name": form.instance.label})
    except IntegrityError as error:
        messages.error(request, str(sentence_for(error) or error))
    return redirect(back(request))


@require_POST
@desk.page("notices.view")
def delete(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Forgets a filter of one's own."""
    found(SavedFilter.objects.visible_to(request.actor), public_id).delete()
    messages.success(request, _("已删除"))
    return redirect(back(request))
