"""One action on many rows: areas declare beside their lists what may be done to all the rows chosen.

A dry run takes the real action on every row and takes it back, so that it cannot say anything else than the action itself. Then the
action runs on the rows that passed; each row is an action of its own, with its own entry in its history. Undoing takes the inverse
action, row by row, and keeps what somebody has touched since.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gonghui.core.actions.actor import Actor
from gonghui.kit.text import Text
from gonghui.web.forms import DeskForm

Given = dict[str, Any]  # the cleaned data of the step's form
Before = dict[str, Any]  # what undoing a row needs to know; JSON


@dataclass(frozen=True)
class Gathered:
    """A file made of what a verb answered for all its rows, and what it is for."""

    name: str
    content: bytes
    purpose: str


Gather = Callable[[Sequence[tuple[Any, Any]], Given], Gathered]  # (row, what `run` answered) of every row that was done


@dataclass(frozen=True)
class BulkStep:
    """One verb of a list's bulk bar. The form has no subject; `run` calls the action on one row.

    Where the action has an inverse, `before` notes what it needs and `undo(row, actor, before, given)` takes it, or raises Refused
    where something was built on the row since. A verb with `gather` ends in a file of the user's own; since its answers live only as long as
    the job, one that runs a second time begins anew, so its action must bear being taken twice.
    """

    code: str
    label: Text
    permission: str
    form: type[DeskForm]
    run: Callable[[Any, Actor, Given], Any]
    icon: str = "edit"
    before: Callable[[Any], Before] = lambda row: {}
    undo: Callable[[Any, Actor, Before, Given], Any] | None = None
    note: Text = ""
    gather: Gather | None = None


@dataclass(frozen=True)
class BulkList:
    """What may be done to many rows of one list; `page` names the address of a record, `name` its field to be called by."""

    steps: Mapping[str, BulkStep]
    page: str
    name: str = "name"


bulk_lists: dict[str, BulkList] = {}  # name of the list, as in `seen.sources` → its steps


def register(source: str, page: str, *steps: BulkStep, name: str = "name") -> None:
    """Gives a list its verbs; an area above adds its own to those of the area whose list it is, whoever comes first."""
    known = bulk_lists[source].steps if source in bulk_lists else {}
    bulk_lists[source] = BulkList({**known, **{step.code: step for step in steps}}, page, name)


def offered_steps(source: str, actor: Actor | None) -> list[BulkStep]:
    """The verbs that this actor may use anywhere; which rows is found out by trying."""
    if actor is None or source not in bulk_lists:
        return []
    return [step for step in bulk_lists[source].steps.values() if actor.can(step.permission)]
