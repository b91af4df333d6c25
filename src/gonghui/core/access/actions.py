"""Giving and ending rights."""

import datetime as dt
from collections.abc import Collection

from allauth.mfa.models import Authenticator
from django.utils.translation import gettext_lazy as _

from gonghui.core.access.models import Grant, Switch, Token
from gonghui.core.access.roles import ROLES
from gonghui.core.access.tokens import digest, new_secret
from gonghui.core.accounts.models import User
from gonghui.core.actions.action import NotAllowed, Refused, action, change
from gonghui.core.actions.actor import Actor
from gonghui.core.organisations.models import Organisation
from gonghui.core.reference.queries import parameter
from gonghui.kit.dates import from_day, today, until


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
    change(grant, valid=until(grant.valid, max(on, grant.valid.lower)))


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
