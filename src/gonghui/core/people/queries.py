"""Finding persons beyond one's own scope: by document, by telephone; what is answered says nothing about who keeps them."""

from collections.abc import Iterable

from gonghui.core.actions.door import beyond_scope
from gonghui.core.people.models import IdentityDocument, Person
from gonghui.kit.identity import Document

WHY = "whether a person is known already, whoever keeps him"


def known(indexes: Iterable[str]) -> dict[str, Person]:
    """Index of a number (`IdentityDocument.index_of`) → its person, merged ones followed to who they are now.

    Documents first, then persons: a join of two tables that PostgreSQL has not counted yet, as in the midst of a large import, is
    planned as if both were empty, and then takes minutes.
    """
    with beyond_scope(WHY):
        rows = IdentityDocument.objects.unscoped(WHY).filter(number_index__among=set(indexes))
        found = dict(rows.values_list("number_index", "person_id"))
        people = Person.objects.unscoped(WHY).filter(pk__among=set(found.values())).prefetch_related("merged_into")
        now = {person.pk: person.merged_into or person for person in people}
        return {index: now[key] for index, key in found.items()}


def person_with(document: Document) -> Person | None:
    """Whose number this is."""
    index = IdentityDocument.index_of(document)
    return known([index]).get(index)


def with_phone(number: str) -> list[Person]:
    """Everybody who is reached by this number; families share one."""
    with beyond_scope(WHY):
        return list(Person.objects.unscoped(WHY).with_phone(number).filter(merged_into=None).order_by("pk"))  # type: ignore[attr-defined]
