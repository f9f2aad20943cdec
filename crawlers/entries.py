"""The entry points of a source, in order: feeds, sitemaps, listing, API; the next only when the last wholly failed."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from core.sources import ApiRules, CrawlSettings, EntryKind, Source
from core.urls import canonical
from crawlers import apis, feeds, listings, sitemaps
from crawlers.fetcher import Answer, Fetcher
from crawlers.found import EntryPage, Found, Reading, Unreadable
from crawlers.ledger import Ledger
from crawlers.limits import ARCHIVE_BYTES, ENTRY_BYTES, SITEMAP_BYTES
from crawlers.walls import wall

MOST_PAGES = 200
"""Entry pages of one source in one run, whatever it declares (threat A11)."""
STATUS = {
    401: "la page demande une identification",
    403: "le serveur refuse l'accès",
    404: "la page n'existe pas",
    410: "la page a été supprimée",
    429: "le serveur trouve nos demandes trop fréquentes",
    503: "le serveur est indisponible",
}


@dataclass(frozen=True, slots=True)
class EntryPoint:
    """One kind of entry: where to start, how to read a page of it, how many pages at most."""

    kind: EntryKind
    starts: tuple[str, ...]
    read: Callable[[EntryPage], Reading]
    most: int
    limit: int = ENTRY_BYTES
    """Bytes of one page."""


@dataclass(frozen=True, slots=True)
class Harvest:
    """What the entry point that answered says."""

    kind: EntryKind
    found: tuple[Found, ...]


class EntryReader:
    """Reads the entry points of one source."""

    def __init__(self, source: Source, fetcher: Fetcher, ledger: Ledger, settings: CrawlSettings) -> None:
        self._source = source
        self._fetcher = fetcher
        self._ledger = ledger
        self._settings = settings

    async def harvest(self) -> Harvest | None:
        """The articles announced by the first kind that answers; None, and one entry failure, when none does."""
        refusals: list[tuple[str, Unreadable]] = []
        for point in self._points():
            answered, found, failed = await self._walk(point)
            if answered:
                for url, error in refusals + failed:
                    self._ledger.fail(self._source, url, error)
                return Harvest(point.kind, found)
            refusals += failed
        self._ledger.fail(self._source, *_summary(self._source, refusals), entry=True)
        return None

    def _points(self) -> Iterator[EntryPoint]:
        source, now, most = self._source, self._ledger.clock.now(), self._settings.max_pages
        if source.feeds:
            yield EntryPoint("feed", source.feeds, lambda page: feeds.read(page, now), len(source.feeds))
        if source.sitemaps:
            most = max(most, len(source.sitemaps))
            yield EntryPoint("sitemap", source.sitemaps, lambda page: sitemaps.read(page, now), most, SITEMAP_BYTES)
        if listing := source.listing:
            yield EntryPoint("listing", (listing.url,), lambda page: listings.read(page, listing, now), listing.pages)
        if rules := source.api:
            yield self._api(rules)

    def _api(self, rules: ApiRules) -> EntryPoint:
        """Pages 1, 2, 3… each read only when the one before said something that no earlier page had said."""
        pages = apis.urls(rules, MOST_PAGES)
        after = dict(pairwise(pages))
        now, seen, asked = self._ledger.clock.now(), set[bytes](), iter(pages)

        def read(page: EntryPage) -> Reading:
            following = after.get(next(asked))
            found = apis.read(page, rules, now).found
            new = bool(found) and page.body not in seen
            seen.add(page.body)
            return Reading(found if new else (), (following,) if new and following else ())

        return EntryPoint(
            "api", pages[:1], read, len(pages), ARCHIVE_BYTES if rules.format == "json.zip" else ENTRY_BYTES
        )

    async def _walk(self, point: EntryPoint) -> tuple[bool, tuple[Found, ...], list[tuple[str, Unreadable]]]:
        """Read the pages of an entry point. True when one answered; an index of sitemaps alone is no answer."""
        queue, seen = deque((start, start) for start in point.starts), set(point.starts)
        answered, found, failed = False, list[Found](), list[tuple[str, Unreadable]]()
        for _ in range(min(point.most, MOST_PAGES)):
            if not queue:
                break
            url, start = queue.popleft()
            try:
                # In a thread: a feed of thousands of items must not keep the other sources' connections waiting.
                reading = await asyncio.to_thread(point.read, await self._page(url, point.limit))
            except Unreadable as error:
                failed.append((url, error))
                continue
            if not answered and (reading.found or not reading.more):
                answered = True
                self._ledger.read(self._source, start)
            if reading.lost:
                failed.append((url, Unreadable("format", reading.lost)))
            found += reading.found
            queue += [(more, start) for more in reading.more if more not in seen]
            seen.update(reading.more)
        if queue and point.kind == "sitemap":
            failed.append((queue[0][0], _unread(len(queue), point.most)))
        return answered, tuple(found), failed

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
        require_page(answer)
        self._ledger.save(self._source, "entry", key, answer)
        return EntryPage(answer.final_url, answer.body, answer.header("content-type"))


def _unread(count: int, most: int) -> Unreadable:
    what = "1 plan de site n'a pas été lu" if count == 1 else f"{count} plans de site n'ont pas été lus"
    return Unreadable("size", f"{what} : {most} pages d'entrée au plus par passage ([crawl] max_pages)")


def require_page(answer: Answer) -> None:
    """Raises Unreadable unless the answer is 200 with a body."""
    if answer.status != 200:
        otherwise = "le serveur est en erreur" if answer.status >= 500 else "la page n'est pas donnée"
        said = STATUS.get(answer.status, otherwise)
        if answer.status in (403, 429, 503) and (owner := wall(answer.headers, answer.body)):
            said = f"la protection {owner} du site refuse les robots"
        raise Unreadable("http", f"{said} (code {answer.status})")
    if not answer.body.strip():
        raise Unreadable("empty", "la page est vide")


def _summary(source: Source, refusals: list[tuple[str, Unreadable]]) -> tuple[str, Unreadable]:
    """One failure for a source that could not be read at all: the first reason leads, other ones follow."""
    if not refusals:
        return source.url, Unreadable("config", "la source n'a aucun point d'entrée (flux, plan de site, liste ou API)")
    url, first = refusals[0]
    others = list(dict.fromkeys(error.reason for _, error in refusals if error.reason != first.reason))
    return url, Unreadable(first.kind, " ; puis : ".join([first.reason, *others])[:600])
