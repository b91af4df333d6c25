"""Everything that hangs on a person, an employer or a union is registered, so that merging leaves nothing behind by mistake."""

import pytest
from django.apps import apps
from django.db.models import Model

from gonghui.areas.register.models import Employer
from gonghui.core.actions.attached import attached_to, left
from gonghui.core.organisations.models import Organisation
from gonghui.core.people.models import Person

SUBJECTS = (Person, Employer, Organisation)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_every_relation_to_a_subject_is_answered_once(subject: type[Model]) -> None:
    found = sorted(
        (model._meta.label_lower, field.name)
        for model in apps.get_models()
        for field in (*model._meta.concrete_fields, *model._meta.many_to_many)
        if field.is_relation and field.related_model is subject and not hasattr(model, "pgh_tracked_model")
    )
    carried = [(one.label, one.field) for one in attached_to(subject)]
    staying = [
        (one.model._meta.label_lower, one.field)
        for one in left
        if one.model._meta.get_field(one.field).related_model is subject
    ]
    assert found == sorted([*carried, *staying])


@pytest.mark.parametrize("subject", SUBJECTS)
def test_what_is_carried_has_a_history_that_undoing_can_ask(subject: type[Model]) -> None:
    for one in attached_to(subject):
        assert hasattr(one.model, "events"), one.label


def test_what_stays_says_why() -> None:
    assert [one for one in left if len(one.reason) < 10] == []
