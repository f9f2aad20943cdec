"""The archive's past: articles read again from their raw pages, texts whose time is over, history asked of a source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from core.articles import Article, Signature, Verdict
from core.corrections import Judged, Occasion
from core.pages import Failure, FetchedPage

Gap = Literal["", "purged", "missing", "part"]
"""Why an article cannot be read again: its text is purged (product decision 9), its raw page is lost, or it is what a
comparison with an older page found added."""


@dataclass(frozen=True, slots=True)
class Replayable:
    """An article of the archive, with the raw page of its last version where that can be read again."""

    article_id: int
    source: str
    url: str
    page: FetchedPage | None
    gap: Gap = ""


class ReplayStore(Protocol):
    def count(self, source: str, since: datetime | None) -> int:
        """Articles to replay: of a source, or of all when it is empty; whose day is `since` or later."""
        ...

    def batch(self, after: int, limit: int, source: str, since: datetime | None) -> list[Replayable]:
        """The next articles to replay, by id, above an id."""
        ...

    def judged(self, after: int, limit: int, source: str = "", since: datetime | None = None) -> list[Judged]:
        """The next articles as they are stored, by id, above an id."""
        ...

    def renew(
        self,
        article_id: int,
        page_id: int,
        article: Article,
        verdict: Verdict,
        signature: Signature,
        occasion: Occasion,
    ) -> bool:
        """In one transaction, replace what was read out of a page: text of the current version, title, date, author,
        language, tags, cards, search index, signature.

        Identity, story, number of the version and day first seen stay; the mark of back-fill too, save for an old
        article that gains its first label. False, and nothing written, when the article has become of another page
        meanwhile.
        """
        ...


@dataclass(frozen=True, slots=True)
class Purged:
    """What a purge took away, or would take."""

    texts: int = 0
    """Texts of versions."""
    unmatched: int = 0
    """Of the articles concerned, those without a label: their words leave the search index, but for the title."""
    pages: int = 0
    """Raw pages, and entry pages whose source has not shown them for as long."""
    files: int = 0
    """Files of raw bodies removed because nothing names them any more."""
    bytes: int = 0
    """Size of these files on the disk."""

    def __add__(self, other: Purged) -> Purged:
        return Purged(
            self.texts + other.texts,
            self.unmatched + other.unmatched,
            self.pages + other.pages,
            self.files + other.files,
            self.bytes + other.bytes,
        )


class PurgeStore(Protocol):
    def overdue(self, sources: Sequence[str], before: datetime) -> Purged:
        """What is older than a time in these sources: counted, not touched."""
        ...

    def texts(self, sources: Sequence[str], before: datetime) -> Purged:
        """Take away one bounded batch of texts seen before a time; nothing when none is left."""
        ...

    def pages(self, sources: Sequence[str], before: datetime) -> Purged:
        """Take away one bounded batch of raw pages fetched before a time; nothing when none is left."""
        ...

    def unnamed(self, dry_run: bool = False) -> Purged:
        """Remove the files of raw bodies that nothing names, younger ones than a day aside."""
        ...


@dataclass(slots=True)
class Cursor:
    """How far back a source's history has been asked."""

    waiting: dict[str, list[str]] = field(default_factory=dict)
    """Kind of entry point → its pages still to read; a kind that is not there has not been begun."""
    seen: list[str] = field(default_factory=list)
    """Short digests of the entry pages met, so that none is walked twice."""
    read: int = 0
    """Entry pages read, in all."""
    stop: str = ""
    """Why the last call ended before the end of the history, in French; empty when it did not."""
    troubled: bool = False
    """True when it was the site that stopped it."""

    @property
    def left(self) -> int:
        """Entry pages known to be still to read; those that they lead to are not known yet."""
        return sum(map(len, self.waiting.values()))


@dataclass(frozen=True, slots=True)
class Backfill:
    """The history of a source, asked back to a time."""

    source: str
    since: datetime
    started_at: datetime
    finished_at: datetime | None
    cursor: Cursor


@dataclass(frozen=True, slots=True)
class Brought:
    """The articles that back-fills of a source have brought."""

    articles: int = 0
    matched: int = 0
    undated: int = 0
    first: datetime | None = None
    last: datetime | None = None
    """Days of publication of the oldest and of the newest."""


class HistoryStore(Protocol):
    """What the crawl child remembers of a walk back; every call commits before it returns."""

    def cursor(self, source: str) -> Cursor: ...

    def save(self, source: str, cursor: Cursor) -> None: ...

    def finish(self, source: str, at: datetime) -> None:
        """Nothing of the history is left to read."""
        ...


class BackfillStore(HistoryStore, Protocol):
    """The same, for the parent."""

    def find(self, source: str) -> Backfill | None: ...

    def begin(self, source: str, since: datetime, entries: str, at: datetime) -> bool:
        """True when an unfinished walk over the same entry points, back to the same time, goes on; else one begins."""
        ...

    def brought(self, source: str) -> Brought: ...

    def last_failure(self) -> int: ...

    def failures(self, source: str, after: int) -> list[Failure]:
        """Failures of a source noted after another's number."""
        ...
