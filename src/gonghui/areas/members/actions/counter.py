"""The counter: staff take applications of people without a telephone, in a short session that ends by itself."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from gonghui.areas.members.actions.applying import ApplicationRow, take_application
from gonghui.areas.members.actions.approving import approve_application
from gonghui.areas.members.counter_sessions import CounterSession
from gonghui.areas.members.models import Application, Membership, Transfer
from gonghui.core.actions.action import NotAllowed, Refused, action, change
from gonghui.core.actions.actor import Actor
from gonghui.core.history.look_ups import look_up, refuse_used_up
from gonghui.core.organisations.models import Organisation
from gonghui.core.reference.queries import parameter
from gonghui.kit.dates import now, today

OVER = _("现场受理已经结束，请重新开始后再录入")


@action("members.begin_counter", label=_("开始现场受理"))
def begin_counter(organisation: Organisation, *, actor: Actor, purpose: str) -> CounterSession:
    """Begins a session of one's own at a union: for what, and until when it ends by itself. One at a time."""
    if not purpose.strip():
        raise Refused(_("请写明为什么由工作人员代为录入"), field="purpose")
    for former in _unended(actor):
        if not former.is_open:
            change(former, ended_at=former.ends_at)
    minutes = parameter("members.counter_minutes", today())
    begun_at = now()
    session = CounterSession(
        organisation=organisation,
        user_id=actor.user_id,
        purpose=purpose.strip(),
        begun_at=begun_at,
        ends_at=begun_at + dt.timedelta(minutes=minutes),
    )
    session.save(force_insert=True)
    return session


def _unended(actor: Actor) -> list[CounterSession]:
    rows = CounterSession.objects.unscoped("the sessions of whoever begins another one").filter(user=actor.user_id)
    return list(rows.filter(ended_at=None, user__isnull=False))


@action("members.end_counter", label=_("结束现场受理"))
def end_counter(session: CounterSession, *, actor: Actor) -> None:
    """Ends it before its time."""
    if not session.is_open:
        raise Refused(_("现场受理已经结束"))
    change(session, ended_at=now())


@action("members.take_at_counter", label=_("现场录入"))
def take_at_counter(session: CounterSession, *, actor: Actor, row: ApplicationRow) -> Application:
    """Enters what somebody at the counter says and signs. Only by who began the session, while it lasts."""
    if session.user_id != actor.user_id:
        raise NotAllowed("members.take_at_counter")
    if not session.is_open:
        raise Refused(OVER)
    refuse_used_up(actor, session.organisation_id)
    application = take_application(session.organisation, actor=actor, row=row, session=session)
    if application.doubt:
        look_up(actor, session.organisation_id)
    return application


def approve_here(application: Application, actor: Actor) -> Membership | Transfer | None:
    """Approves on the spot what is for the actor to decide; None where another union decides, or where a doubt is to be looked at first."""
    own = Application.objects.changeable_by(actor, "members.approve_application")
    if application.doubt or not own.filter(pk=application.pk).exists():
        return None
    result = approve_application(application, actor=actor)
    if isinstance(result, Transfer):
        look_up(actor, application.organisation_id)
    return result
