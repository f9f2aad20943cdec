"""What the parent tells the child, and what the child answers: one line of JSON each way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal, TypeVar

from core.pages import CrawlReport
from core.sources import CrawlSettings, Source

if TYPE_CHECKING:
    from pydantic import TypeAdapter

T = TypeVar("T")
Errand = Literal["collect", "explore", "bring"]
"""collect: the sources' new articles; explore: ways to articles from the addresses; bring: the addresses themselves, as
articles of the only source."""


@dataclass(frozen=True, slots=True)
class Job:
    """One crawl over some sources; `now` is the run's time, `max_seconds` its longest duration, 0 for none."""

    sources: tuple[Source, ...]
    settings: CrawlSettings
    now: datetime
    max_seconds: float = 0.0
    parent: int = 0
    """Process id of the parent, with which the child dies; 0 when it may outlive it."""
    errand: Errand = "collect"
    addresses: tuple[str, ...] = ()

    def to_json(self) -> str:
        return _adapter(Job).dump_json(self).decode()

    @classmethod
    def from_json(cls, text: str | bytes) -> Job:
        """Raises ValueError on anything but what `to_json` wrote."""
        return _adapter(Job).validate_json(text)


def report_to_json(report: CrawlReport) -> str:
    return _adapter(CrawlReport).dump_json(report).decode()


def report_from_json(text: str | bytes) -> CrawlReport:
    """Raises ValueError on anything but what `report_to_json` wrote."""
    return _adapter(CrawlReport).validate_json(text)


def _adapter(kind: type[T]) -> TypeAdapter[T]:
    from pydantic import TypeAdapter

    return TypeAdapter(kind)
