"""The crawl's other errands: trying sources, exploring a site for its entry points, bringing single articles."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from typing import Any

from core.discovery import Announced, Discovery
from core.pages import CrawlReport
from core.sources import Source
from core.urls import canonical
from crawlers.articles import ArticleReader, Errand
from crawlers.entries import EntryReader
from crawlers.explorer import Explorer
from crawlers.fetcher import Fetcher
from crawlers.found import NO_HINT, Unreadable
from crawlers.spider import SourcesSpider


class Scout(SourcesSpider):
    """Keeps the manners and the borders of the daily spider; it notes what entries announce, or looks for some."""

    name = "scout"

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.discoveries: list[Discovery] = []
        self.announced: list[Announced] = []

    def report(self) -> CrawlReport:
        return replace(super().report(), discoveries=tuple(self.discoveries), announced=tuple(self.announced))

    async def _visit_all(self, fetcher: Fetcher) -> None:
        if self.job.errand != "explore":
            await super()._visit_all(fetcher)
            return
        explorer = Explorer(fetcher, self.ledger.store, self.job.now)
        self.discoveries += await asyncio.gather(*(explorer.explore(url) for url in self.job.addresses))

    async def _read(self, source: Source, fetcher: Fetcher) -> None:
        settings = self.job.settings
        articles = ArticleReader(source, fetcher, self.ledger, settings)
        if self.job.errand == "bring":
            for url in self.job.addresses:
                await self._bring(source, articles, url)
            return
        started = time.monotonic()
        harvest = await EntryReader(source, fetcher, self.ledger, settings).harvest()
        if harvest is None:
            return
        dated = sum(found.hint.published is not None for found in harvest.found)
        seconds = time.monotonic() - started
        self.announced.append(Announced(source.slug, harvest.kind, len(harvest.found), dated, seconds))
        await articles.bring(harvest)

    async def _bring(self, source: Source, articles: ArticleReader, url: str) -> None:
        try:
            await articles.ask(Errand(canonical(url), NO_HINT, known=False))
        except ValueError:
            self.ledger.fail(source, url[:500], Unreadable("guard", "adresse mal formée : refusée"))
