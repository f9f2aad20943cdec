"""What an entry page gives: links with hints, the pages to read after it, or a named reason why it cannot be read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from core.pages import FailureKind, Hint

NO_HINT = Hint()
UNANSWERED: frozenset[FailureKind] = frozenset(("timeout", "connection", "dns", "tls"))
"""Failures in which no answer came from the host."""
LONG_AGO = datetime.min.replace(tzinfo=UTC)
UNKNOWN = datetime.max.replace(tzinfo=UTC)


class Unreadable(Exception):
    """Something could not be fetched or read; `reason` is a French sentence for maintainers.

    `status` is the HTTP status that said so, 0 when none did.
    """

    def __init__(self, kind: FailureKind, reason: str, status: int = 0) -> None:
        super().__init__(reason)
        self.kind: FailureKind = kind
        self.reason = reason
        self.status = status


@dataclass(frozen=True, slots=True)
class EntryPage:
    """The body of a feed, sitemap, listing or API page, with what its server said of it."""

    url: str
    """The URL that answered, after redirects: the base of relative links."""
    body: bytes
    content_type: str = ""
    """The whole Content-Type header, charset included."""


@dataclass(frozen=True, slots=True)
class Found:
    """One article announced by an entry page."""

    url: str
    """Absolute, not yet canonical; may be of any scheme."""
    hint: Hint = NO_HINT
    row: bytes | None = None
    """UTF-8 JSON of url, title, text, date when the entry page carries the article whole."""
    moved: datetime = UNKNOWN
    """When its page last moved, as a sitemap says: it orders articles and dates none."""


@dataclass(frozen=True, slots=True)
class Reading:
    """All that one entry page says."""

    found: tuple[Found, ...] = ()
    more: tuple[str, ...] = ()
    """Entry pages to read next: the sitemaps of an index, the following page of a listing."""
    lost: str = ""
    """What the page announced and nobody can ask for, in French; empty when nothing was lost."""


def lost(titles: Sequence[str]) -> str:
    """Name the articles that a page announced without an address; empty when there are none."""
    if not titles:
        return ""
    shown = next((f", dont « {title[:120]} »" for title in titles if title), "")
    many = "s" if len(titles) > 1 else ""
    return f"{len(titles)} article{many} annoncé{many} sans adresse{shown}"
