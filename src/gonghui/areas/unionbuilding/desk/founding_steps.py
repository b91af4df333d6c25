"""The steps from agreement to a union on the page of a prospect, and on its candidates."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gonghui.areas.members.actions import move_in, undo_move
from gonghui.areas.unionbuilding import actions
from gonghui.areas.unionbuilding.forms import founding as forms
from gonghui.areas.unionbuilding.models import Prospect
from gonghui.areas.unionbuilding.queries import founding_of
from gonghui.areas.unionbuilding.rules import PROSPECT_FLOW, WITH_UNION, Stream
from gonghui.areas.unionbuilding.rules.founding import PAPER_STATES
from gonghui.core.actions.action import NotAllowed, Refused
from gonghui.core.actions.actor import Actor
from gonghui.web.forms import DeskForm
from gonghui.web.steps import StepPage, Steps


def plain(action: Any) -> Any:
    """A page's run: the action with the form's data as its inputs."""
    return lambda subject, actor, data: action(subject, actor=actor, **data)


def by_code(steps: Iterable[StepPage]) -> Steps:
    return {step.code: step for step in steps}


def of_flow(code: str, form: type[DeskForm], action: Any, icon: str, **more: Any) -> StepPage:
    """A step of the flow: label, permission and states come from there."""
    step = PROSPECT_FLOW.step(code)
    return StepPage(code, step.label, step.action, form, plain(action), step.sources, icon, **more)


def move_again(prospect: Prospect, actor: Actor, data: dict[str, Any]) -> Any:
    """The individual members move to the union that was founded, or once more after the move was undone."""
    founding = founding_of(prospect, actor)
    if founding is None:
        raise NotAllowed("members.move_in")
    if founding.union is None or founding.counts_from is None:
        raise Refused(_("还没有建会"))
    return move_in(founding.union, actor=actor, employer=founding.employer, on=founding.counts_from)


FOUNDING_STEPS: tuple[StepPage, ...] = (
    of_flow("prepare", forms.PreparationForm, actions.approve_preparation, "users", said=_("已批复筹备，批复已生成")),
    of_flow("nominate", forms.ReviewForm, actions.approve_candidates, "user-plus", said=_("候选人已审核")),
    of_flow("renominate", DeskForm, actions.reopen_candidates, "refresh"),
    of_flow("elect", forms.ElectionForm, actions.record_election, "list-check", said=_("选举已登记")),
    of_flow("approve", forms.ResultForm, actions.approve_result, "rubber-stamp", said=_("已批复选举结果，批复已生成")),
    of_flow("found", forms.FoundForm, actions.found, "flag", said=_("已建会并覆盖本单位")),
    of_flow("register", forms.RegistrationForm, actions.record_registration, "rubber-stamp"),
    of_flow("open_account", forms.AccountForm, actions.record_account, "database"),
    StepPage(
        "candidate",
        _("登记候选人"),
        "unionbuilding.nominate",
        forms.CandidateForm,
        plain(actions.nominate),
        ("preparing",),
        "user-plus",
        _("已登记候选人"),
    ),
    StepPage(
        "plan",
        _("修改筹备方案"),
        "unionbuilding.edit_plan",
        forms.PlanForm,
        plain(actions.edit_plan),
        ("preparing",),
        "edit",
    ),
    StepPage(
        "paper",
        _("生成文书"),
        "unionbuilding.draw_up_paper",
        forms.PaperForm,
        plain(actions.draw_up_paper),
        tuple(dict.fromkeys(state for states in PAPER_STATES.values() for state in states)),
        "file-text",
        _("文书已生成"),
    ),
    of_flow(
        "cover",
        forms.CoverForm,
        actions.cover_jointly,
        "users",
        said=_("已覆盖"),
        applies=lambda one: one.stream != Stream.CONVERSION,
    ),
    of_flow("join", forms.JoinForm, actions.join_existing, "git-merge", applies=lambda one: one.stream != Stream.CONVERSION),
    StepPage(
        "move-in",
        _("转入单体会员"),
        "members.move_in",
        DeskForm,
        move_again,
        WITH_UNION,
        "arrows-exchange",
        _("会员已转入"),
        lambda one: False,  # offered on the page of those who move
    ),
)

CANDIDATE_STEPS = by_code(
    [
        StepPage(
            "edit", _("修改候选人"), "unionbuilding.edit_candidate", forms.EditCandidateForm, plain(actions.edit_candidate)
        ),
        StepPage(
            "remove",
            _("撤下候选人"),
            "unionbuilding.remove_candidate",
            DeskForm,
            plain(actions.remove_candidate),
            (),
            "circle-minus",
        ),
    ]
)
MOVE_STEPS = by_code(
    [
        StepPage(
            "undo",
            pgettext_lazy("a move of members", "撤销转入"),
            "members.undo_move",
            DeskForm,
            plain(undo_move),
            (),
            "arrow-back-up",
            applies=lambda one: one.undone_on is None,
        )
    ]
)
ACCOUNT_STEPS = by_code(
    [
        StepPage(
            "account", _("查看账号"), "unionbuilding.reveal_account", forms.RevealForm, plain(actions.reveal_account), (), "eye"
        )
    ]
)
