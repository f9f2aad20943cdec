"""The history of one source: asked by the crawl child, read here as it comes; no run, visit or edition sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from core.history import Backfill, BackfillStore, Brought
from core.pages import CrawlReport, Failure
from core.sources import Source
from pipeline.run import Ports, Progress, process


@dataclass(frozen=True, slots=True)
class BackfillReport:
    """The object of `veille backfill --json`."""

    source: str
    since: datetime
    resumed: bool
    """True when it went on from where an earlier call had ended."""
    finished: bool
    """True when nothing is left of the history."""
    requests: int
    entry_pages: int
    """Read by this call."""
    left: int
    """Entry pages known to be still to read; those that they lead to are not known yet."""
    stop: str
    """Why it ended before the end, in French."""
    troubled: bool
    """True when it was the site that stopped it."""
    articles: int
    """Brought by this call, and of these those that matched."""
    matched: int
    total: Brought
    """By all the calls over this source."""
    failures: tuple[Failure, ...] = ()


def entries_of(source: Source) -> str:
    """The entry points that a walk goes through, as one text: when they change, a walk begins again."""
    return repr((source.feeds, source.sitemaps, source.listing, source.api))


def backfill(source: Source, since: datetime, ports: Ports, store: BackfillStore, progress: Progress) -> BackfillReport:
    """Ask, read and keep; every article is marked as back-filled, whatever its date, so that no edition takes it.

    Nothing is written of a run or of a visit: history says nothing of how the source fares.
    """
    resumed = store.begin(source.slug, since, entries_of(source), ports.clock.now())
    before, noted = store.brought(source.slug), store.last_failure()
    pages_before = store.cursor(source.slug).read
    states = ports.runs.states()
    never_read = {slug for slug, state in states.items() if state.first_run_at is None}
    with ports.collector.collect([source]) as crawl:
        process(ports, crawl, never_read, progress)
        collected = crawl.report()
    after = store.find(source.slug)
    if after is None:
        raise RuntimeError("the walk has no line in the store")
    brought, failures = (before, store.brought(source.slug)), tuple(store.failures(source.slug, noted))
    return _report(after, resumed, after.cursor.read - pages_before, collected, brought, failures)


def _report(
    walk: Backfill,
    resumed: bool,
    pages: int,
    crawl: CrawlReport,
    brought: tuple[Brought, Brought],
    failures: tuple[Failure, ...],
) -> BackfillReport:
    before, total = brought
    return BackfillReport(
        source=walk.source,
        since=walk.since,
        resumed=resumed,
        finished=walk.finished_at is not None,
        requests=crawl.requests,
        entry_pages=pages,
        left=walk.cursor.left,
        stop=walk.cursor.stop,
        troubled=walk.cursor.troubled,
        articles=total.articles - before.articles,
        matched=total.matched - before.matched,
        total=total,
        failures=failures,
    )
