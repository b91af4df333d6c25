"""What lies sealed in the database: how much there is, and whether the data key opens it.

A sealed column is a binary field named `…_sealed` of a model with a public id; its values are bound to "table.column:public id".
"""

from collections.abc import Iterator
from typing import Any

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import models

from gonghui.core.accounts.adapters import MFAAdapter
from gonghui.kit.ciphers import CannotUnseal, unseal

MOST = 200  # values opened of each end of a column: the oldest and the newest
SECOND_FACTORS = "mfa_authenticator.secret"


def columns() -> Iterator[tuple[Any, str]]:
    """Every sealed column: its model and field."""
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, models.BinaryField) and field.name.endswith("_sealed") and hasattr(model, "public_id"):
                yield model, field.name


def name_of(model: Any, field: str) -> str:
    """The column as its values are bound to it."""
    return f"{model._meta.db_table}.{field}"


def filled(model: Any, field: str) -> Any:
    """The rows that hold something sealed."""
    return model._base_manager.exclude(**{field: b""}).exclude(**{field: None})


def counted() -> dict[str, int]:
    """How many values each column holds."""
    found = {name_of(model, field): filled(model, field).count() for model, field in columns()}
    return found | {SECOND_FACTORS: Authenticator.objects.filter(type=Authenticator.Type.TOTP).count()}


def opened() -> dict[str, int]:
    """Opens the oldest and newest values of every column: how many it opened of each. Raises CannotUnseal."""
    found = {}
    for model, field in columns():
        rows = filled(model, field).values_list("public_id", field)
        sample = {*rows.order_by("pk")[:MOST], *rows.order_by("-pk")[:MOST]}
        for public_id, value in sample:
            unseal(value, bound_to=f"{name_of(model, field)}:{public_id}")
        found[name_of(model, field)] = len(sample)
    factors = Authenticator.objects.filter(type=Authenticator.Type.TOTP).order_by("pk")[:MOST]
    return found | {SECOND_FACTORS: len([MFAAdapter().decrypt(one.data["secret"]) for one in factors])}


__all__ = ["CannotUnseal", "counted", "opened"]
