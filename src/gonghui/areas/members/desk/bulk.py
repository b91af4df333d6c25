"""What may be done to many members or applications at once, through the actions that do it to one."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from gonghui.areas.members import actions, forms
from gonghui.areas.members.desk import papers, reports
from gonghui.areas.members.desk.steps import plain
from gonghui.areas.members.rules import APPLICATION_FLOW, MEMBERSHIP_FLOW
from gonghui.web.bulk import BulkStep, register
from gonghui.web.forms import DeskForm

FINAL = _("这一项不能整批撤销，有错要逐人更正。")


def of_flow(flow: Any, code: str, form: type[DeskForm], run: Any, icon: str) -> BulkStep:
    """A step of a flow as a verb for many rows."""
    step = flow.step(code)
    return BulkStep(code.replace("_", "-"), step.label, step.action, form, plain(run), icon, note=FINAL)


def printing(code: str, label: Any, icon: str, note: Any, gather: Any) -> BulkStep:
    """Something of paper made of all rows; each is logged."""
    return BulkStep(
        code,
        label,
        "members.print_member",
        DeskForm,
        lambda one, actor, given: actions.print_member(one, actor=actor, what=str(label)),
        icon,
        note=note,
        gather=gather,
    )


MASKED_NOTE = _("按上级名册的 20 列和代码；号码遮住，多一列记录编号，改好可以再导入。已终止的会籍不列入。")
FULL_NOTE = _("按上级名册的 20 列和代码；号码完整，逐人留下查看记录，每天人数有上限。文件请只交给上级工会，用后删除。")
MEMBER_BULK = (
    of_flow(MEMBERSHIP_FLOW, "retain", forms.RetainForm, actions.retain_member, "bookmark"),
    of_flow(MEMBERSHIP_FLOW, "resume", forms.DayForm, actions.resume_member, "player-play"),
    of_flow(MEMBERSHIP_FLOW, "leave", forms.EndForm, actions.leave, "door-exit"),
    printing(
        "cards", _("打印会员卡"), "printer", _("只给本人，请同时核对身份证件。已终止的会籍不打印。"), papers.gathered_cards
    ),
    printing("roster", _("打印会员名册"), "list-details", _("证件号码只印前六后四位。"), papers.gathered_roster),
    BulkStep(
        "report",
        _("上报会员名册"),
        "members.report_member",
        forms.ReportForm,
        plain(actions.report_member),
        "file-export",
        note=MASKED_NOTE,
        gather=reports.gathered_masked,
    ),
    BulkStep(
        "report-in-full",
        _("上报会员名册（完整号码）"),
        "members.report_in_full",
        forms.ReportForm,
        plain(actions.report_in_full),
        "eye",
        note=FULL_NOTE,
        gather=reports.gathered_full,
    ),
)
APPLICATION_BULK = (
    of_flow(APPLICATION_FLOW, "approve", DeskForm, actions.approve_application, "check"),
    of_flow(APPLICATION_FLOW, "return", forms.ReturnForm, actions.return_application, "arrow-back-up"),
)


def connect() -> None:
    """Gives the lists their verbs, once."""
    register("list:members.members", "members:member", *MEMBER_BULK)
    register("list:members.applications", "members:application", *APPLICATION_BULK)
