"""Row G1: every write leaves what was and what is, who did it, where and in which request; every look at what is sensitive is written
down before it is answered."""

import ast
import inspect
from collections.abc import Callable, Iterator
from importlib import import_module
from pkgutil import walk_packages
from typing import Any

import pytest
from django.apps import apps
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.client import MULTIPART_CONTENT
from django.urls import reverse

import gonghui
from gonghui.areas.members.cards import codes
from gonghui.areas.members.models import CardReading
from gonghui.areas.unionbuilding.tests import founding
from gonghui.core.access.queries import actor_for
from gonghui.core.actions.action import NotAllowed, Refused, verbs
from gonghui.core.actions.door import acting
from gonghui.core.actions.models import Scoped
from gonghui.core.actions.policies import is_event
from gonghui.core.actions.walls import Open
from gonghui.core.history.models import Reading
from gonghui.core.reference.queries import choices
from gonghui.kit.dates import now, today
from gonghui.kit.flow import Step
from tests.canaries import planted
from tests.cast import SYSTEM, Cast
from tests.members import records
from tests.portal.pages import signed_in as worker_signed_in
from tests.sweep import Sweeper, Visit, filled_in, fillings
from tests.test_flows import flows
from tests.test_pages import signed_in
from tests.ways import FLOWS, TAKEN
from tests.world import INSPECTOR, World

WHY = "compared with what was done"
EVENTS = [model for model in apps.get_models() if is_event(model)]
SAID = ("verb", "user", "name", "place", "channel", "request")
UNTRACKED = {
    "history.reading": "the log of readings itself: written once, never changed",
    "members.cardreading": "a log of showings: written once, never changed",
    "notices.message": "its own record of what became of it",
    "accounts.signincode": "before there is an actor; gone once it is used",
    "accounts.tally": "counts under keyed digests; says nothing about anybody",
    "accounts.device": "a browser that was recognised; gone when its owner signs out everywhere",
    "register.changedemployer": "a note of the database to itself; gone once it is worked in",
    "register.span": "made anew from facts that keep their history",
    "web.run": "an export or bulk action under way; what it writes is written by actions",
    "web.runrow": "one row of a bulk action; what it writes is written by actions",
    "unionbuilding.entry": "a line of somebody else's list: written once, never changed; the edition keeps the history",
    "unionbuilding.payment": "the same",
    "unionbuilding.difference": "made anew from two editions",
    "unionbuilding.match": "made anew by each matching; what people decide of it is a verdict, which keeps its history",
    "exchange.batchline": "lines of an import; the import and what it wrote keep the history",
}


# -- writes -----------------------------------------------------------------------------------------------------


def newest_events() -> dict[Any, int]:
    """The last event of each table."""
    return {model: model._base_manager.aggregate(last=models.Max("pgh_id"))["last"] or 0 for model in EVENTS}


def since(before: dict[Any, int]) -> Iterator[Any]:
    """What history has gained."""
    for model, last in before.items():
        yield from model._base_manager.filter(pgh_id__gt=last).select_related("pgh_context")


def wanting(event: Any, user_id: int | None) -> str:
    """What an event does not say, in words; empty where nothing is missing."""
    said = event.pgh_context.metadata if event.pgh_context else {}
    missing = [name for name in SAID if name not in said]
    if missing:
        return f"{event._meta.label} says no {missing}"
    if said["verb"] not in verbs and not said["verb"].startswith("register.found_root"):
        return f"{event._meta.label} names {said['verb']!r}, which is no action"
    if said["user"] != user_id or not said["request"]:
        return f"{event._meta.label} is {said['user']}'s in request {said['request']!r}"
    earlier = type(event)._base_manager.filter(pgh_obj_id=event.pgh_obj_id, pgh_id__lt=event.pgh_id)
    if event.pgh_label != "insert" and not earlier.exists():
        return f"{event._meta.label} was changed, and nothing says from what"
    return ""


def test_every_table_keeps_its_history_or_says_why_not() -> None:
    tracked = {vars(model)["pgh_tracked_model"] for model in EVENTS}
    ours = {
        model._meta.label_lower
        for model in apps.get_models()
        if issubclass(model, Scoped) and model not in tracked and not isinstance(model.wall, Open) and not is_event(model)
    }
    assert ours - set(UNTRACKED) == set()


BY = ("", "worker", "department_officer", "district_chair")
"""Who is tried in turn until one may take a step: the system first."""


IDLE = (
    "complete",
    "mend",
    "answer",
)  # as tests/ways.py takes them nothing is to be done: no limit is over, no cell mended, nobody lacking


def traced(cast: Cast, step: Step, record: Any, by: str) -> str | None:
    """Takes a step and takes it back: what its history lacks; None where this one may not take it."""
    actor = cast.actor(by) if by else SYSTEM
    with transaction.atomic():
        try:
            with acting(SYSTEM):
                before = newest_events()
            with acting(actor):
                TAKEN[step.action](record, actor)
            with acting(SYSTEM):
                found = list(since(before))
                wrong = {wanting(one, actor.user_id) for one in found} - {""}
                named = step.action in {one.pgh_context.metadata["verb"] for one in found if one.pgh_context}
            return "; ".join(wrong) if named or (step.code in IDLE and not found) else "the history does not name the action"
        except (NotAllowed, Refused):
            return None
        finally:
            transaction.set_rollback(True)


@pytest.mark.parametrize("code", list(FLOWS))
def test_every_step_of_a_flow_leaves_its_trace(cast: Cast, code: str) -> None:
    """Each step from the first state that allows it; who else may take it is tried by tests/test_flows.py."""
    way = FLOWS[code]
    for step in flows()[code].steps:
        with transaction.atomic():
            with acting(SYSTEM):
                record = way.make(cast, step.sources[0]) if step.sources[0] else way.start(cast)
            said = (traced(cast, step, record, by) for by in BY)
            assert next((one for one in said if one is not None), "nobody could take it") == "", step.code
            transaction.set_rollback(True)


class Watcher(Sweeper):
    """The inspector, whose every write is judged by the history that it leaves."""

    def __init__(self, world: World) -> None:
        super().__init__(world, INSPECTOR)
        self.user_id = world.cast.users[INSPECTOR].pk
        self.wrong: set[str] = set()
        self.wrote: set[str] = set()

    def replay(self, name: str, url: str, data: Any) -> Visit:
        """Posts inside a savepoint, reads the history, takes everything back."""
        with transaction.atomic():
            with acting(SYSTEM):
                before = newest_events()
            self.client.raise_request_exception = False
            visit = self.posted(url, data)
            with acting(SYSTEM):
                for event in since(before):
                    self.wrote.add(name)
                    if problem := wanting(event, self.user_id):
                        self.wrong.add(f"{name}: {problem}")
            transaction.set_rollback(True)
        return visit

    def posted(self, url: str, data: Any) -> Visit:
        """One request that is not taken back by itself."""
        kind = "application/json" if url.startswith("/api/") else MULTIPART_CONTENT
        response = self.client.post(url, data or {}, content_type=kind)
        return Visit("post", url, response.status_code, "")


@pytest.mark.slow
def test_every_address_that_writes_leaves_who_where_and_in_which_request(cast: Cast) -> None:
    """The matrix of row A1 replayed by somebody who may do everything: one of each kind of record at each address."""
    world = planted(cast)
    filled, _unfilled = fillings(world)
    watcher = Watcher(world)
    for one in {one.kind: one for one in reversed(filled)}.values():
        form = watcher.ask("get", one.url).form
        watcher.replay(one.address.name, one.url, filled_in(form, one.address.name, world))
    print(f"\n{len(watcher.wrote)} addresses wrote: {sorted(watcher.wrote)}")
    assert watcher.wrong == set()
    assert len(watcher.wrote) > 35


def test_a_write_without_an_action_is_noticed(cast: Cast) -> None:
    """Else nothing is proven."""
    with acting(SYSTEM):
        before = newest_events()
        person = cast.member.person
        person.native_place = "某处"
        person.save(update_fields=["native_place"])
        assert {wanting(one, None) for one in since(before)} != {""}


# -- readings ---------------------------------------------------------------------------------------------------


def reading_actions() -> set[str]:
    """The actions that write a reading down, from their code."""
    found = set()
    for one in walk_packages(gonghui.__path__, "gonghui."):
        if ".actions" in one.name and ".tests" not in one.name:
            for node in ast.walk(ast.parse(inspect.getsource(import_module(one.name)))):
                calls = {getattr(call.func, "id", "") for call in ast.walk(node) if isinstance(call, ast.Call)}
                if isinstance(node, ast.FunctionDef) and calls & {"log_reading", "CardReading"}:
                    names = [call.args[0].value for call in node.decorator_list if isinstance(call, ast.Call)]  # type: ignore[attr-defined]
                    found.update(names)
    return found


def reason() -> str:
    with acting(SYSTEM):
        return str(choices("reveal_reason", today())[0][0])


Ask = Callable[[Cast], tuple[Client, str, dict[str, str]]]


def reveal(cast: Cast) -> tuple[Client, str, dict[str, str]]:
    url = reverse("members:member_step", args=[cast.member.public_id, "reveal"])
    return signed_in(cast, "street_officer"), url, {"what": "phone", "reason": reason()}


def print_card(cast: Cast) -> tuple[Client, str, dict[str, str]]:
    return signed_in(cast, "street_officer"), reverse("members:member_step", args=[cast.member.public_id, "print"]), {}


def scan(cast: Cast) -> tuple[Client, str, dict[str, str]]:
    return signed_in(cast, "street_officer"), reverse("members:scanner"), {"text": codes(cast.member.public_id, now())[0].text}


def call_officer(cast: Cast) -> tuple[Client, str, dict[str, str]]:
    return worker_signed_in(cast.users["worker"]), reverse("portal:officer_phone"), {"post": "chair", "name": "孙佳怡"}


def reveal_contact(cast: Cast) -> tuple[Client, str, dict[str, str]]:
    with acting(SYSTEM):
        contact = apps.get_model("register.Contact").objects.unscoped(WHY).get(union=cast.own)
    return (
        signed_in(cast, "street_officer"),
        reverse("register:contact_step", args=[contact.public_id, "phone"]),
        {"reason": reason()},
    )


def download(cast: Cast) -> tuple[Client, str, dict[str, str]]:
    client = signed_in(cast, "street_officer")
    response = client.post(reverse("web:export", args=["list:members.members"]), {"purpose": "check"})
    return client, response.headers["Location"], {}


def reveal_account(cast: Cast) -> tuple[Client, str, dict[str, str]]:
    with acting(SYSTEM):
        prospect = founding.led(founding.agreed(cast), 7)
        public_id = prospect.founding.public_id
    return (
        signed_in(cast, "street_officer"),
        reverse("unionbuilding:founding_step", args=[public_id, "account"]),
        {"reason": reason()},
    )


READINGS: dict[str, Ask | None] = {
    "unionbuilding.reveal_account": reveal_account,
    "members.reveal": reveal,
    "members.print_member": print_card,
    "members.read_card": scan,
    "members.show_officer_phone": call_officer,
    "register.reveal_phone": reveal_contact,
    "files.open_file": download,
    "notices.address_message": None,  # many at once, into a file that is opened by `files.open_file`: tests/dayone
}


def test_every_action_that_shows_something_sensitive_is_tried() -> None:
    assert reading_actions() == set(READINGS)


def written() -> int:
    """How many readings and showings there are."""
    with acting(SYSTEM):
        return Reading.objects.unscoped(WHY).count() + CardReading.objects.unscoped(WHY).count()


def cut_off(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """A middleware that loses the answer on its way to the browser."""

    def middleware(request: HttpRequest) -> HttpResponse:
        get_response(request)
        raise ConnectionResetError("the browser is gone")

    return middleware


@pytest.mark.parametrize("verb", [verb for verb, ask in READINGS.items() if ask])
def test_the_reading_stands_even_where_the_answer_never_arrives(cast: Cast, verb: str, settings: Any) -> None:
    ask = READINGS[verb]
    assert ask is not None
    client, url, data = ask(cast)
    before = written()
    settings.MIDDLEWARE = [f"{__name__}.cut_off", *settings.MIDDLEWARE]
    lost = Client(raise_request_exception=False)
    lost.cookies = client.cookies
    assert lost.post(url, data).status_code == 500
    assert written() == before + 1


@pytest.mark.parametrize("verb", [verb for verb, ask in READINGS.items() if ask])
def test_what_is_not_written_down_is_not_answered(cast: Cast, verb: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The log is full or gone: the page fails, and says nothing."""
    ask = READINGS[verb]
    assert ask is not None
    client, url, data = ask(cast)
    client.raise_request_exception = False

    def fail(*args: Any, **more: Any) -> None:
        raise OSError("no space left")

    for model in (Reading, CardReading):
        monkeypatch.setattr(model, "save", fail)
    answer = client.post(url, data)
    assert answer.status_code == 500
    content = answer.content.decode()
    assert not any(secret in content for secret in ("13900002046", "13812342046", "李想"))
    assert not actor_for(cast.users["worker"]).scopes
    assert records.fresh(cast.member).state == "active"
