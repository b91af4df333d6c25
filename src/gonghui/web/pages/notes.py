"""Notes on records."""

from uuid import UUID

from django.apps import apps
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from gonghui.core.actions.action import NotAllowed
from gonghui.core.notices import todo
from gonghui.core.notices.actions import finish_note, write_note
from gonghui.core.notices.models import Note
from gonghui.core.organisations.models import Organisation
from gonghui.kit.text import together
from gonghui.web import desk
from gonghui.web.desk import DeskRequest, found
from gonghui.web.forms import DeskForm
from gonghui.web.records import NoteForm
from gonghui.web.steps import StepPage, step_page


def writers_place(request: DeskRequest) -> Organisation:
    """The organisation the writer stands at."""
    place = Organisation.objects.changeable_by(request.actor, "notices.write_note").order_by("path").first()
    if place is None:
        raise NotAllowed("notices.write_note")
    return place


@require_POST
@desk.page("notices.write_note")
def write(request: DeskRequest, model: str, public_id: UUID) -> HttpResponse:
    """Writes a note on a record and goes back to it."""
    if model not in todo.urls:
        raise Http404
    subject = found(apps.get_model(model).objects.visible_to(request.actor), public_id)
    form = NoteForm(request.POST)
    if form.is_valid():
        write_note(writers_place(request), actor=request.actor, subject=subject, **form.cleaned_data)
        messages.success(request, _("已记下"))
    else:
        messages.error(request, together(error for errors in form.errors.values() for error in errors))
    return redirect(todo.urls[model](public_id))


NOTE_STEPS = {
    "finish": StepPage(
        "finish",
        gettext_lazy("办结提醒"),
        "notices.finish_note",
        DeskForm,
        lambda note, actor, data: finish_note(note, actor=actor),
        said=gettext_lazy("已办结"),
    )
}


@desk.page("notices.finish_note")
def finish(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Takes a reminder out of the to-do list."""
    note = found(Note.objects.visible_to(request.actor), public_id)
    return step_page(request, NOTE_STEPS, "finish", note, back=reverse("web:home"))
