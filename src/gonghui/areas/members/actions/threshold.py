"""The reminder to found a union where enough individual members work."""

from collections.abc import Iterable

from gonghui.areas.members.models import Alert
from gonghui.areas.members.queries import counts_at
from gonghui.areas.members.rules import AlertState
from gonghui.areas.register.models import Employer
from gonghui.areas.register.rules import CoverageState
from gonghui.core.actions.action import change
from gonghui.core.actions.door import beyond_scope
from gonghui.core.organisations.queries import managing_union
from gonghui.core.reference.queries import parameter
from gonghui.kit.dates import today

WHY = "the number of individual members at an employer, and the reminder to its federation"


def watch(employers: Iterable[Employer]) -> None:
    """Counts at these employers, inside the action that changed something there: raises a reminder where the number is reached
    (工会法 (2021) art. 11), ends it where it is not any more or a union covers the employer by now."""
    found = {employer.pk: employer for employer in employers}
    counts = counts_at(found)
    with beyond_scope(WHY):
        for key, employer in found.items():
            _keep(employer, counts[key])


def _keep(employer: Employer, count: int) -> None:
    alert = Alert.objects.unscoped(WHY).filter(employer=employer, state=AlertState.OPEN).first()
    is_covered = employer.coverage != CoverageState.NONE
    is_reached = count >= parameter("members.founding_threshold", today()) and employer.state == "active"
    if alert and (is_covered or not is_reached):
        change(alert, state=AlertState.FOUNDED if is_covered else AlertState.LAPSED, ended_on=today(), count=count)
    elif alert:
        change(alert, count=count)
    elif is_reached and not is_covered:
        managing = managing_union(employer.organisation)
        Alert(employer=employer, organisation=managing, street=employer.street, count=count, raised_on=today()).save(
            force_insert=True
        )
