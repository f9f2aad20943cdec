"""Text cut into plain and marked pieces, so that templates escape every one of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from core.search import Excerpt, Span
from core.urls import host


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    marked: bool = False


def pieces(text: str, spans: Iterable[Span] = ()) -> tuple[Piece, ...]:
    """The text in order; spans may overlap, be unsorted or lie outside of it."""
    found: list[Piece] = []
    at = 0
    for span in sorted(spans, key=lambda item: (item.start, item.end)):
        start, end = max(span.start, at), min(span.end, len(text))
        if start >= end:
            continue
        if start > at:
            found.append(Piece(text[at:start]))
        found.append(Piece(text[start:end], marked=True))
        at = end
    if at < len(text):
        found.append(Piece(text[at:]))
    return tuple(found)


def marked(excerpt: Excerpt) -> tuple[Piece, ...]:
    return pieces(excerpt.text, excerpt.spans)


def web_link(url: str) -> str:
    """The URL when it is one that a reader may follow (http or https, with a host), else empty (threat A34)."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    plain = url.isprintable() and not any(char in url for char in " \\\"'<>`")
    return url if plain and parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc else ""


def site_of(link: str) -> str:
    """The site that a link leads to, as readers know it: its host without `www.`; empty for no link."""
    return host(link).removeprefix("www.") if link else ""
