"""Which sources are to be read now: those whose next turn has come, by their own rhythm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from core.sources import Source, SourceState


def due_sources(sources: Sequence[Source], states: Mapping[str, SourceState], now: datetime) -> list[Source]:
    """Enabled sources never read, or whose `next_due` is past; the longest waiting first."""
    waiting = []
    for source in sources:
        state = states.get(source.slug)
        if state is None or state.next_due is None:
            waiting.append((now.min.replace(tzinfo=now.tzinfo), source))
        elif state.next_due <= now:
            waiting.append((state.next_due, source))
    return [source for _, source in sorted(waiting, key=lambda row: row[0])]
