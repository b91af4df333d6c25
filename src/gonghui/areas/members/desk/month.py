"""本月要办: everything that an enterprise union's chair has to do, one button each, and where the personnel office's list goes in."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Exists, OuterRef, Subquery
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gonghui.areas.members.actions import (
    accept_transfer,
    approve_application,
    make_correction,
    neutral,
    release_transfer,
    request_transfer,
    retain_member,
)
from gonghui.areas.members.imports.roster import OUT_OF_WORK
from gonghui.areas.members.imports.sheets import STAFF
from gonghui.areas.members.models import Application, Correction, Employment, Membership, Transfer
from gonghui.areas.members.queries import person_of
from gonghui.areas.members.rules import Retained
from gonghui.core.actions.actor import Actor
from gonghui.core.exchange.importers import importers
from gonghui.core.exchange.models import Batch
from gonghui.core.notices.todo import urls
from gonghui.core.organisations.models import Organisation
from gonghui.core.organisations.queries import name_of
from gonghui.core.reference.queries import names
from gonghui.kit.dates import today
from gonghui.kit.flow import State
from gonghui.kit.text import Text
from gonghui.web import desk
from gonghui.web.components import Empty
from gonghui.web.desk import DeskRequest, found
from gonghui.web.pages.home import left
from gonghui.web.pages.import_forms import UploadForm

MOST = 100  # matters of one kind
RECENT = dt.timedelta(days=31)  # how long an answer from elsewhere stands here
UNEMPLOYED = "3"
RESTING = (*OUT_OF_WORK, UNEMPLOYED)
OPEN_BATCH = ("uploaded", "mapped", "checked")

Rows = Callable[[Actor], Any]


@dataclass(frozen=True)
class Matter:
    """One thing to do: what it is, until when, and its only button. `url` is posted to, or opened where it `opens`."""

    area: Text
    title: Text
    detail: Text
    time_left: State
    button: Text
    url: str
    opens: bool = False


@dataclass(frozen=True)
class Kind:
    """A kind of matter: the rows, how one reads, what its button does and says."""

    code: str
    label: Text
    button: Text
    rows: Rows
    title: Callable[[Any], str]
    detail: Callable[[Any], str]
    due: Callable[[Any], dt.date | None]
    take: Callable[[Any, Actor], Any]


def places(actor: Actor, permission: str) -> Any:
    """The unions at which the actor holds a permission."""
    return Organisation.objects.changeable_by(actor, permission)


def applications(actor: Actor) -> Any:
    """Who asks to join; what is in doubt is looked at on its own page."""
    return Application.objects.changeable_by(actor, "members.approve_application").filter(state="pending").order_by("due_on")


def transfers(actor: Actor) -> Any:
    """The transfers the actor sees from either side; the membership itself only its holder sees, so it is not joined."""
    return Transfer.objects.visible_to(actor).annotate(target_name=name_of("target"))


def asked_of_us(actor: Actor) -> Any:
    """Members whom another union asks for."""
    mine = places(actor, "members.release_transfer")
    return transfers(actor).filter(origin__in=mine, state__in=("requested", "escalated")).order_by("answer_by")


def offered_to_us(actor: Actor) -> Any:
    """Workers who want to come with their membership."""
    mine = places(actor, "members.accept_transfer")
    return transfers(actor).filter(target__in=mine, state="proposed").order_by("answer_by")


def refused_to_us(actor: Actor) -> Any:
    """Answers of the last month that said no, as long as nobody has asked again."""
    mine = places(actor, "members.request_transfer")
    rows = transfers(actor).filter(target__in=mine, state="refused", ended_on__gte=today() - RECENT)
    again = transfers(actor).filter(membership=OuterRef("membership_id"), pk__gt=OuterRef("pk"))
    return rows.exclude(Exists(again)).order_by("-ended_on")


def corrections(actor: Actor) -> Any:
    """What members want corrected."""
    rows = Correction.objects.changeable_by(actor, "members.make_correction").filter(state="asked")
    return rows.select_related("person").order_by("due_on")


def out_of_work(actor: Actor) -> Any:
    """Members who work no more, though their membership goes on as before; each with the state of his work."""
    works = Employment.objects.visible_to(actor).filter(person=OuterRef("person_id"), valid__upper_inf=True)
    rows = Membership.objects.changeable_by(actor, "members.retain_member").filter(state="active")
    rows = rows.annotate(work_state=Subquery(works.filter(work_state__in=RESTING).values("work_state")[:1])).filter(
        work_state__isnull=False
    )
    return rows.select_related("person").order_by("person__name_pinyin", "pk")


def rest(membership: Any, actor: Actor) -> None:
    """The membership rests from today on."""
    why = Retained.UNEMPLOYED if membership.work_state == UNEMPLOYED else Retained.RETIRED
    retain_member(membership, actor=actor, on=today(), why=why)


def ask_again(transfer: Transfer, actor: Actor) -> str:
    """Asks once more for a membership that was refused."""
    transferred = request_transfer(transfer.target, actor=actor, person=person_of(transfer), employer=transfer.employer)
    return neutral(transferred)


KINDS: Mapping[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind(
            "application",
            gettext_lazy("入会申请"),
            gettext_lazy("同意入会"),
            applications,
            lambda row: row.name,
            lambda row: "；".join(part for part in (row.workplace, row.doubt) if part),
            lambda row: row.due_on,
            lambda row, actor: approve_application(row, actor=actor),
        ),
        Kind(
            "leaver",
            gettext_lazy("离开"),
            gettext_lazy("办理保留会籍"),
            out_of_work,
            lambda row: row.person.name,
            lambda row: _("就业状况是“%(state)s”，会籍仍为正常") % {"state": names("work_state").get(row.work_state, "")},
            lambda row: None,
            rest,
        ),
        Kind(
            "release",
            gettext_lazy("转出"),
            gettext_lazy("转出"),
            asked_of_us,
            lambda row: row.name,
            lambda row: _("%(union)s请求接转") % {"union": row.target_name},
            lambda row: row.due_on,
            lambda row, actor: release_transfer(row, actor=actor),
        ),
        Kind(
            "accept",
            gettext_lazy("转入"),
            gettext_lazy("接收"),
            offered_to_us,
            lambda row: row.name,
            lambda row: _("本人申请把会籍转到这里"),
            lambda row: row.answer_by,
            lambda row, actor: accept_transfer(row, actor=actor),
        ),
        Kind(
            "reply",
            gettext_lazy("答复"),
            gettext_lazy("再次请求接转"),
            refused_to_us,
            lambda row: row.name,
            lambda row: _("原工会不同意转出：%(reason)s") % {"reason": row.reason},
            lambda row: None,
            ask_again,
        ),
        Kind(
            "correction",
            gettext_lazy("资料更正"),
            gettext_lazy("同意更正"),
            corrections,
            lambda row: row.person.name,
            lambda row: row.what,
            lambda row: row.due_on,
            lambda row, actor: make_correction(row, actor=actor),
        ),
    )
}


def matters(actor: Actor) -> Iterator[Matter]:
    """Everything of every kind, and the lists that were begun."""
    for kind in KINDS.values():
        for row in kind.rows(actor)[:MOST]:
            yield matter(kind, row)
    rows = Batch.objects.visible_to(actor).filter(sheet=STAFF.code, state__in=OPEN_BATCH).order_by("-started_at")
    for batch in rows[:MOST]:
        waits = _("%(count)s 人离开的原因还没有填") % {"count": batch.unanswered} if batch.unanswered else _("等您确认后办理")
        url = reverse("web:import", args=[batch.public_id])
        yield Matter(_("名单比对"), batch.file_name, waits, left(None, today()), _("继续办理"), url, opens=True)


def matter(kind: Kind, row: Any) -> Matter:
    """A row as it is read. One in doubt is opened instead of agreed to, where it has a page."""
    url = reverse(f"members:month_{kind.code}", kwargs={"public_id": row.public_id})
    time_left = left(kind.due(row), today())
    page = urls.get(row._meta.label_lower)
    if getattr(row, "doubt", "") and page:
        return Matter(kind.label, kind.title(row), kind.detail(row), time_left, _("去核对"), page(row.public_id), opens=True)
    return Matter(kind.label, kind.title(row), kind.detail(row), time_left, kind.button, url)


def by_area(found_ones: Iterable[Matter]) -> list[tuple[str, list[Matter]]]:
    """The matters under their headings, in the order of the kinds."""
    groups: dict[str, list[Matter]] = {}
    for one in found_ones:
        groups.setdefault(str(one.area), []).append(one)
    return list(groups.items())


@desk.page("members.compare_staff")
def month(request: DeskRequest) -> HttpResponse:
    """What is to be done this month, and the place for the list of all workers."""
    importer = importers[STAFF.code]
    context = {
        "groups": by_area(matters(request.actor)),
        "form": UploadForm(actor=request.actor, subject=importer),
        "upload_url": f"{reverse('web:start_import')}?sheet={STAFF.code}",
        "template_url": f"{reverse('web:import_template')}?sheet={STAFF.code}",
        "roster_url": f"{reverse('web:start_import')}?sheet=members.roster",
        "empty": Empty(
            _("本月没有要办的"),
            _("入会申请、接转和答复会自动出现在这里。把人事的全员名单传上来，可以再核对一遍。"),
            "circle-check",
        ),
        "today": today(),
    }
    return render(request, "members/desk/month.html", context)


@desk.page("members.compare_staff")
def step(request: DeskRequest, public_id: UUID, kind: str) -> HttpResponse:
    """One button: does it, and leads back."""
    rows = KINDS[kind].rows(request.actor)
    row = rows.filter(public_id=public_id).first()
    if row is None:  # done meanwhile, by whoever it was; 404 where it never was his to see
        found(rows.model.objects.visible_to(request.actor), public_id)
        messages.info(request, _("这件事已经不用办了"))
    elif request.method == "POST":
        said = KINDS[kind].take(row, request.actor)
        messages.success(request, said if isinstance(said, str) else _("已办理：%(name)s") % {"name": KINDS[kind].title(row)})
    return redirect("members:month")
