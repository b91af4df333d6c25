"""Which union covers which employer."""

import datetime as dt
from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from gonghui.areas.register.actions.employers import end_coverages
from gonghui.areas.register.events import employers_covered
from gonghui.areas.register.models import Coverage, Employer, Holding
from gonghui.areas.register.rules import CoverageForm, CoverageState, Extent
from gonghui.core.actions.action import NotAllowed, Refused, action, change
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.copying import insert_many
from gonghui.core.actions.dated import each, supersede
from gonghui.core.actions.door import beyond_scope
from gonghui.core.organisations.models import BASE, Kind, Organisation
from gonghui.core.organisations.queries import managing_union
from gonghui.kit.dates import from_day, today, until


def form_of(union: Organisation) -> CoverageForm:
    """An own union covers its own employer; every other kind covers jointly."""
    return CoverageForm.OWN if union.kind == Kind.OWN else CoverageForm.JOINT


def check_coverage(union: Organisation, employers: Iterable[Employer], since: dt.date, extent: str) -> None:
    """Refuses what the rules forbid, in words."""
    if union.kind not in BASE or union.state != "active":
        raise Refused(_("“%(name)s”不是正常的基层工会，不能覆盖单位") % {"name": union.name}, field="union")
    if since > today():
        raise Refused(_("日期不能晚于今天"), field="since")
    if union.founded_on and since < union.founded_on:
        raise Refused(_("日期不能早于工会成立的 %(day)s") % {"day": union.founded_on}, field="since")
    employers = list(employers)
    for employer in employers:
        if employer.state != "active":
            raise Refused(_("“%(name)s”不是正常状态，不能覆盖") % {"name": employer.name})
        if since < employer.entered_on:
            raise Refused(_("日期不能早于单位入册的 %(day)s") % {"day": employer.entered_on}, field="since")
    if union.kind == Kind.OWN and extent == Extent.WHOLE:
        others = Coverage.objects.unscoped("an own union covers one employer").filter(
            organisation=union, extent=Extent.WHOLE, valid__upper_inf=True
        )
        if len(employers) > 1 or others.exclude(employer__in=employers).exists():
            raise Refused(_("单独建会的工会只覆盖一家单位，请选联合工会"), field="union")


@action("register.cover_employer", label=_("覆盖单位"))
def cover_employers(
    union: Organisation,
    *,
    actor: Actor,
    employers: Iterable[Employer],
    since: dt.date,
    extent: str = Extent.WHOLE,
    basis: str = "",
) -> None:
    """A union covers employers from a day on; covered as a whole, they are held by it from then.

    Joint coverage gives way to an own union the same day (a conversion, not a second covering).
    """
    wanted = {employer.pk for employer in employers}
    held = Employer.objects.changeable_by(actor, "register.cover_employer").filter(pk__among=wanted)
    found = list(held.select_for_update(of=("self",)).order_by("pk"))
    if len(found) != len(wanted):
        raise NotAllowed("register.cover_employer")
    check_coverage(union, found, since, extent)
    form = form_of(union)
    if extent == Extent.WHOLE:
        _convert(found, since, form)
    insert_many(
        [
            Coverage(employer=employer, organisation=union, form=form, extent=extent, basis=basis, valid=from_day(since))
            for employer in found
        ]
    )
    if extent == Extent.WHOLE:
        _hand_over(union, found, since, form)
        employers_covered.send(None, employers=wanted, form=form, since=since)


def _convert(employers: list[Employer], since: dt.date, form: CoverageForm) -> None:
    """Ends joint coverage that an own union takes over; anything else that overlaps is refused by the constraint."""
    if form != CoverageForm.OWN:
        return
    rows = Coverage.objects.unscoped("joint coverage that an own union takes over").filter(
        employer__in=employers, extent=Extent.WHOLE, form=CoverageForm.JOINT, valid__upper_inf=True
    )
    for row in rows:
        if since <= row.valid.lower:
            raise Refused(_("日期须晚于联合工会覆盖开始的 %(day)s") % {"day": row.valid.lower}, field="since")
        change(row, valid=until(row.valid, since))


def _hand_over(union: Organisation, employers: list[Employer], since: dt.date, form: CoverageForm) -> None:
    manager = managing_union(union)
    with beyond_scope("a covered employer is held by the union that covers it"):
        held = each(employers, lambda one: {"organisation": union, "managing": manager, "street_id": one.street_id})
        supersede(Holding, "employer", held, since, held)
        rows = Employer.objects.unscoped("employers that an action has locked").filter(pk__among=held)
        rows.update(organisation=union, coverage=CoverageState(form.value))


def cover_employer(
    employer: Employer,
    *,
    actor: Actor,
    union: Organisation,
    since: dt.date,
    extent: str = Extent.WHOLE,
    basis: str = "",
) -> None:
    """One employer."""
    cover_employers(union, actor=actor, employers=[employer], since=since, extent=extent, basis=basis)


@action("register.end_coverage", label=_("结束覆盖"))
def end_coverage(employer: Employer, *, actor: Actor, on: dt.date, reason: str) -> None:
    """The employer is covered no more from a day on; it goes back to its street or system union."""
    if employer.coverage == CoverageState.NONE:
        raise Refused(_("这个单位现在没有工会覆盖"))
    if not reason:
        raise Refused(_("请写明原因"), field="reason")
    end_coverages(employer, on)
