"""The other sides of the pages benchmark, as WSGI applications: Django's default connections, and the same app without walls."""

import os
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application


def _without_walls() -> None:
    """Every queryset open; the role that PostgreSQL lets through everything is the one that connects."""
    from gonghui.core.actions.models import ScopedQuerySet

    def opened(self: Any, *args: Any) -> Any:
        return self._chain()._opened()

    ScopedQuerySet._walled = opened  # type: ignore[method-assign,assignment]


if os.environ["BENCH_SIDE"] == "default connections":
    settings.DATABASES["default"]["CONN_MAX_AGE"] = 0
application = get_wsgi_application()
if os.environ["BENCH_SIDE"] == "no walls":
    _without_walls()
