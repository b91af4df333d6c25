"""Which form runs which action of the field work on a prospect."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from gonghui.areas.unionbuilding import actions
from gonghui.areas.unionbuilding.actions.claims import running_claim
from gonghui.areas.unionbuilding.forms import fieldwork as forms
from gonghui.areas.unionbuilding.models import Prospect
from gonghui.areas.unionbuilding.rules import DISPUTE_FLOW, PROSPECT_FLOW, UNDECIDED, Outcome
from gonghui.core.actions.actor import Actor
from gonghui.core.organisations.models import Organisation
from gonghui.web.forms import DeskForm
from gonghui.web.steps import StepPage, Steps

ICONS = {
    Outcome.EXISTS: "building",
    Outcome.WILLING: "hand-stop",
    Outcome.REFUSED: "ban",
    Outcome.MOVED: "walk",
    Outcome.CLOSED: "circle-minus",
    Outcome.DUPLICATE: "git-merge",
}


def plain(action: Any) -> Any:
    """A page's run: the action with the form's data as its inputs."""
    return lambda subject, actor, data: action(subject, actor=actor, **data)


def by_code(steps: Iterable[StepPage]) -> Steps:
    return {step.code: step for step in steps}


def step_of(flow: Any, code: str) -> dict[str, Any]:
    """Label, permission and states of a flow's step, for its page."""
    step = flow.step(code)
    return {"code": code, "label": step.label, "permission": step.action, "states": step.sources}


def is_claimed(prospect: Prospect) -> bool:
    """Whether somebody works on it: what is found out is written down by whoever does."""
    return not prospect.is_open


def found_out(outcome: str) -> StepPage:
    """The page of one outcome: its form is short enough for a phone."""
    form = forms.FINDING_FORMS[outcome]

    def run(prospect: Prospect, actor: Actor, data: dict[str, Any]) -> None:
        row = form(actor=actor, subject=prospect).row(data)
        actions.record_finding(prospect, actor=actor, row=row)

    return StepPage(
        f"found-{outcome}",
        Outcome(outcome).label,
        "unionbuilding.record_finding",
        form,
        run,
        UNDECIDED,
        ICONS[Outcome(outcome)],
        _("已登记核实结论"),
        is_claimed,
    )


def attempt(prospect: Prospect, actor: Actor, data: dict[str, Any]) -> None:
    actions.record_attempt(prospect, actor=actor, row=forms.attempt_row(data))


def talk(prospect: Prospect, actor: Actor, data: dict[str, Any]) -> None:
    actions.record_talk(prospect, actor=actor, row=forms.talk_row(data))


def release(prospect: Prospect, actor: Actor, data: dict[str, Any]) -> None:
    actions.release_claim(running_claim(prospect), actor=actor, **data)


def assign(prospect: Prospect, actor: Actor, data: dict[str, Any]) -> None:
    """An unclaimed one is assigned, a claimed one passes on."""
    if prospect.is_open:
        actions.assign_claim(prospect, actor=actor, **data)
    else:
        actions.reassign_claim(running_claim(prospect), actor=actor, **data)


FINDING_STEPS = by_code(found_out(outcome) for outcome in forms.FINDING_FORMS)
FIELD_STEPS: tuple[StepPage, ...] = (
    StepPage(
        "attempt",
        _("登记联系"),
        "unionbuilding.record_attempt",
        forms.AttemptForm,
        attempt,
        UNDECIDED,
        "phone",
        _("已记下"),
        is_claimed,
    ),
    StepPage(**step_of(PROSPECT_FLOW, "talk"), form=forms.TalkForm, run=talk, icon="message", applies=is_claimed),
    StepPage(
        **step_of(PROSPECT_FLOW, "agree"),
        form=DeskForm,
        run=plain(actions.agree),
        icon="hand-stop",
        note=_("单位同意建会，接着批复筹备，登记筹备组和候选人。"),
    ),
    StepPage(**step_of(PROSPECT_FLOW, "refuse"), form=forms.RefuseForm, run=plain(actions.refuse), icon="ban"),
    StepPage(
        **step_of(PROSPECT_FLOW, "resume"),
        form=DeskForm,
        run=plain(actions.resume),
        icon="refresh",
        note=_("不等暂缓到期，现在就接着做这家单位的建会工作。"),
    ),
    StepPage(
        "release",
        _("放弃认领"),
        "unionbuilding.release_claim",
        forms.ReasonForm,
        release,
        UNDECIDED,
        "arrow-back-up",
        _("已退回待认领"),
        is_claimed,
    ),
    StepPage(
        "assign",
        _("指派认领"),
        "unionbuilding.assign_claim",
        forms.AssignForm,
        assign,
        UNDECIDED,
        "git-merge",
        _("已指派"),
    ),
    StepPage(**step_of(PROSPECT_FLOW, "close"), form=forms.CloseForm, run=plain(actions.close_prospect), icon="circle-minus"),
)


def raise_dispute(union: Organisation, actor: Actor, data: dict[str, Any]) -> Any:
    return actions.raise_dispute(union, actor=actor, **data)


def give_charge(union: Organisation, actor: Actor, data: dict[str, Any]) -> Any:
    return actions.give_charge(data.pop("union"), actor=actor, **data)


UNION_STEPS = by_code(
    [
        StepPage(
            "dispute",
            _("提出认领异议"),
            "unionbuilding.raise_dispute",
            forms.DisputeForm,
            raise_dispute,
            icon="message",
            said=_("已报区总工会裁定"),
        ),
        StepPage(
            "charge",
            _("确定包片负责人"),
            "unionbuilding.give_charge",
            forms.ChargeForm,
            give_charge,
            icon="user-plus",
            said=_("已确定"),
        ),
    ]
)
DISPUTE_STEPS = by_code(
    [
        StepPage(**step_of(DISPUTE_FLOW, "uphold"), form=forms.DecisionForm, run=plain(actions.uphold_dispute), icon="check"),
        StepPage(**step_of(DISPUTE_FLOW, "dismiss"), form=forms.DecisionForm, run=plain(actions.dismiss_dispute), icon="ban"),
        StepPage(
            **step_of(DISPUTE_FLOW, "withdraw"),
            form=DeskForm,
            run=plain(actions.withdraw_dispute),
            icon="arrow-back-up",
            note=_("单位仍由现在的认领工会负责。"),
        ),
    ]
)
CHARGE_STEPS = by_code(
    [
        StepPage(
            "end",
            _("不再包片"),
            "unionbuilding.end_charge",
            forms.DayForm,
            plain(actions.end_charge),
            icon="circle-minus",
            applies=lambda charge: charge.valid.upper is None,
        )
    ]
)
