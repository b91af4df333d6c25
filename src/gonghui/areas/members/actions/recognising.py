"""A member whom a roster has brought in signs in for the first time: the account becomes his where he tells all that is known of him."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from gonghui.areas.members.actions.applying import ApplicationRow, document_of
from gonghui.areas.members.models import Membership
from gonghui.areas.members.queries import living
from gonghui.core.accounts.limits import Limit
from gonghui.core.accounts.models import User
from gonghui.core.accounts.sign_in import may_be_somebody_elses
from gonghui.core.actions.action import NotAllowed, action, change
from gonghui.core.actions.actor import Actor
from gonghui.core.people.models import Person
from gonghui.core.people.queries import person_with
from gonghui.core.reference.queries import parameter
from gonghui.kit.dates import today
from gonghui.kit.names import normal

HOUR = dt.timedelta(hours=1)


def joining_limits(user: User) -> list[Limit]:
    """How often one account may ask with somebody's number (security programme A8)."""
    most = parameter("members.joining_tries", today())
    return [Limit("join", str(user.public_id), most, HOUR, _("提交的次数太多，请一小时后再试，或到入会服务点现场办理"))]


@action("members.recognise_member", label=_("确认会员身份"))
def recognise_member(user: User, *, actor: Actor, row: ApplicationRow) -> Membership | None:
    """A member tells the number, the name and, by his account, the telephone that the register has of him: the account is his.

    None in every other case, whichever of the three it is and whether the number is known or not, so that nobody learns whom the
    register has; what the account has proven is read before that, so that it takes as long.
    """
    if user.pk != actor.user_id:
        raise NotAllowed("members.recognise_member")
    told = normal(row.name), proven_index(user)
    person = person_with(document_of(row))
    if person is None or told != (person.name, person.phone_index) or is_anothers(person, user):
        return None
    if (membership := living([person]).get(person.pk)) and user.person_id is None:
        change(user, person=person)
    return membership


def proven_index(user: User) -> str | None:
    """The telephone that the account has proven, as the register keeps it; None where it may be somebody else's by now."""
    return None if may_be_somebody_elses(user.phone) else Person.index_of(user.phone.number())


def is_anothers(person: Person, user: User) -> bool:
    """Whether the account knows somebody else already, or another account knows this person."""
    return user.person_id not in (None, person.pk) or User.objects.filter(person=person).exclude(pk=user.pk).exists()
