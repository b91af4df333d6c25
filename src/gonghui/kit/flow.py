"""State tables. A flow is data: buttons, guards, the diagram in the docs and the test matrix all come from it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from gonghui.kit.text import Text

Tone = Literal["ok", "warn", "bad", "info", ""]


@dataclass(frozen=True)
class State:
    """One stored word of a state column, with how it looks: colour, icon and label always together."""

    code: str
    label: Text
    tone: Tone = ""
    icon: str = "circle-dashed"


@dataclass(frozen=True)
class Need:
    """One condition of a step: what is needed, whether it is met, and where it is mended."""

    label: Text
    is_met: bool
    detail: Text = ""
    mend_url: str = ""
    mend_label: Text = ""


Guard = Callable[[Any], Sequence[Need]]


def unguarded(subject: Any) -> Sequence[Need]:
    """The guard of a step that asks for nothing."""
    return ()


@dataclass(frozen=True)
class Step:
    """A permitted change of state. `action` is both the action's name and the permission it needs."""

    code: str
    label: Text
    sources: tuple[str, ...]
    target: str
    action: str
    guard: Guard = unguarded
    is_primary: bool = False
    clock: str = ""  # the dated parameter that limits how long a subject may wait for this step, in days


@dataclass(frozen=True)
class Flow:
    """The states of one kind of subject and the steps between them."""

    code: str
    label: Text
    states: tuple[State, ...]
    steps: tuple[Step, ...]
    _states: dict[str, State] = field(init=False, repr=False, compare=False)
    _steps: dict[str, Step] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_states", {state.code: state for state in self.states})
        object.__setattr__(self, "_steps", {step.code: step for step in self.steps})
        for step in self.steps:
            unknown = {*step.sources, step.target} - {*self._states, ""}
            if unknown:
                raise ValueError(f"{self.code}.{step.code} names unknown states {sorted(unknown)}")

    def state(self, code: str) -> State:
        """The state stored as `code`."""
        return self._states[code]

    def step(self, code: str) -> Step:
        """The step named `code`."""
        return self._steps[code]

    def allows(self, step: str, state: str) -> bool:
        """Whether `step` may be taken from `state`."""
        return state in self._steps[step].sources

    @property
    def choices(self) -> list[tuple[str, Text]]:
        """For a model field: stored word and label."""
        return [(state.code, state.label) for state in self.states]

    @property
    def codes(self) -> list[str]:
        """The stored words, for the check constraint."""
        return [state.code for state in self.states]

    def diagram(self) -> str:
        """The flow as a Mermaid state diagram, for the docs."""
        lines = ["stateDiagram-v2"]
        for state in self.states:
            lines.append(f"    {state.code}: {state.label}")
        for step in self.steps:
            for source in step.sources:
                lines.append(f"    {source or '[*]'} --> {step.target}: {step.label}")
        return "\n".join(lines)
