"""A copy of everything that is kept of a worker (个人信息保护法 (2021) art. 45), for reading and for taking away.

Numbers of documents and cards stay masked, since whoever holds an unlocked telephone could read them here; the telephone number that
he signed in with as well. Whoever needs the numbers themselves has the documents.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from gonghui.areas.members import own
from gonghui.core.actions.actor import Actor
from gonghui.core.reference.queries import names
from gonghui.kit.dates import DateRange
from gonghui.kit.text import Text

PERSON = (
    "name",
    "sex",
    "born_on",
    "document_masked",
    "phone_masked",
    "ethnicity",
    "education",
    "politics",
    "household",
    "household_place",
    "native_place",
    "skill_level",
    "is_migrant",
    "special_groups",
)
MEMBERSHIP = ("state", "joined_on", "door", "is_individual", "retained", "reason", "ended_on", "card_state", "card_masked")
APPLICATION = (
    "name",
    "document_kind",
    "document_masked",
    "phone_masked",
    "workplace",
    "worker_kind",
    "state",
    "applied_on",
    "due_on",
    "decided_on",
    "note",
    "consent",
)
TRANSFER = ("state", "requested_on", "answer_by", "superior_by", "ended_on", "reason")
CORRECTION = ("kind", "what", "state", "asked_on", "due_on", "decided_on", "note")
LISTS = {"education": "education", "politics": "politics", "household": "household", "skill_level": "skill_level"}


@dataclass(frozen=True)
class Item:
    """One fact: its name in the file, what it is called, what it says."""

    name: str
    label: Text
    value: str


@dataclass(frozen=True)
class Section:
    """The records of one kind."""

    name: str
    title: str
    records: list[list[Item]]


def copy_of(actor: Actor) -> list[Section]:
    """Account, person, employments, memberships, applications, transfers and wishes, all one's own; kinds without any are left out."""
    person = own.person(actor)
    sections = [
        Section("account", _("账号"), [account(actor)]),
        Section("person", _("个人资料"), [[*items(person, PERSON), kept_by(person)]] if person else []),
    ]
    if person:
        sections += of_a_person(actor)
    asked = [[*items(one, APPLICATION), kept_by(one)] for one in own.applications(actor)]
    sections.append(Section("applications", _("入会申请"), asked))
    return [section for section in sections if section.records]


def account(actor: Actor) -> list[Item]:
    """How he signs in; who is known by nothing but a telephone has no name yet."""
    phone = own.phone(actor)
    masked = phone.masked if phone else ""
    return [Item("name", _("姓名"), actor.name if actor.name != masked else ""), Item("phone", _("登录手机"), masked)]


def of_a_person(actor: Actor) -> list[Section]:
    """What hangs on somebody whom a union knows."""
    works = [
        [Item("workplace", _("工作单位"), name), *items(one, ("worker_kind", "valid"))] for one, name in own.employments(actor)
    ]
    spells = [[kept_by(one), *items(one, ("valid", "is_retained"))] for one in own.spells(actor)]
    moves = [
        [Item("from", _("转出工会"), one.origin_name), Item("to", _("转入工会"), one.target_name), *items(one, TRANSFER)]
        for one in own.own_transfers(actor)
    ]
    return [
        Section("employments", _("工作关系"), works),
        Section("memberships", _("会籍"), [[kept_by(one), *items(one, MEMBERSHIP)] for one in own.memberships(actor)]),
        Section("spells", _("会籍期间"), spells),
        Section("transfers", _("会籍接转"), moves),
        Section("corrections", _("资料更正"), [[kept_by(one), *items(one, CORRECTION)] for one in own.corrections(actor)]),
    ]


def kept_by(record: Any) -> Item:
    """The union that keeps it."""
    return Item("union", _("工会"), record.holder_name)


def items(record: Model, fields: Iterable[str]) -> list[Item]:
    """These fields of a record in words; empty ones are left out."""
    found = [Item(name, record._meta.get_field(name).verbose_name, said(record, name)) for name in fields]  # type: ignore[union-attr]
    return [one for one in found if one.value]


def said(record: Model, name: str) -> str:
    """A field's value as people read it."""
    value = getattr(record, name)
    if name in LISTS:
        return str(names(LISTS[name]).get(value, value))
    if name == "special_groups":
        return "、".join(names("special_group").get(one, one) for one in value)
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, DateRange):
        return _("%(since)s 起") % {"since": value.lower} if value.upper is None else f"{value.lower} – {value.upper}"
    display = getattr(record, f"get_{name}_display", None)
    return str(display() if display else value or "")


def plain(sections: Iterable[Section]) -> dict[str, list[dict[str, str]]]:
    """For JSON: kind → records → name → value."""
    return {one.name: [{item.name: item.value for item in record} for record in one.records] for one in sections}
