"""What employers repeat of their dated facts, for lists and search."""

from collections.abc import Sequence

from gonghui.areas.register.models import Coverage, Employer, Headcount
from gonghui.areas.register.rules import CoverageState, Extent
from gonghui.core.actions.copying import update_many

WHY = "the facts of today of employers that an action has locked"
REPEATED = ["headcount", "headcount_on", "coverage", "name_pinyin", "name_initials"]


def repeat_today(employers: Sequence[Employer]) -> None:
    """Headcount and coverage as the dated facts have them now, and the keys of names."""
    open_ones = {"employer__pk__among": [row.pk for row in employers], "valid__upper_inf": True}
    counts = {row.employer_id: row for row in Headcount.objects.unscoped(WHY).filter(**open_ones)}
    covers = {row.employer_id: row for row in Coverage.objects.unscoped(WHY).filter(**open_ones, extent=Extent.WHOLE)}
    for employer in employers:
        count, cover = counts.get(employer.pk), covers.get(employer.pk)
        employer.headcount = count.count if count else None
        employer.headcount_on = count.valid.lower if count else None
        employer.coverage = CoverageState(cover.form) if cover else CoverageState.NONE
        employer.key_names()
    update_many(employers, REPEATED)
