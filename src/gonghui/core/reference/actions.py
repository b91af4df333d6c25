"""Changing a dated parameter."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from gonghui.core.actions.action import Refused, action, change
from gonghui.core.actions.actor import Actor
from gonghui.core.reference.models import Parameter
from gonghui.kit.dates import from_day, until


@action("reference.revise_parameter", label=_("修订参数"))
def revise_parameter(parameter: Parameter, *, actor: Actor, value: Any, since: dt.date, basis: str) -> Parameter:
    """Gives a parameter a new value from a day on; the former value keeps its days."""
    if not basis:
        raise Refused(_("请写明依据的文件名称和文号"), field="basis")
    if parameter.valid.upper is not None:
        raise Refused(_("这一取值已有后续修订，请在最新的一条上修订"))
    if parameter.valid.lower and since <= parameter.valid.lower:
        raise Refused(_("生效日期须晚于现行取值的生效日期 %(day)s") % {"day": parameter.valid.lower}, field="since")
    change(parameter, valid=until(parameter.valid, since))
    revised = Parameter(
        key=parameter.key, label=parameter.label, unit=parameter.unit, value=value, basis=basis, valid=from_day(since)
    )
    revised.save(force_insert=True)
    return revised
