"""Which texts have had their time, source by source (product decision 9), taken away batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from core.history import Purged, PurgeStore
from core.sources import Source


def deadlines(sources: Sequence[Source], now: datetime) -> dict[datetime, list[str]]:
    """Time before which texts leave → slugs; a source without `keep_days` keeps all, and so does one that has left
    the configuration, whose rights nobody knows any more."""
    found: dict[datetime, list[str]] = {}
    for source in sources:
        if source.rights.keep_days is not None:
            found.setdefault(now - timedelta(days=source.rights.keep_days), []).append(source.slug)
    return found


def purge(sources: Sequence[Source], store: PurgeStore, now: datetime, *, dry_run: bool = False) -> Purged:
    """Take away what is older than its source allows, then the files that nothing names; idempotent."""
    total = Purged()
    for before, slugs in deadlines(sources, now).items():
        if dry_run:
            total += store.overdue(slugs, before)
        else:
            total += _all(store.texts, slugs, before) + _all(store.pages, slugs, before)
    return total + store.unnamed(dry_run)


def _all(batch: Callable[[Sequence[str], datetime], Purged], slugs: Sequence[str], before: datetime) -> Purged:
    total = Purged()
    while (taken := batch(slugs, before)).texts or taken.pages:
        total += taken
    return total
