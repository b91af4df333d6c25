"""After founding: what makes a union orderly (规范) and lively (活跃), with the parameters that say until when."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from gonghui.kit.flow import State


class DutyGroup(TextChoices):
    """What a duty counts towards; an agreement on wages counts towards neither and is its own matter."""

    ORDERLY = "orderly", _("规范")
    LIVELY = "lively", _("活跃")
    AGREEMENT = "agreement", _("集体协商")


class DutyKind(TextChoices):
    """What a new union still has to do, with its street's help."""

    ELECTION = "election", _("选举产生工会委员会")
    AUDIT = "audit", _("建立经费审查组织")
    WOMEN = "women", _("建立女职工组织")
    LEGAL_PERSON = "legal_person", _("办理法人资格登记")
    ACCOUNT = "account", _("开设工会账户")
    FIRST_ACTIVITY = "first_activity", _("开展首次活动")
    MEMBER_SHARE = "member_share", _("会员占职工的比例达标")
    WAGES = "wages", _("签订工资集体协议")


@dataclass(frozen=True)
class Expected:
    """One kind of duty: towards what it counts, and the parameter that says within how many days of founding."""

    kind: DutyKind
    group: DutyGroup
    term: str


EXPECTED = (
    Expected(DutyKind.ELECTION, DutyGroup.ORDERLY, "unionbuilding.days_election"),
    Expected(DutyKind.AUDIT, DutyGroup.ORDERLY, "unionbuilding.days_audit"),
    Expected(DutyKind.WOMEN, DutyGroup.ORDERLY, "unionbuilding.days_women"),
    Expected(DutyKind.LEGAL_PERSON, DutyGroup.ORDERLY, "unionbuilding.days_legal_person"),
    Expected(DutyKind.ACCOUNT, DutyGroup.ORDERLY, "unionbuilding.days_account"),
    Expected(DutyKind.FIRST_ACTIVITY, DutyGroup.LIVELY, "unionbuilding.days_first_activity"),
    Expected(DutyKind.MEMBER_SHARE, DutyGroup.LIVELY, "unionbuilding.days_member_share"),
    Expected(DutyKind.WAGES, DutyGroup.AGREEMENT, "unionbuilding.days_wages"),
)
GROUP_OF: Mapping[str, DutyGroup] = {one.kind: one.group for one in EXPECTED}
KNOWN = (DutyKind.LEGAL_PERSON, DutyKind.ACCOUNT, DutyKind.MEMBER_SHARE)
"""What the system learns by itself; nobody reports it by hand."""


@dataclass(frozen=True)
class NewUnion:
    """What decides which duties a new union has: its employer's workers and women, and the sizes from which they matter."""

    workers: int
    women: int
    large: int  # workers from which an agreement on wages is due
    many_women: int  # women from which a committee of their own is due


def expected(union: NewUnion) -> list[Expected]:
    """The duties of a new union."""
    left_out = set()
    if union.women < union.many_women:
        left_out.add(DutyKind.WOMEN)
    if union.workers < union.large:
        left_out.add(DutyKind.WAGES)
    return [one for one in EXPECTED if one.kind not in left_out]


def has_share(members: int, workers: int | None, percent: int) -> bool:
    """Whether members are enough of the workers; of an employer whose workers nobody has counted they are not."""
    return bool(workers) and members * 100 >= (workers or 0) * percent


DONE = State("done", _("已完成"), "ok", "circle-check")


def duty_state(due_on: dt.date, done_on: dt.date | None, on: dt.date, soon: int) -> State:
    """How a duty stands on a day; `soon` is how many days ahead it is about to fall due."""
    if done_on:
        return DONE
    if due_on < on:
        return State("late", _("落后"), "bad", "alert-triangle")
    if due_on <= on + dt.timedelta(days=soon):
        return State("soon", _("即将到期"), "warn", "hourglass")
    return State("open", _("进行中"), "info", "clock")
