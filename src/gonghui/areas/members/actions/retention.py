"""What need not be kept any longer is erased (个人信息保护法 (2021) art. 47), from the table and so from everywhere: no event holds it."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from gonghui.areas.members.models import Application
from gonghui.areas.members.rules import UNSUCCESSFUL
from gonghui.core.actions.action import action, change
from gonghui.core.actions.actor import Actor
from gonghui.core.reference.queries import parameter


@action("members.erase_numbers", label=_("删除申请中的完整号码"))
def erase_numbers(application: Application, *, actor: Actor, on: dt.date) -> None:
    """The document's number and the telephone of somebody who did not join; the masks stay, so that the decision can be read."""
    change(application, document_sealed=b"", document_index="", phone_sealed=b"", erased_on=on)


def erase_unsuccessful(actor: Actor, on: dt.date) -> int:
    """The numbers of applications that came to nothing so many days before a day; of how many."""
    last = on - dt.timedelta(days=parameter("members.keep_unsuccessful_days", on))
    rows = Application.objects.visible_to(actor).filter(state__in=UNSUCCESSFUL, decided_on__lt=last, erased_on=None)
    due = list(rows.order_by("pk"))
    for application in due:
        erase_numbers(application, actor=actor, on=on)
    return len(due)
