"""Migrations that only add a trigger, an index or a constraint leave Django's picture of the tables as it is.

Django draws a model, and everything that a foreign key joins to it, anew after each of them: with our walls and history, half of the
time that an empty place takes to be migrated. None of the three changes a column; what they change is set on the picture there is.
"""

from collections.abc import Callable
from functools import wraps

from django.db.migrations import AddConstraint, AddIndex, RemoveConstraint, RemoveIndex
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger, RemoveTrigger

OPERATIONS = (AddConstraint, AddIndex, AddTrigger, RemoveConstraint, RemoveIndex, RemoveTrigger)
OPTIONS = ("constraints", "indexes", "triggers")


def draw_less() -> None:
    """Makes the six operations cheap for this process."""
    for operation in OPERATIONS:
        operation.state_forwards = cheaply(operation.state_forwards)  # type: ignore[method-assign]


def cheaply(change: Callable[..., None]) -> Callable[..., None]:
    """The operation's own change of the state, with the options set in place of drawing anew."""

    @wraps(change)
    def changed(operation: Operation, app_label: str, state: ProjectState) -> None:
        def set_options(app_label: str, model_name: str, delay: bool = False) -> None:
            if "apps" not in vars(state):  # nothing has been drawn yet
                return
            options = state.models[app_label, model_name.lower()].options
            drawn = state.apps.get_model(app_label, model_name)._meta
            for name in OPTIONS:
                setattr(drawn, name, options.get(name, []))

        state.reload_model = set_options  # type: ignore[method-assign]
        try:
            change(operation, app_label, state)
        finally:
            del state.reload_model

    return changed
