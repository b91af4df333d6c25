"""Signing in to the desk by a telephone code: the entrance of those who look after base unions and nothing else (security.md 8).

The roles say which of them may (`signs_in_by_phone`); `may_sign_in_by_phone` reads it from the grants of today.
"""

from django.utils.translation import gettext_lazy as _

from gonghui.core.access.queries import may_sign_in_by_phone
from gonghui.core.accounts.actions import proven_account
from gonghui.core.accounts.models import User
from gonghui.core.accounts.sign_in import Entrance
from gonghui.core.actions.action import Refused

NOT_HERE = _(
    "这个手机号不能用验证码登录工作台。区、街道、系统工会的干部请用登录名和密码登录；基层工会主席请先用邀请开通；职工请从职工端登录"
)


def admit(user: User | None) -> None:
    """Raises Refused, in the same words for a number that nobody has, a worker's and an officer's."""
    if user is None or not may_sign_in_by_phone(user):
        raise Refused(NOT_HERE)


DESK = Entrance(admit, proven_account)
