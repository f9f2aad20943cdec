"""Which sources are to be read now: those whose next turn has come, by their own rhythm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from core.sources import Source, SourceState


def due_sources(sources: Sequence[Source], states: Mapping[str, SourceState], now: datetime) -> list[Source]:
    """Enabled sources never read, or whose `next_due` is past, the longest waiting first; none that is gone (410)."""
    waiting = []
    for source in still_there(sources, states):
        state = states.get(source.slug)
        if state is None or state.next_due is None:
            waiting.append((now.min.replace(tzinfo=now.tzinfo), source))
        elif state.next_due <= now:
            waiting.append((state.next_due, source))
    return [source for _, source in sorted(waiting, key=lambda row: row[0])]


def still_there(sources: Sequence[Source], states: Mapping[str, SourceState]) -> list[Source]:
    """Those whose entry points have not all answered 410 since the configuration last changed them (threat A20)."""
    return [source for source in sources if source.slug not in states or not states[source.slug].stopped(source)]
