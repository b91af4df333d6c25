"""The scanner: a member's card is shown to staff, by camera, by a scanner that types, or typed by hand."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from gonghui.areas.members.actions import Shown, read_card
from gonghui.areas.members.forms import ScanForm
from gonghui.core.organisations.models import Organisation
from gonghui.kit.flow import State
from gonghui.web import desk
from gonghui.web.desk import DeskRequest


@desk.page("members.read_card")
def scan(request: DeskRequest) -> HttpResponse:
    """Takes one code after the other; says in words, with colour and icon, what came of each."""
    place = Organisation.objects.changeable_by(request.actor, "members.read_card").active().order_by("path").first()
    if place is None:
        return desk.refused(request)
    context = {"place": place, "form": ScanForm(actor=request.actor, subject=place)}
    if request.method == "POST":
        form = ScanForm(request.POST, actor=request.actor, subject=place)
        if form.is_valid():
            text = form.cleaned_data["text"]
            is_done, shown = form.attempt(lambda: read_card(place, actor=request.actor, text=text))
            context |= {"shown": shown, "said": said(shown)} if is_done and shown else {"refusal": refusal(form)}
        else:
            context["refusal"] = refusal(form)
    return render(request, "members/desk/scanner.html", context)


def said(shown: Shown) -> State:
    """A good card in words: of a member, or of somebody who is none any more."""
    if shown.is_member:
        return State("member", _("有效，是会员"), "ok", "circle-check")
    return State(
        "no_member", _("卡是真的，但现在不计为会员：%(state)s") % {"state": shown.state.label}, "warn", "alert-triangle"
    )


def refusal(form: ScanForm) -> State:
    """A card that is not taken, and why."""
    return State("refused", "；".join(str(error) for errors in form.errors.values() for error in errors), "bad", "ban")
