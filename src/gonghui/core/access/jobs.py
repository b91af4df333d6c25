"""Jobs: work outside a request, deferred in the same transaction as what asked for it.

A job's arguments are public ids and the id of the user who started it, never personal data; the user's rights are read again
when it runs. A job may run twice, so it must do no harm the second time.
"""

import functools
from collections.abc import Callable
from typing import Any

from django.core.management import call_command
from procrastinate.contrib.django import app

from gonghui.core.access.queries import actor_for
from gonghui.core.accounts.models import User
from gonghui.core.actions.actor import Actor
from gonghui.core.actions.door import acting


def actor_of_job(code: str, user_id: int | None) -> Actor:
    """The user who started the job, with the rights of now; the system for what runs by the clock."""
    if user_id is None:
        return Actor.system(code)
    return actor_for(User.objects.get(pk=user_id), channel="job")


def job(code: str, *, queue: str = "default") -> Callable[[Callable[..., None]], Any]:
    """Makes `function(actor, **arguments)` a job; start it with `.defer(user_id=actor.user_id, …)`."""

    def wrap(function: Callable[..., None]) -> Any:
        @app.task(name=code, queue=queue)  # type: ignore[untyped-decorator]
        @functools.wraps(function)
        def run(*, user_id: int | None = None, **arguments: Any) -> None:
            actor = actor_of_job(code, user_id)
            with acting(actor):
                function(actor, **arguments)

        return run

    return wrap


def long_job(code: str, *, queue: str = "default") -> Callable[[Callable[..., None]], Any]:
    """Like `job`, for work in many transactions: `function(actor, **arguments)` opens `acting(actor)` for each, so that others see
    how far it has come. What a transaction has done must not be done again when the job runs a second time."""

    def wrap(function: Callable[..., None]) -> Any:
        @app.task(name=code, queue=queue)  # type: ignore[untyped-decorator]
        @functools.wraps(function)
        def run(*, user_id: int | None = None, **arguments: Any) -> None:
            function(actor_of_job(code, user_id), **arguments)

        return run

    return wrap


def nightly(code: str, *, cron: str, queue: str = "default") -> Callable[[Callable[[Actor], None]], Any]:
    """Makes `function(actor)` a job of the system that runs by the clock."""

    def wrap(function: Callable[[Actor], None]) -> Any:
        @app.periodic(cron=cron)  # type: ignore[untyped-decorator]
        @app.task(name=code, queue=queue, queueing_lock=code)  # type: ignore[untyped-decorator]
        def run(timestamp: int) -> None:
            actor = Actor.system(code)
            with acting(actor):
                function(actor)

        return run

    return wrap


@nightly("access.clear_sessions", cron="20 3 * * *")
def clear_sessions(actor: Actor) -> None:
    """Removes sessions that have run out."""
    call_command("clearsessions")
