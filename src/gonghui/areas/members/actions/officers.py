"""A member calls the officers of his own union."""

from django.utils.translation import gettext_lazy as _

from gonghui.areas.members.models import Membership
from gonghui.areas.members.rules import LIVING
from gonghui.areas.register.models import Contact
from gonghui.core.actions.action import Refused, action
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import beyond_scope
from gonghui.core.history.actions import log_reading
from gonghui.core.reference.queries import codes
from gonghui.kit.dates import today

WHY = "a member asks for the number of an officer of his own union"


def posts_seen(*what: str) -> list[str]:
    """The posts whose holders' "name" or "phone" members of the union may see; data of the code list `post`."""
    return [code.code for code in codes("post", today()) if code.attributes.get("members_see") in what]


@action("members.show_officer_phone", label=_("查看工会干部电话"))
def show_officer_phone(membership: Membership, *, actor: Actor, post: str, name: str) -> str:
    """The number of whoever holds a post at one's own union, after the reading has been logged.

    Refused: not a member any more, a post whose number is not for members, nobody there, too many in an hour.
    """
    if membership.state not in LIVING or post not in posts_seen("phone"):
        raise Refused(_("这个电话不向会员公开，请联系工会主席或入会服务点"))
    with beyond_scope(WHY):
        rows = Contact.objects.unscoped(WHY).filter(union_id=membership.organisation_id, valid__contains=today())
        contact = rows.filter(post=post, name=name).exclude(phone_masked="").first()
        if contact is None:
            raise Refused(_("没有登记电话"))
        log_reading(
            contact,
            actor=actor,
            organisation_id=membership.organisation_id,
            what=str(_("电话")),
            reason=str(_("会员联系本工会")),
        )
        return contact.phone()
