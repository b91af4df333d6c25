"""A worker's requests about his own data, and the union's answer (个人信息保护法 (2021) art. 45–47, 50)."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from gonghui.areas.members.actions.telling import CORRECTION_DECLINED, CORRECTION_MADE, tell_of_correction
from gonghui.areas.members.models import Correction
from gonghui.areas.members.queries import living
from gonghui.areas.members.rules import CORRECTION_FLOW, CorrectionKind
from gonghui.core.actions.action import NotAllowed, Refused, action, change, next_state
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import beyond_scope
from gonghui.core.people.models import Person
from gonghui.core.reference.calendar import working_days_after
from gonghui.core.reference.queries import names, parameter
from gonghui.kit import ciphers
from gonghui.kit.dates import today

CORRECTABLE = ("name", "phone", "education", "household_place", "native_place", "politics", "skill_level")
"""What a worker may ask to be corrected by himself; the document's number only at a counter, with the document in hand."""
CODED = ("education", "politics", "skill_level")
"""Of these the fields that hold a code of the list of the same name."""


@action("members.request_correction", label=_("申请更正资料"))
def request_correction(person: Person, *, actor: Actor, values: Mapping[str, str], kind: str = "correction") -> Correction:
    """Asks the union that keeps the person to correct these fields, or (`kind` "erasure") to erase what it need not keep."""
    if person.pk != actor.person_id:
        raise NotAllowed("members.request_correction")
    if kind == CorrectionKind.CORRECTION and not values:
        raise Refused(_("没有要更正的内容"))
    if set(values) - set(CORRECTABLE):
        raise NotAllowed("members.request_correction")
    due = working_days_after(today(), parameter("members.correction_days", today()))
    correction = Correction(organisation_id=person.organisation_id, person=person, kind=kind, asked_on=today(), due_on=due.day)
    correction.set_values(dict(values))
    correction.what = "；".join(_told(person, name, value) for name, value in values.items())[:200] or str(_("删除资料"))
    with beyond_scope("a worker's request goes to the union that keeps him"):
        correction.save(force_insert=True)
    return correction


def _told(person: Person, name: str, value: str) -> str:
    """The field and what it shall say, as it may be read in a list."""
    label = _("手机号") if name == "phone" else Person._meta.get_field(name).verbose_name  # type: ignore[union-attr]
    said = ciphers.masked_phone(value) if name == "phone" else value
    return f"{label}：{names(name).get(value, value) if name in CODED else said}"


@action("members.make_correction", label=_("同意更正"))
def make_correction(correction: Correction, *, actor: Actor) -> None:
    """The union has checked it: what was asked for stands. To be erased somebody must not be a member any more."""
    target, person = next_state(CORRECTION_FLOW, "do", correction.state), correction.person
    if correction.kind == CorrectionKind.ERASURE:
        _erase(person)
    else:
        values = correction.values()
        if "phone" in values:
            person.set_phone(values.pop("phone"))
            change(person, **person.phone_columns)
        if values:
            change(person, **values)
    change(correction, state=target, decided_on=today(), sealed=b"")
    tell_of_correction(correction, CORRECTION_MADE)


def _erase(person: Person) -> None:
    """Takes away what is not needed to prove that there was a membership: telephone, places, schooling."""
    if living([person]):
        raise Refused(_("会籍存续期间依法需要保存会员资料，请先办理退会"))
    person.set_phone("")
    blank = dict.fromkeys(("education", "household", "household_place", "native_place", "politics", "skill_level"), "")
    blank |= {name: getattr(person, name) for name in ("phone_masked", "phone_index")}
    change(person, phone_sealed=b"", special_groups=[], **blank)


@action("members.decline_correction", label=_("不更正"))
def decline_correction(correction: Correction, *, actor: Actor, note: str) -> None:
    """The union leaves it as it is, and says why."""
    if not note.strip():
        raise Refused(_("请写明不更正的原因"), field="note")
    change(
        correction,
        state=next_state(CORRECTION_FLOW, "decline", correction.state),
        decided_on=today(),
        note=note.strip(),
        sealed=b"",
    )
    tell_of_correction(correction, CORRECTION_DECLINED, note=note.strip())


@action("members.withdraw_correction", label=_("撤回申请"))
def withdraw_correction(correction: Correction, *, actor: Actor) -> None:
    """The worker does not ask any more."""
    change(correction, state=next_state(CORRECTION_FLOW, "withdraw", correction.state), decided_on=today(), sealed=b"")
