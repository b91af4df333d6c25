"""Which form runs which action: the buttons of a record and their pages."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gonghui.areas.register import actions, forms, queries
from gonghui.areas.register.actions import EmployerRow
from gonghui.areas.register.models import Employer
from gonghui.areas.register.rules import EMPLOYER_FLOW, STRIKE_OFF_FLOW
from gonghui.core.actions.action import Refused
from gonghui.core.actions.actor import Actor
from gonghui.core.organisations.models import BASE, MANAGING, UNION_FLOW, Kind, Organisation
from gonghui.core.organisations.queries import managing_union
from gonghui.kit.dates import today
from gonghui.web.forms import DeskForm
from gonghui.web.steps import StepPage, Steps


def plain(action: Any) -> Any:
    """A page's run: the action with the form's data as its inputs."""
    return lambda subject, actor, data: action(subject, actor=actor, **data)


def by_code(steps: Iterable[StepPage]) -> Steps:
    return {step.code: step for step in steps}


def enter_employer(holder: Organisation, actor: Actor, data: dict[str, Any]) -> Employer:
    """The form's data as a row: plain fields apart from what has days."""
    named = {key: data.pop(key) for key in ("name", "on", "uscc", "region", "headcount", "headcount_source")}
    return actions.enter_employer(holder, actor=actor, row=EmployerRow(**named, values=data))


def found_for_employer(employer: Employer, actor: Actor, data: dict[str, Any]) -> Organisation:
    """Founds the employer's own union below its managing union and covers it, all or nothing."""
    on = data["on"]
    parent = managing_union(employer.organisation)
    union = actions.found_union(parent, actor=actor, kind=Kind.OWN, region=employer.region, **data)
    actions.cover_employer(employer, actor=actor, union=union, since=on, basis=data["document"])
    return union


def cover_more(union: Organisation, actor: Actor, data: dict[str, Any]) -> None:
    """One more employer for a union."""
    actions.cover_employers(union, actor=actor, employers=[data.pop("employer")], **data)


def merge_into(merge: Any) -> Any:
    """A page's run on the record that is dropped: it is merged into the one that was picked."""
    return lambda dropped, actor, data: merge(data["kept"], actor=actor, dropped=dropped)


def parted(part: Any) -> Any:
    """A page's run on a record that was merged: the merge is taken back."""

    def run(dropped: Any, actor: Actor, data: dict[str, Any]) -> None:
        if (merge := queries.merge_of(dropped)) is None:
            raise Refused(_("这条记录没有合并"))
        part(merge, actor=actor)

    return run


def is_own(record: Any) -> bool:
    """Whether a record stands for itself; what is merged leads to the kept one."""
    return bool(record.state != "merged")


def step_of(flow: Any, code: str) -> dict[str, Any]:
    """Label, permission and states of a flow's step, for its page."""
    step = flow.step(code)
    return {"code": code, "label": step.label, "permission": step.action, "states": step.sources}


EMPLOYER_STEPS = by_code(
    [
        StepPage(
            "found",
            pgettext_lazy("verb", "单独建会"),
            "register.found_union",
            forms.FoundForEmployerForm,
            found_for_employer,
            ("active",),
            "flag",
            _("已建会并覆盖本单位"),
            lambda one: one.coverage != "own",
        ),
        StepPage(
            "cover",
            _("由工会覆盖"),
            "register.cover_employer",
            forms.CoverForm,
            plain(actions.cover_employer),
            ("active",),
            "users",
            _("已覆盖"),
            lambda one: one.coverage == "none",
        ),
        StepPage(
            "end-coverage",
            _("结束覆盖"),
            "register.end_coverage",
            forms.EndForm,
            plain(actions.end_coverage),
            ("active",),
            "circle-minus",
            applies=lambda one: one.coverage != "none",
        ),
        StepPage(
            "edit", _("修改资料"), "register.edit_employer", forms.EmployerForm, plain(actions.edit_employer), applies=is_own
        ),
        StepPage(
            "headcount",
            _("登记人数"),
            "register.record_headcount",
            forms.HeadcountForm,
            plain(actions.record_headcount),
            ("active",),
            "users",
        ),
        StepPage(
            "contact",
            _("登记联系人"),
            "register.add_contact",
            forms.ContactForm,
            plain(actions.add_contact),
            (),
            "phone",
            applies=is_own,
        ),
        StepPage(
            "strike-off",
            _("申报剔除"),
            "register.propose_strike_off",
            forms.StrikeOffForm,
            plain(actions.propose_strike_off),
            ("active",),
            "ban",
            _("已报区总工会审核"),
            lambda one: one.coverage == "none",
        ),
        StepPage(
            "relocate",
            _("迁往其他街道"),
            "register.relocate_employer",
            forms.RelocateForm,
            plain(actions.relocate_employer),
            ("active",),
            "walk",
        ),
        StepPage(**step_of(EMPLOYER_FLOW, "move_out"), form=forms.EndForm, run=plain(actions.move_out_employer), icon="walk"),
        StepPage(**step_of(EMPLOYER_FLOW, "close"), form=forms.EndForm, run=plain(actions.close_employer), icon="circle-minus"),
        StepPage(
            **step_of(EMPLOYER_FLOW, "merge"),
            form=forms.MergeEmployerForm,
            run=merge_into(actions.merge_employers),
            icon="git-merge",
            said=_("已合并，可以拆开"),
        ),
        StepPage(
            "unmerge",
            _("拆开"),
            "register.unmerge_employers",
            DeskForm,
            parted(actions.unmerge_employers),
            ("merged",),
            "arrow-back-up",
            _("已拆开，两条记录和合并前一样"),
        ),
    ]
)

UNION_STEPS = by_code(
    [
        StepPage(**step_of(UNION_FLOW, "approve"), form=forms.ApproveUnionForm, run=plain(actions.approve_union), icon="check"),
        StepPage(
            **step_of(UNION_FLOW, "return"),
            form=forms.NoteToProposerForm,
            run=plain(actions.return_union),
            icon="arrow-back-up",
        ),
        StepPage(**step_of(UNION_FLOW, "resubmit"), form=forms.ResubmitForm, run=plain(actions.resubmit_union), icon="send"),
        StepPage(
            "found",
            pgettext_lazy("verb", "建会"),
            "register.found_union",
            forms.FoundUnionForm,
            plain(actions.found_union),
            ("active",),
            "flag",
            _("已建会"),
            lambda one: one.kind != Kind.GROUP,
        ),
        StepPage(
            "streets",
            _("设立街道（乡镇）总工会"),
            "register.found_streets",
            forms.StreetsForm,
            plain(actions.found_streets),
            ("active",),
            "map-pin",
            _("已设立"),
            lambda one: one.kind == Kind.DISTRICT,
        ),
        StepPage(
            "propose",
            _("申请建会"),
            "register.propose_union",
            forms.ProposeUnionForm,
            lambda one, actor, data: actions.propose_union(one, actor=actor, on=today(), **data),
            ("active",),
            "send",
            _("已报上级工会"),
            lambda one: one.kind != Kind.GROUP,
            instead_of="register.found_union",
        ),
        StepPage(
            "enter",
            _("单位入册"),
            "register.enter_employer",
            forms.EnterEmployerForm,
            enter_employer,
            ("active",),
            "plus",
            _("已入册"),
            lambda one: one.kind in MANAGING,
        ),
        StepPage(
            "cover",
            _("覆盖单位"),
            "register.cover_employer",
            forms.CoverMoreForm,
            cover_more,
            ("active",),
            "users",
            _("已覆盖"),
            lambda one: one.kind in BASE,
        ),
        StepPage("edit", _("修改资料"), "register.edit_union", forms.UnionForm, plain(actions.edit_union), applies=is_own),
        StepPage(
            "contact",
            _("登记联系人"),
            "register.add_contact",
            forms.ContactForm,
            plain(actions.add_contact),
            (),
            "phone",
            applies=is_own,
        ),
        StepPage(
            "move",
            _("调整上级工会"),
            "register.move_union",
            forms.MoveUnionForm,
            plain(actions.move_union),
            ("active",),
            "git-merge",
            applies=lambda one: one.kind not in (Kind.CITY, Kind.DISTRICT),
        ),
        StepPage(
            **step_of(UNION_FLOW, "dissolve"),
            form=forms.EndForm,
            run=plain(actions.dissolve_union),
            icon="circle-minus",
            applies=lambda one: one.kind not in MANAGING,
        ),
        StepPage(
            **step_of(UNION_FLOW, "merge"),
            form=forms.MergeUnionForm,
            run=merge_into(actions.merge_unions),
            icon="git-merge",
            said=_("已合并，可以拆开"),
            applies=lambda one: one.kind not in MANAGING,
        ),
        StepPage(
            **step_of(UNION_FLOW, "unmerge"),
            form=DeskForm,
            run=parted(actions.unmerge_unions),
            icon="arrow-back-up",
            said=_("已拆开，两条记录和合并前一样"),
        ),
    ]
)

STRIKE_OFF_STEPS = by_code(
    [
        StepPage(
            **step_of(STRIKE_OFF_FLOW, "approve"),
            form=forms.ApproveStrikeOffForm,
            run=plain(actions.approve_strike_off),
            icon="check",
        ),
        StepPage(
            **step_of(STRIKE_OFF_FLOW, "return"),
            form=forms.ReturnStrikeOffForm,
            run=plain(actions.return_strike_off),
            icon="arrow-back-up",
        ),
        StepPage(
            **step_of(STRIKE_OFF_FLOW, "withdraw"),
            form=forms.WithdrawForm,
            run=plain(actions.withdraw_strike_off),
            icon="history",
        ),
        StepPage(
            **step_of(STRIKE_OFF_FLOW, "restore"), form=forms.EndForm, run=plain(actions.restore_employer), icon="refresh"
        ),
    ]
)

CONTACT_STEPS = by_code(
    [
        StepPage(
            "check",
            _("核对无误"),
            "register.check_contact",
            DeskForm,
            plain(actions.check_contact),
            (),
            "check",
            _("已记为今天核对"),
        ),
        StepPage(
            "end", _("不再担任"), "register.end_contact", forms.EndContactForm, plain(actions.end_contact), (), "circle-minus"
        ),
        StepPage("phone", _("查看电话"), "register.reveal_phone", forms.RevealForm, plain(actions.reveal_phone), (), "eye"),
    ]
)
