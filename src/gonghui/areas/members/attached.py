"""What of the area hangs on a person, for whoever makes two records of one person one."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from gonghui.areas.members.actions.threshold import watch
from gonghui.areas.members.models import Application, Correction, Employment, Membership, Spell
from gonghui.areas.members.queries import current_employments
from gonghui.areas.members.rules import LIVING
from gonghui.core.people.attached import Attached, attach
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


attach(Attached(Employment, stays=same_work, counted=counted))
attach(Attached(Membership, stays=past_memberships, obstacle=two_memberships, settles=keeper))
attach(Attached(Spell, stays=past_spells))
attach(Attached(Application))
attach(Attached(Correction))
