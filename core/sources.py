"""What is watched, how it is read, and how it fares; every time is aware UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
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
EntryKind = Literal["feed", "sitemap", "listing", "api"]
FetchPolicy = Literal["full", "excerpt", "never"]
Audience = Literal["nobody", "members", "public"]


@dataclass(frozen=True, slots=True)
class ListingRules:
    """How to read an HTML page of links; `link`, `next`, `date` are CSS selectors."""

    url: str
    link: str
    next: str = ""
    date: str = ""
    exclude: tuple[str, ...] = ()
    """Substrings or globs of URLs that are never articles."""
    pages: int = 3


@dataclass(frozen=True, slots=True)
class ApiRules:
    """How to read a JSON or CSV answer: `items`, `link`, `title`, `text`, `date` are JMESPath, or CSV column names."""

    url: str
    """May hold `{page}`, replaced by 1, 2, 3…"""
    link: str
    items: str = ""
    title: str = ""
    text: str = ""
    date: str = ""
    pages: int = 5
    format: Literal["json", "json.zip", "csv"] = "json"
    encoding: str = ""
    delimiter: str = ";"


@dataclass(frozen=True, slots=True)
class Rights:
    """What may be kept and shown of a source's texts (product decision 9)."""

    excerpt_chars: int = 200
    full_text: Audience = "members"
    keep_days: int | None = None
    """Days that raw pages and texts are kept; None keeps them."""


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
    every: timedelta | None = None
    enabled: bool = True
    disabled_reason: str = ""
    keywords: tuple[str, ...] = ()
    fetch: FetchPolicy = "full"
    rights: Rights = Rights()


@dataclass(frozen=True, slots=True)
class Topic:
    slug: str
    name: str


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
    articles: int = 0
    matched: int = 0
