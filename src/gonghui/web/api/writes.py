"""What a form of the desk gives to programs: its fields as a body, its checks as they are. The same input leads to the same action."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Literal
from uuid import UUID

from django import forms
from django.db.models import Model
from ninja import Field, Schema
from pydantic import ConfigDict, create_model

from gonghui.core.actions.actor import Actor
from gonghui.web.api.problems import FieldProblem
from gonghui.web.forms import DeskForm, RowPicker

LONGEST_CODE = 40


class BadInput(Exception):
    """What the form said about each field."""

    def __init__(self, form: forms.BaseForm) -> None:
        super().__init__(str(form.errors.as_data()))
        self.problems = [
            FieldProblem(field="" if name == "__all__" else name, code=error.code or "invalid", detail=" ".join(error.messages))
            for name, errors in form.errors.as_data().items()
            for error in errors
        ]


class Body(Schema):
    """Nothing but the declared fields is read."""

    model_config = ConfigDict(extra="forbid")


def typed(field: forms.Field) -> Any:
    """The type of a field's value as JSON has it; a record is named by its public id, a region by its code."""
    if isinstance(field, RowPicker):
        return UUID
    if isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        codes = tuple(str(code) for code, _label in choices)
        return Literal[codes] if codes else str
    kinds: Mapping[type[forms.Field], Any] = {forms.DateField: dt.date, forms.BooleanField: bool, forms.IntegerField: int}
    return next((kind for one, kind in kinds.items() if isinstance(field, one)), str)


def limits(field: forms.Field) -> dict[str, Any]:
    """What a field's value may be at most."""
    if isinstance(field, forms.IntegerField):
        return {"ge": field.min_value, "le": field.max_value}
    if isinstance(field, forms.ModelChoiceField):
        return {"max_length": LONGEST_CODE}
    if isinstance(field, forms.CharField):
        return {"max_length": field.max_length} | ({"min_length": 1} if field.required else {})
    is_open = isinstance(field, forms.ChoiceField) and not isinstance(field, RowPicker) and not field.choices
    return {"max_length": LONGEST_CODE} if is_open else {}


def body_of(form: type[DeskForm], name: str, *, is_change: bool = False, **more: Any) -> type[Body]:
    """The body of a write. Of a change, what is left out stays; else what the form would show already need not be sent."""
    fields: dict[str, Any] = {}
    for code, field in form.base_fields.items():
        is_needed = field.required and field.initial is None and not is_change and typed(field) is not bool
        kind = typed(field) if is_needed or is_change else typed(field) | None
        default = ... if is_needed else None
        fields[code] = (kind, Field(default, description=str(field.label), **limits(field)))
    return create_model(name, __base__=Body, **more, **fields)


def named(body: Any, field: str) -> UUID:
    """The record that a body names beside the form's fields."""
    public_id: UUID = getattr(body, field)
    return public_id


def cleaned(form: type[DeskForm], body: Any, *, actor: Actor, subject: Model) -> dict[str, Any]:
    """The inputs of the action, checked by the desk's own form. Raises BadInput."""
    given: Mapping[str, Any] = body.model_dump(exclude_unset=True)
    shown = form(actor=actor, subject=subject)
    values = {name: sent(field, shown.get_initial_for_field(field, name)) for name, field in shown.fields.items()}
    values |= {name: sent(shown.fields[name], value) for name, value in given.items() if name in values and value is not None}
    bound = form(values, actor=actor, subject=subject)
    by_code(bound)
    if not bound.is_valid():
        raise BadInput(bound)
    return bound.cleaned_data


def sent(field: forms.Field, value: Any) -> Any:
    """A value as a browser would send it."""
    if isinstance(value, Model):
        return getattr(value, "code", value.pk)
    return value.isoformat() if isinstance(value, dt.date) else str(value) if isinstance(value, UUID) else value


def by_code(form: forms.BaseForm) -> None:
    """Regions are named by their codes, not by keys of ours."""
    for field in form.fields.values():
        if isinstance(field, forms.ModelChoiceField):
            field.to_field_name = "code"
