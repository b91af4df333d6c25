"""Migrations: they make what the models say, and adding a constraint does not draw the tables anew."""

import pytest
from django.core.management import call_command
from django.db.migrations import AddConstraint, AddField, RemoveConstraint
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState
from django.db.models import CheckConstraint, IntegerField, Q
from pgtrigger import Before, Insert, Trigger
from pgtrigger.migrations import AddTrigger, RemoveTrigger

POSITIVE = CheckConstraint(condition=Q(pay__gt=0), name="pay_is_positive")
TRIGGER = Trigger(name="look", when=Before, operation=Insert, func="return new;")


@pytest.fixture
def state() -> ProjectState:
    """One table, drawn."""
    state = ProjectState()
    state.add_model(ModelState("register", "Pay", [("id", IntegerField(primary_key=True)), ("pay", IntegerField())]))
    assert state.apps.get_model("register", "Pay")
    return state


@pytest.mark.django_db
def test_the_migrations_make_what_the_models_say() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize(
    ("option", "adding", "removing"),
    [
        ("constraints", AddConstraint("Pay", POSITIVE), RemoveConstraint("Pay", "pay_is_positive")),
        ("triggers", AddTrigger("pay", TRIGGER), RemoveTrigger("pay", "look")),
    ],
)
def test_what_changes_no_column_is_set_on_the_table_as_it_is_drawn(
    state: ProjectState, option: str, adding: Operation, removing: Operation
) -> None:
    drawn = state.apps.get_model("register", "Pay")
    adding.state_forwards("register", state)
    assert state.apps.get_model("register", "Pay") is drawn
    assert len(getattr(drawn._meta, option)) == 1
    assert getattr(drawn._meta, option) == state.models["register", "pay"].options[option]
    removing.state_forwards("register", state)
    assert getattr(drawn._meta, option) == []
    AddField("Pay", "bonus", IntegerField(default=0)).state_forwards("register", state)
    assert state.apps.get_model("register", "Pay") is not drawn, "a new column is drawn"
