"""The sentence over a set of sources: collect, extract, drop what we know, classify, store.

The crawl child commits raw pages as it goes; this process reads them as they come, so that both work at once and
nothing that was fetched is lost when either is killed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from core.articles import Article, Verdict
from core.pages import CrawlReport, Failure, FetchedPage
from core.ports import ArticleStore, Clock, Collector, CrawlHandle, Extractor, Judge, PageQueue, RunStore
from core.runs import RunReport
from core.sources import Source
from pipeline.arrivals import Arrival, arrival, visit
from pipeline.changes import Changes
from pipeline.dedupe import choose_story, signature
from pipeline.freshness import is_backfilled
from pipeline.health import look

BATCH = 32

Progress = Callable[[str, int], None]
"""Told (what, how many) as things happen: pages, articles, matches."""


@dataclass(frozen=True, slots=True)
class Ports:
    """What a run needs of the other rooms."""

    collector: Collector
    extractor: Extractor
    judge: Judge
    queue: PageQueue
    articles: ArticleStore
    runs: RunStore
    clock: Clock


@dataclass
class Tally:
    """What the pages of a pass became."""

    first_runs: set[str]
    articles: int = 0
    changed: int = 0
    matches: int = 0
    stories: set[int] = field(default_factory=set)
    arrivals: dict[str, list[Arrival]] = field(default_factory=dict)
    """New articles, by source."""
    lost: list[Failure] = field(default_factory=list)


def _waiting(queue: PageQueue, crawl: CrawlHandle) -> Iterator[FetchedPage | None]:
    """Raw pages as the child commits them, None while there is nothing new; ends with the child."""
    last = 0
    while True:
        running = crawl.running()
        pages = queue.pending(BATCH, last)
        for page in pages:
            last = page.id
            yield page
        if not pages:
            if not running:
                return
            yield None
            time.sleep(0.02)


def _keep(page: FetchedPage, article: Article, verdict: Verdict, ports: Ports, tally: Tally) -> None:
    own = signature(article.text)
    # A watched page and what is added to it resemble each other: in one story, the addition would never be told.
    alone = page.kind == "watched" or not own.values
    story = None if alone else choose_story(own, ports.articles.neighbours(own), article.source)
    # The page itself is no news: what is added to it is.
    standing = page.kind == "watched" and not article.is_part
    old = is_backfilled(article.published, article.fetched_at, page.source in tally.first_runs)
    backfilled = page.backfill or standing or old
    kept = ports.articles.keep(article, verdict, own, story, backfilled)
    if kept.outcome == "new":
        tally.articles += 1
        if not page.backfill:  # history says nothing of how the source fares today
            tally.arrivals.setdefault(article.source, []).append(arrival(article, verdict))
        tally.stories.add(kept.story_id)
        tally.matches += bool(verdict.tags)
    elif kept.outcome == "changed":
        tally.changed += 1


def process(ports: Ports, crawl: CrawlHandle, first_runs: set[str], progress: Progress) -> Tally:
    """Every raw page that waits, while the child runs and after; `first_runs`: the sources never read before."""
    tally = Tally(first_runs)
    extracted = ports.extractor.extract(_waiting(ports.queue, crawl))
    changes = Changes(ports.articles)
    for page, result, verdict in chain(ports.judge.judge(changes.first(extracted)), ports.judge.judge(changes.then())):
        if isinstance(result, Failure):
            ports.queue.failed(page.id, result)
            changes.lost(page)
            tally.lost.append(result)
        else:
            _keep(page, result, verdict, ports, tally)
        progress("articles", tally.articles)
    return tally


def _close_sources(
    sources: Sequence[Source], run_id: str, crawl: CrawlReport, failures: Sequence[Failure], tally: Tally, ports: Ports
) -> int:
    """Write what each visit showed, and how each source fares; returns how many could not be read."""
    named: dict[str, list[Failure]] = {}
    for failure in failures:
        named.setdefault(failure.source, []).append(failure)
    sights = {sight.source: sight for sight in crawl.sights}
    failed = 0
    for source in sources:
        slug, read = source.slug, source.slug in crawl.sources_read
        failed += not read
        arrived, at = tally.arrivals.get(slug, ()), ports.clock.now()
        seen = visit(source, read, sights.get(slug), named.get(slug, ()), arrived, at)
        ports.runs.close_source(source, seen, sights.get(slug), run_id)
    ports.runs.note_conditions(look(sources, ports.runs, ports.clock.now()))
    return failed


def run(
    sources: Sequence[Source], run_id: str, ports: Ports, progress: Progress = lambda what, count: None
) -> RunReport:
    """One pass over the sources; a failure of one never stops another."""
    started = time.monotonic()
    states = ports.runs.states()
    first_runs = {s.slug for s in sources if s.slug not in states or states[s.slug].first_run_at is None}
    ports.runs.start(run_id, ports.clock.now())
    deleted_before = ports.articles.deleted_count()
    with ports.collector.collect(sources) as crawl:
        tally = process(ports, crawl, first_runs, progress)
        collected = crawl.report()
    failures = ports.runs.failures(run_id)
    failed = _close_sources(sources, run_id, collected, failures, tally, ports)
    report = RunReport(
        sources=len(sources),
        sources_failed=failed,
        requests=collected.requests,
        pages=collected.pages,
        unchanged=collected.unchanged,
        articles=tally.articles,
        changed=tally.changed,
        stories=len(tally.stories),
        matches=tally.matches,
        deleted=ports.articles.deleted_count() - deleted_before,
        failures=tuple(ports.runs.failures(run_id)),
        seconds=time.monotonic() - started,
    )
    ports.runs.finish(run_id, report, ports.clock.now())
    return report
