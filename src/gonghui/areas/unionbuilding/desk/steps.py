"""Which form runs which action on a prospect."""

from gonghui.areas.unionbuilding.desk.field_steps import FIELD_STEPS, FINDING_STEPS
from gonghui.areas.unionbuilding.desk.founding_steps import FOUNDING_STEPS
from gonghui.web.steps import Steps

GIVING_UP = ("release", "close")
OFFERED_STEPS: Steps = {
    step.code: step for step in sorted((*FIELD_STEPS, *FOUNDING_STEPS), key=lambda one: one.code in GIVING_UP)
}
"""The buttons of a prospect, those that give it up last; what was found out has a page of its own that leads to its steps."""
PROSPECT_STEPS: Steps = {**OFFERED_STEPS, **FINDING_STEPS}
