"""What is open of a person: bulk actions that wait for his form or his word. They have no place, so they pass when he leaves altogether.

His exports and saved filters do not pass: they show what he saw and end with him.
"""

from django.db.models import Q
from django.urls import get_resolver
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from gonghui.core.access.open_work import OpenItem, OpenWork, Succession, open_work
from gonghui.core.actions.actor import Actor
from gonghui.kit.text import Text
from gonghui.web.bulk import BulkStep, bulk_lists
from gonghui.web.models import Run, RunKind, RunState

UNDER_WAY = (RunState.CHECKING, RunState.RUNNING, RunState.UNDOING)
UNFINISHED = (RunState.DRAFT, RunState.CHECKED, *UNDER_WAY)


def unfinished(succession: Succession) -> Q:
    """His bulk actions that have not come to an end."""
    mine = Q(user=succession.leaver, kind=RunKind.BULK, state__in=UNFINISHED)
    return mine if succession.is_last else Q(pk__in=[])


def step_of(run: Run) -> BulkStep | None:
    """The verb of a bulk action; None where its area is gone."""
    assert get_resolver().url_patterns  # with their addresses the areas say what may be done on their lists
    known = bulk_lists.get(run.source)
    return known.steps.get(run.step) if known else None


def shown(run: Run, actor: Actor) -> OpenItem:
    """What is to be done and to how many: the run itself is its user's own, so nothing of it is told."""
    step = step_of(run)
    label = step.label if step else RunKind(run.kind).label
    count = ngettext("%(count)s 条", "%(count)s 条", run.total) % {"count": f"{run.total:,}"}
    return OpenItem(_("%(step)s，%(count)s，%(state)s") % {"step": label, "count": count, "state": RunState(run.state).label})


def obstacle(run: Run, heir: Actor) -> Text:
    """A job cannot change hands; and who does not hold the right of the verb could do nothing with it."""
    if run.state in UNDER_WAY:
        return _("正在办理，等它完成或停止后再交接")
    step = step_of(run)
    if step is None or not heir.can(step.permission):
        return _("接手人没有办理它的权限，请先授予角色")
    return ""


open_work(
    OpenWork(
        "web.runs",
        gettext_lazy("待确认的批量办理"),
        Run,
        unfinished,
        lambda succession: {
            "user": succession.successor,
            "passed_from": succession.leaver,
            "passed_because": succession.reason[:200],
        },
        shown,
        obstacle,
    )
)
