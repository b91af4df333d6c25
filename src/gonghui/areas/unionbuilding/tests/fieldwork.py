"""What the tests of field work share: prospects of the cast, claimed or not, and attempts."""

import datetime as dt
from typing import Any

from gonghui.areas.register.actions import EmployerRow, add_contact, enter_employer
from gonghui.areas.register.models import Contact, Employer
from gonghui.areas.unionbuilding import actions
from gonghui.areas.unionbuilding.actions import AttemptRow
from gonghui.areas.unionbuilding.models import Attempt, Claim, Prospect
from gonghui.core.access.actions import grant_role
from gonghui.core.accounts.actions import create_user
from gonghui.core.organisations.models import Organisation
from gonghui.kit.dates import as_if
from tests.cast import LONG_AGO, SYSTEM, Cast

WHY = "kept for the test's own comparison"


def prospect_of(employer: Employer) -> Prospect:
    """The employer as a prospect that may be claimed, opened long ago by the system at the union that manages it."""
    with as_if(LONG_AGO):
        (made,) = actions.open_prospects(employer.organisation, actor=SYSTEM, employers=[employer])
    return made


def firm(cast: Cast, name: str, *, phone: str = "", at: Organisation | None = None) -> Prospect:
    """A prospect of this name at a street, with a contact where a number is given."""
    street = at or cast.street
    employer = enter_employer(street, actor=SYSTEM, row=EmployerRow(name, LONG_AGO, region=street.region, headcount=30))
    if phone:
        contact_at(employer, phone)
    return prospect_of(employer)


def contact_at(employer: Employer, phone: str, post: str = "chair") -> Contact:
    """Somebody to call at an employer."""
    return add_contact(employer, actor=SYSTEM, post=post, name="负责人", phone=phone, since=LONG_AGO)


def claimed(cast: Cast, prospect: Prospect, union: Organisation | None = None) -> Claim:
    """Claimed by a union, the street unless another is named."""
    return actions.claim(union or cast.street, actor=SYSTEM, prospect=prospect)


def tried(prospect: Prospect, result: str, method: str = "phone", **more: Any) -> Attempt:
    """One attempt by the system."""
    fresh = stored(prospect)
    return actions.record_attempt(fresh, actor=SYSTEM, row=AttemptRow(method, result, **more))


def stored(record: Any) -> Any:
    """The record as the database has it now."""
    return type(record)._base_manager.get(pk=record.pk)


def claim_of(prospect: Prospect) -> Claim | None:
    """The claim that holds a prospect."""
    return Claim.objects.unscoped(WHY).running().filter(prospect=prospect).first()


def system_officer(cast: Cast) -> None:
    """An officer of the education union, beside the cast."""
    cast.users["system_officer"] = create_user(username="system_officer", name="罗教", password=None)
    grant_role(cast.education, actor=SYSTEM, user=cast.users["system_officer"], role="street_officer", since=LONG_AGO)


def day(text: str) -> dt.date:
    """2026-MM-DD as "09-18"."""
    return dt.date.fromisoformat(f"2026-{text}")
