"""Claims: who works on a prospect, until when, and what keeps it."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gonghui.areas.unionbuilding.rules.calls import AttemptResult, ContactMethod
from gonghui.core.organisations.models import Kind
from gonghui.kit.flow import Flow, State, Step

CLAIMANTS = (Kind.STREET, Kind.SYSTEM, Kind.INDUSTRY)
"""The kinds of unions that claim; a district assigns instead."""

CLAIM_FLOW = Flow(
    "claim",
    _("认领"),
    states=(
        State("held", _("认领中"), "warn", "hourglass"),
        State("kept", _("认领已确认"), "ok", "circle-check"),
        State("lapsed", _("到期退回"), "", "history"),
        State("released", _("已放弃认领"), "", "arrow-back-up"),
        State("passed", _("已改派"), "info", "git-merge"),
        State("settled", _("认领已办结"), "", "circle-minus"),
    ),
    steps=(
        Step("claim", pgettext_lazy("verb", "认领"), ("",), "held", "unionbuilding.claim"),
        Step("assign", _("指派认领"), ("",), "held", "unionbuilding.assign_claim"),
        Step(
            "keep",
            _("确认认领"),
            ("held",),
            "kept",
            "unionbuilding.keep_claim",
            is_primary=True,
            clock="unionbuilding.claim_working_days",
        ),
        Step("release", _("放弃认领"), ("held", "kept"), "released", "unionbuilding.release_claim"),
        Step("reassign", _("改派"), ("held", "kept"), "passed", "unionbuilding.reassign_claim"),
        Step("lapse", _("到期退回"), ("held",), "lapsed", "unionbuilding.advance_claims"),
        Step("settle", _("认领已办结"), ("held", "kept"), "settled", "unionbuilding.advance_claims"),
    ),
)
RUNNING_CLAIM = ("held", "kept")
"""States in which a claim holds its prospect."""

DISPUTE_FLOW = Flow(
    "dispute",
    _("认领异议"),
    states=(
        State("raised", _("待裁定"), "warn", "hourglass"),
        State("upheld", _("已改由异议方认领"), "ok", "circle-check"),
        State("dismissed", _("维持原认领"), "info", "ban"),
        State("withdrawn", _("已撤回异议"), "", "arrow-back-up"),
    ),
    steps=(
        Step("raise", _("提出认领异议"), ("",), "raised", "unionbuilding.raise_dispute"),
        Step(
            "uphold",
            _("改由异议方认领"),
            ("raised",),
            "upheld",
            "unionbuilding.uphold_dispute",
            is_primary=True,
            clock="unionbuilding.dispute_working_days",
        ),
        Step("dismiss", _("维持原认领"), ("raised",), "dismissed", "unionbuilding.dismiss_dispute"),
        Step("withdraw", _("撤回异议"), ("raised",), "withdrawn", "unionbuilding.withdraw_dispute"),
    ),
)


def keeps(method: str, result: str) -> bool:
    """Whether an attempt keeps the claim: somebody was there, or somebody was reached. A telephone that rang does not."""
    return method == ContactMethod.VISIT or result in REACHED


REACHED = (AttemptResult.REACHED, AttemptResult.DECLINED, AttemptResult.APPOINTMENT, AttemptResult.MET)
"""Results for which a person has spoken."""
