"""Employers by workbook: new ones are entered under the union of their street, known ones corrected."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from gonghui.areas.register import queries
from gonghui.areas.register.actions.edits import Counted, edit_employers
from gonghui.areas.register.actions.employers import EmployerRow, enter_employers
from gonghui.areas.register.imports.mending import mend
from gonghui.areas.register.imports.places import set_streets, suggest_streets
from gonghui.areas.register.models import Employer, Headcount
from gonghui.areas.register.sheets import EMPLOYERS, short, short_street
from gonghui.core.actions.door import beyond_scope
from gonghui.core.exchange.checking import find_by, find_by_name, find_by_record, set_named
from gonghui.core.exchange.importers import Circumstances, Importer, Line
from gonghui.core.exchange.suggesting import suggest_codes, suggest_names
from gonghui.core.organisations.models import Kind, Organisation

FIELDS = ("name", "uscc", "employer_class", "industry", "address", "is_state_controlled")
FLAGS = ("has_party_organisation", "is_dispatch_firm")
EMPTY: dict[str, Any] = {"uscc": None, "is_state_controlled": False, **dict.fromkeys(FLAGS, False)}
CHUNK = 5000  # lines in one action
WHY = "credit codes on the register, whoever holds the employer"
COUNTED = "numbers of workers of employers that the actor may change"


def values(employer: Employer) -> Mapping[str, Any]:
    """What an employer says in the columns that are compared."""
    plain = {name: getattr(employer, name) for name in (*FIELDS, *FLAGS)}
    return plain | {
        "street": short_street(employer),
        "organisation": employer.holder_name,
        "headcount": employer.headcount,
        "entered_on": employer.entered_on,
    }


def find(circumstances: Circumstances, lines: Sequence[Line]) -> None:
    """By record code, then credit code, then as the user said of names; a code held elsewhere is refused without saying where."""
    actor = circumstances.actor
    changeable = Employer.objects.changeable_by(actor, "register.edit_employers").values("pk")
    rows = queries.employers(actor).filter(pk__in=changeable).exclude(state="merged")
    find_by_record(lines, rows)
    find_by([line for line in lines if not line.problems], "uscc", rows)
    refuse_taken(lines)
    find_by_name(lines, "name", rows, circumstances.same_name)


def refuse_taken(lines: Sequence[Line]) -> None:
    """A credit code that another employer has."""
    asked = [line for line in lines if line.get("uscc") and not line.problems]
    with beyond_scope(WHY):
        rows = Employer.objects.unscoped(WHY).filter(uscc__among={line.values["uscc"] for line in asked})
        taken = dict(rows.values_list("uscc", "pk"))
    for line in asked:
        holder = taken.get(line.values["uscc"])
        if holder is not None and (line.record is None or line.record.pk != holder):
            line.refuse("uscc", Employer.sentences["register_employer_uscc_once"])


def check(circumstances: Circumstances, lines: Sequence[Line]) -> None:
    """Streets and holders by their names, days that have come, rights at the holder."""
    set_streets(circumstances, lines)
    managing = Organisation.objects.visible_to(circumstances.actor).managing().active()
    set_named([line for line in lines if line.is_new], "organisation", managing, _("没有叫“%(name)s”的街道或系统工会"))
    ended = ended_counts([line.record for line in lines if line.record and line.get("headcount") is not None])
    for line in lines:
        if "street" in line.found:
            union = line.found["street_union"]
            name = union.name if union else line.found["street"].name
            line.values["street"] = short(name)
        check_days(circumstances, line)
        check_headcount(circumstances, line, ended.get(line.record.pk) if line.record else None)
        if line.is_new and not line.problems:
            check_holder(circumstances, line)


def check_days(circumstances: Circumstances, line: Line) -> None:
    """No day after today."""
    for column in ("entered_on", "headcount_on"):
        if (day := line.get(column)) and day > circumstances.on:
            line.refuse(column, _("晚于今天（%(today)s）") % {"today": circumstances.on})


def ended_counts(employers: Sequence[Employer]) -> dict[int, dt.date]:
    """Key → the first day on which the number of workers was no longer known, of employers for which it is not known now."""
    keys = [employer.pk for employer in employers if employer.headcount is None]
    rows = Headcount.objects.unscoped(COUNTED).filter(employer__in=keys) if keys else ()
    return {row.employer_id: row.valid.upper for row in sorted(rows, key=lambda row: row.valid.upper)}


def check_headcount(circumstances: Circumstances, line: Line, ended: dt.date | None) -> None:
    """A number not before the one that holds now or held last; one that is cleared has held for a day at least."""
    if line.record is None or "headcount" not in line.values or line.values["headcount"] == line.record.headcount:
        return
    since, day = line.record.headcount_on or ended, line.get("headcount_on") or circumstances.on
    if since and day < since:
        line.refuse("headcount_on", _("日期不能早于上一次统计的 %(day)s") % {"day": since})
    elif line.values["headcount"] is None and day == since:
        line.refuse("headcount", _("现在的人数从 %(day)s 起算，要晚一天才能清空；填错了请直接改成对的人数") % {"day": since})


def check_holder(circumstances: Circumstances, line: Line) -> None:
    """Finds the union that a new employer is entered under, and whether the actor may enter it there."""
    place = circumstances.organisation
    holder = line.found.get("organisation")
    if holder is None:
        is_above = place.kind in (Kind.CITY, Kind.DISTRICT)
        holder = line.found.get("street_union") or place if is_above else place
    line.found["holder"] = holder
    if not holder.is_managing:
        line.refuse("organisation", _("单位先由街道或系统工会入册，建会后再归口到它的工会"))
    elif not circumstances.actor.can_at("register.enter_employer", holder.path) or not holder.path.startswith(place.path):
        line.refuse("organisation", _("您不能在“%(name)s”入册单位") % {"name": holder.name})
    elif holder.kind == Kind.STREET and "street" in line.found and line.found["street"].pk != holder.region_id:
        line.refuse("street", _("“%(street)s”不归“%(union)s”") % {"street": line.found["street"].name, "union": holder.name})


def suggest(circumstances: Circumstances, lines: Sequence[Line]) -> None:
    """Codes of visible employers that are a slip away; streets and managing unions of the nearest names."""
    actor = circumstances.actor
    suggest_codes(lines, "uscc", Employer.objects.visible_to(actor))
    suggest_streets(circumstances, lines)
    managing = Organisation.objects.visible_to(actor).managing().active()
    suggest_names(lines, "organisation", managing.order_by("path").values_list("name", flat=True))


def write(circumstances: Circumstances, lines: Sequence[Line]) -> None:
    """Enters the new ones holder by holder, then corrects the known ones in one go."""
    actor = circumstances.actor
    by_holder: dict[Organisation, list[Line]] = defaultdict(list)
    for line in lines:
        if line.is_new:
            by_holder[line.found["holder"]].append(line)
    for holder, group in by_holder.items():
        for start in range(0, len(group), CHUNK):
            enter(circumstances, holder, group[start : start + CHUNK])
    known = [line for line in lines if not line.is_new]
    fields = {line.record.pk: corrections(line) for line in known}
    counts: dict[int, Counted] = {}
    for line in known:
        if has_count(line):
            counts[line.record.pk] = (line.values["headcount"], line.get("headcount_on") or circumstances.on)
    if fields or counts:
        edit_employers(circumstances.organisation, actor=actor, values=fields, headcounts=counts)


def has_count(line: Line) -> bool:
    """Whether a line says another number of workers than there is, or that the known one holds no longer."""
    return any(change.column == "headcount" for change in line.changes)


def enter(circumstances: Circumstances, holder: Organisation, lines: Sequence[Line]) -> None:
    """Enters new employers under one holder."""
    rows = [row_of(line, holder, circumstances) for line in lines]
    for line, made in zip(lines, enter_employers(holder, actor=circumstances.actor, rows=rows), strict=True):
        line.made = made
    circumstances.tell(len(lines))


def row_of(line: Line, holder: Organisation, circumstances: Circumstances) -> EmployerRow:
    """A new employer as the action takes it."""
    names = (*FIELDS[2:], *FLAGS)
    return EmployerRow(
        line.values["name"],
        line.get("entered_on") or circumstances.on,
        uscc=line.get("uscc") or "",
        region=line.found.get("street") or (holder.region if holder.kind == Kind.STREET else None),
        headcount=line.get("headcount"),
        headcount_on=line.get("headcount_on") or circumstances.on,
        values={name: line.values[name] for name in names if line.get(name) is not None},
    )


def corrections(line: Line) -> dict[str, Any]:
    """The plain fields of a known employer that change; what is cleared gets its empty value."""
    changed = {change.column for change in line.changes}
    return {
        name: EMPTY.get(name, "") if line.values[name] is None else line.values[name]
        for name in (*FIELDS, *FLAGS)
        if name in changed
    }


IMPORTER = Importer(
    EMPLOYERS,
    permission="register.enter_employer",
    find=find,
    check=check,
    write=write,
    values=values,
    mend=mend,
    keys=("uscc",),
    also=("register.edit_employers",),
    suggest=suggest,
)
