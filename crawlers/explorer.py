"""Looks around a site for its entry points, as a polite visitor would: few requests, each through the fetcher."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from urllib.parse import urljoin, urlsplit

from core.discovery import Candidate, Discovery, Refusal
from core.ports import RawStore
from crawlers import charsets, feeds, sitemaps
from crawlers.answers import entry_page
from crawlers.blocks import blocks
from crawlers.discovery import candidate, name_of, newsy, ranked, sections, sitemaps_of, usual_feeds
from crawlers.feed_links import feed_links
from crawlers.fetcher import Fetcher
from crawlers.found import EntryPage, Reading, Unreadable
from crawlers.limits import SITEMAP_BYTES
from crawlers.shapes import api_rules

MOST_FEEDS = 5
MOST_SITEMAPS = 3
SECONDS = 240.0
"""Longest look at one site; what was found until then is given."""


class Explorer:
    """Explores addresses, several at once; nothing is stored but robots.txt, as ever."""

    def __init__(self, fetcher: Fetcher, store: RawStore, now: datetime) -> None:
        self._fetcher = fetcher
        self._store = store
        self._now = now

    async def explore(self, url: str) -> Discovery:
        """Every way to articles that is found from an address. Never raises for what a site does."""
        visit = _Visit(url, self._fetcher, self._store, self._now)
        try:
            await asyncio.wait_for(visit.look(), SECONDS)
        except TimeoutError:
            visit.refuse(url, Unreadable("timeout", f"l'exploration du site a duré plus de {SECONDS:.0f} s"))
        return visit.discovery()


class _Visit:
    """One look around one site."""

    def __init__(self, url: str, fetcher: Fetcher, store: RawStore, now: datetime) -> None:
        self._asked = url
        self._fetcher = fetcher
        self._store = store
        self._now = now
        self._page = ""
        self._name = ""
        self._candidates: list[Candidate] = []
        self._refusals: list[Refusal] = []
        self._tried: set[str] = set()

    def discovery(self) -> Discovery:
        """The first feeds and lists found stay first among their equals: the page knows its own better than we do."""
        return Discovery(
            self._asked, self._page, self._name, ranked(self._candidates, self._now), tuple(self._refusals)
        )

    def refuse(self, url: str, error: Unreadable) -> None:
        self._refusals.append(Refusal(url, error.kind, error.reason))

    async def look(self) -> None:
        try:
            page = await self._fetch(self._asked)
        except Unreadable as error:
            self.refuse(self._asked, error)
            if error.kind == "http":  # a wall before the pages may leave the feed, which is made for machines
                await self._feeds(usual_feeds(self._asked)[:3])
            return
        self._page = page.url
        if self._itself(page):
            return
        text = charsets.text_of(page.body, page.content_type)
        self._name = name_of(text)
        await self._read_page(page, text)
        if not self._good() or (urlsplit(page.url).path.strip("/") == "" and not self._has_feed()):
            await self._sections(text, page.url)
        if not self._has_feed():
            await self._feeds(usual_feeds(page.url))
            await self._sitemaps(page.url)

    def _itself(self, page: EntryPage) -> bool:
        """True when the address is an entry point already."""
        readers: tuple[tuple[str, Callable[[EntryPage], Reading]], ...] = (
            ("feed", lambda given: feeds.read(given, self._now)),
            ("sitemap", lambda given: sitemaps.read(given, self._now)),
        )
        for kind, read in readers:
            try:
                reading = read(page)
            except Unreadable:
                continue
            self._candidates.append(candidate(kind, page.url, reading.found))  # type: ignore[arg-type]
            return True
        rules = api_rules(page, self._now)
        if rules is not None:
            from crawlers import apis

            self._candidates.append(candidate("api", rules.url, apis.read(page, rules, self._now).found, api=rules))
        return rules is not None

    async def _read_page(self, page: EntryPage, text: str) -> None:
        for block in await asyncio.to_thread(blocks, page, text, self._now):
            self._candidates.append(candidate("listing", page.url, block.found, listing=block.rules))
        await self._feeds(feed_links(text, page.url)[:MOST_FEEDS])

    async def _sections(self, text: str, url: str) -> None:
        for address in sections(text, url):
            try:
                page = await self._fetch(address)
            except Unreadable:
                continue
            before = len(self._candidates)
            await self._read_page(page, charsets.text_of(page.body, page.content_type))
            if self._good(before):
                return

    async def _feeds(self, addresses: Sequence[str]) -> None:
        for address in addresses:
            if address in self._tried:
                continue
            try:
                page = await self._fetch(address)
                found = feeds.read(page, self._now).found
            except Unreadable as error:
                if error.kind != "http":  # usual addresses are guesses: that nothing is there says nothing
                    self.refuse(address, error)
                continue
            if found:
                self._candidates.append(candidate("feed", address, found))
                if address in usual_feeds(self._asked):
                    return
            else:
                self.refuse(address, Unreadable("empty", "le flux est valable mais vide"))

    async def _sitemaps(self, url: str) -> None:
        robots = (self._store.body(urljoin(url, "/robots.txt")) or b"").decode("utf-8", "replace")
        for address in sitemaps_of(robots, url)[:MOST_SITEMAPS]:
            await self._sitemap(address)

    async def _sitemap(self, address: str) -> None:
        """A sitemap, or the index that leads to some: the index is the entry, its parts tell what it is worth."""
        try:
            reading = sitemaps.read(await self._fetch(address, SITEMAP_BYTES), self._now)
            found = list(reading.found)
            for part in newsy(reading.more)[:MOST_SITEMAPS]:
                found += sitemaps.read(await self._fetch(part, SITEMAP_BYTES), self._now).found
        except Unreadable as error:
            if error.kind != "http":
                self.refuse(address, error)
            return
        if found:
            self._candidates.append(candidate("sitemap", address, tuple(found)))

    async def _fetch(self, url: str, limit: int = 0) -> EntryPage:
        self._tried.add(url)
        return entry_page(await self._fetcher.get(url, "entry", limit=limit))

    def _has_feed(self) -> bool:
        return any(each.kind == "feed" for each in self._candidates)

    def _good(self, since: int = 0) -> bool:
        """True when something with dates was found, so that the site need not be troubled more."""
        return any(each.dated * 2 >= each.announced > 0 for each in self._candidates[since:])
