"""What is watched, how it is read, and how it fares; every time is aware UTC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

Category = Literal[
    "ministere",
    "agence",
    "parlement",
    "journal-officiel",
    "think-tank",
    "promoteur",
    "presse",
    "critique-allie",
    "international",
]
EntryKind = Literal["feed", "sitemap", "listing", "api", "page"]
FetchPolicy = Literal["full", "excerpt", "never"]
Audience = Literal["nobody", "members", "public"]
Mining = Literal["respect", "authorised"]


@dataclass(frozen=True, slots=True)
class ListingRules:
    """How to read an HTML page of links; `item`, `link`, `title`, `date`, `pdf`, `next` are CSS selectors."""

    url: str
    """May hold `{page}`, replaced by `first`, `first` + 1…"""
    link: str = ""
    link_regex: str = ""
    """The addresses of articles, absolute, as a regular expression searched in them; alone, or to narrow `link`."""
    item: str = ""
    """The block of one article; `link`, `title`, `date` and `pdf` are then sought inside it."""
    title: str = ""
    date: str = ""
    pdf: str = ""
    """The document that an item gives, read in the place of its page."""
    next: str = ""
    first: int = 1
    pages: int = 3
    exclude: tuple[str, ...] = ()
    """Substrings or globs of URLs that are never articles."""


@dataclass(frozen=True, slots=True)
class ApiRules:
    """How to read a JSON or CSV answer: `items`, `link`, `title`, `text`, `date` are JMESPath, or CSV column names."""

    url: str
    """May hold `{page}`, replaced by `first`, `first` + 1…, or `{offset}`, replaced by 0, `step`, 2 × `step`…"""
    link: str
    """May be a template of fields between braces: `https://…/avis/{idweb}`."""
    items: str = ""
    title: str = ""
    text: str = ""
    date: str = ""
    first: int = 1
    step: int = 100
    pages: int = 5
    format: Literal["json", "json.zip", "csv"] = "json"
    encoding: str = ""
    delimiter: str = ";"
    max_mib: int = 25
    """Size of the answer as downloaded, in MiB."""


@dataclass(frozen=True, slots=True)
class PageRules:
    """Pages watched for change: each is an article, and what is added to it is another."""

    urls: tuple[str, ...]
    content: str = ""
    """CSS of the part that is watched; empty: the main text."""


@dataclass(frozen=True, slots=True)
class Expectations:
    """What a source usually gives; `…_min` not kept is an error, `…_max` a warning."""

    items_min: float | None = None
    """Articles in a week."""
    items_max: float | None = None
    dates_min: float | None = None
    """Share of articles with a date, from 0 to 1."""
    text_min: int | None = None
    """Characters of a text, as the median of the newest articles."""
    language: str = ""
    silence: timedelta | None = None
    """Longest time without a new article; None: told from the source's own rhythm."""


MOST_QUOTED = 200
"""Characters of a quotation at most, whatever a source allows: what the law calls very short (CPI, art. L. 211-3-1)."""


@dataclass(frozen=True, slots=True)
class Rights:
    """What may be kept and shown of a source's texts (product decision 9)."""

    excerpt_chars: int = MOST_QUOTED
    full_text: Audience = "members"
    keep_days: int | None = None
    """Days that raw pages and texts are kept; None keeps them."""
    mining: Mining = "respect"
    """`respect`: a reservation of text and data mining rights is obeyed; `authorised`: the publisher has agreed."""


@dataclass(frozen=True, slots=True)
class Source:
    slug: str
    name: str
    category: Category
    url: str
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    listing: ListingRules | None = None
    api: ApiRules | None = None
    pages: PageRules | None = None
    discover: bool = False
    """Seek a feed on `url` when no declared entry point answers."""
    article_domains: tuple[str, ...] = ()
    """Hosts where its articles are, their subdomains included; links elsewhere are left out. Empty: any."""
    delay: float | None = None
    """Seconds between two requests to its host, when more than the common delay."""
    every: timedelta | None = None
    enabled: bool = True
    disabled_reason: str = ""
    checked_on: str = ""
    keywords: tuple[str, ...] = ()
    fetch: FetchPolicy = "full"
    expect: Expectations = Expectations()
    rights: Rights = Rights()

    @property
    def entries(self) -> tuple[str, ...]:
        """Its entry points as they are declared, in the order in which they are tried."""
        single = (self.listing.url if self.listing else "", self.api.url if self.api else "")
        pages = self.pages.urls if self.pages else ()
        return tuple(entry for entry in (*self.feeds, *self.sitemaps, *single, *pages) if entry)


@dataclass(frozen=True, slots=True)
class Topic:
    slug: str
    name: str
    folder: Path | None = None
    """Where its data is, when it is not a topic that ships with the program."""
    central_from: float = 0.5
    """Score, from 0 to 1, from which an article is about a label and does not only mention it."""


@dataclass(frozen=True, slots=True)
class CrawlSettings:
    """Manners of the crawler; delays and timeouts in seconds."""

    user_agent: str
    delay: float = 2.0
    timeout: float = 30.0
    revisit: tuple[timedelta, ...] = ()
    """Ages (since first seen) at which a known article is asked again, once each."""
    allowed_private_hosts: tuple[str, ...] = ()
    """Literal `address:port` pairs that may be reached although not public."""
    max_pages: int = 20
    """Entry pages asked of one source in one run, unless its own `pages` says more."""
    max_new: int = 200
    """New articles taken from one source in one run; the rest waits for the next."""
    recheck: bool = False
    """Ask every known article again, whatever its age."""
    since: datetime | None = None
    """Ask for the history of the sources, back to this time, in the place of their news."""


@dataclass(frozen=True, slots=True)
class Gap:
    """From a visit that read a source to the next one that did."""

    start: datetime
    end: datetime


def quotable(source: Source | None, *, reserved: bool = False) -> int:
    """Characters of one article that may be quoted, on a page as in a mail; None for a source that has left.

    None of an article whose publisher reserves text and data mining (CPI, art. L. 122-5-3).
    """
    allowed = source.rights.excerpt_chars if source else MOST_QUOTED
    return 0 if reserved else max(0, min(allowed, MOST_QUOTED))


def source_name(slug: str, sources: Mapping[str, Source]) -> str:
    """The source's name; the slug of one that has left the configuration."""
    return sources[slug].name if slug in sources else slug


@dataclass(frozen=True, slots=True)
class SourceState:
    """What the last runs say of a source."""

    slug: str
    first_run_at: datetime | None = None
    last_attempt: datetime | None = None
    last_success: datetime | None = None
    last_new: datetime | None = None
    entry_used: str = ""
    failures: int = 0
    """Consecutive runs in which no entry point could be read."""
    last_error_kind: str = ""
    last_error_reason: str = ""
    next_due: datetime | None = None
    condition: str = ""
    """How it fares, as the last look at its visits says; empty before the first."""
    condition_since: datetime | None = None
    condition_reason: str = ""
    """In French, for maintainers."""
    penalty: float = 0.0
    """Failures in a row, the soft ones weighing less."""
    moved_from: str = ""
    moved_to: str = ""
    """Where its entry point says, for good, that it has gone; proposed, never followed to another site."""
    moved_since: datetime | None = None
    moved_times: int = 0
    stopped_at: datetime | None = None
    """Since when its entry points are gone (410): no longer asked, until a maintainer changes them."""
    stopped_entry: str = ""
    """The entry points that were gone, one a line."""
    mining: str = ""
    """What the site says of text and data mining, as it says it; empty when it reserves nothing."""
    articles: int = 0
    matched: int = 0
    gaps: tuple[Gap, ...] = ()
    """When it was not read for longer than a week, oldest first; what came and went meanwhile is missing."""

    def stopped(self, source: Source) -> bool:
        """True while the configuration still names the very entry points that are gone."""
        return self.stopped_at is not None and self.stopped_entry == "\n".join(source.entries)
