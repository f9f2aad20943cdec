"""A site's small files of rules, from one run to the next: asked once a day at most, kept raw like any entry page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from core.pages import NewPage, Validators
from core.ports import Clock, RawStore
from crawlers.fetcher import Answer
from crawlers.robots import Answered

OWNER = "robots.txt"
"""Stands for a source in the store: such a file belongs to a host, which several sources may share."""
FRESH = timedelta(hours=24)
"""RFC 9309, section 2.4: a copy is not used longer, unless the file cannot be reached."""
KEPT = timedelta(days=30)
"""RFC 9309, section 2.3.1.4: what « a reasonably long period » may be, in which the last copy stands for the file."""


@dataclass(frozen=True, slots=True)
class FileMemory:
    """Keeps `crawlers.robots.Memory` over the raw store."""

    store: RawStore
    clock: Clock

    def recent(self, url: str) -> Answered | None:
        """What the server said of the file within the last day, its absence included."""
        return self._younger(url, FRESH)

    def last(self, url: str) -> Answered | None:
        """The last copy that was read, within the last thirty days; the memory of an absence is none."""
        found = self._younger(url, KEPT)
        return found if found is not None and found.status == 200 else None

    def known(self, url: str) -> Validators | None:
        known = self.store.validators(url)
        return known if known is not None and known.status == 200 and self.store.body(url) is not None else None

    def again(self, url: str) -> Answered:
        """The file as it was last read, when the server says that it has not changed."""
        self.store.unchanged(url, self.clock.now())
        return Answer(url, 200, (), self.store.body(url) or b"")

    def keep(self, url: str, answer: Answered) -> None:
        """Commit a file, or its absence, of which nothing but the status is kept."""
        found = answer.status == 200
        headers = answer.headers if found and isinstance(answer, Answer) else ()
        body = answer.body if found else b""
        self.store.save(NewPage(OWNER, "entry", url, url, answer.status, headers, body, self.clock.now()))

    def _younger(self, url: str, age: timedelta) -> Answered | None:
        known = self.store.validators(url)
        if known is None or known.checked_at is None or not known.status:
            return None
        body = self.store.body(url)
        # A clock that was set back makes no copy young.
        if body is None or not timedelta(0) <= self.clock.now() - known.checked_at < age:
            return None
        return Answer(url, known.status, (), body)
