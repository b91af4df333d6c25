"""The door to the database: who acts, in which named action, and the rare steps beyond one's own scope.

Three session settings tell PostgreSQL who is there (`gonghui.roots`, `gonghui.person`, `gonghui.user`), two tell the history
triggers what is being done (`pghistory.context_id`, `pghistory.context_metadata`), and beyond all scopes the role changes to
one whose policies let everything through. Counting beyond scope may use a second core; a page may not, because starting a worker
costs it more than the worker saves. All are local to the transaction, so a connection never carries one request's rights into the
next; no settings means an error, never an empty answer.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType
from uuid import uuid4

from django.db import connection, transaction

from gonghui.core.actions.actor import EVERYWHERE, Actor

EVERYWHERE_ROLE = "gonghui_everywhere"
SETTINGS = (
    "role",
    "max_parallel_workers_per_gather",
    "gonghui.roots",
    "gonghui.person",
    "gonghui.user",
    "pghistory.context_id",
    "pghistory.context_metadata",
)

_noted: ContextVar[Mapping[str, object]] = ContextVar("noted", default=MappingProxyType({}))

EVERYTHING = {"role": EVERYWHERE_ROLE, "max_parallel_workers_per_gather": "2"}
SCOPED = {"role": "none", "max_parallel_workers_per_gather": "0"}


def read() -> dict[str, str]:
    """The settings as they are now; one round trip."""
    with connection.cursor() as cursor:
        cursor.execute("select " + ", ".join(f"coalesce(current_setting('{key}', true), '')" for key in SETTINGS))
        return dict(zip(SETTINGS, cursor.fetchone() or (), strict=True))


def write(settings: Mapping[str, str]) -> None:
    """Sets them until the transaction ends; one round trip."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select " + ", ".join(["set_config(%s, %s, true)"] * len(settings)),
            [part for pair in settings.items() for part in pair],
        )


@contextmanager
def session(settings: Mapping[str, str]) -> Iterator[None]:
    """A transaction (or savepoint) with these settings; the former ones stand again afterwards."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost:
            write(settings)
            yield
            return
        before = read()
        write(settings)
        yield
        write(before)  # not in a finally: rolling back to the savepoint restores them by itself


@contextmanager
def acting(actor: Actor) -> Iterator[None]:
    """Everything inside happens in one transaction, with this actor's rights."""
    with session(
        {
            **(EVERYTHING if EVERYWHERE in actor.roots else SCOPED),
            "gonghui.roots": ",".join(sorted(actor.roots)) or "-",
            "gonghui.person": str(actor.person_id or ""),
            "gonghui.user": str(actor.user_id or ""),
        }
    ):
        yield


@contextmanager
def entry(verb: str, actor: Actor) -> Iterator[None]:
    """Everything written inside stands in the history under this verb and actor, with the reason of the action that calls this one."""
    metadata: dict[str, object] = {
        "verb": verb,
        "user": actor.user_id,
        "name": actor.name,
        "place": actor.place,
        "channel": actor.channel,
        "request": actor.request_id,
    }
    if reason := _noted.get().get("reason"):
        metadata["reason"] = reason
    with noting(metadata, {"pghistory.context_id": str(uuid4())}):
        yield


def context_id() -> str:
    """The id under which history keeps what the running action writes."""
    with connection.cursor() as cursor:
        cursor.execute("select current_setting('pghistory.context_id')")
        return str((cursor.fetchone() or ("",))[0])


@contextmanager
def because(reason: str) -> Iterator[None]:
    """Everything written inside, by the actions called here too, stands in the history with this reason. Used inside an action."""
    with noting({**_noted.get(), "reason": reason}):
        yield


@contextmanager
def noting(metadata: Mapping[str, object], settings: Mapping[str, str] = MappingProxyType({})) -> Iterator[None]:
    """Tells the history's triggers what is being done."""
    token = _noted.set(metadata)
    try:
        with session({**settings, "pghistory.context_metadata": json.dumps(metadata, ensure_ascii=False)}):
            yield
    finally:
        _noted.reset(token)


@contextmanager
def beyond_scope(reason: str) -> Iterator[None]:
    """Lifts the database's wall for one named reason (transfer, duplicate check, founding, counting); a test lists them all."""
    if not reason:
        raise ValueError("beyond_scope needs a reason")
    with session(EVERYTHING):
        yield
