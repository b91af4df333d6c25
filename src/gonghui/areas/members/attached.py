"""What of the area hangs on a person, an employer or a union, for whoever makes two records of one of them one."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from gonghui.areas.members.actions.threshold import watch
from gonghui.areas.members.counter_sessions import CounterSession
from gonghui.areas.members.models import (
    Alert,
    Application,
    CardReading,
    Correction,
    Employment,
    Entitlement,
    IntakePoint,
    Membership,
    MemberTally,
    Move,
    Spell,
    Transfer,
)
from gonghui.areas.members.queries import current_employments
from gonghui.areas.members.rules import LIVING, OPEN_TRANSFER, AlertState
from gonghui.areas.register.models import Employer
from gonghui.core.actions.attached import Attached, attach, leave, overlapping
from gonghui.core.organisations.models import Organisation
from gonghui.core.people.models import Person
from gonghui.kit.text import Text


def two_memberships(kept: Person, dropped: Person) -> Text:
    """Nobody has two; which of them goes on is for the unions to say."""
    rows = Membership._base_manager.filter(person__in=[kept, dropped], state__in=LIVING)
    if rows.count() > 1:
        return _("两条记录都有会籍，先给其中一份办理退会，或由现单位工会发起接转，再合并")
    return ""


def past_memberships(kept: Person, dropped: Person) -> list[int]:
    """Memberships that ended and were held on days on which the kept record had one: they stay where they were recorded."""
    rows = Membership._base_manager.filter(person=dropped).exclude(state__in=LIVING)
    return [row.pk for row in rows if any(overlaps(kept, spell) for spell in Spell._base_manager.filter(membership=row))]


def overlaps(kept: Person, spell: Spell) -> bool:
    """Whether the kept record was held somewhere on one of these days."""
    return Spell._base_manager.filter(person=kept, valid__overlap=spell.valid).exists()


def past_spells(kept: Person, dropped: Person) -> list[int]:
    """The days of the memberships that stay."""
    rows = Spell._base_manager.filter(membership__in=past_memberships(kept, dropped))
    return list(rows.values_list("pk", flat=True))


def same_work(kept: Person, dropped: Person) -> list[int]:
    """Work at one employer on the same days is recorded once: what the kept record says of it holds."""
    rows = Employment._base_manager.filter(person=dropped, employer__isnull=False)
    known = Employment._base_manager.filter(person=kept)
    return [row.pk for row in rows if known.filter(employer=row.employer_id, valid__overlap=row.valid).exists()]


def keeper(kept: Person, dropped: Person) -> dict[str, Any]:
    """Whoever holds the membership keeps the person."""
    living = Membership._base_manager.filter(person=dropped, state__in=LIVING).first()
    return {"organisation_id": living.organisation_id} if living else {}


def counted(person: Person) -> None:
    """The numbers of individual members at his employers."""
    watch(one.employer for one in current_employments([person]).get(person.pk, []) if one.employer)


attach(Attached(Employment, "person", stays=same_work, counted=counted))
attach(Attached(Membership, "person", stays=past_memberships, obstacle=two_memberships, settles=keeper))
attach(Attached(Spell, "person", stays=past_spells))
attach(Attached(Application, "person"))
attach(Attached(Correction, "person"))


def two_alerts(kept: Employer, dropped: Employer) -> list[int]:
    """One reminder is open for an employer at a time; the dropped one's lapses when it is counted."""
    rows = Alert._base_manager.filter(state=AlertState.OPEN)
    if rows.filter(employer=kept).exists():
        return list(rows.filter(employer=dropped).values_list("pk", flat=True))
    return []


def recounted(employer: Employer) -> None:
    """The number of individual members of an employer."""
    watch([employer])


attach(Attached(Employment, "employer", stays=overlapping(Employment, "employer", "person_id"), counted=recounted))
attach(Attached(Employment, "host"))
attach(Attached(Application, "employer"))
attach(Attached(Application, "host"))
attach(Attached(Transfer, "employer"))
attach(Attached(Move, "employer"))
attach(Attached(Alert, "employer", stays=two_alerts))


def transfer_between(kept: Organisation, dropped: Organisation) -> Text:
    """Nobody is transferred from a union to itself."""
    both = [kept, dropped]
    if Transfer._base_manager.filter(origin__in=both, target__in=both, state__in=OPEN_TRANSFER).exists():
        return _("两个工会之间还有会籍接转在办理，请先办结或撤回，再合并")
    return ""


LOG = "a log: written once, never changed"
MANAGING_ONLY = "names a managing union or a street, and those are never merged"

for model in (Membership, Spell, Application, Correction, CounterSession, IntakePoint, Entitlement, Alert, Move):
    attach(Attached(model, "organisation"))
attach(Attached(Transfer, "origin", obstacle=transfer_between))
attach(Attached(Transfer, "target"))
leave(CardReading, "organisation", reason=LOG)
leave(Spell, "managing", "street", reason=MANAGING_ONLY)
leave(MemberTally, "managing", "street", reason=MANAGING_ONLY)
leave(Alert, "street", reason=MANAGING_ONLY)
