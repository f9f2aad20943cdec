"""How long a source may be silent: told from its own gaps, in time that counts for somebody who publishes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import median

from core.clock import PARIS

DAY = timedelta(days=1)
ENOUGH = 7
"""Gaps below which a source has no rhythm yet."""
SHORTEST = 3.0
"""Days that count: no source is silent before, whatever its pace."""
AT_WEEKENDS = 0.05
"""Share of its days of publication that fall on Saturdays and Sundays, under which a source rests then."""
HOLIDAYS = (((7, 14), (8, 31)), ((12, 20), (12, 31)), ((1, 1), (1, 4)))
"""(month, day) from, to: days that count half, for ministries, think tanks and associations alike slow down then."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Of a source that has published often enough; durations in days that count."""

    usual: float
    """Median gap between two days of publication."""
    longest: float
    """Silence beyond which something is wrong."""
    weekends: bool
    """False when it never publishes on Saturdays and Sundays."""

    @property
    def calendar(self) -> float:
        """The usual gap as readers of a calendar count it."""
        return self.usual if self.weekends else self.usual * 7 / 5

    def lived(self, start: datetime, end: datetime) -> float:
        return lived(start, end, self.weekends)


def rhythm(instants: Sequence[datetime]) -> Rhythm | None:
    """None while there are too few publications to tell. Robust: one long pause or one burst changes nothing."""
    days = sorted({instant.astimezone(PARIS).date() for instant in instants})
    if len(days) <= ENOUGH:
        return None
    weekends = sum(day.weekday() >= 5 for day in days) > AT_WEEKENDS * len(days)
    gaps = sorted(max(_between(earlier, later, weekends), 1.0) for earlier, later in pairwise(days))
    usual, long = median(gaps), gaps[int(0.9 * (len(gaps) - 1))]
    return Rhythm(usual, max(SHORTEST, 3 * usual, 1.5 * long), weekends)


def lived(start: datetime, end: datetime, weekends: bool) -> float:
    """Days from one instant to another; those of holidays count half, weekends nothing where the source rests then."""
    start, end = start.astimezone(PARIS), end.astimezone(PARIS)
    if end <= start:
        return 0.0
    first = 1 - _share(start)
    if start.date() == end.date():
        return (_share(end) - _share(start)) * _weight(start.date(), weekends)
    whole = _between(start.date() + DAY, end.date(), weekends)
    return first * _weight(start.date(), weekends) + whole + _share(end) * _weight(end.date(), weekends)


def _share(at: datetime) -> float:
    """Of its day, from 0 to 1."""
    return (at.hour * 60 + at.minute) / 1440


def _between(start: date, end: date, weekends: bool) -> float:
    return sum(_weight(start + timedelta(days=n), weekends) for n in range((end - start).days))


def _weight(day: date, weekends: bool) -> float:
    if not weekends and day.weekday() >= 5:
        return 0.0
    return 0.5 if any(first <= (day.month, day.day) <= last for first, last in HOLIDAYS) else 1.0
