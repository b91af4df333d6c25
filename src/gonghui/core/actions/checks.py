"""A model without a wall stops the system before it starts."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error

from gonghui.core.actions.policies import is_event
from gonghui.core.actions.walls import Wall, path_of


def every_model_has_a_wall(app_configs: Any, **kwargs: Any) -> Iterable[CheckMessage]:
    """System checks gonghui.E001 (a wall) and gonghui.E002 (the columns it needs)."""
    for model in apps.get_models():
        if not model.__module__.startswith("gonghui.") or model._meta.proxy or is_event(model):
            continue
        wall = getattr(model, "wall", None)
        if not isinstance(wall, Wall):
            yield Error(
                f"{model._meta.label} declares no wall",
                hint="wall = Held(…), Part(…), Own(…), Published(…) or Open(reason)",
                obj=model,
                id="gonghui.E001",
            )
            continue
        fields = {field.name for field in model._meta.get_fields()}
        for name in sorted({path_of(holder) for holder in wall.holders()} - fields):
            yield Error(f"{model._meta.label} has no {name}", hint=f"{name} = path_field()", obj=model, id="gonghui.E002")
