"""How many stories a search finds, month by month."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MonthCount:
    """Stories whose first article found has this month, category, labels and mark: each story is in one such count."""

    month: str
    """`2026-11`, in Europe/Paris."""
    category: str
    """Slug of the family of its source; empty for a source that has left the configuration."""
    labels: tuple[str, ...]
    """Empty when nothing matched."""
    backfilled: bool
    """Entered the archive after the fact: asked for as history, too old when first seen, or tagged later."""
    stories: int
