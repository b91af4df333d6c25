"""What was found out about an employer, and what follows at once: the next step, another street, striking off, a date."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from gonghui.areas.register import actions as register
from gonghui.areas.register.models import Employer
from gonghui.areas.unionbuilding.actions.claims import keep_claim, running_claim
from gonghui.areas.unionbuilding.actions.outcomes import agree, refuse, resume, verify_prospect
from gonghui.areas.unionbuilding.actions.screening import evidence_of
from gonghui.areas.unionbuilding.models import Claim, Finding, Prospect
from gonghui.areas.unionbuilding.rules import (
    CLAIM_FLOW,
    DEREGISTERED,
    PHOTO_BYTES,
    REFUSALS,
    SOURCES,
    STRIKE_OFFS,
    UNDECIDED,
    ContactMethod,
    Outcome,
)
from gonghui.core.actions.action import Refused, action, change, next_state
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import beyond_scope
from gonghui.core.files.actions import store_file
from gonghui.core.files.models import StoredFile
from gonghui.core.organisations.models import Kind
from gonghui.core.organisations.queries import managing_union
from gonghui.core.reference.models import Region
from gonghui.core.reference.queries import choices
from gonghui.kit import photos
from gonghui.kit.dates import today

WHY = "an employer moves to another street, whose union goes on with it"
IN_PERSON = (ContactMethod.VISIT, ContactMethod.PHONE)
"""Ways to find out in which a person has spoken or somebody was there; they keep the claim."""


@dataclass(frozen=True)
class FindingRow:
    """What was found out. `reason` is a code: of the refusals, of the ways to strike off, or "deregistered"."""

    method: str
    outcome: str
    on: dt.date
    headcount: int | None = None
    note: str = ""
    photo: bytes = b""
    reason: str = ""
    rests_until: dt.date | None = None
    region: Region | None = None
    address: str = ""
    same_as: Employer | None = None


@action("unionbuilding.record_finding", label=_("登记核实结论"))
def record_finding(prospect: Prospect, *, actor: Actor, row: FindingRow) -> Finding:
    """Writes down what was found out, and does what follows from it."""
    claim = running_claim(prospect)
    refuse_unfit(prospect, row)
    finding = Finding(
        employer_id=prospect.employer_id,
        prospect=prospect,
        organisation_id=prospect.organisation_id,
        method=row.method,
        outcome=row.outcome,
        on=row.on,
        by_id=actor.user_id,
        headcount=row.headcount,
        reason=row.reason,
        rests_until=row.rests_until,
        region=row.region,
        address=row.address.strip(),
        same_as=row.same_as,
        note=row.note.strip(),
        photo=stored(prospect, actor, row),
    )
    finding.save(force_insert=True)
    if row.method in IN_PERSON:
        change(claim, call_on=None, call_at=None, visit_due_on=None)
        if claim.state == "held":
            keep_claim(claim, actor=actor)
    count(prospect, actor, finding)
    FOLLOWS[Outcome(row.outcome)](prospect, actor, finding)
    return finding


def refuse_unfit(prospect: Prospect, row: FindingRow) -> None:
    """A finding is about today or earlier, and about a prospect of which it is still open what becomes of it."""
    if prospect.state not in UNDECIDED:
        raise Refused(_("这个建会对象已进入筹备或已了结，不再登记核实结论"))
    if row.on > today():
        raise Refused(_("日期不能晚于今天"), field="on")
    if row.outcome == Outcome.REFUSED and row.reason not in dict(choices(REFUSALS, row.on)):
        raise Refused(_("请选择不同意的原因"), field="reason")
    if row.outcome == Outcome.CLOSED and row.reason not in {DEREGISTERED, *dict(choices(STRIKE_OFFS, row.on))}:
        raise Refused(_("请选择停业或注销的情形"), field="reason")


def stored(prospect: Prospect, actor: Actor, row: FindingRow) -> StoredFile | None:
    """The photo, cleaned of where it was taken; kept with whoever works on the prospect."""
    if not row.photo:
        return None
    if len(row.photo) > PHOTO_BYTES:
        raise Refused(_("照片超过 %(most)s MB，请缩小后再传") % {"most": PHOTO_BYTES // 2**20}, field="photo")
    try:
        content, ending = photos.cleaned(row.photo)
    except photos.BadPhoto as bad:
        raise Refused(_("只收 JPEG 或 PNG 照片，这个文件读不出来"), field="photo") from bad
    name = f"{prospect.name}_{row.on:%Y%m%d}{ending}"
    return store_file(
        prospect.organisation,
        actor=actor,
        name=name,
        content=content,
        purpose=str(_("核实照片")),
        permission="unionbuilding.view",
        kept_days=None,
    )


def count(prospect: Prospect, actor: Actor, finding: Finding) -> None:
    """The headcount seen counts for the register, with where it comes from."""
    if finding.headcount is None:
        return
    source = SOURCES[ContactMethod(finding.method)]
    register.record_headcount(prospect.employer, actor=actor, count=finding.headcount, on=finding.on, source=source)
    change(prospect, headcount=finding.headcount)


# -- what follows -----------------------------------------------------------------------------------------------


def is_there(prospect: Prospect, actor: Actor, finding: Finding) -> None:
    """It exists here: the prospect is verified."""
    if prospect.state == "to_verify":
        verify_prospect(prospect, actor=actor)
    elif prospect.state == "refused" and finding.outcome != Outcome.EXISTS:
        resume(prospect, actor=actor)
    prospect.refresh_from_db(fields=["state"])


def is_willing(prospect: Prospect, actor: Actor, finding: Finding) -> None:
    """It wants a union: preparation may begin."""
    is_there(prospect, actor, finding)
    if prospect.state != "agreed":
        agree(prospect, actor=actor)


def does_not_want(prospect: Prospect, actor: Actor, finding: Finding) -> None:
    """It does not want a union now: it rests until a date, with its reason."""
    is_there(prospect, actor, finding)
    refuse(prospect, actor=actor, reason=finding.reason, rests_until=finding.rests_until)


def has_moved(prospect: Prospect, actor: Actor, finding: Finding) -> None:
    """To another street of the district, whose union goes on with it; or out of the district."""
    employer = prospect.employer
    if finding.region is None:
        said = finding.note or str(_("核实时已迁出本区"))
        register.move_out_employer(employer, actor=actor, on=finding.on, reason=said[:200])
        return
    register.relocate_employer(employer, actor=actor, region=finding.region, on=finding.on, address=finding.address)
    with beyond_scope(WHY):
        employer.refresh_from_db()
        values: dict[str, Any] = {"street_id": employer.street_id, "address": employer.address}
        claim = Claim.objects.unscoped(WHY).running().select_related("organisation").get(prospect=prospect)
        if claim.organisation.kind == Kind.STREET:
            state = next_state(CLAIM_FLOW, "release", claim.state)
            change(claim, state=state, ended_on=today(), reason=str(_("已迁往其他街道")))
            values |= {"organisation": managing_union(employer.organisation), "is_open": True}
        change(prospect, **values)


def is_gone(prospect: Prospect, actor: Actor, finding: Finding) -> None:
    """Taken off the commercial register: closed here as well. Only dormant: proposed for striking off, which the district decides."""
    employer = prospect.employer
    if finding.reason in dict(choices(STRIKE_OFFS, finding.on)):
        evidence = evidence_of(employer, actor)
        register.propose_strike_off(employer, actor=actor, reason=finding.reason, evidence=evidence)
        return
    said = finding.note or str(_("核实时已注销"))
    register.close_employer(employer, actor=actor, on=finding.on, reason=said[:200])


def is_a_double(prospect: Prospect, actor: Actor, finding: Finding) -> None:
    """Two records of one employer: whoever may merge them is led there by the prospect's page (`next` of desk/field.py)."""


FOLLOWS: dict[Outcome, Callable[[Prospect, Actor, Finding], None]] = {
    Outcome.EXISTS: is_there,
    Outcome.WILLING: is_willing,
    Outcome.REFUSED: does_not_want,
    Outcome.MOVED: has_moved,
    Outcome.CLOSED: is_gone,
    Outcome.DUPLICATE: is_a_double,
}
