"""Roles in plain words, and what grants, days and pilot switches make of them at each request."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, get_args, get_type_hints

import pytest
from django.apps import apps
from django.urls import reverse

from gonghui.core.access.actions import end_grant, grant_role, switch_area
from gonghui.core.access.models import Grant
from gonghui.core.access.queries import actor_for, roots_in_use
from gonghui.core.access.roles import ROLES, WORKER
from gonghui.core.accounts.actions import close_account
from gonghui.core.actions.action import Refused, verbs
from gonghui.core.actions.door import acting
from gonghui.core.organisations.models import Organisation
from gonghui.kit.areas import areas
from gonghui.kit.dates import today
from gonghui.web.portal import OWN
from gonghui.web.steps import StepPage
from tests.cast import LONG_AGO, SYSTEM, Cast
from tests.sweep import addresses
from tests.test_pages import signed_in

TOMORROW = today() + dt.timedelta(days=1)
NO_ROLE = {
    "access.accept_invitation": "whoever holds the secret and knows the number has no account yet; the system takes it",
    "members.erase_numbers": "what need not be kept is erased by the rule, in a job",
    "unionbuilding.advance_claims": "what a day that has come does by the rule, in a job",
    "members.advance_transfers": "what a day that has come does by the rule, in a job",
    "unionbuilding.check_shares": "whether members are enough of the workers is counted every night",
    "unionbuilding.watch_nursery": "whether a firm of a joint union has grown enough is counted every night",
}
OPEN_PORTAL = ("portal:display", "portal:manifest", "portal:service_worker")
NO_DOOR = (
    "account_",
    "mfa_",
    "weixin_",
    "healthz",
    "set_language",
    "api:",
    "portal:sign_",
    *OPEN_PORTAL,
)  # before the door; tests/api holds the API to the same


def held() -> set[str]:
    """Every permission that some role holds."""
    return {permission for role in ROLES.values() for permission in role.permissions}


def pages() -> Iterator[tuple[str, Callable[..., Any]]]:
    """The addresses behind the desk's door, with their views."""
    return ((one.name, one.view) for one in addresses() if not one.name.startswith(NO_DOOR))


def step_pages() -> Iterator[StepPage]:
    """Every page that runs an action, from the modules of the views."""
    for module in {view.__module__ for _name, view in pages()}:
        for table in vars(import_module(module)).values():
            if isinstance(table, Mapping):
                yield from (step for step in table.values() if isinstance(step, StepPage))


def test_a_permission_is_the_name_of_an_action_or_the_view_of_an_area() -> None:
    assert list(pages())  # loads every action that has a page
    views = {f"{config.label}.view" for config in apps.get_app_configs()}
    assert held() - set(verbs) - views == set()


def test_every_action_is_somebodys() -> None:
    assert list(pages())
    assert set(verbs) - held() - WORKER == set(NO_ROLE)
    assert set(verbs) >= WORKER


def test_every_page_names_the_permission_it_takes() -> None:
    known = held() | WORKER | {OWN}
    assert {name for name, view in pages() if getattr(view, "permission", None) not in known} == set()
    assert {page.permission for area in areas() for page in area.pages} <= known


def test_every_step_takes_the_permission_of_an_action() -> None:
    steps = list(step_pages())
    assert len(steps) > 20
    assert {step.permission for step in steps} <= set(verbs)


def actions() -> Iterator[Any]:
    """Every action, from the modules that hold some."""
    for area in areas():
        if area._has("actions"):
            home = import_module(f"{area.name}.actions")
            folders = getattr(home, "__path__", [])
            for module in [home, *(import_module(f"{home.__name__}.{one.name}") for one in iter_modules(folders))]:
                written = (one for one in vars(module).values() if getattr(one, "__module__", "") == module.__name__)
                yield from (one for one in written if hasattr(one, "__wrapped__") and one.__code__.co_name == "run")


def test_every_action_can_find_its_subject() -> None:
    """It is fetched anew among the rows at which the actor holds the right; a manager that cannot say which is a dead action."""
    found = list(actions())
    assert len(found) == len(verbs)
    for one in found:
        hint = next(iter(get_type_hints(one.__wrapped__).values()))
        for model in get_args(hint) or (hint,):
            assert hasattr(model.objects, "changeable_by"), f"{one.__name__}: {model.__name__}"


def test_every_role_says_what_it_is_for() -> None:
    for role in ROLES.values():
        assert role.label
        assert len(str(role.meaning)) > 10
        assert role.permissions


def test_the_administrator_does_no_business() -> None:
    assert not {one for one in ROLES["administrator"].permissions if one.startswith("register.")}
    assert not held_by("district_chair") & {"access.grant_role", "access.switch_area"}


def held_by(role: str) -> frozenset[str]:
    return ROLES[role].permissions


# -- grants -----------------------------------------------------------------------------------------------------


def status(cast: Cast, name: str, url_name: str, *arguments: Any) -> int:
    """What a page answers to one of the cast."""
    return signed_in(cast, name).get(reverse(url_name, args=arguments)).status_code


def grant_of(cast: Cast, name: str) -> Grant:
    """The grant of one of the cast."""
    with acting(SYSTEM):
        found: Grant = Grant.objects.unscoped("the cast's own").get(user=cast.users[name])
        return found


def test_a_grant_that_ends_today_gives_no_right_on_the_next_request(cast: Cast) -> None:
    client = signed_in(cast, "street_officer")
    assert client.get(reverse("register:employers")).status_code == 200
    with acting(SYSTEM):
        end_grant(grant_of(cast, "street_officer"), actor=SYSTEM, on=today())
    assert client.get(reverse("register:employers")).status_code == 403


def test_a_grant_holds_from_its_first_day_until_the_day_before_its_last(cast: Cast) -> None:
    worker = cast.users["worker"]
    with acting(SYSTEM):
        for since, before, holds in ((TOMORROW, None, False), (LONG_AGO, today(), False), (today(), TOMORROW, True)):
            grant_role(cast.street, actor=SYSTEM, user=worker, role="street_officer", since=since, before=before)
            assert actor_for(worker).can("register.edit_employer") == holds


def test_a_closed_account_has_no_rights_in_any_session(cast: Cast) -> None:
    client = signed_in(cast, "street_officer")
    with acting(SYSTEM):
        close_account(cast.users["street_officer"], actor=SYSTEM)
    cast.users["street_officer"].refresh_from_db()
    assert not actor_for(cast.users["street_officer"]).scopes
    assert client.get(reverse("register:employers")).status_code in (302, 403)


def test_nobody_widens_his_own_rights(cast: Cast) -> None:
    with cast.act("administrator") as actor, pytest.raises(Refused, match="不能给自己授权"):
        grant_role(cast.district, actor=actor, user=cast.users["administrator"], role="department_officer", since=today())


def test_a_grant_carries_its_department(cast: Cast) -> None:
    worker = cast.users["worker"]
    with acting(SYSTEM):
        for department in ("office", "rights"):
            grant_role(
                cast.district, actor=SYSTEM, user=worker, role="department_officer", since=today(), department=department
            )
        rows = Grant.objects.unscoped("the grants just made").filter(user=worker)
        assert set(rows.values_list("department", flat=True)) == {"office", "rights"}
        with pytest.raises(Refused, match="已有这一角色"):
            grant_role(cast.district, actor=SYSTEM, user=worker, role="department_officer", since=today(), department="office")


# -- pilot switches ---------------------------------------------------------------------------------------------


def switch(place: Organisation, is_on: bool) -> None:
    """Switches the register on or off at a place from today on."""
    with acting(SYSTEM):
        switch_area(place, actor=SYSTEM, area="register", is_on=is_on, since=today())


def test_an_area_that_is_off_at_a_street_drops_out_for_its_officer(cast: Cast) -> None:
    switch(cast.street, is_on=False)
    assert status(cast, "street_officer", "register:employers") == 403
    assert status(cast, "enterprise_chair", "register:unions") == 403
    assert status(cast, "outsider", "register:employers") == 200
    assert status(cast, "street_officer", "web:home") == 200
    page = signed_in(cast, "street_officer").get(reverse("web:home")).content.decode()
    assert reverse("register:employers") not in page


def test_a_pilot_below_an_area_that_is_off_stays_on(cast: Cast) -> None:
    switch(cast.district, is_on=False)
    assert status(cast, "street_officer", "register:employers") == 403
    switch(cast.street, is_on=True)
    assert status(cast, "street_officer", "register:employers") == 200
    assert status(cast, "outsider", "register:employers") == 403
    assert status(cast, "department_officer", "register:employer", cast.mill.public_id) == 200
    assert status(cast, "department_officer", "register:employer", cast.neighbour.public_id) == 404


def test_a_switch_may_be_turned_back_and_not_turned_twice(cast: Cast) -> None:
    switch(cast.street, is_on=False)
    with pytest.raises(Refused, match="已经是这个状态"):
        switch(cast.street, is_on=False)
    switch(cast.street, is_on=True)
    assert status(cast, "street_officer", "register:employers") == 200


@pytest.mark.parametrize(
    ("root", "paths", "in_use"),
    [
        ("1.2.", {}, {"1.2."}),
        ("1.2.", {"1.": False}, set()),
        ("1.2.", {"1.": False, "1.2.": True}, {"1.2."}),
        ("1.", {"1.": False, "1.2.": True, "1.3.": False}, {"1.2."}),
        ("1.2.5.", {"1.": True, "1.2.": False}, set()),
        ("1.2.", {"1.20.": False}, {"1.2."}),
    ],
)
def test_the_nearest_switch_upwards_decides(root: str, paths: dict[str, bool], in_use: set[str]) -> None:
    assert roots_in_use(root, paths) == in_use


def test_an_area_that_is_off_at_a_street_stays_on_for_the_district_above(cast: Cast) -> None:
    """A switch says who works with an area; records that are there already stay in sight of those above."""
    switch(cast.street, is_on=False)
    for employer in (cast.neighbour, cast.mill):
        assert status(cast, "department_officer", "register:employer", employer.public_id) == 200
