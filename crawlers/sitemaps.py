"""Sitemaps → articles: plain, news and gzip ones, and the further sitemaps that an index names (sitemaps.org)."""

from __future__ import annotations

import re
import zlib
from datetime import datetime
from math import inf
from typing import Any

from lxml import etree

from core.pages import Hint
from core.text import one_line
from crawlers import charsets, dates, markup, plain
from crawlers.feeds import joined
from crawlers.found import LONG_AGO, EntryPage, Found, Reading, Unreadable
from crawlers.limits import SITEMAP_BYTES

MOST_URLS = 50_000
_GZIP = b"\x1f\x8b"
_DECLARATION_RE = re.compile(r"^<\?xml\b[^>]*\?>\s*")
_AMPERSAND_RE = re.compile(r"<!\[CDATA\[.*?(?:\]\]>|\Z)|&(?!(?:#\d+|#x[\da-f]+|[a-z]\w*);)", re.DOTALL | re.IGNORECASE)
_END_RE = re.compile(r"</(?:[\w.-]+:)?(?:urlset|sitemapindex)\s*>", re.IGNORECASE)


def read(page: EntryPage, now: datetime) -> Reading:
    """The pages of a sitemap, or the sitemaps of an index, newest first. Raises Unreadable for anything else.

    Only a news sitemap says when an article was published; `lastmod` says when a page last moved, so it orders the
    pages and dates none of them.
    """
    text = _written(page)
    root = _root(text)
    name = _name(root)
    if name not in ("urlset", "sitemapindex"):
        raise Unreadable("format", "ce n'est pas un plan de site (sitemap)")
    rows = [row for element in root.iterchildren(tag=etree.Element) if (row := _row(element, page.url, now))]
    lost = ""
    if rows and not _END_RE.search(text):
        lost, rows = "le plan de site est coupé avant la fin", rows[:-1]  # the last address may be cut as well
    if name == "urlset":
        return Reading(tuple(sorted(rows[:MOST_URLS], key=lambda row: row.moved, reverse=True)), lost=lost)
    rows.sort(key=lambda row: (row.moved, _number(row.url)), reverse=True)
    return Reading(more=tuple(row.url for row in rows[:MOST_URLS]), lost=lost)


def inflated(body: bytes, limit: int = SITEMAP_BYTES) -> bytes:
    """A gzip body decompressed, whatever its name or type says; raises Unreadable beyond `limit` bytes (threat A7)."""
    data = bytearray()
    while body.startswith(_GZIP):  # a gzip file may have several members, one after the other (RFC 1952, section 2.2)
        stream = zlib.decompressobj(wbits=31)
        try:
            data += stream.decompress(body, limit + 1 - len(data))
        except zlib.error as error:
            raise Unreadable("encoding", "le fichier compressé est abîmé") from error
        if len(data) > limit:
            raise Unreadable("size", f"le fichier décompressé dépasse {limit // 1024 // 1024} Mio")
        if not stream.eof:
            raise Unreadable("encoding", "le fichier compressé est incomplet")
        body = stream.unused_data
    return bytes(data) or body


def _written(page: EntryPage) -> str:
    """The text of a sitemap, whatever charset it claims, with the `&` of its addresses escaped where they are not."""
    text = charsets.text_of(inflated(page.body), page.content_type).lstrip("\ufeff \t\r\n")
    return _AMPERSAND_RE.sub(lambda found: found[0] if len(found[0]) > 1 else "&amp;", _DECLARATION_RE.sub("", text))


def _number(url: str) -> tuple[float, ...]:
    """Orders the sitemaps of an index that gives no date: `sitemap-2026-11.xml` before `sitemap-2026-10.xml`."""
    _, _, path = url.partition("//")[2].partition("/")
    return tuple(float(digits) for digits in re.findall(r"\d{1,9}", path)) or (inf,)


def _root(text: str) -> Any:
    root = markup.xml_root(text)
    if root is None:
        raise Unreadable("format", "le plan de site n'est pas du XML lisible")
    return root


def _row(element: Any, base: str, now: datetime) -> Found | None:
    # A picture or a film of the page has a `loc` of its own, one level down; only news tells us something there.
    news = [child for part in element.iterchildren(tag=etree.Element) if _name(part) == "news" for child in part.iter()]
    fields: dict[str, str] = {}
    for child in (*element.iterchildren(tag=etree.Element), *news):
        if isinstance(child.tag, str) and (text := (child.text or "").strip()):
            fields.setdefault(_name(child), text)
    if "loc" not in fields:
        return None
    published = dates.parse(fields.get("publication_date", ""), now)
    moved = published or dates.parse(fields.get("lastmod", ""), now) or LONG_AGO
    hint = Hint(
        title=plain.title_of(fields.get("title", "")),
        published=published,
        language=one_line(fields.get("language", ""), 12),
    )
    return Found(joined(base, fields["loc"]), hint, moved=moved)


def _name(element: Any) -> str:
    return str(etree.QName(element).localname).lower()
