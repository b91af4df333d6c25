"""Who answers for building unions in an area (包片负责人)."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from gonghui.areas.unionbuilding.models import Charge
from gonghui.core.accounts.models import User
from gonghui.core.actions.action import Refused, action, change
from gonghui.core.actions.actor import Actor
from gonghui.core.organisations.models import Organisation
from gonghui.kit.dates import from_day, until


@action("unionbuilding.give_charge", label=_("确定包片负责人"))
def give_charge(union: Organisation, *, actor: Actor, user: User, since: dt.date, area: str = "") -> Charge:
    """From a day on somebody answers for a street or system union, or for a part of it."""
    if not union.is_managing:
        raise Refused(_("按街道或系统工会包片"), field="union")
    charge = Charge(organisation=union, user=user, area=area.strip(), valid=from_day(since))
    charge.save(force_insert=True)
    return charge


@action("unionbuilding.end_charge", label=_("不再包片"))
def end_charge(charge: Charge, *, actor: Actor, on: dt.date) -> None:
    """From a day on he does not answer for it any more."""
    if charge.valid.upper is not None:
        raise Refused(_("已经结束"))
    if on <= charge.valid.lower:
        raise Refused(_("日期须晚于开始的 %(day)s") % {"day": charge.valid.lower}, field="on")
    change(charge, valid=until(charge.valid, on))
