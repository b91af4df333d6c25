"""The union agrees to an application: a new member, one of its own who is recognised, or one whom another union holds."""

from django.utils.translation import gettext_lazy as _

from gonghui.areas.members.actions.membership import MemberRow, admit_members
from gonghui.areas.members.actions.telling import APPROVED, ASKED_ELSEWHERE, RECOGNISED, account_of, tell_applicant
from gonghui.areas.members.actions.transfers import neutral, request_transfer
from gonghui.areas.members.models import Application, Membership, Transfer
from gonghui.areas.members.queries import current_employments, living
from gonghui.areas.members.rules import APPLICATION_FLOW
from gonghui.core.accounts.models import User
from gonghui.core.actions.action import Refused, action, change, next_state
from gonghui.core.actions.actor import Actor
from gonghui.core.people.actions import PersonRow
from gonghui.core.people.models import Person
from gonghui.core.people.queries import person_with
from gonghui.kit.dates import today
from gonghui.kit.identity import Document, checked

HERE_ALREADY = _("您已是%(union)s的会员，不用再办入会")
OTHER_ACCOUNT = _("您已是%(union)s的会员，会员卡在您以前登录的账号里；换了手机号的，请带证件到工会或服务点核对")


@action("members.approve_application", label=_("同意入会"))
def approve_application(application: Application, *, actor: Actor, is_checked: bool = False) -> Membership | Transfer:
    """The union takes the applicant in: a member from today; or, where another union holds his membership, asks for it.

    An application in doubt is refused until somebody has checked it: agreeing makes the account that applied this person's.
    """
    next_state(APPLICATION_FLOW, "approve", application.state)
    if application.doubt and not is_checked:
        raise Refused(application.doubt, field="is_checked")
    document = checked(application.document_number(), application.document_kind)
    person = person_with(document)
    held = living([person]).get(person.pk) if person else None
    if held and _is_held_here(held, application):
        return _recognised(application, held, actor)
    if held:
        return _asked_elsewhere(application, held.person, actor)
    return _admitted(application, person, document, actor)


def _is_held_here(membership: Membership, application: Application) -> bool:
    """Whether nothing has to move: this union holds the membership, or one below it while no new place of work is named."""
    union = application.organisation
    if membership.organisation_id == union.pk or not membership.organisation_path.startswith(union.path):
        return membership.organisation_id == union.pk
    works = current_employments([membership.person]).get(membership.person_id, [])
    return {application.employer_id, application.host_id} <= {
        None,
        *(key for one in works for key in (one.employer_id, one.host_id)),
    }


def _recognised(application: Application, membership: Membership, actor: Actor) -> Membership:
    """He is a member here already, by a roster: now the account is his."""
    named = {"union": membership.organisation.name}
    is_his = application.user is None or _know(application.user, membership.person)
    note = HERE_ALREADY if is_his else OTHER_ACCOUNT
    _decide(application, membership.person, actor, note=str(note % named))
    tell_applicant(application, RECOGNISED, note=application.note)
    return membership


def _asked_elsewhere(application: Application, person: Person, actor: Actor) -> Transfer:
    """Another union holds the membership: it is asked for. The account that knew him before is told of the transfer itself."""
    transfer = request_transfer(application.organisation, actor=actor, person=person, employer=application.employer)
    known = account_of(person)
    _know(application.user, person)
    _decide(application, person, actor, note=neutral(transfer))
    if known is None or known != application.user:
        tell_applicant(application, ASKED_ELSEWHERE, note=application.note)
    return transfer


def _admitted(application: Application, person: Person | None, document: Document, actor: Actor) -> Membership:
    """A member from today, under the name that the register has of him if it has one."""
    row = MemberRow(
        PersonRow(person.name if person else application.name, document, application.phone()),
        today(),
        application.employer,
        application.host,
        application.workplace,
        application.worker_kind,
        application.trade,
    )
    membership = admit_members(application.organisation, actor=actor, rows=[row], door=application.door)[0]
    _know(application.user, membership.person)
    _decide(application, membership.person, actor)
    tell_applicant(application, APPROVED)
    return membership


def _decide(application: Application, person: Person, actor: Actor, *, note: str = "") -> None:
    """The application is agreed to."""
    change(application, state="approved", person=person, decided_on=today(), decided_by_id=actor.user_id, note=note)


def _know(user: User | None, person: Person) -> bool:
    """The account from which somebody applied is his, now that a union has checked who he is; whether it is, for he may have another."""
    if user and user.person_id is None and not User.objects.filter(person=person).exists():
        change(user, person=person)
    return user is not None and user.person_id == person.pk
