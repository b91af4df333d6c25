"""Which form runs which action on an edition, a firm of a list, a matter of the tax check."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gonghui.areas.unionbuilding import actions
from gonghui.areas.unionbuilding.models import Edition
from gonghui.areas.unionbuilding.rules import EDITION_FLOW, TAX_MATTER_FLOW
from gonghui.core.reference.queries import attribute, choices
from gonghui.kit.dates import today
from gonghui.web.forms import DayField, DeskForm
from gonghui.web.steps import StepPage, Steps


class DayForm(DeskForm):
    """Of which day a list is."""

    as_of = DayField(label=_("截至日期"), is_today=False, help_text=_("名单反映的是哪一天的情况；与上一版次的变化会重新比较"))

    def prepare(self) -> None:
        self.fill(as_of=self.subject.as_of)


class AnswerForm(DeskForm):
    """What is behind a disagreement between payments and register."""

    answer = forms.ChoiceField(label=_("答复"), widget=forms.RadioSelect)
    note = forms.CharField(label=_("说明"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def prepare(self) -> None:
        kinds = attribute("tax_matter_answer", "kinds", today())
        fitting = [(code, name) for code, name in choices("tax_matter_answer", today()) if self.subject.kind in kinds[code]]
        self.choose("answer", fitting)


def plain(action: Any) -> Any:
    """A page's run: the action with the form's data as its inputs."""
    return lambda subject, actor, data: action(subject, actor=actor, **data)


def of_flow(flow: Any, code: str) -> dict[str, Any]:
    """Label, permission and states of a step, from its flow."""
    step = flow.step(code)
    return {"code": code, "label": step.label, "permission": step.action, "states": step.sources}


def by_code(*steps: StepPage) -> Steps:
    return {step.code: step for step in steps}


def has_no_numbers_yet(edition: Edition) -> bool:
    """Whether the numbers of workers were not taken over so far."""
    return edition.headcounts_on is None


def has_no_telephones_yet(edition: Edition) -> bool:
    """Whether the telephones were not taken over so far."""
    return edition.telephones_on is None


EDITION_STEPS = by_code(
    StepPage(
        form=DeskForm,
        run=plain(actions.match_edition),
        icon="arrows-exchange",
        said=_("已开始比对，可以离开这一页"),
        note=_("名单里的每家企业会在单位名册里找一遍；已经判定过的照旧，拿不准的留给人判定。"),
        **of_flow(EDITION_FLOW, "match"),
    ),
    StepPage(
        form=DeskForm,
        run=plain(actions.stop_matching),
        icon="x",
        said=_("已停止，什么也没有改变"),
        **of_flow(EDITION_FLOW, "stop"),
    ),
    StepPage(form=DayForm, run=plain(actions.correct_edition), icon="calendar-event", **of_flow(EDITION_FLOW, "correct")),
    StepPage(
        "headcounts",
        _("采用名单的职工人数"),
        "unionbuilding.take_headcounts",
        DeskForm,
        plain(actions.take_headcounts),
        ("matched",),
        "users",
        said=_("已采用；来源更可靠或更新的人数没有动"),
        note=_("已对上的单位改用名单里的从业人数，自名单的截至日期起算；来源更可靠或更新的人数不动。"),
        applies=has_no_numbers_yet,
    ),
    StepPage(
        "telephones",
        _("采用名单的电话"),
        "unionbuilding.take_telephones",
        DeskForm,
        plain(actions.take_telephones),
        ("matched",),
        "phone",
        said=_("已采用；原来有联系电话的单位没有动"),
        applies=has_no_telephones_yet,
    ),
)
ENTRY_STEPS = by_code(
    StepPage(
        "enter",
        _("入册"),
        "unionbuilding.enter_firm",
        DeskForm,
        plain(actions.enter_firm),
        icon="plus",
        said=_("已入册，并确认是同一家"),
        note=_("按名单里的名称、代码和地址登记为新单位，并与这一行确认为同一家。"),
        applies=lambda entry: not entry.is_known and entry.edition.state == "matched",
    ),
)
TAX_MATTER_STEPS = by_code(
    StepPage(form=AnswerForm, run=plain(actions.answer_tax_matter), icon="message", **of_flow(TAX_MATTER_FLOW, "answer")),
    StepPage(
        form=DeskForm,
        run=plain(actions.reopen_tax_matter),
        icon="arrow-back-up",
        note=_("原来的答复会清除，回到待答复。"),
        **of_flow(TAX_MATTER_FLOW, "reopen"),
    ),
)
