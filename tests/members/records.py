"""Records of members that several tests start from, made through the actions."""

import datetime as dt
from itertools import count
from typing import Any

from gonghui.areas.members import actions
from gonghui.areas.members.actions import ApplicationRow, MemberRow
from gonghui.areas.members.counter_sessions import CounterSession
from gonghui.areas.members.models import Application, Correction, Membership, Transfer
from gonghui.core.actions.door import acting
from gonghui.core.organisations.models import Organisation
from gonghui.core.people.actions import PersonRow
from gonghui.kit.identity import check_character, checked
from tests.cast import LONG_AGO, SYSTEM, Cast

SEQUENCE = count(100)
PHONE = "13900007777"
CARD_NUMBER = "6222020200112233446"  # nobody's; its check digit is right


def number() -> str:
    """A resident ID that nobody has had so far."""
    base = f"11010119880101{next(SEQUENCE):03d}"
    return base + check_character(base)


def member(cast: Cast, union: Organisation | None = None, name: str = "赵新", phone: str = PHONE, **work: Any) -> Membership:
    """Somebody who became a member long ago."""
    with acting(SYSTEM):
        row = MemberRow(PersonRow(name, checked(number()), phone), LONG_AGO, **work)
        return actions.admit_member(union or cast.own, actor=SYSTEM, row=row)


def application(cast: Cast, name: str = "钱来", **values: Any) -> Application:
    """Somebody asked at the street's counter."""
    with acting(SYSTEM):
        document = values.pop("number", "") or number()
        row = ApplicationRow(name, document, values.pop("workplace", "某某饭馆"), **values)
        return actions.take_application(cast.street, actor=SYSTEM, row=row)


def transfer(cast: Cast, name: str = "孙走", on: dt.date | None = None) -> Transfer:
    """A member of the enterprise union is asked for by the next street."""
    one = member(cast, name=name, employer=cast.firm)
    with acting(SYSTEM):
        return actions.request_transfer(cast.next_street, actor=SYSTEM, person=one.person, on=on)


def correction(cast: Cast, **values: str) -> Correction:
    """The worker of the cast asks for a correction."""
    worker = cast.actor("worker")
    with acting(worker):
        return actions.request_correction(cast.member.person, actor=worker, values=values or {"native_place": "河北"})


def session(cast: Cast, name: str = "street_officer", place: Organisation | None = None) -> CounterSession:
    """A counter session that was just begun."""
    actor = cast.actor(name)
    with acting(actor):
        return actions.begin_counter(place or cast.street, actor=actor, purpose="流动服务点")


def fresh(record: Any) -> Any:
    """The record as it is now."""
    with acting(SYSTEM):
        return type(record).objects.unscoped("kept for the test's own comparison").get(pk=record.pk)


def member_of(one: Transfer) -> Membership:
    """The membership that a transfer moves."""
    with acting(SYSTEM):
        return Membership.objects.unscoped("kept for the test's own comparison").get(pk=one.membership_id)
