"""The entry points of a source, in order, the next only when the last wholly failed.

Feeds, sitemaps, listing, API, watched pages; then a feed sought on the source's own page.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace

from core.sources import CrawlSettings, EntryKind, Source
from core.urls import canonical, host
from crawlers import charsets
from crawlers.answers import entry_page, is_beyond
from crawlers.feed_links import feed_links
from crawlers.fetcher import Fetcher
from crawlers.found import EntryPage, Found, Reading, Unreadable
from crawlers.ledger import Ledger
from crawlers.limits import HTML_BYTES
from crawlers.points import MOST_PAGES, EntryPoint, declared, feed
from crawlers.watched import PageWatcher

Refusal = tuple[str, Unreadable]
"""An address, and why it could not be read."""
MOST_DISCOVERED = 5
"""Feeds tried, of those that a page may have."""


@dataclass(frozen=True, slots=True)
class Harvest:
    """What the entry point that answered says."""

    kind: EntryKind
    found: tuple[Found, ...]
    elsewhere: int = 0
    """Links left out because they lead to other sites than the source's `article_domains`."""


class EntryReader:
    """Reads the entry points of one source."""

    def __init__(self, source: Source, fetcher: Fetcher, ledger: Ledger, settings: CrawlSettings) -> None:
        self._source = source
        self._fetcher = fetcher
        self._ledger = ledger
        self._settings = settings

    async def harvest(self) -> Harvest | None:
        """The articles announced by the first kind that answers; None, and one entry failure, when none does."""
        refusals: list[Refusal] = []
        for look in (self._look_at_declared, self._look_at_pages, self._discover):
            harvest, failed = await look()
            if harvest is not None:
                for url, error in refusals + failed:
                    self._ledger.fail(self._source, url, error)
                return _at_home(harvest, self._source.article_domains)
            refusals += failed
        self._ledger.fail(self._source, *_summary(self._source, refusals), entry=True)
        return None

    async def _look_at_declared(self) -> tuple[Harvest | None, list[Refusal]]:
        refusals: list[Refusal] = []
        for point in declared(self._source, self._ledger.clock.now(), self._settings.max_pages):
            answered, found, failed = await self._walk(point)
            refusals += failed
            if answered:
                return Harvest(point.kind, found), refusals
        return None, refusals

    async def _look_at_pages(self) -> tuple[Harvest | None, list[Refusal]]:
        """Pages that are watched for change are articles themselves: nothing is read of them here."""
        if self._source.pages is None:
            return None, []
        read, failed = await PageWatcher(self._source, self._fetcher, self._ledger).look()
        return Harvest("page", tuple(map(Found, read))) if read else None, failed

    async def _discover(self) -> tuple[Harvest | None, list[Refusal]]:
        """A feed that the source's own page has, when it may be sought; the first with articles, else the first."""
        if not self._source.discover:
            return None, []
        url, now = self._source.url, self._ledger.clock.now()
        try:
            page = await self._page(url, HTML_BYTES)
        except Unreadable as error:
            return None, [(url, error)]
        text = charsets.text_of(page.body, page.content_type)
        links = await asyncio.to_thread(feed_links, text, page.url)
        empty, refusals = "", list[Refusal]()
        for link in [link for link in links if link not in self._source.feeds][:MOST_DISCOVERED]:
            answered, found, failed = await self._walk(feed((link,), now), quiet=True)
            if found:
                self._ledger.read(self._source, link)
                return Harvest("feed", found), failed
            empty = empty or (link if answered else "")
            refusals += failed
        if empty:
            self._ledger.read(self._source, empty)
            return Harvest("feed", ()), []
        return None, [(url, Unreadable("empty", "aucun flux n'a été trouvé sur la page d'accueil")), *refusals]

    async def _walk(self, point: EntryPoint, quiet: bool = False) -> tuple[bool, tuple[Found, ...], list[Refusal]]:
        """Read the pages of an entry point. True when one answered; an index of sitemaps alone is no answer.

        `quiet`: the answer is not noted yet.
        """
        queue, seen = deque((start, start) for start in point.starts), set(point.starts)
        answered, found, failed = False, dict[str, Found](), list[Refusal]()
        for _ in range(min(point.most, MOST_PAGES)):
            if not queue:
                break
            url, start = queue.popleft()
            try:
                # In a thread: a feed of thousands of items must not keep the other sources' connections waiting.
                reading = await asyncio.to_thread(point.read, await self._page(url, point.limit))
            except Unreadable as error:
                if not (url != start and point.turns and is_beyond(error)):
                    failed.append((url, error))
                continue
            if not answered and (reading.found or not reading.more):
                answered = True
                if not quiet:
                    self._ledger.read(self._source, start)
            if reading.lost:
                failed.append((url, Unreadable("format", reading.lost)))
            more = self._following(point, url, reading, found)
            for item in reading.found:
                found.setdefault(item.url, item)
            queue += [(page, start) for page in more if page not in seen]
            seen.update(more)
        if queue and point.kind == "sitemap":
            failed.append((queue[0][0], _unread(len(queue), point.most)))
        return answered, tuple(found.values()), failed

    @staticmethod
    def _following(point: EntryPoint, url: str, reading: Reading, known: Mapping[str, Found]) -> tuple[str, ...]:
        """The pages to read after one; a page that says nothing new is the last: some lead to themselves for ever."""
        if point.turns and all(item.url in known for item in reading.found):
            return ()
        return (point.numbered[url],) if url in point.numbered else reading.more

    async def _page(self, url: str, limit: int) -> EntryPage:
        """An entry page, asked conditionally; read again from the store when it has not changed."""
        try:
            key = canonical(url)
        except ValueError as error:
            raise Unreadable("guard", "adresse refusée : seules les pages http et https sont lues") from error
        answer = await self._fetcher.get(url, "entry", self._ledger.store.validators(key), limit)
        if answer.status == 304:
            body = self._ledger.store.body(key)
            if body is not None:
                self._ledger.same(key)
                return EntryPage(answer.final_url, body, answer.header("content-type"))
            answer = await self._fetcher.get(url, "entry", None, limit)
        page = entry_page(answer)
        self._ledger.save(self._source, "entry", key, answer)
        return page


def _at_home(harvest: Harvest, domains: tuple[str, ...]) -> Harvest:
    """Without the links to other sites, where a source says which its own are; sub-domains are of the site."""
    if not domains or harvest.kind == "page":
        return harvest
    ends = tuple(f".{domain}" for domain in domains)
    found = tuple(item for item in harvest.found if f".{_host(item.url)}".endswith(ends))
    return replace(harvest, found=found, elsewhere=len(harvest.found) - len(found))


def _host(url: str) -> str:
    try:
        return host(url)
    except ValueError:
        return ""


def _unread(count: int, most: int) -> Unreadable:
    what = "1 plan de site n'a pas été lu" if count == 1 else f"{count} plans de site n'ont pas été lus"
    return Unreadable("size", f"{what} : {most} pages d'entrée au plus par passage ([crawl] max_pages)")


def _summary(source: Source, refusals: list[tuple[str, Unreadable]]) -> tuple[str, Unreadable]:
    """One failure for a source that could not be read at all: the first reason leads, other ones follow."""
    if not refusals:
        return source.url, Unreadable("config", "la source n'a aucun point d'entrée (flux, plan de site, liste ou API)")
    url, first = refusals[0]
    others = list(dict.fromkeys(error.reason for _, error in refusals if error.reason != first.reason))
    return url, Unreadable(first.kind, " ; puis : ".join([first.reason, *others])[:600])
