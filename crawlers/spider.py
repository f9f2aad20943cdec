"""The one spider of a crawl: it visits every source of the job at once, and no failure of one stops another."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from typing import Any

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Headers

from core.history import HistoryStore
from core.pages import CrawlReport
from core.ports import Clock, RawStore
from core.sources import Source
from crawlers.articles import ArticleReader, Errand
from crawlers.backfill import HistoryReader
from crawlers.entries import EntryReader
from crawlers.fetcher import Fetcher
from crawlers.found import Unreadable
from crawlers.handler import allow_long_robots, cut_robots
from crawlers.job import Job
from crawlers.ledger import Ledger
from crawlers.limits import PDF_BYTES
from crawlers.memory import FileMemory
from crawlers.sights import sight

logger = logging.getLogger(__name__)


class SourcesSpider(Spider):
    """Speaks to the downloader directly, one conversation per source, so that each reads from top to bottom."""

    name = "sources"

    def __init__(self, job: Job, store: RawStore, clock: Clock, history: HistoryStore | None = None) -> None:
        super().__init__()
        self.history = history
        self.job = job
        self.ledger = Ledger(store, clock)
        self.fetcher: Fetcher | None = None
        self.fault: Exception | None = None
        """What ended the crawl before its time: the store could not keep what was fetched."""

    def report(self) -> CrawlReport:
        return self.ledger.report(self.fetcher.requests if self.fetcher else 0)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> SourcesSpider:
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.allow_pdf, signals.headers_received)
        crawler.signals.connect(allow_long_robots, signals.headers_received)
        crawler.signals.connect(cut_robots, signals.bytes_received)
        return spider

    def allow_pdf(self, headers: Headers, request: Request) -> None:
        """An article may be larger when its server says that it is a PDF; read before the size is checked."""
        if request.meta.get("kind") == "article" and b"pdf" in (headers.get("Content-Type") or b"").lower():
            request.meta["download_maxsize"] = PDF_BYTES

    async def start(self) -> AsyncIterator[Any]:
        self.fetcher = Fetcher(
            self.crawler.engine.download_async, self.job.settings, FileMemory(self.ledger.store, self.ledger.clock)
        )
        try:
            self.fetcher.heed(self.job.sources)
            await self._visit_all(self.fetcher)
        except Exception as error:  # the crawl's border: `crawl` raises it again, where Scrapy would only log it
            logger.exception("the crawl could not go on")
            self.fault = error
        # Nothing goes through Scrapy's scheduler: an empty loop makes this the generator that it expects.
        nothing: tuple[Request, ...] = ()
        for request in nothing:
            yield request

    async def _visit_all(self, fetcher: Fetcher) -> None:
        visits = {asyncio.create_task(self._visit(source, fetcher)): source for source in self.job.sources}
        if not visits:
            return
        deadline = self.job.max_seconds or None
        try:
            done, late = await asyncio.wait(visits, timeout=deadline, return_when=asyncio.FIRST_EXCEPTION)
            for task in done:
                task.result()
            for task in late:
                self._interrupt(visits[task])
            if not late:
                await self._ask_again(fetcher)
        finally:
            for task in visits:
                task.cancel()
            await asyncio.gather(*visits, return_exceptions=True)

    async def _visit(self, source: Source, fetcher: Fetcher) -> None:
        """Never raises for what concerns one source; only a store that cannot even note a failure ends the crawl."""
        try:
            await self._read(source, fetcher)
        except Exception as error:  # the per-source border: a fault of ours in one source must not stop the others
            logger.exception("visit of %s failed", source.slug)
            reason = f"erreur inattendue : {type(error).__name__}: {error}"[:300]
            self._stop(source, Unreadable("internal", reason))

    async def _read(self, source: Source, fetcher: Fetcher) -> None:
        settings = self.job.settings
        if self.history is not None and settings.since is not None:
            await HistoryReader(source, fetcher, self.ledger, settings, self.history).walk(settings.since)
            return
        started = time.monotonic()
        harvest = await EntryReader(source, fetcher, self.ledger, settings).harvest()
        entry, seconds = self.ledger.entries.get(source.slug, ""), time.monotonic() - started
        self.ledger.sights.append(sight(source, harvest, entry, fetcher, seconds))
        if harvest is not None:
            await ArticleReader(source, fetcher, self.ledger, settings).bring(harvest)

    def _interrupt(self, source: Source) -> None:
        """Out of time: what was fetched is committed, the rest waits for the next run."""
        reason = f"la collecte s'est arrêtée au bout de {self.job.max_seconds:g} s, avant la fin de cette source"
        self._stop(source, Unreadable("interrupted", reason))

    def _stop(self, source: Source, error: Unreadable) -> None:
        self.ledger.fail(source, source.url, error, entry=source.slug not in self.ledger.entries)

    async def _ask_again(self, fetcher: Fetcher) -> None:
        """Articles that answered 410 are asked once more, so that one bad minute of a server deletes nothing."""
        vanished, self.ledger.vanished = self.ledger.vanished, []
        for source, url, hint in vanished:
            await ArticleReader(source, fetcher, self.ledger, self.job.settings).ask(Errand(url, hint, known=True))
