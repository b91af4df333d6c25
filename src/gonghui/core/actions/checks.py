"""A model without a wall stops the system before it starts."""

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error

from gonghui.core.actions.policies import is_event
from gonghui.core.actions.walls import Wall


def every_model_has_a_wall(app_configs: Any, **kwargs: Any) -> Iterable[CheckMessage]:
    """System check gonghui.E001."""
    for model in apps.get_models():
        if not model.__module__.startswith("gonghui.") or model._meta.proxy or is_event(model):
            continue
        if not isinstance(getattr(model, "wall", None), Wall):
            yield Error(
                f"{model._meta.label} declares no wall",
                hint="wall = Held(…), Part(…), Own(…), Published(…) or Open(reason)",
                obj=model,
                id="gonghui.E001",
            )
