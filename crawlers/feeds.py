"""Feeds → articles: RSS 0.9x to 2.0, RDF, Atom through feedparser, JSON Feed by hand."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

import feedparser

from core.pages import Hint
from core.text import one_line
from crawlers import charsets, dates, plain
from crawlers.found import EntryPage, Found, Reading, Unreadable, lost
from crawlers.walls import in_its_place

MOST_ITEMS = 50_000
"""More than ENTRY_BYTES can hold in practice: a feed may put its newest items last."""
_HTML_RE = re.compile(r"\s*+(?><!--.*?-->\s*+)*+<(?:!doctype\s+html|html|head|body)\b", re.DOTALL | re.IGNORECASE)
_XML_DECLARATION_RE = re.compile(r"^\s*<\?xml\b[^>]*\?>")
_DOCTYPE_RE = re.compile(r"<!DOCTYPE\s[^\[<>]*", re.IGNORECASE)
_WEB_RE = re.compile(r"\s*https?://", re.IGNORECASE)
_SUBSET_END_RE = re.compile(r"\]\s*>")


def read(page: EntryPage, now: datetime) -> Reading:
    """The items of a feed, in its order. Raises Unreadable for what is no feed, such as a login page (threat A16)."""
    text = charsets.text_of(page.body, page.content_type)
    if text.lstrip("\ufeff \t\r\n").startswith("{"):
        return _json_feed(text, page.url, now)
    if _HTML_RE.match(text):
        raise Unreadable("format", f"{in_its_place(text)} est reçue à la place du flux")
    text = _without_subset(_XML_DECLARATION_RE.sub("", text.lstrip("\ufeff")))
    # A stream, never a string: feedparser opens strings that look like addresses or file names.
    parsed = feedparser.parse(
        io.BytesIO(text.encode("utf-8", "replace")),
        response_headers={"content-type": "application/xml; charset=utf-8", "content-location": page.url},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    if not parsed.get("version") and not parsed.entries:
        raise Unreadable("format", "ce n'est pas un flux RSS, Atom ou JSON Feed")
    language = str(parsed.feed.get("language", ""))[:12]
    return _reading([_item(entry, page.url, language, now) for entry in parsed.entries[:MOST_ITEMS]])


def _reading(items: Sequence[Found]) -> Reading:
    """Items with an address, and a word of those that have none."""
    return Reading(
        tuple(item for item in items if item.url), lost=lost([item.hint.title for item in items if not item.url])
    )


def _without_subset(text: str) -> str:
    """Without the internal subset of its DTD: it can define entities without end, and no feed needs one (A12, A13)."""
    doctype = _DOCTYPE_RE.search(text)
    if doctype is None or text[doctype.end() : doctype.end() + 1] != "[":
        return text
    end = _SUBSET_END_RE.search(text, doctype.end())
    if end is None:
        raise Unreadable("format", "ce n'est pas un flux RSS, Atom ou JSON Feed")
    return text[: doctype.start()] + text[end.end() :]


def _item(entry: Any, base: str, language: str, now: datetime) -> Found:
    texts = [str(entry.get("summary", ""))] + [str(part.get("value", "")) for part in entry.get("content", ())]
    stamps = (str(entry.get(key, "")) for key in ("published", "updated", "created"))
    published = next((date for stamp in stamps if (date := dates.parse(stamp, now))), None)
    hint = Hint(
        title=plain.title_of(str(entry.get("title", ""))),
        published=published,
        text=plain.text_of(max(texts, key=len)),
        author=one_line(str(entry.get("author", "")), 120),
        language=language,
    )
    return Found(_address(base, _links(entry)), hint)


def _links(entry: Any) -> Iterator[str]:
    """Where an item may say its address, the best place first."""
    yield str(entry.get("link", "") or "")
    links = [link for link in entry.get("links", ()) if isinstance(link, dict)]
    for rel in ("alternate", "enclosure", "self"):
        yield from (
            str(link.get("href") or "") for link in links if link.get("rel") == rel and not _media(link.get("type"))
        )
    if _WEB_RE.match(identity := str(entry.get("id", ""))):
        yield identity


def _media(kind: Any) -> bool:
    return str(kind or "").lower().startswith(("audio/", "image/", "video/"))


def _address(base: str, links: Iterable[str]) -> str:
    """The first web address, made absolute; else the first address, for the guard to name; else nothing."""
    given = [joined(base, link.strip()) for link in links if link.strip()]
    return next((link for link in given if _WEB_RE.match(link)), given[0] if given else "")


def joined(base: str, link: str) -> str:
    """A link made absolute; kept as it is when it cannot be, for the guard to name it."""
    try:
        return urljoin(base, link)
    except ValueError:
        return link


def _json_feed(text: str, base: str, now: datetime) -> Reading:
    """JSON Feed 1 and 1.1 (jsonfeed.org)."""
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unreadable("format", "le flux JSON est mal formé") from error
    if not isinstance(feed, dict) or not isinstance(feed.get("items"), list):
        raise Unreadable("format", "ce n'est pas un flux RSS, Atom ou JSON Feed")
    language = str(feed.get("language") or "")[:12]
    items = [item for item in feed["items"][:MOST_ITEMS] if isinstance(item, dict)]
    return _reading([_json_item(item, base, language, now) for item in items])


def _json_item(item: dict[str, Any], base: str, language: str, now: datetime) -> Found:
    authors = item.get("authors") or [item.get("author")]
    names = [str(author.get("name") or "") for author in authors if isinstance(author, dict)]
    whole = str(item.get("content_text") or item.get("content_html") or item.get("summary") or "")
    hint = Hint(
        title=plain.title_of(str(item.get("title") or "")),
        published=dates.parse(str(item.get("date_published") or item.get("date_modified") or ""), now),
        text=plain.text_of(whole),
        author=one_line(", ".join(name for name in names if name), 120),
        language=str(item.get("language") or language)[:12],
    )
    # `id` is often the address itself (JSON Feed 1.1, "id").
    links = [str(item.get(name) or "") for name in ("url", "external_url")]
    links += [link for link in (str(item.get("id") or ""),) if _WEB_RE.match(link)]
    return Found(_address(base, links), hint)
