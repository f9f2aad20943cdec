"""Sitemaps → articles: plain, news and gzip ones, and the further sitemaps that an index names (sitemaps.org)."""

from __future__ import annotations

import zlib
from datetime import UTC, datetime
from typing import Any

from lxml import etree

from core.pages import Hint
from core.text import one_line
from crawlers import dates, plain
from crawlers.feeds import joined
from crawlers.found import EntryPage, Found, Reading, Unreadable
from crawlers.limits import SITEMAP_BYTES

MOST_URLS = 50_000
_NEVER = datetime(1, 1, 1, tzinfo=UTC)


def read(page: EntryPage, now: datetime) -> Reading:
    """The pages of a sitemap, or the sitemaps of an index, newest first. Raises Unreadable for anything else.

    Only a news sitemap says when an article was published; `lastmod` says when a page last moved, so it orders the
    pages and dates none of them.
    """
    root = _root(inflated(page.body))
    name = _name(root)
    if name not in ("urlset", "sitemapindex"):
        raise Unreadable("format", "ce n'est pas un plan de site (sitemap)")
    rows: list[tuple[datetime, Found]] = []
    for element in root.iterchildren(tag=etree.Element):
        if len(rows) == MOST_URLS:
            break
        if row := _row(element, page.url, now):
            rows.append(row)
    rows.sort(key=lambda row: row[0], reverse=True)
    found = tuple(found for _, found in rows)
    return Reading(found) if name == "urlset" else Reading(more=tuple(item.url for item in found))


def inflated(body: bytes, limit: int = SITEMAP_BYTES) -> bytes:
    """A gzip body decompressed, whatever its name or type says; raises Unreadable beyond `limit` bytes (threat A7)."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    stream = zlib.decompressobj(wbits=31)
    try:
        data = stream.decompress(body, limit + 1)
    except zlib.error as error:
        raise Unreadable("encoding", "le fichier compressé est abîmé") from error
    if len(data) > limit:
        raise Unreadable("size", f"le fichier décompressé dépasse {limit // 1024 // 1024} Mio")
    if not stream.eof:
        raise Unreadable("encoding", "le fichier compressé est incomplet")
    return data


def _root(body: bytes) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise Unreadable("format", "le plan de site n'est pas du XML lisible") from error
    if root is None:
        raise Unreadable("format", "le plan de site n'est pas du XML lisible")
    return root


def _row(element: Any, base: str, now: datetime) -> tuple[datetime, Found] | None:
    # A picture or a film of the page has a `loc` of its own, one level down; only news tells us something there.
    news = [child for part in element.iterchildren(tag=etree.Element) if _name(part) == "news" for child in part.iter()]
    fields: dict[str, str] = {}
    for child in (*element.iterchildren(tag=etree.Element), *news):
        if isinstance(child.tag, str) and (text := (child.text or "").strip()):
            fields.setdefault(_name(child), text)
    if "loc" not in fields:
        return None
    published = dates.parse(fields.get("publication_date", ""), now)
    moved = published or dates.parse(fields.get("lastmod", ""), now) or _NEVER
    hint = Hint(
        title=plain.title_of(fields.get("title", "")),
        published=published,
        language=one_line(fields.get("language", ""), 12),
    )
    return moved, Found(joined(base, fields["loc"]), hint)


def _name(element: Any) -> str:
    return str(etree.QName(element).localname).lower()
