"""Every write is a named action: checked, locked, recorded, all or nothing.

    @action("register.dissolve_union", label=_("撤销工会"))
    def dissolve_union(union: Organisation, *, actor: Actor, on: date) -> None: ...

The first argument is the subject (for creating: the record it is created under). The permission has the action's name. Nested
actions check again and keep their own verb. Nothing can switch any of it off.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Concatenate, ParamSpec, TypeVar

from django.apps import apps
from django.db import IntegrityError, models
from django.utils.translation import gettext_lazy as _

from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import entry
from gonghui.kit.flow import Flow
from gonghui.kit.text import Text

Subject = TypeVar("Subject", bound=models.Model)
Inputs = ParamSpec("Inputs")
Result = TypeVar("Result")


class Refused(Exception):
    """A rule says no; the message says which one and how to mend it. `field` names the input it is about, if one."""

    def __init__(self, message: Text, *, field: str = "") -> None:
        super().__init__(str(message))
        self.message = message
        self.field = field


class NotAllowed(Exception):
    """The actor does not hold the right here."""


class SecondFactorNeeded(NotAllowed):
    """The actor holds the right, but his session has shown a telephone only (docs/decisions/0022)."""


@dataclass(frozen=True)
class Verb:
    """A registered action: its code (also its permission) and label, the sentence its docstring opens with, and whether it gives data
    out or takes much back, so that a telephone code alone is not enough for it (security.md 8)."""

    code: str
    label: Text
    help: str
    asks_second_factor: bool = False


verbs: dict[str, Verb] = {}


def sentence_for(error: IntegrityError) -> Text | None:
    """What the broken constraint tells the user, from the `sentences` of the models."""
    diagnosis = getattr(error.__cause__, "diag", None)
    name = getattr(diagnosis, "constraint_name", None)
    for model in apps.get_models():
        if name in getattr(model, "sentences", {}):
            return model.sentences[name]  # type: ignore[attr-defined,no-any-return]
    return None


def locked(subject: Subject, actor: Actor, permission: str) -> Subject:
    """The subject as it is now, locked until the transaction ends; NotAllowed where the permission does not reach it.

    No two actions have the same subject at once. Whoever only names it in a row of his own does not wait, for its key stays: else two
    actions at two unions, each of which names the other, would wait for each other.
    """
    rows = type(subject).objects.changeable_by(actor, permission)  # type: ignore[attr-defined]
    fresh = rows.select_for_update(of=("self",), no_key=True).filter(pk=subject.pk).first()
    if fresh is None:
        raise NotAllowed(permission)
    return fresh  # type: ignore[no-any-return]


def demand_second_factor(actor: Actor, permission: str) -> None:
    """Raises SecondFactorNeeded where the permission asks for a second factor and the actor's session has shown none. Every action asks by
    itself; a page asks before its form is filled in, a run before it is set going."""
    if actor.is_light and permission in verbs and verbs[permission].asks_second_factor:
        raise SecondFactorNeeded(permission)


def action(
    code: str, *, label: Text, asks_second_factor: bool = False
) -> Callable[
    [Callable[Concatenate[Subject, Inputs], Result]],
    Callable[Concatenate[Subject, Inputs], Result],
]:
    """Makes a function an action."""

    def wrap(function: Callable[Concatenate[Subject, Inputs], Result]) -> Callable[Concatenate[Subject, Inputs], Result]:
        if code in verbs:
            raise ValueError(f"two actions named {code}")
        verbs[code] = Verb(code, label, (function.__doc__ or "").strip().partition("\n")[0], asks_second_factor)

        @functools.wraps(function)
        def run(subject: Subject, /, *args: Inputs.args, **inputs: Inputs.kwargs) -> Result:
            actor = inputs["actor"]
            if not isinstance(actor, Actor):
                raise TypeError(f"{code} needs an actor")
            demand_second_factor(actor, code)
            try:
                with entry(code, actor):
                    return function(locked(subject, actor, code), *args, **inputs)
            except IntegrityError as error:
                if (sentence := sentence_for(error)) is None:
                    raise
                raise Refused(sentence) from error

        return run

    return wrap


def change(subject: models.Model, **values: object) -> None:
    """Saves these fields of a locked subject, and only these."""
    for name, value in values.items():
        setattr(subject, name, value)
    subject.save(update_fields=list(values))


def next_state(flow: Flow, step: str, state: str) -> str:
    """The state that a step leads to. Refused where it may not be taken from this one."""
    rule = flow.step(step)
    if state not in rule.sources:
        raise Refused(_("现在的状态不能“%(step)s”，请刷新后再看") % {"step": rule.label})
    return rule.target
