"""The roster goes up: one member as the upper federation's form has him, with masked numbers or, for a reason, with full ones."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from gonghui.areas.members.models import Membership, Spell
from gonghui.areas.members.queries import current_employments
from gonghui.areas.members.rules import LIVING, Retained
from gonghui.core.accounts.limits import Limit, take
from gonghui.core.actions.action import Refused, action
from gonghui.core.actions.actor import Actor
from gonghui.core.history.actions import log_reading
from gonghui.core.people.models import IdentityDocument
from gonghui.core.reference.queries import choices, parameter
from gonghui.kit.dates import today

Reported = dict[str, Any]  # code of a column of the form → what stands there, as it is stored

JOINED, RESTS = "1", "3"
"""Types of change (会籍变化类型) in the upper federation's form: 入会, 保留."""
RESTING = {Retained.LAID_OFF: "2", Retained.UNEMPLOYED: "3", Retained.DISSOLVED: "4"}
"""Why a membership rests → the form's reason of the change; who has retired has none."""
OF_THE_PERSON = (
    "name",
    "sex",
    "born_on",
    "ethnicity",
    "education",
    "skill_level",
    "household",
    "household_place",
    "politics",
    "native_place",
    "is_migrant",
)
DAY = dt.timedelta(days=1)


@action("members.report_member", label=_("上报会员名册"), asks_second_factor=True)
def report_member(membership: Membership, *, actor: Actor, reason: str) -> Reported:
    """One line of the roster with its numbers masked; what leaves is logged with what it is for (a code of `export_purpose`)."""
    return _reported(membership, actor, str(_("会员名册")), reason) | {
        "document": membership.person.document_masked,
        "phone": membership.person.phone_masked,
    }


@action("members.report_in_full", label=_("上报会员名册（完整号码）"), asks_second_factor=True)
def report_in_full(membership: Membership, *, actor: Actor, reason: str) -> Reported:
    """The same with the full numbers of document and telephone: logged for each member, so many a day."""
    most = parameter("members.full_numbers_per_day", today())
    take([Limit("full roster", str(actor.user_id), most, DAY, _("今天导出完整号码的人数已到上限，请明天再试"))])
    document = _newest_document(membership)
    return _reported(membership, actor, str(_("证件号码、手机号")), reason) | {
        "document": document.number() if document else "",
        "phone": membership.person.phone(),
    }


def _newest_document(membership: Membership) -> IdentityDocument | None:
    rows = IdentityDocument.objects.unscoped("the documents of a member that an action has locked")
    found: IdentityDocument | None = rows.filter(person=membership.person_id).order_by("-recorded_at", "-pk").first()
    return found


def _reported(membership: Membership, actor: Actor, what: str, reason: str) -> Reported:
    """Everything but the numbers. Refused for who is no member any more: the form lists members."""
    if membership.state not in LIVING:
        raise Refused(_("会籍已经终止，不列入名册"))
    log_reading(
        membership,
        actor=actor,
        organisation_id=membership.organisation_id,
        what=what,
        reason=dict(choices("export_purpose", today())).get(reason, ""),
        is_limited=False,
    )
    person, document = membership.person, _newest_document(membership)
    work = next(iter(current_employments([person]).get(person.pk, [])), None)
    return {
        **{name: getattr(person, name) for name in OF_THE_PERSON},
        "document_kind": document.kind if document else "",
        "work_state": work.work_state if work else "",
        "workplace": work.place if work else "",
        **_last_change(membership),
    }


def _last_change(membership: Membership) -> Reported:
    """How he came to be what he is: he joined, or rests since a day."""
    if membership.state != "retained":
        return {"change": JOINED, "change_on": membership.joined_on, "change_reason": ""}
    spells = Spell.objects.unscoped("the spells of a membership that an action has locked")
    since = spells.filter(membership=membership, valid__upper_inf=True).values_list("valid", flat=True).first()
    reason = RESTING.get(Retained(membership.retained), "")
    return {"change": RESTS, "change_on": since.lower if since else None, "change_reason": reason}
