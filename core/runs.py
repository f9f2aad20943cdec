"""What one pass over the sources did."""

from __future__ import annotations

from dataclasses import dataclass

from core.pages import Failure


@dataclass(frozen=True, slots=True)
class RunReport:
    """What one pass did; the object of `veille run --json`."""

    sources: int = 0
    sources_failed: int = 0
    requests: int = 0
    pages: int = 0
    unchanged: int = 0
    articles: int = 0
    changed: int = 0
    stories: int = 0
    matches: int = 0
    deleted: int = 0
    failures: tuple[Failure, ...] = ()
    seconds: float = 0.0
