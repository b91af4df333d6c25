"""What a founding result is worth: points for the yearly score, yuan of support. The table is made of dated parameters."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from gonghui.kit.flow import Flow, State, Step


class Result(TextChoices):
    """What is counted; a large or dispatching employer's own union counts as that too."""

    OWN = "own", _("单独建会")
    LARGE = "large", _("百人以上单独建会")
    JOINT = "joint", _("联合工会新覆盖")
    DISPATCH = "dispatch", _("劳务派遣单位建会")


POINTS: Mapping[str, str] = {one.value: f"unionbuilding.points_{one.value}" for one in Result}
YUAN: Mapping[str, str] = {one.value: f"unionbuilding.yuan_{one.value}" for one in Result}
"""Result → the parameters with its points and its support in yuan."""

AWARD_FLOW = Flow(
    "award",
    _("建会奖补"),
    states=(
        State("computed", _("待确认"), "warn", "hourglass"),
        State("confirmed", _("已确认"), "ok", "circle-check"),
    ),
    steps=(
        Step("compute", _("计算奖补"), ("",), "computed", "unionbuilding.compute_award"),
        Step("recompute", _("重新计算"), ("computed",), "computed", "unionbuilding.recompute_award"),
        Step("confirm", _("确认奖补"), ("computed",), "confirmed", "unionbuilding.confirm_award", is_primary=True),
    ),
)


@dataclass(frozen=True)
class Worth:
    """What one result is worth on a day, and on which document that rests."""

    points: Decimal
    yuan: Decimal
    basis: str


def results_of_own(workers: int | None, large: int, *, is_dispatch_firm: bool) -> list[Result]:
    """As what the own union of an employer counts."""
    found = [Result.OWN]
    if workers is not None and workers >= large:
        found.append(Result.LARGE)
    if is_dispatch_firm:
        found.append(Result.DISPATCH)
    return found
