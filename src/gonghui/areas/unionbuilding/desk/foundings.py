"""The founding on the page of a prospect: progress, next step with what it needs, candidates, letters, who moves; and their own pages."""

import datetime as dt
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from gonghui.areas.members import queries as members
from gonghui.areas.members.models import Move
from gonghui.areas.unionbuilding import queries
from gonghui.areas.unionbuilding.desk.founding_steps import ACCOUNT_STEPS, CANDIDATE_STEPS, FOUNDING_STEPS, MOVE_STEPS
from gonghui.areas.unionbuilding.models import Candidate, Founding, Paper, Prospect, Stage
from gonghui.areas.unionbuilding.rules import PROSPECT_FLOW, WITH_UNION
from gonghui.areas.unionbuilding.rules.founding import ORDER, needs_of
from gonghui.core.actions.actor import Actor
from gonghui.core.files.models import StoredFile
from gonghui.core.history.timeline import Part
from gonghui.core.organisations.models import Organisation
from gonghui.kit.dates import today
from gonghui.kit.flow import Need
from gonghui.kit.text import enumerated
from gonghui.web import desk
from gonghui.web.components import Bar, Fact, Link, Next
from gonghui.web.desk import DeskRequest, found
from gonghui.web.steps import StepPage, offered, step_page

PARTS = (Part(Paper, "prospect"), Part(Founding, "prospect"))
SHORT = {
    "agreed": gettext_lazy("同意筹备"),
    "preparing": gettext_lazy("筹备"),
    "nominated": gettext_lazy("候选人"),
    "elected": gettext_lazy("选举"),
    "approved": gettext_lazy("批复"),
    "founded": pgettext_lazy("verb", "建会"),
    "registered": gettext_lazy("法人登记"),
    "complete": gettext_lazy("开户"),
}


def page_of(prospect: Prospect) -> str:
    return reverse("unionbuilding:prospect", args=[prospect.public_id])


def step_url(prospect: Prospect, code: str) -> str:
    return reverse("unionbuilding:prospect_step", args=[prospect.public_id, code])


def context_of(prospect: Prospect, actor: Actor) -> dict[str, Any]:
    """What the page of a prospect shows of its founding: nothing before it has agreed."""
    founding = queries.founding_of(prospect, actor)
    papers = queries.papers(prospect, actor)
    urls = file_urls(papers, actor)
    return {
        "bars": bars(prospect, founding, actor),
        "next": next_step(prospect, actor),
        "founding": founding,
        "founding_facts": founding_facts(founding, actor) if founding else [],
        "candidates": [(one, *candidate_urls(one, prospect)) for one in queries.candidates(founding, actor)],
        "papers": [(one, urls.get(one.file_id or 0, "")) for one in papers],
        "templates_url": reverse("unionbuilding:templates"),
        "movers": movers_link(prospect, founding),
    }


# -- progress ---------------------------------------------------------------------------------------------------


def bars(prospect: Prospect, founding: Founding | None, actor: Actor) -> list[Bar]:
    """The way from agreement to the account, with the days that are known."""
    if prospect.state not in ORDER:
        return []
    now, days = ORDER.index(prospect.state), dates_of(founding) | {"agreed": agreed_on(prospect, actor)}
    done = now + 1 if prospect.state == ORDER[-1] else now
    return [
        Bar(SHORT[code], str(days.get(code) or ""), "done" if place < done else "now" if place == now else "")
        for place, code in enumerate(ORDER)
    ]


def agreed_on(prospect: Prospect, actor: Actor) -> dt.date | None:
    """Since when it agrees; unknown where it went on to the next step on the same day."""
    stage = Stage.objects.visible_to(actor).filter(prospect=prospect, state="agreed").order_by("valid").first()
    return stage.valid.lower if stage else None


def dates_of(founding: Founding | None) -> dict[str, dt.date | None]:
    """On which day each state was reached."""
    if founding is None:
        return {}
    return {
        "preparing": founding.preparation_on,
        "nominated": founding.reviewed_on,
        "elected": founding.election_on,
        "approved": founding.result_on,
        "founded": founding.counts_from,
        "registered": founding.registered_on,
        "complete": founding.account_on,
    }


def next_step(prospect: Prospect, actor: Actor) -> Next | None:
    """The step that follows, with what it needs and where each is mended; for who may take it."""
    step = step_after(prospect.state)
    if step is None or not actor.can_at(step.permission, prospect.organisation_path):
        return None
    needs = [mended(one, prospect) for one in needs_of(step.code, queries.progress(prospect))]
    return Next(step.label, step_url(prospect, step.code), needs)


def step_after(state: str) -> StepPage | None:
    """The step of the founding that follows a state."""
    return next((one for one in FOUNDING_STEPS if one.code in CODES and state in one.states), None)


CODES = {one.code for one in PROSPECT_FLOW.steps if one.is_primary and set(one.sources) <= {*ORDER}}


def mended(need: Need, prospect: Prospect) -> Need:
    """The rules name the step that mends; here it gets its address."""
    return replace(need, mend_url=step_url(prospect, need.mend_url)) if need.mend_url else need


def founding_facts(founding: Founding, actor: Actor) -> list[Fact]:
    """What the steps have put down."""
    union = Organisation.objects.visible_to(actor).filter(pk=founding.union_id or 0).first()
    url = reverse("register:union", args=[union.public_id]) if union else ""
    facts = [
        Fact(_("工会名称"), union.name if union else founding.union_name, url),
        Fact(_("筹备组组长"), founding.head),
        Fact(_("筹备组成员"), founding.group),
        Fact(_("会员人数"), str(founding.members)),
        Fact(_("女职工人数"), str(founding.women)),
        Fact(_("委员会名额"), str(founding.seats)),
        Fact(_("筹建批复文号"), founding.preparation_document),
    ]
    if founding.dispatched is not None:
        facts += [Fact(_("劳务派遣职工人数"), str(founding.dispatched)), Fact(_("用工单位"), founding.hosts)]
    if founding.election_on:
        came = _("应到 %(due)s 人，实到 %(present)s 人") % {"due": founding.due, "present": founding.present}
        facts += [Fact(_("选举形式"), founding.get_meeting_display()), Fact(_("到会情况"), came)]
    if founding.result_on:
        facts.append(Fact(_("选举结果批复文号"), founding.result_document))
    if founding.registered_on:
        facts.append(Fact(_("法人资格证书号"), founding.certificate))
    if founding.account_on:
        link = Link(_("查看"), reverse("unionbuilding:founding_step", args=[founding.public_id, "account"]))
        may_see = actor.can("unionbuilding.reveal_account")
        facts += [
            Fact(_("开户银行"), founding.bank),
            Fact(_("账号"), founding.account_masked, link=link if may_see else None),
        ]
    return facts


def file_urls(papers: list[Paper], actor: Actor) -> dict[int, str]:
    """The pages of the files that the actor sees."""
    rows = StoredFile.objects.visible_to(actor).in_bulk([one.file_id for one in papers if one.file_id])
    return {key: reverse("web:file", args=[one.public_id]) for key, one in rows.items()}


# -- candidates, account ----------------------------------------------------------------------------------------


def candidate_urls(candidate: Candidate, prospect: Prospect) -> tuple[str, str]:
    """Where a candidate is corrected and taken off, while that is possible."""
    if prospect.state != "preparing":
        return "", ""
    edit, remove = (reverse("unionbuilding:candidate_step", args=[candidate.public_id, one]) for one in ("edit", "remove"))
    return edit, remove


@desk.page("unionbuilding.view")
def candidate_step(request: DeskRequest, public_id: UUID, step: str) -> HttpResponse:
    """Corrects a candidate, or takes him off."""
    rows = Candidate.objects.visible_to(request.actor).select_related("founding__prospect")
    candidate = found(rows, public_id)
    prospect = candidate.founding.prospect
    crumbs = [Link(_("建会对象"), reverse("unionbuilding:prospects")), Link(prospect.name, page_of(prospect))]
    return step_page(request, CANDIDATE_STEPS, step, candidate, back=page_of(prospect), crumbs=crumbs)


@desk.page("unionbuilding.view")
def founding_step(request: DeskRequest, public_id: UUID, step: str) -> HttpResponse:
    """Shows the full number of the account, after it was said why."""
    founding = found(Founding.objects.visible_to(request.actor).select_related("prospect"), public_id)
    back = page_of(founding.prospect)
    crumbs = [Link(_("建会对象"), reverse("unionbuilding:prospects")), Link(founding.prospect.name, back)]

    def number(account: str) -> HttpResponse:
        context = {"title": founding.bank, "number": account, "back": back, "crumbs": crumbs}
        return render(request, "web/number.html", context)

    return step_page(request, ACCOUNT_STEPS, step, founding, back=back, crumbs=crumbs, finish=number)


# -- who moves --------------------------------------------------------------------------------------------------


def movers_link(prospect: Prospect, founding: Founding | None) -> Link | None:
    """The page of those who move, once there is a founding to move to."""
    if founding is None:
        return None
    return Link(_("随建会转入的会员"), reverse("unionbuilding:movers", args=[prospect.public_id]))


@desk.page("unionbuilding.view")
def movers(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Who moves to the new union, or has moved: names where the user sees them, a number for the others."""
    actor, prospect = request.actor, found(queries.prospects(request.actor), public_id)
    founding = queries.founding_of(prospect, actor)
    if founding is None:
        return redirect(page_of(prospect))  # before its founding is prepared there is nothing to show
    waiting = members.movers(founding.employer, founding.union, founding.counts_from or today())
    done = list(members.moves(actor).filter(organisation=founding.union)) if founding.union else []
    context = {
        "title": _("随建会转入的会员"),
        "sub": prospect.name,
        "crumbs": [
            Link(_("建会对象"), reverse("unionbuilding:prospects")),
            Link(prospect.name, page_of(prospect)),
            Link(_("随建会转入的会员")),
        ],
        "waiting": told(waiting, actor),
        "can_move": bool(waiting) and prospect.state in WITH_UNION and actor.can("members.move_in"),
        "move_url": step_url(prospect, "move-in"),
        "moves": [(one, told(one.moved, actor), move_steps(one, actor)) for one in done],
    }
    return render(request, "unionbuilding/desk/movers.html", context)


def told(keys: list[int], actor: Actor) -> dict[str, Any]:
    """Memberships as the page shows them: those that the user sees with their pages, and how many more there are."""
    seen = list(members.named(keys, actor)) if actor.can("members.view") else []
    people = [(one, reverse("members:member", args=[one.public_id])) for one in seen]
    return {"count": len(keys), "people": people, "hidden": len(keys) - len(people)}


def move_url(move: Move, code: str) -> str:
    return reverse("unionbuilding:move_step", args=[move.public_id, code])


def move_steps(move: Move, actor: Actor) -> list[Link]:
    """What may be done with a move."""
    return offered(MOVE_STEPS, move, actor, lambda code: move_url(move, code))


@desk.page("unionbuilding.view")
def move_step(request: DeskRequest, public_id: UUID, step: str) -> HttpResponse:
    """Takes a move back, and says who stays."""
    move = found(members.moves(request.actor), public_id)
    founding = Founding.objects.visible_to(request.actor).filter(union=move.organisation_id).select_related("prospect").first()
    if founding is None:
        raise Http404
    back = reverse("unionbuilding:movers", args=[founding.prospect.public_id])

    def finish(staying: list[Any]) -> HttpResponse:
        messages.success(request, _("会员已转回原工会"))
        if staying:
            names = enumerated(one.person.name for one in staying)
            messages.warning(request, _("%(names)s转入之后又办过会籍业务，仍留在新工会") % {"names": names})
        return redirect(back)

    crumbs = [Link(_("随建会转入的会员"), back)]
    return step_page(request, MOVE_STEPS, step, move, back=back, crumbs=crumbs, finish=finish)
