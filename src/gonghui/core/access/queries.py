"""From a user's grants to the Actor of one request; departments; how far the opening of accounts has come."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from gonghui.core.access.models import Department, Grant, Invitation, Switch
from gonghui.core.access.roles import ROLES, WORKER
from gonghui.core.accounts.models import User
from gonghui.core.accounts.sign_in import fact_of
from gonghui.core.actions.actor import Actor, covers
from gonghui.core.actions.door import acting, beyond_scope
from gonghui.core.organisations.models import BASE, DEPENDENT, Organisation
from gonghui.core.reference.queries import choices, names
from gonghui.kit.dates import today
from gonghui.kit.text import Text, enumerated

Switches = dict[str, dict[str, bool]]  # area → organisation path → on


def switches(on: dt.date) -> Switches:
    """The pilot switches that hold on a day."""
    found: Switches = defaultdict(dict)
    rows = Switch.objects.unscoped("the areas in use").filter(valid__contains=on)
    for area, path, is_on in rows.values_list("area", "organisation__path", "is_on"):
        found[area][path] = is_on
    return found


def roots_in_use(root: str, paths: dict[str, bool]) -> set[str]:
    """Where an area is in use at or below a root: the nearest switch upwards decides, pilots below an area that is off stay on."""
    above = [path for path in paths if covers(path, root)]
    if not above or paths[max(above, key=len)]:
        return {root}
    return {path for path, is_on in paths.items() if is_on and covers(root, path)}


def scopes_of(grants: Iterable[tuple[str, str]], in_use: Switches) -> dict[str, frozenset[str]]:
    """Permission → paths, from (role, path) pairs and the pilot switches."""
    scopes: dict[str, set[str]] = defaultdict(set)
    for role, path in grants:
        for permission in ROLES[role].permissions:
            paths = in_use.get(permission.partition(".")[0], {})
            scopes[permission] |= roots_in_use(path, paths) if paths else {path}
    return {permission: frozenset(paths) for permission, paths in scopes.items() if paths}


def actor_for(user: User, *, channel: str = "desk", only: Collection[str] | None = None) -> Actor:
    """The user's rights now, or `only` these of them. A closed account has none."""
    on = today()
    with acting(Actor.system("access.actor_for")):
        rows = Grant.objects.unscoped("rights of the user who acts").filter(user=user, valid__contains=on)
        grants = list(
            rows.filter(organisation__state="active", user__is_active=True)
            .order_by("organisation__path")
            .values_list("role", "organisation__path", "organisation__name")
        )
        scopes = scopes_of(((role, path) for role, path, _name in grants), switches(on))
    if only is not None:
        scopes = {permission: paths for permission, paths in scopes.items() if permission in only}
    return Actor(
        name=user.name,
        scopes=scopes,
        user_id=user.pk,
        title=user.title or enumerated(dict.fromkeys(ROLES[role].label for role, _p, _n in grants)),
        place=enumerated(dict.fromkeys(name for _r, _p, name in grants)),
        own=WORKER if user.is_worker and user.is_active else frozenset(),
        person_id=user.person_id if user.is_active else None,
        channel=channel,
    )


def is_phone_enough(role: str, kind: str, department: str = "") -> bool:
    """Whether a telephone code signs somebody in to this role at a union of this kind."""
    return ROLES[role].signs_in_by_phone and kind in (*BASE, *DEPENDENT) and not department


def may_sign_in_by_phone(user: User) -> bool:
    """Whether all that this account may do today is at base unions; and there is something to ask on a device that it does not know.

    Asked at sign-in and at every request after it.
    """
    with acting(Actor.system("access.may_sign_in_by_phone")):
        rows = Grant.objects.unscoped("whether a telephone is enough for this account").filter(
            user=user, valid__contains=today()
        )
        held = list(rows.values_list("role", "organisation__kind", "department"))
        return user.is_active and bool(held) and bool(fact_of(user)) and all(is_phone_enough(*one) for one in held)


def departments_of(organisation: Organisation, on: dt.date) -> list[tuple[str, Text]]:
    """Code and name of the departments that the nearest federation at or above has chosen; before any has, of the whole code list."""
    with beyond_scope("which departments the federation above has"):
        rows = Department.objects.unscoped("which departments the federation above has")
        rows = rows.filter(organisation__in=organisation.ancestor_ids(), valid__contains=on).order_by("organisation_path")
        found = list(rows.values_list("organisation_path", "code"))
    if not found:
        return list(choices("department", on))
    nearest = {code for path, code in found if path == found[-1][0]}
    return [(code, name) for code, name in names("department").items() if code in nearest]


def invitations(actor: Actor) -> Any:
    """The invitations the actor sees, with their unions."""
    return Invitation.objects.visible_to(actor).select_related("organisation", "invited_by")


@dataclass
class Opened:
    """How many of the accounts of a territory are open."""

    name: str
    accepted: int = 0
    invited: int = 0

    @property
    def total(self) -> int:
        """Both; what was withdrawn counts no more."""
        return self.accepted + self.invited


def opened(actor: Actor, unions: Iterable[tuple[str, Text]] = ()) -> tuple[Opened, list[Opened]]:
    """How far the opening of accounts has come: everywhere the actor sees, and by the nearest of these unions (path and name)."""
    places = {path: Opened(str(name)) for path, name in unions}
    counted = Invitation.objects.visible_to(actor).exclude(state="withdrawn").order_by()
    whole, elsewhere = Opened(""), Opened("")
    for path, state, count in counted.values_list("organisation_path", "state").annotate(count=Count("pk")):
        place = next((places[above] for above in above_of(path) if above in places), elsewhere)
        for one in (whole, place):
            setattr(one, state, getattr(one, state) + count)
    return whole, [one for one in places.values() if one.total]


def above_of(path: str) -> Iterator[str]:
    """A path and those of the unions above it, the nearest first."""
    parts = path.split(".")[:-1]
    for length in range(len(parts), 0, -1):
        yield ".".join(parts[:length]) + "."
