"""Showing staff what is sealed, one value at a time, after the reading has been logged with its reason."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from gonghui.areas.members.models import Application, Membership
from gonghui.core.actions.action import Refused, action
from gonghui.core.actions.actor import Actor
from gonghui.core.history.actions import log_reading
from gonghui.core.people.models import IdentityDocument
from gonghui.core.reference.queries import choices
from gonghui.kit.dates import today


class Sealed(TextChoices):
    """What of a member is sealed."""

    DOCUMENT = "document", _("证件号码")
    PHONE = "phone", _("手机号")
    CARD = "card", _("京卡卡号")


@action("members.reveal", label=_("查看完整号码"), asks_second_factor=True)
def reveal(subject: Membership | Application, *, actor: Actor, what: str, reason: str) -> str:
    """One full number of a member or an applicant; refused above the hourly limit, and where there is none."""
    value = _of_applicant(subject, what) if isinstance(subject, Application) else _of_member(subject, what)
    if not value:
        raise Refused(_("没有登记这个号码"), field="what")
    log_reading(
        subject,
        actor=actor,
        organisation_id=subject.organisation_id,
        what=str(Sealed(what).label),
        reason=dict(choices("reveal_reason", today())).get(reason, ""),
    )
    return value


def _of_applicant(application: Application, what: str) -> str:
    return {Sealed.DOCUMENT: application.document_number, Sealed.PHONE: application.phone}.get(Sealed(what), str)()


def _of_member(membership: Membership, what: str) -> str:
    if what == Sealed.CARD:
        return membership.card()
    if what == Sealed.PHONE:
        return membership.person.phone()
    rows = IdentityDocument.objects.unscoped("the documents of a member that an action has locked")
    newest = rows.filter(person=membership.person_id).order_by("-recorded_at", "-pk").first()
    return newest.number() if newest else ""
