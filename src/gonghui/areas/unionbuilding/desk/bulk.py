"""What may be done to many employers or prospects at once, through the actions that do it to one."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from gonghui.areas.members.models import Alert
from gonghui.areas.unionbuilding import actions
from gonghui.areas.unionbuilding.actions.claims import running_claim
from gonghui.areas.unionbuilding.desk.field_steps import assign
from gonghui.areas.unionbuilding.desk.opening import OPEN, open_one
from gonghui.areas.unionbuilding.forms.fieldwork import AssignForm, ClaimForm, ScreenForm
from gonghui.areas.unionbuilding.models import Prospect
from gonghui.areas.unionbuilding.rules import CLAIM_FLOW
from gonghui.core.actions.action import Refused
from gonghui.core.actions.actor import Actor
from gonghui.web.bulk import Before, BulkStep, Given, register
from gonghui.web.forms import DeskForm

TOUCHED = _("办理之后又有改动，请逐家更正")


def unclaim(prospect: Prospect, actor: Actor, before: Before, given: Given) -> None:
    """Back to where it may be claimed, as long as nobody was reached."""
    claim = running_claim(prospect)
    if claim.state != "held" or claim.organisation_id != given["union"].pk:
        raise Refused(TOUCHED)
    actions.release_claim(claim, actor=actor, reason=str(_("撤销成批认领")))


OPENING = BulkStep("open-prospect", OPEN.label, OPEN.action, DeskForm, open_one, "flag")
REMINDED = BulkStep(
    "open-prospect",
    OPEN.label,
    OPEN.action,
    DeskForm,
    lambda alert, actor, given: open_one(reminded(alert), actor, given),
    "flag",
)
CLAIM = BulkStep(
    "claim",
    CLAIM_FLOW.step("claim").label,
    CLAIM_FLOW.step("claim").action,
    ClaimForm,
    lambda prospect, actor, given: actions.claim(given["union"], actor=actor, prospect=prospect),
    "flag",
    undo=unclaim,
)
ASSIGN = BulkStep("assign", _("指派认领"), "unionbuilding.assign_claim", AssignForm, assign, "git-merge")
SCREEN = BulkStep(
    "strike-off",
    _("申报剔除"),
    "register.propose_strike_off",
    ScreenForm,
    lambda prospect, actor, given: actions.propose_screened(prospect, actor=actor, **given),
    "ban",
    note=_("核实结论和联系记录会写入核实情况，由区总工会另一人审核。"),
)


def reminded(alert: Alert) -> Any:
    """The employer that a reminder is about."""
    return alert.employer


def connect() -> None:
    """Gives the lists their verbs, once."""
    register("list:register.employers", "register:employer", OPENING)
    register("list:members.alerts", "members:alert", REMINDED, name="employer__name")
    register("list:unionbuilding.prospects", "unionbuilding:prospect", CLAIM, ASSIGN)
    register("list:unionbuilding.screening", "unionbuilding:prospect", SCREEN)
