"""Feeds that a page of a site has, as it says or as the program that made it has them; pure, nothing is asked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from core.urls import canonical, same_site
from crawlers import markup
from crawlers.feeds import joined
from crawlers.found import Unreadable

MOST = 20
LONGEST = 2_000
"""Characters of an address that a feed may have."""
_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json")
# « Comments on… » and feeds of one article's comments: never what is watched.
_COMMENTS_RE = re.compile(r"/comments/|/commentaires?/|comments?[_-]feed|forum", re.IGNORECASE)
_FEED_ADDRESS_RE = re.compile(
    r"(?:^|[/._?=&-])(?:rss\d?|atom|feeds?|flux(?:-rss)?|backend)(?:\.xml|\.rdf|\.php|/|$|[?&])|\.rss$|\.atom$",
    re.IGNORECASE,
)
_WORDPRESS_RE = re.compile(r"/wp-(?:content|includes|json)/|content=[\"']WordPress\b", re.IGNORECASE)
_SPIP_RE = re.compile(r"content=[\"']SPIP\b|spip\.php\?", re.IGNORECASE)


def feed_links(html_text: str, base_url: str) -> list[str]:
    """Addresses where a feed of the page may be, the likeliest first, at most MOST, each once.

    `base_url` is the address that answered. On WordPress the feed of a section (`<section>/feed/`) comes before those
    that the page declares, which announce the whole site. Then `<link rel="alternate">` (RSS Advisory Board,
    "Autodiscovery"), those under the page's own path first; links that look like a feed; the feed that SPIP and
    WordPress have when they declare none. Empty for what is no HTML.
    """
    try:
        parsed = markup.document(html_text)
    except Unreadable:
        return []
    base = markup.base_of(parsed, base_url)
    declared = sorted(filter(_is_web, _declared(parsed, base)), key=lambda url: not _under(url, base_url))
    links = [*_section(html_text, base_url), *declared, *_anchors(parsed, base, base_url), *_usual(html_text, base_url)]
    return list(dict.fromkeys(link for link in links if not _COMMENTS_RE.search(link)))[:MOST]


def _is_web(address: str) -> bool:
    try:
        return len(address) <= LONGEST and bool(canonical(address))
    except ValueError:
        return False


def _section(html_text: str, url: str) -> Iterator[str]:
    parts = urlsplit(url)
    if parts.path.strip("/") and not parts.query and _WORDPRESS_RE.search(html_text):
        yield _at(url, parts.path.rstrip("/") + "/feed/")


def _declared(parsed: Any, base: str) -> Iterator[str]:
    for link in parsed.iter("link"):
        relations = (link.get("rel") or "").lower().split()
        kind = (link.get("type") or "").split(";")[0].strip().lower()
        if "alternate" in relations and kind in _FEED_TYPES and (address := (link.get("href") or "").strip()):
            yield joined(base, address)


def _anchors(parsed: Any, base: str, url: str) -> Iterator[str]:
    for anchor in parsed.iter("a"):
        address = joined(base, (anchor.get("href") or "").strip()).split("#")[0]
        said = address.partition("//")[2].partition("/")[2][:LONGEST]
        if _FEED_ADDRESS_RE.search(said) and _is_web(address) and same_site(address, url):
            yield address


def _usual(html_text: str, url: str) -> Iterator[str]:
    if _SPIP_RE.search(html_text):
        yield _at(url, "/spip.php", "page=backend")
    if _WORDPRESS_RE.search(html_text):
        yield _at(url, "/feed/")


def _under(address: str, url: str) -> bool:
    path = urlsplit(url).path.rstrip("/")
    return bool(path) and urlsplit(address).path.startswith(path + "/")


def _at(url: str, path: str, query: str = "") -> str:
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, path, query, ""))
