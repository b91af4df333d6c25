"""From a user's grants to the Actor of one request."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable

from gonghui.core.access.models import Grant, Switch
from gonghui.core.access.roles import ROLES
from gonghui.core.accounts.models import User
from gonghui.core.actions.actor import Actor, covers
from gonghui.core.actions.door import acting
from gonghui.kit.dates import today

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
        title=user.title or "、".join(dict.fromkeys(str(ROLES[role].label) for role, _p, _n in grants)),
        place="、".join(dict.fromkeys(name for _r, _p, name in grants)),
        channel=channel,
    )
