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


def log_reading(subject: models.Model, *, actor: Actor, organisation_id: int, what: str, reason: str) -> None:
    """Notes that the actor is about to be shown a sensitive value; refuses above the hourly limit.

    Called inside an action, before the value is given out. Source: 个人信息保护法 (2021) art. 6, 51.
    """
    if not reason:
        raise Refused(_("请选择查看的事由"), field="reason")
    limit = parameter("history.reveals_per_hour", today())
    with beyond_scope("the read log counts and keeps every reading"):
        recent = Reading.objects.unscoped("the hourly limit of one user").filter(
            user=actor.user_id, read_at__gte=now() - dt.timedelta(hours=1)
        )
        if recent.count() >= limit:
            raise Refused(_("一小时内最多查看 %(limit)s 个完整号码，请稍后再试") % {"limit": limit})
        Reading(
            organisation_id=organisation_id,
            user_id=actor.user_id,
            subject_model=subject._meta.label_lower,
            subject_id=subject.pk,
            what=what,
            reason=reason,
        ).save(force_insert=True)
