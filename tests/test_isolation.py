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
from tests.canaries import planted
from tests.cast import Cast
from tests.sweep import MISSING, RECORD, Filled, Sweeper, Visit, body, filled_in, fillings, queries
from tests.world import INSPECTOR, WORDS, World

NO_ADDRESS = {"access.switch": "a pilot switch has no page; everybody may read it"}
ON_NO_PAGE = {
    "number of somebody invited": "stands in a list of messages only; tests/dayone reads one",
    "number of a firm of a list": "opened by nobody: what is taken over of it is the number of a contact",
}
LEADS_BACK = {
    *(f"portal:{name}" for name in ("officer_phone", "withdraw_application", "withdraw_correction", "withdraw_transfer")),
    "mfa_activate_totp",
    "api:claim",
}
"""Buttons of the portal that take a POST and lead back, pressed by tests/portal; an authenticator is set up by accounts with a password;
what may be claimed is shown to all officers and therefore no canary."""
NARROW = ["street_officer", "outsider", "system_officer", "enterprise_chair", "worker", ""]  # to the others nothing is foreign
TURNED_AWAY = ("worker", "")  # the desk's pages are no page of theirs


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
    leaks: set[str] = field(default_factory=set)
    failures: list[str] = field(default_factory=list)
    tales: list[str] = field(default_factory=list)  # hidden records that answer otherwise than missing ones
    shut: list[str] = field(default_factory=list)  # records one may see that answer like missing ones
    written: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    opened: set[str] = field(default_factory=set)

    def note(self, world: World, name: str, roots: tuple[str, ...], filled: Filled, visit: Visit) -> None:
        """Judges one answer."""
        who = f"{name or 'anonymous'} {visit.method} {visit.url}"
        self.visits[name or "anonymous"] += 1
        self.statuses[visit.status] += 1
        for canary in {world.canaries[word] for word in WORDS.findall(visit.text) if word in world.canaries}:
            self.seen.add(canary.what)
            if not canary.may_be_seen(name, roots) or (canary.is_sealed and visit.method == "get"):
                self.leaks.add(f"{who} shows {canary.what} of {canary.paths or canary.owner}")
        if visit.status >= 500:
            self.failures.append(f"{who} answers {visit.status}")
        if visit.status in (200, 302) and name:
            self.opened.add(filled.address.name)
        is_page = visit.method == "get" and filled.address.arguments == (RECORD,)
        if is_page and visit.status == 404 and filled.record and filled.record.may_be_seen(name, roots):
            self.shut.append(who)
        if visit.method == "get" and visit.writes:
            self.written.append(f"{who} writes {sorted(set(visit.writes))}")

    def print(self, since: float) -> None:
        answers = dict(sorted(self.statuses.items()))
        print(f"\n{sum(self.visits.values())} requests {dict(self.visits)}, answers {answers}, {monotonic() - since:.0f} s")


class Round:
    """One member at every address."""

    def __init__(self, world: World, name: str, forms: dict[Any, Any], findings: Findings) -> None:
        self.world, self.name, self.forms, self.findings = world, name, forms, findings
        self.member, self.roots = Sweeper(world, name), world.roots(name)
        self.missing: dict[tuple[str, str], str] = {}
        self.hidden: set[Any] = set()

    def go(self, filled: list[Filled], methods: tuple[str, ...]) -> None:
        for one in filled:
            if one.record and not one.record.may_be_seen(self.name, self.roots):
                if (one.address.name, one.record) in self.hidden:
                    continue  # one step of a hidden record is as good as all: none is looked at
                self.hidden.add((one.address.name, one.record))
            for query in queries(one, self.world):
                self.judged(one, self.member.ask("get", one.url + query), query)
            if "post" in methods:
                self.judged(one, self.member.ask("post", one.url, self.typed(one), follow=True))

    def judged(self, one: Filled, visit: Visit, query: str = "") -> None:
        self.findings.note(self.world, self.name, self.roots, one, visit)
        if visit.form is not None and not query and visit.method == "get":
            self.forms[one.url] = visit.form
        if one.record is None or query or one.record.may_be_seen(self.name, self.roots):
            return
        if answer(visit, one.record.public_id) != self.answer_missing(one, visit.method):
            self.findings.tales.append(f"{self.name or 'anonymous'} {visit.method} {visit.url}")

    def answer_missing(self, one: Filled, method: str) -> str:
        url = one.of(MISSING)
        if (method, url) not in self.missing:
            typed = self.typed(one) if method == "post" else None
            self.missing[method, url] = answer(self.member.ask(method, url, typed, follow=method == "post"), MISSING)
        return self.missing[method, url]

    def typed(self, one: Filled) -> dict[str, Any]:
        """What is sent to an address: its form filled in; where the member was shown none, the inspector's of another record."""
        return filled_in(self.forms.get(one.url) or self.forms.get(one.kind), one.address.name, self.world)


def answer(visit: Visit, public_id: Any) -> str:
    """Status and body."""
    return f"{visit.status} {body(visit, public_id)}"


def sweep(world: World, filled: list[Filled], members: list[str], methods: tuple[str, ...] = ("get",)) -> Findings:
    """These members at every address."""
    findings, forms, since = Findings(), dict[Any, Any](), monotonic()
    if "post" in methods:
        examples = one_of_a_kind(filled)
        Round(world, INSPECTOR, forms, Findings()).go(examples, ("get",))  # leaves its forms
        forms = {one.kind: forms[one.url] for one in examples if one.url in forms}
    for name in members:
        Round(world, name, dict(forms), findings).go(filled, methods)
    findings.print(since)
    return findings


def filled_everywhere(world: World) -> list[Filled]:
    """Every address, filled; one that nothing fills fails the run."""
    filled, unfilled = fillings(world)
    assert unfilled == [], "give these addresses arguments in tests/sweep.py or records in tests/canaries.py"
    return filled


def one_of_a_kind(filled: list[Filled]) -> list[Filled]:
    """Of the records at one address the first."""
    return list({one.kind: one for one in reversed(filled)}.values())


@pytest.mark.parametrize(
    "name", [name if name == "outsider" else pytest.param(name, marks=pytest.mark.slow) for name in NARROW]
)
def test_nobody_is_shown_what_is_anothers(world: World, name: str) -> None:
    findings = sweep(world, filled_everywhere(world), [name], ("get", "post"))
    assert findings.leaks == set()
    assert findings.failures == []
    assert findings.tales == [], "hidden records that answer otherwise than missing ones"
    assert findings.written == [], "a GET writes"
    assert name in TURNED_AWAY or findings.shut == [], "one's own records that answer like missing ones"


@pytest.mark.slow
def test_the_sweep_gets_in_everywhere_and_sees_everything(world: World) -> None:
    filled = filled_everywhere(world)
    findings = sweep(world, filled, [INSPECTOR], ("get", "post"))
    for name in world.members:
        own = [one for one in filled if not one.record or one.record.owner == name]
        Round(world, name, {}, findings).go(own, ("get",))
    assert findings.leaks == set()
    assert findings.failures == []
    assert findings.written == [], "a GET writes"
    closed = {one.address.name for one in filled} - findings.opened
    assert closed == LEADS_BACK, "nobody got in: the sweep saw nothing there"
    unseen = {one.what for one in world.canaries.values()} - findings.seen
    assert unseen == set(ON_NO_PAGE), "nobody saw these: they prove nothing"


def test_every_model_with_an_address_is_planted(world: World) -> None:
    public = {model for model in apps.get_models() if issubclass(model, Public) and not isinstance(model.wall, Open)}
    assert {model._meta.label_lower for model in public} - set(world.records) == set(NO_ADDRESS)


def without_wall_1(patch: pytest.MonkeyPatch) -> None:
    """Every query answers with all that the database lets through."""
    patch.setattr(ScopedQuerySet, "_walled", lambda rows, actor, permission, kind: rows._chain()._opened())


def without_wall_2(patch: pytest.MonkeyPatch) -> None:
    """The database is told that everybody stands everywhere."""
    patch.setattr(Actor, "roots", frozenset({"*"}))


@pytest.mark.slow
def test_the_query_filter_alone_hides_what_is_anothers(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    filled = filled_everywhere(world)
    without_wall_2(monkeypatch)
    findings = sweep(world, filled, NARROW)
    assert findings.leaks == set()
    assert findings.failures == []


@pytest.mark.slow
def test_the_database_alone_hides_what_is_anothers(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    filled = filled_everywhere(world)
    without_wall_1(monkeypatch)
    findings = sweep(world, filled, NARROW)
    assert findings.leaks == set()
    assert findings.failures == []


@pytest.mark.slow
def test_without_both_walls_the_sweep_finds_leaks(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the harness is worthless."""
    filled = [one for one in filled_everywhere(world) if len(one.arguments) < 2]
    without_wall_1(monkeypatch)
    without_wall_2(monkeypatch)
    findings = sweep(world, filled, ["outsider", "enterprise_chair"])
    assert len(findings.leaks) > 100
    print(f"{len(findings.leaks)} leaks found, as there should be")
