"""Which form runs which action: the buttons of a record and their pages."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from gonghui.areas.members import actions, forms
from gonghui.areas.members.counter_sessions import CounterSession
from gonghui.areas.members.models import Membership, Transfer
from gonghui.areas.members.rules import APPLICATION_FLOW, CORRECTION_FLOW, LIVING, MEMBERSHIP_FLOW, TRANSFER_FLOW
from gonghui.core.actions.actor import Actor
from gonghui.core.history.look_ups import Telling, refuse_used_up
from gonghui.core.organisations.models import Organisation
from gonghui.core.people.actions import add_document, edit_person
from gonghui.core.people.models import IdentityDocument
from gonghui.core.people.queries import person_with
from gonghui.kit.flow import Flow
from gonghui.web.forms import DeskForm
from gonghui.web.steps import StepPage, Steps

Data = dict[str, Any]


def plain(action: Any) -> Any:
    """A page's run: the action with the form's data as its inputs."""
    return lambda subject, actor, data: action(subject, actor=actor, **data)


def by_code(steps: Iterable[StepPage]) -> Steps:
    return {step.code: step for step in steps}


def step_of(flow: Flow, code: str) -> dict[str, Any]:
    """Label, permission and states of a flow's step, for its page."""
    step = flow.step(code)
    return {"code": code, "label": step.label, "permission": step.action, "states": step.sources}


# -- members ----------------------------------------------------------------------------------------------------


def edit(membership: Membership, actor: Actor, data: Data) -> None:
    """Corrects the person; an empty number stays what it was."""
    phone = data.pop("phone") or None
    edit_person(membership.person, actor=actor, phone=phone, **data)


def document(membership: Membership, actor: Actor, data: Data) -> None:
    """One more document of the person."""
    refuse_used_up(actor, membership.organisation_id)
    owner = person_with(data["document"])
    if owner and owner.pk != membership.person_id:
        said = IdentityDocument.sentences["people_identity_once"]
        raise Telling(said, actor=actor, organisation_id=membership.organisation_id, field="number")
    add_document(membership.person, actor=actor, document=data["document"])


def ask_for(membership: Membership, actor: Actor, data: Data) -> Transfer:
    """Another union of the actor's asks for the membership."""
    return actions.request_transfer(data["target"], actor=actor, person=membership.person)


def print_card(membership: Membership, actor: Actor, data: Data) -> str:
    """The code that the card of paper bears."""
    return actions.print_member(membership, actor=actor, what=str(_("打印会员卡")))


MEMBER_STEPS = by_code(
    [
        StepPage(
            **step_of(MEMBERSHIP_FLOW, "resume"), form=forms.DayForm, run=plain(actions.resume_member), icon="player-play"
        ),
        StepPage("reveal", _("查看号码"), "members.reveal", forms.RevealForm, plain(actions.reveal), (), "eye"),
        StepPage("edit", _("修改资料"), "people.edit_person", forms.PersonForm, edit, (), "edit"),
        StepPage("print", _("打印会员卡"), "members.print_member", DeskForm, print_card, LIVING, "printer"),
        StepPage("card", _("登记京卡"), "members.record_card", forms.CardForm, plain(actions.record_card), LIVING, "id"),
        StepPage("document", _("登记证件"), "people.add_document", forms.DocumentForm, document, (), "id"),
        StepPage(
            "transfer",
            _("接转到其他工会"),
            "members.request_transfer",
            forms.RequestTransferForm,
            ask_for,
            ("active", "retained"),
            "arrows-exchange",
            _("已发出接转申请"),
        ),
        StepPage(
            **step_of(MEMBERSHIP_FLOW, "retain"), form=forms.RetainForm, run=plain(actions.retain_member), icon="bookmark"
        ),
        StepPage(**step_of(MEMBERSHIP_FLOW, "leave"), form=forms.EndForm, run=plain(actions.leave), icon="door-exit"),
        StepPage(**step_of(MEMBERSHIP_FLOW, "deem_left"), form=forms.EndForm, run=plain(actions.deem_left), icon="user-minus"),
        StepPage(**step_of(MEMBERSHIP_FLOW, "expel"), form=forms.EndForm, run=plain(actions.expel), icon="ban"),
        StepPage(**step_of(MEMBERSHIP_FLOW, "die"), form=forms.DeathForm, run=plain(actions.record_death), icon="circle-minus"),
    ]
)


# -- entering ---------------------------------------------------------------------------------------------------


def admit(place: Organisation, actor: Actor, data: Data) -> Membership:
    """One member, registered at once."""
    return actions.admit_member(data["union"], actor=actor, row=forms.member_row(data))


def ask_for_somebody(place: Organisation, actor: Actor, data: Data) -> Transfer:
    """The membership of somebody whom a union takes on."""
    wanted = {name: data[name] for name in ("document", "name", "employer")}
    return actions.ask_for(data["target"], actor=actor, **wanted)


ENTRY_STEPS = by_code(
    [
        StepPage("admit", _("登记会员"), "members.admit_member", forms.AdmitForm, admit, (), "user-plus", _("已登记")),
        StepPage(
            "ask",
            _("请求接转"),
            "members.request_transfer",
            forms.AskTransferForm,
            ask_for_somebody,
            (),
            "arrows-exchange",
        ),
    ]
)


# -- applications, transfers, corrections -----------------------------------------------------------------------

APPLICATION_STEPS = by_code(
    [
        StepPage(
            **step_of(APPLICATION_FLOW, "approve"),
            form=forms.ApproveForm,
            run=plain(actions.approve_application),
            icon="check",
            said=_("已入会"),
        ),
        StepPage(
            **step_of(APPLICATION_FLOW, "return"),
            form=forms.ReturnForm,
            run=plain(actions.return_application),
            icon="arrow-back-up",
            said=_("已退回"),
        ),
        StepPage(
            **step_of(APPLICATION_FLOW, "forward"),
            form=forms.ForwardForm,
            run=plain(actions.forward_application),
            icon="send",
            said=_("已转给其他工会"),
        ),
        StepPage(
            "reveal",
            _("查看号码"),
            "members.reveal",
            forms.RevealForm,
            plain(actions.reveal),
            icon="eye",
            applies=lambda application: application.erased_on is None,
        ),
    ]
)

TRANSFER_STEPS = by_code(
    [
        StepPage(**step_of(TRANSFER_FLOW, "accept"), form=DeskForm, run=plain(actions.accept_transfer), icon="check"),
        StepPage(
            **step_of(TRANSFER_FLOW, "decline"),
            form=forms.ReasonForm,
            run=plain(actions.decline_transfer),
            icon="arrow-back-up",
        ),
        StepPage(
            **step_of(TRANSFER_FLOW, "release"), form=DeskForm, run=plain(actions.release_transfer), icon="arrows-exchange"
        ),
        StepPage(
            **step_of(TRANSFER_FLOW, "refuse"), form=forms.ReasonForm, run=plain(actions.refuse_transfer), icon="hand-stop"
        ),
        StepPage(**step_of(TRANSFER_FLOW, "withdraw"), form=DeskForm, run=plain(actions.withdraw_transfer), icon="history"),
    ]
)

CORRECTION_STEPS = by_code(
    [
        StepPage(**step_of(CORRECTION_FLOW, "do"), form=DeskForm, run=plain(actions.make_correction), icon="check"),
        StepPage(
            **step_of(CORRECTION_FLOW, "decline"),
            form=forms.NoteForm,
            run=plain(actions.decline_correction),
            icon="arrow-back-up",
        ),
    ]
)

# -- points and entitlements ------------------------------------------------------------------------------------


def is_running(one: Any) -> bool:
    """Whether an entitlement has no last day yet."""
    return one.valid.upper is None


PLACE_STEPS = by_code(
    [
        StepPage(
            "point", _("开设入会服务点"), "members.open_point", forms.OpenPointForm, plain(actions.open_point), (), "map-pin"
        ),
        StepPage(
            "entitlement",
            _("设立会员服务项目"),
            "members.give_entitlement",
            forms.GiveEntitlementForm,
            plain(actions.give_entitlement),
            (),
            "gift",
        ),
    ]
)
POINT_STEPS = by_code(
    [
        StepPage("edit", _("修改资料"), "members.edit_point", forms.EditPointForm, plain(actions.edit_point)),
        StepPage(
            "close",
            _("停办"),
            "members.close_point",
            forms.DayForm,
            plain(actions.close_point),
            (),
            "circle-minus",
            applies=lambda one: one.closed_on is None,
        ),
    ]
)
ENTITLEMENT_STEPS = by_code(
    [
        StepPage("edit", _("修改资料"), "members.edit_entitlement", forms.EditEntitlementForm, plain(actions.edit_entitlement)),
        StepPage(
            "end",
            _("结束"),
            "members.end_entitlement",
            forms.DayForm,
            plain(actions.end_entitlement),
            (),
            "circle-minus",
            applies=is_running,
        ),
    ]
)

# -- the counter ------------------------------------------------------------------------------------------------


def take(session: CounterSession, actor: Actor, data: Data) -> Any:
    """The application, and what came of it if it was approved on the spot."""
    application = actions.take_at_counter(session, actor=actor, row=forms.application_row(data))
    return application, actions.approve_here(application, actor) if data["approves"] else None


def is_open(session: CounterSession) -> bool:
    """Whether something may still be entered."""
    return session.is_open


COUNTER_STEPS = by_code(
    [
        StepPage(
            "take", _("录入一份入会申请"), "members.take_at_counter", forms.CounterForm, take, (), "user-plus", applies=is_open
        ),
        StepPage(
            "end", _("结束现场受理"), "members.end_counter", DeskForm, plain(actions.end_counter), (), "check", applies=is_open
        ),
    ]
)
BEGIN_STEPS = by_code(
    [
        StepPage(
            "begin",
            _("开始现场受理"),
            "members.begin_counter",
            forms.BeginCounterForm,
            plain(actions.begin_counter),
            (),
            "player-play",
        )
    ]
)


def transfer_side(transfer: Transfer, actor: Actor, code: str, paths: dict[int, str]) -> bool:
    """Whether a step of a transfer is at a side where the actor holds the right; `paths` are those of the unions he sees."""
    side = transfer.origin_id if code in ("release", "refuse") else transfer.target_id
    return side in paths and actor.can_at(TRANSFER_STEPS[code].permission, paths[side])
