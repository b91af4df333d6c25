"""Runs that are too long for a page, and the end of old ones."""

import datetime as dt
from uuid import UUID

from django.urls import get_resolver

from gonghui.core.access.jobs import long_job, nightly
from gonghui.core.actions.actor import Actor
from gonghui.kit.dates import now
from gonghui.web import runs
from gonghui.web.models import Run

KEPT_DAYS = 30


@long_job("web.carry_out")
def carry_out(actor: Actor, run: str) -> None:
    """Does what a run of the user waits for."""
    assert get_resolver().url_patterns  # with their addresses the areas say what may be done on their lists
    runs.carry_out(actor, UUID(run))


@nightly("web.remove_old_runs", cron="50 3 * * *")
def remove_old_runs(actor: Actor) -> None:
    """Removes runs after a month: they are notes about work, the work itself stands in the history."""
    Run.objects.visible_to(actor).filter(started_at__lt=now() - dt.timedelta(days=KEPT_DAYS)).delete()
