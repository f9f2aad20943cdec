"""What a crawl brings back: raw pages, hints and failures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from core.discovery import Discovery
from core.visits import Sight


@dataclass(frozen=True, slots=True)
class Hint:
    """What an entry point (feed, listing row, API row) said of an article before it was fetched."""

    title: str = ""
    published: datetime | None = None
    text: str = ""
    """Summary, or the whole text when the entry point carries it."""
    author: str = ""
    language: str = ""
    content: str = ""
    """CSS of the part of its page that counts; empty: the main text."""
    excerpt: bool = False
    """True when only the beginning of its text may be kept."""


@dataclass(frozen=True, slots=True)
class Validators:
    """What is known of one URL: HTTP validators (RFC 9110, section 8.8) and the SHA-256 of its last body."""

    url: str
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    status: int = 0
    checked_at: datetime | None = None
    """When its server last confirmed it: a new body, the same one, or 304."""


PageKind = Literal["entry", "article", "row", "watched"]
"""entry: a feed, sitemap, listing or API page; article: a page of its own; row: an article carried whole; watched: a
page that stays the same article while its text changes."""


@dataclass(frozen=True, slots=True)
class NewPage:
    """A response about to be committed raw, before anything reads it."""

    source: str
    kind: PageKind
    url: str
    """The URL that identifies the page (as asked, canonical form)."""
    final_url: str
    """The URL that answered, after redirects."""
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    fetched_at: datetime
    hint: Hint = Hint()


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """A raw page read back from the store."""

    id: int
    source: str
    kind: PageKind
    url: str
    final_url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    body_hash: str
    fetched_at: datetime
    hint: Hint = Hint()
    backfill: bool = False
    """Asked for the history of its source: its article is searchable and never mailed."""

    @property
    def content_type(self) -> str:
        """Lower-case media type without parameters; empty when the server said none."""
        return self.header("content-type").split(";")[0].strip().lower()

    def header(self, name: str) -> str:
        """First value of a header, whatever its case; empty when absent."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


FailureKind = Literal[
    "dns", "tls", "connection", "timeout", "http", "robots", "guard", "size", "redirect", "format",
    "empty", "encrypted", "memory", "encoding", "interrupted", "config", "internal",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Failure:
    """One thing that could not be read; `reason` is a French sentence for maintainers."""

    source: str
    url: str
    kind: FailureKind
    reason: str
    entry: bool = False
    """True when the entry point itself failed, so that the source could not be read."""


@dataclass(frozen=True, slots=True)
class CrawlReport:
    """Counts of one crawl, by the child, for the parent."""

    requests: int = 0
    pages: int = 0
    unchanged: int = 0
    sources_read: tuple[str, ...] = ()
    entries_used: tuple[tuple[str, str], ...] = ()
    """(source slug, entry URL that answered)."""
    sights: tuple[Sight, ...] = ()
    """One for each source visited to its end."""
    discoveries: tuple[Discovery, ...] = ()
    """What was found from each address of a look around."""
