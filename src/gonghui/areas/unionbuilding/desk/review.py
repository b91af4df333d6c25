"""The queue of unsure pairs: a firm of a list and an employer side by side, decided by keys, the next one at once."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from gonghui.areas.register.models import Contact
from gonghui.areas.register.queries import UNION_ENDING, employers
from gonghui.areas.register.rules import CoverageState
from gonghui.areas.unionbuilding import queries
from gonghui.areas.unionbuilding.actions import decide_match, take_back_verdict
from gonghui.areas.unionbuilding.desk.lists import crumb, entry_page
from gonghui.areas.unionbuilding.desk.lists import page_of as edition_page
from gonghui.areas.unionbuilding.models import Edition, Match
from gonghui.areas.unionbuilding.rules import MATCH_STATES
from gonghui.areas.unionbuilding.sheets import MATCHES
from gonghui.core.actions.action import Refused
from gonghui.core.actions.actor import Actor
from gonghui.kit.dates import today
from gonghui.kit.text import Text, enumerated, plain, together
from gonghui.web import desk
from gonghui.web.components import Empty, Link
from gonghui.web.desk import DeskRequest, found
from gonghui.web.listing import Listing

VERDICTS = ("same", "different", "undo")
MOST = 5000  # pairs of a queue that are counted
SHOWN_WITH = {"region": "name", "form": "name", "branch": "name"}
"""Fields of the engine that are part of what is shown as another one."""


@dataclass(frozen=True)
class Compared:
    """One line of the comparison: what the list says, what the register says, what the engine makes of it and how much that weighs."""

    label: Text
    listed: str
    held: str
    findings: str = ""
    weight: float = 0.0

    @property
    def differs(self) -> bool:
        """Whether both say something, and not the same."""
        return bool(self.listed and self.held) and plain(self.listed) != plain(self.held)

    @property
    def tone(self) -> str:
        """For or against, as far as the engine says."""
        return "" if not self.findings else "ok" if self.weight > 0 else "warn"


@desk.page("unionbuilding.view")
def index(request: DeskRequest) -> HttpResponse:
    """The pairs of all lists; the address says which."""
    empty = Empty(_("还没有比对过名单"), _("载入一份名单，再与单位名册比对，结果会出现在这里。"), "arrows-exchange", crumb())
    listing = Listing(request, MATCHES, queries.matches(request.actor), detail_url=page_of, empty=empty, has_drawer=False)
    crumbs = [crumb(), Link(MATCHES.label)]
    context = {"listing": listing, "crumbs": crumbs, "can_review": request.actor.can("unionbuilding.decide_match")}
    return render(request, listing.template("unionbuilding/desk/matches.html"), context)


def page_of(match: Match) -> str:
    return reverse("unionbuilding:match", args=[match.public_id])


@desk.page("unionbuilding.decide_match")
def queue(request: DeskRequest) -> HttpResponse:
    """One pair after the other; `?edition=` narrows, `?place=` says which, those put off come round again."""
    edition = asked_edition(request)
    waiting = queries.to_review(request.actor)
    if edition is not None:
        waiting = waiting.filter(edition=edition)
    keys = list(waiting.values_list("public_id", flat=True)[:MOST])
    place = min(whole(request.GET.get("place", "")), max(len(keys) - 1, 0))
    crumbs = [crumb(), *([Link(str(edition), edition_page(edition))] if edition else []), Link(_("逐对判定"))]
    context: dict[str, Any] = {
        "title": _("逐对判定"),
        "crumbs": crumbs,
        "last": last_decided(request.actor, edition),
        "asked": carried(edition),
    }
    if not keys:
        back = Link(str(edition), edition_page(edition)) if edition else crumb()
        context["empty"] = Empty(_("没有待判的比对"), _("拿不准的比对会出现在待办里。"), "circle-check", back)
        return render(request, "unionbuilding/desk/review.html", context)
    match = found(waiting, keys[place])
    context |= shown(match, request.actor) | {
        "place": place + 1,
        "count": len(keys),
        "share": 100 * (done := decided(request.actor, edition)) // (done + len(keys)),
        "previous_url": queue_url(edition, place - 1) if place else "",
        "later_url": queue_url(edition, (place + 1) % len(keys)) if len(keys) > 1 else "",
        "is_queue": True,
    }
    return render(request, "unionbuilding/desk/review.html", context)


def asked_edition(request: DeskRequest) -> Edition | None:
    """The edition that the address narrows the queue to."""
    try:
        asked = UUID(request.GET.get("edition") or request.POST.get("edition", ""))
    except ValueError:
        return None
    one: Edition | None = queries.editions(request.actor).filter(public_id=asked).first()
    return one


def carried(edition: Edition | None) -> str:
    """The edition as forms carry it."""
    return str(edition.public_id) if edition else ""


def queue_url(edition: Edition | None, place: int = 0) -> str:
    """The queue at a place, counted from 0."""
    asked = {"edition": carried(edition)} if edition else {}
    return f"{reverse('unionbuilding:review')}?{urlencode(asked | {'place': place})}"


def whole(text: str) -> int:
    """A place in the queue; 0 for what is no number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0


def decided(actor: Actor, edition: Edition | None) -> int:
    """How many pairs people have decided, of the editions that the queue is about."""
    about = {"edition": edition} if edition else {"edition__in": queries.to_review(actor).order_by().values("edition")}
    found: int = queries.matches(actor).filter(**about, decided_at__isnull=False).count()
    return found


def last_decided(actor: Actor, edition: Edition | None) -> Match | None:
    """What the actor has decided last, to be taken back."""
    rows = queries.matches(actor).filter(decided_by=actor.user_id, decided_at__isnull=False, edition__state="matched")
    rows = rows.filter(edition=edition) if edition else rows
    one: Match | None = rows.order_by("-decided_at", "-pk").first()
    return one


@desk.page("unionbuilding.view")
def record(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """One pair, whatever was decided of it."""
    match = found(queries.matches(request.actor), public_id)
    may = request.actor.can_at("unionbuilding.decide_match", match.entry.organisation_path)
    crumbs = [crumb(), Link(str(match.edition), edition_page(match.edition)), Link(_("名单比对"))]
    context = shown(match, request.actor) | {"title": match.entry.name, "crumbs": crumbs, "may_decide": may, "asked": ""}
    return render(request, "unionbuilding/desk/review.html", context)


@desk.page("unionbuilding.decide_match")
def verdict(request: DeskRequest, public_id: UUID, verdict: str) -> HttpResponse:
    """Takes a verdict, or takes it back; what was begun in the queue goes on there."""
    match = found(queries.matches(request.actor), public_id)
    if verdict not in VERDICTS:
        raise Http404
    if request.method != "POST":
        return redirect(page_of(match))
    try:
        if verdict == "undo":
            take_back_verdict(match, actor=request.actor)
        else:
            decide_match(match, actor=request.actor, is_same=verdict == "same")
    except Refused as refusal:
        messages.error(request, str(refusal))
    if "place" not in request.POST:
        return redirect(page_of(match))
    place = whole(request.POST["place"])
    return redirect(queue_url(asked_edition(request), max(place - 1, 0)))


# -- side by side -----------------------------------------------------------------------------------------------


def shown(match: Any, actor: Actor) -> dict[str, Any]:
    """Both sides line by line, and the evidence."""
    employer = employers(actor).filter(pk=match.employer_id).get()
    return {
        "pair": match,
        "state": MATCH_STATES[match.state],
        "lines": [line for line in compared(match, employer, actor) if line.listed or line.held],
        "probability": round(100 * match.probability),
        "entry_url": entry_page(match.entry),
        "employer_url": reverse("register:employer", args=[employer.public_id]),
        "edition": match.edition,
    }


def compared(match: Match, employer: Any, actor: Actor) -> list[Compared]:
    """What both say of the same things."""
    entry, told = match.entry, evidence(match)
    lines = (
        ("name", _("名称"), entry.name, employer.name),
        ("code", _("代码"), entry.code, employer.uscc or ""),
        ("", _("曾用名"), enumerated(entry.former_names), enumerated(employer.former_names)),
        ("address", _("地址"), entry.address, employer.address),
        ("", _("街道"), entry.street_text, (employer.street_name or "").removesuffix(UNION_ENDING)),
        ("legal", _("法定代表人"), entry.legal_person, ""),
        ("phone", _("电话"), entry.phone_masked, phone_of(employer, actor)),
        ("headcount", _("职工人数"), number(entry.headcount), number(employer.headcount)),
        ("", _("行业"), entry.industry, ""),
        ("", _("建会"), "", str(CoverageState(employer.coverage).label)),
    )
    return [Compared(label, listed, held, *told.get(field, ("", 0.0))) for field, label, listed, held in lines]


def evidence(match: Match) -> dict[str, tuple[str, float]]:
    """Field → what the engine says of it, and how much that weighs; in the language of the screen."""
    language = "en" if (get_language() or "").startswith("en") else "zh"
    said: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for one in match.evidence:
        said[SHOWN_WITH.get(one["field"], one["field"])].append((one[language], one["weight"]))
    return {
        field: (together(words for words, _weight in parts), sum(weight for _words, weight in parts))
        for field, parts in said.items()
    }


def phone_of(employer: Any, actor: Actor) -> str:
    """The number of the newest contact, masked."""
    rows = Contact.objects.visible_to(actor).filter(employer=employer, valid__contains=today()).exclude(phone_masked="")
    return str(rows.order_by("-valid", "-pk").values_list("phone_masked", flat=True).first() or "")


def number(count: int | None) -> str:
    """A count in words; nothing where it is not known."""
    return "" if count is None else f"{count:,}"
