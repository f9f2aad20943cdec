"""Bars of a chart over months, in percentages of its width so that its letters keep their size on any screen; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from archive.wording import month_number, number, short_month

HEIGHT, TOP, FOOT = 180, 22, 24
"""Pixels: of the whole chart, above the highest line, and below the lowest one for the months."""
LABELS = 6
"""Names of months below a chart, at most: a phone has no place for more."""
_STEPS = (1, 2, 3, 6, 12, 24, 36, 60)


@dataclass(frozen=True, slots=True)
class Bar:
    """One month: `height` from the bottom, in pixels, of what was read in its time; `late` above it."""

    left: float
    width: float
    top: float
    height: float
    late_top: float
    late_height: float
    open: bool
    """The month is not over."""


@dataclass(frozen=True, slots=True)
class Tick:
    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Chart:
    title: str
    told: str
    """What the chart shows, in a sentence, for who does not see it."""
    height: int
    bottom: float
    bars: tuple[Bar, ...]
    lines: tuple[Tick, ...]
    """Numbers, with their distance from the top in pixels."""
    months: tuple[Tick, ...]
    """Names, with their distance from the left in percent."""
    start: float | None
    """Where the watch begins, in percent; None when it began before the first month, or never did."""


def chart(
    title: str,
    told: str,
    months: Sequence[str],
    values: Sequence[tuple[int, int]],
    *,
    now: str,
    begun: str = "",
    highest: int = 0,
    height: int = HEIGHT,
) -> Chart:
    """`values`: for each month, stories read in their time and after the fact; `highest`: a scale shared with others.

    `now` and `begun` are months: the one that is not over, and the first in which a source was read.
    """
    bottom, top = height - FOOT, rounded(max(highest, max((a + b for a, b in values), default=0)))
    unit, step = (bottom - TOP) / top, 100 / max(len(months), 1)
    bars = []
    for index, (month, (live, late)) in enumerate(zip(months, values, strict=True)):
        if live or late:
            low, high = live * unit, late * unit
            left = round(index * step + step * 0.14, 3)
            bars.append(
                Bar(left, round(step * 0.72, 3), round(bottom - low, 1), round(low, 1), round(bottom - low - high, 1),
                    round(high, 1), month == now)
            )  # fmt: skip
    halves = (top, top // 2, 0) if top % 2 == 0 else (top, 0)
    return Chart(
        title,
        told,
        height,
        bottom,
        tuple(bars),
        tuple(Tick(round(bottom - value * unit, 1), number(value)) for value in halves),
        _named(months, step),
        round(months.index(begun) * step, 3) if begun in months[1:] else None,
    )


def rounded(value: int) -> int:
    """The round number at or above a value, at which a scale ends: 1, 2, 4, 10, 20, 40, 100…"""
    scale = 1
    while True:
        for factor in (1, 2, 4):
            if value <= factor * scale:
                return factor * scale
        scale *= 10


def _named(months: Sequence[str], step: float) -> tuple[Tick, ...]:
    """Names at even distances, counted from a January so that years begin where they are read."""
    gap = next((gap for gap in _STEPS if len(months) / gap <= LABELS), _STEPS[-1])
    numbers = [month_number(month) for month in months]
    return tuple(
        Tick(round(index * step + step / 2, 3), months[index][:4] if gap >= 12 else short_month(months[index]))
        for index, number in enumerate(numbers)
        # A name at the very end would be cut.
        if number % gap == 0 and (index + 0.5) * step <= 94
    )
