"""Lists of other authorities: editions, what each brought to light, the firms in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gonghui.areas.register.models import Employer
from gonghui.areas.unionbuilding import jobs, queries
from gonghui.areas.unionbuilding.desk.list_steps import EDITION_STEPS, ENTRY_STEPS
from gonghui.areas.unionbuilding.models import Edition, Entry, Payment
from gonghui.areas.unionbuilding.rules import EDITION_FLOW, MATCH_STATES, DifferenceKind, ListKind, TaxMatterKind
from gonghui.areas.unionbuilding.sheets import DIFFERENCES, EDITIONS, ENTRIES
from gonghui.areas.unionbuilding.sheets.incoming import INCOMING
from gonghui.core.actions.actor import Actor
from gonghui.core.exchange.importers import importers
from gonghui.core.exchange.models import Batch
from gonghui.kit.text import Text, beside, enumerated
from gonghui.web import desk
from gonghui.web.components import Empty, Fact, Link, Next
from gonghui.web.desk import DeskRequest, found
from gonghui.web.listing import Listing
from gonghui.web.records import record_context
from gonghui.web.steps import offered, step_page


@dataclass(frozen=True)
class Tally:
    """A count that opens its rows."""

    label: Text
    number: int
    url: str
    tone: str = ""
    icon: str = "list"

    @property
    def text(self) -> str:
        """The count as it is read."""
        return f"{self.number:,}"


@dataclass(frozen=True)
class Tallies:
    """Counts of one kind under a heading, with what is to be said of them."""

    title: Text
    counts: Sequence[Tally]
    note: Text = ""


def page_of(edition: Edition) -> str:
    return reverse("unionbuilding:edition", args=[edition.public_id])


def entry_page(entry: Entry) -> str:
    return reverse("unionbuilding:entry", args=[entry.public_id])


def crumb() -> Link:
    """The list of editions."""
    return Link(_("名单"), reverse("unionbuilding:editions"))


@desk.page("unionbuilding.view")
def index(request: DeskRequest) -> HttpResponse:
    """The editions of all lists, and ways to load another one."""
    text = _("从税务部门、登记机关等拿到的名单，按版次载入，再与单位名册比对：谁还没有建会、谁搬走或不在了，一目了然。")
    listing = Listing(
        request,
        EDITIONS,
        queries.editions(request.actor),
        detail_url=page_of,
        empty=Empty(_("还没有载入过名单"), text, "file-import"),
        has_drawer=False,
    )
    return render(
        request, listing.template("unionbuilding/desk/editions.html"), {"listing": listing, "loads": loads(request.actor)}
    )


def loads(actor: Actor) -> list[Link]:
    """Where a list of each kind is loaded, for who may."""
    sheets = [INCOMING[kind] for kind in ListKind]
    may = actor.can("exchange.start_batch")
    return [
        Link(one.label, f"{reverse('web:start_import')}?sheet={one.code}")
        for one in sheets
        if may and one.code in importers and actor.can(importers[one.code].permission)
    ]


@desk.page("unionbuilding.view")
def record(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """One edition: what it holds, how it was matched, in what it differs, what the payments say."""
    actor, edition = request.actor, found(queries.editions(request.actor), public_id)
    following = next_step(edition, actor)
    context: dict[str, Any] = {
        "edition": edition,
        "title": str(edition),
        "sub": beside((_("%(firms)s 家") % {"firms": f"{edition.firms:,}"}, edition.holder_name)),
        "state": EDITION_FLOW.state(edition.state),
        "state_note": edition.problem,
        "next": following,
        "crumbs": [crumb(), Link(str(edition))],
        "steps": offered(EDITION_STEPS, edition, actor, lambda code: step_url(edition, code), following),
        "stop_url": step_url(edition, "stop"),
        "tallies": [one for one in (matched(edition, actor), changed(edition, actor), disagreed(edition, actor)) if one],
        "facts": facts(edition, actor),
        **record_context(edition, actor, []),
    }
    return render(request, "unionbuilding/desk/edition.html", context)


def step_url(edition: Edition, code: str) -> str:
    return reverse("unionbuilding:edition_step", args=[edition.public_id, code])


def next_step(edition: Edition, actor: Actor) -> Next | None:
    """What to do next: compare it with the register, or review what is unsure."""
    if not actor.can_at("unionbuilding.match_edition", edition.organisation_path):
        return None
    if edition.state == "loaded":
        return Next(EDITION_STEPS["match"].label, step_url(edition, "match"))
    waiting = queries.to_review(actor).filter(edition=edition).exists() if edition.state == "matched" else False
    return Next(_("逐对判定"), review_url(edition)) if waiting else None


def review_url(edition: Edition) -> str:
    """The queue of this edition's unsure pairs."""
    return f"{reverse('unionbuilding:review')}?edition={edition.public_id}"


def rows_url(name: str, edition: Edition, **conditions: str) -> str:
    """A list narrowed to this edition."""
    return f"{reverse(f'unionbuilding:{name}')}?{urlencode({'edition': str(edition.pk), **conditions})}"


def counted(rows: Any, field: str) -> dict[str, int]:
    """How many rows there are of each value of a field."""
    return dict(rows.order_by().values_list(field).annotate(number=Count("pk")))


def matched(edition: Edition, actor: Actor) -> Tallies | None:
    """How the firms were taken for employers."""
    if edition.state != "matched":
        return None
    counts = counted(queries.matches(actor).filter(edition=edition), "state")
    unknown = queries.entries(actor).filter(edition=edition, is_known=False).count()
    tallies = [
        Tally(one.label, counts.get(code, 0), rows_url("matches", edition, state=code), one.tone, one.icon)
        for code, one in MATCH_STATES.items()
    ]
    tallies.append(Tally(_("没有对上"), unknown, rows_url("entries", edition, known="0"), "info", "plus"))
    note = _("自动对上的预计准确率 %(share)s%%") % {"share": edition.expected_precision} if counts.get("auto") else ""
    return Tallies(_("与单位名册比对"), tallies, note)


def changed(edition: Edition, actor: Actor) -> Tallies:
    """In what it differs from the edition before."""
    counts = counted(queries.differences(actor).filter(edition=edition), "kind")
    tallies = [
        Tally(kind.label, counts.get(kind, 0), rows_url("differences", edition, kind=kind), icon="refresh")
        for kind in DifferenceKind
    ]
    former = queries.editions(actor).filter(organisation=edition.organisation_id, kind=edition.kind)
    former = (
        former.filter(as_of__lte=edition.as_of).exclude(pk=edition.pk).exclude(as_of=edition.as_of, pk__gt=edition.pk).first()
    )
    if former is None and not counts:
        return Tallies(_("与上一版次的变化"), [], _("这是第一份这样的名单，没有上一版次可比。"))
    note = _("上一版次：%(edition)s") % {"edition": former} if former else ""
    return Tallies(_("与上一版次的变化"), tallies, note)


def disagreed(edition: Edition, actor: Actor) -> Tallies | None:
    """What payments and register do not agree about."""
    if edition.kind != ListKind.TAX or edition.state != "matched":
        return None
    rows = queries.tax_matters(actor).filter(edition=edition)
    counts, answered = counted(rows, "kind"), rows.filter(state="answered").count()
    tallies = [
        Tally(kind.label, counts.get(kind, 0), rows_url("tax_matters", edition, kind=kind), "warn", "alert-triangle")
        for kind in TaxMatterKind
    ]
    reserve = queries.entries(actor).filter(edition=edition, reserve_paid__gt=0, coverage="none").count()
    url = rows_url("entries", edition, reserve="1", coverage="none")
    tallies.append(Tally(_("未建会，按规定缴建会筹备金"), reserve, url, "ok", "circle-check"))
    return Tallies(_("税务核对"), tallies, _("已答复 %(count)s 件") % {"count": answered})


def facts(edition: Edition, actor: Actor) -> list[Fact]:
    """Where it came from and what was done with it."""
    batch = Batch.objects.visible_to(actor).filter(public_id=edition.batch_code).first() if actor.can("exchange.view") else None
    return [
        Fact(_("名单种类"), edition.get_kind_display()),
        Fact(_("截至日期"), edition.as_of.isoformat()),
        Fact(_("载入工会"), edition.holder_name),
        Fact(_("载入日期"), edition.loaded_on.isoformat()),
        Fact(
            pgettext("noun", "导入"),
            batch.file_name if batch else "",
            reverse("web:import", args=[batch.public_id]) if batch else "",
        ),
        Fact(_("行数"), f"{edition.lines:,}"),
        Fact(_("名单企业"), f"{edition.firms:,}", rows_url("entries", edition)),
        Fact(_("比对日期"), str(edition.matched_on or "")),
        Fact(_("人数采用日期"), str(edition.headcounts_on or "")),
        Fact(_("电话采用日期"), str(edition.telephones_on or "")),
    ]


@desk.page("unionbuilding.view")
def step(request: DeskRequest, public_id: UUID, step: str) -> HttpResponse:
    """One step on an edition; comparing goes on as a job."""
    edition = found(queries.editions(request.actor), public_id)

    def begun(_result: Any) -> HttpResponse:
        jobs.match.defer(user_id=request.actor.user_id, edition=str(edition.public_id))
        return redirect(page_of(edition))

    ends = begun if step == "match" else None
    return step_page(request, EDITION_STEPS, step, edition, back=page_of(edition), crumbs=[crumb()], finish=ends)


# -- firms ------------------------------------------------------------------------------------------------------


@desk.page("unionbuilding.view")
def entries(request: DeskRequest) -> HttpResponse:
    """The firms of all lists; the address says of which."""
    empty = Empty(_("还没有名单企业"), _("载入一份名单后，里面的企业会出现在这里。"), "building", crumb())
    listing = Listing(request, ENTRIES, queries.entries(request.actor), detail_url=entry_page, empty=empty, has_drawer=False)
    crumbs = [crumb(), Link(ENTRIES.label)]
    return render(request, listing.template("web/list.html"), {"listing": listing, "crumbs": crumbs})


@desk.page("unionbuilding.view")
def entry(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """One firm of a list, what it paid, which employer it is taken for."""
    actor, one = request.actor, found(queries.entries(request.actor), public_id)
    pairs = queries.matches(actor).filter(entry=one).order_by("-score")
    context = {
        "title": one.name,
        "sub": beside((one.code or _("无代码"), one.street_text, str(one.edition))),
        "facts": entry_facts(one, actor),
        "payments": Payment.objects.visible_to(actor).filter(entry=one),
        "pairs": [(pair, MATCH_STATES[pair.state], reverse("unionbuilding:match", args=[pair.public_id])) for pair in pairs],
        "steps": offered(ENTRY_STEPS, one, actor, lambda code: entry_step_url(one, code)),
        "crumbs": [crumb(), Link(str(one.edition), page_of(one.edition)), Link(one.name)],
    }
    return render(request, "unionbuilding/desk/entry.html", context)


def entry_step_url(entry: Entry, code: str) -> str:
    return reverse("unionbuilding:entry_step", args=[entry.public_id, code])


def entry_facts(entry: Any, actor: Actor) -> list[Fact]:
    """What the list says of the firm."""
    return [
        Fact(_("代码或税号"), entry.code, copy=entry.code),
        Fact(_("曾用名"), enumerated(entry.former_names)),
        Fact(_("法定代表人"), entry.legal_person),
        Fact(_("地址"), entry.address),
        Fact(_("街道"), entry.street_text),
        Fact(_("工会组织"), entry.holder_name),
        Fact(_("行业"), entry.industry),
        Fact(_("登记状态"), entry.standing),
        Fact(_("成立日期"), str(entry.founded_on or "")),
        Fact(_("从业人数"), "" if entry.headcount is None else f"{entry.headcount:,}"),
        Fact(_("电话"), entry.phone_masked),
        Fact(_("对上的单位"), entry.employer_name or "", employer_url(entry, actor)),
    ]


def employer_url(entry: Entry, actor: Actor) -> str:
    """The page of the employer that a firm is taken for."""
    settled = queries.taken_for(actor, entry.pk).values("employer")
    employer = Employer.objects.visible_to(actor).filter(pk__in=settled).first()
    return reverse("register:employer", args=[employer.public_id]) if employer else ""


@desk.page("unionbuilding.view")
def entry_step(request: DeskRequest, public_id: UUID, step: str) -> HttpResponse:
    """One step on a firm of a list."""
    one = found(queries.entries(request.actor), public_id)
    return step_page(request, ENTRY_STEPS, step, one, back=entry_page(one), crumbs=[crumb()])


# -- differences ------------------------------------------------------------------------------------------------


@desk.page("unionbuilding.view")
def differences(request: DeskRequest) -> HttpResponse:
    """In what lists differ from the ones before them; the address says which."""
    text = _("同一种名单载入第二份以后，新出现、不再出现、搬迁、更名、开始缴费、人数跨档的会列在这里。")
    empty = Empty(_("没有名单变化"), text, "refresh", crumb())
    rows = queries.differences(request.actor)
    listing = Listing(request, DIFFERENCES, rows, detail_url=difference_page, empty=empty, has_drawer=False)
    crumbs = [crumb(), Link(DIFFERENCES.label)]
    return render(request, listing.template("web/list.html"), {"listing": listing, "crumbs": crumbs})


def difference_page(row: Any) -> str:
    return reverse("unionbuilding:difference", args=[row.public_id])


@desk.page("unionbuilding.view")
def difference(request: DeskRequest, public_id: UUID) -> HttpResponse:
    """Leads to the firm that a difference is about."""
    one = found(queries.differences(request.actor).select_related("entry", "former"), public_id)
    return redirect(entry_page(one.entry or one.former))
