"""Why an employer counts on one day and not on another, told from its dated facts on both days."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from gonghui.areas.register.figures.flows import converted
from gonghui.areas.register.figures.rows import PARTS, listed
from gonghui.areas.register.models import Coverage, Holding, Standing
from gonghui.areas.register.rules import CoverageForm, Extent
from gonghui.core.actions.actor import covers
from gonghui.core.figures.corrections import terms_of_verbs
from gonghui.core.figures.registry import Account, Cause, Change, Period, Scope, Term
from gonghui.core.reference.queries import names

WHY = "figures count dated facts of a scope that was checked"

ENTERED, RESTORED = Term("entered", _("入册")), Term("restored", _("恢复"))
LEAVING = {
    "closed": Term("closed", _("注销")),
    "moved": Term("moved", _("迁出")),
    "struck_off": Term("struck_off", _("剔除")),
}
INTO_SCOPE, OUT_OF_SCOPE = Term("into_scope", _("划入")), Term("out_of_scope", _("划出"))
ORGANISED, REORGANISED = Term("organised", _("新增建会")), Term("reorganised", _("恢复覆盖"))
CONVERTED, UNCOVERED = Term("converted", _("联合转单独")), Term("uncovered", _("结束覆盖"))
ALTERED = Term("altered", _("资料变更"))
MERGED, PARTED = Term("merged", _("合并重复")), Term("parted", _("拆开合并"))
"""A duplicate has counted on no day, so that no two days differ by it; what was frozen before differs from what is counted now."""
terms_of_verbs |= {
    f"register.{verb}_{what}": term
    for what in ("employers", "unions")
    for verb, term in (("merge", MERGED), ("unmerge", PARTED))
}


@dataclass(frozen=True)
class Facts:
    """What held for one employer on one day; None where nothing was recorded for it."""

    standing: Standing | None
    holding: Holding | None
    coverage: Coverage | None

    @property
    def state(self) -> str:
        return self.standing.state if self.standing else ""

    @property
    def form(self) -> str:
        """How it was covered as a whole, if it was."""
        return self.coverage.form if self.coverage else ""

    def is_in(self, scope: Scope) -> bool:
        """Whether it was held in the scope."""
        if self.holding is None:
            return False
        if scope.is_territory:
            return self.holding.street_id == scope.organisation.pk
        union = self.holding.managing if scope.organisation.is_managing else self.holding.organisation
        return covers(scope.organisation.path, union.path)


def facts_on(keys: list[int], day: dt.date) -> Mapping[int, Facts]:
    """The facts of these employers on a day."""
    found: dict[int, dict[str, Any]] = defaultdict(dict)
    for name, model in (("standing", Standing), ("holding", Holding), ("coverage", Coverage)):
        rows: Any = model.objects.unscoped(WHY).filter(employer__in=keys, valid__contains=day)
        rows = rows.filter(extent=Extent.WHOLE) if model is Coverage else rows
        for row in rows.select_related("managing", "organisation") if model is Holding else rows:
            found[row.employer_id][name] = row
    return {key: Facts(*(found[key].get(name) for name in ("standing", "holding", "coverage"))) for key in keys}


def causes(keys: Iterable[int], change: Change, *, by_coverage: bool) -> Mapping[int, Cause]:
    """The reason for each employer. Who came is told by what came last (coverage, else the register, else the scope); who left by
    what left first (the register, else the scope, else coverage)."""
    keys = list(keys)
    before, after = facts_on(keys, change.start), facts_on(keys, change.end)
    covered_before = covered_by(keys, change.start) if by_coverage else set()
    found = {}
    for key in keys:
        steps = [_registered(before[key], after[key]), _placed(before[key], after[key], change.scope)]
        if by_coverage:
            steps.insert(0 if change.has_come else 2, _covered(before[key], after[key], key in covered_before))
        found[key] = next((cause for cause in steps if cause), Cause(ALTERED))
    return found


def covered_by(keys: list[int], day: dt.date) -> set[int]:
    """Of these employers those that some union had covered as a whole by the end of a day."""
    rows = Coverage.objects.unscoped(WHY).filter(employer__in=keys, extent=Extent.WHOLE, valid__startswith__lte=day)
    return set(rows.values_list("employer_id", flat=True))


def _registered(before: Facts, after: Facts) -> Cause | None:
    """What became of its state."""
    standing = after.standing
    if standing is None or before.state == after.state:
        return None
    reason = names("strike_off_reason").get(standing.reason, standing.reason)
    if after.state in LEAVING:
        return Cause(LEAVING[after.state], standing.valid.lower, standing.recorded_at, reason)
    return Cause(RESTORED if before.state else ENTERED, standing.valid.lower, standing.recorded_at, reason)


def _placed(before: Facts, after: Facts, scope: Scope) -> Cause | None:
    """Whether it was moved into the scope or out of it."""
    was, remains, holding = before.is_in(scope), after.is_in(scope), after.holding
    if was == remains or holding is None:
        return None
    return Cause(INTO_SCOPE if remains else OUT_OF_SCOPE, holding.valid.lower, holding.recorded_at, holding.managing.name)


def _covered(before: Facts, after: Facts, was_covered_before: bool) -> Cause | None:
    """Whether a union covers it anew, no longer, or in another form."""
    if before.form == after.form:
        return None
    if after.coverage is None:
        assert before.coverage is not None
        return Cause(UNCOVERED, before.coverage.valid.upper, None)
    coverage = after.coverage
    if before.coverage is not None:
        term = CONVERTED if coverage.form == CoverageForm.OWN else REORGANISED
    else:
        term = REORGANISED if was_covered_before else ORGANISED
    return Cause(term, coverage.valid.lower, coverage.recorded_at, coverage.get_form_display())


def conversions(start: dt.date, end: dt.date) -> Mapping[int, Cause]:
    """Employers that stayed covered while their own union took them over from a joint one."""
    rows = converted(Period(start + dt.timedelta(days=1), end)) if start < end else ()
    return {row.pk: Cause(CONVERTED, row.happened_on) for row in rows}


REGISTER = Account(listed, PARTS, partial(causes, by_coverage=False))
COVERAGE = Account(listed, PARTS, partial(causes, by_coverage=True), conversions)
