"""What one visit of a source showed: the stuff from which its health is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Sight:
    """What the crawl saw of a source's entry points."""

    source: str
    kind: str = ""
    """Of the entry point that answered; empty when none did."""
    entry: str = ""
    announced: int = 0
    """Articles that it announced, each once."""
    dated: int = 0
    """Of the announced articles, those that came with a date."""
    moved_from: str = ""
    moved_to: str = ""
    """Where an entry point of the configuration says, by 301 or 308 alone, that it has gone; empty when none does."""
    wait: float = 0.0
    """Seconds during which a host of its entry points asks to be left alone (Retry-After), from now on."""
    gone: bool = False
    """Every entry point answered 410."""
    seconds: float = field(default=0.0, compare=False)
    """What reading them took."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit once its articles are stored; one line may stand for all those of an old day, its counts summed."""

    at: datetime
    read: bool
    kind: str = ""
    entry: str = ""
    announced: int = 0
    dated: int = 0
    new: int = 0
    matched: int = 0
    text_length: int | None = None
    """Characters, median of the new articles; None without new articles."""
    language: str = ""
    """The usual one of the new articles."""
    failure_kind: str = ""
    failure_reason: str = ""
    """Why it could not be read; of a visit that was, what one of its other entry points answered."""
