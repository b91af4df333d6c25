"""What is known of oneself: to read, to take away, to have corrected or erased (个人信息保护法 (2021) art. 45–47)."""

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from gonghui.areas.members import own
from gonghui.areas.members.actions import request_correction, withdraw_correction
from gonghui.areas.members.portal.copy import copy_of, plain
from gonghui.areas.members.portal.forms import CorrectionForm, EraseForm
from gonghui.areas.members.rules import CORRECTION_FLOW, CorrectionKind
from gonghui.kit.dates import now
from gonghui.web import portal
from gonghui.web.portal import PortalRequest


@portal.page()
def data(request: PortalRequest) -> HttpResponse:
    """Everything that is kept of me, in words, and what I have asked for."""
    wishes = [(one, CORRECTION_FLOW.state(one.state)) for one in own.corrections(request.actor)]
    sections = [
        one for one in copy_of(request.actor) if one.name != "corrections"
    ]  # the wishes stand above, with their buttons
    context = {"tab": "mine", "sections": sections, "wishes": wishes}
    return render(request, "members/portal/data.html", context)


@portal.page()
def download(request: PortalRequest) -> HttpResponse:
    """The same for a machine: JSON."""
    content = {"made_at": now().isoformat(), "sections": plain(copy_of(request.actor))}
    response = JsonResponse(content, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response.headers["Content-Disposition"] = 'attachment; filename="gonghui-my-data.json"'
    return response


@portal.page("members.request_correction")
def correct(request: PortalRequest) -> HttpResponse:
    """What shall stand instead; the union that keeps me checks it."""
    return wish(request, CorrectionForm, CorrectionKind.CORRECTION)


@portal.page("members.request_correction")
def erase(request: PortalRequest) -> HttpResponse:
    """What need not be kept shall be erased."""
    return wish(request, EraseForm, CorrectionKind.ERASURE)


def wish(request: PortalRequest, form_class: type[CorrectionForm | EraseForm], kind: CorrectionKind) -> HttpResponse:
    """The form of a wish about one's data; the open one of the same kind instead, if there is one."""
    person = own.person(request.actor)
    if person is None:
        return render(request, "members/portal/unknown.html", {"tab": "mine"})
    if own.corrections(request.actor).filter(kind=kind, state="asked").exists():
        messages.info(request, _("上一份还在核对，答复后才能再提；想改内容，请先撤回"))
        return redirect("portal:data")
    form = form_class(portal.posted(request), actor=request.actor, subject=person)
    if form.is_valid():
        is_done, _wish = form.attempt(lambda: request_correction(person, actor=request.actor, values=form.values(), kind=kind))
        if is_done:
            messages.success(request, _("已经交给工会核对"))
            return redirect("portal:data")
    return render(request, f"members/portal/{kind.value}.html", {"tab": "mine", "form": form, "person": person})


@require_POST
@portal.page("members.withdraw_correction")
def withdraw(request: PortalRequest) -> HttpResponse:
    """Takes the open wish of one kind back."""
    found = own.corrections(request.actor).filter(kind=request.POST.get("kind", ""), state="asked").first()
    if found:
        withdraw_correction(found, actor=request.actor)
        messages.success(request, _("申请已经撤回"))
    return redirect("portal:data")
