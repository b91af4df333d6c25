"""Entering employers and keeping what is known of them."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from gonghui.areas.register.events import employer_ended
from gonghui.areas.register.models import Coverage, Employer, Headcount, Holding, Standing
from gonghui.areas.register.rules import EMPLOYER_FLOW, CoverageState, is_non_public
from gonghui.core.actions.action import Refused, action, change, next_state
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.copying import insert_many
from gonghui.core.actions.dated import same, supersede
from gonghui.core.actions.door import beyond_scope
from gonghui.core.organisations.models import Kind, Organisation
from gonghui.core.organisations.queries import managing_union, street_union
from gonghui.core.reference.models import Region
from gonghui.core.reference.queries import attribute
from gonghui.kit import uscc
from gonghui.kit.dates import from_day, today, until


@dataclass(frozen=True)
class EmployerRow:
    """One employer as it is entered; `values` are the plain fields of Employer."""

    name: str
    on: dt.date
    uscc: str = ""
    region: Region | None = None
    headcount: int | None = None
    headcount_source: str = "union"
    headcount_on: dt.date | None = None  # the day it was counted, where that is another one than `on`
    values: dict[str, Any] = field(default_factory=dict)


def employer_code(text: str | None) -> str | None:
    """An employer's credit code, checked; a union's code does not belong here."""
    if not text:
        return None
    try:
        code = uscc.checked(text)
    except uscc.BadCode as error:
        raise Refused(str(error), field="uscc") from error
    if code.startswith("8"):
        raise Refused(_("以 8 开头的是工会自己的代码，请填单位的代码"), field="uscc")
    return code


def derived(values: dict[str, Any], day: dt.date, employer: Employer | None = None) -> bool:
    """Whether the employer is non-public, by its class as it will be and as the list of classes has it on a day."""
    attributes = attribute("employer_class", "non_public", day)
    chosen = values.get("employer_class", employer.employer_class if employer else "")
    controlled = values.get("is_state_controlled", employer.is_state_controlled if employer else False)
    return is_non_public(attributes.get(chosen), is_state_controlled=controlled)


@action("register.enter_employer", label=_("单位入册"))
def enter_employers(holder: Organisation, *, actor: Actor, rows: Iterable[EmployerRow]) -> list[Employer]:
    """Enters employers under a managing union, each with its state, holder and (where known) headcount from its day on."""
    if not holder.is_managing:
        raise Refused(_("单位先由街道或系统工会入册，建会后再归口到它的工会"))
    rows, day = list(rows), today()
    if any(max(row.on, row.headcount_on or row.on) > day for row in rows):
        raise Refused(_("入册日期不能晚于今天"), field="on")
    streets = {region: street_union(region) for region in {row.region for row in rows}}
    employers = []
    for row in rows:
        street = holder if holder.kind == Kind.STREET else streets[row.region]
        employers.append(entered(row, holder, street, is_non_public=derived(row.values, day)))
    insert_many(employers)
    first_facts(list(zip(employers, rows, strict=True)))
    return employers


def entered(row: EmployerRow, holder: Organisation, street: Organisation | None, *, is_non_public: bool) -> Employer:
    """The record of an employer as it is entered."""
    employer = Employer(
        name=row.name.strip(),
        uscc=employer_code(row.uscc),
        region=row.region,
        organisation=holder,
        street=street,
        entered_on=row.on,
        headcount=row.headcount,
        headcount_on=(row.headcount_on or row.on) if row.headcount is not None else None,
        is_non_public=is_non_public,
        **row.values,
    )
    employer.key_names()
    return employer


def first_facts(pairs: Sequence[tuple[Employer, EmployerRow]]) -> None:
    """State, holder and headcount of employers that were entered a moment ago: nothing holds of them yet."""
    insert_many([Standing(employer_id=employer.pk, state="active", valid=from_day(row.on)) for employer, row in pairs])
    insert_many(
        [
            Holding(
                employer_id=employer.pk,
                organisation_id=employer.organisation_id,
                managing_id=employer.organisation_id,
                street_id=employer.street_id,
                valid=from_day(row.on),
            )
            for employer, row in pairs
        ]
    )
    insert_many(
        [
            Headcount(
                employer_id=employer.pk,
                count=row.headcount,
                source=row.headcount_source,
                valid=from_day(row.headcount_on or row.on),
            )
            for employer, row in pairs
            if row.headcount is not None
        ]
    )


def enter_employer(holder: Organisation, *, actor: Actor, row: EmployerRow) -> Employer:
    """Enters one employer."""
    return enter_employers(holder, actor=actor, rows=[row])[0]


@action("register.edit_employer", label=_("修改单位资料"))
def edit_employer(employer: Employer, /, *, actor: Actor, **values: Any) -> None:
    """Corrects what is known of an employer; a former name is kept when the name changes."""
    if "uscc" in values:
        values["uscc"] = employer_code(values["uscc"])
    if "name" in values and values["name"] != employer.name and employer.name not in employer.former_names:
        values["former_names"] = [*values.get("former_names", employer.former_names), employer.name]
    change(employer, **values, is_non_public=derived(values, today(), employer))


@action("register.record_headcount", label=_("登记职工人数"))
def record_headcount(employer: Employer, *, actor: Actor, count: int, on: dt.date, source: str) -> None:
    """Records how many workers there are from a day on."""
    if on > today():
        raise Refused(_("日期不能晚于今天"), field="on")
    supersede(Headcount, "employer", [employer.pk], on, same([employer.pk], count=count, source=source))
    change(employer, headcount=count, headcount_on=on)


def end_state(employer: Employer, step: str, *, on: dt.date, reason: str) -> None:
    """Takes an employer out of the active ones from a day on."""
    target = next_state(EMPLOYER_FLOW, step, employer.state)
    if on > today():
        raise Refused(_("日期不能晚于今天"), field="on")
    supersede(Standing, "employer", [employer.pk], on, same([employer.pk], state=target, reason=reason))
    change(employer, state=target)
    employer_ended.send(None, employer=employer.pk, state=target)


def end_coverages(employer: Employer, on: dt.date) -> None:
    """Ends what covers an employer from a day on, and gives it back to its managing union."""
    rows = Coverage.objects.unscoped("the coverage of an employer that an action has locked")
    for coverage in rows.filter(employer=employer, valid__upper_inf=True):
        if on < coverage.valid.lower:
            raise Refused(_("日期不能早于覆盖开始的 %(day)s") % {"day": coverage.valid.lower}, field="on")
        change(coverage, valid=until(coverage.valid, on))
    give_back(employer, on)


def give_back(employer: Employer, on: dt.date) -> None:
    """An uncovered employer is held by its managing union."""
    holder = managing_union(employer.organisation)
    values = same([employer.pk], organisation=holder, managing=holder, street_id=employer.street_id)
    with beyond_scope("an employer goes back to the union that manages it"):
        supersede(Holding, "employer", [employer.pk], on, values)
        change(employer, organisation=holder, coverage=CoverageState.NONE)


@action("register.close_employer", label=_("注销单位"))
def close_employer(employer: Employer, *, actor: Actor, on: dt.date, reason: str) -> None:
    """The employer no longer exists (注销、吊销). What covers it ends the same day; its union must be dissolved by itself."""
    if employer.coverage != CoverageState.NONE:
        end_coverages(employer, on)
    end_state(employer, "close", on=on, reason=reason)


@action("register.move_out_employer", label=_("迁出本区"))
def move_out_employer(employer: Employer, *, actor: Actor, on: dt.date, reason: str) -> None:
    """The employer left the district."""
    if employer.coverage != CoverageState.NONE:
        end_coverages(employer, on)
    end_state(employer, "move_out", on=on, reason=reason)


@action("register.relocate_employer", label=_("迁往其他街道"))
def relocate_employer(employer: Employer, *, actor: Actor, region: Region, on: dt.date, address: str = "") -> None:
    """The employer moved to another street of the district: that street's union sees it from now on, the former one no longer.

    An uncovered employer that its street held is held by the new street; a covered one stays with its union.
    """
    street = street_union(region)
    if street is None:
        raise Refused(_("所选地区没有街道工会，请由区总工会办理"), field="region")
    if street.pk == employer.street_id:
        raise Refused(_("仍在本街道，请用“修改单位资料”更改地址"), field="region")
    held_by_street = employer.coverage == CoverageState.NONE and employer.organisation_id == employer.street_id
    holder = street if held_by_street else employer.organisation
    with beyond_scope("an employer moves to another street"):
        managing = street if held_by_street else managing_union(holder)
        values = same([employer.pk], organisation=holder, managing=managing, street=street)
        supersede(Holding, "employer", [employer.pk], on, values)
        change(employer, organisation=holder, street=street, region=region, address=address or employer.address)
