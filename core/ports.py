"""What a room asks of another, as protocols; `veille/wiring.py` joins them to the rooms that keep the promise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

from core.articles import Article, ArticleVersion, Kept, Neighbour, Signature, StoredArticle, Verdict
from core.corrections import Occasion
from core.gate import Gate
from core.health import Condition, History
from core.pages import CrawlReport, Failure, FetchedPage, NewPage, Validators
from core.runs import RunReport
from core.saved import Arrivals
from core.search import Hit, SearchQuery, SearchResult
from core.sources import Source, SourceState
from core.statistics import MonthCount
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

    def links(self, source: str, now: datetime) -> list[str]:
        """Matched articles of a source, a few, whose link was not asked for a month: is it still there?"""
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


class PageSamples(Protocol):
    def of(self, source: str, count: int) -> list[FetchedPage]:
        """The raw pages of a source's last articles, `count` at most, each at an address of its own; then those that
        wait."""
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

    def retag(self, article_id: int, verdict: Verdict, occasion: Occasion) -> bool:
        """Replace what the rules say of an article; people's word stays above it. False when there is no such one."""
        ...

    def article(self, article_id: int) -> StoredArticle | None: ...

    def by_url(self, url: str) -> StoredArticle | None: ...

    def versions(self, article_id: int) -> list[ArticleVersion]: ...

    def copies(self, article_id: int) -> list[StoredArticle]:
        """The other articles of the same story, earliest first."""
        ...

    def all_ids(self) -> list[int]: ...

    def reserved(self, article_ids: Iterable[int]) -> set[int]:
        """Those whose publisher reserves text and data mining now."""
        ...

    def deleted_count(self) -> int:
        """Articles that are gone from their site; they stay in the archive."""
        ...


class RunStore(Protocol):
    def start(self, run_id: str, at: datetime) -> None: ...

    def finish(self, run_id: str, report: RunReport, at: datetime) -> None: ...

    def failures(self, run_id: str) -> list[Failure]: ...

    def states(self, counted: bool = False) -> dict[str, SourceState]:
        """By slug; `counted`: with the number of articles of each, which takes time."""
        ...

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

    def similar(self, article_id: int, limit: int) -> tuple[Hit, ...]:
        """Matched stories that speak of the same things as an article, the closest first; its own story aside."""
        ...

    def arrivals(self, query: SearchQuery, since: datetime, young: datetime, series: str = "") -> Arrivals:
        """The stories of a search whose first article was seen from `since` on, is of `young` or after, came with no
        history, and that no edition of the series holds; the newest first."""
        ...

    def monthly(self, query: SearchQuery) -> tuple[MonthCount, ...]:
        """The same stories, each counted in the month of its first article found; never raises on any query."""
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
    gate: Gate
    """What a page must hold for its article to be worth careful extraction."""

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
