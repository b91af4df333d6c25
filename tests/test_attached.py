"""Everything that hangs on a person is registered, so that merging leaves nothing behind."""

from django.apps import apps

from gonghui.core.people.attached import attached
from gonghui.core.people.models import Distinct, Merge, Person

OF_PERSONS = (Person, Merge, Distinct)  # what says of persons who they are, and does not hang on one


def test_every_relation_to_a_person_is_registered() -> None:
    found = {
        (model._meta.label_lower, field.name)
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model is Person and model not in OF_PERSONS
        if not hasattr(model, "pgh_tracked_model")
    }
    assert found == {(one.label, one.field) for one in attached.values()}


def test_what_hangs_on_a_person_has_a_history_that_undoing_can_ask() -> None:
    for one in attached.values():
        assert hasattr(one.model, "events"), one.label
