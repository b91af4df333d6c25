"""Every address × method × member: nobody is shown what is another's, with both walls and with either one alone."""

import logging
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import pytest
from django.apps import apps

from gonghui.core.actions.actor import Actor
from gonghui.core.actions.models import Public, ScopedQuerySet
from gonghui.core.actions.walls import Open
from tests.canaries import INSPECTOR, WORDS, World, planted
from tests.cast import Cast
from tests.sweep import MISSING, Filled, Sweeper, Visit, body, filled_in, fillings, queries

NO_ADDRESS = {"access.switch": "a pilot switch has no page; everybody may read it"}


@pytest.fixture
def world(cast: Cast) -> Iterator[World]:
    """Planted; the log of refused requests is switched off, there are thousands."""
    logging.disable(logging.WARNING)
    yield planted(cast)
    logging.disable(logging.NOTSET)


@dataclass
class Findings:
    """What a sweep found out."""

    visits: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    leaks: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    seen: dict[str, set[str]] = field(default_factory=dict)
    opened: set[str] = field(default_factory=set)
    written: list[str] = field(default_factory=list)
    telling: list[str] = field(default_factory=list)  # hidden records that answer otherwise than missing ones

    def note(self, world: World, name: str, roots: tuple[str, ...], filled: Filled, visit: Visit) -> None:
        """Judges one answer."""
        self.visits[name or "anonymous"] += 1
        self.statuses[visit.status] += 1
        shown = {word for word in WORDS.findall(visit.text) if word in world.canaries}
        self.seen.setdefault(name, set()).update(shown)
        for word in shown:
            canary = world.canaries[word]
            if not canary.may_be_seen(name, roots) or (canary.is_sealed and visit.method == "get"):
                self.leaks.append(f"{name or 'anonymous'} {visit.method} {visit.url} shows {canary.what} {canary.paths}")
        if visit.status >= 500:
            self.failures.append(f"{name or 'anonymous'} {visit.method} {visit.url} answers {visit.status}")
        if visit.status in (200, 302):
            self.opened.add(filled.address.name)
        if visit.method == "get" and visit.writes:
            self.written.append(f"{name} {visit.url} writes {sorted(set(visit.writes))}")

    def print(self) -> None:
        print(f"\n{sum(self.visits.values())} requests {dict(self.visits)}, answers {dict(sorted(self.statuses.items()))}")


def visits(world: World, name: str, filled: list[Filled], forms: dict[str, Any], methods: str) -> Iterator[tuple[Filled, Visit]]:
    """Every address as one member."""
    member = Sweeper(world, name)
    for one in filled:
        for query in queries(one, world):
            visit = member.ask("get", one.url + query)
            yield one, visit
            if visit.form is not None and not query:
                forms.setdefault(one.url, visit.form)
        if methods != "get":
            typed = filled_in(forms.get(one.url), one.address.name)
            yield one, member.ask("post", one.url, typed, follow=True)


def sweep(world: World, filled: list[Filled], methods: str = "get post", members: list[str] | None = None) -> Findings:
    """Everybody at every address."""
    findings, forms = Findings(), dict[str, Any]()
    for _one, _visit in visits(world, INSPECTOR, filled, forms, "get"):
        pass  # leaves its forms
    for name in members if members is not None else world.members:
        roots = world.roots(name)
        for one, visit in visits(world, name, filled, forms, methods):
            findings.note(world, name, roots, one, visit)
    findings.print()
    return findings


def tell_tales(world: World, name: str, filled: list[Filled]) -> Iterator[str]:
    """Hidden records that answer otherwise than missing ones."""
    member, roots, missing = Sweeper(world, name), world.roots(name), dict[tuple[str, str], str]()
    for one in filled:
        if one.record is None or one.record.may_be_seen(name, roots):
            continue
        for method in ("get", "post"):
            url = one.of(MISSING)
            if (method, url) not in missing:
                missing[method, url] = answer(member.ask(method, url), MISSING)
            if answer(member.ask(method, one.url), one.record.public_id) != missing[method, url]:
                yield f"{name or 'anonymous'} {method} {one.url}"


def answer(visit: Visit, public_id: Any) -> str:
    """Status and body."""
    return f"{visit.status} {body(visit, public_id)}"


def test_nobody_is_shown_what_is_anothers(world: World) -> None:
    start = monotonic()
    filled, unfilled = fillings(world)
    assert unfilled == [], "give these addresses arguments in tests/sweep.py or records in tests/canaries.py"
    print(f"\n{len({one.address.name for one in filled})} addresses, filled {len(filled)} ways, {monotonic() - start:.0f} s")
    findings = sweep(world, filled)
    print(f"{monotonic() - start:.0f} s")
    assert findings.leaks == []
    assert findings.failures == []
    assert findings.written == [], "a GET writes"
    assert {one.address.name for one in filled} - findings.opened == set(), "nobody got in: the sweep saw nothing there"
    never = [one for word, one in world.canaries.items() if not any(word in seen for seen in findings.seen.values())]
    assert [one for one in never if not one.is_sealed] == [], "nobody saw these, so nothing was tested with them"


def test_a_hidden_record_answers_like_a_missing_one(world: World) -> None:
    filled, _unfilled = fillings(world)
    told = [tale for name in world.members for tale in tell_tales(world, name, filled)]
    assert told == []


def test_every_model_with_an_address_is_planted(world: World) -> None:
    walled = {
        model._meta.label_lower
        for model in apps.get_models()
        if issubclass(model, Public) and not isinstance(model.wall, Open)
    }
    assert walled - set(world.records) == set(NO_ADDRESS)


def without_wall_1(patch: pytest.MonkeyPatch) -> None:
    """Every query answers with all that the database lets through."""
    patch.setattr(ScopedQuerySet, "_walled", lambda rows, actor, permission, kind: rows._chain()._opened())


def without_wall_2(patch: pytest.MonkeyPatch) -> None:
    """The database is told that everybody stands everywhere."""
    patch.setattr(Actor, "roots", frozenset({"*"}))


@pytest.mark.slow
def test_the_query_filter_alone_hides_what_is_anothers(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    filled, _unfilled = fillings(world)
    without_wall_2(monkeypatch)
    findings = sweep(world, filled, "get")
    assert findings.leaks == []
    assert findings.failures == []


@pytest.mark.slow
def test_the_database_alone_hides_what_is_anothers(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    filled, _unfilled = fillings(world)
    without_wall_1(monkeypatch)
    findings = sweep(world, filled, "get")
    assert findings.leaks == []
    assert findings.failures == []


def test_without_both_walls_the_sweep_finds_leaks(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the harness is worthless."""
    filled, _unfilled = fillings(world)
    without_wall_1(monkeypatch)
    without_wall_2(monkeypatch)
    findings = sweep(world, filled, "get", ["outsider", "enterprise_chair"])
    assert len(findings.leaks) > 100
    print(f"{len(findings.leaks)} leaks found, as there should be")
