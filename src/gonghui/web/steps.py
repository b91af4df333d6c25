"""One page for every action that takes a form: title, form, action, back to the record."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy

from gonghui.core.actions.action import NotAllowed, demand_second_factor
from gonghui.core.actions.actor import Actor
from gonghui.web.components import Link, Next
from gonghui.web.desk import DeskRequest
from gonghui.web.forms import DeskForm

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Run = Callable[[Any, Actor, dict[str, Any]], Any]


@dataclass(frozen=True)
class StepPage:
    """A page that runs one action on a record. `states` are those it is offered in; empty means any."""

    code: str
    label: "StrOrPromise"
    permission: str
    form: type[DeskForm]
    run: Run
    states: tuple[str, ...] = ()
    icon: str = "edit"
    said: "StrOrPromise" = gettext_lazy("已办理")
    applies: Callable[[Any], bool] = lambda subject: True
    note: "StrOrPromise" = ""  # what comes of it, where the form asks nothing
    instead_of: str = ""  # a permission whose holders have a better way

    def is_offered(self, subject: Any) -> bool:
        """Whether the record's state allows it."""
        return (not self.states or subject.state in self.states) and self.applies(subject)


Steps = Mapping[str, StepPage]


def offered(steps: Steps, subject: Any, actor: Actor, url: Callable[[str], str], following: Next | None = None) -> list[Link]:
    """The steps this actor may take on this record now, without the one that stands out as the next."""
    reaches: dict[frozenset[str], bool] = {}
    links = []
    for step in steps.values():
        if not step.is_offered(subject) or (step.instead_of and actor.can(step.instead_of)):
            continue
        if not (roots := actor.roots_for(step.permission)):
            continue
        if roots not in reaches:  # most permissions of an actor hold at the same unions: asked once
            rows = type(subject).objects.changeable_by(actor, step.permission)
            reaches[roots] = rows.filter(pk=subject.pk).exists()
        if reaches[roots] and (following is None or url(step.code) != following.url):
            links.append(Link(step.label, url(step.code), detail=step.icon))
    return links


def step_page(
    request: DeskRequest,
    steps: Steps,
    code: str,
    subject: Any,
    *,
    back: str,
    crumbs: Sequence[Link] = (),
    finish: Callable[[Any], HttpResponse] | None = None,
) -> HttpResponse:
    """Shows the form, runs the action, goes back to the record (or wherever `finish` leads)."""
    step = steps.get(code)
    if step is None:
        raise Http404
    if not type(subject).objects.changeable_by(request.actor, step.permission).filter(pk=subject.pk).exists():
        raise NotAllowed(step.permission)
    demand_second_factor(request.actor, step.permission)
    form = step.form.of_request(request, actor=request.actor, subject=subject)
    if form.is_valid():
        is_done, result = form.attempt(lambda: step.run(subject, request.actor, form.cleaned_data))
        if is_done:
            if finish:
                return finish(result)
            messages.success(request, str(step.said))
            return redirect(back)
    here = [] if back in [link.url for link in crumbs] else [Link(str(subject), back)]
    context = {
        "form": form,
        "title": step.label,
        "sub": str(subject),
        "note": step.note,
        "submit": step.label,
        "cancel_url": back,
        "crumbs": [*crumbs, *here, Link(step.label)],
    }
    return render(request, "web/form.html", context)
