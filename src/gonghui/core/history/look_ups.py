"""Asking by a number for somebody beyond one's own scope: so often an hour, whatever is answered; who does it more often is noted.

A refusal takes back what was written before it, so that a look-up that is refused is counted where the refusal is spoken (`heard`),
and what cannot be counted any more is not told.
"""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from gonghui.core.accounts.limits import Limit, TooOften, is_used_up, take
from gonghui.core.actions.action import Refused
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import beyond_scope
from gonghui.core.history.models import Reading
from gonghui.core.reference.queries import parameter
from gonghui.kit.dates import now, today
from gonghui.kit.text import Text

HOUR = dt.timedelta(hours=1)
NOTED = dt.timedelta(days=30)
EXCESS = "look-ups"  # what the line of the read log says
WHY = "who asks too often by number is noted for the administrators"


class Telling(Refused):
    """A refusal from which whoever hears it learns something of somebody beyond his scope."""

    def __init__(self, message: Text, *, actor: Actor, organisation_id: int, field: str = "") -> None:
        super().__init__(message, field=field)
        self.actor, self.organisation_id = actor, organisation_id


class TooManyLookUps(Telling, TooOften):
    """The look-ups of the hour are used up."""


def limit_of(actor: Actor) -> Limit:
    """How many look-ups the user has in an hour."""
    most = parameter("history.look_ups_per_hour", today())
    said = _("一小时内最多按号码查 %(most)s 次不在本工会的人，请稍后再试；已告知管理员") % {"most": most}
    return Limit("look up", str(actor.user_id), most, HOUR, said)


def look_up(actor: Actor, organisation_id: int) -> None:
    """Counts one look-up of the user who acts at a union. Raises TooManyLookUps."""
    limit = limit_of(actor)
    if actor.user_id is None:
        return
    try:
        take([limit])
    except TooOften as often:
        raise TooManyLookUps(often.message, actor=actor, organisation_id=organisation_id) from often


def refuse_used_up(actor: Actor, organisation_id: int) -> None:
    """Refuses whoever has no look-up left, before anything is looked up: else what is still done for numbers that nobody knows would
    tell which ones are known."""
    limit = limit_of(actor)
    if actor.user_id is not None and is_used_up(limit):
        raise TooManyLookUps(limit.said, actor=actor, organisation_id=organisation_id)


def heard(refusal: Refused) -> Refused:
    """What is said to the user: the refusal where it may still be told, else that he asks too often. Called outside the transaction
    that the refusal has taken back."""
    if isinstance(refusal, TooManyLookUps):
        note_excess(refusal)
    elif isinstance(refusal, Telling):
        try:
            look_up(refusal.actor, refusal.organisation_id)
        except TooManyLookUps as often:
            return heard(often)
    return refusal


def note_excess(refusal: Telling) -> None:
    """One line of the read log an hour says who it was, and where."""
    if (user_id := refusal.actor.user_id) is None:
        return
    try:
        take([Limit("look up noted", str(user_id), 1, HOUR, EXCESS)])
    except TooOften:
        return
    with beyond_scope(WHY):
        Reading(
            organisation_id=refusal.organisation_id,
            user_id=user_id,
            subject_model="accounts.user",
            subject_id=user_id,
            what=EXCESS,
            reason=str(refusal),
        ).save(force_insert=True)


def excesses(actor: Actor) -> list[Reading]:
    """Who has asked too often in the last thirty days, newest first; for whoever sees the status of the system."""
    if not actor.can("web.view"):
        return []
    with beyond_scope(WHY):
        rows = Reading.objects.unscoped(WHY).filter(what=EXCESS, subject_model="accounts.user", read_at__gte=now() - NOTED)
        return list(rows.select_related("user", "organisation").order_by("-read_at"))
