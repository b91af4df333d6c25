"""A line chart as plain geometry; the template draws it as SVG, with the numbers in a table below it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor, log10

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 1040, 220, 44, 96, 20, 28
MOST_LINES, FINEST = 5, 0.1

Number = int | float | Decimal


@dataclass(frozen=True)
class Mark:
    """A place in the drawing with what stands there."""

    x: float
    y: float
    label: str = ""


@dataclass(frozen=True)
class Series:
    """One line: its stretches (a month without a value breaks it), its dots, and the label at its end."""

    paths: Sequence[str]
    dots: Sequence[Mark]
    end: Mark | None


@dataclass(frozen=True)
class Chart:
    """A drawing of WIDTH by HEIGHT: the lines of the scale, the names below, the target, and the series."""

    scale: Sequence[Mark]
    names: Sequence[Mark]
    target: Mark | None
    this: Series
    last: Series
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT


def bounds(values: Sequence[Number]) -> tuple[float, float, float]:
    """Lowest and highest line of the scale, and the step between lines: 1, 2 or 5 times a power of ten."""
    low, high = float(min(values)), float(max(values))
    raw = max((high - low) / MOST_LINES, FINEST)
    power = 10.0 ** floor(log10(raw))
    step = next(power * nice for nice in (1, 2, 5, 10) if power * nice >= raw)
    bottom, top = floor(low / step) * step, ceil(high / step) * step
    return (bottom, top, step) if bottom < top else (bottom - step, top + step, step)


def chart(
    names: Sequence[str],
    this: Sequence[Number | None],
    last: Sequence[Number | None],
    target: Number | None,
    ends: tuple[str, str],
) -> Chart | None:
    """The drawing; none where there is nothing to draw. `ends` are said before the last values."""
    values = [number for number in (*this, *last, target) if number is not None]
    if not any(number is not None for number in this):
        return None
    bottom, top, step = bounds(values)

    def x(place: int) -> float:
        return round(LEFT + (WIDTH - LEFT - RIGHT) * place / max(len(names) - 1, 1), 1)

    def y(number: Number) -> float:
        return round(TOP + (HEIGHT - TOP - BOTTOM) * (top - float(number)) / (top - bottom), 1)

    scale = [
        Mark(LEFT, y(bottom + step * line), f"{bottom + step * line:g}") for line in range(round((top - bottom) / step) + 1)
    ]

    def series(numbers: Sequence[Number | None], end: str) -> Series:
        dots = [Mark(x(place), y(number), str(number)) for place, number in enumerate(numbers) if number is not None]
        paths = stretches([None if number is None else (x(place), y(number)) for place, number in enumerate(numbers)])
        return Series(paths, dots, Mark(dots[-1].x + 8, dots[-1].y + 4, f"{end} {dots[-1].label}") if dots else None)

    return Chart(
        scale,
        [Mark(x(place), HEIGHT - 6, name) for place, name in enumerate(names)],
        Mark(LEFT, y(target), f"{target:g}") if target is not None else None,
        series(this, ends[0]),
        series(last, ends[1]),
    )


def stretches(points: Sequence[tuple[float, float] | None]) -> list[str]:
    """Points of polylines, broken where there is none."""
    found: list[list[str]] = [[]]
    for point in points:
        if point is None:
            found.append([])
        else:
            found[-1].append(f"{point[0]},{point[1]}")
    return [" ".join(points) for points in found if points]
