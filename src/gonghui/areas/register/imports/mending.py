"""What employers repeat for lists and search, and history therefore does not keep: put right after an undoing."""

from collections.abc import Collection
from uuid import UUID

from gonghui.areas.register.actions.repetition import repeat_today
from gonghui.areas.register.models import Employer

WHY = "employers that the undoing of an import has put back"


def mend(record_codes: Collection[UUID]) -> None:
    """Headcount and coverage as the dated facts have them now, and the keys of names."""
    repeat_today(list(Employer.objects.unscoped(WHY).filter(public_id__among=record_codes)))
