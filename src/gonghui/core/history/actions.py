"""Writing the read log."""

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _

from gonghui.core.actions.action import Refused
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import beyond_scope
from gonghui.core.history.models import Reading
from gonghui.core.reference.queries import parameter
from gonghui.kit.dates import now, today


def log_reading(
    subject: models.Model,
    *,
    actor: Actor,
    organisation_id: int,
    what: str,
    reason: str,
    is_limited: bool = True,
    since: dt.datetime | None = None,
) -> None:
    """Notes that the actor is about to be shown a sensitive value; refuses above the hourly limit of one kind of record.

    Called inside an action, before the value is given out. What the same user was shown `since` then is one look, and stands there once.
    Source: 个人信息保护法 (2021) art. 6, 51.
    """
    if not reason:
        raise Refused(_("请选择查看的事由"), field="reason")
    with beyond_scope("the read log counts and keeps every reading"):
        if (
            since is not None
            and _readings(subject, actor).filter(subject_id=subject.pk, what=what, read_at__gte=since).exists()
        ):
            return
        if is_limited:
            _refuse_too_many(subject, actor)
        Reading(
            organisation_id=organisation_id,
            user_id=actor.user_id,
            subject_model=subject._meta.label_lower,
            subject_id=subject.pk,
            what=what,
            reason=reason,
        ).save(force_insert=True)


def _refuse_too_many(subject: models.Model, actor: Actor) -> None:
    limit = parameter("history.reveals_per_hour", today())
    if _readings(subject, actor).filter(read_at__gte=now() - dt.timedelta(hours=1)).count() >= limit:
        raise Refused(_("一小时内最多查看 %(limit)s 个完整号码，请稍后再试") % {"limit": limit})


def _readings(subject: models.Model, actor: Actor) -> models.QuerySet[Reading]:
    """What this user has looked at among records of this kind."""
    rows: models.QuerySet[Reading] = Reading.objects.unscoped("what one user has looked at")
    return rows.filter(user=actor.user_id, subject_model=subject._meta.label_lower)
