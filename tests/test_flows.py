"""Every flow: step × state × role through the actions themselves, and random sequences that never go astray.

The flows are found in the code. `ways.py` says how a record of each comes into every state and how the action of each step is called;
without that the run fails.
"""

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import Model

from gonghui.areas.members.models import Transfer
from gonghui.areas.register import actions as register
from gonghui.areas.register.actions import EmployerRow
from gonghui.areas.register.models import StrikeOff
from gonghui.core.access.roles import ROLES, WORKER
from gonghui.core.accounts.models import User
from gonghui.core.actions.action import NotAllowed, Refused
from gonghui.core.actions.door import acting
from gonghui.core.people.models import Person
from gonghui.kit.areas import areas
from gonghui.kit.flow import Flow, Step
from tests.cast import LONG_AGO, SYSTEM, Cast
from tests.way import Way
from tests.ways import AT_PARENT, AT_TARGET, FLOWS, OF_THE_LIST, TAKEN, proposed


def flows() -> dict[str, Flow]:
    """Every flow of the code, from the modules that may define one."""
    names = [f"{area.name}.{name}" for area in areas() for name in ("models", "rules") if area._has(name)]
    found = [one for name in names for one in vars(import_module(name)).values() if isinstance(one, Flow)]
    return {flow.code: flow for flow in found}


def stored(record: Model) -> Any:
    """The record as the database has it, and how much history there is."""
    with acting(SYSTEM), connection.cursor() as cursor:
        cursor.execute("select count(*) from pghistory_context")
        return type(record)._base_manager.filter(pk=record.pk).values().get(), cursor.fetchone()


def holds(cast: Cast, name: str, permission: str, path: str) -> bool:
    """Whether a member's role holds a permission at a path, from the table of roles and the tree."""
    place = {"worker": "", "outsider": cast.next_street.path, "street_officer": cast.street.path}
    place |= {"enterprise_chair": cast.own.path}
    role = {"outsider": "street_officer"}.get(name, name)
    root = place.get(name, cast.district.path)
    return bool(root) and role in ROLES and permission in ROLES[role].permissions and path.startswith(root)


def owns(cast: Cast, name: str, record: Any) -> bool:
    """Whether a record is the worker's own."""
    worker = cast.users["worker"]
    if name != "worker" or isinstance(record, User):
        return name == "worker"
    if isinstance(record, Transfer):
        with acting(SYSTEM):
            record = record.membership
    person = record.pk if isinstance(record, Person) else record.person_id
    return getattr(record, "user_id", None) == worker.pk or person == worker.person_id


def targets(flow: Flow, step: Step, state: str) -> set[str]:
    """Where the action of a step may lead from a state; it may be the action of two steps."""
    return {one.target for one in flow.steps if one.action == step.action and state in one.sources}


def attempt(cast: Cast, step: Step, record: Any, name: str) -> str:
    """Takes a step as somebody and takes it back; says what came of it: done, Refused or NotAllowed."""
    flow = next(flow for flow in flows().values() if step in flow.steps)
    state = stored(record)[0].get("state", "")
    try:
        with transaction.atomic():
            with cast.act(name) as actor:
                TAKEN[step.action](record, actor)
            after = stored(record)[0].get("state")
            assert step.sources == ("",) or after in targets(flow, step, state)
            transaction.set_rollback(True)
    except (Refused, NotAllowed) as error:
        return type(error).__name__
    return "done"


def place(cast: Cast, way: Way, step: Step, record: Any) -> str:
    """The path at which a step must be permitted."""
    if isinstance(record, User | Person):
        return "nowhere"
    if step.action in AT_TARGET:
        return cast.joint.path
    path = way.holder(record) if step.sources != ("",) else getattr(record, "path", "") or way.holder(record)
    return path.removesuffix(f"{record.pk}.") if step.action in AT_PARENT else path


def expected(cast: Cast, way: Way, step: Step, state: str, record: Any, name: str) -> str:
    """What the flow, the roles and the tree say must come of it."""
    with acting(SYSTEM):
        path = place(cast, way, step, record)
    if step.action in OF_THE_LIST and not holds(cast, name, "register.enter_employer", path):
        return "NotAllowed"
    is_own = step.action in WORKER and owns(cast, name, record)
    if not is_own and not holds(cast, name, step.action, path):
        return "NotAllowed"
    return "done" if state in step.sources else "Refused"


def test_every_flow_and_every_step_can_be_tried() -> None:
    assert set(flows()) == set(FLOWS)
    assert {step.action for flow in flows().values() for step in flow.steps} == set(TAKEN)


@pytest.mark.parametrize("code", FLOWS)
def test_a_step_succeeds_exactly_from_its_states_and_for_its_roles(cast: Cast, code: str) -> None:
    flow, way, tried = flows()[code], FLOWS[code], Counter[str]()
    for state in ["", *flow.codes]:
        with acting(SYSTEM):
            record = way.make(cast, state) if state else way.start(cast)
        for step in flow.steps:
            if ("" in step.sources) != (state == ""):
                continue  # what is there already cannot be made once more
            for name in cast.users:
                before = stored(record)
                found = attempt(cast, step, record, name)
                assert found == expected(cast, way, step, state, record, name), (step.code, state, name)
                assert stored(record) == before, (step.code, state, name)
                tried[found] += 1
    print(f"\n{code}: {dict(tried)}")
    assert tried["done"]


@pytest.mark.parametrize("step", ["approve", "return"])
def test_nobody_decides_his_own_proposal(cast: Cast, step: str) -> None:
    with acting(SYSTEM):
        row = EmployerRow("自报单位", LONG_AGO, region=cast.street.region)
        employer = register.enter_employer(cast.street, actor=SYSTEM, row=row)
        proposal = proposed(cast, employer, by="department_officer")
    taken = flows()["strike_off"].step(step)
    assert attempt(cast, taken, proposal, "department_officer") == "Refused"
    assert attempt(cast, taken, proposal, "district_chair") == "done"
    with pytest.raises(IntegrityError, match="two_persons"), transaction.atomic(), acting(SYSTEM):
        StrikeOff.objects.unscoped("past the action").filter(pk=proposal.pk).update(decided_by=cast.users["department_officer"])


def state_fields() -> Iterator[tuple[type[Model], str]]:
    """Every column that stores the words of a flow."""
    words = {tuple(flow.codes) for flow in flows().values()}
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if tuple(key for key, _label in field.choices or ()) in words and not hasattr(model, "pgh_tracked_model"):
                yield model, field.name


KNOWN_GAPS = {("register.standing", "state")}  # the employer's state over time: no constraint holds its words yet


def test_the_database_refuses_words_that_are_no_states(cast: Cast) -> None:
    with acting(SYSTEM):
        for code, way in FLOWS.items():
            way.make(cast, flows()[code].codes[0])
    accepted = set()
    for model, name in state_fields():
        with suppress(IntegrityError), transaction.atomic():
            with acting(SYSTEM):
                assert model.objects.unscoped("past the actions").update(**{name: "nowhere"})  # type: ignore[attr-defined]
            accepted.add((model._meta.label_lower, name))
            transaction.set_rollback(True)
    assert accepted == KNOWN_GAPS


@pytest.mark.slow
@pytest.mark.parametrize("code", FLOWS)
def test_no_sequence_of_steps_goes_astray(cast: Cast, code: str) -> None:
    """A hundred random sequences of twelve steps, by whoever comes along: every change of state is one the flow knows."""
    flow, way, rng, taken = flows()[code], FLOWS[code], random.Random(f"{code} 2026"), Counter[str]()
    steps = [step for step in flow.steps if "" not in step.sources]
    actors = {name: cast.actor(name) for name in cast.users}
    doers = [name for name, actor in actors.items() if any(actor.can(step.action) for step in steps)]
    names = [*doers, *doers, *cast.users]  # those who may do something, more often
    for _sequence in range(100):
        with acting(SYSTEM):
            record, state = way.make(cast, flow.codes[0]), flow.codes[0]
        for _event in range(12):
            step, actor = rng.choice(steps), actors[rng.choice(names)]
            is_done = False
            with suppress(Refused, NotAllowed), acting(actor):
                TAKEN[step.action](record, actor)
                is_done = True
            after = stored(record)[0]["state"]
            assert after == state or after in targets(flow, step, state), (step.code, state, after)
            taken[f"{state} → {after}"] += is_done
            state = after
    print(f"\n{code}: {dict(taken)}")
    assert sum(taken.values()) >= 50
