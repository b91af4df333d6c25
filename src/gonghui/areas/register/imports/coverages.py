"""Coverage by workbook: which union covers which employer from which day on."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from gonghui.areas.register.actions.coverage import check_coverage, cover_employers
from gonghui.areas.register.imports.mending import mend
from gonghui.areas.register.models import Coverage, Employer
from gonghui.areas.register.queries import covering_unions
from gonghui.areas.register.rules import CoverageForm, Extent
from gonghui.areas.register.sheets import COVERAGES
from gonghui.core.actions.action import NotAllowed, Refused
from gonghui.core.exchange.checking import set_named
from gonghui.core.exchange.importers import Circumstances, Importer, Line
from gonghui.core.exchange.suggesting import suggest_names
from gonghui.core.organisations.models import Kind

PERMISSION = "register.cover_employer"
WHY = "coverage of employers that the actor may cover"


def values(coverage: Coverage) -> Mapping[str, Any]:
    """What is on the register of a coverage that a line names again."""
    return {"since": coverage.valid.lower, "extent": coverage.extent, "basis": coverage.basis}


def find(circumstances: Circumstances, lines: Sequence[Line]) -> None:
    """Employer and union by name or code; the open coverage between the two, if there is one."""
    actor = circumstances.actor
    employers = Employer.objects.changeable_by(actor, PERMISSION).exclude(state="merged")
    set_named(lines, "employer", employers, _("没有您能管理的单位叫“%(name)s”"))
    set_named(lines, "union", covering_unions(actor), _("没有您能管理的基层工会叫“%(name)s”"))
    pairs = [line for line in lines if "employer" in line.found and "union" in line.found]
    rows = Coverage.objects.unscoped(WHY).filter(employer__pk__among={line.found["employer"].pk for line in pairs})
    known = {(row.employer_id, row.organisation_id): row for row in rows.filter(valid__upper_inf=True)}
    for line in pairs:
        line.record = known.get((line.found["employer"].pk, line.found["union"].pk))


def check(circumstances: Circumstances, lines: Sequence[Line]) -> None:
    """The rules of coverage, and no employer or own union twice in one workbook."""
    fresh = [line for line in lines if line.is_new]
    whole: dict[int, int] = {}
    own: dict[int, int] = {}
    covered = open_coverages([line.found["employer"].pk for line in fresh])
    for line in fresh:
        employer, union = line.found["employer"], line.found["union"]
        try:
            check_coverage(union, [employer], line.values["since"], extent_of(line))
        except Refused as refusal:
            line.refuse(refusal.field, str(refusal))
            continue
        if extent_of(line) != Extent.WHOLE:
            continue
        refuse_second(line, "employer", whole, employer.pk)
        if union.kind == Kind.OWN:
            refuse_second(line, "union", own, union.pk)
        check_conversion(line, covered.get(employer.pk))


def open_coverages(employers: Sequence[int]) -> dict[int, Coverage]:
    """The whole-unit coverage of employers that has not ended."""
    rows = Coverage.objects.unscoped(WHY).filter(employer__pk__among=employers, extent=Extent.WHOLE, valid__upper_inf=True)
    return {row.employer_id: row for row in rows}


def extent_of(line: Line) -> str:
    """The whole unit unless the line says otherwise."""
    return str(line.get("extent") or Extent.WHOLE)


def refuse_second(line: Line, column: str, seen: dict[int, int], key: int) -> None:
    """One of them may stand in the workbook only once."""
    if key in seen:
        line.refuse(column, _("与第 %(row)s 行相同，请只留一行") % {"row": seen[key]})
    seen.setdefault(key, line.number)


def check_conversion(line: Line, present: Coverage | None) -> None:
    """Joint coverage gives way to an own union on a later day; nothing else does."""
    if present is None:
        return
    if present.form == CoverageForm.JOINT and line.found["union"].kind == Kind.OWN:
        if line.values["since"] <= present.valid.lower:
            sentence = _("日期须晚于联合工会覆盖开始的 %(day)s")
            line.refuse("since", sentence % {"day": present.valid.lower})
    else:
        line.refuse("employer", Coverage.sentences["register_coverage_whole_once"])


def write(circumstances: Circumstances, lines: Sequence[Line]) -> None:
    """All employers that one union covers from the same day on in one action. A refused group stays out by itself."""
    groups: dict[Any, list[Line]] = defaultdict(list)
    for line in lines:
        if line.is_new:
            groups[line.found["union"], line.values["since"], extent_of(line), line.get("basis") or ""].append(line)
    for (union, since, extent, basis), group in groups.items():
        employers = [line.found["employer"] for line in group]
        try:
            cover_employers(union, actor=circumstances.actor, employers=employers, since=since, extent=extent, basis=basis)
        except (Refused, NotAllowed) as refusal:
            for line in group:
                line.refuse("union", str(refusal) if isinstance(refusal, Refused) else _("您不能用这个工会覆盖单位"))
        else:
            for line in group:
                line.made = line.found["employer"]
        circumstances.tell(len(group))


def suggest(circumstances: Circumstances, lines: Sequence[Line]) -> None:
    """Unions of the nearest names."""
    unions = covering_unions(circumstances.actor).order_by("path")
    suggest_names(lines, "union", unions.values_list("name", flat=True))


IMPORTER = Importer(COVERAGES, PERMISSION, find=find, check=check, write=write, values=values, mend=mend, suggest=suggest)
