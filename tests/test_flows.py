"""Every flow: step × state × role through the actions themselves, and random sequences that never go astray.

The flows are found in the code. A new one says in FLOWS how a record of it comes into each state, and a new step in TAKEN how its
action is called; without them the run fails.
"""

import datetime as dt
import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from itertools import count
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import Model

from gonghui.areas.register import actions as register
from gonghui.areas.register.actions import EmployerRow
from gonghui.areas.register.models import Employer, StrikeOff
from gonghui.core.access import actions as access
from gonghui.core.access.models import Invitation
from gonghui.core.access.roles import ROLES
from gonghui.core.accounts.models import User
from gonghui.core.actions.action import NotAllowed, Refused
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import acting
from gonghui.core.exchange import actions as exchange
from gonghui.core.exchange.models import Batch
from gonghui.core.organisations.models import Kind, Organisation
from gonghui.kit.areas import areas
from gonghui.kit.dates import today
from gonghui.kit.flow import Flow, Step
from tests.cast import LONG_AGO, SYSTEM, Cast

YESTERDAY = today() - dt.timedelta(days=1)
WHY = "kept for the test's own comparison"


def flows() -> dict[str, Flow]:
    """Every flow of the code, from the modules that may define one."""
    names = [f"{area.name}.{name}" for area in areas() for name in ("models", "rules") if area._has(name)]
    found = [one for name in names for one in vars(import_module(name)).values() if isinstance(one, Flow)]
    return {flow.code: flow for flow in found}


@dataclass(frozen=True)
class Way:
    """How a flow is tried: its model, a record in each state, and where its first step is taken."""

    model: type[Model]
    make: Callable[[Cast, str], Any]
    start: Callable[[Cast], Any]
    holder: Callable[[Any], str] = lambda record: record.organisation.path  # the path at which rights over it are held


def employer_in(cast: Cast, state: str) -> Employer:
    """An employer whose striking off was proposed while it was active, and what became of it."""
    row = EmployerRow("被试单位", LONG_AGO, region=cast.street.region)
    employer = register.enter_employer(cast.street, actor=SYSTEM, row=row)
    proposal = proposed(cast, employer)
    if state == "struck_off":
        decided(cast, proposal)
    elif state != "active":
        action = {"closed": register.close_employer, "moved": register.move_out_employer}[state]
        action(employer, actor=SYSTEM, on=YESTERDAY, reason="测试")
    return employer


def proposed(cast: Cast, employer: Employer, by: str = "street_officer") -> StrikeOff:
    """A proposal to strike it off."""
    return register.propose_strike_off(employer, actor=cast.actor(by), reason="unreachable", evidence="三次走访均无人")


def decided(cast: Cast, proposal: StrikeOff) -> None:
    """The district agrees, from yesterday on."""
    register.approve_strike_off(proposal, actor=cast.actor("district_chair"), on=YESTERDAY)


def strike_off_in(cast: Cast, state: str) -> StrikeOff:
    """A proposal in a state."""
    row = EmployerRow("被报单位", LONG_AGO, region=cast.street.region)
    proposal = proposed(cast, register.enter_employer(cast.street, actor=SYSTEM, row=row))
    if state == "returned":
        register.return_strike_off(proposal, actor=cast.actor("district_chair"), decision="请补材料")
    elif state != "proposed":
        decided(cast, proposal)
    if state == "withdrawn":
        register.withdraw_strike_off(proposal, actor=SYSTEM, reason="误剔")
    elif state == "restored":
        register.restore_employer(proposal, actor=SYSTEM, on=today(), reason="恢复营业")
    return proposal


def union_in(cast: Cast, state: str) -> Organisation:
    """A union below the street in a state."""
    union = register.propose_union(cast.street, actor=SYSTEM, name="被试工会", kind=Kind.OWN, on=today())
    if state == "returned":
        register.return_union(union, actor=SYSTEM, note="请补材料")
    elif state != "proposed":
        register.approve_union(union, actor=SYSTEM, on=YESTERDAY, document="京工发〔2026〕1号")
    if state == "dissolved":
        register.dissolve_union(union, actor=SYSTEM, on=today(), reason="测试")
    return union


WORKBOOK = "单位名称,职工人数\n被导入的店,3\n".encode()


def started(organisation: Organisation, actor: Actor) -> Batch:
    """An employer list that was uploaded."""
    return exchange.start_batch(organisation, actor=actor, sheet="register.employers", name="x.csv", content=WORKBOOK)


def batch_in(cast: Cast, state: str) -> Batch:
    """An import at the street in a state."""
    batch = started(cast.street, SYSTEM)
    way = {"mapped": 1, "checked": 2, "importing": 3, "done": 4, "undone": 5}
    for step in ("map", "check", "apply", "finish", "undo")[: way.get(state, 0)]:
        TAKEN[f"exchange.{step}_batch"](batch, SYSTEM)
    if state == "cancelled":
        exchange.cancel_batch(batch, actor=SYSTEM)
    batch.refresh_from_db()
    return batch


NUMBERS = count()  # of telephones, each once


def invited(organisation: Organisation, actor: Actor) -> Invitation:
    """Somebody who may open an account here."""
    who = access.Invitee("被邀请人", f"139{next(NUMBERS):08d}", "enterprise_chair")
    return access.invite(organisation, actor=actor, invitees=[who])[0]


def invitation_in(cast: Cast, state: str) -> Invitation:
    """An invitation at the street in a state."""
    invitation = invited(cast.street, SYSTEM)
    if state == "accepted":
        access.accept_invitation(invitation, actor=SYSTEM, user=cast.users["worker"])
    elif state == "withdrawn":
        access.withdraw_invitation(invitation, actor=SYSTEM)
    invitation.refresh_from_db()
    return invitation


FLOWS: dict[str, Way] = {
    "batch": Way(Batch, batch_in, lambda cast: cast.street),
    "invitation": Way(Invitation, invitation_in, lambda cast: cast.street),
    "employer": Way(Employer, employer_in, lambda cast: cast.street),
    "strike_off": Way(StrikeOff, strike_off_in, lambda cast: cast.mill),
    "union": Way(Organisation, union_in, lambda cast: cast.street, lambda union: union.path),
}


def latest(record: Any) -> Any:
    """The proposal an employer's step is taken on."""
    if isinstance(record, Employer):
        with acting(SYSTEM):
            return StrikeOff.objects.unscoped(WHY).filter(employer=record).latest("pk")
    return record


DAY_AND_REASON: dict[str, Any] = {"on": today(), "reason": "测试"}
TAKEN: dict[str, Callable[[Any, Actor], Any]] = {
    "access.invite": invited,
    "access.issue_invitation": lambda one, actor: access.issue_invitation(one, actor=actor),
    "access.accept_invitation": lambda one, actor: access.accept_invitation(one, actor=actor, user=User.objects.latest("pk")),
    "access.withdraw_invitation": lambda one, actor: access.withdraw_invitation(one, actor=actor),
    "exchange.start_batch": started,
    "exchange.map_batch": lambda one, actor: exchange.map_batch(one, actor=actor, mapping=one.mapped),
    "exchange.check_batch": lambda one, actor: exchange.check_batch(one, actor=actor),
    "exchange.mend_batch": lambda one, actor: exchange.mend_batch(one, actor=actor, cells={}),
    "exchange.apply_batch": lambda one, actor: exchange.apply_batch(one, actor=actor),
    "exchange.finish_batch": lambda one, actor: exchange.finish_batch(one, actor=actor),
    "exchange.fail_batch": lambda one, actor: exchange.fail_batch(one, actor=actor, problem="测试"),
    "exchange.cancel_batch": lambda one, actor: exchange.cancel_batch(one, actor=actor),
    "exchange.undo_batch": lambda one, actor: exchange.undo_batch(one, actor=actor),
    "register.enter_employer": lambda one, actor: register.enter_employer(one, actor=actor, row=EmployerRow("新的", LONG_AGO)),
    "register.close_employer": lambda one, actor: register.close_employer(one, actor=actor, **DAY_AND_REASON),
    "register.move_out_employer": lambda one, actor: register.move_out_employer(one, actor=actor, **DAY_AND_REASON),
    "register.propose_strike_off": lambda one, actor: register.propose_strike_off(
        one, actor=actor, reason="unreachable", evidence="无人"
    ),
    "register.approve_strike_off": lambda one, actor: register.approve_strike_off(latest(one), actor=actor, on=YESTERDAY),
    "register.return_strike_off": lambda one, actor: register.return_strike_off(latest(one), actor=actor, decision="补"),
    "register.withdraw_strike_off": lambda one, actor: register.withdraw_strike_off(latest(one), actor=actor, reason="误剔"),
    "register.restore_employer": lambda one, actor: register.restore_employer(latest(one), actor=actor, **DAY_AND_REASON),
    "register.propose_union": lambda one, actor: register.propose_union(
        one, actor=actor, name="新工会", kind=Kind.BRANCH if one.kind == Kind.OWN else Kind.OWN, on=today()
    ),
    "register.resubmit_union": lambda one, actor: register.resubmit_union(one, actor=actor),
    "register.approve_union": lambda one, actor: register.approve_union(one, actor=actor, on=today(), document="1号"),
    "register.return_union": lambda one, actor: register.return_union(one, actor=actor, note="补"),
    "register.dissolve_union": lambda one, actor: register.dissolve_union(one, actor=actor, **DAY_AND_REASON),
}
OF_THE_LIST = [f"exchange.{step}_batch" for step in ("start", "map", "check", "mend", "apply", "cancel", "undo")]
"""Steps of an import that take the right to write its list as well."""
AT_PARENT = ("register.approve_union", "register.return_union")  # decided by the union above, never by the one proposed


def stored(record: Model) -> Any:
    """The record as the database has it, and how much history there is."""
    with acting(SYSTEM), connection.cursor() as cursor:
        cursor.execute("select count(*) from pghistory_context")
        rows = type(record).objects.unscoped(WHY)  # type: ignore[attr-defined]
        return rows.filter(pk=record.pk).values().get(), cursor.fetchone()


def holds(cast: Cast, name: str, permission: str, path: str) -> bool:
    """Whether a member's role holds a permission at a path, from the table of roles and the tree."""
    place = {"worker": "", "outsider": cast.next_street.path, "street_officer": cast.street.path}
    place |= {"enterprise_chair": cast.own.path}
    role = {"outsider": "street_officer"}.get(name, name)
    root = place.get(name, cast.district.path)
    return bool(root) and role in ROLES and permission in ROLES[role].permissions and path.startswith(root)


def attempt(cast: Cast, step: Step, record: Any, name: str) -> str:
    """Takes a step as somebody and takes it back; says what came of it: done, Refused or NotAllowed."""
    try:
        with transaction.atomic():
            with cast.act(name) as actor:
                TAKEN[step.action](record, actor)
            after = stored(record)[0]["state"]
            assert step.sources == ("",) or after == step.target
            transaction.set_rollback(True)
    except (Refused, NotAllowed) as error:
        return type(error).__name__
    return "done"


def expected(cast: Cast, way: Way, step: Step, state: str, record: Any, name: str) -> str:
    """What the flow, the roles and the tree say must come of it."""
    with acting(SYSTEM):
        path = way.holder(record) if step.sources != ("",) else getattr(record, "path", "") or way.holder(record)
    if step.action in AT_PARENT:
        path = path.removesuffix(f"{record.pk}.")
    if step.action in OF_THE_LIST and not holds(cast, name, "register.enter_employer", path):
        return "NotAllowed"
    if not holds(cast, name, step.action, path):
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
            assert after == state or (flow.allows(step.code, state) and after == step.target), (step.code, state, after)
            taken[f"{state} → {after}"] += is_done
            state = after
    print(f"\n{code}: {dict(taken)}")
    assert sum(taken.values()) >= 100
