"""The sentence without its books: what a crawl brings is read, tagged and stored, and no source's state changes."""

from __future__ import annotations

from collections.abc import Sequence

from core.pages import CrawlReport, Failure
from core.runs import RunReport
from core.sources import Source
from pipeline.run import Ports, Progress, process


class _Ended:
    """Keeps `core.ports.CrawlHandle` where nothing is crawled: pages are in the store already."""

    def running(self) -> bool:
        return False

    def report(self) -> CrawlReport:
        return CrawlReport()


def try_once(
    sources: Sequence[Source], ports: Ports, progress: Progress = lambda what, count: None
) -> tuple[CrawlReport, list[Failure]]:
    """One crawl, read to its end; its failures are given back. For a store that is thrown away."""
    ports.runs.start("essai", ports.clock.now())
    with ports.collector.collect(sources) as crawl:
        process(ports, crawl, set(), progress)
        collected = crawl.report()
    ports.runs.finish("essai", RunReport(), ports.clock.now())
    return collected, ports.runs.failures("essai")


def process_waiting(ports: Ports) -> list[Failure]:
    """Read the raw pages that wait in the store; returns those that could not be read."""
    return process(ports, _Ended(), set(), lambda what, count: None).lost
