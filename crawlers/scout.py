"""The crawl's other errands: exploring a site for its entry points, bringing single articles."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from core.discovery import Discovery
from core.pages import CrawlReport
from core.sources import Source
from core.urls import canonical
from crawlers.articles import ArticleReader, Errand
from crawlers.explorer import Explorer
from crawlers.fetcher import Fetcher
from crawlers.found import NO_HINT, Unreadable
from crawlers.spider import SourcesSpider


class Scout(SourcesSpider):
    """Keeps the manners and the borders of the daily spider; it looks for entries, or brings single articles."""

    name = "scout"

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.discoveries: list[Discovery] = []

    def report(self) -> CrawlReport:
        return replace(super().report(), discoveries=tuple(self.discoveries))

    async def _visit_all(self, fetcher: Fetcher) -> None:
        if self.job.errand != "explore":
            await super()._visit_all(fetcher)
            return
        explorer = Explorer(fetcher, self.ledger.store, self.job.now)
        self.discoveries += await asyncio.gather(*(explorer.explore(url) for url in self.job.addresses))

    async def _read(self, source: Source, fetcher: Fetcher) -> None:
        articles = ArticleReader(source, fetcher, self.ledger, self.job.settings)
        for url in self.job.addresses:
            await self._bring(source, articles, url)

    async def _bring(self, source: Source, articles: ArticleReader, url: str) -> None:
        try:
            await articles.ask(Errand(canonical(url), NO_HINT, known=False))
        except ValueError:
            self.ledger.fail(source, url[:500], Unreadable("guard", "adresse mal formée : refusée"))
