"""What a room asks of another, as protocols; `veille/wiring.py` joins them to the rooms that keep the promise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from core.articles import Article, ArticleVersion, Kept, Neighbour, Signature, StoredArticle, Verdict
from core.editions import (
    Body,
    Copy,
    Edition,
    EditionState,
    Message,
    OutboxRow,
    OutboxState,
    Receipt,
    SourceNotice,
    Subscriber,
    SubscriberKind,
)
from core.health import Condition, History
from core.pages import CrawlReport, Failure, FetchedPage, NewPage, Validators
from core.runs import RunReport
from core.search import SearchQuery, SearchResult
from core.sources import Source, SourceState
from core.visits import Sight, Visit


class Clock(Protocol):
    def now(self) -> datetime:
        """The current time, aware UTC."""
        ...


class RawStore(Protocol):
    """What the crawl child needs; every call commits before it returns."""

    def validators(self, url: str) -> Validators | None:
        """What is known of a URL asked before; None when it never was."""
        ...

    def body(self, url: str) -> bytes | None:
        """The last body stored for a URL (an entry page that answered 304 is read again from here)."""
        ...

    def unknown(self, urls: Sequence[str]) -> set[str]:
        """The canonical URLs among these that were never fetched as articles (nor given up)."""
        ...

    def revisits(self, source: str, now: datetime) -> list[str]:
        """Known articles of a source whose next revisit is due, oldest first."""
        ...

    def save(self, page: NewPage) -> bool:
        """Commit a response raw. False when its body is the last one stored for that URL (only the visit is noted)."""
        ...

    def unchanged(self, url: str, at: datetime) -> None:
        """Note that a URL answered 304."""
        ...

    def gone(self, url: str, status: int, at: datetime) -> None:
        """Note that a known article answered 404 or 410."""
        ...

    def fail(self, failure: Failure, at: datetime) -> None:
        """Commit a named failure."""
        ...

    def source_read(self, slug: str, entry: str, at: datetime) -> None:
        """Note that a source's entry point answered."""
        ...

    def mining(self, slug: str, said: str) -> None:
        """Note what a source's site says of text and data mining; empty when it reserves nothing."""
        ...


class PageQueue(Protocol):
    """Raw pages waiting to be processed, for the parent."""

    def pending(self, limit: int, after: int = 0) -> list[FetchedPage]:
        """The oldest unprocessed article and row pages with an id above `after`."""
        ...

    def processed(self, page_id: int) -> None: ...

    def failed(self, page_id: int, failure: Failure) -> None:
        """Commit a page's failure; the page is tried again by later runs when the failure may be this machine's."""
        ...


class ArticleStore(Protocol):
    def neighbours(self, signature: Signature) -> list[Neighbour]:
        """Stored articles that share at least one band with a signature."""
        ...

    def keep(
        self, article: Article, verdict: Verdict, signature: Signature, story_id: int | None, backfilled: bool
    ) -> Kept:
        """In one transaction: article, version, tags, cards, story, search index, and its page marked as processed.

        `story_id` is a story to join, None for one of its own. Unchanged text costs nothing but the mark. A part of a
        page (`is_part`) leaves its page unmarked.
        """
        ...

    def retag(self, article_id: int, verdict: Verdict) -> None: ...

    def article(self, article_id: int) -> StoredArticle | None: ...

    def by_url(self, url: str) -> StoredArticle | None: ...

    def versions(self, article_id: int) -> list[ArticleVersion]: ...

    def copies(self, article_id: int) -> list[StoredArticle]:
        """The other articles of the same story, earliest first."""
        ...

    def all_ids(self) -> list[int]: ...

    def deleted_count(self) -> int:
        """Articles that are gone from their site; they stay in the archive."""
        ...


class RunStore(Protocol):
    def start(self, run_id: str, at: datetime) -> None: ...

    def finish(self, run_id: str, report: RunReport, at: datetime) -> None: ...

    def failures(self, run_id: str) -> list[Failure]: ...

    def states(self) -> dict[str, SourceState]: ...

    def close_source(self, source: Source, visit: Visit, sight: Sight | None = None, run_id: str = "") -> None:
        """End of a source's turn: success clears its failures, a failure grows its back-off; sets `next_due`."""
        ...

    def histories(self, sources: Sequence[Source]) -> dict[str, History]: ...

    def latest_visits(self, most: int) -> dict[str, tuple[Visit, ...]]:
        """Of every source, by slug, newest first."""
        ...

    def note_conditions(self, conditions: Mapping[str, Condition]) -> None: ...

    def last_finished(self) -> datetime | None: ...


class SearchIndex(Protocol):
    def search(self, query: SearchQuery, now: datetime) -> SearchResult:
        """Never raises on any query."""
        ...


class EditionLedger(Protocol):
    """Editions and their outbox (product decision 8)."""

    def eligible(self, series: str, since: datetime, until: datetime) -> list[tuple[StoredArticle, tuple[Copy, ...]]]:
        """Matched, not backfilled stories first seen in [since, until), in no edition of the series, and copies."""
        ...

    def find(self, series: str, key: str) -> Edition | None: ...

    def latest(self, series: str) -> Edition | None: ...

    def editions(self, limit: int = 100) -> list[Edition]: ...

    def freeze(self, edition: Edition, body: Body) -> Edition:
        """Write edition, entries and body for good; idempotent by (series, period). Returns the stored one."""
        ...

    def body(self, edition_id: int) -> Body | None: ...

    def set_state(self, edition_id: int, state: EditionState) -> None: ...

    def queue(self, edition_id: int, subscribers: Iterable[Subscriber]) -> int:
        """One outbox row per recipient, UNIQUE(edition, subscriber); returns how many were added."""
        ...

    def rows(self, edition_id: int) -> list[OutboxRow]: ...

    def begin(self, row_id: int, message_id: str, at: datetime) -> bool:
        """Commit `sending` before MAIL FROM; False when the recipient left meanwhile (the row becomes suppressed)."""
        ...

    def end(self, row_id: int, receipt: Receipt, at: datetime, retry_at: datetime | None = None) -> None:
        """Commit how a transmission ended; `retry_at` is used when the receipt says retry."""
        ...

    def suppress(self, row_id: int) -> None:
        """The recipient left before the mail did."""
        ...

    def unknown(self, row_id: int) -> None:
        """The connection broke between the final dot and the answer: nobody knows whether the mail was accepted."""
        ...

    def mark_interrupted(self, edition_id: int) -> int:
        """At start: every row still in `sending` becomes `unknown`. Returns how many."""
        ...

    def move(self, edition_id: int, old: OutboxState, new: OutboxState) -> int: ...

    def release(self, edition_id: int, tries: int | None = None) -> int:
        """Put unknown rows back in the queue, only those tried fewer than `tries` times where it is given."""
        ...

    def pause(self, edition_id: int, refused: Sequence[int], until: datetime) -> None:
        """Rows still to send wait until then, and so do those refused for a fault that is ours (threat B4)."""
        ...


class SubscriberStore(Protocol):
    def add(
        self, address: str, kind: SubscriberKind, at: datetime, unsubscribe: str = "", sender: str = ""
    ) -> Subscriber:
        """Raises VeilleError when the address is already there."""
        ...

    def remove(self, address: str) -> bool: ...

    def active(self) -> list[Subscriber]: ...

    def by_id(self, subscriber_id: int) -> Subscriber | None: ...

    def by_token(self, token: str) -> Subscriber | None:
        """Compared in constant time."""
        ...

    def leave(self, token: str, at: datetime) -> bool:
        """Idempotent; True when the token belongs or belonged to somebody."""
        ...


class Collector(Protocol):
    def collect(self, sources: Sequence[Source]) -> AbstractContextManager[CrawlHandle]:
        """Start a crawl child over these sources."""
        ...


class CrawlHandle(Protocol):
    def running(self) -> bool: ...

    def report(self) -> CrawlReport:
        """Counts, once the child has ended; a child that died gives what it could, with a failure in the store."""
        ...


class Extractor(Protocol):
    """Page → article, several at once, each under limits of memory and time."""

    def extract(self, pages: Iterable[FetchedPage | None]) -> Iterator[tuple[FetchedPage, Article | Failure] | None]:
        """Results as they come, in no promised order; None stands for "nothing for now", on both sides."""
        ...


class Classifier(Protocol):
    versions: tuple[str, ...]
    """Rule versions in force, `cis@3` and the like."""

    def may_match(self, article: Article) -> bool:
        """False when `classify` would surely say nothing; costs well under a millisecond."""
        ...

    def classify(self, article: Article) -> Verdict: ...


class Judge(Protocol):
    """Article → verdict beside the caller's own work, because what the rules need takes seconds to load."""

    def judge(
        self, results: Iterable[tuple[FetchedPage, Article | Failure] | None]
    ) -> Iterator[tuple[FetchedPage, Article | Failure, Verdict]]:
        """Every result with its verdict, as they come; a failure has an empty one."""
        ...


class Renderer(Protocol):
    def body(self, edition: Edition) -> Body:
        """Deterministic: the same edition gives the same bytes."""
        ...

    def message(self, edition: Edition, body: Body, subscriber: Subscriber) -> Message: ...


class Channel(Protocol):
    def pace(self) -> None:
        """Wait for the next mail's turn (threat B6), before anything says that it is being sent."""
        ...

    def send(self, message: Message) -> Receipt: ...

    def close(self) -> None: ...


class SourceNames(Protocol):
    """What readers are told of sources; the configuration knows it."""

    def name(self, slug: str) -> str: ...

    def notices(self) -> tuple[SourceNotice, ...]: ...
