"""After founding: what the street helps a new union with, until it is orderly and lively."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _

from gonghui.areas.register.events import unions_placed
from gonghui.areas.register.models import Employer
from gonghui.areas.unionbuilding.models import Aftercare, Candidate, Duty, Founding
from gonghui.areas.unionbuilding.queries import member_counts
from gonghui.areas.unionbuilding.rules.care import KNOWN, DutyGroup, DutyKind, NewUnion, expected, has_share
from gonghui.areas.unionbuilding.rules.founding import AUDIT, WOMEN, Post
from gonghui.core.actions.action import Refused, action, change
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.copying import insert_many
from gonghui.core.actions.door import beyond_scope
from gonghui.core.files.models import StoredFile
from gonghui.core.organisations.models import Organisation
from gonghui.core.organisations.queries import managing_union
from gonghui.core.reference.queries import parameter
from gonghui.kit.dates import today
from gonghui.kit.text import Text, enumerated

WHY = "what a new union still has to do"
FOLLOWS = "what a union still has to do is looked after where the union stands"


def begin_aftercare(founding: Founding, employer: Employer, manager: Organisation) -> Aftercare:
    """Enters a union that was founded a moment ago, with its duties and their limits; what the election has settled is done already."""
    union, on = founding.union, founding.counts_from or today()
    care = Aftercare(union=union, employer=employer, organisation=manager, founded_on=on)
    care.save(force_insert=True)
    new = NewUnion(
        workers=employer.headcount or 0,
        women=founding.women,
        large=parameter("unionbuilding.large_employer", on),
        many_women=parameter("unionbuilding.womens_committee", on),
    )
    duties = [
        Duty(aftercare=care, kind=one.kind, group=one.group, due_on=on + dt.timedelta(days=parameter(one.term, on)))
        for one in expected(new)
    ]
    insert_many(duties)
    settle_elected(founding, care)
    return care


def settle_elected(founding: Founding, care: Aftercare) -> None:
    """The bodies that the meeting has elected."""
    winners = Candidate.objects.unscoped(WHY).filter(founding=founding, is_elected=True)
    posts = set(winners.values_list("post", flat=True))
    for kind, wanted in ((DutyKind.ELECTION, {Post.CHAIR}), (DutyKind.AUDIT, {*AUDIT}), (DutyKind.WOMEN, {*WOMEN})):
        names = [one.name for one in winners if one.post in wanted]
        if posts & wanted and founding.election_on:
            settle(care, kind, founding.election_on, _("选举产生：%(names)s") % {"names": enumerated(names)})


def settle(care: Aftercare, kind: str, on: dt.date, evidence: Text) -> None:
    """What the system has learned: a duty is done, if the union has it and it was open."""
    duty = Duty.objects.unscoped(WHY).filter(aftercare=care, kind=kind, done_on=None).first()
    if duty:
        change(duty, done_on=on, evidence=str(evidence)[:300])
        weigh(care)


def learn(union: Organisation, kind: str, on: dt.date, evidence: Text) -> None:
    """The same, by the union; one that is not looked after has nothing to settle."""
    care = Aftercare.objects.unscoped(WHY).filter(union=union).first()
    if care:
        settle(care, kind, on, evidence)


def weigh(care: Aftercare) -> None:
    """Since when a union is orderly and lively: the day on which the last of the duties was done; not while one is open."""
    duties = list(Duty.objects.unscoped(WHY).filter(aftercare=care))
    days = {group: complete_on(one for one in duties if one.group == group) for group in DutyGroup}
    change(care, orderly_on=days[DutyGroup.ORDERLY], lively_on=days[DutyGroup.LIVELY])


def complete_on(duties: Iterable[Duty]) -> dt.date | None:
    """The day the last of these was done; None while one is open."""
    days = [one.done_on for one in duties]
    return None if None in days else max((day for day in days if day), default=None)


@action("unionbuilding.finish_duty", label=_("办结后续事项"))
def finish_duty(duty: Duty, *, actor: Actor, on: dt.date, evidence: str, file: StoredFile | None = None) -> None:
    """Somebody says that it is done, and what shows it. What the system learns by itself is not reported by hand."""
    if duty.done_on:
        raise Refused(_("这件事已经办结"))
    if duty.kind in KNOWN:
        raise Refused(_("“%(duty)s”由系统根据登记的情况自动办结") % {"duty": duty.get_kind_display()})
    if on > today():
        raise Refused(_("日期不能晚于今天"), field="on")
    if on < duty.aftercare.founded_on:
        raise Refused(_("日期不能早于建会的 %(day)s") % {"day": duty.aftercare.founded_on}, field="on")
    if not evidence.strip():
        raise Refused(_("请写明完成的情况"), field="evidence")
    change(duty, done_on=on, evidence=evidence.strip(), file=file, done_by_id=actor.user_id)
    weigh(duty.aftercare)


@action("unionbuilding.reopen_duty", label=_("重新打开后续事项"))
def reopen_duty(duty: Duty, *, actor: Actor) -> None:
    """It was said too early: the duty is open again, and the union no longer what it made it."""
    if not duty.done_on or duty.done_by_id is None:
        raise Refused(_("只有手工办结的事项可以重新打开"))
    change(duty, done_on=None, evidence="", file=None, done_by_id=None)
    weigh(duty.aftercare)


@action("unionbuilding.check_shares", label=_("核对会员比例"))
def check_share(care: Aftercare, *, actor: Actor, members: int, on: dt.date) -> None:
    """Settles the duty of a union whose members are enough of the workers by now."""
    workers = care.employer.headcount
    if has_share(members, workers, parameter("unionbuilding.member_share", on)):
        said = _("会员 %(members)s 人，职工 %(workers)s 人") % {"members": members, "workers": workers}
        settle(care, DutyKind.MEMBER_SHARE, on, said)


def check_shares(actor: Actor, on: dt.date) -> int:
    """Every union whose share is still open; how many have reached it."""
    rows = Aftercare.objects.visible_to(actor).filter(duties__kind=DutyKind.MEMBER_SHARE, duties__done_on=None)
    cares = list(rows.select_related("employer").order_by("pk"))
    counts = member_counts([one.union_id for one in cares])
    for care in cares:
        check_share(care, actor=actor, members=counts[care.union_id], on=on)
    still = rows.filter(pk__in=[one.pk for one in cares]).count()
    return len(cares) - still


@receiver(unions_placed)
def follow_union(sender: Any, *, unions: Sequence[int], **_more: Any) -> None:
    """A union that stands under another managing union now is looked after there."""
    with beyond_scope(FOLLOWS):
        for care in Aftercare.objects.unscoped(FOLLOWS).filter(union__in=unions).select_related("union"):
            change(care, organisation=managing_union(care.union))
