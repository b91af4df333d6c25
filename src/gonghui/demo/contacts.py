"""Who to talk to at the unions and at some employers."""

import datetime as dt
from collections.abc import Mapping
from random import Random

from gonghui.areas.register.actions import add_contact
from gonghui.areas.register.models import Contact, Employer
from gonghui.core.actions.door import entry
from gonghui.core.organisations.models import Organisation
from gonghui.demo.register import ACTOR, Register
from gonghui.kit.dates import today

STREET_POSTS = ("chair", "vice_chair", "audit_chair", "women_chair", "finance")
MOST_UNCHECKED = 540  # days since a contact was last checked; the parameter calls it overdue after 180
EMPLOYERS = 40


def posts_of(union: Organisation) -> tuple[str, ...]:
    """A union with funds of its own has somebody who keeps them."""
    return ("chair", "finance", "liaison") if union.keeps_own_funds else ("chair", "liaison")


def write_contacts(register: Register, chairs: Mapping[int, str]) -> None:
    """For the street union, every own and joint union, and the uncovered employers worth a visit.

    `chairs` names those who are known already, by union.
    """
    inventor = register.inventor

    def add(holder: Organisation | Employer, post: str, since: dt.date, name: str = "") -> Contact:
        return add_contact(holder, actor=ACTOR, post=post, name=name or inventor.person(), phone=inventor.phone(), since=since)

    written = [add(register.street, post, dt.date(2016, 6, 8)) for post in STREET_POSTS]
    for union in [*register.owns.values(), *register.joints.values()]:
        since = union.founded_on or today()
        for post in posts_of(union):
            name = chairs.get(union.pk, "") if post == "chair" else ""
            written.append(add(union, post, since, name))
    for employer in register.uncovered()[-EMPLOYERS:]:
        written.append(add(employer, "liaison", employer.entered_on))
    set_checked(inventor.rng, written)


def set_checked(rng: Random, contacts: list[Contact]) -> None:
    """Spreads the days of the last check over the past; no action takes such a day, because people check today."""
    for contact in contacts:
        contact.checked_on = today() - dt.timedelta(days=int(MOST_UNCHECKED * rng.betavariate(1, 2.5)))
    with entry("register.check_contact", ACTOR):
        rows = Contact.objects.changeable_by(ACTOR, "register.check_contact")
        rows.bulk_update(contacts, ["checked_on"], batch_size=1000)
