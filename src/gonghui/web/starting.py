"""The stages in which a district begins, in their order; areas add theirs from their `urls.py`."""

from collections.abc import Callable
from dataclasses import dataclass

from gonghui.core.actions.actor import Actor
from gonghui.core.organisations.models import Organisation
from gonghui.kit.text import Text


@dataclass(frozen=True)
class Found:
    """How far a stage is: in words, and whether it may rest. Nothing of it is known to who may not look there."""

    words: str = ""
    is_done: bool = False


@dataclass(frozen=True)
class Stage:
    """One line of the page 开局. `url` is where the work is done by who holds `permission` at the federation."""

    position: int
    label: Text
    text: Text
    who: Text
    permission: str
    look: Callable[[Organisation, Actor], Found]
    url: Callable[[Organisation], str]
    button: Text = ""


stages: dict[int, Stage] = {}  # position → stage


def register(*new: Stage) -> None:
    """Adds stages; one at the same position takes the place of the former."""
    for one in new:
        stages[one.position] = one
