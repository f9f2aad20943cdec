"""Articles that readers say have nothing to do here: a word to the editors, which changes nothing by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Report:
    article_id: int
    times: int
    """How often it was said; by whom is not kept."""
    at: datetime
    """The last time."""


class ReportStore(Protocol):
    def report(self, article_id: int, at: datetime) -> None: ...

    def waiting(self, limit: int) -> list[Report]:
        """Those of stories on which nobody of the group has spoken yet, the most reported first."""
        ...
