"""What of rights and invitations hangs on a union, for whoever makes two records of one union one."""

from gonghui.core.access.models import Department, Grant, Invitation, Switch
from gonghui.core.actions.attached import Attached, attach, leave, overlapping
from gonghui.core.organisations.models import Organisation


def same_invitation(kept: Organisation, dropped: Organisation) -> list[int]:
    """Invitations that wait at both for the same number and role."""
    alike = ("phone_index", "role", "department")
    known = set(Invitation._base_manager.filter(organisation=kept, state="invited").values_list(*alike))
    rows = Invitation._base_manager.filter(organisation=dropped, state="invited")
    return [row.pk for row in rows if tuple(getattr(row, name) for name in alike) in known]


attach(Attached(Grant, "organisation", stays=overlapping(Grant, "organisation", "user_id", "role", "department")))
attach(Attached(Department, "organisation", stays=overlapping(Department, "organisation", "code")))
attach(Attached(Invitation, "organisation", stays=same_invitation))
leave(Switch, "organisation", reason="says with what a record is worked with; the kept one's own hold")
