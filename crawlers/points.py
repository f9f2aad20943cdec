"""The entry points that a source declares, as one kind of thing: where to start, how to read a page, what follows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from core.sources import ApiRules, EntryKind, ListingRules, Source
from crawlers import apis, feeds, listings, sitemaps
from crawlers.found import EntryPage, Found, Reading
from crawlers.keywords import wanted
from crawlers.limits import ENTRY_BYTES, SITEMAP_BYTES

MOST_PAGES = 200
"""Entry pages of one source in one run, whatever it declares (threat A11)."""
MIB = 1024 * 1024
Read = Callable[[EntryPage], Reading]


@dataclass(frozen=True, slots=True)
class EntryPoint:
    """One kind of entry: where to start, how to read a page of it, how many pages at most."""

    kind: EntryKind
    starts: tuple[str, ...]
    read: Read
    most: int
    limit: int = ENTRY_BYTES
    """Bytes of one page."""
    numbered: Mapping[str, str] = field(default_factory=dict)
    """A page → the one after it, where pages are numbered in their address."""

    @property
    def turns(self) -> bool:
        """True where a page follows another only while it says something new."""
        return self.kind in ("listing", "api")


def declared(source: Source, now: datetime, max_pages: int) -> Iterator[EntryPoint]:
    """The entry points of a source, in the order in which they are tried; watched pages and discovery aside."""
    if source.feeds:
        yield feed(source.feeds, now)
    if source.sitemaps:
        most = max(max_pages, len(source.sitemaps))
        yield EntryPoint("sitemap", source.sitemaps, lambda page: sitemaps.read(page, now), most, SITEMAP_BYTES)
    if source.listing:
        yield _listing(source.listing, now)
    if source.api:
        yield _api(source.api, now, source.keywords)


def feed(urls: tuple[str, ...], now: datetime) -> EntryPoint:
    return EntryPoint("feed", urls, lambda page: feeds.read(page, now), len(urls))


def _listing(rules: ListingRules, now: datetime) -> EntryPoint:
    pages = listings.urls(rules, MOST_PAGES)
    return EntryPoint(
        "listing", pages[:1], lambda page: listings.read(page, rules, now), rules.pages, numbered=dict(pairwise(pages))
    )


def _api(rules: ApiRules, now: datetime, keywords: tuple[str, ...]) -> EntryPoint:
    pages = apis.urls(rules, MOST_PAGES)

    def is_wanted(found: Found) -> bool:
        # Only in a dump, which may hold far more rows than are kept: of pages, each must say whether it is the last.
        return len(pages) > 1 or wanted(found, keywords)

    return EntryPoint(
        "api",
        pages[:1],
        lambda page: apis.read(page, rules, now, is_wanted),
        len(pages),
        rules.max_mib * MIB,
        dict(pairwise(pages)),
    )
