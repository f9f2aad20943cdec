"""A raw store in memory, hand-written, that keeps all that a crawl committed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime

from core.history import Cursor
from core.pages import Failure, NewPage, Validators


@dataclass
class MemoryHistory:
    """Where walks back through the history of sources are, and which have come to their end."""

    cursors: dict[str, Cursor] = field(default_factory=dict)
    finished: set[str] = field(default_factory=set)

    def cursor(self, source: str) -> Cursor:
        return deepcopy(self.cursors.get(source, Cursor()))

    def save(self, source: str, cursor: Cursor) -> None:
        self.cursors[source] = deepcopy(cursor)

    def finish(self, source: str, at: datetime) -> None:
        self.finished.add(source)


@dataclass
class MemoryStore:
    saved: list[NewPage] = field(default_factory=list)
    """Every new body committed, in order."""
    last: dict[str, NewPage] = field(default_factory=dict)
    checked: dict[str, datetime] = field(default_factory=dict)
    due: dict[str, list[str]] = field(default_factory=dict)
    visits: list[str] = field(default_factory=list)
    """URLs that answered 304 or the same body again."""
    vanished: list[tuple[str, int]] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    read: dict[str, str] = field(default_factory=dict)
    reservations: dict[str, str] = field(default_factory=dict)
    connections: set[tuple[str, int]] = field(default_factory=set)
    """Every address that the crawl's process tried to connect to, as the interpreter's audit hook saw them."""
    revisits_asked: set[datetime] = field(default_factory=set)
    history: MemoryHistory = field(default_factory=MemoryHistory)

    def validators(self, url: str) -> Validators | None:
        page = self.last.get(url)
        if page is None:
            return None
        headers = {name.lower(): value for name, value in page.headers}
        digest = hashlib.sha256(page.body).hexdigest()
        etag, dated = headers.get("etag", ""), headers.get("last-modified", "")
        return Validators(url, etag, dated, digest, page.status, self.checked.get(url, page.fetched_at))

    def body(self, url: str) -> bytes | None:
        page = self.last.get(url)
        return page.body if page else None

    def unknown(self, urls: Sequence[str]) -> set[str]:
        return {url for url in urls if url not in self.last}

    def revisits(self, source: str, now: datetime) -> list[str]:
        self.revisits_asked.add(now)
        return self.due.get(source, [])

    def links(self, source: str, now: datetime) -> list[str]:
        return []

    def save(self, page: NewPage) -> bool:
        old = self.last.get(page.url)
        self.last[page.url] = page
        self.checked[page.url] = page.fetched_at
        if old is not None and old.body == page.body:
            self.visits.append(page.url)
            return False
        self.saved.append(page)
        return True

    def unchanged(self, url: str, at: datetime) -> None:
        self.visits.append(url)
        self.checked[url] = at

    def gone(self, url: str, status: int, at: datetime) -> None:
        self.vanished.append((url, status))

    def fail(self, failure: Failure, at: datetime) -> None:
        self.failures.append(failure)

    def source_read(self, slug: str, entry: str, at: datetime) -> None:
        self.read[slug] = entry

    def mining(self, slug: str, said: str) -> None:
        self.reservations[slug] = said

    def next_round(self) -> None:
        """Forget the events, keep the pages: every article is due, as a source's `recheck` would have it."""
        for events in (self.saved, self.visits, self.vanished, self.failures, self.read):
            events.clear()
        self.connections.clear()
        self.revisits_asked.clear()
        self.due = {}
        for page in self.last.values():
            if page.kind == "article":
                self.due.setdefault(page.source, []).append(page.url)
