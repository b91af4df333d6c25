"""The JSON API below `/api/v1`: the desk's actions and lists for programs, through the same door.

`problems` is how a refusal reads, `entrance` who comes in and how, `lists` what a sheet gives, `figures` the figures, `imports` the
workbooks. An area adds its own routes in its `api.py` with `router(tag)` and `endpoint`. `docs/openapi.json` is written from all of them.
"""

from gonghui.web.api import figures, imports
from gonghui.web.api.entrance import api

__all__ = ["api", "figures", "imports"]
