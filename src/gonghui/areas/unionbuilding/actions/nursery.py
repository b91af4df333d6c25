"""Joint unions as nurseries: a firm that has grown enough is proposed for a union of its own, once each time it reaches the number."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from gonghui.areas.register.models import Employer
from gonghui.areas.unionbuilding.actions.prospects import open_prospects
from gonghui.areas.unionbuilding.models import Crossing, Prospect
from gonghui.areas.unionbuilding.queries import grown_employers, joint_members
from gonghui.areas.unionbuilding.rules import Origin
from gonghui.core.actions.action import action, change
from gonghui.core.actions.actor import Actor
from gonghui.core.organisations.queries import managing_union

WHY = "firms of joint unions that have grown"


@action("unionbuilding.watch_nursery", label=_("核对联合转单独"))
def propose_own(employer: Employer, *, actor: Actor, members: int, on: dt.date) -> Crossing:
    """Notes that a firm has reached the number, and makes a prospect of it; one that is a prospect already is only noted."""
    opened = open_prospects(managing_union(employer.organisation), actor=actor, employers=[employer], origin=Origin.NURSERY)
    running = Prospect.objects.unscoped(WHY).running().filter(employer=employer)  # type: ignore[attr-defined]
    prospect = opened[0] if opened else running.first()
    crossing = Crossing(employer=employer, prospect=prospect, workers=employer.headcount, members=members, crossed_on=on)
    crossing.save(force_insert=True)
    return crossing


def watch_nursery(actor: Actor, on: dt.date) -> int:
    """Proposes the firms that have reached the number since the last time, and notes those that have fallen below it; how many are new."""
    grown = grown_employers(on)
    standing = Crossing.objects.visible_to(actor).filter(fell_on=None)
    for crossing in standing.exclude(employer__in=grown):
        change(crossing, fell_on=on)
    known = set(standing.values_list("employer_id", flat=True))
    fresh = list(Employer.objects.visible_to(actor).filter(pk__in=set(grown) - known).order_by("pk"))
    members = joint_members([one.pk for one in fresh])
    for employer in fresh:
        propose_own(employer, actor=actor, members=members[employer.pk], on=on)
    return len(fresh)
