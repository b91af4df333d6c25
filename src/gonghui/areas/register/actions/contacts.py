"""Contacts of unions and employers."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from gonghui.areas.register.models import Contact, Employer
from gonghui.core.actions.action import Refused, action, change
from gonghui.core.actions.actor import Actor
from gonghui.core.history.actions import log_reading
from gonghui.core.organisations.models import Organisation
from gonghui.core.reference.queries import choices
from gonghui.kit.dates import from_day, today, until


@action("register.add_contact", label=_("登记联系人"))
def add_contact(holder: Organisation | Employer, *, actor: Actor, post: str, name: str, phone: str, since: dt.date) -> Contact:
    """Somebody takes a post from a day on."""
    if post not in dict(choices("post", since)):
        raise Refused(_("没有这个职务，请从列表中选"), field="post")
    digits = phone.replace("-", "").replace(" ", "")
    if digits and not (digits.isdigit() and 7 <= len(digits) <= 12):
        raise Refused(_("电话应为 7 至 12 位数字，现在是“%(phone)s”") % {"phone": phone}, field="phone")
    link = {"union": holder} if isinstance(holder, Organisation) else {"employer": holder}
    contact = Contact(**link, post=post, name=name.strip(), valid=from_day(since), checked_on=today())
    contact.set_phone(digits)
    contact.save(force_insert=True)
    return contact


@action("register.end_contact", label=_("结束联系人"))
def end_contact(contact: Contact, *, actor: Actor, on: dt.date) -> None:
    """Somebody leaves the post; the entry stays with its days."""
    if contact.valid.upper is not None:
        raise Refused(_("这位联系人已经结束"))
    if on < contact.valid.lower:
        raise Refused(_("日期不能早于任职的 %(day)s") % {"day": contact.valid.lower}, field="on")
    change(contact, valid=until(contact.valid, on))


@action("register.check_contact", label=_("核对联系人"))
def check_contact(contact: Contact, *, actor: Actor) -> None:
    """The entry was checked today and is right."""
    change(contact, checked_on=today())


@action("register.reveal_phone", label=_("查看电话"))
def reveal_phone(contact: Contact, *, actor: Actor, reason: str) -> str:
    """The full number, after the reading has been logged with its reason."""
    holder_id = contact.union_id or (contact.employer.organisation_id if contact.employer else None)
    if holder_id is None:
        raise Refused(_("没有电话"))
    reasons = dict(choices("reveal_reason", today()))
    log_reading(contact, actor=actor, organisation_id=holder_id, what=str(_("电话")), reason=reasons.get(reason, ""))
    return contact.phone()
