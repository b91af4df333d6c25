"""The call desk: a large number, one key for what came of it, and the next firm; a sheet of paper for days without a screen."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gonghui.areas.unionbuilding import actions, queries
from gonghui.areas.unionbuilding.desk import paper
from gonghui.areas.unionbuilding.desk.field import page_of
from gonghui.areas.unionbuilding.forms.fieldwork import CallForm, SheetForm
from gonghui.areas.unionbuilding.models import Claim
from gonghui.areas.unionbuilding.rules import KEYS, AttemptResult, ContactMethod
from gonghui.core.actions.actor import Actor
from gonghui.core.organisations.models import Organisation
from gonghui.core.reference.queries import names
from gonghui.kit.dates import now
from gonghui.web import desk
from gonghui.web.components import Empty, Link
from gonghui.web.desk import DeskRequest

TAKE, PRINT = "unionbuilding.take_call", "unionbuilding.print_calls"
LATEST = 5  # attempts shown beside a number


@dataclass(frozen=True)
class Key:
    """One result of a call, its key and its icon."""

    key: str
    result: str
    label: Any
    icon: str


ICONS = dict(zip(KEYS.values(), ("phone", "hourglass", "circle-off", "ban", "calendar-event"), strict=True))
RESULTS = [Key(key, result, AttemptResult(result).label, ICONS[result]) for key, result in KEYS.items()]


def place_of(actor: Actor, permission: str) -> Organisation | None:
    """The topmost union at which the actor calls."""
    return Organisation.objects.changeable_by(actor, permission).managing().active().order_by("path").first()


@desk.page(TAKE)
def calls(request: DeskRequest) -> HttpResponse:
    """One firm after the other. What was sent is written down, and the answer is the next firm at once."""
    if (place := place_of(request.actor, TAKE)) is None:
        return desk.refused(request)
    form = CallForm(actor=request.actor, subject=place)
    if request.method == "POST":
        form = written(request, place)
        if not form.errors:
            actions.take_call(place, actor=request.actor)
            if not request.htmx:  # type: ignore[attr-defined]
                return redirect("unionbuilding:calls")
            form = CallForm(actor=request.actor, subject=place)
    context = {"form": form, **shown(place, request.actor)}
    is_part = request.htmx and request.method == "POST"  # type: ignore[attr-defined]
    return render(request, "unionbuilding/desk/calls.html#call" if is_part else "unionbuilding/desk/calls.html", context)


def written(request: DeskRequest, place: Organisation) -> CallForm:
    """Writes the result of the firm down that was on the desk, if one was; the form with what was refused."""
    if "claim" not in request.POST:
        return CallForm(actor=request.actor, subject=place)
    claim = own_claim(request.actor, request.POST["claim"])
    form = CallForm(request.POST, actor=request.actor, subject=place)
    if form.is_valid():
        contact = queries.numbers_of(claim.employer_id).first()
        row = actions.AttemptRow(ContactMethod.PHONE, contact=contact, **form.cleaned_data)
        form.attempt(lambda: actions.record_attempt(claim.prospect, actor=request.actor, row=row))
    return form


def own_claim(actor: Actor, public_id: str) -> Claim:
    """The firm on the desk, which is the actor's for as long as it stands there; or one that he works on anyway."""
    try:
        found: Claim | None = queries.own_claims(actor).filter(public_id=UUID(public_id)).first()
    except ValueError:
        found = None
    if found is None:
        raise Http404
    return found


def shown(place: Organisation, actor: Actor) -> dict[str, Any]:
    """The firm on the desk with its number, or how many wait."""
    mine = queries.own_claims(actor).filter(caller=actor.user_id, caller_until__gt=now())
    due = queries.calls_due(queries.own_claims(actor), place)
    claim = due.filter(pk__in=mine.values("pk")).first()
    call = actions.show_number(claim, actor=actor) if claim else None
    waiting = due.exclude(caller_until__gt=now()).count()
    context: dict[str, Any] = {"place": place, "call": call, "waiting": waiting_words(waiting), "results": RESULTS}
    if call is None:
        return context | {"empty": nothing(waiting), "can_print": actor.can(PRINT) and waiting}
    prospect = queries.prospects(actor).get(pk=call.claim.prospect_id)
    return context | {
        "prospect": prospect,
        "page": page_of(prospect),
        "post": names("post").get(call.contact.post, ""),
        "attempts": list(queries.attempts_of(prospect, actor)[:LATEST]),
    }


def waiting_words(count: int) -> str:
    return ngettext("还有 %(count)s 家", "还有 %(count)s 家", count) % {"count": count}


def nothing(waiting: int) -> Empty:
    """Before the first call, or after the last."""
    if waiting:
        text = _("一次一家，按数字键登记结果，下一家马上出来。号码显示时记入查看记录。")
        return Empty(waiting_words(waiting), text, "phone")
    mine = Link(_("看我的认领"), f"{reverse('unionbuilding:prospects')}?mine=1")
    return Empty(_("现在没有要打的电话"), _("约好的到时间会回来，没人接的下一个工作日再打。"), "circle-check", mine)


# -- paper --------------------------------------------------------------------------------------------------------


@desk.page(PRINT)
def sheet(request: DeskRequest) -> HttpResponse:
    """A call sheet: so many firms with their numbers, kept for whoever prints it until the results are entered."""
    if (place := place_of(request.actor, PRINT)) is None:
        return desk.refused(request)
    form = SheetForm.of_request(request, actor=request.actor, subject=place)
    if form.is_valid():
        count = form.cleaned_data["count"]
        is_done, made = form.attempt(lambda: actions.print_calls(place, actor=request.actor, count=count))
        if is_done and made:
            return paper.call_sheet(made, request.actor)
    context = {
        "form": form,
        "title": _("打印电话单"),
        "sub": place.name,
        "submit": _("打印"),
        "cancel_url": reverse("unionbuilding:calls"),
        "crumbs": [Link(_("打电话"), reverse("unionbuilding:calls")), Link(_("打印电话单"))],
    }
    return render(request, "web/form.html", context)


@dataclass(frozen=True)
class Line:
    """One firm of a sheet and its form."""

    claim: Claim
    form: CallForm


@desk.page("unionbuilding.record_attempt")
def entry(request: DeskRequest) -> HttpResponse:
    """The results of a day on paper: the firms that are the user's, one line each; what is left empty stays for later."""
    lines = [line_of(claim, request) for claim in on_paper(request.actor)]
    filled = [line for line in lines if line.form.is_bound]
    if request.method == "POST" and all(line.form.is_valid() for line in filled):
        done = [line for line in filled if is_written(line, request.actor)]
        if done:
            said = ngettext("已记下 %(count)s 家", "已记下 %(count)s 家", len(done)) % {"count": len(done)}
            messages.success(request, said)
        if len(done) == len(filled):
            return redirect("unionbuilding:call_entry")
    crumbs = [Link(_("打电话"), reverse("unionbuilding:calls")), Link(_("录入电话单"))]
    to_print = Link(_("打印电话单"), reverse("unionbuilding:call_sheet")) if request.actor.can(PRINT) else None
    empty = Empty(_("没有要录入的电话单"), _("打印电话单后，在这里录入结果。"), "circle-check", to_print)
    return render(
        request, "unionbuilding/desk/call_entry.html", {"lines": lines, "crumbs": crumbs, "empty": empty, "results": RESULTS}
    )


def on_paper(actor: Actor) -> Any:
    """The firms that are the user's now."""
    rows = queries.own_claims(actor).filter(caller=actor.user_id, caller_until__gt=now())
    return rows.order_by("until", "pk")


def line_of(claim: Claim, request: DeskRequest) -> Line:
    """The line of one firm; bound where a result was chosen."""
    prefix = claim.public_id.hex
    is_filled = bool(request.POST.get(f"{prefix}-result"))
    return Line(claim, CallForm(request.POST if is_filled else None, actor=request.actor, subject=claim, prefix=prefix))


def is_written(line: Line, actor: Actor) -> bool:
    """Whether the result of one line was taken; what was refused stands beside its fields."""
    row = actions.AttemptRow(
        ContactMethod.PHONE, contact=queries.numbers_of(line.claim.employer_id).first(), **line.form.cleaned_data
    )
    is_done, _attempt = line.form.attempt(lambda: actions.record_attempt(line.claim.prospect, actor=actor, row=row))
    return is_done
