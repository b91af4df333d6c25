"""What a worker sees: his own rows, what is published, and a few public names beyond them. Nothing else stands in the portal.

An actor of the portal holds no permission at any union, so that `visible_to` answers with his own rows and published ones only, and
the database with no others. What is read beyond that is named here: the unions above his own and their officers' names, and the
names of employers and unions that he looks for by at least `SHORTEST` characters.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Case, QuerySet, When

from gonghui.areas.members.actions.officers import posts_seen
from gonghui.areas.members.models import (
    Application,
    Correction,
    Employment,
    Entitlement,
    IntakePoint,
    Membership,
    Spell,
    Transfer,
)
from gonghui.areas.members.queries import transfers
from gonghui.areas.members.rules import COUNTED
from gonghui.areas.register.models import Contact, Employer
from gonghui.core.accounts.models import Phone, User
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import beyond_scope
from gonghui.core.organisations.models import BASE, Kind, Organisation
from gonghui.core.organisations.queries import name_of
from gonghui.core.people.models import Person
from gonghui.core.reference.models import Region
from gonghui.core.reference.queries import names

SHORTEST = 3  # characters of a name that is looked for; fewer would list the register
MOST = 8  # names that are offered
CHAIN = "the names of the unions that a member belongs to, and of their officers"
NAMES = "the names of employers and unions that a worker looks for; business registers publish them"


@dataclass(frozen=True)
class Officer:
    """Somebody in a post at one's own union; `has_phone` where members may ask for the number."""

    post: str
    post_name: str
    name: str
    has_phone: bool


def user(actor: Actor) -> User:
    """The account."""
    return User.objects.get(pk=actor.user_id or 0)


def phone(actor: Actor) -> Phone | None:
    """The number that was proven at sign-in."""
    found: Phone | None = Phone.objects.visible_to(actor).filter(user=actor.user_id).first()
    return found


def person(actor: Actor) -> Person | None:
    """What a union knows of him; nobody before one has checked who he is."""
    return (
        Person.objects.visible_to(actor).filter(pk=actor.person_id or 0).annotate(holder_name=name_of("organisation")).first()
    )


def memberships(actor: Actor) -> Any:
    """His memberships, the newest first, with the name of the union."""
    rows = Membership.objects.visible_to(actor).filter(person=actor.person_id).select_related("person")
    return rows.annotate(holder_name=name_of("organisation")).order_by("-pk")


def membership(actor: Actor) -> Membership | None:
    """The membership he has now."""
    found: Membership | None = memberships(actor).living().first()
    return found


def applications(actor: Actor) -> Any:
    """His applications, the newest first; those that staff entered for him included."""
    rows = Application.objects.visible_to(actor).filter(user=actor.user_id)
    return rows.annotate(holder_name=name_of("organisation")).order_by("-pk")


def own_transfers(actor: Actor) -> Any:
    """The transfers of his memberships, the newest first, with the names of both unions."""
    return transfers(actor).filter(membership__person=actor.person_id).order_by("-pk")


def corrections(actor: Actor) -> Any:
    """What he has asked for about his data, the newest first."""
    rows = Correction.objects.visible_to(actor).filter(person=actor.person_id)
    return rows.annotate(holder_name=name_of("organisation")).order_by("-pk")


def employments(actor: Actor) -> list[tuple[Employment, str]]:
    """Where he has worked, the newest first, with the name of the employer by contract; his own register entries name it."""
    rows = list(Employment.objects.visible_to(actor).filter(person=actor.person_id).order_by("-valid"))
    with beyond_scope(NAMES):
        known = Employer.objects.unscoped(NAMES).in_bulk([key for one in rows for key in (one.employer_id, one.host_id) if key])
    named = {key: employer.name for key, employer in known.items()}
    return [(one, named.get(one.host_id or one.employer_id or 0, one.workplace)) for one in rows]


def spells(actor: Actor) -> Any:
    """At which unions his memberships were held on which days, the newest first."""
    rows = Spell.objects.visible_to(actor).filter(person=actor.person_id)
    return rows.annotate(holder_name=name_of("organisation")).order_by("-valid")


def above(membership: Membership) -> list[str]:
    """The names of the union that holds a membership and of those above it, from the root down."""
    with beyond_scope(CHAIN):
        rows = Organisation.objects.unscoped(CHAIN).filter(pk__in=keys_of(membership)).order_by("path")
        return list(rows.values_list("name", flat=True))


def keys_of(membership: Membership) -> list[int]:
    """The keys of the unions at and above the one that holds a membership."""
    return [int(part) for part in membership.organisation_path.split(".") if part]


def officers(membership: Membership, on: dt.date) -> list[Officer]:
    """Who holds a post at the union on a day, in the order of the posts; those posts only that are for members to see."""
    posts = posts_seen("name", "phone")
    with beyond_scope(CHAIN):
        rows = Contact.objects.unscoped(CHAIN).filter(union_id=membership.organisation_id, post__in=posts, valid__contains=on)
        found = [
            Officer(row.post, names("post")[row.post], row.name, bool(row.phone_masked) and row.post in posts_seen("phone"))
            for row in rows.order_by("pk")
        ]
    return sorted(found, key=lambda one: posts.index(one.post))


def points(actor: Actor) -> QuerySet[IntakePoint]:
    """The intake points that are open, with the name of the street's union."""
    rows = IntakePoint.objects.visible_to(actor).filter(closed_on=None)
    return rows.annotate(holder_name=name_of("organisation"))  # type: ignore[no-any-return]


def entitlements(actor: Actor, membership: Membership | None, on: dt.date) -> list[Entitlement]:
    """What the unions at and above the one that holds a membership give on a day; while it is in transfer still the old one's."""
    if membership is None or membership.state not in COUNTED:
        return []
    rows = Entitlement.objects.visible_to(actor).filter(
        is_public=True, valid__contains=on, organisation__in=keys_of(membership)
    )
    if not membership.is_individual:
        rows = rows.filter(for_individuals=False)
    return list(rows.annotate(holder_name=name_of("organisation")).order_by("-organisation_path", "pk"))


# -- looking for a place of work or a union -----------------------------------------------------------------------


def employers_named(text: str) -> list[Employer]:
    """Employers that are called so; the one whose whole name it is comes first. Nothing for fewer than `SHORTEST` characters."""
    text = text.strip()
    if len(text) < SHORTEST:
        return []
    with beyond_scope(NAMES):
        rows = Employer.objects.unscoped(NAMES).eligible().named(text).select_related("region")  # type: ignore[attr-defined]
        is_whole = Case(When(name=text, then=0), default=1)
        return list(rows.order_by(is_whole, "name_pinyin", "pk")[:MOST])


def unions_named(text: str) -> list[Organisation]:
    """Unions that take members, called so; nothing for fewer than `SHORTEST` characters."""
    text = text.strip()
    if len(text) < SHORTEST:
        return []
    with beyond_scope(NAMES):
        rows = Organisation.objects.unscoped(NAMES).active().filter(kind__in=(*BASE, Kind.STREET)).named(text)
        return list(rows.order_by("name_pinyin", "pk")[:MOST])


def picked(rows: Sequence[Any], public_id: str) -> Any:
    """Which of these it is; None for none of them."""
    try:
        wanted = UUID(public_id)
    except ValueError:
        return None
    return next((row for row in rows if row.public_id == wanted), None)


def territories() -> list[Region]:
    """The streets and towns whose union takes applications, in the order of their codes."""
    with beyond_scope(NAMES):
        streets = Organisation.objects.unscoped(NAMES).active().filter(kind=Kind.STREET, region__isnull=False)
        return list(Region.objects.filter(pk__in=list(streets.values_list("region", flat=True))).order_by("code"))


def latest_transfer(actor: Actor) -> Transfer | None:
    """The newest transfer of his membership."""
    found: Transfer | None = own_transfers(actor).first()
    return found
