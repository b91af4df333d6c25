"""Asking to join: two doors, one record, from the worker's phone or at a counter. And what the union answers short of agreeing."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from gonghui.areas.members.actions.telling import FORWARDED, RETURNED, tell_applicant
from gonghui.areas.members.counter_sessions import CounterSession
from gonghui.areas.members.models import Application
from gonghui.areas.members.queries import union_for
from gonghui.areas.members.rules import APPLICATION_FLOW, Door, WorkerKind
from gonghui.areas.register.models import Employer
from gonghui.core.accounts.models import User
from gonghui.core.actions.action import NotAllowed, Refused, action, change, next_state
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import beyond_scope
from gonghui.core.organisations.models import Organisation
from gonghui.core.people.models import IdentityDocument, Person
from gonghui.core.people.queries import person_with
from gonghui.core.reference.calendar import working_days_after
from gonghui.core.reference.models import Region
from gonghui.core.reference.queries import parameter
from gonghui.kit.dates import today
from gonghui.kit.identity import BadNumber, Document, checked
from gonghui.kit.names import normal

CONSENT = "2026-11"  # the version of the notice (告知书) that is shown beside the form
WHY = "an application goes to the union of the place of work"


@dataclass(frozen=True)
class ApplicationRow:
    """What somebody types who wants to join; the workplace is free text, the employer by contract may be unknown."""

    name: str
    number: str
    workplace: str
    phone: str = ""
    document_kind: str = ""
    employer: Employer | None = None
    host: Employer | None = None
    region: Region | None = None
    worker_kind: str = WorkerKind.CONTRACT
    trade: str = ""


def document_of(row: ApplicationRow) -> Document:
    """The checked document; Refused at its field."""
    try:
        return checked(row.number, row.document_kind)
    except BadNumber as error:
        raise Refused(str(error), field="number") from error


@action("members.apply", label=_("申请入会"))
def apply(user: User, *, actor: Actor, row: ApplicationRow) -> Application:
    """A worker asks to join by his own account; the phone is that of the account, whatever the row says.

    The application goes to the union of the workplace; one that nobody knows yet goes to the street where it is.
    """
    if user.pk != actor.user_id:
        raise NotAllowed("members.apply")
    union = union_for(row.employer, row.host, row.region, today())
    if union is None:
        raise Refused(_("请选择工作地点所在的街道，我们把申请转给那里的工会"), field="region")
    return _enter(union, row, user=user, phone=user.phone.number(), door=Door.ONLINE)


@action("members.take_application", label=_("现场受理入会"))
def take_application(
    union: Organisation, *, actor: Actor, row: ApplicationRow, session: CounterSession | None = None
) -> Application:
    """Staff enter what somebody without a phone tells them at a counter; the union of the workplace decides, or they themselves."""
    decides = union_for(row.employer, row.host, None, today()) or union
    return _enter(decides, row, phone=row.phone, door=Door.COUNTER, session=session)


def _enter(
    union: Organisation,
    row: ApplicationRow,
    *,
    phone: str,
    door: str,
    user: User | None = None,
    session: CounterSession | None = None,
) -> Application:
    if not row.name.strip():
        raise Refused(_("请填写姓名"), field="name")
    if not row.workplace.strip() and row.host is None and row.employer is None:
        raise Refused(_("请填写工作单位；不清楚全称时写平时的叫法"), field="workplace")
    document = document_of(row)
    due = working_days_after(today(), parameter("members.review_days", today()))
    application = Application(
        organisation=union,
        user=user,
        name=normal(row.name),
        workplace=row.workplace.strip() or str(row.host or row.employer),
        employer=row.employer,
        host=row.host,
        worker_kind=row.worker_kind,
        trade=row.trade,
        door=door,
        session=session,
        consent=CONSENT,
        applied_on=today(),
        due_on=due.day,
        is_tentative=due.is_tentative,
    )
    application.set_document(document, IdentityDocument.index_of(document))
    application.set_phone(phone)
    application.doubt = str(_doubt(application, document, phone))
    with beyond_scope(WHY):
        application.save(force_insert=True)
    return application


def _doubt(application: Application, document: Document, phone: str) -> Any:
    """What the union should look at before it agrees; nothing of it is told to the applicant."""
    person = person_with(document)
    if person is None:
        return ""
    if person.name != application.name:
        return _("同一证件号码已登记为另一个姓名，请当面核对证件")
    if application.user and not person.phone_masked:
        return _("这个人已在册，没有登记手机号，请核对是不是本人")
    if phone and person.phone_masked and person.phone_index != Person.index_of(phone):
        return _("手机号与原登记的不同，请核对是不是本人")
    return ""


@action("members.return_application", label=_("退回申请"))
def return_application(application: Application, *, actor: Actor, note: str) -> None:
    """The union sends an application back and says what is missing or where to turn; the applicant may ask again."""
    if not note.strip():
        raise Refused(_("请写明退回的原因，或告诉申请人该找谁"), field="note")
    target = next_state(APPLICATION_FLOW, "return", application.state)
    change(application, state=target, decided_on=today(), decided_by_id=actor.user_id, note=note.strip())
    tell_applicant(application, RETURNED, note=note.strip())


@action("members.forward_application", label=_("转给其他工会"))
def forward_application(
    application: Application, *, actor: Actor, target: Organisation, employer: Employer | None = None, note: str = ""
) -> None:
    """The union finds out where the applicant works and hands the application on; the limit stays what the applicant was told."""
    next_state(APPLICATION_FLOW, "forward", application.state)
    if target.state != "active":
        raise Refused(_("“%(name)s”现在不是正常状态") % {"name": target.name}, field="target")
    with beyond_scope(WHY):
        change(application, organisation=target, employer=employer or application.employer, note=note.strip())
    tell_applicant(application, FORWARDED)


@action("members.withdraw_application", label=_("撤回申请"))
def withdraw_application(application: Application, *, actor: Actor) -> None:
    """The applicant does not want to any more."""
    change(application, state=next_state(APPLICATION_FLOW, "withdraw", application.state), decided_on=today())
