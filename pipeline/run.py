"""The sentence over a set of sources: collect, extract, drop what we know, classify, store.

The crawl child commits raw pages as it goes; this process reads them as they come, so that both work at once and
nothing that was fetched is lost when either is killed.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from core.articles import Article, Verdict
from core.pages import CrawlReport, Failure, FetchedPage
from core.ports import ArticleStore, Clock, Collector, CrawlHandle, Extractor, Judge, PageQueue, RunStore
from core.runs import RunReport
from core.sources import Source
from pipeline.dedupe import choose_story, signature
from pipeline.freshness import is_backfilled

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
class _Tally:
    articles: int = 0
    changed: int = 0
    matches: int = 0
    stories: set[int] = field(default_factory=set)
    new_by_source: Counter[str] = field(default_factory=Counter)
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


def _keep(article: Article, verdict: Verdict, ports: Ports, first_run: bool, tally: _Tally) -> None:
    own = signature(article.text)
    story = choose_story(own, ports.articles.neighbours(own), article.source) if own.values else None
    backfilled = is_backfilled(article.published, article.fetched_at, first_run)
    kept = ports.articles.keep(article, verdict, own, story, backfilled)
    if kept.outcome == "new":
        tally.articles += 1
        tally.new_by_source[article.source] += 1
        tally.stories.add(kept.story_id)
        tally.matches += bool(verdict.tags)
    elif kept.outcome == "changed":
        tally.changed += 1


def _process(ports: Ports, crawl: CrawlHandle, first_runs: set[str], progress: Progress) -> _Tally:
    tally = _Tally()
    extracted = ports.extractor.extract(_waiting(ports.queue, crawl))
    for page, result, verdict in ports.judge.judge(extracted):
        if isinstance(result, Failure):
            ports.queue.failed(page.id, result)
            tally.lost.append(result)
        else:
            _keep(result, verdict, ports, page.source in first_runs, tally)
        progress("articles", tally.articles)
    return tally


def _close_sources(
    sources: Sequence[Source], crawl: CrawlReport, failures: Sequence[Failure], tally: _Tally, ports: Ports
) -> int:
    """Write how each source fared; returns how many could not be read."""
    failed = 0
    broken = {failure.source: failure for failure in failures if failure.entry}
    for source in sources:
        read = source.slug in crawl.sources_read
        failed += not read
        reason = None if read else broken.get(source.slug) or _silent(source)
        ports.runs.close_source(source, read, tally.new_by_source[source.slug], reason, ports.clock.now())
    return failed


def _silent(source: Source) -> Failure:
    return Failure(
        source.slug, source.url, "interrupted", "La collecte s'est arrêtée avant de lire cette source.", True
    )


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
        tally = _process(ports, crawl, first_runs, progress)
        collected = crawl.report()
    failures = ports.runs.failures(run_id)
    failed = _close_sources(sources, collected, failures, tally, ports)
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
