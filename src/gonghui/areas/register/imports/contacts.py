"""Contacts by workbook: who can be talked to at which union or employer, in which post, under which number."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from django.utils.translation import gettext as _

from gonghui.areas.register import queries
from gonghui.areas.register.actions.contacts import ContactRow, add_contacts
from gonghui.areas.register.models import Contact, Employer
from gonghui.areas.register.sheets import CONTACTS
from gonghui.core.exchange.checking import find_by_record, named
from gonghui.core.exchange.importers import Circumstances, Importer, Line, together
from gonghui.core.exchange.suggesting import suggest_names
from gonghui.core.organisations.models import Organisation

PERMISSION = "register.add_contact"
CHUNK = 2000  # lines in one action


def values(contact: Contact) -> Mapping[str, Any]:
    """What a contact says in the columns that are compared; the number as it is shown, never itself."""
    holder = contact.union or contact.employer
    return {"name": contact.name, "post": contact.post, "of": holder.name if holder else "", "phone": contact.phone_masked}


def find(circumstances: Circumstances, lines: Sequence[Line]) -> None:
    """By record code, else the same name in the same post at the same union or employer."""
    actor = circumstances.actor
    changeable = Contact.objects.changeable_by(actor, "register.end_contact").values("pk")
    rows = queries.contacts(actor, circumstances.on).filter(pk__in=changeable)
    find_by_record(lines, rows)
    set_holders(circumstances, [line for line in lines if line.get("of") and not names_its_holder(line)])
    asked = [line for line in lines if line.is_new and line.found.get("of")]
    known = {
        (contact.union_id, contact.employer_id, contact.post, contact.name): contact
        for contact in rows.filter(name__among={line.get("name") for line in asked})
    }
    for line in asked:
        line.record = known.get((*keys_of(line.found["of"]), line.get("post"), line.get("name")))


def names_its_holder(line: Line) -> bool:
    """Whether a line with a record says of it only what is there."""
    return line.record is not None and values(line.record)["of"] == line.values["of"]


def keys_of(holder: Organisation | Employer) -> tuple[int | None, int | None]:
    """The two foreign keys of a contact, one of them empty."""
    return (holder.pk, None) if isinstance(holder, Organisation) else (None, holder.pk)


def set_holders(circumstances: Circumstances, lines: Sequence[Line]) -> None:
    """The union or employer of each line; a name that both a union and an employer have is the union's."""
    texts = {line.values["of"] for line in lines}
    found: dict[str, list[Any]] = defaultdict(list)
    for rows in (
        Organisation.objects.changeable_by(circumstances.actor, PERMISSION).exclude(state__in=["dissolved", "merged"]),
        Employer.objects.changeable_by(circumstances.actor, PERMISSION).eligible(),
    ):
        for text, matches in named(texts - found.keys(), rows).items():
            found[text] = matches
    for line in lines:
        text = line.values["of"]
        matches = found.get(text, [])
        if len(matches) == 1:
            line.found["of"] = matches[0]
            line.values["of"] = matches[0].name
        elif matches:
            line.refuse(
                "of", _("有 %(count)s 个都叫“%(name)s”，请改填信用代码或记录编号") % {"count": len(matches), "name": text[:20]}
            )
        else:
            line.refuse("of", _("没有您能管理的工会或单位叫“%(name)s”") % {"name": text[:20]})


def check(circumstances: Circumstances, lines: Sequence[Line]) -> None:
    """A masked number says nothing: it must be that of the record. A number that is the record's own is shown as such."""
    for line in lines:
        number = line.get("phone")
        if not number:
            continue
        line.found["phone"] = number
        if "****" in number:
            if line.record is None or number != line.record.phone_masked:
                line.refuse("phone", _("号码被遮住了，请填完整的号码，或留空"))
        elif line.record is not None and line.record.phone() == number:
            line.values["phone"] = line.record.phone_masked
        elif line.record is not None:
            line.values["phone"] = f"{number[:3]}****{number[-2:]}"  # what a list of changes may show


def write(circumstances: Circumstances, lines: Sequence[Line]) -> None:
    """A new contact is added; one that changes is ended and added anew, so that the former entry stays with its days."""
    for start in range(0, len(lines), CHUNK):
        some = lines[start : start + CHUNK]
        together(some, partial(add, circumstances), ("of", _("您不能在这里登记联系人")))
        circumstances.tell(len(some))


def add(circumstances: Circumstances, lines: Sequence[Line]) -> None:
    """Lines in one action."""
    rows = [row_of(circumstances, line) for line in lines]
    made = add_contacts(circumstances.organisation, actor=circumstances.actor, rows=rows)
    for line, contact in zip(lines, made, strict=True):
        line.made = contact


def row_of(circumstances: Circumstances, line: Line) -> ContactRow:
    """A line as the action takes it."""
    record = line.record
    holder = line.found.get("of") or record.union or record.employer
    number = line.found.get("phone", "") if line.get("phone") is not None else ""
    if record is not None and ("phone" not in line.values or "****" in number):
        number = record.phone()
    post, name = line.get("post") or record.post, line.get("name") or record.name
    return ContactRow(holder, post, name, number, circumstances.on, former=record)


def suggest(circumstances: Circumstances, lines: Sequence[Line]) -> None:
    """Unions of the nearest names."""
    unions = (
        Organisation.objects.changeable_by(circumstances.actor, PERMISSION)
        .exclude(state__in=["dissolved", "merged"])
        .order_by("path")
    )
    suggest_names(lines, "of", unions.values_list("name", flat=True))


IMPORTER = Importer(
    CONTACTS,
    PERMISSION,
    find=find,
    check=check,
    write=write,
    values=values,
    suggest=suggest,
    also=("register.add_contacts", "register.end_contact"),
)
