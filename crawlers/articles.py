"""The articles of a source: new ones fetched or taken from the entry page, known ones asked whether they changed."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from core.pages import Hint
from core.sources import CrawlSettings, Source
from core.urls import article_key, canonical, host
from crawlers.answers import require_page, require_readable
from crawlers.apis import row_of
from crawlers.entries import Harvest
from crawlers.fetcher import Answer, Fetcher, check_scheme
from crawlers.found import NO_HINT, Found, Unreadable
from crawlers.keywords import wanted
from crawlers.ledger import Ledger
from crawlers.mining import announcement, obeyed

HOSTS_AT_ONCE = 8
"""Hosts that one source's articles may be asked of at the same time."""
EVER = datetime.max.replace(tzinfo=UTC)
ASKED_AT_ONCE = 500
"""Addresses that one question to the store may hold."""


@dataclass(frozen=True, slots=True)
class Errand:
    """One article page to ask for."""

    url: str
    hint: Hint
    known: bool
    link: bool = False
    """Only whether the page is still there is asked; what it says is not read again."""


class ArticleReader:
    """Brings in the articles of one source."""

    def __init__(self, source: Source, fetcher: Fetcher, ledger: Ledger, settings: CrawlSettings) -> None:
        self._source = source
        self._fetcher = fetcher
        self._ledger = ledger
        self._settings = settings
        self._reserved: str | None = None
        """What was said of text and data mining; None as long as nobody was asked."""

    async def bring(self, harvest: Harvest) -> tuple[str, ...]:
        """Rows are committed as they are; pages are asked, new ones first, unless the source says never.

        Returns the addresses of the new articles that were taken, or asked in vain.
        """
        # A watched page has been asked already: it is an entry point that is an article itself.
        announced = self._announced(harvest.found if harvest.kind != "page" else ())
        unknown = self._unknown(list(announced))
        fresh = self._fresh({url: found for url, found in announced.items() if url in unknown})
        rows = {url: row for url, found in announced.items() if (row := self._row(url, found)) is not None}
        for url, row in rows.items():
            if url in fresh or url not in unknown:
                self._ledger.save_row(self._source, url, row, announced[url].hint)
        if self._source.fetch == "never":
            return tuple(fresh)
        errands = [Errand(url, found.hint, known=False) for url, found in fresh.items() if url not in rows]
        if not (harvest.kind == "api" and self._source.api is not None and self._source.api.text):
            errands += self._revisits(announced, unknown)
            errands += self._links({errand.url for errand in errands})
        await self._run(errands)
        if self._reserved is not None and self._settings.since is None:
            self._ledger.store.mining(self._source.slug, self._reserved)
        return tuple(fresh)

    def _unknown(self, urls: list[str]) -> set[str]:
        store, unknown = self._ledger.store, set[str]()
        for start in range(0, len(urls), ASKED_AT_ONCE):
            unknown |= store.unknown(urls[start : start + ASKED_AT_ONCE])
        return unknown

    def _announced(self, found: tuple[Found, ...]) -> dict[str, Found]:
        """Canonical URL → article, in order; addresses that are no web page are named failures (threats A6, A34)."""
        announced: dict[str, Found] = {}
        for item in found:
            try:
                check_scheme(item.url)
                announced.setdefault(canonical(item.url), item)
            except Unreadable as error:
                self._ledger.fail(self._source, item.url[:500], error)
            except ValueError:
                self._ledger.fail(self._source, item.url[:500], Unreadable("guard", "adresse mal formée : refusée"))
        return announced

    def _fresh(self, unknown: dict[str, Found]) -> dict[str, Found]:
        """The new articles to take now, claimed for the run; beyond `max_new`, the newest: the rest waits."""
        fresh = [(url, found) for url, found in unknown.items() if wanted(found, self._source.keywords)]
        if len(fresh) > self._settings.max_new:
            fresh.sort(key=lambda pair: pair[1].hint.published or pair[1].moved, reverse=True)
        taken: dict[str, Found] = {}
        for url, found in fresh:
            key = article_key(url)
            if key not in self._ledger.claimed and len(taken) < self._settings.max_new:
                self._ledger.claimed.add(key)
                taken[url] = found
        return taken

    def _row(self, url: str, found: Found) -> bytes | None:
        """The article as the entry page carries it, when it does or when its own page is not to be asked."""
        if found.row is not None or self._source.fetch != "never":
            return found.row
        hint = found.hint
        return row_of(url, hint.title, hint.text, hint.published) if hint.title or hint.text else None

    def _revisits(self, announced: dict[str, Found], unknown: set[str]) -> list[Errand]:
        """Known articles that are due; all of them when everything is to be checked again."""
        if self._settings.since is not None:
            return []
        recheck = self._settings.recheck
        due = self._ledger.store.revisits(self._source.slug, EVER if recheck else self._ledger.clock.now())
        if recheck:
            due = [*due, *(url for url in announced if url not in unknown)]
        hints = {url: announced[url].hint for url in due if url in announced}
        return [Errand(url, hints.get(url, NO_HINT), known=True) for url in dict.fromkeys(due)]

    def _links(self, asked: set[str]) -> list[Errand]:
        """Articles on the topic of which nothing was heard for a month, though nothing new is awaited of them."""
        if self._settings.since is not None:
            return []
        due = self._ledger.store.links(self._source.slug, self._ledger.clock.now())
        return [Errand(url, NO_HINT, known=True, link=True) for url in due if url not in asked]

    async def _run(self, errands: list[Errand]) -> None:
        """Host by host: the errands of one host follow each other, those of several go side by side."""
        by_host: dict[str, list[Errand]] = {}
        for errand in errands:
            by_host.setdefault(host(errand.url), []).append(errand)
        slots = asyncio.Semaphore(HOSTS_AT_ONCE)

        async def one_host(queue: list[Errand]) -> None:
            async with slots:
                for errand in queue:
                    if not await self.ask(errand):
                        break

        await asyncio.gather(*(one_host(queue) for queue in by_host.values()))

    async def ask(self, errand: Errand) -> bool:
        """Ask for one article and commit what came. False when its host wants no more requests in this run."""
        known = self._ledger.store.validators(errand.url) if errand.known else None
        try:
            if self._is_reserved(await self._fetcher.reservations.of_site(errand.url)):
                self._keep_announcement(errand)
                return True
            answer = await self._fetcher.get(errand.url, "article", known)
            # After a redirect, or a shortened link, the rule is that of the place reached.
            place = answer.final_url
            if place != errand.url and self._is_reserved(await self._fetcher.reservations.of_site(place)):
                self._keep_announcement(errand)
                return True
            self._keep(errand, answer)
        except Unreadable as error:
            self._ledger.fail(self._source, errand.url, error)
            return not self._fetcher.closed(errand.url)
        return True

    def _keep(self, errand: Errand, answer: Answer) -> None:
        if errand.known and answer.status == 304:
            self._ledger.same(errand.url)
        elif errand.known and answer.status in (404, 410):
            self._ledger.gone(self._source, errand.url, answer.status, errand.hint)
        else:
            require_page(answer)
            if errand.link:
                # Its text may have left with its time (`keep_days`): it does not come back because a link lives.
                self._ledger.same(errand.url)
                return
            require_readable(answer)
            if self._is_reserved(self._fetcher.reservations.of_page(answer)):
                self._keep_announcement(errand, answer)
            else:
                hint = replace(errand.hint, excerpt=self._source.fetch == "excerpt")
                self._ledger.save(self._source, "article", errand.url, answer, hint)

    def _is_reserved(self, said: str) -> bool:
        """True when the article may not be read: its text is then neither kept nor looked at (threat A26)."""
        self._reserved = said or self._reserved or ""
        return bool(said) and obeyed(self._source.rights)

    def _keep_announcement(self, errand: Errand, answer: Answer | None = None) -> None:
        """A known article stays as it is: what was lawfully read before the reservation is not undone by it."""
        if errand.known:
            self._ledger.same(errand.url)
            return
        row = announcement(errand.url, errand.hint, answer)
        if row is None:
            reason = "l'éditeur réserve la fouille de textes, et rien n'annonce le titre de l'article"
            raise Unreadable("robots", reason)
        self._ledger.save_row(self._source, errand.url, row, errand.hint)
