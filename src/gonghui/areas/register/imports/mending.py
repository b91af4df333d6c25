"""What employers repeat for lists and search, and history therefore does not keep: put right after an undoing."""

from collections.abc import Collection
from uuid import UUID

from gonghui.areas.register.models import Coverage, Employer, Headcount
from gonghui.areas.register.rules import CoverageState, Extent
from gonghui.core.actions.copying import update_many

WHY = "employers that the undoing of an import has put back"
REPEATED = ["headcount", "headcount_on", "coverage", "name_pinyin", "name_initials"]


def mend(record_codes: Collection[UUID]) -> None:
    """Headcount and coverage as the dated facts have them now, and the keys of names."""
    rows = list(Employer.objects.unscoped(WHY).filter(public_id__among=record_codes))
    open_ones = {"employer__pk__among": [row.pk for row in rows], "valid__upper_inf": True}
    counts = {row.employer_id: row for row in Headcount.objects.unscoped(WHY).filter(**open_ones)}
    covers = {row.employer_id: row for row in Coverage.objects.unscoped(WHY).filter(**open_ones, extent=Extent.WHOLE)}
    for employer in rows:
        count, cover = counts.get(employer.pk), covers.get(employer.pk)
        employer.headcount = count.count if count else None
        employer.headcount_on = count.valid.lower if count else None
        employer.coverage = CoverageState(cover.form) if cover else CoverageState.NONE
        employer.key_names()
    update_many(rows, REPEATED)
