"""Intake points and what unions give their members."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from gonghui.areas.members.models import Entitlement, IntakePoint
from gonghui.core.actions.action import Refused, action, change
from gonghui.core.actions.actor import Actor
from gonghui.core.organisations.models import Organisation
from gonghui.kit.dates import from_day, until


@action("members.open_point", label=_("开设入会服务点"))
def open_point(organisation: Organisation, /, *, actor: Actor, **values: Any) -> IntakePoint:
    """Opens a place where people may join."""
    point = IntakePoint(organisation=organisation, **values)
    point.save(force_insert=True)
    return point


@action("members.edit_point", label=_("修改入会服务点"))
def edit_point(point: IntakePoint, /, *, actor: Actor, **values: Any) -> None:
    """Corrects place, hours and persons."""
    change(point, **values)


@action("members.close_point", label=_("停办入会服务点"))
def close_point(point: IntakePoint, *, actor: Actor, on: dt.date) -> None:
    """The place is open no more from a day on."""
    if point.closed_on:
        raise Refused(_("这个服务点已经停办"))
    change(point, closed_on=on)


@action("members.give_entitlement", label=_("设立会员服务项目"))
def give_entitlement(
    organisation: Organisation, /, *, actor: Actor, since: dt.date, until: dt.date | None = None, **values: Any
) -> Entitlement:
    """Says what members of this union and below it get, from a day on, by which document."""
    entitlement = Entitlement(organisation=organisation, valid=from_day(since, until), **values)
    entitlement.save(force_insert=True)
    return entitlement


@action("members.edit_entitlement", label=_("修改会员服务项目"))
def edit_entitlement(entitlement: Entitlement, /, *, actor: Actor, **values: Any) -> None:
    """Corrects what is said of it; from when it is given stays."""
    change(entitlement, **values)


@action("members.end_entitlement", label=_("结束会员服务项目"))
def end_entitlement(entitlement: Entitlement, *, actor: Actor, on: dt.date) -> None:
    """It is given no more from a day on."""
    if entitlement.valid.upper:
        raise Refused(_("这个项目已经结束"))
    if on <= entitlement.valid.lower:
        raise Refused(_("日期须晚于开始的 %(day)s") % {"day": entitlement.valid.lower}, field="on")
    change(entitlement, valid=until(entitlement.valid, on))
