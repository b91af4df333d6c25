"""Contacts of unions and employers."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from gonghui.areas.register.models import Contact, Employer
from gonghui.core.actions.action import NotAllowed, Refused, action, change
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.copying import insert_many, update_many
from gonghui.core.history.actions import log_reading
from gonghui.core.organisations.models import Organisation
from gonghui.core.reference.queries import choices
from gonghui.kit.dates import from_day, today, until

ENDED = _("这位联系人已经结束")


@dataclass(frozen=True)
class ContactRow:
    """Somebody who takes a post at a union or employer; `former` is the entry that ends that day, as this one takes its place."""

    holder: Organisation | Employer
    post: str
    name: str
    phone: str
    since: dt.date
    former: Contact | None = None


def contact_of(row: ContactRow) -> Contact:
    """The record of somebody who takes a post."""
    if row.post not in dict(choices("post", row.since)):
        raise Refused(_("没有这个职务，请从列表中选"), field="post")
    digits = row.phone.replace("-", "").replace(" ", "")
    if digits and not (digits.isdigit() and 7 <= len(digits) <= 12):
        raise Refused(_("电话应为 7 至 12 位数字，现在是“%(phone)s”") % {"phone": row.phone}, field="phone")
    link = {"union": row.holder} if isinstance(row.holder, Organisation) else {"employer": row.holder}
    contact = Contact(**link, post=row.post, name=row.name.strip(), valid=from_day(row.since), checked_on=today())
    contact.set_phone(digits)
    return contact


@action("register.add_contact", label=_("登记联系人"))
def add_contact(holder: Organisation | Employer, *, actor: Actor, post: str, name: str, phone: str, since: dt.date) -> Contact:
    """Somebody takes a post from a day on."""
    contact = contact_of(ContactRow(holder, post, name, phone, since))
    contact.save(force_insert=True)
    return contact


@action("register.add_contacts", label=_("批量登记联系人"))
def add_contacts(organisation: Organisation, *, actor: Actor, rows: Sequence[ContactRow]) -> list[Contact]:
    """Many take posts at once, as by an import. Each holder takes the right `register.add_contact`, each entry that ends `end_contact`."""
    for model in (Organisation, Employer):
        locked_all(model, actor, "register.add_contact", [row.holder.pk for row in rows if isinstance(row.holder, model)])
    ends = [(row.former.pk, row.since) for row in rows if row.former is not None]
    ending = dict(ends)
    if len(ending) != len(ends):
        raise Refused(ENDED)
    former = locked_all(Contact, actor, "register.end_contact", ending)
    for contact in former:
        end_before(contact, ending[contact.pk])
    update_many(former, ["valid"])
    contacts = [contact_of(row) for row in rows]
    insert_many(contacts)
    return contacts


def locked_all(model: Any, actor: Actor, permission: str, keys: Iterable[int]) -> list[Any]:
    """These rows as they are now, locked until the transaction ends; NotAllowed unless the actor holds the permission at each."""
    wanted = set(keys)
    rows = model.objects.changeable_by(actor, permission).filter(pk__among=wanted).order_by("pk")
    found = list(rows.select_for_update(of=("self",))) if wanted else []
    if len(found) != len(wanted):
        raise NotAllowed(permission)
    return found


def end_before(contact: Contact, on: dt.date) -> None:
    """Sets the end of an entry."""
    if contact.valid.upper is not None:
        raise Refused(ENDED)
    if on < contact.valid.lower:
        raise Refused(_("日期不能早于任职的 %(day)s") % {"day": contact.valid.lower}, field="on")
    contact.valid = until(contact.valid, on)


@action("register.end_contact", label=_("结束联系人"))
def end_contact(contact: Contact, *, actor: Actor, on: dt.date) -> None:
    """Somebody leaves the post; the entry stays with its days."""
    end_before(contact, on)
    change(contact, valid=contact.valid)


@action("register.check_contact", label=_("核对联系人"))
def check_contact(contact: Contact, *, actor: Actor) -> None:
    """The entry was checked today and is right."""
    change(contact, checked_on=today())


@action("register.reveal_phone", label=_("查看电话"), asks_second_factor=True)
def reveal_phone(contact: Contact, *, actor: Actor, reason: str, since: dt.datetime | None = None) -> str:
    """The full number, after the reading has been logged with its reason; shown to the same user again `since` then, it is one reading."""
    holder_id = contact.union_id or (contact.employer.organisation_id if contact.employer else None)
    if holder_id is None:
        raise Refused(_("没有电话"))
    reasons = dict(choices("reveal_reason", today()))
    said = reasons.get(reason, "")
    log_reading(contact, actor=actor, organisation_id=holder_id, what=str(_("电话")), reason=said, since=since)
    return contact.phone()
