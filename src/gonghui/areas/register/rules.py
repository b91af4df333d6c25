"""The rules of the register: pure functions and state tables."""

from collections.abc import Sequence

from django.db.models import TextChoices
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gonghui.kit.flow import Flow, State, Step


class CoverageForm(TextChoices):
    """Own and joint coverage are counted apart."""

    OWN = "own", _("单独建会")
    JOINT = "joint", _("联合工会覆盖")


class Extent(TextChoices):
    """Rates use whole-unit coverage only."""

    WHOLE = "whole", _("整个单位")
    GROUP = "group", _("部分职工")


class CoverageState(TextChoices):
    """The coverage of an employer today, for lists."""

    NONE = "none", _("未建会")
    OWN = "own", _("单独建会")
    JOINT = "joint", _("联合工会覆盖")


EMPLOYER_FLOW = Flow(
    "employer",
    _("用人单位"),
    states=(
        State("active", _("正常"), "ok", "circle-check"),
        State("closed", _("注销"), "", "circle-minus"),
        State("moved", _("迁出"), "", "walk"),
        State("struck_off", _("已剔除"), "bad", "ban"),
        State("merged", _("已合并"), "", "git-merge"),
    ),
    steps=(
        Step("enter", _("入册"), ("",), "active", "register.enter_employer"),
        Step("close", pgettext_lazy("verb", "注销"), ("active",), "closed", "register.close_employer"),
        Step("move_out", _("迁出本区"), ("active",), "moved", "register.move_out_employer"),
        Step("strike_off", _("剔除"), ("active",), "struck_off", "register.approve_strike_off"),
        Step("withdraw", _("撤销剔除"), ("struck_off",), "active", "register.withdraw_strike_off"),
        Step("restore", _("恢复"), ("struck_off",), "active", "register.restore_employer"),
        Step("merge", _("合并到…"), ("active", "closed", "moved", "struck_off"), "merged", "register.merge_employers"),
        *(
            Step(f"unmerge_{state}", _("拆开"), ("merged",), state, "register.unmerge_employers")
            for state in ("active", "closed", "moved", "struck_off")
        ),
    ),
)

STRIKE_OFF_FLOW = Flow(
    "strike_off",
    _("剔除申报"),
    states=(
        State("proposed", _("待审核"), "warn", "hourglass"),
        State("returned", _("已退回"), "bad", "arrow-back-up"),
        State("approved", _("已剔除"), "ok", "circle-check"),
        State("withdrawn", _("已撤销剔除"), "info", "history"),
        State("restored", _("已恢复"), "info", "refresh"),
    ),
    steps=(
        Step("propose", _("申报剔除"), ("",), "proposed", "register.propose_strike_off"),
        Step(
            "approve",
            _("同意剔除"),
            ("proposed",),
            "approved",
            "register.approve_strike_off",
            is_primary=True,
            clock="register.strike_off_review_days",
        ),
        Step("return", _("退回"), ("proposed",), "returned", "register.return_strike_off"),
        Step("withdraw", _("撤销剔除"), ("approved",), "withdrawn", "register.withdraw_strike_off"),
        Step("restore", _("恢复"), ("approved",), "restored", "register.restore_employer"),
    ),
)


def is_non_public(attribute: object, *, is_state_controlled: bool) -> bool:
    """Whether an employer is non-public (非公), from its class: 170, 200, 300, 600, and 159, 169 without state control."""
    return attribute is True or (attribute == "unless_state_controlled" and not is_state_controlled)


def size_band(count: int, floors: Sequence[int]) -> int:
    """The floor of the band a headcount falls into; 0 below the first."""
    return max((floor for floor in floors if floor <= count), default=0)


def band_names(floors: Sequence[int]) -> dict[int, str]:
    """Floor → how the band is called, smallest first."""
    names = {0: _now("%(top)s 人以下") % {"top": floors[0]}}
    for floor, following in zip(floors, [*floors[1:], None], strict=True):
        names[floor] = (
            _now("%(floor)s 人以上") % {"floor": floor}
            if following is None
            else _now("%(floor)s–%(top)s 人") % {"floor": floor, "top": following - 1}
        )
    return names
