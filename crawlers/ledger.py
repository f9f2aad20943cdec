"""What a crawl has done so far: everything it commits through the store, and the counts of its report."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from core.pages import CrawlReport, Failure, Hint, NewPage, PageKind
from core.ports import Clock, RawStore
from core.sources import Source
from core.visits import Sight
from crawlers.fetcher import Answer
from crawlers.found import NO_HINT, Unreadable


@dataclass(slots=True)
class Ledger:
    store: RawStore
    clock: Clock
    pages: int = 0
    unchanged: int = 0
    entries: dict[str, str] = field(default_factory=dict)
    """Source slug → the entry URL that answered."""
    sights: list[Sight] = field(default_factory=list)
    claimed: set[str] = field(default_factory=set)
    """Identities of the articles already taken in this run, whichever source announced them."""
    vanished: list[tuple[Source, str, Hint]] = field(default_factory=list)
    """Known articles that answered 410, to be asked a second time at the end of the run."""

    def save(self, source: Source, kind: PageKind, url: str, answer: Answer, hint: Hint = NO_HINT) -> None:
        """Commit a response; `url` is its canonical address."""
        page = NewPage(
            source.slug, kind, url, answer.final_url, answer.status, answer.headers, answer.body, self.clock.now(), hint
        )
        if not self.store.save(page):
            self.unchanged += 1
        elif kind != "entry":
            self.pages += 1

    def save_row(self, source: Source, url: str, row: bytes, hint: Hint) -> None:
        """Commit an article that an entry page carried whole, unless it is the one already stored."""
        known = self.store.validators(url)
        if known is not None and known.body_hash == hashlib.sha256(row).hexdigest():
            return
        self.save(source, "row", url, Answer(url, 200, (("Content-Type", "application/json"),), row), hint)

    def same(self, url: str) -> None:
        self.unchanged += 1
        self.store.unchanged(url, self.clock.now())

    def gone(self, source: Source, url: str, status: int, hint: Hint) -> None:
        """Note a known article that is no longer there; 410 is final enough to be asked again before the run ends."""
        self.store.gone(url, status, self.clock.now())
        if status == 410:
            self.vanished.append((source, url, hint))

    def fail(self, source: Source, url: str, error: Unreadable, entry: bool = False) -> None:
        self.store.fail(Failure(source.slug, url, error.kind, error.reason, entry), self.clock.now())

    def read(self, source: Source, entry: str) -> None:
        """Note that an entry point of a source answered."""
        self.entries[source.slug] = entry
        self.store.source_read(source.slug, entry, self.clock.now())

    def report(self, requests: int) -> CrawlReport:
        entries = tuple(self.entries.items())
        return CrawlReport(
            requests, self.pages, self.unchanged, tuple(self.entries), entries, sights=tuple(self.sights)
        )
