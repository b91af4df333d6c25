"""What history does not have of persons, put right after an undoing: keys of names, and telephone numbers, which are sealed."""

from collections.abc import Collection, Mapping
from uuid import UUID

from gonghui.areas.members.models import Membership
from gonghui.core.actions.copying import update_many
from gonghui.core.people.models import PHONE_COLUMNS, Person
from gonghui.kit.ciphers import masked_phone

WHY = "persons that the undoing of an import has put back"


def people_of(record_codes: Collection[UUID]) -> dict[UUID, Person]:
    """Record code of a membership → its person."""
    rows = Membership.objects.unscoped(WHY).filter(public_id__in=record_codes).select_related("person")
    return {row.public_id: row.person for row in rows}


def mend(record_codes: Collection[UUID]) -> None:
    """The keys of names; and the mask of the number that is there, should what it was have been forgotten meanwhile."""
    people = list(people_of(record_codes).values())
    for person in people:
        person.key_names()
        person.phone_masked = masked_phone(number) if (number := person.phone()) else ""
    update_many(people, ["name_pinyin", "name_initials", "phone_masked"])


def unseal(kept: Mapping[UUID, Mapping[str, str]]) -> None:
    """The numbers as they were."""
    people = people_of(kept)
    for code, person in people.items():
        person.set_phone(kept[code].get("phone", ""))
    update_many(list(people.values()), PHONE_COLUMNS)
