"""Entering persons, and correcting what is known of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from gonghui.core.actions.action import action, change
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.copying import insert_many
from gonghui.core.organisations.models import Organisation
from gonghui.core.people.models import IdentityDocument, Person
from gonghui.kit.identity import Document


@dataclass(frozen=True)
class PersonRow:
    """One person as he is entered; `values` are the plain fields of Person."""

    name: str
    document: Document
    phone: str = ""
    values: dict[str, Any] = field(default_factory=dict)


def new_person(organisation: Organisation, row: PersonRow) -> Person:
    """The person with what his document tells, not yet saved."""
    told = {"sex": row.document.sex, "born_on": row.document.born}
    person = Person(organisation=organisation, name=row.name, document_masked=row.document.masked)
    for name, value in ({name: value for name, value in told.items() if value} | row.values).items():
        setattr(person, name, value)
    person.set_phone(row.phone)
    person.key_names()
    return person


def enter_people(rows: Sequence[tuple[Organisation, PersonRow]]) -> list[Person]:
    """Enters persons who are not known yet, each kept by a union, in the order given. Called inside the action that needs them."""
    people = [new_person(union, row) for union, row in rows]
    insert_many(people)
    insert_many([IdentityDocument.of(person, row.document) for person, (_union, row) in zip(people, rows, strict=True)])
    return people


@action("people.edit_person", label=_("修改个人资料"))
def edit_person(person: Person, /, *, actor: Actor, phone: str | None = None, **values: Any) -> None:
    """Corrects plain fields; a telephone number is sealed anew, an empty one cleared."""
    if phone is not None:
        person.set_phone(phone)
        values |= person.phone_columns
    change(person, **values)


@action("people.add_document", label=_("登记证件"))
def add_document(person: Person, *, actor: Actor, document: Document) -> IdentityDocument:
    """Another document of the same person, or the right number in place of none; the newest one is shown."""
    row = IdentityDocument.of(person, document)
    row.save(force_insert=True)
    change(person, document_masked=document.masked)
    return row
