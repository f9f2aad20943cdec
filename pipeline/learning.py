"""Pages that wait until it is known what their source repeats, which is learnt once per source and run, in a child."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from core.pages import FetchedPage
from core.ports import PageSamples
from pipeline.pending import Pending
from pipeline.recurring import recurring_lines

PAGES = 12
"""Last pages of a source that are looked at."""


class Learning:
    """What sources repeat. `pool`: the children that read HTML; `seconds`: the longest reading of samples."""

    def __init__(self, pool: Any, samples: PageSamples, seconds: int) -> None:
        self._pool = pool
        self._samples = samples
        self._seconds = seconds
        self._known: dict[str, frozenset[str]] = {}
        self._held: dict[str, list[FetchedPage]] = {}
        self._under_way: Pending[str, frozenset[str]] = Pending()

    def __len__(self) -> int:
        """Pages that wait here."""
        return sum(map(len, self._held.values()))

    def hold(self, page: FetchedPage) -> None:
        """Keep a page until its source is known."""
        source = page.source
        if source not in self._held:
            self._held[source] = []
            if source not in self._known:
                pages = self._samples.of(source, PAGES)
                self._under_way.add(self._pool.schedule(recurring_lines, args=[pages], timeout=self._seconds), source)
        self._held[source].append(page)

    def ready(self, patience: float | None) -> Iterator[tuple[FetchedPage, frozenset[str]]]:
        """Pages that can be read, with what their source repeats; nothing is taken out for a source that could not be
        learnt. When there is none, waits for the first within `patience` seconds (None: however long)."""
        can_wait = not any(source in self._known for source in self._held)
        for source, future in self._under_way.ended(patience if can_wait else 0):
            self._known[source] = frozenset() if future.exception() else future.result()
        for source in [source for source in self._held if source in self._known]:
            for page in self._held.pop(source):
                yield page, self._known[source]
