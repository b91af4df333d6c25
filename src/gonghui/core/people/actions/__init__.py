"""Every write of persons."""

from gonghui.core.people.actions.entering import PersonRow, add_document, edit_person, enter_people, new_person
from gonghui.core.people.actions.merging import merge_people, tell_apart, unmerge_people

__all__ = [
    "PersonRow",
    "add_document",
    "edit_person",
    "enter_people",
    "merge_people",
    "new_person",
    "tell_apart",
    "unmerge_people",
]
