"""Lists of core's nouns that are imported as well as shown."""

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gonghui.core.access.models import MOST_TRIES, Invitation
from gonghui.core.access.queries import invitations
from gonghui.core.access.roles import ROLES
from gonghui.core.exchange.exports import exportable
from gonghui.core.organisations.queries import territories
from gonghui.core.reference.queries import choices, names
from gonghui.kit.columns import Choice, Column, Contains, SavedFilter, Sheet
from gonghui.kit.dates import today
from gonghui.kit.flow import State
from gonghui.kit.intake import Intake, mobile, words
from gonghui.kit.mending import a_mobile

WORDS = tomllib.loads((Path(__file__).parent / "data" / "workbooks.toml").read_text(encoding="utf-8"))
HEADS = WORDS["heads"]
ROLE_CHOICES = [(role.code, role.label) for role in ROLES.values()]

SHOWN = {
    state.code: state
    for state in (
        State("unissued", _("待发出"), "", "circle-dashed"),
        State("issued", _("待开通"), "info", "hourglass"),
        State("expired", _("已过期"), "warn", "alert-triangle"),
        State("closed", _("已锁住"), "bad", "lock"),
        State("accepted", _("已开通"), "ok", "circle-check"),
        State("withdrawn", _("已收回"), "", "ban"),
    )
}
"""An invitation as a list shows it: of those that wait, whether they were sent out and can still be accepted."""


def shown_state(row: Invitation) -> State:
    """How an invitation stands today."""
    if row.state != "invited":
        return SHOWN[row.state]
    if row.expires_on is None:
        return SHOWN["unissued"]
    return SHOWN["expired" if row.is_expired else "closed" if row.is_closed else "issued"]


def in_state(rows: Any, values: Sequence[str]) -> Any:
    """The same as conditions."""
    waits = Q(state="invited")
    conditions = {
        "unissued": waits & Q(expires_on=None),
        "expired": waits & Q(expires_on__lt=today()),
        "closed": waits & Q(expires_on__gte=today(), tries__gte=MOST_TRIES),
        "issued": waits & Q(expires_on__gte=today(), tries__lt=MOST_TRIES),
    }
    condition = Q(pk__in=[])
    for value in values:
        condition |= conditions.get(value, Q(state=value))
    return rows.filter(condition)


def below_managing(rows: Any, values: Sequence[str]) -> Any:
    """Those at or below any of these unions."""
    condition = Q(pk__in=[])
    for path in values:
        condition |= Q(organisation_path__startswith=path)
    return rows.filter(condition)


def phone(text: str) -> str:
    """A mobile number, or one as an export masks it."""
    masked = text.strip()
    is_masked = len(masked) == 11 and masked[3:7] == "****" and (masked[:3] + masked[7:]).isdigit()
    return masked if is_masked else mobile(text)


MANAGING = Choice(
    "managing",
    _("主管工会"),
    path=below_managing,
    choices=lambda actor: [(one.path, one.name) for one in territories(actor)],
)
ACCOUNTS = Sheet(
    "access.accounts",
    _("账号开通"),
    columns=(
        Column(
            "name",
            _("姓名"),
            sort="name",
            link=True,
            filter=Contains("name", _("姓名")),
            intake=Intake(words(60), heads=HEADS["name"], is_required=True, is_fixed=True),
        ),
        Column(
            "phone",
            _("手机号"),
            accessor="phone_masked",
            intake=Intake(phone, heads=HEADS["phone"], is_required=True, is_fixed=True, is_personal=True, mends=a_mobile),
        ),
        Column(
            "organisation",
            _("工会组织"),
            accessor="organisation.name",
            sort="organisation__path",
            intake=Intake(
                words(120),
                heads=HEADS["organisation"],
                is_required=True,
                is_fixed=True,
                hint=_("名称、组织代码或信用代码"),
            ),
        ),
        Column(
            "role",
            _("角色"),
            accessor="get_role_display",
            sort="role",
            filter=Choice("role", _("角色"), choices=ROLE_CHOICES),
            intake=Intake(heads=HEADS["role"], choices=ROLE_CHOICES, is_required=True, is_fixed=True),
        ),
        Column(
            "department",
            _("部室"),
            accessor=lambda row: names("department").get(row.department, ""),
            shown=False,
            intake=Intake(
                heads=HEADS["department"],
                choices=lambda actor: choices("department", today()),
                is_fixed=True,
                hint=_("只有区总工会的部室干部要填"),
            ),
        ),
        Column("title", _("职务"), shown=False, intake=Intake(words(60), heads=HEADS["title"], is_fixed=True)),
        Column("issued_on", _("发出日期"), kind="date", sort="issued_on", shown=False),
        Column("expires_on", _("有效至"), kind="date", sort="expires_on"),
        Column("accepted_on", _("开通日期"), kind="date", sort="accepted_on"),
        Column("invited_by", _("邀请人"), accessor="invited_by.name", shown=False),
        Column(
            "state",
            _("状态"),
            kind="state",
            accessor=shown_state,
            sort="state",
            filter=Choice("state", _("状态"), path=in_state, choices=[(one.code, one.label) for one in SHOWN.values()]),
        ),
    ),
    filters=(MANAGING,),
    saved=(
        SavedFilter("waiting", _("未开通"), {"state": ["unissued", "issued", "expired", "closed"]}),
        SavedFilter("accepted", _("已开通"), {"state": "accepted"}),
        SavedFilter("expired", _("已过期"), {"state": ["expired", "closed"]}),
    ),
    default_sort="organisation",
    unit=_("份"),
)

exportable(
    ACCOUNTS,
    permission="access.view",
    rows=invitations,
    definition=_("邀请来开通账号的人，一人一个角色一份；手机号只显示前三后四位"),
)
