"""Where the time comes from; `VEILLE_NOW` sets it, for trials and tests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
"""Where days begin and end for readers."""


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class FixedClock:
    """A clock that always says the same instant."""

    instant: datetime

    def now(self) -> datetime:
        return self.instant
