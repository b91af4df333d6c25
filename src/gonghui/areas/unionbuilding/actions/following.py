"""What becomes of a prospect when its employer is gone, or has a union without its doing."""

import datetime as dt
from typing import Any

from django.dispatch import receiver

from gonghui.areas.register.events import employer_ended, employers_covered
from gonghui.areas.register.rules import CoverageForm
from gonghui.areas.unionbuilding.actions.prospects import advance
from gonghui.areas.unionbuilding.models import Prospect
from gonghui.areas.unionbuilding.rules import PROSPECT_FLOW, Stream
from gonghui.core.actions.door import beyond_scope

WHY = "nobody goes on looking for an employer that is gone or covered, whoever works on it"
REASONS = {"closed": "deregistered", "moved": "moved_away", "struck_off": "struck_off"}
"""State of the employer → code of the list unionbuilding_closing."""


def running_of(employers: set[int]) -> Any:
    """The prospects of employers that are not ended, locked."""
    rows = Prospect.objects.unscoped(WHY).running().filter(employer__pk__among=employers)
    return rows.select_for_update(of=("self",), no_key=True).order_by("pk")


@receiver(employer_ended)
def close_with(sender: Any, *, employer: int, state: str, **_more: Any) -> None:
    """A prospect that is still undecided ends with its employer."""
    with beyond_scope(WHY):
        for prospect in running_of({employer}):
            if PROSPECT_FLOW.allows("close", prospect.state):
                advance(prospect, "close", reason=REASONS.get(state, "other"))


@receiver(employers_covered)
def end_with(sender: Any, *, employers: set[int], form: CoverageForm, since: dt.date, **_more: Any) -> None:
    """A prospect whose employer the register covers is covered or joined; one for which a union was being prepared is closed. A
    conversion goes on under a joint union."""
    with beyond_scope(WHY):
        for prospect in running_of(employers):
            if form == CoverageForm.JOINT and prospect.stream == Stream.CONVERSION:
                continue
            step = "cover" if form == CoverageForm.JOINT else "join"
            if PROSPECT_FLOW.allows(step, prospect.state):
                advance(prospect, step, ended_on=since)
            elif PROSPECT_FLOW.allows("close", prospect.state):
                advance(prospect, "close", reason="covered", ended_on=since)
