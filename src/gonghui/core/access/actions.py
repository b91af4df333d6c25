"""Giving and ending rights: roles, departments, invitations, succession, pilot switches, tokens."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import groupby

from allauth.mfa.models import Authenticator
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gonghui.core.access import secrets, tokens
from gonghui.core.access.models import INVITATION_FLOW, Department, Grant, Invitation, Switch, Token
from gonghui.core.access.open_work import Succession
from gonghui.core.access.queries import departments_of
from gonghui.core.access.roles import ROLES
from gonghui.core.access.secrets import digest
from gonghui.core.access.succession import Handover, hand_over, has_grants, has_role, planned, running
from gonghui.core.accounts.actions import close_account, close_sessions, take_phone, take_phone_off
from gonghui.core.accounts.models import User
from gonghui.core.actions.action import NotAllowed, Refused, action, change, next_state
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import because
from gonghui.core.organisations.models import Organisation
from gonghui.core.reference.models import CalendarDay
from gonghui.core.reference.queries import names, parameter
from gonghui.kit.columns import BadValue
from gonghui.kit.dates import DateRange, from_day, today, until
from gonghui.kit.intake import mobile


@action("access.grant_role", label=_("授予角色"))
def grant_role(
    organisation: Organisation,
    *,
    actor: Actor,
    user: User,
    role: str,
    since: dt.date,
    before: dt.date | None = None,
    department: str = "",
) -> Grant:
    """Gives a user a role at an organisation, from a day on. Widening one's own scope takes another person."""
    if user.pk == actor.user_id:
        raise Refused(_("不能给自己授权，请由另一位管理员办理"))
    if role not in ROLES:
        raise NotAllowed(role)
    grant = Grant(organisation=organisation, user=user, role=role, department=department, valid=from_day(since, before))
    grant.save(force_insert=True)
    return grant


@action("access.end_grant", label=_("收回角色"))
def end_grant(grant: Grant, *, actor: Actor, on: dt.date) -> None:
    """Ends a grant; it no longer holds on that day."""
    if grant.valid.upper and grant.valid.upper <= on:
        raise Refused(_("这项授权已经结束"))
    change(grant, valid=ended(grant, on))


def ended(grant: Grant, on: dt.date) -> DateRange:
    """The days of a grant that no longer holds on a day; none where it had not begun."""
    return until(grant.valid, max(on, grant.valid.lower))


@action("access.pass_on", label=_("离任交接"))
def pass_on(
    grant: Grant, *, actor: Actor, successor: User, on: dt.date, reason: str, closes_account: bool = False
) -> list[Handover]:
    """Ends all grants of somebody at an organisation and passes everything open to a successor, who gets the roles that he lacks.

    His begin at once, so that nothing lies between. After the last grant has ended without a successor, what is open still passes.
    """
    leaver, organisation = grant.user, grant.organisation
    if successor.pk == leaver.pk:
        raise Refused(_("接手人应是另一个人"), field="successor")
    with because(reason):
        refuse_successor(successor, actor, reason)
        given = [
            give_to(one, successor, actor=actor, on=on, since=min(on, today()), department=one.department)
            for one in running_grants(organisation, on, user=leaver)
        ]
        succession = succession_of(leaver, successor, organisation, reason, on)
        handover = planned(grant, succession, list(filter(None, given)), actor)
        hand_over([handover])
        if closes_account:
            close_left_account(leaver, actor, on)
    return [handover]


@action("access.reorganise_department", label=_("部室调整"))
def reorganise_department(
    organisation: Organisation,
    *,
    actor: Actor,
    department: str,
    into: str,
    on: dt.date,
    reason: str,
    successor: User | None = None,
) -> list[Handover]:
    """Moves everybody of a department into another from a day on, where each goes on with his own work; or passes their roles and
    everything open to one successor there."""
    grants = running_grants(organisation, on, department=department)
    if not grants:
        raise Refused(_("这个部室没有人了"), field="department")
    if into == department and successor is None:
        raise Refused(_("请选另一个部室，或写明接手人"), field="into")
    with because(reason):
        refuse_successor(successor, actor, reason)
        handovers = [
            moved(list(own), actor=actor, successor=successor, on=on, into=into, reason=reason)
            for _user, own in groupby(grants, key=lambda grant: grant.user_id)
        ]
        hand_over(handovers)
    return handovers


def moved(grants: list[Grant], *, actor: Actor, successor: User | None, on: dt.date, into: str, reason: str) -> Handover:
    """One person's grants in a department, moved or given to the successor; his work goes along once he has no other grant there."""
    leaver, organisation = grants[0].user, grants[0].organisation
    heir, since = (successor, min(on, today())) if successor else (leaver, on)
    given = [give_to(grant, heir, actor=actor, on=on, since=since, department=into) for grant in grants]
    succession, new = succession_of(leaver, heir, organisation, reason, on), list(filter(None, given))
    if heir == leaver or running_grants(organisation, on, user=leaver):
        return Handover(grants[0], succession, new)
    return planned(grants[0], succession, new, actor)


def refuse_successor(successor: User | None, actor: Actor, reason: str) -> None:
    """What every succession asks. Taking over oneself would widen one's own scope, which takes another person."""
    if not reason.strip():
        raise Refused(_("请写明事由"), field="reason")
    if successor and successor.pk == actor.user_id:
        raise Refused(_("不能交接给自己，请由另一位管理员办理"), field="successor")
    if successor and not successor.is_active:
        raise Refused(_("接手人的账号已停用"), field="successor")


def running_grants(organisation: Organisation, on: dt.date, **values: object) -> list[Grant]:
    """The grants that would hold on a day or later at an organisation where an action has checked the right; locked."""
    rows = Grant.objects.unscoped("the grants of an organisation at which the right was checked")
    rows = rows.filter(running(on), organisation=organisation, **values).select_for_update(of=("self",))
    return list(rows.select_related("user", "organisation").order_by("user_id", "pk"))


def give_to(grant: Grant, heir: User, *, actor: Actor, on: dt.date, since: dt.date, department: str) -> Grant | None:
    """Ends a grant on a day; its role is the heir's, in this department. None where he has it already."""
    days = grant.valid
    since = max(since, days.lower)
    if grant.user_id != heir.pk:
        change(grant, valid=ended(grant, on), successor=heir)
    elif grant.department != department:
        change(grant, valid=ended(grant, on))
    if has_role(heir, grant, since, department):
        return None
    return grant_role(
        grant.organisation,
        actor=actor,
        user=heir,
        role=grant.role,
        since=since,
        before=days.upper,
        department=department,
    )


def succession_of(leaver: User, successor: User, organisation: Organisation, reason: str, on: dt.date) -> Succession:
    """What the kinds of open work are asked with, after the grants at the organisation have ended."""
    return Succession(leaver, successor, organisation, reason, is_last=not has_grants(leaver, on))


def close_left_account(leaver: User, actor: Actor, on: dt.date) -> None:
    """Closes the account of somebody who may do nothing any more, anywhere."""
    if on > today():
        raise Refused(_("离任那天才能停用账号，请到时再办"), field="closes_account")
    if has_grants(leaver, on):
        raise Refused(_("他在别的工会还有授权，不能停用账号"), field="closes_account")
    close_account(leaver, actor=actor)


@action("access.reset_second_factor", label=_("重置动态验证码"))
def reset_second_factor(grant: Grant, *, actor: Actor, reason: str) -> None:
    """Takes the second factor off an account whose owner was seen in person; he sets a new one up at his next sign-in."""
    if grant.user_id == actor.user_id:
        raise Refused(_("不能重置自己的，请由另一位管理员办理"))
    if not reason.strip():
        raise Refused(_("请写明何时何地当面核实了本人"), field="reason")
    Authenticator.objects.filter(user=grant.user_id).delete()
    change(grant, second_factor_reset_on=today(), second_factor_reset_reason=reason.strip())


@action("access.reset_phone", label=_("更换登录手机"))
def reset_phone(grant: Grant, *, actor: Actor, number: str, reason: str) -> None:
    """Gives an account whose owner was seen in person another telephone to sign in with, and signs it out everywhere; an empty number
    takes the telephone off. The next sign-in is on an unknown device."""
    if grant.user_id == actor.user_id:
        raise Refused(_("不能更换自己的，请由另一位管理员办理"))
    if not reason.strip():
        raise Refused(_("请写明何时何地当面核实了本人"), field="reason")
    with because(reason.strip()):
        close_sessions(grant.user)
        if number.strip():
            take_phone(grant.user, as_mobile(number, "number"))
        else:
            take_phone_off(grant.user)
    change(grant, phone_reset_on=today(), phone_reset_reason=reason.strip())


@action("access.switch_area", label=_("开关试点"))
def switch_area(organisation: Organisation, *, actor: Actor, area: str, is_on: bool, since: dt.date) -> Switch:
    """Switches an area on or off for an organisation and what is below it, from a day on."""
    current = Switch.objects.unscoped("the switch to replace").filter(
        organisation=organisation, area=area, valid__contains=since
    )
    for switch in current:
        if switch.is_on == is_on:
            raise Refused(_("从这天起已经是这个状态"))
        change(switch, valid=until(switch.valid, since))
    row = Switch(organisation=organisation, area=area, is_on=is_on, valid=from_day(since))
    row.save(force_insert=True)
    return row


@action("access.choose_departments", label=_("选定部室"))
def choose_departments(organisation: Organisation, *, actor: Actor, codes: Collection[str], since: dt.date) -> None:
    """Says which departments a federation has from a day on. One that somebody works in stays until his role has ended."""
    known = names("department")
    if unknown := [code for code in codes if code not in known]:
        raise NotAllowed(unknown[0])
    rows = Department.objects.unscoped("the departments to replace").filter(organisation=organisation, valid__contains=since)
    present = {row.code: row for row in rows}
    for code in present.keys() - set(codes):
        _refuse_if_used(organisation, code, since)
        change(present[code], valid=until(present[code].valid, since))
    for code in codes:
        if code not in present:
            Department(organisation=organisation, code=code, valid=from_day(since)).save(force_insert=True)


def _refuse_if_used(organisation: Organisation, code: str, on: dt.date) -> None:
    grants = Grant.objects.unscoped("who works in a department that is to go").filter(
        organisation=organisation, department=code
    )
    if count := grants.filter(Q(valid__upper_inf=True) | Q(valid__endswith__gt=on)).count():
        raise Refused(
            _("“%(name)s”还有 %(count)s 项授权，请先收回或换到别的部室") % {"name": names("department")[code], "count": count},
            field="codes",
        )


@dataclass(frozen=True)
class Invitee:
    """Somebody to be invited, and to what."""

    name: str
    phone: str
    role: str
    department: str = ""
    title: str = ""


@action("access.invite", label=_("邀请"))
def invite(organisation: Organisation, *, actor: Actor, invitees: Sequence[Invitee]) -> list[Invitation]:
    """Notes who may open an account with a role at this union. Nothing is sent out: `issue_invitation` makes the secret."""
    _refuse_oneself(actor, invitees)
    rows = [_invitation(organisation, actor, one) for one in invitees]
    Invitation.objects.unscoped("the invitations just made").bulk_create(rows)
    return rows


def _invitation(organisation: Organisation, actor: Actor, one: Invitee) -> Invitation:
    if one.role not in ROLES:
        raise NotAllowed(one.role)
    if not one.name.strip():
        raise Refused(_("请填写姓名"), field="name")
    if one.department and one.department not in dict(departments_of(organisation, today())):
        raise Refused(_("本区没有这个部室，请先在“开局”里选定"), field="department")
    row = Invitation(
        organisation=organisation,
        role=one.role,
        department=one.department,
        name=one.name.strip(),
        title=one.title.strip(),
        invited_by_id=actor.user_id,
        invited_on=today(),
    )
    row.set_phone(as_mobile(one.phone, "phone"))
    return row


def as_mobile(typed: str, field: str) -> str:
    """A telephone number as it is kept; Refused for what is none, beside the field of this name."""
    try:
        return mobile(typed)
    except BadValue as problem:
        raise Refused(str(problem), field=field) from problem


def _refuse_oneself(actor: Actor, invitees: Sequence[Invitee]) -> None:
    """Nobody gives himself a role, by invitation neither; an inviter who came by one is known by his number."""
    numbers = {Invitation.index_of(one.phone) for one in invitees}
    own = Invitation.objects.unscoped("whether somebody invites himself").filter(phone_index__in=numbers)
    if actor.user_id is not None and own.filter(user=actor.user_id).exists():
        raise Refused(_("不能邀请自己，请由另一位管理员办理"), field="phone")


@action("access.issue_invitation", label=_("发出邀请"))
def issue_invitation(invitation: Invitation, *, actor: Actor) -> str:
    """Makes the secret that opens the invitation, told this once; a former one opens nothing any more. Who issues answers for it."""
    _refuse_oneself(actor, [Invitee(invitation.name, invitation.phone(), invitation.role)])
    secret = secrets.new_secret()
    change(
        invitation,
        state=next_state(INVITATION_FLOW, "issue", invitation.state),
        digest=digest(secret),
        issued_on=today(),
        expires_on=today() + dt.timedelta(days=parameter("access.invitation_days", today())),
        tries=0,
        invited_by_id=actor.user_id,
    )
    return secret


@action("access.withdraw_invitation", label=_("收回邀请"))
def withdraw_invitation(invitation: Invitation, *, actor: Actor) -> None:
    """The invitation opens nothing any more."""
    change(invitation, state=next_state(INVITATION_FLOW, "withdraw", invitation.state))


@action("access.accept_invitation", label=_("接受邀请"))
def accept_invitation(invitation: Invitation, *, actor: Actor, user: User) -> None:
    """Grants an account what the invitation promised, as far as it lacks it: somebody is invited anew to prove another telephone too.

    No role holds it: `invitations.accept` takes it for who proved to be meant.
    """
    target = next_state(INVITATION_FLOW, "accept", invitation.state)
    promised = {"organisation": invitation.organisation, "role": invitation.role, "department": invitation.department}
    held = Grant.objects.unscoped("whether an invited account lacks the role").filter(**promised, user=user)
    if not held.filter(valid__contains=today()).exists():
        grant_role(
            invitation.organisation,
            actor=actor,
            user=user,
            role=invitation.role,
            since=today(),
            department=invitation.department,
        )
    change(invitation, state=target, user=user, accepted_on=today())


@action("access.issue_token", label=_("建立接口令牌"), asks_second_factor=True)
def issue_token(
    user: User, *, actor: Actor, label: str, permissions: Collection[str], expires_on: dt.date
) -> tuple[Token, str]:
    """Makes a token of one's own with some of one's own rights; the secret is told this once."""
    if user.pk != actor.user_id:
        raise NotAllowed("access.issue_token")
    if not permissions:
        raise Refused(_("请至少选一项权限"), field="permissions")
    if not all(actor.can(permission) for permission in permissions):
        raise NotAllowed("access.issue_token")
    longest = parameter("access.token_days", today())
    if not today() < expires_on <= today() + dt.timedelta(days=longest):
        raise Refused(_("到期日期应在明天到 %(days)s 天之内") % {"days": longest}, field="expires_on")
    secret = tokens.new_secret()
    token = Token(
        user=user,
        label=label.strip(),
        digest=digest(secret),
        ending=secret[-4:],
        permissions=sorted(permissions),
        expires_on=expires_on,
    )
    token.save(force_insert=True)
    return token, secret


@action("access.revoke_token", label=_("停用接口令牌"))
def revoke_token(token: Token, *, actor: Actor) -> None:
    """Ends a token at once."""
    if token.revoked_on:
        raise Refused(_("这个令牌已经停用"))
    change(token, revoked_on=today())


@action("reference.plan_day", label=_("安排工作日历"))
def plan_day(federation: Organisation, *, actor: Actor, day: dt.date, is_working: bool, occasion: str) -> CalendarDay:
    """Says whether a day is worked, other than its weekday or what stood there says; clocks that run from today on follow it."""
    if not occasion.strip():
        raise Refused(_("请写明事由，例如“国庆节”"), field="occasion")
    rows = CalendarDay.objects.unscoped("the working calendar is public")
    planned = rows.filter(day=day).first() or CalendarDay(day=day)
    planned.is_working, planned.occasion = is_working, occasion.strip()
    planned.save()
    return planned
