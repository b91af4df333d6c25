"""The door: rights and verbs stand exactly as long as they should, whatever is raised, nested or cancelled meanwhile."""

import random
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError, OperationalError, ProgrammingError
from django.test.utils import CaptureQueriesContext
from stdnum.cn import uscc

from gonghui.areas.register.actions import close_employer, edit_employer, edit_union, enter_employer
from gonghui.areas.register.actions.employers import EmployerRow
from gonghui.areas.register.models import Employer
from gonghui.core.actions import door
from gonghui.core.actions.action import NotAllowed, Refused, action, change, verbs
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import acting, beyond_scope, entry, read
from tests.cast import LONG_AGO, SYSTEM, Cast, found_cast

WHY = "wall 1 off in a test"


class Stop(Exception):
    """Something went wrong inside."""


def sees() -> set[Employer]:
    """What the database lets through now."""
    return set(Employer.objects.unscoped(WHY))


def test_an_actor_inside_another_gives_way_to_him_again(cast: Cast) -> None:
    ours, theirs = {cast.firm, cast.shop, cast.mill}, {cast.neighbour}
    with cast.act("street_officer"):
        with cast.act("outsider"):
            assert sees() == theirs
            with cast.act("street_officer"), cast.act("worker"):
                assert sees() == set()
            assert sees() == theirs
        assert sees() == ours


def test_beyond_scope_ends_with_its_block(cast: Cast) -> None:
    with cast.act("outsider"):
        before = read()
        with beyond_scope(WHY):
            assert len(sees()) == 4
            with beyond_scope("once more"):
                assert len(sees()) == 4
            with cast.act("worker"):
                assert sees() == set()
            assert len(sees()) == 4
        assert (sees(), read()) == ({cast.neighbour}, before)


@pytest.mark.parametrize("opened", [lambda cast: beyond_scope(WHY), lambda cast: cast.act("street_officer")])
def test_an_error_that_is_caught_outside_leaves_the_rights_as_they_were(cast: Cast, opened: Callable[[Cast], Any]) -> None:
    with cast.act("outsider"):
        before = read()
        with suppress(Stop), opened(cast):
            assert len(sees()) > 1
            raise Stop
        assert (sees(), read()) == ({cast.neighbour}, before)
        with suppress(DatabaseError), opened(cast), connection.cursor() as cursor:
            cursor.execute("select 1 / 0")
        assert (sees(), read()) == ({cast.neighbour}, before)


def test_what_was_written_before_an_error_is_gone(cast: Cast) -> None:
    with cast.act("street_officer") as actor:
        with suppress(Stop), cast.act("street_officer"):
            edit_employer(cast.mill, actor=actor, address="不该留下")
            raise Stop
        assert Employer.objects.visible_to(actor).get(pk=cast.mill.pk).address == ""


def test_beyond_scope_and_unscoped_say_why(cast: Cast) -> None:
    with cast.act("worker"):
        with pytest.raises(ValueError, match="reason"), beyond_scope(""):
            pass
        with pytest.raises(ValueError, match="reason"):
            Employer.objects.unscoped("")


def verbs_of(employer: Employer) -> list[str]:
    """The verbs in its history, oldest first."""
    with acting(SYSTEM):
        events = apps.get_model("register.EmployerEvent")._base_manager.filter(pgh_obj=employer).order_by("pgh_id")
        return [event.pgh_context.metadata["verb"] for event in events.select_related("pgh_context")]


def test_nested_actions_keep_their_own_verbs(cast: Cast) -> None:
    with cast.act("street_officer") as actor:
        before = len(verbs_of(cast.mill))
        with entry("outer", actor):
            change(cast.mill, address="一")
            with entry("inner", actor):
                change(cast.mill, address="二")
            change(cast.mill, address="三")
            with suppress(Stop), entry("failed", actor):
                change(cast.mill, address="四")
                raise Stop
            change(cast.mill, address="五")
    assert verbs_of(cast.mill)[before:] == ["outer", "inner", "outer", "outer"]


def test_who_acted_stands_in_the_history(cast: Cast) -> None:
    with cast.act("street_officer") as actor:
        edit_employer(cast.mill, actor=actor, address="新址")
    with acting(SYSTEM):
        event = apps.get_model("register.EmployerEvent")._base_manager.filter(pgh_obj=cast.mill).latest("pgh_id")
        told = event.pgh_context.metadata
    assert told["verb"] == "register.edit_employer"
    assert (told["user"], told["request"]) == (cast.users["street_officer"].pk, actor.request_id)


def test_an_action_needs_its_permission_at_its_subject(cast: Cast) -> None:
    for name in ("outsider", "enterprise_chair", "administrator", "district_chair", "worker"):
        with cast.act(name) as actor, pytest.raises(NotAllowed, match="edit_employer"):
            edit_employer(cast.mill, actor=actor, address="不行")
    with cast.act("street_officer"), pytest.raises(TypeError, match="needs an actor"):
        edit_employer(cast.mill, actor=None, address="不行")  # type: ignore[arg-type]


def test_an_action_works_on_the_subject_as_it_is_now(cast: Cast) -> None:
    stale = cast.mill
    with cast.act("street_officer") as actor:
        close_employer(cast.mill, actor=actor, on=date(2020, 1, 1), reason="注销")
        assert stale.state == "active"
        with pytest.raises(Refused, match="现在的状态"):
            close_employer(stale, actor=actor, on=date(2020, 1, 2), reason="再注销一次")


def test_an_action_locks_its_subject(cast: Cast) -> None:
    with cast.act("street_officer") as actor, CaptureQueriesContext(connection) as asked:
        edit_employer(cast.mill, actor=actor, address="锁")
    assert any("FOR NO KEY UPDATE" in query["sql"] and "register_employer" in query["sql"] for query in asked.captured_queries)


@pytest.fixture
def half_done() -> Any:
    """An action that writes and then refuses; gone from the register of verbs afterwards."""

    @action("register.edit_employer_halfway", label="试")
    def halfway(employer: Employer, *, actor: Actor) -> None:
        change(employer, address="写了一半")
        raise Refused("不行")

    yield halfway
    del verbs["register.edit_employer_halfway"]


def test_a_refusal_takes_back_all_that_was_written(cast: Cast, half_done: Any) -> None:
    with acting(SYSTEM):
        before = len(verbs_of(cast.mill))
        with pytest.raises(Refused):
            half_done(cast.mill, actor=SYSTEM)
        assert Employer.objects.visible_to(SYSTEM).get(pk=cast.mill.pk).address == ""
    assert len(verbs_of(cast.mill)) == before


def test_a_broken_constraint_becomes_the_sentence_of_its_model(cast: Cast) -> None:
    body = "91110101MA01ABCD2"
    code = body + uscc.calc_check_digit(body)
    with acting(SYSTEM):
        edit_employer(cast.neighbour, actor=SYSTEM, uscc=code)
        edit_union(cast.own, actor=SYSTEM, code="A1")
    with cast.act("street_officer") as actor:
        with pytest.raises(Refused, match="已经入册"):
            edit_employer(cast.mill, actor=actor, uscc=code)
        with pytest.raises(Refused, match="已被另一个工会使用"):
            edit_union(cast.joint, actor=actor, code="A1")
        assert sees() == {cast.firm, cast.shop, cast.mill}


def test_an_unknown_constraint_is_not_hidden(cast: Cast) -> None:
    with cast.act("street_officer") as actor, pytest.raises(IntegrityError):
        edit_employer(cast.mill, actor=actor, state="nowhere")


def test_two_actions_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="two actions named"):
        action("register.edit_employer", label="又一个")(lambda employer, *, actor: None)


@dataclass
class Traffic:
    """Many requests of many users over few connections, each checked against what its user may see."""

    expected: list[tuple[Actor, frozenset[int]]]
    done: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def run(self, seed: int, requests: int) -> None:
        """One thread, one connection."""
        rng = random.Random(seed)
        try:
            for _request in range(requests):
                kind = rng.choice(["plain", "plain", "raises", "cancelled", "nested", "beyond"])
                self.request(rng, kind)
                self.done[kind] += 1
                self.without_context()
        except Exception as error:
            self.wrong.append(repr(error))
        finally:
            connection.close()

    def request(self, rng: random.Random, kind: str) -> None:
        actor, mine = rng.choice(self.expected)
        with suppress(Stop, OperationalError), acting(actor):
            self.check(actor, mine)
            if kind == "nested":
                other, theirs = rng.choice(self.expected)
                with suppress(Stop), acting(other):
                    self.check(other, theirs)
                    raise Stop
            elif kind == "beyond":
                with suppress(Stop), beyond_scope(WHY):
                    sees()
                    raise Stop
            elif kind == "raises":
                raise Stop
            elif kind == "cancelled":
                with connection.cursor() as cursor:
                    cursor.execute("set local statement_timeout = 1; select pg_sleep(1)")
            self.check(actor, mine)

    def check(self, actor: Actor, mine: frozenset[int]) -> None:
        found = {employer.pk for employer in sees()}
        if found != mine:
            self.wrong.append(f"{actor.name} saw {found}, may see {set(mine)}")

    def without_context(self) -> None:
        """Between requests nobody is there, and the database says so."""
        try:
            sees()
        except ProgrammingError:
            return
        self.wrong.append("rows without an actor")


def traffic(threads: int, requests: int) -> Traffic:
    """The cast and the system, all at once."""
    cast = found_cast()
    everybody = frozenset(employer.pk for employer in (cast.firm, cast.shop, cast.mill, cast.neighbour))
    expected = [(SYSTEM, everybody)]
    for name in ("street_officer", "outsider", "enterprise_chair", "worker", "district_chair"):
        with cast.act(name) as actor:
            expected.append((actor, frozenset(employer.pk for employer in Employer.objects.visible_to(actor))))
    assert len({mine for _actor, mine in expected}) == 5
    found = Traffic(expected)
    running = [threading.Thread(target=found.run, args=(seed, requests)) for seed in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    return found


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_no_request_sees_what_the_one_before_it_on_its_connection_saw() -> None:
    found = traffic(threads=4, requests=500)
    print(f"\n{sum(found.done.values())} requests over 4 connections: {dict(found.done)}")
    assert found.wrong == []
    assert sum(found.done.values()) == 2000


@pytest.mark.django_db(transaction=True)
def test_the_traffic_finds_settings_that_outlive_their_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the harness is worthless."""

    def lasting(settings: Mapping[str, str]) -> None:
        with connection.cursor() as cursor:
            for key, value in settings.items():
                cursor.execute("select set_config(%s, %s, false)", [key, value])

    monkeypatch.setattr(door, "write", lasting)
    assert traffic(threads=1, requests=50).wrong
    connection.close()


@pytest.mark.django_db(transaction=True)
def test_a_failed_request_leaves_nothing_behind_on_its_connection() -> None:
    cast = found_cast()
    with suppress(Stop), cast.act("street_officer") as actor:
        enter_employer(cast.street, actor=actor, row=EmployerRow("半途而废", LONG_AGO))
        raise Stop
    assert not connection.in_atomic_block
    left = read()
    assert left.pop("max_parallel_workers_per_gather") == "2"  # the server's own
    assert set(left.values()) <= {"", "none"}
    with acting(SYSTEM):
        assert not Employer.objects.unscoped(WHY).filter(name="半途而废").exists()
    with pytest.raises(ProgrammingError, match="no actor"), transaction.atomic():
        sees()
