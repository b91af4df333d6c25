"""How a value stands to its target, and how many rows it still lacks."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from django.utils.translation import gettext_lazy as _

from gonghui.core.figures.registry import Figure, Ratio, Value
from gonghui.kit.flow import State

NEAR, FAR = Decimal("0.99"), Decimal("0.97")  # shares of the target: from NEAR on it is close, below FAR the gap is deep

MET = State("met", _("达标"), "ok", "circle-check")
CLOSE = State("close", _("接近"), "warn", "circle-half-2")
BEHIND = State("behind", _("落后"), "bad", "alert-triangle")


@dataclass(frozen=True)
class Reading:
    """A figure's value in one place, and what it shall be there."""

    figure: Figure | Ratio
    value: Value
    target: Decimal | None = None

    @property
    def share(self) -> Decimal | None:
        """How much of the target is reached; none without a target or a value. Rates are compared exactly, not as rounded."""
        if not self.target or self.value.number is None:
            return None
        if self.value.below:
            return Decimal(self.value.above or 0) * 100 / (Decimal(self.value.below) * self.target)
        return Decimal(self.value.number) / self.target

    @property
    def state(self) -> State | None:
        """In words, with colour and icon."""
        if self.share is None:
            return None
        return MET if self.share >= 1 else CLOSE if self.share >= NEAR else BEHIND

    @property
    def depth(self) -> int:
        """0 for what passes, then deeper with the gap: 1 close, 2 behind, 3 far behind."""
        if self.share is None or self.share >= 1:
            return 0
        return 1 if self.share >= NEAR else 2 if self.share >= FAR else 3

    @property
    def missing(self) -> int:
        """How many more rows of the numerator a rate needs to reach its target, or how many more a number needs."""
        if self.target is None or self.value.number is None:
            return 0
        is_rate = self.value.below is not None
        wanted = self.target * Decimal(self.value.below or 0) / 100 if is_rate else self.target
        got = self.value.above if is_rate else self.value.number
        return max(0, int((wanted - Decimal(got or 0)).to_integral_value(ROUND_CEILING)))
