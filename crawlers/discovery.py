"""What a page says of the site's entry points, beyond its feeds: sections, sitemaps, usual addresses; pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

from core.discovery import Candidate
from core.sources import EntryKind
from core.text import fold, one_line
from core.urls import canonical, same_site
from crawlers import markup
from crawlers.feeds import joined
from crawlers.found import Found, Unreadable

SLEEPING = timedelta(days=365)
"""An entry whose newest article is older comes after the others: lists of feeds copy each other's dead ones."""
USUAL_FEEDS = ("/feed/", "/rss.xml", "/feed", "/rss", "/atom.xml", "/spip.php?page=backend")
USUAL_SITEMAP = "/sitemap.xml"
MOST_SECTIONS = 4
_SECTIONS = (
    "actualite", "communique", "publication", "billet", "blog", "news", "nouvelle", "presse", "rapport", "article",
    "une", "dossier", "etude", "question", "journal", "analyse", "ressource", "document",
)  # fmt: skip
_SECTION_RE = re.compile(r"\b(" + "|".join(_SECTIONS) + r")s?(?:-[a-z0-9]+)*\b")
_SITEMAP_RE = re.compile(r"^\s*sitemap\s*:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_TITLE_BREAK_RE = re.compile(r"\s+[|–—·•»-]\s+")
_EMPTY_NAMES = frozenset({"accueil", "home", "bienvenue", "actualites", "publications", "index"})


def ranked(candidates: Iterable[Candidate], now: datetime) -> tuple[Candidate, ...]:
    """The best first: a feed, then a news sitemap, a dated list, a list, a sitemap of the whole site."""
    return tuple(sorted(candidates, key=lambda candidate: _place(candidate, now)))


def _place(candidate: Candidate, now: datetime) -> tuple[bool, int, bool, bool, int]:
    asleep = candidate.newest is not None and now - candidate.newest > SLEEPING
    match candidate.kind:
        case "feed" | "api":
            place = 0
        case "sitemap":
            place = 1 if candidate.titled else 4
        case _:
            place = 2 if candidate.dated * 2 >= candidate.announced else 3
    if candidate.listing is None:
        return asleep, place, False, False, 0
    # A home page shows a few articles; the section behind it has them all, page after page.
    at_home = not urlsplit(candidate.url).path.strip("/")
    return asleep, place, not candidate.listing.next, at_home, -candidate.announced


def candidate(kind: EntryKind, url: str, found: tuple[Found, ...], **rules: Any) -> Candidate:
    """An entry point with the counts of what it announces."""
    published = [item.hint.published for item in found if item.hint.published is not None]
    return Candidate(
        kind,
        url,
        announced=len(found),
        dated=len(published),
        newest=max(published, default=None),
        titled=sum(bool(item.hint.title) for item in found),
        **rules,
    )


def name_of(text: str) -> str:
    """What the site calls itself: `og:site_name`, else the part of its title that is no page's; may be empty."""
    try:
        parsed = markup.document(text)
    except Unreadable:
        return ""
    for meta in parsed.iter("meta"):
        if (meta.get("property") or "").lower() == "og:site_name" and meta.get("content"):
            return one_line(meta.get("content"), 80)
    title = parsed.find(".//title")
    parts = _TITLE_BREAK_RE.split(one_line(title.text_content(), 200)) if title is not None else []
    named = [part for part in parts if part and fold(part) not in _EMPTY_NAMES]
    return one_line(named[-1], 80) if named else ""


def sections(text: str, url: str) -> list[str]:
    """Pages of the site that its links call news, publications and the like, the likeliest first."""
    try:
        parsed = markup.document(text)
    except Unreadable:
        return []
    base, found = markup.base_of(parsed, url), dict[str, int]()
    for link in parsed.iter("a"):
        address = joined(base, (link.get("href") or "").strip()).split("#")[0]
        place = _section_place(link, address)
        if place is not None and _is_other_page(address, url):
            found[address] = min(place, found.get(address, place))
    return sorted(found, key=lambda address: found[address])[:MOST_SECTIONS]


def _section_place(link: Any, address: str) -> int | None:
    """How likely a link leads to a list of articles: 0 for news; None when neither its words nor its path say so."""
    words = fold(" ".join(link.text_content().split()))
    if len(words) > 40:
        return None
    path = fold(urlsplit(address).path.strip("/").rsplit("/", 1)[-1])
    said = _SECTION_RE.search(words) or _SECTION_RE.fullmatch(path)
    return _SECTIONS.index(said[1]) if said else None


def _is_other_page(address: str, url: str) -> bool:
    try:
        return canonical(address) != canonical(url) and same_site(address, url)
    except ValueError:
        return False


def usual_feeds(url: str) -> list[str]:
    """Where feeds often are, when a page names none."""
    return [urljoin(url, path) for path in USUAL_FEEDS]


def sitemaps_of(robots: str, url: str) -> list[str]:
    """The sitemaps that robots.txt names (sitemaps.org), those of news first; else the usual address."""
    named = [joined(url, found) for found in _SITEMAP_RE.findall(robots)]
    return newsy(dict.fromkeys(named)) or [urljoin(url, USUAL_SITEMAP)]


def newsy(addresses: Iterable[str]) -> list[str]:
    """Addresses whose name speaks of news before the others."""
    return sorted(addresses, key=lambda address: not re.search(r"news|actu|article|post", address, re.IGNORECASE))
