"""Invitations on their way to people: letters to be printed, and a list of messages for whoever sends messages.

Both are made of invitations that have just been issued, so the secrets in them are fresh and stand nowhere else. The system sends
nothing by itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from gonghui.core.access.models import Invitation
from gonghui.core.exchange.writing import Head, Table, write_workbook
from gonghui.core.reference.queries import names
from gonghui.kit import qr
from gonghui.kit.dates import today
from gonghui.kit.paper import typeset
from gonghui.kit.text import enumerated
from gonghui.web.bulk import Gathered, Given
from gonghui.web.pages.phone_sign_in import proves_by_code

TEMPLATE = Path(__file__).parent / "paper" / "letters.typ"


def address_of(secret: str) -> str:
    """The page that a secret opens, as somebody outside reaches it."""
    base = settings.ADDRESS or f"{'https' if settings.HTTPS else 'http'}://{settings.ALLOWED_HOSTS[0]}"
    return f"{base.rstrip('/')}{reverse('account_accept_invitation', args=[secret])}"


@dataclass(frozen=True)
class Letter:
    """What one person is sent: the roles he is invited to, the first of which has the secret."""

    invitations: Sequence[Invitation]
    secret: str
    number: str = ""

    @property
    def first(self) -> Invitation:
        return self.invitations[0]

    @property
    def address(self) -> str:
        return address_of(self.secret)

    @property
    def roles(self) -> list[str]:
        """Union and role, a line each."""
        return [role_words(one) for one in self.invitations]


def role_words(invitation: Invitation) -> str:
    """One role in words: union, department, role."""
    department = names("department").get(invitation.department, "")
    return " ".join(word for word in (invitation.organisation.name, department, str(invitation.get_role_display())) if word)


def by_person(issued: Iterable[tuple[Invitation, tuple[str, str]]]) -> list[Letter]:
    """A letter a number, in the order of the tree, from invitations with number (or nothing) and secret."""
    people: dict[str, list[tuple[Invitation, tuple[str, str]]]] = {}
    for one in sorted(issued, key=lambda pair: (pair[0].organisation_path, pair[0].name, pair[0].pk)):
        people.setdefault(one[0].phone_index, []).append(one)
    return [Letter([one for one, _told in pairs], pairs[0][1][1], pairs[0][1][0]) for pairs in people.values()]


# -- letters ----------------------------------------------------------------------------------------------------


def letters(answers: Sequence[tuple[Any, Any]], given: Given) -> Gathered:
    """The letters as a PDF, two to a sheet of A4."""
    made = by_person((one, ("", secret)) for one, secret in answers)
    name = _("开通邀请信_%(day)s_%(count)s 封.pdf") % {"day": f"{today():%Y%m%d}", "count": len(made)}
    return Gathered(name, typeset(TEMPLATE, on_paper(made)), _("打印并交给本人的开通邀请信"))


def on_paper(made: Sequence[Letter]) -> dict[str, Any]:
    """Letters as plain texts for the typesetter."""
    return {
        "title": _("开通账号邀请信"),
        "brand": settings.BRAND or _("总工会"),
        "roles": _("为您开通："),
        "by_hand": _("扫不了码时，在浏览器里输入："),
        "secret": _("这封信只给您本人，请不要转交或拍照外传；开通后请销毁。"),
        "letters": [one_on_paper(one) for one in made],
    }


def one_on_paper(letter: Letter) -> dict[str, Any]:
    """One letter."""
    first, day = letter.first, letter.first.expires_on
    inviter = first.invited_by.name if first.invited_by else _("系统管理员")
    return {
        "to": first.name,
        "place": first.organisation.name,
        "roles": letter.roles,
        "steps": [
            _("用手机扫描右边的二维码，或在电脑上打开下面的网址。"),
            *proving(letter),
        ],
        "until": _("请在 %(day)s 前（含当天）开通。过期请找 %(inviter)s 重新发出。") % {"day": day, "inviter": inviter},
        "address": letter.address,
        "qr": qr.svg(letter.address),
    }


def proving(letter: Letter) -> list[str]:
    """How the page that a letter leads to recognises whom it is for, and how he signs in from then on."""
    phone = {"phone": letter.first.phone_masked}
    if proves_by_code(letter.invitations):
        return [
            _("获取验证码，验证码发到您的手机 %(phone)s。") % phone,
            _("定一个登录名和密码；以后用手机号和验证码就能登录。"),
        ]
    return [_("输入您手机号 %(phone)s 的最后四位。") % phone, _("定一个登录名和密码，再按页面提示绑定手机验证器。")]


# -- messages ---------------------------------------------------------------------------------------------------


def messages(answers: Sequence[tuple[Any, Any]], given: Given) -> Gathered:
    """A workbook for the federation's own message platform: name, full number, text."""
    made = by_person(answers)
    heads = [Head(_("姓名")), Head(_("手机号")), Head(_("短信内容"), width=80)]
    notes = [
        (_("说明"), _("本系统不发短信。请把这张表交给单位的短信平台发送，发完即删除。")),
        (_("用途"), given["purpose"]),
        (_("有效"), _("每条里的网址只给本人用，重新发出后旧的就失效。")),
    ]
    target = BytesIO()
    rows = [[one.first.name, one.number, message(one)] for one in made]
    write_workbook(target, [Table(_("短信名单"), heads, rows, notes)])
    name = _("短信名单_%(day)s_%(count)s 人.xlsx") % {"day": f"{today():%Y%m%d}", "count": len(made)}
    return Gathered(name, target.getvalue(), given["purpose"])


def message(letter: Letter) -> str:
    """One message."""
    return _("%(name)s您好，请在 %(day)s 前打开 %(address)s 开通%(brand)s职工服务信息系统账号（%(roles)s）。") % {
        "name": letter.first.name,
        "day": letter.first.expires_on,
        "address": letter.address,
        "brand": settings.BRAND or _("总工会"),
        "roles": enumerated(letter.roles),
    }
