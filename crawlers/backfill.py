"""The history of a source: every page of every entry point, back to a day, as far as the budget of a call goes."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from core.history import Cursor, HistoryStore
from core.sources import CrawlSettings, EntryKind, Source
from crawlers.ages import older, sitemap_older
from crawlers.answers import entry_page, is_beyond
from crawlers.articles import ArticleReader
from crawlers.entries import Harvest
from crawlers.feed_pages import older as older_pages
from crawlers.fetcher import Fetcher
from crawlers.found import UNANSWERED, EntryPage, Reading, Unreadable
from crawlers.ledger import Ledger
from crawlers.points import EntryPoint, declared

MOST_PAGES = 1_000
"""Entry pages of one call."""
MOST_WAITING = 5_000
"""Entry pages remembered to be read."""
ORDER: tuple[EntryKind, ...] = ("sitemap", "listing", "api", "feed")
"""The most complete first: what one has brought, the next ones need not ask."""
_PLACE_RE = re.compile(r"\{(page|offset)\}")


@dataclass(frozen=True, slots=True)
class Walk:
    """One kind of entry point, walked back."""

    point: EntryPoint
    following: Callable[[str], str | None]
    """The address after another, where pages are numbered in it; None elsewhere."""

    @property
    def backwards(self) -> bool:
        """True where the pages go from the newest article to the oldest."""
        return self.point.kind != "sitemap"


class HistoryReader:
    """Walks back through the entry points of one source, one entry page at a time: its articles, then the next page.

    The place is committed after each page, so that a call killed at any moment is taken up at the same page. Entry
    pages are not kept: they are asked once, and nothing but their links is read.
    """

    def __init__(
        self, source: Source, fetcher: Fetcher, ledger: Ledger, settings: CrawlSettings, history: HistoryStore
    ) -> None:
        self._source = source
        self._fetcher = fetcher
        self._ledger = ledger
        self._settings = settings
        self._history = history
        self._cursor = Cursor()
        self._budget = settings.max_new
        self._pages = MOST_PAGES
        self._announced: set[str] = set()

    async def walk(self, since: datetime) -> None:
        self._cursor = self._history.cursor(self._source.slug)
        self._cursor.stop, self._cursor.troubled = "", False
        for walk in walks(self._source, self._ledger.clock.now()):
            await self._follow(walk, since)
            if self._cursor.stop and not self._cursor.troubled:
                break
        self._history.save(self._source.slug, self._cursor)
        if not self._cursor.stop and not self._cursor.left:
            self._history.finish(self._source.slug, self._ledger.clock.now())

    async def _follow(self, walk: Walk, since: datetime) -> None:
        queue = self._cursor.waiting.setdefault(walk.point.kind, list(walk.point.starts))
        while queue and self._may_go_on():
            url = queue[0]
            try:
                page = await self._page(url, walk.point.limit)
                # In a thread, as in an ordinary visit: a large sitemap takes seconds.
                reading = await asyncio.to_thread(walk.point.read, page)
            except Unreadable as error:
                if not self._passes(walk, url, error):
                    return
                self._turn(queue, ())
                continue
            self._pages -= 1
            self._cursor.read += 1
            if not await self._bring(walk, reading, since):
                return
            self._turn(queue, self._after(walk, page, url, reading, since))

    def _may_go_on(self) -> bool:
        if self._pages <= 0:
            self._stop(f"{MOST_PAGES} pages d'entrée au plus par commande")
        return not self._cursor.stop or self._cursor.troubled

    def _passes(self, walk: Walk, url: str, error: Unreadable) -> bool:
        """True when the page is behind us: it is after the last one, or will never be read; else it waits."""
        if is_beyond(error) and walk.backwards and url not in walk.point.starts:
            return True
        self._ledger.fail(self._source, url, error, entry=True)
        if error.kind not in UNANSWERED and error.status != 429 and error.status < 500:
            return True
        self._stop(f"{url} : {error.reason}", troubled=True)
        return False

    async def _page(self, url: str, limit: int) -> EntryPage:
        return entry_page(await self._fetcher.get(url, "entry", None, limit))

    async def _bring(self, walk: Walk, reading: Reading, since: datetime) -> bool:
        """Ask for the articles of a page; False when the page is to be read again by the next call."""
        if reading.lost:
            self._ledger.fail(self._source, self._source.url, Unreadable("format", reading.lost), entry=True)
        wanted = tuple(found for found in reading.found if not older(found, since))
        if not wanted:
            return True
        if self._budget <= 0:
            self._stop(self._spent())
            return False
        reader = ArticleReader(self._source, self._fetcher, self._ledger, replace(self._settings, max_new=self._budget))
        taken = await reader.bring(Harvest(walk.point.kind, wanted))
        self._budget -= len(taken)
        if any(self._fetcher.closed(url) for url in taken):
            self._stop("le site demande d'attendre", troubled=True)
        elif self._budget <= 0:
            self._stop(self._spent())
        return not self._cursor.stop

    def _after(self, walk: Walk, page: EntryPage, url: str, reading: Reading, since: datetime) -> Iterable[str]:
        """The pages that follow; none after a page that says nothing new, or nothing young enough."""
        if not walk.backwards:
            return [more for more in reading.more if not sitemap_older(more, since)]
        new = [found for found in reading.found if found.url not in self._announced]
        self._announced.update(found.url for found in new)
        if not new or all(older(found, since) for found in reading.found):
            return ()
        if walk.point.kind == "feed":
            return older_pages(page)
        numbered = walk.following(url)
        return (numbered,) if numbered else reading.more

    def _turn(self, queue: list[str], more: Iterable[str]) -> None:
        """The page at the head of the queue is behind us."""
        seen = set(self._cursor.seen)
        seen.add(digest(queue.pop(0)))
        fresh = [url for url in dict.fromkeys(more) if digest(url) not in seen]
        queue += fresh[: max(0, MOST_WAITING - len(queue))]
        self._cursor.seen = sorted(seen | {digest(url) for url in fresh})
        self._history.save(self._source.slug, self._cursor)

    def _stop(self, why: str, troubled: bool = False) -> None:
        self._cursor.stop, self._cursor.troubled = why, troubled

    def _spent(self) -> str:
        return f"{self._settings.max_new} articles au plus par commande (--max)"


def walks(source: Source, now: datetime) -> list[Walk]:
    """The declared entry points of a source that have a past, the most complete first."""
    templates = {"listing": (source.listing.url, 1)} if source.listing else {}
    if source.api:
        templates["api"] = (source.api.url, source.api.step)
    points = sorted(declared(source, now, MOST_PAGES), key=lambda point: ORDER.index(point.kind))
    return [Walk(point, numbered(*templates.get(point.kind, ("", 1)))) for point in points]


def numbered(template: str, step: int = 1) -> Callable[[str], str | None]:
    """Address of a numbered page → that of the next, told from the address alone, so that it may be taken up."""
    place = _PLACE_RE.search(template)
    if place is None:
        return lambda url: None
    before, after = template[: place.start()], template[place.end() :]
    form = re.compile(re.escape(before) + r"(\d{1,9})" + re.escape(after))
    jump = step if place[1] == "offset" else 1

    def following(url: str) -> str | None:
        match = form.fullmatch(url)
        return f"{before}{int(match[1]) + jump}{after}" if match else None

    return following


def digest(url: str) -> str:
    return hashlib.sha256(url.encode("utf-8", "replace")).hexdigest()[:12]
