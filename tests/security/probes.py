"""Asking twice, once for somebody who is known elsewhere and once for nobody, and comparing all that comes back (row A8)."""

import html
import math
import re
from collections.abc import Callable, Sequence
from statistics import median
from time import perf_counter
from typing import Any

CHANGING = re.compile(
    r'(csrfmiddlewaretoken" value=|csrftoken=|"csrf-token" content=|X-CSRFToken": )"?\w+|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}'
)
PAIRS = 60
SOON = 0.005  # seconds: a difference that nobody measures across a network


def answer(response: Any, *typed: str) -> tuple[int, dict[str, str], str]:
    """Status, headers and body without tokens, ids, and what was typed into the request itself."""
    headers = {
        name: CHANGING.sub("", value) for name, value in response.headers.items() if name not in ("Expires", "Content-Length")
    }
    body = CHANGING.sub("", html.unescape(response.content.decode()))
    for text in typed:
        body = body.replace(text, "")
    return response.status_code, headers, body


def p_value(one: Sequence[float], other: Sequence[float]) -> float:
    """Mann–Whitney, two-sided, by the normal approximation with the correction for ties (Hollander & Wolfe, 4.1)."""
    both = sorted((value, side) for side, values in enumerate((one, other)) for value in values)
    ranks, ties, start = [0.0] * len(both), 0, 0
    while start < len(both):
        end = start
        while end < len(both) and both[end][0] == both[start][0]:
            end += 1
        ranks[start:end] = [(start + end + 1) / 2] * (end - start)
        ties += (end - start) ** 3 - (end - start)
        start = end
    n, m = len(one), len(other)
    rank_sum = sum(rank for rank, (_value, side) in zip(ranks, both, strict=True) if side == 0)
    spread = n * m / 12 * (n + m + 1 - ties / ((n + m) * (n + m - 1)))
    if spread == 0:
        return 1.0
    distance = abs(rank_sum - n * (n + m + 1) / 2) / math.sqrt(spread)
    return math.erfc(distance / math.sqrt(2))


def seconds(ask: Callable[[], object]) -> float:
    """How long one request takes."""
    start = perf_counter()
    ask()
    return perf_counter() - start


def alike_in_time(known: Callable[[], object], unknown: Callable[[], object], pairs: int = PAIRS) -> tuple[bool, str]:
    """Whether the times of interleaved pairs tell nothing; and the figures."""
    times: tuple[list[float], list[float]] = ([], [])
    for number in range(pairs):
        for side in (0, 1) if number % 2 else (1, 0):
            times[side].append(seconds((known, unknown)[side]))
    p, difference = p_value(*times), abs(median(times[0]) - median(times[1]))
    return p > 0.01 or difference < SOON, f"{pairs} pairs, p = {p:.3f}, Δmedian = {difference * 1000:.2f} ms"
