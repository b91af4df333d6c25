"""Giving and ending rights."""

import datetime as dt
from collections.abc import Collection
from itertools import groupby

from allauth.mfa.models import Authenticator
from django.utils.translation import gettext_lazy as _

from gonghui.core.access.models import Grant, Switch, Token
from gonghui.core.access.open_work import Succession
from gonghui.core.access.roles import ROLES
from gonghui.core.access.succession import Handover, hand_over, has_grants, has_role, planned, running
from gonghui.core.access.tokens import digest, new_secret
from gonghui.core.accounts.actions import close_account
from gonghui.core.accounts.models import User
from gonghui.core.actions.action import NotAllowed, Refused, action, change
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import because
from gonghui.core.organisations.models import Organisation
from gonghui.core.reference.queries import parameter
from gonghui.kit.dates import DateRange, from_day, today, until


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


@action("access.issue_token", label=_("建立接口令牌"))
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
    secret = new_secret()
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
