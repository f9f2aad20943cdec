"""Pages watched for change: each is asked at every visit and is an article itself, with its versions."""

from __future__ import annotations

from core.pages import Hint
from core.sources import Source
from core.urls import canonical
from crawlers.answers import require_page, require_readable
from crawlers.fetcher import Fetcher
from crawlers.found import Unreadable
from crawlers.ledger import Ledger
from crawlers.mining import obeyed

RESERVED = "l'éditeur réserve la fouille de textes : la page n'est ni gardée ni comparée"


class PageWatcher:
    """Looks at the watched pages of one source."""

    def __init__(self, source: Source, fetcher: Fetcher, ledger: Ledger) -> None:
        self._source = source
        self._fetcher = fetcher
        self._ledger = ledger

    async def look(self) -> tuple[list[str], list[tuple[str, Unreadable]]]:
        """Ask for every page, conditionally, and commit what changed: those that answered, and those that did not."""
        answered, failed = list[str](), list[tuple[str, Unreadable]]()
        for url in self._source.pages.urls if self._source.pages else ():
            try:
                await self._look_at(url)
            except Unreadable as error:
                failed.append((url, error))
                continue
            if not answered:
                self._ledger.read(self._source, url)
            answered.append(url)
        return answered, failed

    async def _look_at(self, url: str) -> None:
        try:
            key = canonical(url)
        except ValueError as error:
            raise Unreadable("guard", "adresse mal formée : refusée") from error
        if obeyed(self._source.rights) and await self._fetcher.reservations.of_site(key):
            raise Unreadable("robots", RESERVED)
        known = self._ledger.store.validators(key)
        answer = await self._fetcher.get(key, "article", known)
        if known is not None and answer.status == 304:
            self._ledger.same(key)
            return
        if known is not None and answer.status in (404, 410):
            # Asked again at the next visit whatever it says: there is no need to ask twice in this one.
            self._ledger.store.gone(key, answer.status, self._ledger.clock.now())
        require_page(answer)
        require_readable(answer)
        if obeyed(self._source.rights) and self._fetcher.reservations.of_page(answer):
            raise Unreadable("robots", RESERVED)
        content = self._source.pages.content if self._source.pages else ""
        self._ledger.save(self._source, "watched", key, answer, Hint(content=content))
